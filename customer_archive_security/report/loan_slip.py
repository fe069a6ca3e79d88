from odoo import api, models

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table
from odoo.addons.customer_archive.report.paper import Sheet

LOAN = "customer.loan"
TEXT_HEIGHT, SIGNING_HEIGHT = 60, 40


class ReportLoanSlip(models.AbstractModel):
    """资料提取申请单: a loan on one page, to be signed (S3-10, S3-12)."""

    _name = "report.customer_archive_security.loan_slip"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of a Request for a Dossier"

    _printed_model = LOAN

    @api.model
    def _get_printed_dossiers(self, records):
        """None: number and customer are no content."""
        return self.env["customer.dossier"]

    @api.model
    def _get_sheets(self, loans):
        for loan in loans:
            yield Sheet(
                self.env._("Request for Dossier Data"),
                (Table((*self._get_bands(loan), *self._get_signing_bands(loan))),),
                company=loan.company_id.name,
                mark=loan.number,
            )

    @api.model
    def _get_bands(self, loan):
        for names in (("number", "state"), ("user_id", "department")):
            cells = [self._pair_cells(loan, name, 10, 20) for name in names]
            yield Band((Row(sum(cells, ())),))
        for name in ("dossier_id", "purpose", "quantity"):
            height = TEXT_HEIGHT if name == "purpose" else 0
            yield Band((Row(self._pair_cells(loan, name, 10, 50), height=height),))
        for names in (("mode", "is_paper"), ("date_start", "date_end")):
            cells = [self._pair_cells(loan, name, 10, 20) for name in names]
            yield Band((Row(sum(cells, ())),))
        if loan.volume_codes:
            yield Band((Row(self._pair_cells(loan, "volume_codes", 10, 50)),))

    @api.model
    def _get_signing_bands(self, loan):
        opinion = self._pair_cells(loan, "opinion", 10, 50)
        yield Band((Row(opinion, height=TEXT_HEIGHT),))
        for names in (
            ("paper_out_date", "paper_out_by_id"),
            ("ended_date", "ended_by_id"),
            ("paper_back_date", "paper_back_by_id"),
        ):
            cells = [self._pair_cells(loan, name, 10, 20) for name in names]
            yield Band((Row(sum(cells, ())),))
        if loan.end_reason:
            yield Band((Row(self._pair_cells(loan, "end_reason", 10, 50)),))
        blank = [
            (self._label_cell(text, 10), Cell("", 20))
            for text in (
                self.env._("Signature of the Borrower"),
                self.env._("Signature of the Archive"),
            )
        ]
        yield Band((Row(sum(blank, ()), height=SIGNING_HEIGHT),))

    @api.model
    def _format(self, record, field_name):
        """Moments by the company's clock, and yes or no in words."""
        field, value = record._fields[field_name], record[field_name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "datetime" and value:
            company = record["company_id"] if "company_id" in record else None
            policies = self.env["customer.archive.policy"]
            policy = policies._get_policy(company or self.env.company)
            return policy._format_moment(value)
        return super()._format(record, field_name) if value else ""
