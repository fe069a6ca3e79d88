from odoo import models


class CustomerDossier(models.Model):
    """The dossier's own form as a workbook: sent out, and read in again."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def action_download_form(self):
        """The form with the values of this dossier, to have them checked by others.

        In Chinese for those who work in Chinese, in English for all others.
        """
        self.ensure_one()
        self.check_access("read")
        lang = "zh_CN" if (self.env.lang or "").startswith("zh") else "en_US"
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_archive/form/{lang}/{self.id}",
            "target": "download",
        }

    def action_import_form(self):
        """Read the dossier's form in again."""
        self.ensure_one()
        self.check_access("write")
        return self.env["customer.form.import"].action_import_form(self.id)
