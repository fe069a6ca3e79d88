from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SaleTradeCommon


@tagged("post_install", "-at_install")
class TestSaleOrder(SaleTradeCommon):
    def test_confirmed_order_is_a_transaction(self):
        """S0-14, S4-1: number, day, place, amount, who was in charge; not typed."""
        order = self._quote(quantity=3)
        self.assertFalse(self._of(order))
        order.action_confirm()
        order.date_order = "2025-03-04 05:00:00"
        self.assertRecordValues(
            self._of(order),
            [
                {
                    "dossier_id": self.dossier.id,
                    "name": order.name,
                    "place": "Hangzhou",
                    "amount": 300.0,
                    "currency_id": self.env.company.currency_id.id,
                    "user_id": self.seller.id,
                    "source": "order",
                    "active": True,
                }
            ],
        )
        self.assertEqual(str(self._of(order).date), "2025-03-04")
        self.assertEqual(order.amount_total, 330.0)
        self.assertEqual(self.dossier.trade_amount, 300.0)

    def test_day_is_the_company_s(self):
        """An order of eleven at night in Europe was made the next day in China."""
        order = self._sell(date="2025-03-04 22:00:00")
        self.assertEqual(str(self._of(order).date), "2025-03-05")
        self.env.company.partner_id.tz = False
        self.seller.tz = "Europe/London"
        order.date_order = "2025-03-04 22:00:01"
        self.assertEqual(str(self._of(order).date), "2025-03-04")

    def test_changes_follow(self):
        """S2-4: what changes on the order is corrected on file at once."""
        order = self._sell(quantity=2)
        transaction = self._of(order)
        order.order_line.product_uom_qty = 5
        self.assertEqual(transaction.amount, 500.0)
        order.order_line.discount = 10
        self.assertEqual(transaction.amount, 450.0)
        order.date_order = "2024-12-31 20:00:00"
        self.assertEqual(str(transaction.date), "2025-01-01")
        order.with_user(self.clerk).user_id = self.clerk
        self.assertEqual(transaction.user_id, self.clerk)
        other = self._create_customer("Port", city="Ningbo")
        order.sudo().partner_shipping_id = other
        self.assertEqual(transaction.place, "Ningbo")
        self.assertEqual(self.dossier.trade_amount, 450.0)

    def test_customer_who_moves_house_moves_no_deal(self):
        order = self._sell()
        self.customer.city = "Ningbo"
        order.order_line.product_uom_qty = 5
        self.assertEqual(self._of(order).place, "Hangzhou")

    def test_cancelled_order_is_struck_out(self):
        """S2-29, S4-1: cancelled, a quotation again, confirmed again."""
        order = self._sell(date="2025-03-04 05:00:00")
        transaction = self._of(order)
        figure = self.env["customer.yearly.figure"].create(
            {"dossier_id": self.dossier.id, "year": 2025}
        )
        self.assertEqual(figure.trade_amount, 100.0)
        order._action_cancel()
        self.assertFalse(transaction.active)
        cancelled = transaction.strike_reason
        self.assertTrue(cancelled)
        self.assertEqual(figure.trade_amount, 0.0)
        self.assertEqual(self.dossier.trade_amount, 0.0)
        order.action_draft()
        self.assertFalse(transaction.active)
        order.order_line.product_uom_qty = 4
        order.action_confirm()
        order.date_order = "2025-06-04 05:00:00"
        self.assertTrue(transaction.active)
        self.assertFalse(transaction.strike_reason)
        self.assertEqual(self._of(order), transaction)
        self.assertEqual(figure.trade_amount, 400.0)
        changes = self.dossier.change_ids.filtered(lambda c: c.res_id == transaction.id)
        reasons = changes.filtered(lambda c: c.field_name == "strike_reason")
        self.assertIn(cancelled, reasons.mapped("new_value"))
        self.assertEqual(reasons.create_uid, self.seller)

    def test_locked_order_stays(self):
        order = self._sell()
        order.sudo().action_lock()
        self.assertTrue(self._of(order).active)

    def test_deleted_order_leaves_its_line_struck_out(self):
        order = self._sell()
        transaction = self._of(order)
        order._action_cancel()
        order.sudo().unlink()
        self.env.invalidate_all()
        self.assertRecordValues(
            transaction, [{"active": False, "amount": 100.0, "source": "typed"}]
        )

    def test_order_of_a_contact_is_the_customer_s(self):
        """S0-2: a dossier is kept for the company, whoever of it orders."""
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self.assertEqual(self._of(self._sell(buyer)).dossier_id, self.dossier)

    def test_foreign_currency_counts_at_the_rate_of_the_order_s_day(self):
        """S0-14: sums are in the company's currency."""
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": "2024-01-01", "rate": 2.0}),
                    Command.create({"name": "2025-01-01", "rate": 4.0}),
                ],
            }
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id}
        )
        order = self._sell(pricelist_id=prices.id, date="2024-06-01 05:00:00")
        order.order_line.price_unit = 100
        transaction = self._of(order)
        self.assertEqual(transaction.currency_id, currency)
        self.assertEqual(transaction.amount_company, 50.0)
        order.date_order = "2025-06-01 05:00:00"
        self.assertEqual(transaction.amount_company, 25.0)
        self.assertEqual(self.dossier.trade_amount, 25.0)

    def test_order_of_another_customer(self):
        """The file that had it keeps what people wrote; the other begins anew."""
        order = self._sell()
        old = self._of(order)
        old.with_user(self.seller).note = "Their boss was angry"
        other = self._create_customer("Forge")
        dossier = self._open_dossier(other, user_id=self.users["manager"].id)
        order.with_user(self.clerk).partner_id = other
        new = self._of(order)
        self.assertRecordValues(
            old | new,
            [
                {
                    "dossier_id": self.dossier.id,
                    "active": False,
                    "note": "Their boss was angry",
                    "source": "typed",
                    "amount": 100.0,
                },
                {
                    "dossier_id": dossier.id,
                    "active": True,
                    "note": False,
                    "source": "order",
                    "amount": 100.0,
                },
            ],
        )
        self.assertEqual(self.dossier.trade_amount, 0.0)
        self.assertEqual(dossier.trade_amount, 100.0)
        order.with_user(self.clerk).partner_id = self.customer
        self.assertEqual(self._of(order).dossier_id, self.dossier)
        self.assertEqual(self.dossier.trade_amount, 100.0)

    def test_margin_is_the_profit(self):
        """S4-8: what we earned, where another addon of Odoo knows it."""
        if "margin" not in self.env["sale.order"]._fields:
            self.skipTest("sale_margin is not installed")
        order = self._sell(quantity=2)
        self.assertEqual(self._of(order).profit, 200.0)
        order.order_line.purchase_price = 70
        self.assertEqual(self._of(order).profit, 60.0)
        self.assertEqual(self._of(order).profit_company, 60.0)
        with self.assertRaises(UserError):
            self._of(order).with_user(self.seller).profit = 99
        typed = self._of(order).create({"dossier_id": self.dossier.id, "amount": 9})
        typed.with_user(self.seller).profit = 3
        self.assertEqual(typed.profit, 3)

    def test_each_company_s_orders_are_in_its_own_dossier(self):
        """S2-30: one dossier for each customer and company."""
        abroad = self.env["res.company"].create({"name": "Abroad"})
        dossier = self._open_dossier(self.customer, company_id=abroad.id, user_id=False)
        here = self._sell()
        product = self.env["product.product"].create({"name": "Nut", "taxes_id": []})
        orders = self.env["sale.order"].with_company(abroad)
        there = orders.create(
            {
                "partner_id": self.customer.id,
                "company_id": abroad.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        there.action_confirm()
        self.assertEqual(self._of(here).dossier_id, self.dossier)
        self.assertEqual(self._of(there).dossier_id, dossier)
        self.assertEqual(self._of(there).company_id, abroad)

    def test_number_typed_before_does_not_count_twice(self):
        """S4-1: typed by hand at first; from now on it follows the order."""
        order = self._quote(quantity=2)
        transactions = self.env["customer.transaction"].with_user(self.seller)
        vals = {"dossier_id": self.dossier.id, "name": order.name, "amount": 1}
        other = self._open_dossier(self._create_customer("Forge"))
        elsewhere = transactions.create({**vals, "dossier_id": other.id})
        struck = transactions.create(vals)
        struck._strike_out("Typed wrongly")
        typed = transactions.create({**vals, "note": "By phone"})
        order.action_confirm()
        self.assertEqual(self._of(order), typed)
        self.assertRecordValues(
            typed, [{"amount": 200.0, "note": "By phone", "source": "order"}]
        )
        self.assertEqual(self.dossier.trade_amount, 200.0)
        self.assertEqual((elsewhere | struck).mapped("source"), ["typed", "typed"])
        order._action_cancel()
        self.assertFalse(typed.active)

    def test_order_loaded_as_confirmed(self):
        order = self._quote(state="sale")
        self.assertEqual(self._of(order).amount, 100.0)

    def test_ways_of_a_dossier(self):
        """What was closed or archived is history still; destroyed is destroyed."""
        for vals, count in (
            ({"state": "closed"}, 1),
            ({"active": False}, 1),
            ({"state": "destroyed"}, 0),
        ):
            with self.subTest(**vals):
                customer = self._create_customer("Way")
                dossier = self._open_dossier(customer, **vals)
                order = self._sell(customer)
                self.assertEqual(len(self._of(order)), count)
                self.assertEqual(len(dossier.transaction_ids), count)
                dossiers = dossier.with_context(active_test=False)
                mine = [("partner_id", "=", customer.id)]
                self.assertEqual(dossiers.search(mine), dossier)

    def test_merged_customers(self):
        """Old and new orders are in the dossier that goes on."""
        double = self._create_customer("Mil")
        merged = self._open_dossier(double)
        before = self._sell(double)
        self.env["base.partner.merge.automatic.wizard"].with_user(
            self.users["keeper"]
        )._merge(
            (double | self.customer).ids, self.customer.with_user(self.users["keeper"])
        )
        self.env.invalidate_all()
        self.assertEqual(merged.merged_into_id, self.dossier)
        after = self._sell()
        self.assertEqual(self._of(before).dossier_id, self.dossier)
        self.assertEqual(self._of(after).dossier_id, self.dossier)
        before._action_cancel()
        self.assertFalse(self._of(before).active)

    def test_query_count_of_a_batch(self):
        """A hundred orders cost no more queries than two."""
        counts = []
        for size in (2, 100):
            customers = self.env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(size)]
            )
            for on_file, customer in enumerate(customers):
                if on_file % 2:
                    self._open_dossier(customer)
            orders = self.env["sale.order"].create(
                [{"partner_id": customer.id} for customer in customers]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sale_order SET state = 'sale' WHERE id IN %s",
                (tuple(orders.ids),),
            )
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["customer.transaction"]._follow(orders)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(
                self.transactions.search_count([("sale_order_id", "in", orders.ids)]),
                size,
            )
        self.assertLessEqual(counts[1], counts[0])
