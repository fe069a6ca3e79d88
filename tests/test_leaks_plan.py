"""The barrier is up where it must be, and nowhere else: what PostgreSQL is asked."""

import json

from security_common import FAMILY, SecurityCommon

from odoo.tests import tagged
from odoo.tools import SQL

ROWS = 20_000
PAGE = 80
# A column each row of a model has a day in.
DATES = ("create_date", "action_date", "date")
# Conditions as people type them into the search box, or a view has them.
PLAIN = (
    [],
    [("number", "like", "KH")],
    [("number", "=like", "KH%")],
    [("partner_id", "ilike", "Customer")],
    [("strategy", "ilike", "east")],
    [("registered_capital", ">", 5)],
    [("state", "in", ["draft", "review"])],
    [("country_id.code", "=", "CN")],
    [("partner_id.category_id", "ilike", "Fair")],
    [("person_ids.partner_id.name", "ilike", "zhang")],
    [("person_ids", "any", [("rank", "=", "executive")])],
    [("open_date", ">=", "-30d")],
)
COMPUTED = (
    [("open_date.month_number", "=", 3)],
    [("partner_id.create_date.hour_number", "=", 3)],
    [("person_ids", "any", [("birth_date.month_number", "=", 3)])],
    ["|", ("id", "=", 0), "!", ("create_date.year_number", "=", 2020)],
)


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksPlan(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fill_register()

    @classmethod
    def _fill_register(cls):
        """20,000 more dossiers; the owner has one in ten."""
        company = cls.companies["home"].id
        cls.env.cr.execute(
            """
            WITH partner AS (
                INSERT INTO res_partner (name, active, is_company, autopost_bills)
                SELECT 'Filler ' || n, true, true, 'ask'
                  FROM generate_series(1, %(rows)s) n
             RETURNING id)
            INSERT INTO customer_dossier (partner_id, company_id, number, active, state,
                                          create_date, user_id)
            SELECT id, %(company)s, 'ZZ' || id, true, 'filed', now(),
                   CASE WHEN id %% 10 = 0 THEN %(owner)s END
              FROM partner
            """,
            {"rows": ROWS, "company": company, "owner": cls.users["owner"].id},
        )
        # what autovacuum would do: planned for a handful of rows, a condition on the
        # parts of dates of persons takes minutes
        cls.env.cr.execute("ANALYZE customer_dossier, customer_key_person, res_partner")

    def _sql(self, role, model_name, domain, **kwargs):
        query = self.as_role(role, model_name)._search(domain, **kwargs)
        return query.select()

    def _plan(self, sql):
        [(plan,)] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", sql))
        return json.dumps(plan)

    def test_plain_searches_carry_no_fence(self):
        for role in ("owner", "leader", "manager", "keeper"):
            for domain in PLAIN:
                sql = self._sql(role, "customer.dossier", domain)
                with self.subTest(role=role, domain=domain):
                    self.assertNotIn("OFFSET 0", sql.code)

    def test_conditions_that_compute_are_fenced(self):
        """S2-20: the private way in which the fence is put up still does so."""
        for role in ("owner", "leader", "manager", "keeper"):
            for domain in COMPUTED:
                sql = self._sql(
                    role, "customer.dossier", domain, order="number", limit=5
                )
                with self.subTest(role=role, domain=domain):
                    self.assertRegex(sql.code, r'FROM \(SELECT .* OFFSET 0\) AS "cust')
                    self.env.execute_query(sql)

    def test_fence_does_not_change_what_is_found(self):
        for model_name in FAMILY:
            for role in ("owner", "leader", "manager"):
                model = self.as_role(role, model_name)
                field = next(name for name in DATES if name in model._fields)
                every = [(f"{field}.month_number", "in", list(range(1, 13)))]
                order = f"{field}, id desc"
                with self.subTest(model=model_name, role=role):
                    self.assertEqual(
                        model.search(every, order=order, limit=PAGE, offset=2),
                        model.search([], order=order, limit=PAGE, offset=2),
                    )
                    self.assertEqual(model.search_count(every), model.search_count([]))

    def test_first_page_is_read_off_an_index(self):
        """The register of a salesperson, and of one who sees it all."""
        self.env.flush_all()
        self.env.cr.execute("ANALYZE customer_dossier")
        for role, index in (
            ("owner", "customer_dossier_user_number_idx"),
            ("manager", "customer_dossier_number_"),
        ):
            order = self.env["customer.dossier"]._order
            sql = self._sql(role, "customer.dossier", [], order=order, limit=PAGE)
            plan = self._plan(sql)
            with self.subTest(role=role, plan=plan):
                self.assertIn(index, plan)
                self.assertNotIn("Seq Scan", plan)
