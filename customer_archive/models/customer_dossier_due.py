from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerDossier(models.Model):
    """When a dossier is to be opened, updated, or closed as dormant."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    opening_due_date = fields.Date(
        string="To Be Filed By",
        compute="_compute_opening_due_date",
        store=True,
        help="A dossier is filed within a week of the first contact (S2-1).",
    )
    is_opening_late = fields.Boolean(
        string="Opening Overdue",
        compute="_compute_is_opening_late",
        search="_search_is_opening_late",
    )
    last_update_date = fields.Date(
        string="Last Updated", readonly=True, default=fields.Date.context_today
    )
    update_due_date = fields.Date(
        string="Update Due", compute="_compute_update_due_date", store=True, index=True
    )
    last_contact_date = fields.Date(
        string="Last Contact", compute="_compute_last_contact_date", store=True
    )
    is_dormant = fields.Boolean(
        string="Dormant", compute="_compute_is_dormant", search="_search_is_dormant"
    )

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    @api.depends("first_contact_date", "company_id")
    def _compute_opening_due_date(self):
        for policy, dossiers in self._group_by_policy():
            days = timedelta(days=policy.opening_days)
            for dossier in dossiers:
                date = dossier.first_contact_date
                dossier.opening_due_date = date and date + days

    @api.depends("opening_due_date", "state")
    def _compute_is_opening_late(self):
        late = self.filtered_domain(self._get_opening_late_domain())
        for dossier in self:
            dossier.is_opening_late = dossier in late

    def _search_is_opening_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_opening_late_domain()

    @api.model
    def _get_opening_late_domain(self):
        return Domain("state", "in", ("draft", "review")) & Domain(
            "opening_due_date", "<", "today"
        )

    @api.depends("last_update_date", "open_date", "tier_id", "company_id")
    def _compute_update_due_date(self):
        for policy, dossiers in self._group_by_policy():
            for dossier in dossiers:
                days = dossier.tier_id.update_days or policy.update_days
                date = dossier.last_update_date or dossier.open_date
                dossier.update_due_date = date and date + timedelta(days=days)

    @api.depends(
        "first_contact_date",
        "fact_ids.active",
        "fact_ids.learned_date",
        "transaction_ids.active",
        "transaction_ids.date",
    )
    def _compute_last_contact_date(self):
        for dossier in self:
            # what was struck out may still be in the cache
            dates = [
                dossier.first_contact_date,
                *dossier.fact_ids.filtered("active").mapped("learned_date"),
                *dossier.transaction_ids.filtered("active").mapped("date"),
            ]
            dossier.last_contact_date = max(filter(None, dates), default=False)

    @api.depends("last_contact_date", "state", "company_id")
    def _compute_is_dormant(self):
        for company, dossiers in self.grouped("company_id").items():
            limit = self._get_dormant_limit(company)
            for dossier in dossiers:
                date = dossier.last_contact_date or dossier.open_date
                is_old = bool(date) and date < limit
                dossier.is_dormant = dossier.state == "filed" and is_old

    def _search_is_dormant(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "filed")
            & (
                Domain("last_contact_date", "<", limit)
                | Domain("last_contact_date", "=", False)
                & Domain("open_date", "<", limit)
            )
            for company in self.env.companies
            for limit in [self._get_dormant_limit(company)]
        )

    @api.model
    def _get_dormant_limit(self, company):
        policy = self.env["customer.archive.policy"]._get_policy(company)
        return fields.Date.context_today(self) - timedelta(days=policy.dormant_days)

    def _group_by_policy(self):
        """Pairs of a page of numbers and the dossiers for which it holds."""
        policies = self.env["customer.archive.policy"]
        for company, dossiers in self.grouped("company_id").items():
            yield policies._get_policy(company or self.env.company), dossiers

    # ------------------------------------------------------------------
    # Keeping current
    # ------------------------------------------------------------------

    def action_confirm_current(self):
        """Say that the dossier was checked and is up to date (S1-17, S4-17).

        Who said so stands in the history.
        """
        self.check_access("write")
        before = self._get_history_values(["last_update_date"])
        self._touch()
        self._write_history(before, self._get_history_values(["last_update_date"]))

    def _touch(self):
        """Note that the dossiers were worked on today."""
        today = fields.Date.context_today(self)
        # sudo: the date follows from what the user just did on the dossier
        old = self.sudo().filtered(lambda dossier: dossier.last_update_date != today)
        old.write({"last_update_date": today})
        self._settle_tasks()

    # ------------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------------

    def _get_superiors(self):
        """Whoever leads or supervises the dossier's team, the owner excepted."""
        # sudo: names the superiors of a team, nothing of a dossier
        team = self.sudo().team_id
        return (team.user_id | team.archive_supervisor_ids) - self.sudo().user_id

    def _raise_activity(self, type_name, users):
        """Put a neutral line on the desks of those ``users`` who may read this.

        It says no more than its type, whose name each reads in his language.
        """
        self.ensure_one()
        for user in users.filtered("active"):
            if self.env["mail.activity"]._is_open_to(self, user):
                self.with_context(mail_activity_quick_update=True).activity_schedule(
                    type_name, user_id=user.id
                )
