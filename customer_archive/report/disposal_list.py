from odoo import api, models

from .grid import Band, Cell, Row, Table

COLUMNS = (
    ("dossier_id", 12),
    ("keep_until", 6),
    ("decision", 5),
    ("decision_reason", 10),
    ("document_count", 5),
    ("page_count", 4),
    ("destroyed_date", 8),
    ("content_hash", 10),
)
PAIRS = (("name", "user_id"), ("reason", "done_date"))


class ReportDisposalList(models.AbstractModel):
    """销毁清册: what was destroyed, who approved it, and who watched (S2-13, S2-28)."""

    _name = "report.customer_archive.disposal_list"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of a Disposal"
    _printed_model = "customer.disposal"

    @api.model
    def _get_printed_dossiers(self, records):
        # the stubs of dossiers, and hashes of what is gone
        return self.env["customer.dossier"]

    @api.model
    def _get_sheets(self, disposals):
        return map(self._get_list, disposals)

    @api.model
    def _get_list(self, disposal):
        head = self._label_band("customer.disposal.line", COLUMNS)
        lines = disposal._get_all_lines()
        tables = (
            Table(tuple(self._get_pair_bands(disposal, PAIRS))),
            Table(tuple(self._value_band(line, COLUMNS) for line in lines), head=head),
            Table(tuple(self._get_signatures(disposal))),
        )
        return self._get_record_sheet(
            disposal, self.env._("Register of Destruction"), *tables
        )

    @api.model
    def _get_signatures(self, disposal):
        """Who approved, step by step, and both who watched."""
        # sudo: names, dates and steps of the decisions on this list
        approvals = disposal.sudo().approval_ids
        for decision in approvals.decision_ids.sorted("id"):
            yield self._get_signature(
                decision.step_name, decision.user_id.name, decision.date
            )
        for name in ("witness_1", "witness_2"):
            label = self._get_label("customer.disposal", f"{name}_id")
            # sudo: the name of a witness
            person = disposal[f"{name}_id"].sudo().name or ""
            yield self._get_signature(label, person, disposal[f"{name}_date"])

    @api.model
    def _get_signature(self, label, person, date):
        return Band(
            (
                Row(
                    (
                        self._label_cell(label, 20),
                        Cell(person, 20),
                        Cell(self._format_date(date) if date else "", 20),
                    )
                ),
            )
        )
