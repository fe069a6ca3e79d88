from odoo import fields, models


class CustomerDisclosureLine(models.Model):
    """A dossier whose content is given outside (S2-44). Nobody writes it."""

    _name = "customer.disclosure.line"
    _inherit = ["customer.dossier.item"]
    _description = "Dossier Given Outside"
    _order = "id"
    _history = False

    disclosure_id = fields.Many2one(
        "customer.disclosure",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    recipient = fields.Char(related="disclosure_id.recipient")
    state = fields.Selection(related="disclosure_id.state")

    _once = models.Constraint(
        "UNIQUE(disclosure_id, dossier_id)", "The dossier is listed already."
    )

    def _move_to_dossier(self, dossier):
        """Stay: the other dossier holds more than was approved to be given (S4-24)."""
