from odoo import api, fields, models


class CustomerVisitItem(models.Model):
    """Something to take along, asked for beforehand (S1-30)."""

    _name = "customer.visit.item"
    _inherit = ["customer.visit.line"]
    _description = "Item to Carry"

    _asked_fields = frozenset(("name", "quantity", "visit_id"))

    name = fields.Char(string="Item", required=True)
    quantity = fields.Float(default=1.0)
    is_approved = fields.Boolean(string="Approved", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # who asks does not approve
            vals_list = [{**vals, "is_approved": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Write; another item, or more of it, is asked for anew."""
        if self.env.su:
            return super().write(vals)
        result = super().write({k: v for k, v in vals.items() if k != "is_approved"})
        if not self._asked_fields.isdisjoint(vals):
            # sudo: takes back an approval that was given for something else
            self.sudo().is_approved = False
        return result
