from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerLoanRequest(models.TransientModel):
    """资料提取申请单: who asks for which dossier, for what and until when (S3-10)."""

    _name = "customer.loan.request"
    _description = "Request for a Dossier"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", domain=[("parent_id", "=", False)]
    )
    number = fields.Char(string="Dossier No.", help="Instead of the customer.")
    loan_id = fields.Many2one("customer.loan", help="The loan that is to run longer.")

    # The stub: what anybody may know
    stub_number = fields.Char(string="Found", compute="_compute_stub")
    stub_customer = fields.Char(string="Customer Found", compute="_compute_stub")
    stub_keeper = fields.Char(string="Kept By", compute="_compute_stub")
    stub_tier = fields.Char(string="Tier", compute="_compute_stub")
    is_copy_allowed = fields.Boolean(compute="_compute_stub")
    latest_end = fields.Datetime(
        string="Lent Until at the Longest", compute="_compute_latest_end"
    )

    # What is asked for
    department = fields.Char(default=lambda self: self._get_default_department())
    purpose = fields.Text(help="What for (用途: S3-12).")
    quantity = fields.Char(
        string="Parts Wanted", help="Which parts, or how many (提取数量: S3-12)."
    )
    mode = fields.Selection(
        [("read", "Read on Site"), ("copy", "Copies Allowed")], default="read"
    )
    is_paper = fields.Boolean(
        string="Paper Dossier", help="The paper is handed out too (S2-57)."
    )
    volume_number = fields.Integer(
        string="Volume", help="Number of the volume wanted; 0: all of them (S2-57)."
    )
    date_start = fields.Datetime(string="From", default=fields.Datetime.now)
    date_end = fields.Datetime(
        string="Until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_confirmed = fields.Boolean(
        string="I Keep to These Rules", help="Asked at each request (S3-13)."
    )

    @api.model
    def _get_default_department(self):
        # sudo: what he wrote himself the last time, or his own sales team
        loans = self.env["customer.loan"].sudo()
        last = loans.search([("user_id", "=", self.env.uid)], limit=1)
        return last.department or self.env.user.sudo().sale_team_id.name

    # ------------------------------------------------------------------
    # What is asked for
    # ------------------------------------------------------------------

    def _find_dossier(self):
        """The dossier meant, as superuser; empty where there is none."""
        # sudo: finds dossiers closed to the user, and shows him their stub alone
        dossiers = self.env["customer.dossier"].sudo()
        # the user reads his own loans alone
        if self.loan_id and self.loan_id.has_access("read"):
            return dossiers.browse(self.loan_id.dossier_id.id)
        if self.partner_id:
            meant = Domain(
                "partner_id", "=", self.partner_id.commercial_partner_id._origin.id
            )
        elif number := (self.number or "").strip():
            meant = Domain("number", "=", number)
        else:
            return dossiers
        here = Domain("company_id", "=", self.env.company.id)
        return dossiers.search(
            meant & here & Domain("merged_into_id", "=", False), limit=1
        )

    @api.depends("partner_id", "number", "loan_id")
    def _compute_stub(self):
        loans = self.env["customer.loan"]
        for request in self:
            dossier = request._find_dossier()
            request.stub_number = dossier.number
            request.stub_customer = dossier.partner_id.name
            request.stub_keeper = dossier.keeper_id.name
            request.stub_tier = dossier.tier_code
            request.is_copy_allowed = loans._is_copy_allowed(dossier)

    @api.depends("partner_id", "number", "loan_id", "date_start")
    def _compute_latest_end(self):
        loans = self.env["customer.loan"]
        for request in self:
            dossier = request._find_dossier()
            start = request._get_start()
            request.latest_end = dossier and loans._get_latest_end(dossier, start)

    def _get_start(self):
        now = fields.Datetime.now()
        return now if self.loan_id else self.date_start or now

    @api.depends("partner_id", "number", "loan_id", "date_start")
    def _compute_date_end(self):
        """Propose the close of work of the first day."""
        loans = self.env["customer.loan"]
        for request in self:
            company = request._find_dossier().company_id or self.env.company
            start = request._get_start()
            end = loans._get_close_of_work(company, start)
            if request.loan_id and end <= request.loan_id.date_end:
                end = loans._get_close_of_work(company, request.loan_id.date_end)
            request.date_end = end

    @api.onchange("number")
    def _onchange_number(self):
        if self.number:
            self.partner_id = False

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.number = False

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def action_send(self):
        """Send the request on its way, and show it.

        :raises UserError: naming what is missing
        """
        self.ensure_one()
        dossier = self._find_dossier()
        self._check_complete(dossier)
        if self.loan_id:
            self.loan_id._request_more_time(self.date_end, self.purpose.strip())
            loan = self.loan_id
        else:
            self._check_closed(dossier)
            loan = self.env["customer.loan"]._request(dossier, **self._prepare_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.loan",
            "res_id": loan.id,
            "views": [(False, "form")],
        }

    def _prepare_vals(self):
        return {
            "department": self.department,
            "purpose": self.purpose.strip(),
            "quantity": self.quantity,
            "mode": self.mode or "read",
            "is_paper": self.is_paper,
            "volume_number": self.is_paper and self.volume_number,
            "date_start": self.date_start or fields.Datetime.now(),
            "date_end": self.date_end,
        }

    def _check_complete(self, dossier):
        if not dossier:
            raise UserError(
                self.env._("There is no dossier of this customer or with this number.")
            )
        if not (self.purpose or "").strip():
            raise UserError(self.env._("State what you need it for."))
        if not self.loan_id and not (self.quantity or "").strip():
            raise UserError(self.env._("State which parts you need, or how many."))
        if not self.date_end or self.date_end <= max(
            self._get_start(), fields.Datetime.now()
        ):
            raise UserError(self.env._("Choose an end that is yet to come."))
        if not self.is_confirmed:
            raise UserError(self.env._("Confirm that you keep to the rules."))

    def _check_closed(self, dossier):
        """Nobody borrows what he may read, but for the paper."""
        dossier = self.env["customer.dossier"].browse(dossier.id)
        if not self.is_paper and dossier.has_access("read"):
            raise UserError(
                self.env._(
                    "Dossier %(number)s is open to you already.", number=dossier.number
                )
            )
