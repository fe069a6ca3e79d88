from odoo import api, fields, models
from odoo.fields import Domain

# Changes after which an order may be trade, or the trade of somebody else.
TELLING_FIELDS = frozenset(("state", "partner_id", "company_id"))


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "customer.trade.source"]

    @api.model_create_multi
    def create(self, vals_list):
        """Create; an order that is loaded or imported may be confirmed already."""
        orders = super().create(vals_list)
        orders.filtered_domain(orders._get_trade_domain())._follow_in_archive()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if not TELLING_FIELDS.isdisjoint(vals):
            self._follow_in_archive()
        if "state" in vals:
            # sudo: finds credit notes the user may not read; nothing is handed back
            invoices = self.sudo().invoice_ids
            invoices.filtered(
                lambda m: m.move_type == "out_refund"
            )._follow_in_archive()
        return result

    def _get_trade_domain(self):
        return Domain("state", "=", "sale")

    def _get_trade_end(self):
        if self.state == "sale":
            return ""
        if self.state == "cancel":
            return self.env._("The sales order was cancelled.")
        return self.env._("The sales order is a quotation again.")

    def _prepare_trade_vals(self):
        return {
            "name": self.name,
            "date": self._get_trade_date(),
            "amount": self.amount_untaxed,
            "currency_id": self.currency_id.id,
            "user_id": self.user_id.id,
        }

    def _get_trade_date(self):
        """Day of the order where the company is.

        Not where the user is who looks: the day is on file for everybody.
        """
        zone = self.company_id.partner_id.tz or self.user_id.tz or "UTC"
        order = self.with_context(tz=zone)
        return fields.Datetime.context_timestamp(order, self.date_order).date()

    def _get_trade_profit(self):
        return self.margin if self._knows_margin() else 0.0

    @api.model
    def _knows_margin(self):
        """Whether margins of orders are kept, which another addon of Odoo does."""
        return "margin" in self._fields
