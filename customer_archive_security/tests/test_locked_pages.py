from datetime import timedelta

from lxml import etree

from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tests import tagged

from .security_common import SecurityCase

READER = "customer_archive.group_archive_reader"
NAME = {"fields": {"display_name": {}}}
CONTACT = {
    "name": {},
    "dossier_number": {},
    "dossier_state": {},
    "dossier_tier_id": NAME,
    "dossier_user_id": NAME,
    "dossier_keeper_id": NAME,
    "dossier_stub_state": {},
    "dossier_stub_number": {},
}
# How many queries more a page may take than the superuser's: one for what access
# rests on, and one for the company of whom the rules of contacts ask.
MORE = 2


@tagged("post_install", "-at_install")
class TestLockedPages(SecurityCase):
    """What the lock costs a page, and that it knows its own transaction's changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"].group_ids = [Command.link(cls.env.ref(READER).id)]
        dossiers = [cls.make(keeper_id=cls.users["keeper"].id) for _i in range(20)]
        cls.dossiers = cls.env["customer.dossier"].union(*dossiers)
        for dossier in dossiers[:10]:
            cls.lend(dossier, "employee")
        cls.env.flush_all()

    def _get_specification(self, view_type):
        model = self.env["customer.dossier"]
        arch = model.get_views([(False, view_type)])["views"][view_type]["arch"]
        return {
            node.get("name"): NAME
            if model._fields[node.get("name")].type == "many2one"
            else {}
            for node in etree.fromstring(arch).iter("field")
        }

    def _count_queries(self, page):
        """Queries of a page in a new transaction, once Odoo's own memory is warm."""
        for _run in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.cr.cache.clear()
            before = self.env.cr.sql_log_count
            page()
            count = self.env.cr.sql_log_count - before
        self.env["customer.access.log"]._get_pending().clear()
        return count

    def _make_pages(self, uid, size):
        context = {"allowed_company_ids": self.env.company.ids}
        model = self.env["customer.dossier"].with_user(uid).with_context(**context)
        rows = self.dossiers[:size].ids
        partners = model.partner_id.browse(self.dossiers[:size].partner_id.ids)
        domain = [("id", "in", rows)]
        views = {name: self._get_specification(name) for name in ("list", "kanban")}

        def open_page(view):
            # full to the last row, so that the rest is counted
            found = model.web_search_read(domain, views[view], limit=size)
            self.assertEqual(found["length"], size)

        return {
            "list": lambda: open_page("list"),
            "kanban": lambda: open_page("kanban"),
            "count": lambda: model.search_count(domain),
            "contact": lambda: partners.web_read(CONTACT),
        }

    def test_a_page_costs_little_more_than_the_superuser_s(self):
        """S0-23, S2-20: of one row or many, whoever opens it."""
        for size in (1, 10):
            without = {
                name: self._count_queries(page)
                for name, page in self._make_pages(SUPERUSER_ID, size).items()
            }
            for role in ("owner", "leader", "employee"):
                for name, page in self._make_pages(self.users[role].id, size).items():
                    with self.subTest(role=role, page=name, size=size):
                        count = self._count_queries(page)
                        self.assertLessEqual(count, without[name] + MORE)

    def test_many_rows_cost_as_much_as_one(self):
        for role in ("owner", "leader", "employee"):
            one = self._make_pages(self.users[role].id, 1)
            many = self._make_pages(self.users[role].id, 10)
            for name, page in many.items():
                with self.subTest(role=role, page=name):
                    count = self._count_queries(page)
                    self.assertEqual(count, self._count_queries(one[name]))

    # ------------------------------------------------------------------
    # Known at once
    # ------------------------------------------------------------------

    def _reads(self, role, dossier):
        """As ``sees``, without forgetting anything in between."""
        mine = dossier.with_user(self.users[role])
        answers = {
            mine.has_access("read"),
            mine.search_count([("id", "=", mine.id)]) == 1,
            mine.is_readable,
            mine.is_cleared,
            bool(mine.partner_id.dossier_id),
        }
        self.assertEqual(len(answers), 1, answers)
        return answers.pop()

    def test_a_loan_is_known_at_once(self):
        # S0-25 S2-20
        dossier = self.make("A")
        self.assertFalse(self._reads("owner", dossier))
        loan = self.lend(dossier, "owner")
        self.assertTrue(self._reads("owner", dossier))
        self.assertTrue(dossier.with_user(self.users["owner"]).is_lent)
        loan.state = "revoked"
        self.assertFalse(self._reads("owner", dossier))
        loan.state = "granted"
        self.assertTrue(self._reads("owner", dossier))
        loan.date_end = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(self._reads("owner", dossier))
        loan.date_end = fields.Datetime.now() + timedelta(minutes=1)
        self.assertTrue(self._reads("owner", dossier))
        loan.user_id = self.users["leader"]
        self.assertFalse(self._reads("owner", dossier))
        self.assertTrue(self._reads("leader", dossier))
        loan.unlink()
        self.assertFalse(self._reads("leader", dossier))

    def test_a_clearance_is_known_at_once(self):
        # S0-25 S1-19
        dossier = self.make("B").with_user(self.users["owner"])

        def assert_open(expected):
            found = dossier.search_count([("id", "=", dossier.id)])
            self.assertEqual(bool(found), expected)
            self.assertEqual(dossier.has_access("read"), expected)

        assert_open(True)
        clearance = self.tiers["A"].clearance_group_id
        self.tiers["B"].clearance_group_id = clearance
        assert_open(False)
        self.tiers["B"].owner_may_read = True
        assert_open(True)
        self.tiers["B"].owner_may_read = False
        assert_open(False)
        self.users["owner"].group_ids = [Command.link(clearance.id)]
        assert_open(True)
        self.users["owner"].group_ids = [Command.unlink(clearance.id)]
        assert_open(False)

    def test_without_loans_is_without_loans(self):
        # S3-13
        dossier = self.make("A").with_user(self.users["owner"])
        self.lend(dossier, "owner")
        for _again in range(2):
            self.assertTrue(dossier.has_access("read"))
            without = dossier.with_context(archive_without_loans=True)
            self.assertFalse(without.has_access("read"))
            self.assertFalse(without.search_count([("id", "=", dossier.id)]))

    # ------------------------------------------------------------------
    # Counts
    # ------------------------------------------------------------------

    def test_what_is_lent_is_counted_once(self):
        """S0-23: own, lent, both; of the team too."""
        abroad = self.env["crm.team"].create({"name": "South", "company_id": False})
        lent = self.make(user_id=False, team_id=abroad.id)
        closed = self.make("A")
        closed_lent = self.make("A")
        own_lent = self.make()
        for dossier in lent | closed_lent | own_lent:
            for role in ("owner", "leader"):
                self.lend(dossier, role)
        made = lent | closed | closed_lent | own_lent | self.make()
        for role in ("owner", "leader"):
            dossiers = self.env["customer.dossier"].with_user(self.users[role])
            domain = [("id", "in", made.ids)]
            with self.subTest(role):
                self.assertGreater(len(dossiers._get_ways_in()), 1)
                self.assertEqual(dossiers.search_count(domain), 4)
                self.assertEqual(dossiers.search_count(domain, limit=3), 3)
                self.assertEqual(dossiers.search(domain), made - closed)

    def test_a_count_by_content_is_a_question_not_a_look(self):
        # S2-43
        self.lend(self.make("A"), "owner")
        dossiers = self.env["customer.dossier"].with_user(self.users["owner"])
        self.assertGreater(len(dossiers._get_ways_in()), 1)
        pending = dossiers.env["customer.access.log"]._get_pending()
        pending.clear()
        dossiers.search_count([("strategy", "ilike", "wait")])
        self.assertEqual(
            {(dossier_id, what) for _uid, dossier_id, what, _channel, _text in pending},
            {(0, "search")},
        )
