from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerVisit(models.Model):
    """Approval of what a visit takes along and may cost (S1-30)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    request_state = fields.Selection(
        [
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Items and Expenses",
        readonly=True,
    )
    approved_amount = fields.Monetary(string="Approved Expenses", readonly=True)
    refusal_reason = fields.Text(string="Refused Because", readonly=True)
    is_request_needed = fields.Boolean(
        string="To Be Approved",
        compute="_compute_is_request_needed",
        help="Items, or expenses above the policy's limit, that nobody approved yet.",
    )

    @api.depends(
        "item_ids.is_approved", "estimate_amount", "approved_amount", "company_id"
    )
    def _compute_is_request_needed(self):
        policies = self.env["customer.archive.policy"]
        for company, visits in self.grouped("company_id").items():
            free = policies._get_policy(company or self.env.company).visit_expense_limit
            for visit in visits:
                unapproved = visit.item_ids.filtered(lambda item: not item.is_approved)
                is_dear = visit.estimate_amount > max(free, visit.approved_amount)
                visit.is_request_needed = bool(unapproved) or is_dear

    def action_request_approval(self):
        """Ask for the items and expenses."""
        self.check_access("write")
        wanting = self.filtered("is_request_needed")
        if not wanting:
            raise UserError(self.env._("Nothing here needs to be approved."))
        wanting._request_approval()
        # sudo: the state of the request follows from it
        wanting.sudo().write({"request_state": "waiting", "refusal_reason": False})

    def action_withdraw_request(self):
        """Take the request back."""
        self.check_access("write")
        waiting = self.filtered(lambda visit: visit.request_state == "waiting")
        # sudo: withdraws a request on a visit the user may write
        waiting.approval_id.sudo()._cancel()
        waiting.sudo().request_state = False

    def _on_moved(self, state):
        if state == "cancelled":
            # sudo: what is asked for is pointless with the visit
            self.sudo().action_withdraw_request()
        return super()._on_moved(state)

    def _prepare_approval_vals(self):
        return {"dossier_id": self.dossier_id.id, "team_id": self.dossier_id.team_id.id}

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        # sudo: whoever decided last was asked for his right by the approval
        visit = self.sudo()
        if state == "approved":
            visit.item_ids.is_approved = True
            visit.approved_amount = visit.estimate_amount
        visit.write(
            {
                "request_state": state,
                "refusal_reason": comment if state == "refused" else False,
            }
        )
