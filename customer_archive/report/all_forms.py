from odoo import api, models

FORMS = ("customer_record", "annex_1", "annex_2", "annex_3", "annex_5")
LISTS = ("customer_register", "contact_list")


class ReportAllForms(models.AbstractModel):
    """Every form of each dossier, one dossier after the other, behind both lists."""

    _name = "report.customer_archive.all_forms"
    _inherit = ["customer.archive.print"]
    _description = "Print of All Forms"

    @api.model
    def _get_sheets(self, dossiers):
        if len(dossiers) > 1:
            for name in LISTS:
                yield from self._get_form(name)._get_sheets(dossiers)
        for dossier in dossiers:
            for name in FORMS:
                yield from self._get_form(name)._get_sheets(dossier)

    @api.model
    def _get_form(self, name):
        return self.env[f"report.customer_archive.{name}"]
