from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..fields import BulkMany2one

LEVELS = [
    ("0", "Not Rated"),
    ("1", "1: Very Low"),
    ("2", "2: Low"),
    ("3", "3: Medium"),
    ("4", "4: High"),
    ("5", "5: Very High"),
]
# Written by evaluations and approved requests alone.
MANUAL_FIELDS = ("manual_tier_id", "manual_tier_end", "manual_tier_reason")
TIER_FIELDS = frozenset(("computed_tier_id", *MANUAL_FIELDS))


class CustomerDossier(models.Model):
    """The tier of a customer: as evaluated, as fixed by hand, and the one in force.

    ``tier_id`` is in force: the fixed one until its end date, else the evaluated one.
    Every change of it goes through :meth:`_apply_tiers` and is kept in the history.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    tier_id = fields.Many2one(group_expand="_expand_tiers")
    computed_tier_id = BulkMany2one(
        "customer.tier",
        string="Tier by Evaluation",
        readonly=True,
        help="As the last run left it, or as entered when the dossier was opened.",
    )
    manual_tier_id = fields.Many2one(
        "customer.tier",
        string="Fixed Tier",
        readonly=True,
        help="Holds instead of the evaluated tier, as an approved request asked.",
    )
    manual_tier_end = fields.Date(
        string="Fixed Until", readonly=True, help="Last day; empty: until changed."
    )
    manual_tier_reason = fields.Char(string="Fixed Because", readonly=True)
    tier_history_ids = fields.One2many("customer.tier.history", "dossier_id")
    tier_change_ids = fields.One2many(
        "customer.tier.change", "dossier_id", "Requests for Another Tier"
    )
    evaluation_ids = fields.One2many(
        "customer.tier.run.line", "dossier_id", "Evaluations"
    )
    past_tier_id = fields.Many2one(
        "customer.tier",
        string="Tier on That Day",
        compute="_compute_past_tier_id",
        search="_search_past_tier_id",
        help="The tier at the end of the day chosen; today's where none is.",
    )
    evaluation_id = fields.Many2one(
        "customer.tier.run.line", compute="_compute_evaluation_id"
    )
    evaluation_score = fields.Float(string="Score", compute="_compute_evaluation_id")

    # Ratings given by people, 1 to 5: S0-17, S4-8
    rating_region = fields.Selection(LEVELS, string="Region (Rating)")
    rating_strength = fields.Selection(LEVELS, string="Customer's Strength")
    rating_likelihood = fields.Selection(LEVELS, string="Likelihood of a Deal")
    rating_prospects = fields.Selection(LEVELS, string="Prospects")
    rating_demand = fields.Selection(LEVELS, string="Demand")

    _manual_end_idx = models.Index("(manual_tier_end) WHERE manual_tier_id IS NOT NULL")
    # The quota monitor counts on it alone.
    _quota_idx = models.Index(
        "(company_id, team_id, user_id, tier_id, id)"
        " WHERE active IS TRUE AND state = 'filed'"
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Take no default for what evaluations and approved requests write alone."""
        values = super().default_get(fields)
        return {name: values[name] for name in values if name not in TIER_FIELDS}

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a tier given at the opening is what evaluations start from."""
        self._check_tier_fields(set().union(*vals_list))
        default = self.default_get(["tier_id"])
        opened = []
        for vals in vals_list:
            tier_id = {**default, **vals}.get("tier_id")
            opened.append({**vals, "computed_tier_id": tier_id} if tier_id else vals)
        return super().create(opened)

    def write(self, vals):
        """Write; a tier entered while collecting takes the way of all tiers.

        :raises UserError: for a tier that only a run or a request may change
        """
        self._check_tier_fields(vals)
        if "tier_id" not in vals:
            return super().write(vals)
        tier_id = vals["tier_id"]
        if not self.env.su:
            self._check_collecting(tier_id)
        rest = {name: value for name, value in vals.items() if name != "tier_id"}
        result = super().write(rest)
        # asked of the dossier as it was, and again of what became of it
        self.check_access("write")
        self._enter_tier(tier_id)
        self.check_access("write")
        return result

    def _check_tier_fields(self, names):
        if not self.env.su and not TIER_FIELDS.isdisjoint(names):
            raise UserError(
                self.env._("A tier is fixed by an approved request. Ask for one.")
            )

    def _check_collecting(self, tier_id):
        """
        :raises UserError: when another tier is written on a dossier on file
        """
        for dossier in self:
            if dossier.state in ("draft", "review") or dossier.tier_id.id == tier_id:
                continue
            raise UserError(
                self.env._(
                    "The tier of %(dossier)s changes with a tier run, or by a request "
                    "that is approved. Ask for another tier with your reason.",
                    dossier=dossier.display_name,
                )
            )

    def _enter_tier(self, tier_id):
        changed = self.filtered(lambda dossier: dossier.tier_id.id != tier_id)
        if not changed:
            return
        # sudo: the user may write these dossiers; a fixed tier gives way to his
        changed.sudo().write(dict.fromkeys(MANUAL_FIELDS, False))
        self._apply_tiers(
            SQL(
                "SELECT id AS dossier_id, %s::int AS computed_tier_id,"
                " NULL::varchar AS reason FROM customer_dossier WHERE id IN %s",
                tier_id or None,
                tuple(changed.ids),
            ),
            cause="entry",
        ).modified(["tier_id"])

    @api.model
    def _expand_tiers(self, tiers, domain):
        """Beside quotas every tier has a column, the empty ones too."""
        is_pipeline = self.env.context.get("tier_shares")
        return tiers.search([("active", "=", True)]) if is_pipeline else tiers

    # ------------------------------------------------------------------
    # The one way a tier changes
    # ------------------------------------------------------------------

    @api.model
    def _to_sql_manual_tier(self):
        """The fixed tier of the dossier ``d`` while it holds, else NULL."""
        return SQL(
            "CASE WHEN d.manual_tier_end IS NULL OR d.manual_tier_end >= %s"
            " THEN d.manual_tier_id END",
            fields.Date.context_today(self),
        )

    @api.model
    def _apply_tiers(self, picked, cause, run=None, user=None):
        """Write evaluated tiers, the tiers that follow from them, and the history.

        One statement, whatever the number of dossiers. Where somebody saves one of
        them meanwhile, PostgreSQL refuses it and the caller tries again.

        :param SQL picked: a query of ``dossier_id, computed_tier_id, reason``
        :param str cause: of the history
        :param run: the tier run behind it
        :param user: who stands for it in the history; the current user otherwise
        :return: the dossiers whose tier in force is another now. What Odoo computes
            from a tier is for the caller to have recomputed
        """
        self.env["customer.dossier"].flush_model()
        self.env["customer.tier"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH picked AS (%(picked)s),
                fresh AS (
                    SELECT d.id, d.tier_id AS old_tier_id, picked.computed_tier_id,
                           picked.reason,
                           COALESCE(%(manual)s, picked.computed_tier_id) AS tier_id
                      FROM customer_dossier d
                      JOIN picked ON picked.dossier_id = d.id
                ), written AS (
                    UPDATE customer_dossier d
                       SET computed_tier_id = fresh.computed_tier_id,
                           tier_id = fresh.tier_id,
                           tier_code = t.code,
                           write_uid = %(uid)s,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM fresh
                 LEFT JOIN customer_tier t ON t.id = fresh.tier_id
                     WHERE fresh.id = d.id
                       AND (d.computed_tier_id, d.tier_id) IS DISTINCT FROM
                           (fresh.computed_tier_id, fresh.tier_id)
                )
                INSERT INTO customer_tier_history (
                    dossier_id, date, old_tier_id, tier_id, cause, run_id, user_id,
                    reason)
                SELECT id, clock_timestamp() AT TIME ZONE 'UTC', old_tier_id, tier_id,
                       %(cause)s, %(run)s, %(user)s, reason
                  FROM fresh
                 WHERE old_tier_id IS DISTINCT FROM tier_id
             RETURNING dossier_id
                """,
                picked=picked,
                manual=self._to_sql_manual_tier(),
                uid=self.env.uid,
                cause=cause,
                run=run.id if run else None,
                user=user.id if user else self.env.uid,
            )
        )
        self.env["customer.dossier"].invalidate_model(
            ["computed_tier_id", "tier_id", "tier_code", "tier_history_ids"]
        )
        self.env["customer.tier.history"].invalidate_model()
        changed = self.browse(row[0] for row in rows)
        if changed:
            changed._on_tier_changed(run)
        return changed

    def _on_tier_changed(self, run=None):
        """Hook: the tier in force of these dossiers has just become another.

        Called once for each batch, in the transaction that changes the tiers, with
        at most as many dossiers as a slice of a run holds.

        :param run: the tier run behind it. What can wait is better done once, at the
            end of a run that ``_is_in_slices`` (see its ``_finish_slices``)
        """

    @api.model
    def _cron_expire_manual_tiers(self):
        """Have fixed tiers end after their last day."""
        today = fields.Date.context_today(self)
        # a dossier that is archived now may come back
        expired = self.with_context(active_test=False).search(
            [("manual_tier_id", "!=", False), ("manual_tier_end", "<", today)]
        )
        expired._refresh_tiers("expiry")
        expired.write(dict.fromkeys(MANUAL_FIELDS, False))

    def _refresh_tiers(self, cause, reason=None):
        """Have the fixed or else the evaluated tier be in force again."""
        if self:
            self._apply_tiers(
                SQL(
                    "SELECT id AS dossier_id, computed_tier_id, %s::varchar AS reason"
                    " FROM customer_dossier WHERE id IN %s",
                    reason,
                    tuple(self.ids),
                ),
                cause,
            ).modified(["tier_id"])

    # ------------------------------------------------------------------
    # Who was A on 30 June?
    # ------------------------------------------------------------------

    @api.depends("tier_id")
    @api.depends_context("tier_date", "tz", "uid")
    def _compute_past_tier_id(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT d.id, %s FROM customer_dossier d WHERE d.id IN %s",
                self._to_sql_past_tier(),
                tuple(self.ids) or (0,),
            )
        )
        tiers = {dossier_id: tier_id for dossier_id, tier_id in rows if tier_id}
        for dossier in self:
            dossier.past_tier_id = tiers.get(dossier.id, False)

    def _search_past_tier_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        past = self._to_sql_past_tier()
        ids = tuple(filter(None, value))
        condition = SQL("(%s) IN %s", past, ids) if ids else SQL("FALSE")
        if False in value:
            condition = SQL("(%s OR (%s) IS NULL)", condition, past)
        rows = SQL("(SELECT d.id FROM customer_dossier d WHERE %s)", condition)
        return Domain("id", "in", rows)

    def _to_sql_past_tier(self):
        """The tier in force of the dossier ``d`` at the end of the day in context.

        The last change until then, else what the first change after it replaced,
        else the tier that never changed. NULL before the dossier was opened.
        """
        for name in ("customer.dossier", "customer.tier.history"):
            self.env[name].flush_model()
        date = self.env.context.get("tier_date")
        if not date:
            return SQL("d.tier_id")
        # dates are meant as the reader's clock shows them, and kept in UTC
        midnight = datetime.combine(fields.Date.to_date(date), time.min)
        end = self.env.tz.localize(midnight + timedelta(days=1)).astimezone(UTC)
        return SQL(
            """
            CASE WHEN d.open_date > %(date)s THEN NULL ELSE NULLIF(COALESCE(
                (SELECT COALESCE(h.tier_id, 0) FROM customer_tier_history h
                  WHERE h.dossier_id = d.id AND h.date < %(end)s
               ORDER BY h.date DESC, h.id DESC LIMIT 1),
                (SELECT COALESCE(h.old_tier_id, 0) FROM customer_tier_history h
                  WHERE h.dossier_id = d.id AND h.date >= %(end)s
               ORDER BY h.date, h.id LIMIT 1),
                d.tier_id), 0) END
            """,
            date=date,
            end=end.replace(tzinfo=None),
        )

    # ------------------------------------------------------------------
    # Evaluation
    # ------------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_evaluation_id(self):
        """The sheet of the last run that is applied, where the user may read it."""
        lines = self.env["customer.tier.run.line"].search(
            [("dossier_id", "in", self.ids), ("run_state", "=", "applied")],
            order="id",
        )
        # sudo: when a run was applied; the lines were found as the user
        lines = lines.sorted(lambda line: line.run_id.sudo().applied_date)
        last = {line.dossier_id.id: line for line in lines}
        for dossier in self:
            dossier.evaluation_id = last.get(dossier.id, lines.browse())
            dossier.evaluation_score = dossier.evaluation_id.score

    def action_open_evaluation(self):
        """The sheet that says how the customer was evaluated last."""
        self.check_access("read")
        if not self.evaluation_id:
            raise UserError(self.env._("The customer was not evaluated yet."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Evaluation of %(customer)s", customer=self.display_name
            ),
            "res_model": "customer.tier.run.line",
            "res_id": self.evaluation_id.id,
            "views": [
                (
                    self.env.ref(
                        "customer_archive.customer_tier_run_line_view_sheet"
                    ).id,
                    "form",
                )
            ],
        }

    def action_ask_tier(self):
        """Ask for another tier, with a reason (S0-29)."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Another Tier"),
            "res_model": "customer.tier.change",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dossier_id": self.id},
        }
