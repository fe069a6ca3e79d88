from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .test_account_plan import PlanCommon

REMINDER = "customer_archive_visits.mail_activity_type_account_plan"


@tagged("post_install", "-at_install", "customer_plan")
class TestAccountPlanRemind(PlanCommon):
    """Who is in charge hears of a plan of the year that is not there in time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier_a = cls.env.ref("customer_archive.customer_tier_a")
        cls.tier_b = cls.env.ref("customer_archive.customer_tier_b")
        cls.dossier.write({"tier_id": cls.tier_a.id, "open_date": "2029-05-01"})

    def _remind_on(self, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(
                "customer_archive.ir_cron_raise_updates"
            ).method_direct_trigger()
        return self._find()

    def _find(self):
        self.env.invalidate_all()
        return self.dossier.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(REMINDER)
        )

    def test_missing_plan_is_asked_for_by_its_day(self):
        # S1-23, S1-24
        self.assertFalse(self._remind_on("2030-01-30 12:00"))
        self._remind_on("2030-01-31 12:00")
        reminder = self._remind_on("2030-02-01 12:00")
        self.assertEqual(reminder.user_id, self.seller)
        self.assertEqual(reminder.date_deadline, date(2030, 1, 31))
        self.assertFalse(reminder.summary or reminder.note)
        self.assertTrue(self._desk(self.dossier, self.seller) & reminder)

    def test_plan_is_asked_for_until_it_is_approved(self):
        # S1-24
        plan = self._write_plan(year=2030)
        self.assertTrue(self._remind_on("2030-02-01 12:00"))
        with freeze_time("2030-02-02 12:00"):
            self._approve(plan)
            self.assertFalse(self._find())
        self.assertFalse(self._remind_on("2030-12-31 12:00"))
        self.assertTrue(self._remind_on("2031-01-31 12:00"))

    def test_which_customers_and_by_when_is_data(self):
        # S1-23, S1-24
        self.assertTrue(self.tier_a.has_account_plan)
        self.dossier.tier_id = self.tier_b
        self.assertFalse(self._remind_on("2030-02-01 12:00"))
        self.tier_b.has_account_plan = True
        policy = self.env["customer.archive.policy"].create(
            {"company_id": self.env.company.id, "account_plan_days": 60}
        )
        self.assertFalse(self._remind_on("2030-02-28 12:00"))
        self.assertTrue(self._remind_on("2030-03-01 12:00"))
        policy.account_plan_days = 0
        self.assertFalse(self._remind_on("2030-03-02 12:00"))

    def test_new_customer_has_as_much_time(self):
        self.dossier.open_date = "2030-06-01"
        self.assertFalse(self._remind_on("2030-06-30 12:00"))
        self.assertTrue(self._remind_on("2030-07-01 12:00"))

    def test_superior_is_asked_where_there_is_no_owner(self):
        self.dossier.user_id = False
        self.assertEqual(self._remind_on("2030-02-01 12:00").user_id, self.leader)

    def test_new_owner_is_asked_next(self):
        self._remind_on("2030-02-01 12:00")
        self.dossier.user_id = self.heir
        self.assertEqual(self._remind_on("2030-02-02 12:00").user_id, self.heir)
