from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.customer_archive.report.grid import LIST_SIZE, Band, Cell, Row, Table

PLAN, LINE = "customer.visit.plan", "customer.visit.plan.line"
# Date, customer, person, purpose, objective, why.
SPANS = (6, 12, 9, 8, 12, 13)
SIGNING_HEIGHT = 34


class ReportVisitPlan(models.AbstractModel):
    """拜访计划书: whom a person visits in a month (S1-28)."""

    _name = "report.customer_archive_visits.visit_plan"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Month Plan"

    @api.model
    def _get_printable(self, plan_ids):
        """The plans chosen; of their lines only those open to the reader.

        :raises AccessError: when one of the plans is closed to the user
        """
        plans = self.env[PLAN].sudo(False).browse(dict.fromkeys(plan_ids or ()))
        if not plans:
            raise UserError(self.env._("Choose the plans to print."))
        plans.check_access("read")
        return plans

    @api.model
    def _get_printed_dossiers(self, plans):
        undecided = plans.filtered(lambda plan: plan.state != "approved")
        left_out = undecided._get_left_out().values()
        return plans._get_lines().dossier_id.union(*(f.dossier_id for f in left_out))

    @api.model
    def _get_sheets(self, plans):
        lines = plans._get_lines().grouped("plan_id")
        undecided = plans.filtered(lambda plan: plan.state != "approved")
        left_out_by_plan = undecided._get_left_out()
        for plan in plans:
            of_plan = lines.get(plan, self.env[LINE])
            title = self.env._("Month Plan of Visits")
            tables = [self._get_head(plan, of_plan), self._get_table(of_plan)]
            if given_up := of_plan._filter_given_up():
                rows = [(line, line.drop_reason) for line in given_up]
                tables.append(self._get_rest(self.env._("Dropped or Refused"), rows))
            if left_out := left_out_by_plan.get(plan):
                rows = [(follow_up, follow_up.reason) for follow_up in left_out]
                tables.append(self._get_rest(self.env._("Due and Left Out"), rows))
            if plan.note:
                tables.append(self._get_note(plan))
            tables.append(Table((self._get_signing_band(),)))
            sheet = self._get_sheet(of_plan.dossier_id, title, *tables)
            # no customer's number: the sheet is a person's
            yield replace(
                sheet,
                company=plan.company_id.name,
                mark=plan.display_name,
                is_landscape=True,
            )

    # ------------------------------------------------------------------
    # Blocks
    # ------------------------------------------------------------------

    @api.model
    def _get_head(self, plan, lines):
        count = len(lines - lines._filter_given_up())
        first = self._pair_cells(plan, "user_id", 8, 12)
        first += self._pair_cells(plan, "team_id", 8, 12)
        first += (
            self._label_cell(self._get_label(PLAN, "month"), 8),
            Cell(f"{plan.month:%Y-%m}", 12),
        )
        second = self._pair_cells(plan, "state", 8, 12)
        second += self._pair_cells(plan, "approver_id", 8, 12)
        second += (
            self._label_cell(self.env._("Customers to Visit"), 8),
            Cell(str(count), 12),
        )
        return Table((Band((Row(first), Row(second))),))

    @api.model
    def _get_table(self, lines):
        labels = (
            self._get_label(LINE, "date"),
            self.env._("Customer"),
            self._get_label(LINE, "person_id"),
            self._get_label(LINE, "purpose"),
            self._get_label(LINE, "objective"),
            self._get_label(LINE, "reason"),
        )
        bands = []
        for monday, of_week in lines._group_by_week():
            bands.append(
                self._title_band(
                    self.env._("Week from %(date)s", date=self._format_date(monday))
                )
            )
            bands += [Band((self._get_row(line),)) for line in of_week]
        if not bands:
            bands = [Band((Row((Cell(self.env._("No customers yet."), 60),)),))]
        return Table(
            tuple(bands), head=self._head_band(*zip(labels, SPANS, strict=True))
        )

    @api.model
    def _get_row(self, line):
        customer = " · ".join(filter(None, (line.partner_id.name, line.city)))
        person = line.person_id.partner_id.name or ""
        rank = self._format(line, "person_rank")
        texts = (
            self._format_date(line.date),
            customer,
            "\n".join(filter(None, (person, rank))),
            self._format(line, "purpose"),
            line.objective,
            line.reason,
        )
        cells = [
            Cell(text or "", span, size=LIST_SIZE)
            for text, span in zip(texts, SPANS, strict=True)
        ]
        return Row(tuple(cells))

    @api.model
    def _get_rest(self, title, rows):
        """Customers that aren't visited, and why they might be missed.

        :param rows: list of (line or due visit, reason)
        """
        bands = [self._title_band(title)]
        bands += [
            Band((Row((Cell(record.partner_id.name, 20), Cell(reason or "", 40))),))
            for record, reason in rows
        ]
        return Table(tuple(bands))

    @api.model
    def _get_note(self, plan):
        cells = (
            self._label_cell(self._get_label(PLAN, "note"), 8),
            Cell(plan.note, 52),
        )
        return Table((Band((Row(cells),)),))

    @api.model
    def _get_signing_band(self):
        labels = (
            self.env._("Planned By (Signature)"),
            self.env._("Approved By (Signature)"),
            self.env._("Date"),
        )
        cells = [(self._label_cell(label, 10), Cell("", 10)) for label in labels]
        return Band((Row(sum(cells, ()), SIGNING_HEIGHT),))
