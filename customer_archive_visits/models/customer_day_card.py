from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .customer_follow_up import STAGES
from .customer_visit import OPEN_STATES

# What a card stands for; the others sum up several records.
MODELS = {
    "call": "customer.follow.up",
    "due": "customer.follow.up",
    "visit": "customer.visit",
    "report": "customer.visit",
    "promise": "customer.commitment",
    "plan": "customer.visit.plan",
}
KINDS = [
    ("call", "Call Due"),
    ("due", "Visit Due"),
    ("visit", "Visit"),
    ("report", "Report"),
    ("promise", "Promise"),
    ("plan", "Month Plan"),
    ("approval", "Approvals"),
    ("team", "Reports of the Team"),
]
ICONS = {
    "call": "fa-phone",
    "due": "fa-car",
    "visit": "fa-handshake-o",
    "report": "fa-pencil-square-o",
    "promise": "fa-flag-o",
    "plan": "fa-calendar",
    "approval": "fa-gavel",
    "team": "fa-pencil-square-o",
}
# Of the cards of one day the first come first. With the number of its record each
# makes the number of a card.
SOURCES = ("approval", "team", "begin", "plan", "visit", "report", "promise", "due")
TEXTS = (
    "title",
    "tier_id",
    "tier_code",
    "status",
    "person",
    "person_rank",
    "city",
    "phone",
    "note",
)


