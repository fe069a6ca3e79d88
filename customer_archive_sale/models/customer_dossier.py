from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError


class CustomerDossier(models.Model):
    _inherit = "customer.dossier"

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and put on file what the customers bought before."""
        dossiers = super().create(vals_list)
        self.env["customer.transaction"]._record_earlier(dossiers)
        return dossiers

    @api.model
    def _find_of_sources(self, sources):
        """Dossiers in force, destroyed ones too, by customer and company."""
        dossiers = self.with_context(active_test=False).search_fetch(
            [
                ("partner_id", "in", sources.partner_id.commercial_partner_id.ids),
                ("company_id", "in", sources.company_id.ids),
                ("merged_into_id", "=", False),
            ],
            ["partner_id", "company_id", "state"],
        )
        return {(d.partner_id.id, d.company_id.id): d for d in dossiers}

    @api.model
    def _open_at_first_order(self, orders):
        """Open a dossier for each customer of ``orders``, as the policy says (S2-15).

        They come on file with it, and whatever their customers bought before.
        """
        policies = {
            company: self.env["customer.archive.policy"]._get_policy(company)
            for company in orders.company_id
        }
        firsts = {}
        for order in orders.sorted("date_order"):
            if policies[order.company_id].open_at_first_order:
                firsts.setdefault(order._get_trade_key(), order)
        if not firsts:
            return
        sellers = self.env.ref("customer_archive.group_archive_user").all_user_ids
        vals_list = [
            self._prepare_first_order_vals(order, sellers) for order in firsts.values()
        ]
        try:
            with self.env.cr.savepoint():
                self.create(vals_list)
        except UniqueViolation as error:
            # somebody opened one of them in this moment: again, with what is there
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _prepare_first_order_vals(self, order, sellers):
        partner_id, company_id = order._get_trade_key()
        date = order._get_trade_date()
        owner = order.user_id & sellers
        return {
            "partner_id": partner_id,
            "company_id": company_id,
            "user_id": owner.id if order.company_id in owner.company_ids else False,
            "keeper_id": False,
            "first_contact_date": date,
            "first_deal_date": date,
        }
