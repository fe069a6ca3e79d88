from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "customer_archive.group_archive_"
SALES = "base.group_user,sales_team.group_sale_salesman"
USERS = {
    # sells, and keeps the dossiers of own customers
    "seller": f"{SALES},{ARCHIVE}user",
    # sells all, and knows nothing of the archive
    "clerk": "base.group_user,base.group_partner_manager,"
    "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
    # keeps all dossiers, and reads no order
    "keeper": f"base.group_user,base.group_partner_manager,{ARCHIVE}keeper",
    "manager": f"base.group_user,base.group_partner_manager,{ARCHIVE}manager",
}


class SaleTradeCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("sale.async_emails", False)
        cls.users = {
            login: new_test_user(
                cls.env, f"trade_{login}", groups=groups, tz="Asia/Shanghai"
            )
            for login, groups in USERS.items()
        }
        cls.seller, cls.clerk = cls.users["seller"], cls.users["clerk"]
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.tax = cls.env["account.tax"].create({"name": "Ten", "amount": 10})
        cls.product = cls.env["product.product"].create(
            {
                "name": "Bolt",
                "type": "service",
                "list_price": 100,
                "invoice_policy": "order",
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )
        cls.customer = cls._create_customer("Mill")
        cls.dossier = cls._open_dossier(cls.customer)
        cls.transactions = cls.env["customer.transaction"].with_context(
            active_test=False
        )

    @classmethod
    def _create_customer(cls, name, **vals):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "city": "Hangzhou", **vals}
        )

    @classmethod
    def _open_dossier(cls, customer, **vals):
        vals = {"partner_id": customer.id, "user_id": cls.seller.id, **vals}
        return cls.env["customer.dossier"].create(vals)

    @classmethod
    def _set_policy(cls, **vals):
        policies = cls.env["customer.archive.policy"]
        policy = policies.search([("company_id", "=", cls.env.company.id)])
        policy = policy or policies.create({"company_id": cls.env.company.id})
        policy.write(vals)

    def _quote(self, customer=None, user=None, quantity=1, **vals):
        """A quotation of the salesperson, made by him."""
        user = user or self.seller
        return (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": (customer or self.customer).id,
                    "user_id": user.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": quantity,
                            }
                        )
                    ],
                    **vals,
                }
            )
        )

    def _sell(self, *args, date=None, **kwargs):
        """A confirmed order, of the moment ``date`` in UTC."""
        order = self._quote(*args, **kwargs)
        order.action_confirm()
        if date:
            order.date_order = date
        return order

    def _of(self, source):
        """What is on file of an order or a credit note, struck out or not."""
        source.env.flush_all()
        link = "sale_order_id" if source._name == "sale.order" else "credit_note_id"
        return self.transactions.search([(link, "=", source.id)])
