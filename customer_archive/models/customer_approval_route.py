import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CustomerApprovalRoute(models.Model):
    """Who decides, in which order, on one kind of request."""

    _name = "customer.approval.route"
    _description = "Approval Route"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first route that fits is taken.")
    res_model = fields.Selection("_get_approvable_models", "Applies To", required=True)
    company_id = fields.Many2one("res.company", index=True)
    domain = fields.Char(
        string="Only Where",
        help="Which requests take this route; empty: all of them. Asked of the request "
        "as it is made (S0-26, S3-10 to S3-12, S4-23).",
    )
    is_automatic = fields.Boolean(
        string="Granted at Once",
        help="Nobody needs to decide; the request is on record all the same (S3-11).",
    )
    is_distinct = fields.Boolean(
        string="Each Step by Somebody Else",
        help="Nobody decides two steps of the same request (S4-25).",
    )
    step_ids = fields.One2many("customer.approval.step", "route_id", "Steps", copy=True)
    active = fields.Boolean(default=True)

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        for route in self:
            try:
                route._get_domain().validate(self.env[route.res_model])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of route “%(name)s” can't be evaluated.",
                        name=route.name,
                    )
                ) from error

    def _get_domain(self):
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or "[]"))

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
    def _find_route(self, res_model, company, record=None):
        """The first route that fits; empty when there is none.

        :param record: what is asked for; without it, routes with a condition are
            left out
        """
        routes = self.search(
            [
                ("res_model", "=", res_model),
                ("company_id", "in", (company.id, False)),
                "|",
                ("step_ids", "!=", False),
                ("is_automatic", "=", True),
            ]
        )
        for route in routes:
            if route._fits(record):
                return route
        return self.browse()

    def _fits(self, record):
        domain = self._get_domain()
        if record is None:
            return domain.is_true()
        # sudo: the condition is the administrator's; it tells which route, no more
        return bool(record.sudo().filtered_domain(domain))
