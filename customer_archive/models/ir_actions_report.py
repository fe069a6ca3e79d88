from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Draw the archive's own forms; they are no web pages, and kept nowhere.

        They stay reports of Odoo's PDF type, so that the Print menu, the address
        ``/report/pdf/...`` and Settings treat them as any other report.
        """
        form = self._get_rendering_context_model(self._get_report(report_ref))
        if not isinstance(form, self.env.registry["customer.archive.print"]):
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        return form._render_pdf(ids), "pdf"
