from odoo.tests import new_test_user, tagged

from .common import SaleTradeCommon


@tagged("post_install", "-at_install")
class TestFirstOrder(SaleTradeCommon):
    """The first purchase opens the dossier, if the policy says so (S2-15)."""

    def setUp(self):
        super().setUp()
        self.new = self._create_customer("New")

    def _dossiers(self, customer=None):
        partner = customer or self.new
        return self.env["customer.dossier"].search([("partner_id", "=", partner.id)])

    def test_first_order_opens_the_dossier(self):
        """S2-15: opened at first purchase, for the salesperson."""
        order = self._quote(self.new, quantity=2)
        self.assertFalse(self._dossiers())
        order.action_confirm()
        dossier = self._dossiers()
        day = order._get_trade_date()
        self.assertRecordValues(
            dossier,
            [
                {
                    "state": "draft",
                    "user_id": self.seller.id,
                    "keeper_id": False,
                    "first_contact_date": day,
                    "first_deal_date": day,
                    "trade_amount": 200.0,
                }
            ],
        )
        self.assertTrue(dossier.number)
        self.assertEqual(self._of(order).dossier_id, dossier)
        self.assertEqual(dossier.with_user(self.seller).number, dossier.number)
        self._sell(self.new)
        self.assertEqual(self._dossiers(), dossier)
        self.assertEqual(dossier.trade_count, 2)

    def test_seller_outside_the_archive_owns_nothing(self):
        self._sell(self.new, user=self.clerk)
        self.assertFalse(self._dossiers().user_id)
        self.assertEqual(self._dossiers().trade_count, 1)

    def test_customer_who_confirms_online(self):
        """S2-15: he signs his quotation on the portal; nobody of us is there."""
        buyer = new_test_user(self.env, "trade_buyer", groups="base.group_portal")
        buyer.partner_id.parent_id = self.new
        order = self._quote(self.new)
        order.with_user(buyer).sudo().action_confirm()
        self.assertEqual(self._dossiers().user_id, self.seller)
        self.assertEqual(self._dossiers().trade_count, 1)
        self.assertFalse(self.new.with_user(buyer).dossier_id)

    def test_one_dossier_for_several_orders_at_once(self):
        other = self._create_customer("Newer")
        orders = self._quote(self.new) | self._quote(self.new) | self._quote(other)
        orders.action_confirm()
        self.assertEqual(self._dossiers().trade_count, 2)
        self.assertEqual(self._dossiers(other).trade_count, 1)

    def test_policy_says_no(self):
        """Orders wait, and appear when somebody opens the dossier."""
        self._set_policy(open_at_first_order=False)
        orders = self._sell(self.new) | self._sell(self.new, quantity=3)
        cancelled = self._sell(self.new)
        cancelled._action_cancel()
        quotation = self._quote(self.new)
        self.assertFalse(self._dossiers())
        dossiers = self.env["customer.dossier"].with_user(self.seller)
        dossier = dossiers.create({"partner_id": self.new.id})
        self.assertEqual(dossier.trade_amount, 400.0)
        self.assertEqual(dossier.transaction_ids.sudo().sale_order_id, orders.sudo())
        self.assertFalse(self._of(cancelled) | self._of(quotation))
        cancelled.action_draft()
        cancelled.action_confirm()
        self.assertEqual(dossier.trade_amount, 500.0)

    def test_order_moved_to_a_customer_without_dossier(self):
        self._set_policy(open_at_first_order=False)
        order = self._sell()
        old = self._of(order)
        order.with_user(self.clerk).partner_id = self.new
        self.assertFalse(old.active)
        self.assertFalse(self._of(order))
        self.assertEqual(self._open_dossier(self.new).trade_amount, 100.0)
        self.assertEqual(self.dossier.trade_amount, 0.0)

    def test_dossiers_opened_together_cost_no_query_each(self):
        counts = []
        for size in (2, 40):
            customers = self.env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(size)]
            )
            vals_list = [{"partner_id": customer.id} for customer in customers]
            self.env["sale.order"].create(
                [{**vals, "state": "draft"} for vals in vals_list]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sale_order SET state = 'sale' WHERE partner_id IN %s",
                (tuple(customers.ids),),
            )
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            dossiers = self.env["customer.dossier"].create(vals_list)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(dossiers.transaction_ids), size)
        self.assertLessEqual(counts[1], counts[0])
