from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.report import ReportController


def is_readonly(controller, rule, args):
    """Whether the report may be made on a replica: a copy that is counted may not."""
    model = request.registry.models.get(f"report.{args.get('reportname')}")
    counted = request.registry["customer.archive.print"]
    return not (model and issubclass(model, counted))


class ArchiveReportController(ReportController):
    """Prints of the archive write into the register of copies."""

    @http.route(readonly=is_readonly)
    def report_routes(self, reportname, docids=None, converter=None, **data):
        return super().report_routes(reportname, docids, converter, **data)
