from odoo import api, fields, models
from odoo.tools import format_datetime


class CustomerArchivePrint(models.AbstractModel):
    """Each page of a print says whose copy it is, which one and of when (S2-50)."""

    _inherit = "customer.archive.print"

    @api.model
    def _draw(self, records, dossiers):
        if not dossiers:
            return super()._draw(records, dossiers)
        copies = self.env["customer.copy"]
        number = copies._get_next_number()
        form = self.with_context(archive_copy_number=number)
        paper = super(CustomerArchivePrint, form)._draw(records, dossiers)
        copies._record(
            dossiers,
            self._way_out,
            number=number,
            form=self._get_report().name,
            pages=paper.page_count,
            **form._get_copy_values(),
        )
        return paper

    @api.model
    def _get_copy_values(self):
        """Hook: further values of the line in the register of copies."""
        return {}

    @api.model
    def _get_foot(self):
        number = self.env.context.get("archive_copy_number")
        if not number:
            return super()._get_foot()
        return self.env._(
            "Copy %(number)s, %(user)s, %(time)s",
            number=number,
            user=self.env.user.name,
            time=self._format_now(),
        )

    @api.model
    def _get_watermark(self):
        number = self.env.context.get("archive_copy_number")
        return self._get_foot() if number else super()._get_watermark()

    @api.model
    def _format_now(self):
        return format_datetime(self.env, fields.Datetime.now(), dt_format="short")
