from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ARCHIVE
from .tier_common import TIERS, TierCommon

AMOUNTS = range(1000, 0, -100)


class TierRunCommon(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls._create_dossiers(AMOUNTS)
        cls.mine, cls.others = cls.dossiers[:5], cls.dossiers[5:]
        cls.others.user_id = cls.users["colleague"]
        cls.env.flush_all()

    def _get_history(self, dossier):
        lines = self.env["customer.tier.history"].search(
            [("dossier_id", "=", dossier.id)], order="date, id"
        )
        return [
            (line.old_tier_id.code, line.tier_id.code, line.cause) for line in lines
        ]


@tagged("post_install", "-at_install")
class TestTierRun(TierRunCommon):
    def test_from_the_proposal_to_the_tiers(self):
        # S0-17, S0-18: ranked by what the company chose; 20, 40 and 40 percent
        run = self._propose()
        self.assertEqual(run.state, "proposed")
        lines = self._get_lines(run)
        self.assertEqual(lines.dossier_id, self.dossiers)
        self.assertEqual(lines.mapped("position"), list(range(1, 11)))
        self.assertEqual("".join(lines.proposed_tier_id.mapped("code")), "ABC")
        self.assertEqual("".join(line.proposed_tier_id.code for line in lines), TIERS)
        self.assertEqual((run.line_count, run.new_count, run.up_count), (10, 10, 0))
        self.assertEqual(self._get_codes(self.dossiers), "-" * 10)
        self._apply(run)
        self.assertEqual(run.state, "applied")
        self.assertEqual(run.applied_by_id, self.users["second"])
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        self.assertEqual(self._get_history(self.dossiers[2]), [(False, "B", "run")])
        history = self.dossiers[2].tier_history_ids
        self.assertEqual(history.user_id, self.users["second"])
        self.assertEqual(history.run_id, run)

    def test_shipped_scheme_looks_at_what_the_policies_name(self):
        # S0-17: region, strength, likelihood; S4-8: amount, credit, profit, demand,
        # strength and prospects
        scheme = self.env.ref("customer_archive.customer_tier_scheme_abc")
        ratings = set(scheme.criterion_ids.mapped("rating")) - {False}
        self.assertEqual(ratings, {"region", "strength", "likelihood"})
        scheme = self.env.ref("customer_archive.customer_tier_scheme_points")
        criteria = scheme.criterion_ids
        self.assertEqual(set(criteria.mapped("measure")), {"amount", "profit", False})
        self.assertIn("credit", criteria.mapped("source"))
        ratings = set(criteria.mapped("rating")) - {False}
        self.assertEqual(ratings, {"demand", "strength", "prospects"})
        self.mine[0].write({"rating_demand": "5", "rating_strength": "1"})
        run = self._propose(scheme, date_to="2024-12-31")
        line = self._get_lines(run).filtered(
            lambda line: line.dossier_id == self.mine[0]
        )
        points = [row["points"] for row in line._get_sheet_rows()]
        # the best amount, no credit grade, no profit known, 5, 1 and no rating
        self.assertEqual(points, [100, 0, 0, 100, 20, 0])
        self.assertAlmostEqual(line.score, (3 * 100 + 100 + 20) / 10, 4)

    def test_points_of_a_step_are_data(self):
        # S0-17
        scheme = self._create_scheme([{"source": "rating", "rating": "prospects"}])
        dossiers = self._create_dossiers([None] * 2)
        for dossier, rating in zip(dossiers, "25", strict=True):
            dossier.rating_prospects = rating
        for points, scores in ((20, [100, 40]), (15, [75, 30]), (30, [100, 60])):
            scheme.criterion_ids.with_user(self.users["admin"]).step_points = points
            lines = self._get_lines(self._propose(scheme))
            ours = lines.filtered(lambda line: line.dossier_id in dossiers)
            self.assertEqual(ours.mapped("score"), scores)

    def test_credit_note_is_no_deal(self):
        # S4-8: it takes back an amount, and is neither a deal nor the last one
        scheme = self._create_scheme(
            [
                {"measure": measure, "months": 12}
                for measure in ("amount", "count", "recency")
            ]
        )
        self.mine[0].transaction_ids.date = "2024-12-01"
        amount = self.mine[0].transaction_ids.amount_company
        self.env["customer.transaction"].create(
            {"dossier_id": self.mine[0].id, "date": "2024-12-21", "amount": -1}
        )
        run = self._propose(scheme, date_to="2024-12-31")
        line = self._get_lines(run).filtered(
            lambda line: line.dossier_id == self.mine[0]
        )
        values = [line.detail[str(c.id)][0] for c in scheme.criterion_ids]
        self.assertEqual(values, [amount - 1, 1, 30])

    def test_evaluation_sheet_adds_up(self):
        # S4-8: each criterion with value, points and part; the parts are the sum
        self.mine[0].rating_strength = "4"
        scheme = self._create_scheme(
            [
                {"measure": "amount", "months": 0, "weight": 2},
                {"source": "rating", "rating": "strength"},
                {"measure": "recency", "months": 0},
            ]
        )
        run = self._propose(scheme)
        for line in self._get_lines(run):
            rows = line._get_sheet_rows()
            self.assertAlmostEqual(sum(row["part"] for row in rows), line.score, 2)
            self.assertEqual([row["weight"] for row in rows], [50, 25, 25])
        line = self._get_lines(run)[0].with_context(lang="en_US")
        rows = line._get_sheet_rows()
        self.assertEqual([row["points"] for row in rows], [100, 80, 0])
        self.assertIn("1,000.00", rows[0]["value"])
        self.assertEqual([row["value"] for row in rows[1:]], ["4", "244 days"])
        self.assertIn("Place 1 of 10 with 70.0 points.", line.reason)
        self.assertIn("244 days", line.sheet)
        rows = self._get_lines(run)[1].with_context(lang="en_US")._get_sheet_rows()
        self.assertEqual(rows[1]["value"], "Not known")

    def test_runs_are_for_managers(self):
        run = self._propose()
        for role in ("seller", "leader", "keeper", "admin"):
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self._as(role, run).read(["state"])
                with self.assertRaises(AccessError):
                    self._as(role, "customer.tier.run").search([])
                with self.assertRaises(AccessError):
                    self._as(role, "customer.tier.run").create(
                        {"scheme_id": self.scheme.id}
                    )
                for action in ("propose", "submit", "cancel", "undo", "open_lines"):
                    with self.assertRaises(AccessError):
                        getattr(self._as(role, run), f"action_{action}")()
        self.assertEqual(run.state, "proposed")

    def test_second_manager_approves(self):
        run = self._propose()
        run.action_submit()
        with self.assertRaises(UserError):
            run.action_approve()
        self.assertEqual(run.state, "review")
        run.action_withdraw()
        self.assertEqual(run.state, "proposed")
        run.action_submit()
        refusal = self._as("second", "customer.approval.refuse").create(
            {
                "approval_ids": [Command.set(run.approval_id.ids)],
                "reason": "Not all are rated",
            }
        )
        refusal.action_confirm()
        self.assertEqual(
            (run.state, run.refusal_reason), ("proposed", "Not all are rated")
        )
        self.assertEqual(self._get_codes(self.dossiers), "-" * 10)

    def test_run_keeps_its_state_itself(self):
        run = self._propose()
        for vals in ({"state": "applied"}, {"line_count": 3}, {"ladder": []}):
            with self.assertRaises(UserError):
                run.write(vals)
        made = self._as("manager", "customer.tier.run").with_context(
            default_state="applying", default_line_count=7
        )
        made = made.create(
            {"scheme_id": self.scheme.id, "state": "review", "last_line": 9}
        )
        self.assertEqual((made.state, made.line_count, made.last_line), ("draft", 0, 0))
        run.action_submit()
        with self.assertRaises(UserError):
            run.date_to = "2023-01-01"
        self._as("second", run).action_approve()
        with self.assertRaises(UserError):
            run.unlink()
        self.assertEqual(len(self._get_lines(run)), 10)
        self.assertTrue(made.unlink())

    def test_salespeople_see_the_evaluation_of_their_own_customers(self):
        """Of runs that are applied; proposals are the managers'."""
        run = self._propose()
        lines = self._get_lines(run)

        def get_seen(role):
            seen = self._as(role, "customer.tier.run.line").search([])
            readable = self._as(role, lines)._filtered_access("read")
            self.assertEqual(seen, readable.sorted())
            return seen.dossier_id

        for role in ("seller", "colleague", "leader", "keeper"):
            self.assertFalse(get_seen(role), role)
        for role in ("manager", "second"):
            self.assertEqual(get_seen(role), self.dossiers)
        self._apply(run)
        self.assertEqual(get_seen("seller"), self.mine)
        self.assertEqual(get_seen("colleague"), self.others)
        for role in ("leader", "keeper", "manager"):
            self.assertEqual(get_seen(role), self.dossiers)
        with self.assertRaises(AccessError):
            self._as("admin", "customer.tier.run.line").search([])
        own = self._as("seller", self.mine[0])
        self.assertEqual(own.evaluation_id.position, 1)
        self.assertIn("100", own.evaluation_id.sheet)
        self.assertEqual(own.action_open_evaluation()["res_id"], own.evaluation_id.id)
        other = self._as("seller", lines[9])
        with self.assertRaises(AccessError):
            other.read(["score", "sheet", "reason"])
        with self.assertRaises(AccessError):
            self._as("seller", self.others[0]).read(["evaluation_id"])
        with self.assertRaises(AccessError):
            own.evaluation_id.write({"change_reason": "Mine"})
        # a later proposal changes nothing of it, an undone run is gone
        self._propose()
        self.assertEqual(own.evaluation_id.run_id, run.sudo().with_user(own.env.user))
        run.action_undo()
        own.invalidate_recordset()
        self.assertFalse(own.evaluation_id)
        self.assertFalse(get_seen("seller"))
        with self.assertRaises(UserError):
            own.action_open_evaluation()

    def test_managers_change_the_proposal_with_a_reason(self):
        run = self._propose()
        line = self._as("manager", self._get_lines(run)[4])
        with self.assertRaises(UserError):
            line.final_tier_id = self.tier_a
        with self.assertRaises(UserError):
            line.write({"final_tier_id": False, "change_reason": "Why not"})
        line.write({"final_tier_id": self.tier_a.id, "change_reason": "Big plans"})
        self.assertEqual(line.changed_by_id, self.users["manager"])
        self.assertEqual(line.reason.split(".")[-1].strip(), "Big plans")
        other = self._as("manager", self._get_lines(run)[5])
        other.write({"final_tier_id": self.tier_c.id, "change_reason": "Gone"})
        other.final_tier_id = self.tier_b
        self.assertFalse(other.changed_by_id or other.change_reason)
        self._apply(run)
        codes = "AABBABCCCC"
        self.assertEqual(self._get_codes(self.dossiers), codes)
        self.assertEqual(self.dossiers[4].tier_history_ids.reason, "Big plans")
        with self.assertRaises(UserError):
            line.write({"final_tier_id": self.tier_b.id, "change_reason": "Not"})
        with self.assertRaises(UserError):
            line.change_reason = "Better plans"
        self.assertEqual(self._get_codes(self.dossiers), codes)

    def test_evaluation_is_not_written_by_hand(self):
        run = self._propose()
        line = self._as("manager", self._get_lines(run)[9])
        for vals in (
            {"score": 100},
            {"position": 1},
            {"proposed_tier_id": self.tier_a.id},
            {"computed_before_id": self.tier_a.id},
            {"changed_by_id": self.users["second"].id},
            {"detail": {}},
            {"dossier_id": self.mine[0].id},
            {"final_tier_id": self.tier_a.id, "change_reason": "x", "score": 100},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(AccessError):
            line.unlink()
        with self.assertRaises(AccessError):
            line.create({"run_id": run.id, "dossier_id": self.mine[0].id})
        for role in ("manager", "keeper", "leader", "seller"):
            with self.assertRaises(AccessError):
                self._as(role, "customer.tier.history").create(
                    {"dossier_id": self.mine[0].id, "cause": "entry"}
                )

    def test_moves_are_counted(self):
        self._apply(self._propose())
        self.mine[0].transaction_ids.amount = 1
        run = self._propose()
        self.assertEqual((run.up_count, run.down_count, run.new_count), (2, 1, 0))
        moves = {
            line.dossier_id: line.move
            for line in self._get_lines(run)
            if line.move != "same"
        }
        expected = {2: "up", 6: "up", 0: "down"}
        self.assertEqual(moves, {self.dossiers[i]: m for i, m in expected.items()})
        line = self._get_lines(run)[-1]
        self._as("manager", line).write(
            {"final_tier_id": self.tier_a.id, "change_reason": "Stays"}
        )
        self.assertEqual(line.move, "same")
        self.assertEqual((run.up_count, run.down_count), (2, 0))

    def test_only_filed_dossiers_of_the_company_are_evaluated(self):
        draft, closed, archived, abroad, filed = self.others
        draft.state, closed.state, archived.active = "draft", "closed", False
        other = self.env["res.company"].create({"name": "Abroad"})
        self.env.cr.execute(
            "UPDATE customer_dossier SET company_id = %s WHERE id = %s",
            (other.id, abroad.id),
        )
        self.env.invalidate_all()
        lines = self._get_lines(self._propose())
        self.assertEqual(lines.dossier_id, self.mine | filed)
        lines = self._get_lines(self._propose(population="all"))
        self.assertEqual(lines.dossier_id, self.mine | draft | filed)
        filed.transaction_ids._strike_out("Not ours")
        lines = self._get_lines(self._propose(population="traded"))
        self.assertEqual(lines.dossier_id, self.mine)
        team = self.env["crm.team"].create({"name": "Other", "company_id": False})
        self.mine[0].team_id = team
        lines = self._get_lines(self._propose(team_ids=[Command.set(team.ids)]))
        self.assertEqual(lines.dossier_id, self.mine[0])

    def test_few_customers_stay_where_they_are(self):
        self.scheme.min_population = 11
        self._apply(self._propose())
        self.assertEqual(self._get_codes(self.dossiers), "-" * 10)
        self.scheme.min_population = 10
        self._apply(self._propose())
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        self.scheme.min_population = 11
        self.mine[0].transaction_ids.amount = 1
        run = self._propose()
        self.assertEqual(set(self._get_lines(run).mapped("hold")), {"small"})
        self._apply(run)
        self.assertEqual(self._get_codes(self.dossiers), TIERS)

    def test_undo_gives_back_what_was(self):
        self._apply(self._propose())
        self.mine[0].transaction_ids.amount = 1
        run = self._apply(self._propose())
        codes = self._get_codes(self.dossiers)
        self.assertNotEqual(codes, TIERS)
        self._as("second", run).action_undo()
        self.assertEqual(run.state, "undone")
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        self.assertEqual(
            self._get_history(self.mine[0]),
            [(False, "A", "run"), ("A", "C", "run"), ("C", "A", "undo")],
        )
        history = self.mine[0].tier_history_ids.sorted("id")
        self.assertEqual(history[1:].run_id, run)
        # approved by one, undone by another
        self.assertEqual(history.mapped("user_id"), self.users["second"])

    def test_who_undid_stands_in_the_history(self):
        run = self._apply(self._propose())
        run.action_undo()
        by = {line.cause: line.user_id for line in self.mine[0].tier_history_ids}
        users = {"run": self.users["second"], "undo": self.users["manager"]}
        self.assertEqual(by, users)

    def test_only_the_last_run_is_undone(self):
        first = self._apply(self._propose())
        # within the same second, as far as their dates tell
        second = self._apply(self._propose())
        with self.assertRaises(UserError):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertEqual(self._get_codes(self.dossiers), "-" * 10)

    def test_undo_gives_back_what_the_run_found(self):
        """Not what there was when it was proposed."""
        first = self._propose()
        self.mine[0].transaction_ids.amount = 1
        second = self._propose()
        self._apply(first)
        self._apply(second)
        self.assertNotEqual(self._get_codes(self.dossiers), TIERS)
        second.action_undo()
        self.assertEqual(self._get_codes(self.dossiers), TIERS)

    def test_slices_hold_the_lines_of_one_run(self):
        """Two that are proposed at the same moment take turns in the numbers."""
        run = self._propose()
        self.mine[0].transaction_ids.amount = 1
        other = self._propose()
        run.sudo().last_line = other.last_line
        self._apply(run)
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        history = self.env["customer.tier.history"]
        changes = history.search([("dossier_id", "in", self.dossiers.ids)])
        self.assertEqual(len(changes), len(self.dossiers))

    def test_who_changed_tiers_is_archived_not_deleted(self):
        # S0-29: who changed a tier stays known
        self._apply(self._propose())
        user = self.users["second"]
        with self.assertRaisesRegex(UserError, "archived"), self.cr.savepoint():
            user.with_context(lang="en_US").unlink()
        user.active = False
        self.assertEqual(self.mine[0].tier_history_ids.user_id, user)

    def test_undo_leaves_what_was_entered_after_the_run(self):
        """Between a run and its undoing people go on collecting."""
        draft = self.mine[4]
        draft.state = "draft"
        run = self._apply(self._propose(population="all"))
        self.assertEqual(draft.tier_id, self.tier_b)
        self._as("seller", draft).tier_id = self.tier_c
        run.action_undo()
        self.assertEqual(self._get_codes(self.dossiers), "----C-----")

    def test_new_customer_between_proposal_and_approval(self):
        run = self._propose()
        new = self._create_dossiers([5000])
        self._apply(run)
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        self.assertFalse(new.tier_id)

    def test_completeness_and_update_dates_follow(self):
        """S2-25: the interval of the new tier, once the dossiers are counted anew."""
        self.env["customer.completeness.item"].create(
            {
                "field_id": self.env["ir.model.fields"]
                ._get("customer.dossier", "strategy")
                .id,
                "tier_ids": [Command.set(self.tier_a.ids)],
            }
        )
        self.dossiers.strategy = "Wait"
        self.env.flush_all()
        self._apply(self._propose())
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_recount").method_direct_trigger()
        names = ("completeness", "update_due_date")
        bulk = {name: self.dossiers.mapped(name) for name in names}
        for name in names:
            self.env.add_to_compute(self.dossiers._fields[name], self.dossiers)
            self.assertEqual(self.dossiers.mapped(name), bulk[name])
        for dossier in self.dossiers:
            days = (dossier.update_due_date - dossier.last_update_date).days
            self.assertEqual(days, dossier.tier_id.update_days)
        completeness = self.dossiers.mapped("completeness")
        self.assertGreater(min(completeness[:2]), max(completeness[2:]))

    def test_hook_is_called_once_for_a_batch(self):
        """With those whose tier is another now, when it is another already."""
        told = []

        def note(dossiers, _run=None):
            told.append((dossiers, set(dossiers.mapped("tier_code"))))

        model = self.env.registry["customer.dossier"]
        with patch.object(model, "_on_tier_changed", note):
            run = self._apply(self._propose())
            self.assertEqual(told, [(self.dossiers, {"A", "B", "C"})])
            self._apply(self._propose())
            self.assertEqual(len(told), 1)
            self.mine[0].transaction_ids.amount = 1
            run = self._apply(self._propose())
            self.assertEqual(len(told), 2)
            changed = self.dossiers[0] | self.dossiers[2] | self.dossiers[6]
            self.assertEqual(told[1][0], changed)
            run.action_undo()
            self.assertEqual(told[2][0], changed)
        self.assertEqual(len(told), 3)

    def test_queries_do_not_grow_with_the_customers(self):
        def count(call):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            call()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def count_run(population):
            run = self._as("manager", "customer.tier.run").create(
                {"scheme_id": self.scheme.id, "date_to": "2024-12-31"}
            )
            counts = [count(run.action_propose)]
            self.assertEqual(run.line_count, population)
            run.action_submit()
            counts.append(count(self._as("second", run).action_approve))
            counts.append(count(run.action_undo))
            return counts

        count_run(10)
        few = count_run(10)
        self._create_dossiers(range(1, 191))
        many = count_run(200)
        self.assertEqual(few, many)

    def test_scheme_is_for_administrators(self):
        scheme = self._as("admin", self.scheme)
        scheme.band = 3
        scheme.criterion_ids.weight = 4
        for role in ("manager", "keeper", "seller"):
            with self.assertRaises(AccessError):
                self._as(role, self.scheme).band = 5
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            scheme.criterion_ids.missing_points = 200
            scheme.flush_recordset()
        with self.assertRaises(ValidationError):
            self.tier_a.quota = 21

    def test_month_s_run_is_made_once(self):
        # S0-18: on the first of each month, up to the last day of the one before
        self.scheme.is_scheduled = True
        cron = self.env.ref("customer_archive.ir_cron_tier_schedule")
        go_on = self.env.ref("customer_archive.ir_cron_tier_run")
        runs = self.env["customer.tier.run"]
        domain = [("scheme_id", "=", self.scheme.id)]
        domain.append(("company_id", "=", self.env.company.id))
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
            go_on.method_direct_trigger()
        run = runs.search(domain)
        self.assertEqual((len(run), run.state), (1, "proposed"))
        first = fields.Date.context_today(run).replace(day=1)
        self.assertEqual(run.date_to, first - timedelta(days=1))
        self.assertEqual(run.line_count, 10)
        desks = run.activity_ids.user_id
        self.assertLessEqual(self.users["manager"] | self.users["second"], desks)
        self.assertFalse(desks & (self.users["seller"] | self.users["keeper"]))
        # a run that was given up is not made again behind the managers' backs
        run.date_to = first - timedelta(days=40)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(len(runs.search(domain)), 2)
        # nobody's tier changed by itself
        self.assertEqual(self._get_codes(self.dossiers), "-" * 10)

    def test_runs_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Abroad"})
        foreign = new_test_user(
            self.env,
            "tier_foreign",
            groups=ARCHIVE + "manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        run = self._apply(self._propose())
        self.assertFalse(self.env["customer.tier.run"].with_user(foreign).search([]))
        lines = self.env["customer.tier.run.line"].with_user(foreign)
        self.assertFalse(lines.search([]))
        with self.assertRaises(AccessError):
            run.with_user(foreign).action_undo()


@tagged("post_install", "-at_install")
class TestTierFixed(TierRunCommon):
    """Tiers asked for, approved and fixed between runs (S0-29)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._apply(cls._propose())

    def _ask(self, role, dossier, tier, **values):
        return self._as(role, "customer.tier.change").create(
            {
                "dossier_id": dossier.id,
                "tier_id": tier and tier.id,
                "reason": "They grow",
                **values,
            }
        )

    def test_filed_tier_is_not_written_directly(self):
        # S0-29: by a run or an approved request alone
        dossier = self.mine[4]
        for role in ("seller", "leader", "manager", "keeper"):
            with self.subTest(role=role):
                mine = self._as(role, dossier)
                with self.assertRaisesRegex(UserError, dossier.number):
                    mine.tier_id = self.tier_a
                with self.assertRaises(UserError):
                    mine.tier_id = False
                with self.assertRaises(UserError):
                    mine.write({"state": "review", "tier_id": self.tier_a.id})
                mine.write({"tier_id": dossier.tier_id.id, "strategy": role})
                result = mine.load(
                    [".id", "tier_id"], [[str(dossier.id), self.tier_a.name]]
                )
                self.assertFalse(result["ids"])
        self.assertEqual(self._get_codes(self.dossiers), TIERS)

    def test_evaluated_and_fixed_tier_are_nobody_s_to_write(self):
        dossier = self.mine[4]
        values = {
            "computed_tier_id": self.tier_a.id,
            "manual_tier_id": self.tier_a.id,
            "manual_tier_end": "2099-01-01",
            "manual_tier_reason": "Mine",
        }
        for role in ("seller", "leader", "manager", "keeper"):
            for name, value in values.items():
                with self.subTest(role=role, field=name):
                    with self.assertRaises(UserError):
                        self._as(role, dossier).write({name: value})
                    dossiers = self._as(role, "customer.dossier")
                    customer = self.env["res.partner"].create({"name": "New"})
                    with self.assertRaises(UserError):
                        dossiers.create({"partner_id": customer.id, name: value})
                    context = {f"default_{name}": value}
                    new = dossiers.with_context(**context).create(
                        {"partner_id": customer.id, "user_id": self.users[role].id}
                    )
                    self.assertFalse(new.sudo()[name])
        result = self._as("manager", "customer.dossier").load(
            [".id", "computed_tier_id"], [[str(dossier.id), self.tier_a.name]]
        )
        self.assertFalse(result["ids"])
        self.assertEqual(self._get_codes(self.dossiers), TIERS)

    def test_tier_entered_while_collecting(self):
        """It is what evaluations start from; each change of it is kept."""
        customers = self.env["res.partner"].create([{"name": "X"}, {"name": "Y"}])
        mine = self._as("seller", "customer.dossier")
        for customer, context in zip(customers, ({}, {"x": 1}), strict=True):
            vals = {"partner_id": customer.id}
            if context:
                # as a form opened by a button would
                mine = mine.with_context(default_tier_id=self.tier_c.id)
            else:
                vals["tier_id"] = self.tier_c.id
            dossier = mine.create(vals)
            self.assertEqual(dossier.computed_tier_id, self.tier_c)
            self.assertEqual(dossier.tier_code, "C")
            dossier.tier_id = self.tier_b
            self.assertEqual(dossier.tier_code, "B")
            self.assertEqual(dossier.computed_tier_id, self.tier_b)
            dossier.write({"tier_id": self.tier_b.id, "strategy": "Wait"})
            self.assertEqual(self._get_history(dossier), [("C", "B", "entry")])
            self.assertEqual(dossier.tier_history_ids.user_id, self.users["seller"])
            # one history, not two that contradict each other
            changes = self.env["customer.change"].search(
                [("dossier_id", "=", dossier.id), ("field_name", "like", "tier")]
            )
            self.assertFalse(changes)

    def test_request_is_approved_by_the_superior(self):
        # S0-29: with the reason, at once, and kept
        dossier = self.mine[4]
        change = self._ask("seller", dossier, self.tier_a)
        self.assertEqual((change.state, change.old_tier_id), ("review", self.tier_b))
        self.assertEqual(dossier.tier_id, self.tier_b)
        for role in ("seller", "colleague", "keeper"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self._as(role, change).action_approve()
        self._as("leader", change).action_approve()
        self.assertEqual(change.state, "approved")
        self.assertEqual(self._get_codes(dossier), "A")
        self.assertEqual(dossier.manual_tier_id, self.tier_a)
        self.assertEqual(dossier.manual_tier_reason, "They grow")
        self.assertEqual(dossier.computed_tier_id, self.tier_b)
        last = dossier.tier_history_ids.sorted("id")[-1]
        self.assertEqual(
            (last.cause, last.user_id, last.reason, last.old_tier_id, last.tier_id),
            ("request", self.users["leader"], "They grow", self.tier_b, self.tier_a),
        )

    def test_nobody_approves_his_own_request(self):
        # S0-29: not even who approves those of others
        for role in ("leader", "manager"):
            change = self._ask(role, self.mine[4], self.tier_a)
            with self.assertRaises(UserError):
                self._as(role, change).action_approve()
            self.assertEqual(change.state, "review")
            change.action_withdraw()
            self.assertEqual(change.state, "cancelled")
            self.assertFalse(change.approval_id)
        self.assertEqual(self._get_codes(self.mine[4]), "B")

    def test_only_who_may_write_the_dossier_asks(self):
        for role, dossier in (("seller", self.others[0]), ("admin", self.mine[0])):
            with self.assertRaises(AccessError):
                self._ask(role, dossier, self.tier_c)
        self._ask("colleague", self.others[0], self.tier_a)
        changes = self._as("seller", "customer.tier.change")
        self.assertFalse(changes.search([]))
        self.assertEqual(
            self._as("leader", "customer.tier.change").search([]).dossier_id,
            self.others[0],
        )

    def test_request_is_not_changed_while_others_decide(self):
        change = self._ask(
            "seller", self.mine[4], self.tier_a, state="approved", old_tier_id=False
        )
        self.assertEqual((change.state, change.old_tier_id), ("review", self.tier_b))
        self.assertEqual(self._get_codes(self.mine[4]), "B")
        forged = {"old_tier_id": self.tier_c.id, "answer": "Yes"}
        other = self._ask("seller", self.mine[3], self.tier_a, **forged)
        self.assertEqual((other.old_tier_id, other.answer), (self.tier_b, False))
        for vals in ({"state": "approved"}, {"tier_id": self.tier_c.id}):
            with self.assertRaises(UserError):
                change.write(vals)
        with self.assertRaises(AccessError):
            change.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._ask("seller", self.mine[4], self.tier_c)
        with self.assertRaises(ValidationError):
            self._ask("seller", self.mine[0], self.tier_a)
        with self.assertRaises(ValidationError):
            self._ask("seller", self.mine[0], self.tier_b, date_end="2020-01-01")
        with self.assertRaises(ValidationError):
            self._ask("seller", self.mine[1], None)

    def test_refused_request_changes_nothing(self):
        change = self._ask("seller", self.mine[4], self.tier_a)
        refusal = self._as("leader", "customer.approval.refuse").create(
            {"approval_ids": [Command.set(change.approval_id.ids)], "reason": "No"}
        )
        refusal.action_confirm()
        self.assertEqual((change.state, change.answer), ("refused", "No"))
        self.assertEqual(self._get_codes(self.dossiers), TIERS)
        self.assertEqual(len(self.mine[4].tier_history_ids), 1)

    def _fix(self, dossier, tier, **values):
        change = self._ask("seller", dossier, tier, **values)
        self._as("leader", change).action_approve()

    def test_fixed_tier_holds_against_runs(self):
        dossier = self.mine[4]
        self._fix(dossier, self.tier_c)
        dossier.transaction_ids.amount = 5000
        run = self._propose()
        line = self._get_lines(run)[0]
        self.assertEqual(line.dossier_id, dossier)
        self.assertEqual((line.hold, line.move), ("manual", "same"))
        self.assertEqual(line.proposed_tier_id, self.tier_a)
        self._apply(run)
        self.assertEqual(self._get_codes(dossier), "C")
        self.assertEqual(dossier.computed_tier_id, self.tier_a)
        self._fix(dossier, None)
        self.assertEqual(self._get_codes(dossier), "A")
        self.assertFalse(dossier.manual_tier_id or dossier.manual_tier_reason)
        self.assertEqual(
            self._get_history(dossier),
            [(False, "B", "run"), ("B", "C", "request"), ("C", "A", "request")],
        )

    def test_fixed_tier_ends_after_its_last_day(self):
        today = fields.Date.context_today(self.env.user)
        last, later, archived = self.mine[:3]
        self._fix(last, self.tier_c, date_end=today)
        self._fix(later, self.tier_c, date_end=today + timedelta(days=9))
        self._fix(archived, self.tier_c, date_end=today)
        archived.active = False
        cron = self.env.ref("customer_archive.ir_cron_tier_expiry")

        def pass_a_day():
            self.env.cr.execute(
                "UPDATE customer_dossier SET manual_tier_end = manual_tier_end - 1"
            )
            self.env.invalidate_all()

        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(self._get_codes(self.mine[:3]), "CCC")
            pass_a_day()
            cron.method_direct_trigger()
            self.assertEqual(self._get_codes(self.mine[:3]), "ACB")
            self.assertFalse(last.manual_tier_id or last.manual_tier_reason)
            cron.method_direct_trigger()
        self.assertEqual(
            self._get_history(last),
            [(False, "A", "run"), ("A", "C", "request"), ("C", "A", "expiry")],
        )
        self.assertEqual(later.manual_tier_id, self.tier_c)

    def test_archived_tier_stays_with_its_customers(self):
        self.tier_b.active = False
        self._apply(self._propose())
        self.assertEqual(self._get_codes(self.dossiers), "AACCCCCCCC")
        self.tier_b.active = True


@tagged("post_install", "-at_install")
class TestTierPast(TierRunCommon):
    """Who was A on 30 June? (S0-29)."""

    def _date_history(self, dossier, *moments):
        """Have the changes of ``dossier`` so far be of these moments, in UTC."""
        lines = dossier.tier_history_ids.sorted("id")
        self.assertEqual(len(lines), len(moments))
        for line, moment in zip(lines, moments, strict=True):
            self.env.cr.execute(
                "UPDATE customer_tier_history SET date = %s WHERE id = %s",
                (moment, line.id),
            )
        self.env.invalidate_all()

    def _get_past(self, dossiers, day, role="manager", **context):
        """Codes on that day, by reading and by searching."""
        dossiers = self._as(role, dossiers).with_context(tier_date=day, **context)
        dossiers.invalidate_recordset()
        for tier in (False, *self.tiers):
            found = dossiers.search(
                [("past_tier_id", "=", tier and tier.id), ("id", "in", dossiers.ids)]
            )
            self.assertEqual(
                found,
                dossiers.filtered(
                    lambda d, t=tier: d.past_tier_id == (t or d.tier_id.browse())
                ).sorted(),
            )
        return "".join(dossier.past_tier_id.code or "-" for dossier in dossiers)

    def test_across_entry_run_request_undo_and_expiry(self):
        dossier = self.mine[4]
        other = self.mine[3]
        dossier.state = "draft"
        self._as("seller", dossier).tier_id = self.tier_c
        dossier.sudo().state = "filed"
        run = self._apply(self._propose())
        change = self._as("seller", "customer.tier.change").create(
            {"dossier_id": dossier.id, "tier_id": self.tier_a.id, "reason": "Plans"}
        )
        self._as("leader", change).action_approve()
        dossier.manual_tier_end = "2020-01-01"
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_tier_expiry").method_direct_trigger()
        run.action_undo()
        self.assertEqual(
            self._get_history(dossier),
            [
                (False, "C", "entry"),
                ("C", "B", "run"),
                ("B", "A", "request"),
                ("A", "B", "expiry"),
                ("B", "C", "undo"),
            ],
        )
        self._date_history(
            dossier,
            "2024-02-10 10:00:00",
            "2024-03-10 10:00:00",
            "2024-06-30 10:00:00",
            "2024-07-01 10:00:00",
            "2024-07-01 10:00:00",
        )
        self._date_history(other, "2024-03-10 10:00:00", "2024-07-01 10:00:00")
        for day, codes in (
            ("2019-12-31", "--"),
            ("2020-01-01", "--"),
            ("2024-02-09", "--"),
            ("2024-02-10", "C-"),
            ("2024-03-10", "BB"),
            ("2024-06-29", "BB"),
            ("2024-06-30", "AB"),
            # two changes on one day: the last one counts, that of the same second too
            ("2024-07-01", "C-"),
            ("2030-01-01", "C-"),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._get_past(dossier | other, day), codes)

    def test_tier_that_never_changed(self):
        new = self._create_dossiers([1, 2], tier_id=self.tier_b.id)
        self.assertEqual(self._get_past(new, "2019-12-31"), "--")
        self.assertEqual(self._get_past(new, "2020-01-01"), "BB")
        self._apply(self._propose())
        self.assertEqual(self._get_codes(new), "CC")
        # before the first change: what it replaced
        self.assertEqual(self._get_past(new, "2021-01-01"), "BB")
        self.assertEqual(self._get_past(new, date.max.isoformat()[:4] + "-01-01"), "CC")

    def test_day_ends_where_the_reader_is(self):
        self._apply(self._propose())
        dossier = self.mine[0]
        self._date_history(dossier, "2024-06-30 17:00:00")
        # 1 July, one o'clock in Shanghai; noon of 30 June in Chicago
        for zone, codes in (("Asia/Shanghai", "-A"), ("America/Chicago", "AA")):
            self.users[zone] = new_test_user(
                self.env, f"tier_{zone}", groups=ARCHIVE + "manager", tz=zone
            )
            found = "".join(
                self._get_past(dossier, day, role=zone)
                for day in ("2024-06-30", "2024-07-01")
            )
            self.assertEqual(found, codes, zone)
            found = "".join(
                self._get_past(dossier, day, tz=zone)
                for day in ("2024-06-30", "2024-07-01")
            )
            self.assertEqual(found, codes, zone)
        # clocks were put forward in New York on 10 March: the day has 23 hours
        self._date_history(dossier, "2024-03-11 03:30:00")
        zone = "America/New_York"
        self.assertEqual(self._get_past(dossier, "2024-03-10", tz=zone), "A")
        self._date_history(dossier, "2024-03-11 04:00:00")
        self.assertEqual(self._get_past(dossier, "2024-03-10", tz=zone), "-")
        # one transaction, two clocks
        east = dossier.with_context(tier_date="2024-03-11", tz="Pacific/Honolulu")
        west = dossier.with_context(tier_date="2024-03-10", tz="Asia/Shanghai")
        self.assertTrue(east.past_tier_id)
        self.assertFalse(west.past_tier_id)
        self.assertTrue(west.with_context(tz="Pacific/Honolulu").past_tier_id)

    def test_dialog_shows_the_tiers_of_a_day(self):
        self._apply(self._propose())
        for dossier in self.dossiers:
            self._date_history(dossier, "2024-06-30 10:00:00")
        for role, expected in (
            ("manager", self.dossiers[:2]),
            ("colleague", self.dossiers.browse()),
        ):
            dialog = self._as(role, "customer.tier.past").create(
                {"date": "2024-06-30", "tier_ids": [Command.set(self.tier_a.ids)]}
            )
            action = dialog.action_show()
            model = self._as(role, action["res_model"]).with_context(
                **action["context"]
            )
            found = model.search(action["domain"])
            self.assertEqual(found, expected)
            self.assertEqual(
                found.past_tier_id, self.tier_a if found else found.tier_id
            )
            dialog.date = "2024-06-29"
            action = dialog.action_show()
            model = model.with_context(**action["context"])
            self.assertFalse(model.search(action["domain"]))
        # every tier: all that were on file
        dialog = self._as("seller", "customer.tier.past").create({"date": "2024-06-30"})
        action = dialog.action_show()
        self.assertEqual(
            self._as("seller", action["res_model"]).search(action["domain"]), self.mine
        )
        with self.assertRaises(AccessError):
            self._as("colleague", dialog).action_show()
