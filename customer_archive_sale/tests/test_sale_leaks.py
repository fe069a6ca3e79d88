from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SaleTradeCommon


@tagged("post_install", "-at_install", "customer_archive_security")
class TestSaleLeaks(SaleTradeCommon):
    """Who sells learns nothing of a dossier, and can't write into it (S2-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_policy(open_at_first_order=False)
        cls.stranger = cls._create_customer("Mill")
        cls.env.flush_all()

    def _tell(self, order):
        """All that an order shows to the clerk, but its ids and times."""
        self.env.flush_all()
        self.env.invalidate_all()
        order = order.with_user(self.clerk)
        fields = order.fields_get()
        values = order.read(list(fields))[0]
        said = order.message_ids.mapped(lambda m: (m.subject, len(m.preview or "")))
        shape = {
            name: type(value)
            if fields[name]["type"] in ("many2one", "date", "datetime")
            else len(value)
            if isinstance(value, list)
            else value
            for name, value in values.items()
        }
        own = ("id", "name", "display_name", "access_url", "access_token", "reference")
        for name in own:
            shape.pop(name, None)
        return {k: str(v) for k, v in shape.items()}, said

    def test_confirming_tells_the_same_with_and_without_dossier(self):
        hidden = self._quote(self.customer, user=self.clerk)
        free = self._quote(self.stranger, user=self.clerk)
        told = [order.action_confirm() for order in (hidden, free)]
        self.assertEqual(told, [True, True])
        self.assertTrue(self._of(hidden))
        self.assertFalse(self._of(free))
        self.assertEqual(self._tell(hidden), self._tell(free))
        for order in (hidden, free):
            order.order_line.product_uom_qty = 3
            order._action_cancel()
        self.assertEqual(self._tell(hidden), self._tell(free))

    def test_nothing_is_read_of_what_was_made(self):
        order = self._sell(user=self.clerk)
        transactions = self.env["customer.transaction"].with_user(self.clerk)
        for call in (
            lambda: transactions.search([("sale_order_id", "=", order.id)]),
            lambda: transactions.browse(self._of(order).id).read(["amount"]),
            lambda: transactions.search_count([]),
            lambda: transactions.create({"dossier_id": self.dossier.id, "amount": 1}),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(order.partner_id.with_user(self.clerk).dossier_id)

    def test_defaults_of_the_caller_get_nowhere(self):
        """A context is anybody's to write."""
        refund = self.env["account.move"].search([], limit=1)
        other = self._open_dossier(self._create_customer("Forge"))
        order = self._quote(user=self.clerk).with_context(
            default_note="planted",
            default_is_breach=True,
            default_dossier_id=other.id,
            default_credit_note_id=refund.id,
            default_profit=9,
            default_active=False,
        )
        order.action_confirm()
        self.assertRecordValues(
            self._of(order),
            [
                {
                    "note": False,
                    "is_breach": False,
                    "dossier_id": self.dossier.id,
                    "credit_note_id": False,
                    "active": True,
                }
            ],
        )

    def test_defaults_of_the_caller_do_not_open_a_dossier_of_his_making(self):
        self._set_policy(open_at_first_order=True)
        order = self._quote(self.stranger, user=self.clerk).with_context(
            default_tier_id=self.env.ref("customer_archive.customer_tier_a").id,
            default_note="planted",
            default_state="filed",
            default_user_id=self.clerk.id,
        )
        order.action_confirm()
        mine = [("partner_id", "=", self.stranger.id)]
        self.assertRecordValues(
            self.env["customer.dossier"].search(mine),
            [{"tier_id": False, "note": False, "state": "draft", "user_id": False}],
        )

    def test_orders_of_others_are_seen_by_who_may_read_the_dossier(self):
        """The dossier tells all trade with its customer; the orders stay shut."""
        order = self._sell(user=self.clerk)
        transaction = self._of(order).with_user(self.seller)
        self.env.invalidate_all()
        self.assertEqual(transaction.amount, 100.0)
        with self.assertRaises(AccessError):
            order.with_user(self.seller).read(["amount_total"])

    def test_no_field_of_an_order_leads_to_the_archive(self):
        family = ("customer.transaction", "customer.dossier")
        for name in ("sale.order", "sale.order.line", "account.move"):
            for field in self.env[name]._fields.values():
                if field.relational:
                    self.assertNotIn(field.comodel_name, family, str(field))
