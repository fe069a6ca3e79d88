from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "customer.trade.source"]

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.filtered(lambda m: m.move_type == "out_refund")._follow_in_archive()
        return result

    def _get_trade_domain(self):
        return Domain("move_type", "=", "out_refund") & Domain("state", "=", "posted")

    def _get_trade_end(self):
        if self.state == "cancel":
            return self.env._("The credit note was cancelled.")
        if self.state != "posted":
            return self.env._("The credit note is a draft again.")
        orders = self.invoice_line_ids.sale_line_ids.order_id
        if orders and "sale" not in orders.mapped("state"):
            # the order counts no more, so there is nothing to take back
            return self.env._("The sales order it takes back was cancelled.")
        return ""

    def _prepare_trade_vals(self):
        return {
            "name": self.name,
            "date": self.invoice_date,
            "amount": -self.amount_untaxed,
            "currency_id": self.currency_id.id,
            "user_id": self.invoice_user_id.id,
        }
