from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerApprovalMixin(models.AbstractModel):
    """Something that others approve before it holds.

    A model says what an approval (or a refusal) does in :meth:`_on_decided`.
    """

    _name = "customer.approval.mixin"
    _description = "Something to Approve"

    approval_ids = fields.One2many(
        "customer.approval",
        "res_id",
        string="Approvals",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
    )
    approval_id = fields.Many2one(
        "customer.approval", string="Open Approval", compute="_compute_approval"
    )
    is_my_turn = fields.Boolean(
        string="Waiting for Me",
        compute="_compute_approval",
        search="_search_is_my_turn",
    )

    @api.depends("approval_ids.state")
    @api.depends_context("uid")
    def _compute_approval(self):
        approvals = self.env["customer.approval"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "pending"),
            ],
            ["res_id"],
        )
        by_record = {approval.res_id: approval for approval in approvals}
        for record in self:
            record.approval_id = by_record.get(record.id, approvals.browse())
            record.is_my_turn = record.approval_id.is_my_turn

    def _search_is_my_turn(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: tells whose turn it is alone, as the approvals themselves do
        approvals = self.env["customer.approval"].sudo()
        mine = approvals._get_turn_domain() & Domain("res_model", "=", self._name)
        return Domain("id", "in", approvals.search(mine).mapped("res_id"))

    def _request_approval(self):
        """Send each record on its route.

        :raises UserError: when no route is set up
        """
        # an earlier request that has just ended must not be in the way
        self.env["customer.approval"].flush_model(["state"])
        for record in self:
            company = record._get_approval_company()
            # sudo: routes are settings
            routes = self.env["customer.approval.route"].sudo()
            route = routes._find_route(self._name, company, record)
            if not route:
                raise UserError(
                    self.env._(
                        "No approval route is set up for this. Ask your administrator."
                    )
                )
            is_automatic = route.is_automatic
            # sudo: requests are made here alone, by who may write the record
            self.env["customer.approval"].sudo().create(
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "company_id": company.id,
                    "requester_id": self.env.uid,
                    "route_id": route.id,
                    "step_id": not is_automatic and route.step_ids[0].id,
                    "state": "approved" if is_automatic else "pending",
                    **record._prepare_approval_vals(),
                }
            )
            if is_automatic:
                record._on_decided("approved", None)

    def _get_approval_company(self):
        return self.env.company

    def _prepare_approval_vals(self):
        """Hook: further values of the request, such as its team."""
        return {}

    def _on_decided(self, state, comment):
        """Hook: the request ended ``approved`` or ``refused``, with its reason."""

    def action_approve(self):
        """Approve what waits for the user."""
        self._get_waiting()._decide("approved")

    def action_refuse(self):
        """Ask for the reason of a refusal."""
        return self._get_waiting().action_refuse()

    def _get_waiting(self):
        """The open request of each record.

        :raises UserError: where there is none, or somebody has just decided it
        """
        self.check_access("read")
        self.invalidate_recordset(["approval_id"])
        if not all(record.approval_id for record in self):
            raise UserError(
                self.env._("Nothing waits for a decision here, or no longer does.")
            )
        return self.approval_id
