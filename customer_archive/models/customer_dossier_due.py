from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SWEEP_SIZE = 5000


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

    def write(self, vals):
        """Write; a new owner or keeper finds the due update on his own desk."""
        result = super().write(vals)
        if not {"user_id", "keeper_id"}.isdisjoint(vals):
            # sudo: takes back a task the archive raised itself; the next sweep
            # raises it for those now responsible
            self.sudo().activity_unlink(["customer_archive.mail_activity_type_update"])
        return result

    def action_confirm_current(self):
        """Say that the dossier was checked and is up to date (S1-17, S4-17)."""
        self.check_access("write")
        self._touch()
        self.activity_unlink(["customer_archive.mail_activity_type_update"])

    def _touch(self):
        """Note that the dossiers were worked on today."""
        today = fields.Date.context_today(self)
        # sudo: the date follows from what the user just did on the dossier
        old = self.sudo().filtered(lambda dossier: dossier.last_update_date != today)
        old.write({"last_update_date": today})

    @api.model
    def _cron_raise_updates(self):
        """Put due updates on the desks of those responsible, slice by slice.

        One statement a slice; what is raised already is not raised again, so a run
        that was cut off is simply continued (S2-25, S2-2).
        """
        while True:
            raised = self._raise_updates(SWEEP_SIZE)
            if raised < SWEEP_SIZE:
                break
            if not self.env["ir.cron"]._commit_progress(raised):
                break

    @api.model
    def _raise_updates(self, limit):
        """Raise the update activity of up to ``limit`` due dossiers.

        It goes to the owner, else to the keeper, each only where he still holds the
        post the record rules ask of him.

        :return: number of activities made
        """
        self.flush_model()
        activity_type = self.env.ref("customer_archive.mail_activity_type_update")
        rows = self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT d.id, d.number, d.update_due_date, d.partner_name,
                           COALESCE(o.id, k.id) AS user_id
                      FROM customer_dossier d
                 LEFT JOIN res_users o ON o.id = d.user_id AND o.active
                       AND o.id IN (SELECT uid FROM res_groups_users_rel
                                     WHERE gid IN %(owners)s)
                 LEFT JOIN res_users k ON k.id = d.keeper_id AND k.active
                       AND k.id IN (SELECT uid FROM res_groups_users_rel
                                     WHERE gid IN %(keepers)s)
                     WHERE d.state = 'filed' AND d.active
                       AND EXISTS (SELECT 1 FROM res_company_users_rel c
                                    WHERE c.cid = d.company_id
                                      AND c.user_id = COALESCE(o.id, k.id))
                       AND d.update_due_date <= %(today)s
                       AND COALESCE(o.id, k.id) IS NOT NULL
                       AND NOT EXISTS (
                            SELECT 1 FROM mail_activity a
                             WHERE a.res_model = 'customer.dossier'
                               AND a.res_id = d.id AND a.active
                               AND a.activity_type_id = %(type)s)
                  ORDER BY d.update_due_date, d.id
                     LIMIT %(limit)s
                )
                INSERT INTO mail_activity (
                    res_model_id, res_model, res_id, res_name, activity_type_id,
                    user_id, date_deadline, automated, active,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(model)s, 'customer.dossier', id, concat(number, ' ',
                       partner_name), %(type)s, user_id,
                       update_due_date, true, true,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM due
             RETURNING user_id
                """,
                owners=self._get_group_ids("group_archive_user"),
                keepers=self._get_group_ids("group_archive_keeper"),
                today=fields.Date.context_today(self),
                type=activity_type.id,
                limit=limit,
                model=self.env["ir.model"]._get_id(self._name),
                uid=self.env.uid,
            )
        )
        self.env["mail.activity"].invalidate_model()
        self.invalidate_model(["activity_ids"])
        return len(rows)

    @api.model
    def _get_group_ids(self, name):
        """Ids of a group and of those that imply it."""
        group = self.env.ref(f"customer_archive.{name}")
        return tuple((group | group.all_implied_by_ids).ids)

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
