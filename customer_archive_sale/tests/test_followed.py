from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SaleTradeCommon


@tagged("post_install", "-at_install")
class TestFollowed(SaleTradeCommon):
    """What has a source is written nowhere else: no second truth (S4-1)."""

    def test_values_of_the_order_are_not_typed_over(self):
        order = self._sell()
        other = self._open_dossier(self._create_customer("Forge"))
        transaction = self._of(order).with_user(self.seller)
        for vals in (
            {"name": "HT-1"},
            {"date": "2020-01-01"},
            {"place": "Elsewhere"},
            {"amount": 5},
            {"currency_id": self.env.ref("base.EUR").id},
            {"user_id": self.clerk.id},
            {"dossier_id": other.id},
            {"sale_order_id": False},
            {"credit_note_id": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError) as refused:
                transaction.write(vals)
            self.assertNotIsInstance(refused.exception, AccessError)
        transaction.write({"note": "Paid in time", "is_breach": True})
        self.assertEqual(transaction.note, "Paid in time")

    def test_message_says_what_to_change(self):
        order = self._sell()
        transaction = self._of(order).with_user(self.seller)
        with self.assertRaises(UserError) as refused:
            transaction.with_context(lang="en_US").amount = 5
        self.assertIn(order.name, str(refused.exception))

    def test_nobody_links_an_order_by_hand(self):
        order = self._sell(self._create_customer("Forge"), user=self.clerk)
        transactions = self.env["customer.transaction"].with_user(self.seller)
        vals = {"dossier_id": self.dossier.id, "amount": 7}
        with self.assertRaises(UserError):
            transactions.create({**vals, "sale_order_id": order.id})
        with self.assertRaises(UserError):
            transactions.with_context(default_sale_order_id=order.id).create(vals)
        typed = transactions.create(vals)
        with self.assertRaises(UserError):
            typed.sale_order_id = order

    def test_typed_ones_are_as_before(self):
        transactions = self.env["customer.transaction"].with_user(self.seller)
        typed = transactions.create({"dossier_id": self.dossier.id, "amount": 7})
        self.assertEqual(typed.source, "typed")
        self.assertTrue(typed.date)
        self.assertEqual(typed.user_id, self.seller)
        typed.write({"amount": 8, "name": "HT-1", "place": "Here", "profit": 2})
        self.env.invalidate_all()
        self.assertRecordValues(
            typed, [{"amount": 8, "name": "HT-1", "place": "Here", "profit": 2}]
        )
        form = Form(transactions.with_context(default_dossier_id=self.dossier.id))
        form.amount = 3
        form.name = "HT-2"
        self.assertEqual(form.save().amount, 3)

    def test_form_of_a_followed_one_is_read_only(self):
        transaction = self._of(self._sell())
        for role in ("seller", "keeper"):
            self.env.invalidate_all()
            form = Form(transaction.with_user(self.users[role]))
            for name in ("name", "date", "place", "amount", "user_id"):
                with self.subTest(role=role, field=name):
                    with self.assertRaises(AssertionError):
                        setattr(form, name, form[name])
            form.note = f"Seen by the {role}"
            self.assertEqual(form.save().note, f"Seen by the {role}")

    def test_form_hides_the_order_from_whom_sells_not(self):
        transactions = self.env["customer.transaction"]
        for user, is_shown in (("seller", True), ("keeper", False)):
            views = transactions.with_user(self.users[user]).get_views([(None, "form")])
            arch = views["views"]["form"]["arch"]
            self.assertEqual('name="sale_order_id"' in arch, is_shown, user)

    def test_keeper_reads_what_he_may_not_order(self):
        order = self._sell()
        seen = self._of(order).with_user(self.users["keeper"])
        self.env.invalidate_all()
        self.assertEqual(seen.amount, 100.0)
        self.assertEqual(seen.source, "order")
        with self.assertRaises(AccessError):
            order.with_user(self.users["keeper"]).read(["amount_total"])

    def test_person_may_strike_out_with_a_reason(self):
        """S2-29: an order that was a mistake, say; but not bring back a dead one."""
        order = self._sell()
        transaction = self._of(order).with_user(self.seller)
        transaction._strike_out("Samples")
        self.assertEqual(self.dossier.trade_amount, 0.0)
        transaction.action_restore()
        self.assertEqual(self.dossier.trade_amount, 100.0)
        order._action_cancel()
        with self.assertRaises(UserError):
            transaction.action_restore()
        self.assertFalse(transaction.active)

    def test_not_deleted_alone(self):
        order = self._sell()
        with self.assertRaises(UserError):
            self._of(order).with_user(self.users["keeper"]).unlink()
        self.dossier.with_user(self.users["keeper"]).unlink()
        self.assertFalse(self._of(order))
        self.assertEqual(order.state, "sale")
