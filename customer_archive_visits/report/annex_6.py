from odoo import api, models

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table

LINE = "customer.contact.plan.line"
# The paper form has room for three of us and four of them each.
OUR_PEOPLE, THEIR_PEOPLE = 3, 4
OBJECTIVE_HEIGHT = 50


class ReportAnnex6(models.AbstractModel):
    """附表6 客户接触计划: our people, whom they contact and when next (S1-41)."""

    _name = "report.customer_archive_visits.annex_6"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of Annex 6"

    _printed_model = "customer.contact.plan"

    @api.model
    def _get_sheets(self, plans):
        for plan in plans:
            yield self._get_sheet(
                plan.dossier_id,
                self.env._("Annex 6: Contact Plan"),
                self._get_head(plan),
                self._get_line_table(plan.line_ids),
            )

    @api.model
    def _get_head(self, plan):
        objective = Row(
            self._pair_cells(plan, "objective", 10, 50), height=OBJECTIVE_HEIGHT
        )
        return Table((self._unit_band(plan.dossier_id), Band((objective,))))

    @api.model
    def _get_line_table(self, lines):
        head = self._head_band(
            (self.env._("Our Person"), 12),
            (self.env._("Contact at the Customer"), 14),
            (self._get_label(LINE, "function"), 12),
            (self.env._("Number of Contacts (Made / Planned)"), 11),
            (self.env._("Date of the Next Contact"), 11),
        )
        groups = [*lines.grouped("user_id").items()]
        nobody = (lines.user_id.browse(), lines.browse())
        groups += [nobody] * (OUR_PEOPLE - len(groups))
        return Table(tuple(self._get_band(*group) for group in groups), head=head)

    @api.model
    def _get_band(self, user, lines):
        """One of us, beside those whom he contacts."""
        rows = [*lines, *[lines.browse()] * (THEIR_PEOPLE - len(lines))]
        return Band(
            tuple(map(self._get_row, rows)),
            merged=(self._label_cell(", ".join(self._get_names(user)), 12),),
        )

    @api.model
    def _get_row(self, line):
        count = line and f"{line.contact_count} / {line.planned_count}"
        return Row(
            (
                Cell(line.person_id.partner_id.name or "", 14),
                Cell(line.function or "", 12),
                Cell(count or "", 11, align="center"),
                Cell(self._format(line, "next_date"), 11, align="center"),
            )
        )
