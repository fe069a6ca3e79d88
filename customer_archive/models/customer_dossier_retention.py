from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class CustomerDossier(models.Model):
    """Until when a dossier is kept, by when it is destroyed, and what is against it.

    Both dates follow from the retention class and its event (S2-21, S2-59).
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    retention_class_id = fields.Many2one(
        "customer.retention.class",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the one the company has chosen for its dossiers.",
    )
    closed_date = fields.Date(
        string="Closed On", compute="_compute_closed_date", store=True
    )
    contract_end_date = fields.Date(
        string="Contracts End On",
        compute="_compute_contract_end_date",
        store=True,
        help="The latest end of the contracts on file.",
    )
    last_order_date = fields.Date(
        string="Last Order", compute="_compute_last_order_date", store=True
    )
    keep_until = fields.Date(
        string="Kept Until",
        compute="_compute_retention",
        store=True,
        index="btree_not_null",
        help="Not destroyed before; empty while the cooperation goes on (S2-59).",
    )
    destroy_by = fields.Date(compute="_compute_retention", store=True)
    hold_ids = fields.One2many("customer.legal.hold", "dossier_id", "Legal Holds")
    is_held = fields.Boolean(
        string="On Hold", compute="_compute_is_held", search="_search_is_held"
    )
    is_expired = fields.Boolean(
        string="Term Over",
        compute="_compute_is_expired",
        search="_search_is_expired",
        help="Its term is over and nothing stands against destroying it.",
    )
    is_expiring = fields.Boolean(
        string="Term Soon Over",
        compute="_compute_is_expired",
        search="_search_is_expiring",
    )

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_closed_date(self):
        today = fields.Date.context_today(self)
        for dossier in self:
            if dossier.state == "closed":
                dossier.closed_date = dossier.closed_date or today
            elif dossier.state != "destroyed":
                dossier.closed_date = False

    @api.depends("document_ids.active", "document_ids.end_date")
    def _compute_contract_end_date(self):
        for dossier in self:
            documents = dossier.document_ids.filtered("active")
            ends = filter(None, documents.mapped("end_date"))
            dossier.contract_end_date = max(ends, default=False)

    @api.depends("transaction_ids.active", "transaction_ids.date")
    def _compute_last_order_date(self):
        for dossier in self:
            orders = dossier.transaction_ids.filtered("active")
            dates = filter(None, orders.mapped("date"))
            dossier.last_order_date = max(dates, default=False)

    @api.depends(
        "closed_date",
        "contract_end_date",
        "last_order_date",
        "retention_class_id.event",
        "retention_class_id.term_months",
        "retention_class_id.shelf_life_months",
        "retention_class_id.max_months",
        "company_id",
    )
    def _compute_retention(self):
        for policy, dossiers in self._group_by_policy():
            for dossier in dossiers:
                kept = dossier._get_retention_class(policy)
                dates = kept._get_dates(dossier._get_event_date(kept.event))
                dossier.keep_until, dossier.destroy_by = dates

    def _get_retention_class(self, policy):
        """The class that holds: the dossier's own, or the company's."""
        if self.retention_class_id:
            return self.retention_class_id
        if not self.last_order_date and policy.no_deal_class_id:
            return policy.no_deal_class_id
        return policy.retention_class_id

    def _get_event_date(self, event):
        """When the term begins; False while the dossier is in force."""
        closed = self.closed_date
        if not closed:
            return False
        happened = {
            "contract_end": self.contract_end_date,
            "last_order": self.last_order_date,
        }.get(event)
        return happened or closed

    # ------------------------------------------------------------------
    # What may be destroyed
    # ------------------------------------------------------------------

    @api.depends("hold_ids.date_end")
    def _compute_is_held(self):
        for dossier in self:
            dossier.is_held = any(not hold.date_end for hold in dossier.hold_ids)

    def _search_is_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("hold_ids", "any", [("date_end", "=", False)])

    @api.depends("keep_until", "is_held", "state")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for policy, dossiers in self._group_by_policy():
            soon = today + timedelta(days=policy.expiry_warning_days)
            for dossier in dossiers:
                until = not dossier.is_held and dossier.keep_until
                counts = bool(until) and dossier.state == "closed"
                dossier.is_expired = counts and until < today
                dossier.is_expiring = counts and today <= until < soon

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return self._get_free_domain() & Domain("keep_until", "<", today)

    def _search_is_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        policies = self.env["customer.archive.policy"]
        return (
            self._get_free_domain()
            & Domain("keep_until", ">=", today)
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & Domain("keep_until", "<", today + timedelta(days=days))
                for company in self.env.companies
                for days in [policies._get_policy(company).expiry_warning_days]
            )
        )

    @api.model
    def _get_free_domain(self):
        return Domain("state", "=", "closed") & ~self._search_is_held("in", [True])

    def _get_keeping_reasons(self):
        """Why nothing of these dossiers may be erased yet, each in a sentence."""
        today = fields.Date.context_today(self)
        reasons = []
        for dossier in self:
            if dossier.is_held:
                reasons.append(
                    self.env._(
                        "Dossier %(number)s is on legal hold.", number=dossier.number
                    )
                )
            if dossier.keep_until and dossier.keep_until >= today:
                reasons.append(
                    self.env._(
                        "Dossier %(number)s must be kept until %(date)s.",
                        number=dossier.number,
                        date=format_date(self.env, dossier.keep_until),
                    )
                )
        return reasons

    # ------------------------------------------------------------------
    # Many at once
    # ------------------------------------------------------------------

    @api.model
    def _recompute_retention(self, low, high):
        """Do what ``_compute_retention`` does, in one statement.

        :return: number of dossiers changed
        """
        self.flush_model()
        self.env["customer.archive.policy"].flush_model()
        self.env["customer.retention.class"].flush_model()
        default = self.env["customer.archive.policy"].new({})
        rows = self.env.execute_query(
            SQL(
                """
                WITH fresh AS (
                    SELECT d.id,
                           (e.day + make_interval(months => GREATEST(
                               c.term_months, COALESCE(c.shelf_life_months, 0)
                           )))::date AS keep_until,
                           (e.day + make_interval(
                               months => NULLIF(c.max_months, 0)
                           ))::date AS destroy_by
                      FROM customer_dossier d
                 LEFT JOIN customer_archive_policy p ON p.company_id = d.company_id
                 LEFT JOIN customer_retention_class c ON c.id = COALESCE(
                           d.retention_class_id,
                           CASE WHEN d.last_order_date IS NULL THEN CASE
                                WHEN p.id IS NULL THEN %(no_deal)s
                                ELSE p.no_deal_class_id END END,
                           CASE WHEN p.id IS NULL THEN %(usual)s
                                ELSE p.retention_class_id END)
        CROSS JOIN LATERAL (
                    SELECT CASE WHEN d.closed_date IS NULL THEN NULL
                           ELSE COALESCE(CASE c.event
                               WHEN 'contract_end' THEN d.contract_end_date
                               WHEN 'last_order' THEN d.last_order_date
                           END, d.closed_date) END AS day
                    ) e
                     WHERE d.id >= %(low)s AND d.id < %(high)s
                )
                UPDATE customer_dossier d
                   SET keep_until = fresh.keep_until, destroy_by = fresh.destroy_by
                  FROM fresh
                 WHERE fresh.id = d.id
                   AND (d.keep_until, d.destroy_by) IS DISTINCT FROM
                       (fresh.keep_until, fresh.destroy_by)
             RETURNING d.id
                """,
                no_deal=default.no_deal_class_id.id or None,
                usual=default.retention_class_id.id or None,
                low=low,
                high=high,
            )
        )
        self.invalidate_model(["keep_until", "destroy_by"])
        return len(rows)
