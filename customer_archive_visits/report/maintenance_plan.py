from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table

from ..models.customer_account_plan import IN_FORCE

FOLLOW_UP, PERSON = "customer.follow.up", "customer.key.person"
PROMISE, ACTION = "customer.commitment", "customer.account.plan.action"
# How far the plan looks ahead.
MONTHS = 3
BLANK_LINES = 2


class ReportMaintenancePlan(models.AbstractModel):
    """客户关系维护方案: how a customer is looked after in the coming months (S0-24).

    Of several customers, each salesperson's list comes first, then a sheet a customer.
    """

    _name = "report.customer_archive_visits.maintenance_plan"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Maintenance Plan"

    @api.model
    def _get_sheets(self, dossiers):
        steps = self._read_steps(dossiers)
        if len(dossiers) > 1:
            for user, own in dossiers.grouped("user_id").items():
                yield self._get_user_sheet(user, own)
        for dossier in dossiers:
            yield self._get_sheet(
                dossier,
                self.env._("Customer Maintenance Plan"),
                Table(tuple(self._get_head_bands(dossier))),
                self._get_rhythm_table(dossier.follow_up_ids),
                self._get_person_table(dossier.person_ids),
                self._get_promise_table(dossier.commitment_ids),
                self._get_step_table(steps.get(dossier, self.env[ACTION])),
            )

    @api.model
    def _read_steps(self, dossiers):
        """Open actions of the plans in force that fall due in the coming months."""
        until = fields.Date.context_today(self) + relativedelta(months=MONTHS)
        steps = self.env[ACTION].search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("plan_id.state", "in", IN_FORCE),
                ("state", "=", "open"),
                ("date", "<", until + timedelta(1)),
            ]
        )
        return steps.grouped("dossier_id")

    # ------------------------------------------------------------------
    # A salesperson's customers
    # ------------------------------------------------------------------

    @api.model
    def _get_user_sheet(self, user, dossiers):
        title = self.env._("Customer Maintenance Plan")
        if user:
            title = self.env._(
                "Customer Maintenance Plan: %(user)s", user=self._get_names(user)[0]
            )
        head = self._head_band(
            (self._get_label("customer.dossier", "number"), 9),
            (self._get_label("customer.dossier", "partner_id"), 18),
            (self._get_label("customer.dossier", "tier_id"), 5),
            (self.env._("Next Call"), 10),
            (self.env._("Next Visit"), 10),
            (self.env._("Open Promises"), 8),
        )
        bands = [Band((self._get_overview_row(dossier),)) for dossier in dossiers]
        return self._get_sheet(dossiers, title, Table(tuple(bands), head=head))

    @api.model
    def _get_overview_row(self, dossier):
        dates = {
            follow_up.channel: self._format_date(follow_up.action_date)
            for follow_up in dossier.follow_up_ids
        }
        open_ones = dossier.commitment_ids.filtered(lambda c: c.state == "open")
        texts = (
            (dossier.number or "", 9),
            (dossier.partner_id.name, 18),
            (dossier.tier_id.code or "", 5),
            (dates.get("call", ""), 10),
            (dates.get("visit", ""), 10),
            (str(len(open_ones)), 8),
        )
        return Row(tuple(Cell(text, span) for text, span in texts))

    # ------------------------------------------------------------------
    # A customer
    # ------------------------------------------------------------------

    @api.model
    def _get_head_bands(self, dossier):
        yield self._unit_band(dossier)
        cells = [
            self._pair_cells(dossier, name, 10, 10)
            for name in ("tier_id", "user_id", "team_id")
        ]
        yield Band((Row(sum(cells, ())),))
        measures = self._label_cell(self.env._("Measures of the Tier"), 10)
        yield Band((Row((measures, Cell(dossier.tier_id.measures or "", 50))),))

    @api.model
    def _get_rhythm_table(self, follow_ups):
        columns = (
            ("channel", 8),
            ("action_date", 9),
            ("person_id", 10),
            ("user_id", 9),
            ("reason", 24),
        )
        due = follow_ups.filtered("action_date")
        return self._get_table(FOLLOW_UP, due, columns)

    @api.model
    def _get_person_table(self, persons):
        columns = (
            ("partner_id", 12),
            ("function", 12),
            ("buying_role", 12),
            ("attitude", 10),
            ("liaison_ids", 14),
        )
        return self._get_table(PERSON, persons, columns)

    @api.model
    def _get_promise_table(self, commitments):
        columns = (("kind", 10), ("name", 30), ("user_id", 10), ("date", 10))
        open_ones = commitments.filtered(lambda c: c.state == "open")
        return self._get_table(PROMISE, open_ones, columns)

    @api.model
    def _get_step_table(self, steps):
        columns = (("name", 24), ("target", 16), ("user_id", 10), ("date", 10))
        return self._get_table(ACTION, steps, columns)

    @api.model
    def _get_table(self, model_name, records, columns):
        head = self._label_band(model_name, columns)
        return Table(tuple(self._get_bands(records, columns)), head=head)

    @api.model
    def _get_bands(self, records, columns):
        rows = [*records, *[records.browse()] * (BLANK_LINES - len(records))]
        for record in rows:
            cells = [Cell(self._format(record, name), span) for name, span in columns]
            yield Band((Row(tuple(cells)),))

    @api.model
    def _format(self, record, field_name):
        """Name a contact by his own name: his company is on the sheet already."""
        if record._name == PERSON and field_name == "partner_id":
            return record.partner_id.name or ""
        return super()._format(record, field_name)
