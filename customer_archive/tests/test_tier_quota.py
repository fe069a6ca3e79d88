from collections import Counter

from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import ArchiveCommon
from .tier_common import TierCommon

QUOTAS = "customer.tier.quota"
MEASURES = ["customer_count:sum", "share:avg", "quota:avg", "difference:avg"]


@tagged("post_install", "-at_install")
class TestTierQuota(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a company of its own: others' dossiers are not counted
        cls.company = cls.env["res.company"].create({"name": "Counted"})
        for user in cls.users.values():
            user.write(
                {
                    "company_ids": [Command.set(cls.company.ids)],
                    "company_id": cls.company.id,
                }
            )
        cls.other_team = cls.team.copy({"user_id": False, "name": "Other"})
        values = {"company_id": cls.company.id}
        cls.mine = cls._create_dossiers([None] * 6, **values)
        cls.theirs = cls._create_dossiers(
            [None] * 4,
            **values,
            user_id=cls.users["colleague"].id,
            team_id=cls.other_team.id,
        )
        cls._set_tiers(cls.mine, "AAABC-")
        cls._set_tiers(cls.theirs, "BBCC")
        cls.drafts = cls._create_dossiers(
            [None] * 3, **values, state="draft", tier_id=cls.tier_a.id
        )
        cls.archived = cls._create_dossiers(
            [None], **values, active=False, tier_id=cls.tier_a.id
        )
        cls.env.flush_all()

    @classmethod
    def _set_tiers(cls, dossiers, codes):
        tiers = {tier.code: tier for tier in cls.tiers}
        for dossier, code in zip(dossiers, codes, strict=True):
            dossier.tier_id = tiers.get(code, False)

    def _count(self, role, groupby, domain=()):
        """Measures by group, as the user in that role reads them."""
        rows = self._as(role, QUOTAS)._read_group(list(domain), groupby, MEASURES)
        return {
            tuple(value.id for value in row[: len(groupby)]): tuple(
                round(number, 6) for number in row[len(groupby) :]
            )
            for row in rows
        }

    def test_counts_equal_those_of_the_dossiers(self):
        # S0-18: actual against target by company, team, salesperson and tier
        dossiers = self.mine | self.theirs
        for names in (
            ["company_id", "tier_id"],
            ["team_id", "tier_id"],
            ["user_id", "tier_id"],
            ["team_id", "user_id", "tier_id"],
            ["tier_id"],
        ):
            expected = Counter(tuple(d[name].id for name in names) for d in dossiers)
            totals = Counter(tuple(d[name].id for name in names[:-1]) for d in dossiers)
            found = self._count("manager", names)
            with self.subTest(groupby=names):
                self.assertEqual(
                    {key: row[0] for key, row in found.items() if row[0]}, expected
                )
                for key, (count, share, quota, difference) in found.items():
                    tier = self.env["customer.tier"].browse(key[-1])
                    actual = 100 * count / totals[key[:-1]]
                    self.assertAlmostEqual(share, actual, 4)
                    self.assertAlmostEqual(quota, tier.quota, 4)
                    self.assertAlmostEqual(difference, actual - tier.quota, 4)

    def test_percentages_are_not_added_up(self):
        """Of a whole team 100 percent are in some tier, however it is grouped."""
        for names in ([], ["team_id"], ["user_id"], ["company_id"]):
            for count, *shares in self._count("manager", names).values():
                self.assertEqual(shares, [100, 100, 0], names)
                self.assertTrue(count)
        tiers = self._count("manager", [], [("tier_id", "in", self.tiers[:2].ids)])
        self.assertEqual(tiers[()], (6, 60, 60, 0))

    def test_customers_by_quota_add_up(self):
        rows = self._as("manager", QUOTAS).search([])
        self.assertEqual(len(rows), 2 * 4)
        self.assertAlmostEqual(sum(rows.mapped("target_count")), 10)
        self.assertAlmostEqual(sum(rows.mapped("difference_count")), 0)
        self.assertEqual(sum(rows.mapped("customer_count")), 10)

    def test_change_shows_at_once(self):
        before = self._count("manager", ["tier_id"])
        self._set_tiers(self.mine[5], "A")
        self.tier_a.quota = 10
        after = self._count("manager", ["tier_id"])
        key = (self.tier_a.id,)
        self.assertEqual(before[key], (3, 30, 20, 10))
        self.assertEqual(after[key], (4, 40, 10, 30))
        self.assertEqual(after[(False,)][0], before[(False,)][0] - 1)

    def test_archived_tier_counts_as_none(self):
        """Nobody is lost because a tier is no longer used."""
        self.tier_c.active = False
        found = self._count("manager", ["tier_id"])
        self.assertEqual(found[(False,)][0], 4)
        self.assertEqual(sum(row[0] for row in found.values()), 10)
        row = self._as("manager", QUOTAS).search(
            [("tier_id", "=", False), ("user_id", "=", self.users["seller"].id)]
        )
        action = row.action_open_customers()
        found = self._as("manager", "customer.dossier").search(action["domain"])
        self.assertEqual(found, self.mine[4:])

    def test_row_opens_its_customers(self):
        for row in self._as("manager", QUOTAS).search([]):
            action = row.action_open_customers()
            found = self._as("manager", "customer.dossier").search(action["domain"])
            self.assertEqual(len(found), row.customer_count)
            self.assertLessEqual(found, self.mine | self.theirs)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_may_count_what(self):
        """Managers everything, supervisors their teams, others nothing."""
        self.assertEqual(self._count("manager", [])[()][0], 10)
        self.assertEqual(self._count("leader", [])[()][0], 6)
        rows = self._as("leader", QUOTAS).search([])
        self.assertEqual(rows.team_id, self.team)
        other = self._as("manager", QUOTAS).search(
            [("team_id", "=", self.other_team.id)]
        )
        for name in ("customer_count", "share"):
            with self.assertRaises(AccessError):
                self._as("leader", other).read([name])
        with self.assertRaises(AccessError):
            self._as("leader", other[0]).action_open_customers()
        for role in ("seller", "keeper", "admin"):
            quotas = self._as(role, QUOTAS)
            for call in (
                lambda quotas=quotas: quotas.search([]),
                lambda quotas=quotas: quotas._read_group([], [], ["__count"]),
                lambda quotas=quotas: quotas.browse(other.ids).read(["share"]),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    call()

    def test_supervisor_who_leaves_his_team_counts_nothing(self):
        self.team.user_id = self.users["second"]
        self.assertFalse(self._as("leader", QUOTAS).search([]))

    def test_nobody_counts_another_company(self):
        abroad = self.env["res.company"].create({"name": "Abroad"})
        self._create_dossiers(
            [None] * 2, company_id=abroad.id, team_id=False, user_id=False
        )
        self.assertEqual(self._count("manager", [])[()][0], 10)

    def test_heads_of_the_pipeline(self):
        """Column heads name share and quota, to those who may count."""
        context = {"tier_shares": True, "read_group_expand": True, "lang": "en_US"}
        self.env["res.lang"]._activate_lang("en_US")
        names = {}
        for role in ("manager", "leader", "seller"):
            dossiers = self._as(role, "customer.dossier").with_context(**context)
            groups = dossiers.web_read_group([("state", "=", "filed")], ["tier_id"])
            names[role] = [
                group["tier_id"][1] for group in groups["groups"] if group["tier_id"]
            ]
        self.assertEqual(
            names["manager"],
            ["A · 30.0 % (20 %)", "B · 30.0 % (40 %)", "C · 30.0 % (40 %)"],
        )
        self.assertEqual(names["leader"][0], "A · 50.0 % (20 %)")
        self.assertEqual(
            names["seller"], self.tiers.with_context(lang="en_US").mapped("name")
        )

    def test_tier_without_customers_has_a_column(self):
        self._set_tiers(self.mine[:3], "BBB")
        dossiers = self._as("manager", "customer.dossier")
        domain = [("state", "=", "filed")]
        groups = dossiers.with_context(tier_shares=True, read_group_expand=True)
        groups = groups.web_read_group(domain, ["tier_id"])["groups"]
        self.assertIn(
            self.tier_a.id, [g["tier_id"] and g["tier_id"][0] for g in groups]
        )

    def test_counted_off_an_index(self):
        """As many queries for one salesperson as for many, and no look at a dossier."""
        # Whatever is known of so small a table: counted in the order of an index that
        # holds all that is asked for, or else at a price that is never paid.
        for other_way in ("seqscan", "bitmapscan", "sort", "hashagg"):
            self.env.cr.execute(f"SET LOCAL enable_{other_way} = off")
        query = self._as("manager", QUOTAS)._search([]).select()
        plan = "\n".join(
            row[0] for row in self.env.execute_query(type(query)("EXPLAIN %s", query))
        )
        self.assertIn("Index Only Scan using customer_dossier_quota_idx", plan)
        with self.assertQueryCount(2):
            self._as("manager", QUOTAS)._read_group([], ["tier_id"], MEASURES)


@tagged("post_install", "-at_install")
class TestTierQuotaRoles(ArchiveCommon):
    """The same for every role of the archive, against dossiers in every place."""

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_counts_of_each_role(self):
        for dossier in self.dossiers.values():
            dossier.state = "filed"
        self.env.flush_all()
        for role in self.users:
            env = api.Environment(self.env.cr, self.users[role].id, {})
            if not env[QUOTAS].has_access("read"):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    env[QUOTAS].search([])
                continue
            with self.subTest(role=role):
                keys = [key for key, d in self.dossiers.items() if d.active]
                if role in ("manager", "foreign_manager"):
                    keys = [key for key in keys if self.may_see(role, key)]
                else:
                    keys = [
                        key
                        for key in keys
                        if self.dossiers[key].team_id
                        and self.users[role]
                        in self.dossiers[key].team_id.user_id
                        | self.dossiers[key].team_id.sudo().archive_supervisor_ids
                    ]
                    company = self.users[role].company_id
                    keys = [k for k in keys if self.dossiers[k].company_id == company]
                before = self._counted(env)
                self.assertGreaterEqual(before, len(keys))
                for key in keys:
                    self.dossiers[key].active = False
                self.env.flush_all()
                self.assertEqual(self._counted(env), before - len(keys))
                for key in keys:
                    self.dossiers[key].active = True
                self.env.flush_all()

    @staticmethod
    def _counted(env):
        env.invalidate_all()
        [[count]] = env[QUOTAS]._read_group([], [], ["customer_count:sum"])
        return count or 0


@tagged("post_install", "-at_install")
class TestTierCandidates(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls._create_dossiers(range(1000, 0, -100))
        cls.dossiers[5:].user_id = cls.users["colleague"]
        cls.dossiers[0].sudo().write({"manual_tier_id": cls.tier_c.id})
        cls.dossiers[9].sudo().write({"manual_tier_id": cls.tier_a.id})
        cls.env.flush_all()
        action = cls.env.ref(
            "customer_archive.customer_tier_run_line_action_candidates"
        )
        cls.domain = safe_eval(action.domain)

    def _get_candidates(self, role):
        lines = self._as(role, "customer.tier.run.line").search(self.domain)
        return {(line.dossier_id.id, line.candidate) for line in lines}

    def test_candidates_are_those_of_the_run_in_force(self):
        # S4-13, S4-14: who would move up, or down, but for a fixed tier
        up, down = (self.dossiers[0].id, "up"), (self.dossiers[9].id, "down")
        first = self._propose()
        self.assertFalse(self._get_candidates("manager"))
        self._apply(first)
        self.assertTrue(first.is_last)
        self.assertEqual(self._get_candidates("manager"), {up, down})
        # each sees his own customers
        self.assertEqual(self._get_candidates("seller"), {up})
        self.assertEqual(self._get_candidates("colleague"), {down})
        self.dossiers[0].sudo().write({"manual_tier_id": False})
        second = self._apply(self._propose())
        self.assertEqual((first.is_last, second.is_last), (False, True))
        self.assertEqual(self._get_candidates("manager"), {down})
        second.action_undo()
        self.assertEqual((first.is_last, second.is_last), (True, False))
        self.assertEqual(self._get_candidates("manager"), {up, down})
        first.action_undo()
        self.assertFalse(first.is_last)
        self.assertFalse(self._get_candidates("manager"))

    def test_each_company_has_its_run_in_force(self):
        run = self._apply(self._propose())
        abroad = self.env["res.company"].create({"name": "Abroad"})
        self._create_dossiers(
            [5, 6], company_id=abroad.id, team_id=False, user_id=False
        )
        for role in ("manager", "second"):
            self.users[role].company_ids |= abroad
        other = self._propose(company_id=abroad.id)
        other._set_state("applying")
        other._go_on_soon()
        self.assertEqual((run.is_last, other.is_last), (True, True))

    def test_nobody_says_which_run_is_in_force(self):
        run = self._propose()
        with self.assertRaises(UserError):
            run.is_last = True

    def test_groups_up_first(self):
        run = self._propose()
        self.env.cr.execute(
            "UPDATE customer_tier_run_line SET"
            " move = (ARRAY['same', 'new', 'down', 'up'])[1 + position %% 4]"
            " WHERE run_id = %s",
            (run.id,),
        )
        lines = self._as("manager", "customer.tier.run.line")
        lines = lines.with_context(read_group_expand=True)
        groups = lines.web_read_group([("run_id", "=", run.id)], ["move"])["groups"]
        moves = [group["move"] for group in groups]
        self.assertEqual(moves, ["up", "down", "new", "same"])


@tagged("post_install", "-at_install")
class TestTierAdjust(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls._create_dossiers(range(1000, 0, -100))

    def _open(self, lines):
        action = lines.action_adjust()
        dialogs = self._as("manager", action["res_model"])
        return Form(dialogs.with_context(**action["context"]))

    def test_several_lines_in_one_dialog(self):
        run = self._propose()
        lines = self._get_lines(run)[2:5]
        dialog = self._open(self._as("manager", lines))
        self.assertEqual(dialog.line_count, 3)
        dialog.tier_id = self.tier_a
        dialog.reason = "Framework contracts"
        dialog.save().action_confirm()
        lines.invalidate_recordset()
        self.assertEqual(lines.final_tier_id, self.tier_a)
        self.assertEqual(set(lines.mapped("change_reason")), {"Framework contracts"})
        self.assertEqual(lines.changed_by_id, self.users["manager"])
        self._apply(run)
        self.assertEqual(self._get_codes(self.dossiers), "AAAAABCCCC")
        with self.assertRaises(UserError):
            self._as("manager", lines).action_adjust()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_dialog_opens_nothing_that_is_closed(self):
        """What a client puts into the dialog is asked for its own right."""
        run = self._propose()
        line = self._get_lines(run)[0]
        values = {"line_ids": line.ids, "tier_id": self.tier_b.id, "reason": "x"}
        with self.assertRaises(AccessError):
            self._as("seller", "customer.tier.adjust").create(values)
        with self.assertRaises(AccessError):
            self._as("seller", line).action_adjust()
        dialog = self._as("manager", "customer.tier.adjust").create(values)
        with self.assertRaises(AccessError):
            self._as("second", dialog).read(["reason"])
        for ids in ("1", [True], ["1"], {"a": 1}):
            dialog.line_ids = ids
            with self.subTest(ids=ids), self.assertRaises(UserError):
                dialog.action_confirm()

    def test_reason_names_the_limits(self):
        """Why a customer is where it is: place, points, and the limits of its tier."""
        self.env["res.lang"]._activate_lang("en_US")
        lines = self._get_lines(self._propose()).with_context(lang="en_US")
        self.assertIn("A: place 1 to 2.", lines[1].reason)
        self.assertIn("B: place 3 to 6.", lines[2].reason)
        self.assertIn("C: place 7 to 10.", lines[9].reason)
        scheme = self._create_scheme([{"measure": "amount"}], method="score")
        lines = self._get_lines(self._propose(scheme)).with_context(lang="en_US")
        self.assertIn("A: from 80 points.", lines[0].reason)
        self.assertIn("C: from 0 points.", lines[9].reason)
        scheme = self._create_scheme([{"measure": "amount"}], method="pareto")
        lines = self._get_lines(self._propose(scheme)).with_context(lang="en_US")
        self.assertIn("A: from 0 % to 80 %.", lines[0].reason)
        self.assertIn("C: from 95 % to 100 %.", lines[9].reason)
