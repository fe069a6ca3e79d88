from decimal import ROUND_HALF_UP, Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..fields import BulkMany2one

# What managers change of a proposal.
CHANGED_FIELDS = frozenset(("final_tier_id", "change_reason"))
MOVES = [("up", "Up"), ("down", "Down"), ("new", "First Time"), ("same", "Same")]


class CustomerTierRunLine(models.Model):
    """A customer in a run: score, place, proposed and final tier (S4-8).

    Of an applied run this is the customer's evaluation sheet (成交客户分级评价表).
    A million lines are written at once, so they carry no more than they need.
    """

    _name = "customer.tier.run.line"
    _inherit = ["customer.dossier.item"]
    _description = "Evaluation of a Customer"
    # the place in the ranking is content: lists ask for it, others don't sort by it
    _order = "id desc"
    _history = False
    _log_access = False

    # no key here either: a dossier is deleted with what hangs on it
    dossier_id = BulkMany2one("customer.dossier", required=True, index=True)
    run_id = BulkMany2one("customer.tier.run", required=True, readonly=True)
    run_state = fields.Selection(related="run_id.state", string="State of the Run")
    run_name = fields.Char(related="run_id.name", string="Name of the Run")
    is_last = fields.Boolean(related="run_id.is_last")
    owner_id = fields.Many2one(related="dossier_id.user_id")
    position = fields.Integer(
        string="Place in the Ranking", readonly=True, aggregator=None
    )
    score = fields.Float(digits=(7, 2), readonly=True, aggregator=None, help="Of 100.")
    reached = fields.Float(
        readonly=True,
        aggregator=None,
        help="The place on the scale of the scheme's limits: place in the ranking, "
        "percent of the value better customers bring, or points.",
    )
    old_tier_id = BulkMany2one("customer.tier", string="Tier Before", readonly=True)
    computed_before_id = BulkMany2one(
        "customer.tier",
        string="Evaluated Before",
        readonly=True,
        help="What undoing the run restores.",
    )
    proposed_tier_id = BulkMany2one(
        "customer.tier", string="Proposed Tier", readonly=True
    )
    final_tier_id = BulkMany2one("customer.tier", string="Final Tier")
    hold = fields.Selection(
        [
            ("band", "Kept by the Boundary Band"),
            ("small", "Too Few Customers"),
            ("manual", "Fixed by Hand"),
        ],
        string="Kept",
        readonly=True,
    )
    move = fields.Selection(MOVES, readonly=True, group_expand="_expand_moves")
    candidate = fields.Selection(
        [("up", "Upgrade"), ("down", "Downgrade"), ("new", "First Time")],
        readonly=True,
        group_expand="_expand_moves",
        help="The ranking alone would have put the customer elsewhere (S4-13, S4-14).",
    )
    changed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    change_reason = fields.Char(
        string="Changed Because", help="Why the final tier is not the proposed one."
    )
    reason = fields.Char(compute="_compute_reason")
    detail = fields.Json(readonly=True)
    sheet = fields.Html(
        string="Evaluation Sheet",
        compute="_compute_sheet",
        help="Each criterion with its value, its points and its part of the sum.",
    )

    _run_place_idx = models.Index("(run_id, position, id)")
    _changed_needs_reason = models.Constraint(
        "CHECK(changed_by_id IS NULL OR change_reason <> '')",
        "Give the reason why the tier is another than proposed.",
    )

    def _get_item_name(self):
        # sudo: the scheme and the day, to whoever may read a line of the run
        return self.run_id.sudo().name

    @api.model
    def _expand_moves(self, moves, domain):
        """Who goes up comes first, who stays comes last."""
        return [move for move, _label in MOVES if move in moves]

    # ------------------------------------------------------------------
    # Reasons
    # ------------------------------------------------------------------

    @api.depends("position", "reached", "score", "hold", "final_tier_id", "run_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            line.reason = " ".join(filter(None, line._get_reasons()))

    def _get_reasons(self):
        """Sentences that say why the customer is where it is."""
        # sudo: the terms of a run (its limits) explain a line the user may read
        run = self.run_id.sudo()
        terms = run.terms or {}
        yield self._get_place_reason(run)
        reached_id, text = self._get_limit_reason(run)
        yield text
        if self.hold == "small" or run.line_count < terms.get("least", 0):
            yield self.env._(
                "Fewer than %(count)d customers: nobody moves.",
                count=terms.get("least", 0),
            )
        elif reached_id != self.proposed_tier_id.id:
            yield self.env._(
                "Kept in %(tier)s: not further than %(band)g past the border.",
                tier=self.proposed_tier_id.code,
                band=terms.get("band", 0),
            )
        if self.hold == "manual":
            yield self.env._("The tier is fixed by hand for now.")
        if self.change_reason:
            yield self.change_reason

    def _get_place_reason(self, run):
        """Where the customer stands."""
        values = {"position": self.position, "count": run.line_count}
        match (run.terms or {}).get("method"):
            case "score":
                return self.env._("%(score).1f points of 100.", score=self.score)
            case "pareto":
                return self.env._(
                    "Place %(position)d of %(count)d; better customers bring "
                    "%(share).1f %% of the value.",
                    share=self.reached,
                    **values,
                )
        return self.env._(
            "Place %(position)d of %(count)d with %(score).1f points.",
            score=self.score,
            **values,
        )

    def _get_limit_reason(self, run):
        """The tier where the evaluation alone puts the customer, and its limits.

        :return: id of the tier, sentence
        """
        first = 0
        for tier_id, code, limit in run.ladder or ():
            is_last = tier_id == run.ladder[-1][0]
            values = {"tier": code, "first": first, "limit": limit}
            match (run.terms or {}).get("method"):
                case "score":
                    if is_last or self.reached >= limit:
                        text = self.env._("%(tier)s: from %(limit)g points.", **values)
                        return tier_id, text
                case "pareto":
                    if is_last or self.reached < limit:
                        text = self.env._(
                            "%(tier)s: from %(first)g %% to %(limit)g %%.", **values
                        )
                        return tier_id, text
                    first = limit
                case _:
                    last = run.line_count if is_last else self._get_place(run, limit)
                    if is_last or self.reached <= last:
                        text = self.env._(
                            "%(tier)s: place %(first)d to %(last)d.",
                            **values | {"first": first + 1, "last": last},
                        )
                        return tier_id, text
                    first = last
        return self.proposed_tier_id.id, ""

    @staticmethod
    def _get_place(run, limit):
        """The last place of a tier, rounded as the statement does."""
        place = Decimal(str(limit)) * run.line_count / 100
        return int(place.quantize(Decimal(1), ROUND_HALF_UP))

    # ------------------------------------------------------------------
    # Evaluation sheet (成交客户分级评价表)
    # ------------------------------------------------------------------

    @api.depends("detail", "score", "run_id")
    @api.depends_context("lang")
    def _compute_sheet(self):
        for line in self:
            line.sheet = self.env["ir.qweb"]._render(
                "customer_archive.customer_tier_sheet",
                {"line": line, "rows": line._get_sheet_rows()},
            )

    def _get_sheet_rows(self):
        """The sheet, criterion by criterion.

        :return: list of dictionaries: ``name``, ``value`` (text), ``points``,
            ``weight`` in percent, ``part`` of the score
        """
        self.ensure_one()
        # sudo: the terms of a run (its criteria) explain a line the user may read
        criteria = self.run_id.sudo().criteria or []
        total = sum(criterion["weight"] for criterion in criteria)
        rows = []
        for criterion in criteria:
            value, points = self.detail[str(criterion["id"])]
            weight = criterion["weight"] / total
            rows.append(
                {
                    "name": self._get_criterion_name(criterion),
                    "value": self._format_value(criterion, value),
                    "points": points,
                    "weight": 100 * weight,
                    "part": points * weight,
                }
            )
        return rows

    def _get_criterion_name(self, criterion):
        names = criterion["name"]
        return names.get(self.env.lang) or next(iter(names.values()))

    def _format_value(self, criterion, value):
        """A value as a person reads it: an amount, a percentage, days."""
        if value is None:
            return self.env._("Not known")
        match criterion["measure"] or criterion["source"]:
            case "amount" | "profit":
                # sudo: the currency of amounts the user reads
                currency = self.company_id.sudo().currency_id
                return formatLang(self.env, value, currency_obj=currency)
            case "growth":
                return self.env._("%(percent)s %%", percent=self._format_number(value))
            case "recency":
                return self.env._("%(count)d days", count=value)
        return self._format_number(value)

    def _format_number(self, value):
        return formatLang(self.env, value, digits=0 if value == int(value) else 2)

    # ------------------------------------------------------------------
    # Changing the proposal
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write; the final tier is changed with a reason, while the run is proposed.

        :raises UserError: otherwise
        """
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        if not CHANGED_FIELDS.issuperset(vals):
            raise UserError(self.env._("The evaluation is not written by hand."))
        runs = self.run_id
        runs._check_state("proposed")
        if "final_tier_id" not in vals:
            return super().write(vals)
        if not vals.get("final_tier_id"):
            raise UserError(self.env._("Choose the tier."))
        vals = {**vals, "changed_by_id": self.env.uid}
        back = self.filtered(
            lambda line: line.proposed_tier_id.id == vals["final_tier_id"]
        )
        if self - back and not (vals.get("change_reason") or "").strip():
            if not all((self - back).mapped("change_reason")):
                raise UserError(
                    self.env._("Give the reason why the tier is another than proposed.")
                )
        super(CustomerTierRunLine, self - back).write(vals)
        super(CustomerTierRunLine, back).write(
            {**vals, "changed_by_id": False, "change_reason": False}
        )
        self._compare_moves()
        for run in runs:
            run._count_moves()
        return True

    def action_adjust(self):
        """Ask for another tier for these customers, with the reason."""
        self.check_access("write")
        self.run_id._check_state("proposed")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Tier"),
            "res_model": "customer.tier.adjust",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def action_print(self):
        """The sheet on paper, as the customer's last evaluation."""
        self.check_access("read")
        report = self.env.ref("customer_archive.evaluation_sheet_report")
        return report.report_action(self.dossier_id.ids)

    def _compare_moves(self):
        """Say anew where these customers move."""
        self.flush_recordset()
        for run, lines in self.grouped("run_id").items():
            # sudo: where a line the user has just changed now goes
            run = run.sudo()
            move = run._to_sql_compare(
                SQL(
                    "COALESCE(%s, l.final_tier_id)",
                    self.env["customer.dossier"]._to_sql_manual_tier(),
                ),
                SQL("l.old_tier_id"),
                "same",
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE customer_tier_run_line l SET move = %s"
                    " FROM customer_dossier d WHERE d.id = l.dossier_id AND l.id IN %s",
                    move,
                    tuple(lines.ids),
                )
            )
        self.invalidate_recordset(["move"])

    def _move_to_dossier(self, dossier):
        """Stay: this is how the merged customer was evaluated, not the other one."""
