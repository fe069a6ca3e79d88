from odoo import models


class CustomerTradeSource(models.AbstractModel):
    """What becomes a transaction of the customer's dossier by itself.

    It has no field that leads to the dossier: the transaction knows its source,
    and the source learns nothing of the archive.
    """

    _name = "customer.trade.source"
    _description = "Source of Customer Transactions"

    def _get_trade_domain(self):
        """Which of these are trade, as a domain."""
        raise NotImplementedError

    def _get_trade_end(self):
        """Why this does not count as trade any more; nothing while it does."""
        raise NotImplementedError

    def _prepare_trade_vals(self):
        """Values of the transaction that follow this one at all times."""
        raise NotImplementedError

    def _get_trade_place(self):
        """Town of delivery, as the address says it today."""
        return self.partner_shipping_id.city

    def _get_trade_profit(self):
        """What was earned by it; 0 where nobody knows."""
        return 0.0

    def _get_trade_key(self):
        """Ids of customer and company: whose dossier it belongs into."""
        return self.partner_id.commercial_partner_id.id, self.company_id.id

    def _follow_in_archive(self):
        """Tell the archive that these may have begun or ceased to be trade."""
        if self:
            self.env["customer.transaction"]._follow(self)
