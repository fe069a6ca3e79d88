"""The addon for sales comes and goes; what is on file stays true."""

import re
import unittest

from scratch_database import run_odoo, scratch_database

TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*$", re.M)
SELL = """
customer = env["res.partner"].create(
    {"name": "Uninstall Ltd", "is_company": True, "city": "Wuxi"})
env["customer.dossier"].create({"partner_id": customer.id})
product = env["product.product"].create(
    {"name": "Bolt", "list_price": 50, "taxes_id": []})
def sell(quantity):
    order = env["sale.order"].create({
        "partner_id": customer.id,
        "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": quantity})],
    })
    order.action_confirm()
    return order
sell(2)
sell(1)._action_cancel()
env.cr.commit()
env["ir.module.module"].search(
    [("name", "=", "customer_archive_sale")]).button_immediate_uninstall()
"""
LEFT = """
customer = env["res.partner"].search([("name", "=", "Uninstall Ltd")])
transactions = env["customer.transaction"].with_context(active_test=False)
assert "sale_order_id" not in transactions._fields
assert "open_at_first_order" not in env["customer.archive.policy"]._fields
dossier = customer.dossier_id.sudo()
left = transactions.search([("dossier_id", "=", dossier.id)], order="id")
assert left.mapped("amount") == [100, 50], left.mapped("amount")
assert left.mapped("place") == ["Wuxi", "Wuxi"]
assert all(left.mapped("name")) and all(left.mapped("date"))
assert left.mapped("active") == [True, False] and left[1].strike_reason
left[0].write({"amount": 80, "name": left[0].name})
assert dossier.trade_amount == 80
order = env["sale.order"].search(
    [("partner_id", "=", customer.id)], limit=1, order="id")
order.copy().action_confirm()
assert dossier.trade_count == 1
family = [name for name in env.registry if name.startswith("customer.trade.")]
assert not family, family
rest = env["ir.model.data"].search([("module", "=", "customer_archive_sale")])
assert not rest, rest.mapped("name")
env.cr.commit()
print("CHECKED")
"""
AGAIN = """
customer = env["res.partner"].search([("name", "=", "Uninstall Ltd")])
dossier = env["customer.dossier"].search([("partner_id", "=", customer.id)])
orders = env["sale.order"].search(
    [("partner_id", "=", customer.id), ("state", "=", "sale")])
assert len(orders) == 2
assert dossier.transaction_ids.sale_order_id == orders
assert dossier.trade_amount == 200, dossier.trade_amount
print("AGAIN")
"""


def _shell(database, script):
    return run_odoo(
        "shell", "-d", database, "--no-http", "--log-level=warn", script=script
    )


class TestUninstallSale(unittest.TestCase):
    def test_values_stay_and_are_found_again(self):
        """S4-1: ordinary transactions afterwards; installed again, none twice."""
        with scratch_database("uninstall_sale") as database:
            said = _shell(database, SELL)
            self.assertFalse(TROUBLE.findall(said), said)
            self.assertIn("CHECKED", _shell(database, LEFT))
            said = run_odoo(
                "-d",
                database,
                "-i",
                "customer_archive_sale",
                "--stop-after-init",
                "--no-http",
                "--log-level=warn",
            )
            self.assertFalse(TROUBLE.findall(said), said)
            self.assertIn("AGAIN", _shell(database, AGAIN))
