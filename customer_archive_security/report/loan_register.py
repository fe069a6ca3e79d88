from odoo import api, models

from odoo.addons.customer_archive.report.grid import Table
from odoo.addons.customer_archive.report.paper import Sheet

LOAN = "customer.loan"
COLUMNS = (
    ("number", 4),
    ("dossier_id", 8),
    ("user_id", 4),
    ("department", 4),
    ("purpose", 8),
    ("quantity", 4),
    ("date_start", 4),
    ("date_end", 4),
    ("state", 3),
    ("ended_by_id", 4),
    ("end_reason", 5),
    ("paper_out_date", 4),
    ("paper_back_date", 4),
)


class ReportLoanRegister(models.AbstractModel):
    """Register of borrowing, a line a loan (S2-57, S4-21)."""

    _name = "report.customer_archive_security.loan_register"
    _inherit = ["report.customer_archive_security.loan_slip"]
    _description = "Print of the Register of Loans"

    @api.model
    def _get_sheets(self, loans):
        head = self._label_band(LOAN, COLUMNS)
        bands = [self._value_band(loan, COLUMNS) for loan in loans]
        yield Sheet(
            self.env._("Register of Loans"),
            (Table(tuple(bands), head=head),),
            company=", ".join(loans.company_id.mapped("name")),
            mark=self.env._("Loans: %(count)s", count=len(loans)),
            is_landscape=True,
        )
