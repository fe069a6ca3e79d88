from odoo import api, fields, models


class ReportVolume(models.AbstractModel):
    """Each page of a printed volume says whose copy it is (S2-50)."""

    _inherit = "report.customer_archive.volume"

    @api.model
    def _get_mark(self):
        number = self.env.context.get("archive_copy_number")
        if not number:
            return super()._get_mark()
        # the login: a name may have letters that the stamp has not
        return f"#{number} {self.env.user.login} {fields.Datetime.now()} UTC"
