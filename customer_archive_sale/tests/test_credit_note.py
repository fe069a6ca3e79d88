from odoo.tests import tagged

from .common import SaleTradeCommon


@tagged("post_install", "-at_install")
class TestCreditNote(SaleTradeCommon):
    """Credit notes take back what was sold (S4-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        income, receivable = accounts.create(
            [
                {"name": "Income", "code": "XTRADE1", "account_type": "income"},
                {
                    "name": "Receivable",
                    "code": "XTRADE2",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
            ]
        )
        cls.env["account.journal"].create(
            {
                "name": "Trade",
                "type": "sale",
                "code": "XTR",
                "default_account_id": income.id,
            }
        )
        cls.product.property_account_income_id = income
        cls.receivable = receivable

    def _customer(self, customer):
        customer.property_account_receivable_id = self.receivable
        return customer

    def _refund(self, customer=None, amount=40, **vals):
        return self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self._customer(customer or self.customer).id,
                "invoice_date": "2025-04-05",
                "invoice_user_id": self.seller.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "price_unit": amount,
                            "tax_ids": [(6, 0, self.tax.ids)],
                        },
                    )
                ],
                **vals,
            }
        )

    def _refund_of(self, order):
        """The posted credit note of an order that was invoiced."""
        self._customer(order.sudo().partner_id)
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves([{"invoice_date": "2025-04-05"}])
        refund.action_post()
        return refund

    def test_posted_credit_note_is_negative(self):
        self._sell(date="2025-03-04 05:00:00")
        refund = self._refund()
        self.assertFalse(self._of(refund))
        refund.action_post()
        self.assertRecordValues(
            self._of(refund),
            [
                {
                    "dossier_id": self.dossier.id,
                    "name": refund.name,
                    "amount": -40.0,
                    "amount_company": -40.0,
                    "place": "Hangzhou",
                    "user_id": self.seller.id,
                    "source": "credit_note",
                }
            ],
        )
        self.assertEqual(str(self._of(refund).date), "2025-04-05")
        self.assertEqual(self.dossier.trade_amount, 60.0)

    def test_draft_or_cancelled_counts_no_more(self):
        refund = self._refund()
        refund.action_post()
        transaction = self._of(refund)
        refund.button_draft()
        self.assertFalse(transaction.active)
        refund.invoice_line_ids.price_unit = 30
        refund.invoice_date = "2025-05-06"
        refund.action_post()
        self.assertTrue(transaction.active)
        self.assertEqual(transaction.amount, -30.0)
        self.assertEqual(str(transaction.date), "2025-05-06")
        refund.button_draft()
        refund.button_cancel()
        self.assertFalse(transaction.active)
        self.assertEqual(self.dossier.trade_amount, 0.0)

    def test_invoices_are_no_transactions(self):
        """An order counts as ordered; its invoice does not count again."""
        order = self._sell()
        self._customer(self.customer)
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        self.assertFalse(self._of(invoice))
        self.assertEqual(self.dossier.trade_amount, 100.0)

    def test_credit_note_of_an_order(self):
        order = self._sell(quantity=2)
        refund = self._refund_of(order)
        self.assertEqual(self._of(refund).amount, -200.0)
        self.assertEqual(self.dossier.trade_amount, 0.0)

    def test_cancelled_order_is_not_taken_back_twice(self):
        order = self._sell(quantity=2)
        refund = self._refund_of(order)
        order.sudo()._action_cancel()
        self.assertFalse(self._of(refund).active)
        self.assertTrue(self._of(refund).strike_reason)
        self.assertEqual(self.dossier.trade_amount, 0.0)
        order.sudo().action_draft()
        order.sudo().action_confirm()
        self.assertTrue(self._of(refund).active)
        self.assertEqual(self.dossier.trade_amount, 0.0)
        self.assertEqual(self.dossier.trade_count, 2)

    def test_credit_note_of_an_order_cancelled_before(self):
        order = self._sell()
        self._customer(self.customer)
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        order.sudo()._action_cancel()
        refund = invoice._reverse_moves([{"invoice_date": "2025-04-05"}])
        refund.action_post()
        self.assertFalse(self._of(refund).active)
        self.assertEqual(self.dossier.trade_amount, 0.0)

    def test_no_dossier_is_opened_for_a_credit_note(self):
        customer = self._create_customer("New")
        refund = self._refund(customer)
        refund.action_post()
        self.assertFalse(self._of(refund))
        dossier = self._open_dossier(customer)
        self.assertEqual(dossier.trade_amount, -40.0)
        self.assertEqual(self._of(refund).dossier_id, dossier)

    def test_posted_by_somebody_without_right(self):
        refund = self._refund()
        refund.with_user(self.clerk).action_post()
        self.assertEqual(self._of(refund).amount, -40.0)
