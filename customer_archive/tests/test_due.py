from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestDue(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.seller = new_test_user(cls.env, "due_seller", groups=group + "user")
        cls.stranger = new_test_user(cls.env, "due_stranger", groups="base.group_user")
        cls.keeper = new_test_user(cls.env, "due_keeper", groups=group + "keeper")
        customers = cls.env["res.partner"].create(
            [{"name": f"C{number}"} for number in range(4)]
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls.dossiers = (
            cls.env["customer.dossier"]
            .with_user(cls.keeper)
            .create(
                [
                    {
                        "partner_id": customer.id,
                        "user_id": cls.seller.id,
                        "state": "filed",
                    }
                    for customer in customers
                ]
            )
        )

    def _days_ago(self, days):
        return self.today - timedelta(days=days)

    def test_opened_within_a_week(self):
        """S2-1: overdue dossiers are shown and counted; the week is a setting."""
        late, in_time, filed, _other = self.dossiers
        (late | in_time).sudo().state = "draft"
        late.first_contact_date = self._days_ago(8)
        in_time.first_contact_date = self._days_ago(7)
        filed.first_contact_date = self._days_ago(8)
        self.assertEqual(self.dossiers.filtered("is_opening_late"), late)
        found = self.dossiers.search([("is_opening_late", "=", True)])
        self.assertEqual(found & self.dossiers, late)

    def test_interval_of_the_tier_or_of_the_policy(self):
        """S2-25, S4-17: the tier's interval, else the year of the policy."""
        first, second = self.dossiers[:2]
        first.sudo().tier_id = self.env.ref("customer_archive.customer_tier_a")
        self.assertEqual(first.update_due_date, self.today + timedelta(days=30))
        self.assertEqual(second.update_due_date, self.today + timedelta(days=365))

    def test_changed_numbers_reach_every_dossier(self):
        """S2-1, S2-25: deadlines are data; all dossiers follow, counted in bulk."""
        with_tier, late = self.dossiers[:2]
        tier = self.env.ref("customer_archive.customer_tier_a")
        with_tier.sudo().tier_id = tier
        late.first_contact_date = self._days_ago(3)
        admin = new_test_user(
            self.env, "due_admin", groups="customer_archive.group_archive_admin"
        )
        tier.with_user(admin).update_days = 10
        action = self.env["customer.archive.policy"].with_user(admin).action_open()
        policy = self.env["customer.archive.policy"].browse(action["res_id"])
        policy.with_user(admin).write({"opening_days": 2, "update_days": 50})
        cron = self.env.ref("customer_archive.ir_cron_recount")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(with_tier.update_due_date, self.today + timedelta(days=10))
        self.assertEqual(late.update_due_date, self.today + timedelta(days=50))
        self.assertEqual(late.opening_due_date, self._days_ago(1))
        bulk = self.dossiers.mapped(lambda d: (d.opening_due_date, d.update_due_date))
        for name in ("opening_due_date", "update_due_date"):
            self.env.add_to_compute(self.dossiers._fields[name], self.dossiers)
        one_by_one = self.dossiers.mapped(
            lambda d: (d.opening_due_date, d.update_due_date)
        )
        self.assertEqual(bulk, one_by_one)

    def test_sweep_raises_each_due_update_once(self):
        """S1-17, S2-2: on the owner's desk; the keeper's where there is no owner."""
        owned, unowned, left, _current = self.dossiers
        unowned.user_id = False
        left.sudo().user_id = self.stranger
        (owned | unowned | left).sudo().last_update_date = self._days_ago(400)
        cron = self.env.ref("customer_archive.ir_cron_raise_updates")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(owned.activity_ids.user_id, self.seller)
        self.assertEqual(unowned.activity_ids.user_id, self.keeper)
        self.assertEqual(left.activity_ids.user_id, self.keeper)
        self.assertEqual(len(self.dossiers.activity_ids), 3)
        self.assertEqual(owned.activity_ids.res_name, owned.display_name)

    def test_due_update_goes_to_the_new_owner(self):
        """S2-2: whoever is responsible now finds it on his desk, nobody else."""
        dossier = self.dossiers[0]
        heir = new_test_user(
            self.env, "due_heir", groups="customer_archive.group_archive_user"
        )
        dossier.sudo().last_update_date = self._days_ago(400)
        self.env["customer.dossier"]._raise_updates(10)
        self.assertEqual(dossier.activity_ids.user_id, self.seller)
        dossier.user_id = heir
        self.assertFalse(dossier.activity_ids)
        self.env["customer.dossier"]._raise_updates(10)
        self.assertEqual(dossier.activity_ids.user_id, heir)

    def test_confirming_clears_the_desk(self):
        """S4-17: checked and found current."""
        dossier = self.dossiers[0].with_user(self.seller)
        dossier.sudo().last_update_date = self._days_ago(400)
        self.env["customer.dossier"]._raise_updates(10)
        dossier.action_confirm_current()
        self.assertFalse(dossier.activity_ids)
        self.assertEqual(dossier.last_update_date, self.today)

    def test_dormant_customers_are_proposed(self):
        """S2-46: long without contact."""
        quiet, busy, closed, _new = self.dossiers
        (quiet | busy | closed).first_contact_date = self._days_ago(500)
        self.env["customer.fact"].create(
            {"dossier_id": busy.id, "information": "x", "learned_date": self.today}
        )
        closed.action_close()
        found = self.dossiers.search([("is_dormant", "=", True)])
        self.assertEqual(found & self.dossiers, quiet)
        self.assertEqual(self.dossiers.filtered("is_dormant"), quiet)

    def test_activities_only_for_those_who_may_read(self):
        """An activity shows its text to whoever it is assigned to."""
        dossier = self.dossiers[0].with_user(self.seller)
        dossier.activity_schedule(summary="Call", user_id=self.keeper.id)
        with self.assertRaisesRegex(UserError, "may not read this dossier"):
            dossier.activity_schedule(summary="Call", user_id=self.stranger.id)

    def test_nobody_follows_and_nothing_is_posted(self):
        """No follower, no message: they would outlive the right to read."""
        dossier = self.dossiers[0].with_user(self.seller)
        activity = dossier.activity_schedule(summary="Call", user_id=self.keeper.id)
        activity.with_user(self.keeper).action_feedback("He said yes")
        domain = [("res_id", "=", dossier.id)]
        messages = self.env["mail.message"].sudo()
        followers = self.env["mail.followers"].sudo()
        model = [("model", "=", "customer.dossier")]
        self.assertFalse(messages.search(domain + model))
        model = [("res_model", "=", "customer.dossier")]
        self.assertFalse(followers.search(domain + model))
