from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table

VISIT, EXPENSE = "customer.visit", "customer.visit.expense"
# A form with less in it still has room to be filled in by hand.
VISIT_LINES, EXPENSE_LINES = 3, 3
TEXT_HEIGHT = 60


class ReportVisitDay(models.AbstractModel):
    """附表7 客户拜访日报表: a person's day, all visits of it (S1-43 to S1-46)."""

    _name = "report.customer_archive_visits.visit_day"
    _inherit = ["customer.archive.print"]
    _description = "Print of Annex 7"

    @api.model
    def _get_printable(self, visit_ids):
        """All visits of the days on which the chosen ones fall.

        Of the others only those open to the reader: a colleague's day may have been
        at customers he does not see.

        :raises AccessError: when one of the chosen visits is closed to the user
        """
        visits = self.env[VISIT].sudo(False)
        chosen = visits.browse(dict.fromkeys(visit_ids or ()))
        chosen.check_access("read")
        found = visits.search([("id", "in", chosen.ids)])
        if chosen - found:
            raise AccessError(self.env._("Some of these visits are not open to you."))
        dated = found.filtered("date_start")
        if not dated:
            raise UserError(self.env._("Choose visits that have a date."))
        days = {(visit.user_id, visit._get_day()) for visit in dated}
        dates = dated.mapped("date_start")
        around = visits.search(
            [
                ("user_id", "in", dated.user_id.ids),
                ("state", "!=", "cancelled"),
                ("date_start", ">", min(dates) - timedelta(days=2)),
                ("date_start", "<", max(dates) + timedelta(days=2)),
            ],
            order="date_start, id",
        )
        return around.filtered(lambda v: (v.user_id, v._get_day()) in days)

    @api.model
    def _get_sheets(self, visits):
        days = visits.grouped(lambda visit: (visit._get_day(), visit.user_id))
        for (day, user), of_day in days.items():
            sheet = self._get_sheet(
                of_day.dossier_id,
                self.env._("Annex 7: Daily Report of Customer Visits"),
                self._get_head(day, user, of_day),
                self._get_visit_table(of_day),
                self._get_expense_table(of_day.expense_ids),
                self._get_issue_table(of_day),
            )
            # no customer's number: the sheet is a person's
            mark = f"{self._get_names(user)[0]} {self._format_date(day)}"
            yield replace(sheet, mark=mark)

    # ------------------------------------------------------------------
    # Blocks
    # ------------------------------------------------------------------

    @api.model
    def _get_head(self, day, user, visits):
        texts = (
            (self._get_label(VISIT, "date_start"), self._format_date(day)),
            (self.env._("Reported By (Visitor)"), self._get_names(user)[0]),
            (
                self._get_label(VISIT, "companion_ids"),
                ", ".join(self._get_names(visits.companion_ids)),
            ),
        )
        cells = []
        for label, text in texts:
            cells += [self._label_cell(label, 8), Cell(text, 12)]
        return Table((Band((Row(tuple(cells)),)),))

    @api.model
    def _get_visit_table(self, visits):
        head = self._head_band(
            (self.env._("Organisation and Persons Visited"), 14),
            (self.env._("Summary of the Talks"), 22),
            (self._get_label(VISIT, "plan_code"), 11),
            (self._get_label(VISIT, "result"), 13),
        )
        rows = [*visits, *[visits.browse()] * (VISIT_LINES - len(visits))]
        return Table(
            tuple(Band((self._get_visit_row(visit),)) for visit in rows), head=head
        )

    @api.model
    def _get_visit_row(self, visit):
        persons = visit.met_person_ids or visit.person_ids
        visited = [*self._get_names(visit.partner_id), *self._get_names(persons)]
        texts = (
            ("\n".join(visited), 14),
            (visit.summary or "", 22),
            (self._format_choices(visit, "plan_code"), 11),
            (self._format_choices(visit, "result"), 13),
        )
        return Row(tuple(Cell(text, span) for text, span in texts))

    @api.model
    def _format_choices(self, visit, field_name):
        """The boxes of a list, one below the other."""
        return self._format_boxes(visit, field_name).replace("   ", "\n")

    @api.model
    def _get_expense_table(self, expenses):
        currencies = expenses.currency_id or self.env.company.currency_id
        amount = self.env._("Amount (%(currency)s)", currency=currencies[0].name)
        spent = expenses.filtered("amount")
        head = self._head_band(
            (self._get_label(EXPENSE, "name"), 22),
            (amount, 14),
            (self._get_label(EXPENSE, "note"), 24),
        )
        rows = [*spent, *[spent.browse()] * (EXPENSE_LINES - len(spent))]
        bands = [Band((self._get_expense_row(expense),)) for expense in rows]
        totals = [
            self._format_amount(sum(lines.mapped("amount")), currency)
            for currency, lines in spent.grouped("currency_id").items()
        ]
        total = (
            self._label_cell(self.env._("Total"), 22),
            Cell("\n".join(totals), 14, align="right"),
            Cell("", 24),
        )
        bands.append(Band((Row(total),)))
        return Table(tuple(bands), head=head)

    @api.model
    def _get_expense_row(self, expense):
        amount = self._format(expense, "amount") if expense else ""
        return Row(
            (
                Cell(expense.name or "", 22),
                Cell(amount, 14, align="right"),
                Cell(expense.note or "", 24),
            )
        )

    @api.model
    def _get_issue_table(self, visits):
        handled = "\n".join(filter(None, visits.mapped("handled_issues")))
        issues = visits.issue_ids.filtered(lambda issue: issue.state == "open")
        blocks = (
            (self.env._("Issues Handled Today"), handled),
            (
                self.env._("Issues Not Handled Today, or to Be Handled Later"),
                "\n".join(issues.mapped("name")),
            ),
        )
        return Table(
            tuple(
                Band(
                    (
                        Row(
                            (self._label_cell(label, 14), Cell(text, 46)),
                            height=TEXT_HEIGHT,
                        ),
                    )
                )
                for label, text in blocks
            )
        )
