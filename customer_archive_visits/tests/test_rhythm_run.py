from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.customer_archive.models import customer_tier_run_apply
from odoo.addons.customer_archive.tests.tier_common import TIERS, TierCommon


@tagged("post_install", "-at_install")
class TestRhythmRun(CronMixinCase, TierCommon):
    """The rhythm after a tier run (S0-18, S0-19)."""

    SWEEP = "customer_archive_visits.ir_cron_follow_up_sweep"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossiers = cls._create_dossiers(range(10, 0, -1))

    def _get_rhythm(self):
        """Tier by whose rhythm each customer is called."""
        self.env.invalidate_all()
        follow_ups = self.env["customer.follow.up"].search(
            [("dossier_id", "in", self.dossiers.ids), ("channel", "=", "call")],
            order="dossier_id",
        )
        return "".join(follow_ups.mapped(lambda row: row.tier_id.code or "-"))

    def _apply_upside_down(self):
        for dossier, amount in zip(self.dossiers, range(1, 11), strict=True):
            dossier.transaction_ids.amount = amount
        self._apply(self._propose())

    def test_small_run_is_followed_at_once(self):
        self._apply(self._propose())
        self.assertEqual(self._get_rhythm(), TIERS)
        with self.capture_triggers(self.SWEEP) as sweep:
            self._apply_upside_down()
        self.assertEqual(self._get_rhythm(), TIERS[::-1])
        self.assertFalse(sweep.records)

    def test_run_of_many_slices_is_followed_by_the_sweep(self):
        """S0-19: nobody waits for a slice longer than its tiers take."""
        self._apply(self._propose())
        with (
            patch.object(customer_tier_run_apply, "SLICE_SIZE", 3),
            self.capture_triggers(self.SWEEP) as sweep,
        ):
            self._apply_upside_down()
        self.assertEqual(self._get_rhythm(), TIERS)
        self.assertEqual("".join(self.dossiers.mapped("tier_code")), TIERS[::-1])
        self.assertEqual(len(sweep.records), 1)
        follow_ups = self.env["customer.follow.up"]
        follow_ups._sweep(self.dossiers.ids[0])
        self.assertEqual(self._get_rhythm(), TIERS[::-1])
