from odoo import api, fields, models


class CustomerVisitPlan(models.Model):
    """The page on which a plan is approved, and what comes of it."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit.plan"

    line_count = fields.Integer(string="To Visit", compute="_compute_line_count")
    dropped_count = fields.Integer(string="Given Up", compute="_compute_line_count")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_overview")
    overview = fields.Html(compute="_compute_overview")
    planned_count = fields.Integer(string="Planned", compute="_compute_fact")
    made_count = fields.Integer(string="Made", compute="_compute_fact")
    reported_count = fields.Integer(string="Reported", compute="_compute_fact")
    missed_count = fields.Integer(string="Not Made", compute="_compute_fact")
    extra_count = fields.Integer(string="Unplanned", compute="_compute_fact")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_line_count(self):
        groups = self.env["customer.visit.plan.line"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"]
        )
        counts = {(plan.id, state): number for plan, state, number in groups}
        for plan in self:
            kept, given_up = (
                sum(counts.get((plan.id, state), 0) for state in states)
                for states in (("proposed", "approved"), ("dropped", "refused"))
            )
            plan.line_count, plan.dropped_count = kept, given_up

    @api.depends("state")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_overview(self):
        """Lines by week and town, and what is left out, under the reader's rights."""
        # one that is not saved yet has no lines
        plans = self._origin.sudo(False)
        lines = plans._get_lines().grouped("plan_id")
        undecided = plans.filtered(lambda plan: plan.state != "approved")
        left_out_by_plan = undecided._get_left_out()
        for plan in self:
            of_plan = lines.get(plan._origin, self.env["customer.visit.plan.line"])
            left_out = left_out_by_plan.get(
                plan._origin, self.env["customer.follow.up"]
            )
            plan.left_out_count = len(left_out)
            plan.overview = plan.env["ir.qweb"]._render(
                "customer_archive_visits.customer_visit_plan_overview",
                {
                    "weeks": of_plan._group_by_week(),
                    "given_up": of_plan._filter_given_up(),
                    "left_out": left_out,
                },
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_fact(self):
        """Plan against fact, of the visits that are open to the reader."""
        visits = self.env["customer.visit"].search_fetch(
            [
                ("user_id", "in", self.user_id.ids),
                ("plan_month", "in", self.mapped("month")),
            ],
            ["user_id", "plan_month", "dossier_id", "plan_kind", "state"],
        )
        by_plan = visits.grouped(lambda v: (v.user_id, v.plan_month, v.company_id))
        for plan in self:
            key = (plan.user_id, plan.month, plan.company_id)
            of_plan = by_plan.get(key, visits.browse())
            planned = of_plan.filtered(lambda v: v.plan_kind == "plan")
            extra = (of_plan - planned).filtered(lambda v: v.state != "cancelled")
            outcomes = planned.mapped("outcome")
            plan.planned_count = len(planned)
            plan.reported_count = outcomes.count("reported")
            plan.made_count = plan.reported_count + outcomes.count("made")
            plan.missed_count = outcomes.count("missed")
            plan.extra_count = len(extra)

    # ------------------------------------------------------------------
    # Approved
    # ------------------------------------------------------------------

    def _make_visits(self):
        """Make visits of the lines, in one batch.

        What whoever approved can't see he hasn't approved; nor is anybody sent to a
        customer whose dossier is closed to him by now.
        """
        seen = self._get_lines("proposed", "approved")
        # sudo: the rest of the lines, to say what became of them
        lines = self.sudo()._get_lines("proposed", "approved")
        unseen = lines - seen.sudo()
        unseen._set_state(
            "refused",
            drop_reason=self.env._("not open to whoever approved the plan"),
        )
        closed = lines.browse()
        for user, of_user in (lines - unseen).grouped("user_id").items():
            is_open = of_user.dossier_id._filter_open_to(user)
            closed |= of_user.filtered(
                lambda line, is_open=is_open: line.dossier_id.id not in is_open.ids
            )
        closed._set_state(
            "refused", drop_reason=self.env._("no longer this salesperson's customer")
        )
        over = lines.dossier_id._filter_over()
        ended = (lines - unseen - closed).filtered(lambda line: line.dossier_id in over)
        ended._set_state("refused", drop_reason=self.env._("the dossier was closed"))
        approved = lines - unseen - closed - ended
        approved._set_state("approved")
        approved.filtered(lambda line: not line.visit_id)._make_visits()
