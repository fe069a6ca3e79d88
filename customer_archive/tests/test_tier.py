from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestTier(BaseCommon):
    def test_quotas_are_data_of_the_administrator(self):
        """S0-16, S0-18: 20, 40 and 40 percent to begin with, editable."""
        tiers = self.env["customer.tier"].search([])
        self.assertEqual(tiers.mapped("code"), ["A", "B", "C"])
        self.assertEqual(tiers.mapped("quota"), [20, 40, 40])
        admin = new_test_user(
            self.env, "tier_admin", groups="customer_archive.group_archive_admin"
        )
        with self.assertRaises(ValidationError):
            tiers[0].with_user(admin).quota = 25
        tiers[2].with_user(admin).quota = 35
        tiers[0].with_user(admin).quota = 25
        self.assertEqual(tiers.mapped("quota"), [25, 40, 35])

    def test_quota_is_a_percentage(self):
        tier = self.env.ref("customer_archive.customer_tier_a")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            tier.quota = -1
            tier.flush_recordset()

    def test_salesperson_reads_tiers_only(self):
        """Quotas and measures are changed by administrators alone."""
        seller = new_test_user(
            self.env, "tier_seller", groups="customer_archive.group_archive_user"
        )
        tier = self.env.ref("customer_archive.customer_tier_a").with_user(seller)
        self.assertEqual(tier.code, "A")
        with self.assertRaises(AccessError):
            tier.quota = 90
