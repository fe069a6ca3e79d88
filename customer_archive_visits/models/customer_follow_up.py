from datetime import timedelta
from functools import reduce

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .customer_interaction import RANK_ORDER, RANKS

STAGES = [
    ("1_overdue", "Overdue"),
    ("2_today", "Today"),
    ("3_week", "This Week"),
    ("4_later", "Later"),
]
WEEK = 6  # days from Monday to Sunday


class CustomerFollowUp(models.Model):
    """The next call or visit of a customer: when, by whom, with whom and why.

    Written by the archive alone, set-based (see the refresh and the sweep).
    """

    _name = "customer.follow.up"
    _inherit = ["customer.dossier.item"]
    _description = "Due Call or Visit"
    _order = "id"
    _history = False
    _log_access = False

    channel = fields.Selection(
        [("call", "Phone Call"), ("visit", "Visit")], required=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        ondelete="set null",
        help="The account owner, or the next superior who may read the dossier.",
    )

    # The rhythm: of the tier or the dossier's own
    tier_id = fields.Many2one("customer.tier", ondelete="restrict")
    interval_number = fields.Integer(aggregator=None)
    interval_type = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")]
    )
    min_rank = fields.Selection(RANKS, string="Rank at Least")
    is_own_rhythm = fields.Boolean(string="Own Rhythm")

    # The clock
    start_date = fields.Date(
        help="When the customer came under this rhythm: filed, or with another tier."
    )
    last_date = fields.Date(
        string="Last Contact", help="Last contact that counts for this rhythm."
    )
    due_date = fields.Date(help="Due by the rhythm; empty where none holds.")
    postponed_date = fields.Date(string="Postponed To")
    postpone_reason = fields.Char(string="Postponed Because")
    action_date = fields.Date(
        string="On", help="Due by the rhythm, or the later day it was put off to."
    )
    stage = fields.Selection(
        STAGES,
        string="When",
        compute="_compute_stage",
        search="_search_stage",
        group_expand="_group_expand_stage",
    )

    # On the desk
    activity_id = fields.Many2one("mail.activity", ondelete="set null")
    raised_date = fields.Date(string="On the Desk Since")
    escalation_id = fields.Many2one("mail.activity", ondelete="set null")

    # For the card
    partner_id = fields.Many2one(related="dossier_id.partner_id")
    tier_code = fields.Char(related="dossier_id.tier_code")
    partner_city = fields.Char(related="dossier_id.partner_id.city", string="City")
    person_id = fields.Many2one(
        "customer.key.person", string="With", compute="_compute_person_id"
    )
    person_rank = fields.Selection(
        lambda self: (
            self.env["customer.key.person"]
            ._fields["rank"]
            ._description_selection(self.env)
        ),
        string="Rank",
        compute="_compute_person_id",
    )
    phone = fields.Char(compute="_compute_phone")
    reason = fields.Char(string="Why", compute="_compute_reason")

    _dossier_channel_uniq = models.UniqueIndex(
        "(dossier_id, channel)", "Each customer has one next call and one next visit."
    )
    # Deleting an activity looks for what points to it.
    _activity_uniq = models.UniqueIndex("(activity_id) WHERE activity_id IS NOT NULL")
    _escalation_uniq = models.UniqueIndex(
        "(escalation_id) WHERE escalation_id IS NOT NULL"
    )
    _user_date_idx = models.Index("(user_id, action_date) WHERE due_date IS NOT NULL")

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    @api.depends("action_date")
    @api.depends_context("tz")
    def _compute_stage(self):
        limits = self._get_stage_limits()
        for follow_up in self:
            date = follow_up.action_date
            follow_up.stage = date and next(
                (code for code, limit in limits if limit is None or date <= limit)
            )

    @api.model
    def _get_stage_limits(self):
        """Last day of each stage, for the reader's clock."""
        today = fields.Date.context_today(self)
        sunday = today + timedelta(days=WEEK - today.weekday())
        limits = (today - timedelta(days=1), today, sunday, None)
        return [(code, day) for (code, _l), day in zip(STAGES, limits, strict=True)]

    def _search_stage(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains, start = [], None
        for code, limit in self._get_stage_limits():
            if code in value:
                after = Domain("action_date", ">", start) if start else Domain.TRUE
                until = Domain("action_date", "<=", limit) if limit else Domain.TRUE
                domains.append(Domain("action_date", "!=", False) & after & until)
            start = limit
        if False in value:
            domains.append(Domain("action_date", "=", False))
        return Domain.OR(domains)

    @api.model
    def _group_expand_stage(self, stages, domain):
        """Show the columns of a day even while they are empty."""
        return [code for code, _label in STAGES]

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group by what follows from the date and the clock of the reader."""
        if groupby_spec != "stage":
            return super()._read_group_groupby(alias, groupby_spec, query)
        date = self._field_to_sql(alias, "action_date", query)
        cases = [
            SQL("WHEN %s <= %s THEN %s", date, limit, code)
            for code, limit in self._get_stage_limits()
            if limit
        ]
        last_code = STAGES[-1][0]
        return SQL(
            "CASE WHEN %s IS NULL THEN NULL %s ELSE %s END",
            date,
            SQL(" ").join(cases),
            last_code,
        )

    # ------------------------------------------------------------------
    # With whom and why
    # ------------------------------------------------------------------

    @api.depends("dossier_id", "min_rank")
    @api.depends_context("uid")
    def _compute_person_id(self):
        """Propose the highest for a visit, the main contact for a call."""
        persons = self.env["customer.key.person"].search(
            [("dossier_id", "in", self.dossier_id.ids)]
        )
        by_dossier = persons.grouped("dossier_id")
        for follow_up in self:
            known = by_dossier.get(follow_up.dossier_id, persons.browse())
            follow_up.person_id = follow_up._pick_person(known)
            follow_up.person_rank = follow_up.person_id.rank

    def _pick_person(self, persons):
        lowest = RANK_ORDER.get(self.min_rank, -1)
        fitting = persons.filtered(lambda p: RANK_ORDER.get(p.rank, -1) >= lowest)

        def rank(person):
            is_main = person.capacity == "main_contact"
            height = RANK_ORDER.get(person.rank, -1)
            by_need = (height, is_main) if self.min_rank else (is_main, height)
            return (*by_need, -person.id)

        return max(fitting, key=rank, default=persons.browse())

    @api.depends("person_id", "dossier_id")
    def _compute_phone(self):
        for follow_up in self:
            person = follow_up.person_id
            customer = follow_up.dossier_id.partner_id
            numbers = (person.mobile_phone, person.phone, customer.phone)
            follow_up.phone = next(filter(None, numbers), False)

    @api.depends(
        "channel",
        "last_date",
        "min_rank",
        "interval_number",
        "interval_type",
        "person_id",
        "postponed_date",
        "postpone_reason",
    )
    @api.depends_context("lang")
    def _compute_reason(self):
        for follow_up in self:
            follow_up.reason = follow_up.due_date and follow_up._get_reason()

    def _get_reason(self):
        """Why the call or visit is due, in words of the reader's language."""
        ranks = dict(self._fields["min_rank"]._description_selection(self.env))
        rank = ranks.get(self.min_rank)
        parts = [
            self._get_last_words(rank),
            self.env["customer.cadence"]._format_interval(
                self.interval_number, self.interval_type
            ),
        ]
        if self.min_rank and not self.person_id:
            parts.append(
                self.env._("nobody of the rank %(rank)s is on file", rank=rank)
            )
        if self.is_own_rhythm:
            parts.append(self.env._("own rhythm of this customer"))
        if self.postponed_date:
            parts.append(
                self.env._(
                    "put off to %(date)s: %(reason)s",
                    date=format_date(self.env, self.postponed_date),
                    reason=self.postpone_reason,
                )
            )
        return reduce(self._join_words, parts)

    def _join_words(self, before, after):
        return self.env._("%(before)s; %(after)s", before=before, after=after)

    def _get_last_words(self, rank):
        """When the last contact was that counts."""
        if not self.last_date:
            if self.channel == "visit":
                return self.env._("never visited yet")
            return self.env._("never called yet")
        date = format_date(self.env, self.last_date)
        if rank and self.channel == "visit":
            return self.env._(
                "last visit to a person of the rank %(rank)s or higher: %(date)s",
                rank=rank,
                date=date,
            )
        if rank:
            return self.env._(
                "last talk with a person of the rank %(rank)s or higher: %(date)s",
                rank=rank,
                date=date,
            )
        if self.channel == "visit":
            return self.env._("last visit: %(date)s", date=date)
        return self.env._("last talk: %(date)s", date=date)

    def _get_item_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        return f"{self.dossier_id.number} ({labels.get(self.channel)})"

    def _move_to_dossier(self, dossier):
        """Go: what is due at the merged customer follows from its own rows."""
        # sudo: the merge asked for the right on both dossiers
        follow_ups = self.sudo()
        (follow_ups.activity_id | follow_ups.escalation_id).unlink()
        follow_ups.unlink()
        dossier._refresh_follow_ups()
