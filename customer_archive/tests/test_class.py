import random
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

GROUP = "customer_archive.group_archive_"
TODAY = "2026-11-22"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestClass(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "class_admin", groups=f"{GROUP}admin")
        cls.seller = new_test_user(
            cls.env, "class_seller", groups=f"{GROUP}user", lang="en_US"
        )
        cls.limits = cls.env["customer.class.limit"].with_user(cls.admin)
        cls.limits._make_missing(cls.env.companies)
        found = cls.limits.search([("company_id", "=", cls.env.company.id)])
        cls.important, cls.stable = found
        cls.dossiers = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create([{"partner_id": cls._add_customer(n)} for n in range(3)])
        )
        cls.dossier = cls.dossiers[0]

    @classmethod
    def _add_customer(cls, number, **vals):
        vals = {"name": f"Classed {number}", "is_company": True, **vals}
        return cls.env["res.partner"].create(vals).id

    def _trade(self, amounts, dossier=None):
        """A transaction a year: ``{year: amount}``."""
        dossier = dossier or self.dossier
        return (
            self.env["customer.transaction"]
            .with_user(self.seller)
            .create(
                [
                    {
                        "dossier_id": dossier.id,
                        "amount": amount,
                        "date": date(year, 7, 1),
                    }
                    for year, amount in amounts.items()
                ]
            )
        )

    def _recount(self):
        dossiers = self.env["customer.dossier"]
        self.env.flush_all()
        for low, high in dossiers._get_slices():
            dossiers._recompute_class(low, high)

    # The rules ----------------------------------------------------------------

    def test_general_once_traded_potential_before(self):
        # S4-4
        self.assertEqual(self.dossier.customer_class, "potential")
        deal = self._trade({2019: 1})
        self.assertEqual(self.dossier.customer_class, "general")
        deal._strike_out("Typed twice")
        self.assertEqual(self.dossier.customer_class, "potential")
        self.dossier.first_deal_date = "2001-01-01"
        self.assertEqual(self.dossier.customer_class, "general")

    def test_important_by_three_full_years_in_a_row(self):
        # S4-2
        self.assertEqual(self.important.years, 3)
        self.important.yearly_amount = 100
        self._recount()
        deals = self._trade({2023: 100, 2025: 300, 2026: 900})
        self.assertEqual(self.dossier.customer_class, "general")
        self._trade({2024: 99.99})
        self.assertEqual(self.dossier.customer_class, "general")
        self._trade({2024: 0.01})
        self.assertEqual(self.dossier.customer_class, "important")
        deals[1].amount = 99
        self.assertEqual(self.dossier.customer_class, "general")

    def test_stable_by_two_full_years_in_a_row(self):
        # S4-3
        self.assertEqual(self.stable.years, 2)
        self.stable.yearly_amount = 100
        self.important.yearly_amount = 100
        self._trade({2024: 100, 2025: 100})
        self.assertEqual(self.dossier.customer_class, "stable")
        self._trade({2023: 100})
        self.assertEqual(self.dossier.customer_class, "important")

    def test_single_order_of_the_years_looked_at(self):
        # S4-2
        self.important.single_amount = 500
        self._trade({2022: 900, 2024: 250})
        self._trade({2024: 250})
        self.assertEqual(self.dossier.customer_class, "general")
        self._trade({2026: 500})
        self.assertEqual(self.dossier.customer_class, "important")

    def test_yearly_total_or_potential(self):
        # S4-2
        self.important.potential_amount = 100
        one, two, three = self.dossiers
        self._trade({2025: 100}, one)
        two.potential_amount = 100
        self._trade({2024: 100, 2025: 60, 2026: 99}, three)
        self.assertEqual(
            self.dossiers.mapped("customer_class"),
            ["important", "important", "general"],
        )

    def test_first_of_the_country(self):
        # S4-2
        self.important.top_rank = 10
        for rank, expected in ((0, "potential"), (10, "important"), (11, "potential")):
            self.dossier.national_rank = rank
            self.assertEqual(self.dossier.customer_class, expected, rank)

    def test_one_limit_or_all(self):
        # S4-2, S4-3: the source says neither "and" nor "or"; the company does
        for limit in (self.important, self.stable):
            limit.write({"single_amount": 100, "top_rank": 5})
        self.dossier.national_rank = 5
        self.assertEqual(self.dossier.customer_class, "important")
        self.important.combine = "all"
        self._recount()
        self.assertEqual(self.dossier.customer_class, "stable")
        self._trade({2026: 100})
        self.assertEqual(self.dossier.customer_class, "important")

    def test_limits_are_of_a_company_and_in_its_currency(self):
        # S4-2
        euro = self.env.ref("base.EUR")
        euro.active = True
        abroad = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": euro.id}
        )
        self.important.potential_amount = 10
        both = self.env.company | abroad
        self.admin.company_ids = both
        limits = self.limits.with_context(allowed_company_ids=both.ids)
        limits._make_missing(both)
        there = limits.search([("company_id", "=", abroad.id)])
        self.assertEqual(there.mapped("customer_class"), ["important", "stable"])
        self.assertEqual(there.currency_id, euro)
        there[0].potential_amount = 1000
        here = self.limits.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(here.search([("company_id", "=", abroad.id)]))
        vals = {"user_id": False, "potential_amount": 500, "company_id": abroad.id}
        foreign = (
            self.env["customer.dossier"]
            .with_context(allowed_company_ids=both.ids)
            .create({"partner_id": self._add_customer(9), **vals})
        )
        self.assertEqual(foreign.customer_class, "potential")
        foreign.potential_amount = 1000
        self.assertEqual(foreign.customer_class, "important")

    # Limits that are not set ----------------------------------------------------

    def test_unset_limit_is_met_by_nobody_and_says_so(self):
        # S4-2, S4-3
        dossier = self.dossier.with_context(lang="en_US")
        self._trade({year: 10**9 for year in range(2020, 2027)})
        dossier.write({"potential_amount": 10**9, "national_rank": 1})
        self.important.combine = "all"
        self._recount()
        self.assertEqual(dossier.customer_class, "general")
        dossier.national_rank = 2
        self.assertEqual(dossier.customer_class, "general")
        self.assertIn("No limit is set for “Important”", dossier.class_reason)
        self.assertIn("No limit is set for “Stable”", dossier.class_reason)
        important = self.important.with_context(lang="en_US")
        self.assertIn("No limit is set", important.remark)
        self.important.top_rank = 3
        self._recount()
        self.assertRegex(
            important.remark, "^Not set: Each Year.*Single Order.*Yearly Total"
        )
        self.assertEqual(dossier.customer_class, "important")
        self.env.invalidate_all()
        self.assertNotIn("set for “Important”", dossier.class_reason)
        self.assertRegex(dossier.class_reason, "Not set: Each Year.*Single Order")

    def test_company_that_never_opened_the_page_is_told_too(self):
        # S4-2
        (self.important | self.stable).unlink()
        reason = self.dossier.with_context(lang="en_US").class_reason
        self.assertIn("No limit is set for “Important”", reason)
        self.assertEqual(self.dossier.customer_class, "potential")

    def test_reason_shows_limit_and_value(self):
        # S4-2
        self.important.write({"yearly_amount": 100, "top_rank": 10})
        self._trade({2023: 150, 2024: 70})
        self.dossier.national_rank = 4
        lines = self.dossier.with_context(lang="en_US").class_reason.splitlines()
        self.assertEqual(lines[0], "Important: one of these is enough")
        self.assertRegex(lines[1], "✗ .*2023 to 2025.*100.*2023: .*150.*2025: .*0")
        self.assertEqual(lines[2], "✓ Among the first 10 of the country; place 4")

    def test_limits_are_the_administrator_s(self):
        # S4-2
        limit = self.important.with_user(self.seller)
        self.assertEqual(limit.years, 3)
        with self.assertRaises(AccessError):
            limit.top_rank = 5

    # By hand --------------------------------------------------------------------

    def test_class_by_hand_goes_before_the_rules(self):
        # S4-4
        self.dossier.customer_class = "stable"
        self.assertEqual(self.dossier.manual_class, "stable")
        self._trade({2026: 1})
        self._recount()
        self.assertEqual(self.dossier.customer_class, "stable")
        self.assertEqual(self.dossier.rule_class, "general")
        change = self.dossier.change_ids.filtered(
            lambda line: line.field_name == "manual_class"
        )
        self.assertEqual(change.create_uid, self.seller)
        self.dossier.action_follow_class_rules()
        self.assertEqual(self.dossier.customer_class, "general")

    def test_emptied_class_follows_the_rules(self):
        dossier = self.dossiers.create(
            {"partner_id": self._add_customer(8), "customer_class": "important"}
        )
        self.assertEqual(dossier.customer_class, "important")
        dossier.write({"customer_class": False})
        self.assertEqual(dossier.customer_class, "potential")

    # All of them ----------------------------------------------------------------

    def test_bulk_equals_one_by_one(self):
        # S4-2 to S4-4
        rng = random.Random(7)
        amounts = (0, 50, 99.99, 100, 100.01, 250, -30)
        dossiers = self.dossiers.create(
            [
                {
                    "partner_id": self._add_customer(100 + number),
                    "potential_amount": rng.choice(amounts[:-1]),
                    "national_rank": rng.choice((0, 1, 2, 3)),
                    "first_deal_date": rng.choice((False, "2000-01-01")),
                    "customer_class": rng.choice((False, False, False, "stable")),
                    "transaction_ids": [
                        Command.create(
                            {
                                "date": date(rng.randint(2022, 2027), 12, 31),
                                "amount": rng.choice(amounts),
                            }
                        )
                        for _line in range(rng.choice((0, 0, 1, 3, 8)))
                    ],
                }
                for number in range(60)
            ]
        )
        deals = dossiers.transaction_ids
        deals.browse(rng.sample(deals.ids, len(deals) // 4))._strike_out("Not ours")
        seen = set()
        for _turn in range(8):
            for limit in (self.important, self.stable):
                limit.write(
                    {
                        "years": rng.randint(1, 4),
                        "yearly_amount": rng.choice((0, 50, 100)),
                        "single_amount": rng.choice((0, 250)),
                        "potential_amount": rng.choice((0, 100, 250)),
                        "top_rank": rng.choice((0, 1, 2)),
                        "combine": rng.choice(("any", "all")),
                    }
                )
            # the context of whoever comes by changes nothing
            everything = dossiers.with_context(active_test=False)
            self.env.add_to_compute(dossiers._fields["customer_class"], everything)
            one_by_one = everything.mapped("customer_class")
            seen.update(one_by_one)
            self.env.flush_all()
            self.env.cr.execute("UPDATE customer_dossier SET customer_class = NULL")
            self.env.invalidate_all()
            self._recount()
            self.assertEqual(dossiers.mapped("customer_class"), one_by_one)
        self.assertEqual(len(seen), 4)

    def test_changed_limits_count_all_anew(self):
        # S4-2
        cron = self.env.ref("customer_archive.ir_cron_recount")
        triggers = self.env["ir.cron.trigger"].search
        for change in (
            lambda: self.important.write({"top_rank": 3}),
            lambda: self.stable.unlink(),
            lambda: self.limits._make_missing(self.env.companies),
            lambda: self.env["customer.dossier"]._recount_soon(),
        ):
            before = triggers([("cron_id", "=", cron.id)])
            change()
            self.assertTrue(triggers([("cron_id", "=", cron.id)]) - before)

    def test_new_year_moves_the_years(self):
        # S4-3
        self.stable.yearly_amount = 100
        self._trade({2024: 100, 2025: 100})
        self.assertEqual(self.dossier.customer_class, "stable")
        turn = self.env.ref("customer_archive.ir_cron_new_year")
        self.assertEqual((turn.nextcall.month, turn.nextcall.day), (1, 1))
        with freeze_time("2027-01-01"):
            self._recount()
            self.assertEqual(self.dossier.customer_class, "general")

    def test_many_are_classed_with_as_few_queries_as_one(self):
        self.important.yearly_amount = 100
        for dossier in self.dossiers:
            self._trade({2023: 100, 2024: 100}, dossier)
        field = self.dossiers._fields["customer_class"]

        def compute(dossiers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env.add_to_compute(field, dossiers)
            dossiers.sudo().mapped("customer_class")
            return self.env.cr.sql_log_count - before

        compute(self.dossiers)
        self.assertEqual(compute(self.dossiers), compute(self.dossiers[0]))

    # Axes of analysis -------------------------------------------------------------

    def test_customers_by_nature_and_by_grade(self):
        # S2-55: industry, type and region; tier, class and credit
        axes = (
            "industry_id company_nature country_state_id country_id tier_id "
            "customer_class credit_grade_id relation_type"
        ).split()
        described = self.dossiers.fields_get(axes, ["groupable"])
        self.assertEqual([described[axis]["groupable"] for axis in axes], [True] * 8)
        region = self.env.ref("base.state_cn_ZJ")
        self.dossier.partner_id.sudo().state_id = region
        groups = self.dossiers._read_group([], ["country_state_id"], ["__count"])
        self.assertEqual(dict(groups), {region: 1, region.browse(): 2})

    def test_sales_by_kind_of_customer(self):
        # S2-56: of whom the trade is made up, for what one may see alone
        industry = self.env["res.partner.industry"].create({"name": "Looms"})
        self.dossier.partner_id.sudo().industry_id = industry
        self.dossier.tier_id = self.env.ref("customer_archive.customer_tier_a")
        self._trade({2025: 30, 2026: 40})
        self._trade({2026: 20}, self.dossiers[1])
        hidden = self.env["customer.dossier"].create(
            {"partner_id": self._add_customer(7), "user_id": False}
        )
        self.env["customer.transaction"].create({"dossier_id": hidden.id, "amount": 5})
        transactions = self.env["customer.transaction"].with_user(self.seller)
        total = ["amount_company:sum"]
        self.assertEqual(
            transactions._read_group([], ["industry_id"], total),
            [(industry, 70), (industry.browse(), 20)],
        )
        tier = self.dossier.tier_id
        self.assertEqual(
            transactions._read_group([], ["tier_id", "customer_class"], total),
            [(tier, "general", 70), (tier.browse(), "general", 20)],
        )
        axes = (
            "tier_id customer_class company_nature industry_id country_state_id "
            "country_id team_id"
        ).split()
        described = transactions.fields_get(axes, ["groupable"])
        self.assertEqual([described[axis]["groupable"] for axis in axes], [True] * 7)
        self.assertFalse(any(transactions._fields[axis].store for axis in axes))

    def test_grades_count_in_points(self):
        grades = self.env["customer.credit.grade"].search([])
        self.assertEqual(grades.mapped("points"), [100, 85, 70, 55, 40, 25, 10])
