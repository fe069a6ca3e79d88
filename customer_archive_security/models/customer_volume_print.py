from odoo import fields, models


class CustomerVolumePrint(models.Model):
    """A volume printed in the background is a copy like any other (S2-50)."""

    _inherit = "customer.volume.print"

    copy_number = fields.Char(
        string="Copy No.",
        readonly=True,
        default=lambda self: self.env["customer.copy"]._get_next_number(),
    )

    def _get_form(self):
        return super()._get_form().with_context(archive_copy_number=self.copy_number)

    def _finish(self, form, volume, pdf):
        result = super()._finish(form, volume, pdf)
        form.env["customer.copy"]._record(
            volume.dossier_id,
            form._way_out,
            number=self.copy_number,
            form=form._get_report().name,
            pages=pdf.page_count,
        )
        return result
