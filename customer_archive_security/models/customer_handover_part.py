from odoo import api, fields, models


class CustomerHandoverPart(models.Model):
    """How many of one kind are handed over."""

    _name = "customer.handover.part"
    _description = "Part of a Handover"
    _order = "id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Char(required=True)
    name = fields.Char(compute="_compute_name", string="What")
    count = fields.Integer(string="How Many")
    is_passed = fields.Boolean(
        string="Goes to Successors",
        compute="_compute_name",
        help="The rest ends with the person's account.",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_name(self):
        kinds = {
            kind.code: kind for kind in self.env["customer.entrusted"]._get_kinds()
        }
        for part in self:
            kind = kinds.get(part.kind)
            # what an addon brought is gone with it
            part.name = kind.label if kind else part.kind
            part.is_passed = bool(kind and kind.method)

    def action_open(self):
        """What stands behind the number, as far as it is open to the reader."""
        self.ensure_one()
        self.check_access("read")
        entrusted = self.env["customer.entrusted"]
        kinds = {kind.code: kind for kind in entrusted._get_kinds()}
        kind, handover = kinds[self.kind], self.handover_id
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": kind.model_name,
            "views": [(False, "list"), (False, "form")],
            "domain": list(
                entrusted._get_domain(kind, handover.user_id, handover.company_id)
            ),
            "context": {"active_test": False},
        }
