from odoo import api, fields, models
from odoo.tools import format_datetime


class CustomerArchivePrint(models.AbstractModel):
    """Each page of a print says whose copy it is, which one and of when (S2-50)."""

    _inherit = "customer.archive.print"

    @api.model
    def _draw(self, records, dossiers):
        copies = self.env["customer.copy"]
        number = copies._get_next_number()
        form = self.with_context(archive_copy_number=number)
        paper = super(CustomerArchivePrint, form)._draw(records, dossiers)
        copies._record(
            dossiers,
            "print",
            number=number,
            form=self._get_report().name,
            pages=paper.page_count,
        )
        return paper

    @api.model
    def _get_foot(self):
        return self.env._(
            "Copy %(number)s, %(user)s, %(time)s",
            number=self.env.context["archive_copy_number"],
            user=self.env.user.name,
            time=self._format_now(),
        )

    @api.model
    def _get_watermark(self):
        return self._get_foot()

    @api.model
    def _format_now(self):
        return format_datetime(self.env, fields.Datetime.now(), dt_format="short")
