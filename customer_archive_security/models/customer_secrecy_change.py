from odoo import api, fields, models


class CustomerSecrecyChange(models.Model):
    """A proposal that a dossier has another grade of secrecy (S4-5, S4-15).

    Made by the dialog for one dossier or many, a proposal each; nobody writes it.
    """

    _name = "customer.secrecy.change"
    _inherit = ["customer.dossier.item", "customer.approval.mixin"]
    _description = "Request for Another Secrecy Grade"
    _order = "id desc"
    _history = False

    old_secrecy_id = fields.Many2one(
        "customer.secrecy",
        string="Grade Until Now",
        readonly=True,
        ondelete="restrict",
    )
    secrecy_id = fields.Many2one(
        "customer.secrecy",
        string="Grade Proposed",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    requester_id = fields.Many2one(
        "res.users",
        string="Proposed By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Proposed On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [
            ("review", "Waiting for Approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="review",
    )
    answer = fields.Text(string="Refused Because", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _asked_once = models.UniqueIndex(
        "(dossier_id) WHERE state = 'review'",
        "Another grade of this dossier waits for approval already.",
    )

    @api.depends("requester_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for change in self:
            change.is_mine = change.requester_id == self.env.user

    def _get_item_name(self):
        return f"{self.dossier_id.display_name} → {self.secrecy_id.name}"

    @api.model
    def _propose(self, dossiers, secrecy, reason):
        """Propose ``secrecy`` for each dossier, and send it on its way.

        :return: the proposals
        """
        # sudo: who proposes is asked for his group by the dialog, and reads these
        # dossiers; he need not write them
        changes = self.sudo().create(
            [
                {
                    "dossier_id": dossier.id,
                    "old_secrecy_id": dossier.secrecy_id.id,
                    "secrecy_id": secrecy.id,
                    "reason": reason,
                }
                for dossier in dossiers
            ]
        )
        changes._request_approval()
        return changes.sudo(False)

    def action_withdraw(self):
        """Take one's own proposal back."""
        self.check_access("read")
        waiting = self.filtered(lambda c: c.is_mine and c.state == "review")
        # sudo: withdraws what the user has asked for himself
        waiting = waiting.sudo()
        waiting.approval_id._cancel()
        waiting.write({"state": "cancelled"})

    def _move_to_dossier(self, dossier):
        """Stay with the merged dossier; what still waited is pointless now."""
        # sudo: the merge asked for the right on both dossiers
        waiting = self.sudo().filtered(lambda change: change.state == "review")
        waiting.approval_id._cancel()
        waiting.write({"state": "cancelled"})

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def _prepare_approval_vals(self):
        return {"dossier_id": self.dossier_id.id, "team_id": self.dossier_id.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """Write the grade; access moves with it, in this transaction (S4-15)."""
        # sudo: whoever decided last was asked for his right by the approval
        change = self.sudo()
        change.write(
            {"state": state, "answer": comment if state == "refused" else False}
        )
        if state == "approved":
            change.dossier_id.secrecy_id = change.secrecy_id
