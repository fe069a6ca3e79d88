from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.customer_archive_sale.models import customer_transaction_follow

from .common import SaleTradeCommon


@tagged("post_install", "-at_install")
class TestTradeSlices(SaleTradeCommon):
    """What is not on file yet comes there slice by slice, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["sale.order"].create(
            [{"partner_id": cls.customer.id} for _number in range(7)]
        )
        cls.stranger = cls.env["sale.order"].create(
            {"partner_id": cls._create_customer("Stranger").id}
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE sale_order SET state = 'sale' WHERE id IN %s",
            (
                (cls.orders | cls.stranger).ids
                and tuple((cls.orders | cls.stranger).ids),
            ),
        )
        cls.env.invalidate_all()

    def _run(self):
        cron = self.env.ref("customer_archive_sale.ir_cron_record_trade")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_cron_puts_all_on_file_once(self):
        with patch.object(customer_transaction_follow, "SLICE_SIZE", 3):
            self._run()
            self.assertEqual(len(self.dossier.transaction_ids), 7)
            self._run()
        self.env.invalidate_all()
        self.assertEqual(self.dossier.transaction_ids.sale_order_id, self.orders)
        self.assertFalse(self._of(self.stranger))

    def test_slice_goes_on_where_the_last_one_ended(self):
        transactions = self.env["customer.transaction"]
        with patch.object(customer_transaction_follow, "SLICE_SIZE", 3):
            last_id = transactions._record_slice("sale.order")
            self.assertEqual(last_id, self.orders[2].id)
            self.assertEqual(len(self.dossier.transaction_ids), 3)
            last_id = transactions._record_slice("sale.order", last_id)
            self.assertEqual(last_id, self.orders[5].id)
            self.assertEqual(
                transactions._record_slice("sale.order", last_id), self.orders[6].id
            )
            self.assertIsNone(transactions._record_slice("sale.order"))

    def test_no_dossier_is_opened_for_what_was_before(self):
        """S2-15: the first purchase opens it, not the installation."""
        self._run()
        customer = self.stranger.partner_id
        mine = [("partner_id", "=", customer.id)]
        self.assertFalse(self.env["customer.dossier"].search(mine))
        self._sell(customer)
        self.assertEqual(len(self._of(self.stranger)), 1)

    def test_margins_that_came_later(self):
        """S4-8: known since another addon of Odoo was installed."""
        if "margin" not in self.env["sale.order"]._fields:
            self.skipTest("sale_margin is not installed")
        orders = self.env["sale.order"].browse()
        for _number in range(5):
            orders |= self._sell()
        transactions = self.transactions.search([("sale_order_id", "in", orders.ids)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_transaction SET profit = 0, profit_company = 0"
            " WHERE id IN %s",
            (tuple(transactions.ids),),
        )
        self.env.invalidate_all()
        with patch.object(customer_transaction_follow, "SLICE_SIZE", 3):
            self._run()
        self.env.invalidate_all()
        self.assertEqual(transactions.mapped("profit"), [100.0] * 5)
        self.assertEqual(sum(transactions.mapped("profit_company")), 500.0)
