from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.customer_account_plan import CONTENT, SECTIONS
from .visit_common import VisitCommon

PLAN, ACTION = "customer.account.plan", "customer.account.plan.action"


class PlanCommon(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier.write({"state": "filed", "strategy": "Sell them the blue line"})
        cls.boss.write(
            {
                "attitude": "positive",
                "buying_role": "decision_maker",
                "liaison_ids": [Command.set(cls.seller.ids)],
                "concerns": "Late deliveries",
            }
        )
        cls.day = fields.Date.today() + timedelta(days=30)

    @classmethod
    def _write_plan(cls, user=None, dossier=None, **vals):
        plans = cls.env[PLAN].with_user(user or cls.seller)
        return plans.create(
            {
                "dossier_id": (dossier or cls.dossier).id,
                "year": 2030,
                "summary": "Grow",
                "action_ids": [
                    Command.create({"name": "Show samples", "date": cls.day})
                ],
                **vals,
            }
        )

    @classmethod
    def _approve(cls, plan):
        plan.action_submit()
        plan.with_user(cls.leader).action_approve()
        plan.with_user(cls.manager).action_approve()
        return plan

    def _desk(self, records, user):
        return (
            self.env["mail.activity"]
            .with_user(user)
            .search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        )


@tagged("post_install", "-at_install", "customer_plan")
class TestAccountPlan(PlanCommon):
    # The texts -----------------------------------------------------------------

    def test_five_sections_begin_with_what_is_known(self):
        # S1-23, S1-2
        self.env["customer.fact"].create(
            [
                {"dossier_id": self.dossier.id, "topic": topic, "information": text}
                for topic, text in (
                    ("overview", "Moved house"),
                    ("market", "Rival Inc. cut prices"),
                    ("plans", "Wants a second line"),
                )
            ]
        )
        year = date.today().year
        self.env["customer.transaction"].create(
            [
                {"dossier_id": self.dossier.id, "date": f"{year}-01-02", "amount": 70},
                {"dossier_id": self.dossier.id, "date": f"{year}-01-03", "amount": 5},
                {"dossier_id": self.dossier.id, "date": "1999-01-02", "amount": 9876},
            ]
        )
        self.dossier.write(
            {"advantages": "Near by", "our_relations": "Partners since school"}
        )
        plan = self.env[PLAN].with_user(self.seller)
        plan = plan.create({"dossier_id": self.dossier.id})
        self.assertEqual(len(SECTIONS), 5)
        for name, texts in {
            "overview_persons": ("Xerxes Hush", "Yolanda Hush"),
            "overview_events": ("Moved house",),
            "overview_swot": ("\n",),
            "overview_needs": ("Wants a second line", "Late deliveries"),
            "rival_status": ("Rival Inc. cut prices",),
            "history": ("Partners since school",),
            "business": (str(year), "75.00", "(2)"),
            "our_swot": ("Near by",),
            "relations": ("Xerxes Hush", "Seller"),
            "objectives": ("Sell them the blue line",),
        }.items():
            for text in texts:
                self.assertIn(text, plan[name], name)
        self.assertNotIn("9,876", plan.business)

    def test_authors_words_are_kept(self):
        # S1-23
        with Form(self.env[PLAN].with_user(self.seller)) as form:
            form.dossier_id = self.dossier
            self.assertIn("Xerxes Hush", form.overview_persons)
            form.overview_persons = "Only Xerxes matters"
            form.rival_strengths = "Cheap"
        plan = form.record
        self.dossier.strategy = "Another"
        self.assertEqual(plan.overview_persons, "Only Xerxes matters")
        self.assertEqual(plan.rival_strengths, "Cheap")
        self.assertEqual(plan.objectives, "Sell them the blue line")

    def test_a_form_proposes_nothing_of_a_closed_dossier(self):
        hidden = self._new_dossier("Hidden Works", self.heir)
        hidden.strategy = "Hidden strategy"
        plans = self.env[PLAN].with_user(self.seller)
        spec = {name: {} for name in CONTENT} | {"dossier_id": {}}
        for dossier, expected in ((self.dossier, True), (hidden, False)):
            try:
                answer = plans.onchange(
                    {"dossier_id": dossier.id}, ["dossier_id"], spec
                )
            except AccessError:
                answer = {}
            self.assertEqual("Hush" in str(answer), expected)
            self.assertNotIn("Hidden strategy", str(answer))

    # The way -------------------------------------------------------------------

    def test_draft_review_approved_filed(self):
        # S1-24
        plan = self._write_plan()
        plan.action_submit()
        self.assertEqual(plan.state, "review")
        with self.assertRaises(UserError):
            plan.action_approve()
        with self.assertRaises(UserError):
            plan.with_user(self.manager).action_file()
        plan.with_user(self.leader).summary = "Grow, said the head"
        plan.with_user(self.leader).action_approve()
        self.assertEqual(plan.state, "review")
        plan.with_user(self.manager).action_approve()
        self.assertEqual(
            (plan.state, plan.approved_by_id, plan.summary),
            ("approved", self.manager, "Grow, said the head"),
        )
        for user in (self.seller, self.leader, self.manager):
            with self.assertRaises(UserError):
                plan.with_user(user).action_file()
        plan.with_user(self.keeper).action_file()
        self.assertEqual((plan.state, plan.filed_by_id), ("filed", self.keeper))

    def test_returned_with_a_reason(self):
        # S1-24
        plan = self._write_plan()
        plan.action_submit()
        plan.with_user(self.leader).approval_id._decide("refused", "Too tame")
        self.assertEqual((plan.state, plan.refusal_reason), ("draft", "Too tame"))
        plan.action_submit()
        plan.action_withdraw()
        self.assertEqual(plan.state, "draft")
        self.assertFalse(plan.approval_id)

    def test_nothing_is_submitted_half_written(self):
        for vals in ({"summary": " "}, {"action_ids": []}):
            plan = self._write_plan(dossier=self._new_dossier(str(vals)), **vals)
            with self.assertRaises(UserError):
                plan.action_submit()

    def test_only_buttons_move_a_plan(self):
        # S1-24
        plan = self._write_plan()
        for user in (self.seller, self.leader, self.manager, self.keeper):
            for vals in ({"state": "approved"}, {"version": 7}, {"previous_id": 1}):
                with self.assertRaises(UserError):
                    plan.with_user(user).write(vals)
                with self.assertRaises(UserError):
                    self._write_plan(user, year=2031, **vals)
        plan.action_submit()
        for user in (self.seller, self.keeper):
            for vals in ({"summary": "x"}, {"year": 2032}):
                with self.assertRaises(UserError):
                    plan.with_user(user).write(vals)
            with self.assertRaises(UserError):
                plan.action_ids.with_user(user).name = "x"
        with self.assertRaises(UserError):
            plan.unlink()

    def test_one_plan_a_year(self):
        # S1-24
        self._write_plan()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self._write_plan()
        self.assertIn("version", str(caught.exception))
        self._write_plan(year=2031)

    # Versions ------------------------------------------------------------------

    def test_only_the_head_has_a_plan_adjusted(self):
        # S1-24
        plan = self._approve(self._write_plan(rival_status="Calm <b>"))
        for user in (self.seller, self.leader, self.manager, self.keeper):
            with self.assertRaises(UserError):
                plan.with_user(user).rival_status = "Stormy"
            with self.assertRaises(UserError):
                plan.action_ids.with_user(user).date = date(2031, 1, 1)
            with self.assertRaises(UserError):
                plan.action_ids.with_user(user).unlink()
        for user in (self.seller, self.leader, self.keeper):
            with self.assertRaises(UserError):
                plan.with_user(user).action_revise()
        action = plan.with_user(self.manager).action_revise()
        adjusted = self.env[PLAN].with_user(self.manager).browse(action["res_id"])
        self.assertEqual((adjusted.version, adjusted.state), (2, "draft"))
        again = plan.with_user(self.manager).action_revise()
        self.assertEqual(again["res_id"], adjusted.id)
        self.assertEqual(plan.state, "approved")
        adjusted.rival_status = "Calm and <b> cold"
        adjusted.action_ids.date = self.day + timedelta(days=5)
        plan.action_ids.write({"state": "done", "result": "They liked them"})
        adjusted.action_submit()
        self.assertEqual((adjusted.state, plan.state), ("approved", "superseded"))
        self.assertEqual(adjusted.action_ids.state, "done")
        self.assertEqual(adjusted.action_ids.result, "They liked them")
        self.assertEqual(plan.rival_status, "Calm <b>")
        comparison = adjusted.with_user(self.seller).comparison
        self.assertIn("Calm<ins> and</ins> &lt;b&gt;<ins> cold</ins>", comparison)
        self.assertNotIn("<b>", comparison)
        self.assertEqual(comparison.count("<tr>"), 3, "head, status, actions")
        self.assertFalse(plan.comparison)

    def test_an_adjustment_written_by_the_author_is_approved_again(self):
        # S1-24
        plan = self._approve(self._write_plan())
        action = plan.with_user(self.manager).action_revise()
        adjusted = self.env[PLAN].with_user(self.seller).browse(action["res_id"])
        adjusted.summary = "Shrink"
        adjusted.action_submit()
        self.assertEqual((adjusted.state, plan.state), ("review", "approved"))
        adjusted.with_user(self.leader).action_approve()
        adjusted.with_user(self.manager).action_approve()
        self.assertEqual((adjusted.state, plan.state), ("approved", "superseded"))

    # Actions -------------------------------------------------------------------

    def test_actions_in_force_are_on_the_desk(self):
        # S1-23
        plan = self._write_plan(
            action_ids=[
                Command.create({"name": name, "date": self.day, "user_id": user.id})
                for name, user in (("a", self.seller), ("b", self.leader))
            ]
        )
        actions = plan.action_ids
        self.assertFalse(self._desk(actions, self.leader))
        self._approve(plan)
        mine = self._desk(actions, self.seller).filtered(
            lambda activity: activity.user_id == self.seller
        )
        self.assertEqual((mine.date_deadline, len(mine)), (self.day, 1))
        mine.action_feedback(feedback="They liked them")
        first, second = actions.sorted("id")
        self.assertEqual((first.state, first.result), ("done", "They liked them"))
        second.with_user(self.leader).action_done()
        self.assertFalse(self._desk(actions, self.leader))
        second.with_user(self.leader).action_reopen()
        self.assertEqual(len(self._desk(actions, self.leader)), 1)

    def test_nobody_acts_where_he_may_not_read(self):
        for user in (self.heir, self.stranger):
            with self.assertRaises(UserError):
                self._write_plan(
                    year=2040,
                    action_ids=[
                        Command.create(
                            {"name": "x", "date": self.day, "user_id": user.id}
                        )
                    ],
                )

    def test_a_new_owner_goes_on(self):
        plan = self._approve(self._write_plan())
        draft = self._write_plan(year=2031)
        self.dossier.with_user(self.manager).user_id = self.heir
        self.assertEqual(plan.sudo().action_ids.user_id, self.heir)
        self.assertEqual(self._desk(plan.action_ids, self.heir).user_id, self.heir)
        self.assertEqual(draft.sudo().user_id, self.heir)
        self.assertEqual(plan.sudo().user_id, self.seller)

    # Who sees it ---------------------------------------------------------------

    def test_a_plan_is_as_open_as_its_dossier(self):
        # S1-24
        plan = self._write_plan()
        for user in (self.seller, self.leader, self.manager, self.keeper):
            self.assertEqual(plan.with_user(user).search([("id", "=", plan.id)]), plan)
            self.assertEqual(plan.action_ids.with_user(user).name, "Show samples")
        for user in (self.heir, self.mate):
            records = plan.with_user(user), plan.action_ids.with_user(user)
            for record in records:
                with self.assertRaises(AccessError):
                    record.read(["dossier_id"])
                with self.assertRaises(AccessError):
                    record.write({"dossier_id": self.dossier.id})
                self.assertNotIn("2030", record.display_name)
            with self.assertRaises(AccessError):
                self._write_plan(user, year=2033)

    def test_customers_without_a_plan_are_found(self):
        # S1-24
        other = self._new_dossier("Planless Works")
        self._write_plan(year=date.today().year)
        dossiers = self.env["customer.dossier"].with_user(self.seller)
        domain = [
            ("id", "in", (self.dossier | other).ids),
            ("account_plan_ids", "not any", [("year", "=", date.today().year)]),
        ]
        self.assertEqual(dossiers.search(domain), other)

    def test_merged_customers_keep_their_plans(self):
        other = self._new_dossier("Merged Works")
        mine = self._write_plan(year=2030)
        same = self._write_plan(dossier=other, year=2030)
        later = self._write_plan(dossier=other, year=2031)
        (same | later).with_user(self.manager)._move_to_dossier(self.dossier)
        self.assertEqual(mine.dossier_id, self.dossier)
        self.assertEqual(same.dossier_id, other)
        self.assertEqual(later.dossier_id, self.dossier)
        self.assertEqual(later.action_ids.dossier_id, self.dossier)

    def test_starting_texts_cost_the_same_for_many(self):
        dossiers = [self._new_dossier(f"Works {n}") for n in range(6)]
        plans = self.env[PLAN].with_user(self.seller)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans.create([{"dossier_id": dossier.id} for dossier in some])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(dossiers[:1])
        self.assertLessEqual(count(dossiers[2:]), count(dossiers[1:2]) + 2)
