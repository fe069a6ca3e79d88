from odoo import api, fields, models


class CustomerApprovalRoute(models.Model):
    """Who decides, in which order, on one kind of request."""

    _name = "customer.approval.route"
    _description = "Approval Route"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first route that fits is taken.")
    res_model = fields.Selection("_get_approvable_models", "Applies To", required=True)
    company_id = fields.Many2one("res.company", index=True)
    step_ids = fields.One2many("customer.approval.step", "route_id", "Steps", copy=True)
    active = fields.Boolean(default=True)

    @api.model
    def _get_approvable_models(self):
        """Models whose records are approved, those of other addons too."""
        mixin = self.env.registry["customer.approval.mixin"]
        return [
            (name, self.env["ir.model"]._get(name).name)
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]

    @api.model
    def _find_route(self, res_model, company):
        """The route for requests on ``res_model``; empty when there is none."""
        return self.search(
            [
                ("res_model", "=", res_model),
                ("company_id", "in", (company.id, False)),
                ("step_ids", "!=", False),
            ],
            limit=1,
        )