class CustomerDayCard(models.Model):
    """What waits for the reader: one page for calls, visits, reports and promises.

    Nothing is kept here. Each card is found under the rights of who reads it, for him
    alone, and so are its words; what it stands for stays behind its own lock.
    """

    _name = "customer.day.card"
    _description = "Card of the Day"
    _auto = False
    _order = "day, sequence, moment, id"
    _rec_name = "title"
    _depends = {
        "customer.follow.up": ["user_id", "channel", "due_date", "action_date"],
        "customer.visit": ["user_id", "state", "date_start", "date_end"],
        "customer.commitment": ["user_id", "state", "date"],
        "customer.visit.plan": ["user_id", "month", "state"],
        "customer.approval": ["state", "step_id"],
    }

    kind = fields.Selection(KINDS, readonly=True)
    res_id = fields.Integer(string="Record", readonly=True, aggregator=None)
    day = fields.Date(string="On", readonly=True)
    moment = fields.Datetime(string="At", readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    number = fields.Integer(
        readonly=True, aggregator=None, help="How many records the card sums up."
    )
    stage = fields.Selection(STAGES, string="When", readonly=True)

    title = fields.Char(
        string="Customer", compute="_compute_texts", search="_search_title"
    )
    tier_id = fields.Many2one("customer.tier", compute="_compute_texts")
    tier_code = fields.Char(compute="_compute_texts")
    status = fields.Char(compute="_compute_texts")
    person = fields.Char(string="With", compute="_compute_texts")
    person_rank = fields.Char(string="Rank", compute="_compute_texts")
    city = fields.Char(compute="_compute_texts")
    phone = fields.Char(compute="_compute_texts")
    note = fields.Char(string="Why", compute="_compute_texts")
    is_begun = fields.Boolean(compute="_compute_texts")
    icon = fields.Char(compute="_compute_icon")

    # ------------------------------------------------------------------
    # Which cards there are
    # ------------------------------------------------------------------

    @property
    def _table_query(self):
        (_o, yesterday), (_t, today), (_w, sunday), _later = self.env[
            "customer.follow.up"
        ]._get_stage_limits()
        return SQL(
            """
            SELECT c.*, CASE WHEN c.day <= %(yesterday)s THEN '1_overdue'
                             WHEN c.day <= %(today)s THEN '2_today'
                             WHEN c.day <= %(sunday)s THEN '3_week'
                             ELSE '4_later' END AS stage
              FROM (%(cards)s) c
            """,
            yesterday=yesterday,
            today=today,
            sunday=sunday,
            cards=SQL(" UNION ALL ").join(
                [
                    self._select_follow_ups(),
                    self._select_visits(),
                    self._select_reports(),
                    self._select_promises(),
                    self._select_plans(),
                    self._select_plan_to_begin(),
                    self._select_approvals(),
                    self._select_reports_of_teams(),
                ]
            ),
        )

    def _select_cards(self, source, model, domain, day, kind=None, moment=None):
        """A card for each record of ``model`` that the reader may see.

        :param SQL day: by the columns of the model
        """
        query = self.env[model]._search(domain)
        return query.select(
            SQL("id * %s + %s AS id", len(SOURCES), SOURCES.index(source)),
            SQL("%s AS kind", kind or SQL("%s::varchar", source)),
            SQL("id AS res_id"),
            SQL("%s AS day", day),
            SQL("%s AS moment", moment or SQL("NULL::timestamp")),
            SQL("%s AS sequence", SOURCES.index(source)),
            SQL("1 AS number"),
        )

    def _select_sum(self, kind, model, domain, source=None):
        """One card for all records of ``model`` that wait for the reader, today.

        :param source: where the card is of another kind than it
        """
        source = source or kind
        query = self.env[model]._search(domain)
        return SQL(
            """
            SELECT %(uid)s * %(size)s + %(source)s AS id, %(kind)s::varchar AS kind,
                   0 AS res_id, %(today)s::date AS day, NULL::timestamp AS moment,
                   %(source)s AS sequence, count(*)::int AS number
              FROM (%(records)s) r HAVING count(*) > 0
            """,
            uid=self.env.uid,
            size=len(SOURCES),
            source=SOURCES.index(source),
            kind=kind,
            today=fields.Date.context_today(self),
            records=query.select(),
        )

    def _select_follow_ups(self):
        """Calls and visits due; a visit with a date stands for the one due."""
        dated = self.env["customer.visit"]._search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "in", OPEN_STATES),
                ("date_start", "!=", False),
            ]
        )
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("due_date", "!=", False)
            & (
                Domain("channel", "=", "call")
                | Domain("dossier_id", "not in", dated.subselect(SQL("dossier_id")))
            )
        )
        return self._select_cards(
            "due",
            "customer.follow.up",
            domain,
            SQL("action_date"),
            kind=SQL("CASE WHEN channel = 'call' THEN 'call' ELSE 'due' END"),
        )

    def _select_visits(self):
        """Visits to make, by whoever goes."""
        domain = Domain("state", "in", OPEN_STATES) & (
            Domain("user_id", "=", self.env.uid)
            | Domain("companion_ids", "in", self.env.uid)
        )
        return self._select_cards(
            "visit",
            "customer.visit",
            domain,
            self._get_local_day(SQL("date_start")),
            moment=SQL("date_start"),
        )

    def _select_reports(self):
        """Visits made; the report is due some days later (S1-33)."""
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        domain = [("user_id", "=", self.env.uid), ("state", "=", "done")]
        day = self._get_local_day(SQL("date_end"))
        return self._select_cards(
            "report",
            "customer.visit",
            domain,
            SQL("%s + %s", day, policy.report_days),
            moment=SQL("date_start"),
        )

    def _select_promises(self):
        domain = [("user_id", "=", self.env.uid), ("state", "=", "open")]
        return self._select_cards("promise", "customer.commitment", domain, SQL("date"))

    def _get_local_day(self, moment):
        """The day of a moment by the reader's clock."""
        tz = self.env.tz.zone
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, tz)

    # ------------------------------------------------------------------
    # The month plan
    # ------------------------------------------------------------------

    @api.model
    def _get_plan_days(self):
        """Next month, and until when it is to be planned as far as today.

        :return: (first day of next month, day of a plan still to be submitted)
        """
        today = fields.Date.context_today(self)
        month = today + relativedelta(day=1, months=1)
        policy = self.env["customer.archive.policy"]._get_policy(self.env.company)
        is_time = today >= month - relativedelta(days=policy.plan_days)
        return month, today if is_time else month - relativedelta(days=1)

    def _select_plans(self):
        """Next month's plan whatever its state, this month's while it is a draft."""
        month, day = self._get_plan_days()
        this_month = month - relativedelta(months=1)
        domain = Domain("user_id", "=", self.env.uid) & (
            Domain("month", "=", month)
            | (Domain("month", "=", this_month) & Domain("state", "=", "draft"))
        )
        return self._select_cards(
            "plan",
            "customer.visit.plan",
            domain,
            SQL(
                "CASE WHEN state <> 'draft' OR month < %s THEN month - 1 ELSE %s END",
                month,
                day,
            ),
        )

    def _select_plan_to_begin(self):
        """Next month's plan of somebody who has customers to visit, and none yet."""
        month, day = self._get_plan_days()
        plans = self.env["customer.visit.plan"]._search(
            [("user_id", "=", self.env.uid), ("month", "=", month)]
        )
        customers = self.env["customer.follow.up"]._search(
            [
                ("user_id", "=", self.env.uid),
                ("channel", "=", "visit"),
                ("due_date", "!=", False),
            ]
        )
        return SQL(
            """
            SELECT %(uid)s * %(size)s + %(source)s AS id, 'plan'::varchar AS kind,
                   0 AS res_id, %(day)s::date AS day, NULL::timestamp AS moment,
                   %(source)s AS sequence, 1 AS number
             WHERE EXISTS (%(customers)s) AND NOT EXISTS (%(plans)s)
            """,
            uid=self.env.uid,
            size=len(SOURCES),
            source=SOURCES.index("begin"),
            day=day,
            customers=customers.select(),
            plans=plans.select(),
        )

    # ------------------------------------------------------------------
    # What waits for a superior
    # ------------------------------------------------------------------

    def _select_approvals(self):
        return self._select_sum(
            "approval", "customer.approval", [("is_my_turn", "=", True)]
        )

    @api.model
    def _get_team_report_domain(self):
        """Reports that are late, of those the reader leads."""
        return [
            ("is_report_missing", "=", True),
            ("dossier_id.is_supervised", "=", True),
            ("user_id", "!=", self.env.uid),
        ]

    def _select_reports_of_teams(self):
        return self._select_sum(
            "team", "customer.visit", self._get_team_report_domain()
        )

    # ------------------------------------------------------------------
    # How much waits
    # ------------------------------------------------------------------

    @api.model
    def _count_waiting(self):
        """How many records wait for the reader, by kind of card.

        :return: (Counter of what is overdue, Counter of what is due today)
        """
        late, today = Counter(), Counter()
        if self.has_access("read"):
            stages = {STAGES[0][0]: late, STAGES[1][0]: today}
            waiting = Domain("stage", "in", list(stages)) & self._get_unsent_domain()
            groups = self._read_group(waiting, ["stage", "kind"], ["number:sum"])
            for stage, kind, number in groups:
                stages[stage][kind] = number
        return late, today

    @api.model
    def _get_unsent_domain(self):
        """All but the plans that are on their superior's desk already."""
        drafts = self.env["customer.visit.plan"]._search(
            [("user_id", "=", self.env.uid), ("state", "=", "draft")]
        )
        return (
            Domain("kind", "!=", "plan")
            | Domain("res_id", "=", 0)
            | Domain("res_id", "in", drafts)
        )

    # ------------------------------------------------------------------
    # What is on a card
    # ------------------------------------------------------------------

    def _get_record(self):
        """What the card stands for, as its reader."""
        self.ensure_one()
        self.check_access("read")
        return self.env[MODELS[self.kind]].browse(self.res_id).exists()

    @api.depends("kind", "res_id", "number")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_texts(self):
        describe = {
            "customer.follow.up": self._describe_follow_up,
            "customer.visit": self._describe_visit,
            "customer.commitment": self._describe_commitment,
            "customer.visit.plan": self._describe_plan,
        }
        self.update(dict.fromkeys((*TEXTS, "is_begun"), False))
        for model, cards in self.grouped(lambda card: MODELS.get(card.kind)).items():
            # as the reader: nobody reads on a card what he may not read
            records = self.env[model or "customer.visit.plan"].sudo(False)
            known = records.browse(cards.mapped("res_id")).exists()
            readable = {record.id: record for record in known._filtered_access("read")}
            for card in cards:
                if record := readable.get(card.res_id):
                    card.update(describe[model](record))
                elif not card.res_id:
                    card.update(card._describe_sum())

    @api.depends("kind")
    def _compute_icon(self):
        for card in self:
            card.icon = ICONS.get(card.kind)

    @api.model
    def _describe_customer(self, dossier):
        return {
            "title": dossier.partner_id.name,
            "tier_id": dossier.tier_id,
            "tier_code": dossier.tier_code,
        }

    @api.model
    def _get_label(self, record, name):
        """The value of a selection in the reader's language."""
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], False)

    @api.model
    def _describe_follow_up(self, follow_up):
        return {
            **self._describe_customer(follow_up.dossier_id),
            "person": follow_up.person_id.partner_id.name,
            "person_rank": self._get_label(follow_up, "person_rank"),
            "city": follow_up.partner_city,
            "phone": follow_up.phone,
            "note": follow_up.reason,
        }

    @api.model
    def _describe_visit(self, visit):
        person = visit.appointment_person_id or visit.person_ids[:1]
        numbers = (person.mobile_phone, person.phone, visit.partner_id.phone)
        is_confirmed = visit.state == "confirmed"
        return {
            **self._describe_customer(visit.dossier_id),
            "status": self._get_label(visit, "state"),
            "person": person.partner_id.name,
            "person_rank": self._get_label(person, "rank"),
            "city": visit.city,
            "phone": next(filter(None, numbers), False),
            "note": visit.objective,
            "is_begun": is_confirmed and visit.date_start <= fields.Datetime.now(),
        }

    @api.model
    def _describe_commitment(self, commitment):
        return {
            **self._describe_customer(commitment.dossier_id),
            "status": self._get_label(commitment, "kind"),
            "note": commitment.name,
        }

    @api.model
    def _describe_plan(self, plan):
        is_sent_back = plan.state == "draft" and plan.refusal_reason
        return {
            "title": self._get_plan_title(plan.month),
            "status": self.env._("Sent Back")
            if is_sent_back
            else self._get_label(plan, "state"),
            "note": is_sent_back or self._format_number(plan.line_count),
        }

    @api.model
    def _get_plan_title(self, month):
        return self.env._(
            "Visits of %(month)s",
            month=format_date(self.env, month, date_format="yyyy-MM"),
        )

    @api.model
    def _format_number(self, number):
        return self.env._("Customers to visit: %(number)s", number=number)

    def _describe_sum(self):
        """A card without a record of its own."""
        if self.kind == "plan":
            month, _day = self._get_plan_days()
            return {
                "title": self._get_plan_title(month),
                "status": self.env._("Not Begun"),
            }
        if self.kind == "approval":
            return {
                "title": self.env._("Waiting for my approval"),
                "status": self.env._("Requests: %(number)s", number=self.number),
            }
        return {
            "title": self.env._("Reports missing in my teams"),
            "status": self.env._("Reports: %(number)s", number=self.number),
        }

    def _search_title(self, operator, value):
        """By the customer, among the cards of the reader."""
        if operator not in ("ilike", "like", "=ilike", "="):
            return NotImplemented
        domains = []
        for model in dict.fromkeys(MODELS.values()):
            kinds = [kind for kind, name in MODELS.items() if name == model]
            if "dossier_id" in self.env[model]._fields:
                found = self.env[model]._search(
                    [("dossier_id.partner_name", operator, value)]
                )
                of_kind = Domain("kind", "in", kinds)
                domains.append(of_kind & Domain("res_id", "in", found.subselect()))
        return Domain.OR(domains)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_open(self):
        """Open what the card stands for; a plan not begun yet begins."""
        self.ensure_one()
        self.check_access("read")
        if self.kind == "approval":
            return self._open_action("customer_archive.customer_approval_action")
        if self.kind == "team":
            action = "customer_archive_visits.customer_visit_action_missing"
            return {
                **self._open_action(action),
                "domain": self._get_team_report_domain(),
            }
        if not self.res_id:
            return self._begin_plan()
        record = self._get_record()
        if self.kind in ("call", "due"):
            return record.action_open_dossier()
        return self._open_form(record)

    @api.model
    def _open_action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(name)

    @api.model
    def _open_form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @api.model
    def _begin_plan(self):
        """Next month's plan, filled with what falls due."""
        month, _day = self._get_plan_days()
        plans = self.env["customer.visit.plan"]
        plan = plans.search([("user_id", "=", self.env.uid), ("month", "=", month)])
        return self._open_form(plan[:1] or plans.create({"month": month}))

    def action_done(self):
        """Called, visited, visit made: what came of it is asked next."""
        return self._get_record().action_done()

    def action_plan_visit(self):
        return self._get_record().action_plan_visit()

    def action_not_reached(self):
        return self._get_record().action_not_reached()

    def action_postpone(self):
        return self._get_record().action_postpone()

    def action_report(self):
        return self._get_record().action_report()

    def action_keep(self):
        """What was promised is done."""
        return self._get_record().action_keep()
