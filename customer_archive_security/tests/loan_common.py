from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time

from .security_common import SecurityCase

# Monday in the morning, by the clock of the company.
MORNING = datetime(2026, 3, 2, 9, 0)
CLOSE_OF_WORK = datetime(2026, 3, 2, 18, 0)


class LoanCase(SecurityCase):
    """Loans asked for as people ask for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.archive.policy"].search(
            [("company_id", "=", cls.env.company.id)]
        ).unlink()
        cls.env["customer.archive.policy"].create({"loan_timezone": "UTC"})
        # no department's own team
        cls.line = cls.team
        cls.line.member_ids = [Command.link(cls.users["owner"].id)]

    def setUp(self):
        super().setUp()
        self.clock = self.enterContext(freeze_time(MORNING))

    def dialog(self, role, dossier, **vals):
        requests = self.env["customer.loan.request"].with_user(self.users[role])
        return requests.create(
            {
                "partner_id": dossier.partner_id.id,
                "purpose": "Offer for the tender",
                "quantity": "Annex 1",
                "is_confirmed": True,
                **vals,
            }
        )

    def ask(self, role, dossier, **vals):
        """The loan that is asked for in the dialog, as its borrower sees it."""
        action = self.dialog(role, dossier, **vals).action_send()
        return self.as_role(action["res_id"], role)

    def as_role(self, loan_id, role):
        self.env.invalidate_all()
        return self.env["customer.loan"].with_user(self.users[role]).browse(loan_id)

    def approve(self, loan, role):
        self.as_role(loan.id, role).action_approve()
        self.env.invalidate_all()

    def granted(self, borrower, dossier, approver, **vals):
        loan = self.ask(borrower, dossier, **vals)
        self.approve(loan, approver)
        return loan

    def move(self, **delta):
        self.clock.move_to(fields.Datetime.now() + timedelta(**delta))
        self.env.invalidate_all()
