from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .common import ARCHIVE, CONTACTS


@tagged("post_install", "-at_install")
class TestAccessGround(BaseCommon):
    """What access rests on is asked once a transaction, and known as it changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: new_test_user(
                cls.env, f"ground_{name}", groups=f"{CONTACTS},{ARCHIVE}{group}"
            )
            for name, group in {
                "owner": "user",
                "leader": "supervisor",
                "deputy": "supervisor",
                "manager": "manager",
            }.items()
        }
        cls.team = cls.env["crm.team"].create(
            {"name": "Ground", "user_id": cls.users["leader"].id, "company_id": False}
        )
        cls.other_team = cls.env["crm.team"].create(
            {"name": "Other", "user_id": False, "company_id": False}
        )
        cls.dossiers = cls._make_dossiers(3, user_id=False)
        cls.dossier = cls.dossiers[0]

    @classmethod
    def _make_dossiers(cls, count, **vals):
        partners = cls.env["res.partner"].create(
            [{"name": f"Grounded {number:02}"} for number in range(count)]
        )
        return cls.env["customer.dossier"].create(
            [
                {
                    "partner_id": partner.id,
                    "team_id": cls.team.id,
                    "keeper_id": False,
                    **vals,
                }
                for partner in partners
            ]
        )

    def _sees(self, name, dossier=None):
        """Whether the person reads it; rules, search and fields agree."""
        dossier = (dossier or self.dossier).with_user(self.users[name])
        answers = {
            dossier.has_access("read"),
            dossier.search_count([("id", "=", dossier.id)]) == 1,
            dossier.is_readable,
            bool(dossier.partner_id.dossier_id),
        }
        self.assertEqual(len(answers), 1, answers)
        return answers.pop()

    # ------------------------------------------------------------------
    # Known at once
    # ------------------------------------------------------------------

    def test_a_team_given_to_another_is_known_at_once(self):
        # S2-20
        self.assertTrue(self._sees("leader"))
        self.assertFalse(self._sees("deputy"))
        self.team.user_id = self.users["deputy"]
        self.assertFalse(self._sees("leader"))
        self.assertTrue(self._sees("deputy"))
        self.team.archive_supervisor_ids = self.users["leader"]
        self.assertTrue(self._sees("leader"))
        self.team.archive_supervisor_ids = [Command.clear()]
        self.assertFalse(self._sees("leader"))
        dossier = self.dossier.with_user(self.users["deputy"])
        self.assertTrue(dossier.is_supervised)
        self.team.user_id = False
        self.assertFalse(dossier.is_supervised)

    def test_a_new_team_and_one_that_is_gone_are_known_at_once(self):
        # S2-20
        self.assertFalse(self._sees("deputy"))
        team = self.env["crm.team"].create(
            {"name": "New", "user_id": self.users["deputy"].id, "company_id": False}
        )
        self.dossier.team_id = team
        self.assertTrue(self._sees("deputy"))
        self.dossier.team_id = self.other_team
        team.unlink()
        self.assertFalse(self._sees("deputy"))

    def test_who_stands_in_is_known_at_once(self):
        # S2-20
        self.assertFalse(self._sees("deputy"))
        now = fields.Datetime.now()
        delegation = self.env["customer.approval.delegation"].create(
            {
                "user_id": self.users["leader"].id,
                "delegate_id": self.users["deputy"].id,
                "date_to": now + timedelta(hours=1),
            }
        )
        self.assertTrue(self._sees("deputy"))
        delegation.active = False
        self.assertFalse(self._sees("deputy"))
        delegation.active = True
        self.assertTrue(self._sees("deputy"))
        self.users["leader"].active = False
        self.assertFalse(self._sees("deputy"))
        self.users["leader"].active = True
        self.assertTrue(self._sees("deputy"))
        delegation.unlink()
        self.assertFalse(self._sees("deputy"))

    def test_who_stands_in_does_so_to_the_second(self):
        """Within one transaction, without a change of any record."""
        # S2-20
        end = fields.Datetime.now() + timedelta(hours=1)
        self.env["customer.approval.delegation"].create(
            {
                "user_id": self.users["leader"].id,
                "delegate_id": self.users["deputy"].id,
                "date_to": end,
            }
        )
        dossier = self.dossier.with_user(self.users["deputy"])
        for moment, expected in (
            (end - timedelta(seconds=1), True),
            (end, False),
        ):
            with freeze_time(moment):
                found = dossier.search_count([("id", "=", dossier.id)])
                self.assertEqual(bool(found), expected)
                self.assertEqual(dossier.has_access("read"), expected)

    def test_a_rank_taken_away_is_known_at_once(self):
        # S2-20
        leader, group = self.users["leader"], f"{ARCHIVE}supervisor"
        self.assertTrue(self._sees("leader"))
        leader.group_ids = [Command.unlink(self.env.ref(group).id)]
        self.assertFalse(leader.has_group(group))
        leader.group_ids = [Command.link(self.env.ref(f"{ARCHIVE}user").id)]
        self.assertFalse(self._sees("leader"))
        leader.group_ids = [Command.link(self.env.ref(group).id)]
        self.assertTrue(self._sees("leader"))

    def test_a_changed_rule_is_known_at_once(self):
        # S2-20
        dossier = self.dossier.with_user(self.users["manager"])
        rule = self.env.ref("customer_archive.customer_dossier_rule_manager")

        def assert_open(expected):
            found = dossier.search_count([("id", "=", dossier.id)])
            self.assertEqual(bool(found), expected)
            self.assertEqual(dossier.has_access("read"), expected)

        assert_open(True)
        rule.domain_force = [("team_id", "=", self.other_team.id)]
        assert_open(False)
        # through another model: what it says is worked out at each question
        rule.domain_force = [("team_id.name", "=", "Ground")]
        assert_open(True)
        self.team.name = "Renamed"
        assert_open(False)

    def test_what_rests_on_other_records_is_worked_out_at_each_question(self):
        # S2-20
        rules = self.env["ir.rule"]
        dossiers = self.env["customer.dossier"].with_user(self.users["leader"])
        for term, expected in (
            (("is_supervised", "=", True), True),
            (("user_id", "=", self.env.uid), True),
            (("is_my_turn", "=", True), False),
            (("partner_id", "child_of", 1), False),
            (("person_ids.capacity", "=", "main_contact"), False),
            (("open_date.month_number", "=", 1), False),
        ):
            with self.subTest(term):
                (condition,) = Domain([term]).optimize(dossiers).iter_conditions()
                found = rules._can_be_filled_in(condition, dossiers.sudo())
                self.assertEqual(bool(found), expected)

    def test_what_is_taken_back_was_never_known(self):
        self.assertTrue(self._sees("leader"))
        with self.env.cr.savepoint() as savepoint:
            self.team.user_id = self.users["deputy"]
            self.assertFalse(self._sees("leader"))
            savepoint.rollback()
        self.assertTrue(self._sees("leader"))

    # ------------------------------------------------------------------
    # Asked once
    # ------------------------------------------------------------------

    def test_grounds_are_asked_once_a_transaction(self):
        dossiers = self.dossiers.with_user(self.users["leader"])
        dossiers.search([("id", "in", dossiers.ids)])
        grounds = self.env["customer.access.ground"]
        for change, count in ((grounds._forget_grounds, 1), (lambda: None, 0)):
            self.env.invalidate_all()
            change()
            with (
                self.subTest(count),
                patch.object(
                    type(grounds), "_read_grounds", side_effect=grounds._read_grounds
                ) as reading,
            ):
                dossiers.search_fetch([("id", "in", dossiers.ids)], ["number"])
                dossiers.search_count([("id", "in", dossiers.ids)])
                self.assertTrue(dossiers.has_access("read"))
                self.assertEqual(dossiers.mapped("is_supervised"), [True] * 3)
                self.assertEqual(reading.call_count, count)

    def test_rows_read_are_checked_without_a_query(self):
        """S0-23: what the rules compare comes with the page."""
        for name in ("owner", "leader", "manager"):
            dossiers = self._make_dossiers(20, user_id=self.users["owner"].id)
            dossiers = dossiers.with_user(self.users[name])
            for rows in (dossiers[:1], dossiers):
                self.env.invalidate_all()
                with self.subTest(name=name, rows=len(rows)):
                    rows = rows.search_fetch([("id", "in", rows.ids)], ["number"])
                    with self.assertQueryCount(0):
                        self.assertTrue(rows.has_access("read"))

    # ------------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------------

    def test_what_is_open_in_two_ways_is_counted_once(self):
        """S0-23: own, of one's team, both, and neither."""
        leader = self.users["leader"].id
        own = self._make_dossiers(1, user_id=leader, team_id=self.other_team.id)
        own |= self._make_dossiers(1, user_id=leader, team_id=False)
        both = self._make_dossiers(2, user_id=leader)
        closed = self._make_dossiers(2, user_id=False, team_id=False)
        dossiers = self.env["customer.dossier"].with_user(leader)
        made = self.dossiers | own | both | closed
        domain = [("id", "in", made.ids)]
        self.assertEqual(len(dossiers._get_ways_in()), 2)
        self.assertEqual(dossiers.search_count(domain), 7)
        self.assertEqual(len(dossiers.search(domain)), 7)
        self.assertEqual(dossiers.search_count(domain, limit=4), 4)
        self.assertEqual(dossiers.search_count([*domain, ("user_id", "=", leader)]), 4)
        self.assertEqual(dossiers.search_count([("id", "in", closed.ids)]), 0)
        both.sudo().active = False
        self.assertEqual(dossiers.search_count(domain), 5)
        archived = dossiers.with_context(active_test=False)
        self.assertEqual(archived.search_count(domain), 7)
        for name, count in {"owner": 0, "manager": 7}.items():
            found = dossiers.with_user(self.users[name]).search_count(domain)
            self.assertEqual(found, count, name)

    def test_a_count_is_one_query(self):
        dossiers = self.env["customer.dossier"].with_user(self.users["leader"])
        domain = [("id", "in", self.dossiers.ids)]
        dossiers.search_count(domain)
        with self.assertQueryCount(1):
            dossiers.search_count(domain)
