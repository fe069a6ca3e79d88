from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerPolicyProposal(models.Model):
    """How somebody who works by the policy would change it (S2-7)."""

    _name = "customer.policy.proposal"
    _description = "Proposal for the Policy"
    _order = "id desc"
    _rec_name = "clause"

    policy_id = fields.Many2one(
        "customer.policy.text",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("state", "=", "force")],
        default=lambda self: self.env["customer.policy.text"].search(
            [("state", "=", "force"), ("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    clause = fields.Char(required=True, help="Article or sentence it is about.")
    text = fields.Text(string="Proposal", required=True)
    user_id = fields.Many2one(
        "res.users", string="Proposed By", readonly=True, default=lambda s: s.env.user
    )
    date = fields.Date(
        string="Proposed On", readonly=True, default=fields.Date.context_today
    )
    state = fields.Selection(
        [("new", "New"), ("taken", "Taken Up"), ("declined", "Declined")],
        required=True,
        readonly=True,
        default="new",
    )
    answer = fields.Text()

    @api.model_create_multi
    def create(self, vals_list):
        own = {"user_id": self.env.uid, "state": "new"}
        return super().create([{**vals, **own} for vals in vals_list])

    def action_take(self):
        """Take it up in the next version."""
        self._answer("taken")

    def action_decline(self):
        """Decline, with a word why.

        :raises UserError: without one
        """
        if any(not (proposal.answer or "").strip() for proposal in self):
            raise UserError(self.env._("Say why it is declined."))
        self._answer("declined")

    def _answer(self, state):
        self.check_access("write")
        self.write({"state": state})
