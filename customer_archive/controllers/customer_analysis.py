from odoo import http
from odoo.http import content_disposition, request

from ..report import analysis_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CustomerAnalysisController(http.Controller):
    @http.route(
        "/customer_archive/analysis/<int:analysis_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def analysis(self, analysis_id):
        """The analysis report as a spreadsheet, for whoever may read it."""
        analysis = request.env["customer.analysis"].browse(analysis_id).exists()
        if not analysis.has_access("read") or not analysis:
            raise request.not_found()
        content = analysis_xlsx.make(analysis)
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{analysis.name}.xlsx")),
                ("Cache-Control", "no-store"),
            ],
        )
