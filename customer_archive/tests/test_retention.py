"""Dates of retention over ten years, against an independent computation."""

import calendar
import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ArchiveCommon

FIRST_DAY = date(2016, 1, 1)
DAYS = 3653


def add_months(day, months):
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@tagged("post_install", "-at_install")
class TestRetention(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.dossiers["own"]
        cls.dossier.state = "filed"
        cls.policy = cls.env["customer.archive.policy"].create(
            {"company_id": cls.env.company.id}
        )
        cls.classes = {
            name: cls.env.ref(f"customer_archive.customer_retention_class_{name}")
            for name in ("five_years", "contract", "shelf_life", "no_deal")
        }

    def test_kept_five_years_after_the_end_of_cooperation(self):
        # S2-21 S2-49 S2-59
        with freeze_time("2020-02-29 10:00:00"):
            self.assertFalse(self.dossier.keep_until)
            self.dossier.state = "closed"
            self.assertEqual(self.dossier.keep_until, date(2025, 2, 28))
        with freeze_time("2025-02-28 10:00:00"):
            self.dossier.invalidate_recordset()
            self.assertFalse(self.dossier.is_expired)
            self.assertTrue(self.dossier.is_expiring)
        with freeze_time("2025-03-01 10:00:00"):
            self.dossier.invalidate_recordset()
            self.assertTrue(self.dossier.is_expired)
            found = self.env["customer.dossier"].search([("is_expired", "=", True)])
            self.assertIn(self.dossier, found)

    def test_without_a_deal_nothing_is_kept(self):
        # S4-26
        self.dossier.transaction_ids.with_context(active_test=False).write(
            {"active": False, "strike_reason": "Entered by mistake"}
        )
        with freeze_time("2021-05-01 10:00:00"):
            self.dossier.state = "closed"
            self.assertEqual(self.dossier.keep_until, date(2021, 5, 1))

    def test_shelf_life_is_never_undercut(self):
        # S2-5
        kept = self.classes["shelf_life"]
        self.assertEqual(kept._get_dates(date(2020, 1, 31)), (date(2022, 1, 31), False))
        kept.write({"term_months": 36, "max_months": 48})
        expected = (date(2023, 1, 31), date(2024, 1, 31))
        self.assertEqual(kept._get_dates(date(2020, 1, 31)), expected)

    def test_a_hold_stops_everything(self):
        with freeze_time("2015-01-01"):
            self.dossier.state = "closed"
        hold = (
            self.env["customer.legal.hold"]
            .with_user(self.users["manager"])
            .create({"dossier_id": self.dossier.id, "reason": "Dispute"})
        )
        self.assertTrue(self.dossier.is_held)
        self.assertFalse(self.dossier.is_expired)
        with self.assertRaises(UserError):
            hold.action_release()
        with self.assertRaises(AccessError):
            hold.with_user(self.users["owner"]).release_reason = "Settled"
        hold.release_reason = "Settled"
        hold.action_release()
        self.dossier.invalidate_recordset()
        self.assertTrue(self.dossier.is_expired)
        with self.assertRaises(UserError):
            hold.unlink()

    def test_ten_years_equal_an_independent_computation(self):
        """Closings, reopenings, contracts, orders and classes in any order."""
        # S2-5 S2-21 S2-42 S2-59
        rng = random.Random(7)
        self.classes["contract"].max_months = 72
        dossiers = self.env["customer.dossier"]
        for number in range(30):
            customer = self.env["res.partner"].create({"name": f"Kept {number}"})
            dossiers += dossiers.create(
                {"partner_id": customer.id, "state": "filed", "user_id": False}
            )
        told = {
            d: {"class": None, "closed": None, "ends": [], "orders": []}
            for d in dossiers
        }
        days = sorted(rng.sample(range(DAYS), 150))
        for number in days:
            day = FIRST_DAY + timedelta(days=number)
            with freeze_time(f"{day} 10:00:00"):
                self._do_something(rng, rng.choice(dossiers), told, day)
        self.env.flush_all()
        expected = {d: self._compute(facts) for d, facts in told.items()}
        for dossier, dates in expected.items():
            self.assertEqual((dossier.keep_until, dossier.destroy_by), dates)
        self.assertGreater(len({dates for dates in expected.values()}), 10)
        self.env.cr.execute("UPDATE customer_dossier SET keep_until = NULL")
        dossiers._recompute_retention(0, dossiers.ids[-1] + 1)
        for dossier, dates in expected.items():
            self.assertEqual((dossier.keep_until, dossier.destroy_by), dates)

    def _do_something(self, rng, dossier, told, day):
        facts = told[dossier]
        deed = rng.choice(("close", "reopen", "contract", "order", "class"))
        if deed == "close" and not facts["closed"]:
            dossier.state, facts["closed"] = "closed", day
        elif deed == "reopen" and facts["closed"]:
            dossier.state, facts["closed"] = "filed", None
        elif deed == "contract":
            end = day + timedelta(days=rng.randrange(700))
            facts["ends"].append(end)
            self.env["customer.document"].create(
                {"dossier_id": dossier.id, "name": "Contract", "end_date": end}
            )
        elif deed == "order":
            facts["orders"].append(day)
            self.env["customer.transaction"].create(
                {"dossier_id": dossier.id, "date": day, "amount": 10}
            )
        elif deed == "class":
            name = rng.choice([None, *self.classes])
            dossier.retention_class_id = self.classes[name] if name else False
            facts["class"] = name

    def _compute(self, facts):
        """What the policy says, from what was done."""
        if not facts["closed"]:
            return False, False
        name = facts["class"] or ("five_years" if facts["orders"] else "no_deal")
        event = {
            "contract": max(facts["ends"], default=None),
            "shelf_life": max(facts["orders"], default=None),
        }.get(name)
        months = {"five_years": 60, "contract": 60, "shelf_life": 24, "no_deal": 0}
        start = event or facts["closed"]
        by = add_months(start, 72) if name == "contract" else False
        return add_months(start, months[name]), by
