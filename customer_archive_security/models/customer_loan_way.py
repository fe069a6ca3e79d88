from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from .customer_loan import CUSTODIAN_GROUPS

READER_GROUP = "customer_archive.group_archive_reader"


class CustomerLoan(models.Model):
    """The way of a loan: asked for, decided, ended, tidied up."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.loan"

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _request(self, dossier, **vals):
        """Ask for ``dossier`` in the name of the current user.

        :param vals: purpose, quantity, department, mode, is_paper, volume and dates
        :raises UserError: when the terms don't allow it
        """
        user = self.env.user
        self._check_may_borrow(dossier, user)
        self._check_end(dossier, vals["date_start"], vals["date_end"])
        if vals.get("mode") == "copy" and not self._is_copy_allowed(dossier):
            raise UserError(
                self.env._("This dossier is lent for reading alone: no copies.")
            )
        self._check_not_asked(dossier, user)
        # sudo: loans are made here alone, always for who asks, and grant nothing yet
        loan = self.sudo().create(
            {
                **vals,
                "number": self._next_number(dossier.company_id),
                "dossier_id": dossier.id,
                "company_id": dossier.company_id.id,
                "user_id": user.id,
                "origin": self._get_origin(dossier, user),
                "confirmed_date": fields.Datetime.now(),
                "state": "requested",
            }
        )
        loan = loan.sudo(False)
        loan._send()
        return loan

    @api.model
    def _check_not_asked(self, dossier, user):
        # sudo: one's own loans
        loans = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("dossier_id", "=", dossier.id),
                ("state", "in", ("requested", "granted")),
            ]
        )
        if any(loan.state == "requested" for loan in loans):
            raise UserError(self.env._("You have asked for this dossier already."))
        if any(loan.date_end > fields.Datetime.now() for loan in loans):
            raise UserError(
                self.env._("This dossier is lent to you already. Ask for more time.")
            )

    @api.model
    def _next_number(self, company):
        # sudo: draws a number only; who borrows can't read sequences
        sequences = self.env["ir.sequence"].sudo().with_company(company)
        return sequences.next_by_code(self._name)

    def _request_more_time(self, until, reason):
        """Ask that a running loan of one's own ends later (S4-22).

        :raises UserError: for a loan that doesn't run, or too long a time
        """
        self.ensure_one()
        if self.user_id != self.env.user or not self.is_live:
            raise UserError(
                self.env._("Only a running loan of your own can be extended.")
            )
        if until <= self.date_end:
            raise UserError(self.env._("The loan runs until then already."))
        # sudo: the dossier is lent to who asks
        dossier = self.sudo().dossier_id
        self._check_may_borrow(dossier, self.env.user)
        self._check_end(dossier, fields.Datetime.now(), until)
        # sudo: what is wanted grants nothing
        self.sudo().write({"wanted_end": until, "extension_reason": reason})
        self._send()

    def _send(self):
        """Send the request on its route, and tell whose turn it is (S4-22)."""
        self._request_approval()
        self.invalidate_recordset(["approval_id"])
        # sudo: loans of a day can't wait for the daily reminder
        if approval := self.sudo().approval_id:
            approval._tell_approvers()

    def _get_approval_company(self):
        # sudo: of what is asked for
        return self.sudo().company_id

    def _prepare_approval_vals(self):
        # sudo: the borrower's own team, whose leader is his superior
        borrower = self.sudo().user_id
        return {"dossier_id": self.dossier_id.id, "team_id": borrower.sale_team_id.id}

    # ------------------------------------------------------------------
    # The decision
    # ------------------------------------------------------------------

    def _on_decided(self, state, comment):
        # sudo: whoever decided was asked for his right by the approval
        for loan in self.sudo():
            if state == "approved":
                loan._grant()
            elif loan.state == "requested":
                loan.write({"state": "refused", "refusal_reason": comment})
            else:
                loan.write({"wanted_end": False, "refusal_reason": comment})
            loan._tell_borrower()

    def _grant(self):
        """Open the dossier to the borrower, or leave it open for longer.

        :raises UserError: when the time asked for is over, or he may no longer borrow
        """
        end = self.wanted_end or self.date_end
        now = fields.Datetime.now()
        if end <= now:
            raise UserError(
                self.env._(
                    "The time asked for is over: refuse it, and have it asked anew."
                )
            )
        self._check_may_borrow(self.dossier_id, self.user_id)
        is_more = bool(self.wanted_end)
        self.write(
            {
                "state": "granted",
                "date_end": end,
                "wanted_end": False,
                "granted_date": self.granted_date or now,
                "extension_count": self.extension_count + is_more,
                "ended_date": False,
            }
        )
        self._open_door()
        self.env.ref("customer_archive_security.ir_cron_loan")._trigger(at=end)

    def _open_door(self):
        """Make borrowers readers: no dossier opens by that, but on loan (S3-10)."""
        reader = self.env.ref(READER_GROUP)
        for loan in self:
            dossiers = self.env["customer.dossier"].with_user(loan.user_id)
            if not dossiers.has_access("read"):
                loan.user_id.write({"group_ids": [Command.link(reader.id)]})
                loan.is_reader_added = True

    @api.model
    def _close_doors(self, users):
        """Those whose last loan has ended are readers no longer.

        The record rule has closed the dossiers to the second before.
        """
        added = self.search(
            [("user_id", "in", users.ids), ("is_reader_added", "=", True)]
        )
        busy = self.search(
            [("user_id", "in", added.user_id.ids), ("state", "=", "granted")]
        )
        done = added.filtered(lambda loan: loan.user_id not in busy.user_id)
        reader = self.env.ref(READER_GROUP)
        done.user_id.write({"group_ids": [Command.unlink(reader.id)]})
        done.write({"is_reader_added": False})

    def _tell_borrower(self, activity_type="mail_activity_type_loan_decided"):
        # what somebody grants himself, nobody needs to tell him
        for loan in self.filtered(lambda loan: loan.user_id != self.env.user):
            loan._remind(loan.user_id, activity_type)

    def _remind(self, users, activity_type):
        """Put an activity on desks; it says its type, and why a loan ended."""
        loan = self.with_context(mail_activity_quick_update=True)
        for user in users.filtered("active"):
            loan.activity_schedule(
                f"customer_archive_security.{activity_type}",
                user_id=user.id,
                note=self.end_reason and plaintext2html(self.end_reason),
            )

    # ------------------------------------------------------------------
    # The borrower
    # ------------------------------------------------------------------

    def action_open_dossier(self):
        """Open what is lent, under the dossier's own lock."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
        }

    def action_more_time(self):
        """Ask until when the loan shall run, and why."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_loan_request_action"
        )
        return {
            **action,
            "display_name": self.env._("Ask for More Time"),
            "context": {"default_loan_id": self.id},
        }

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------

    def action_give_back(self):
        """Give the dossier back early."""
        self._check_borrower_or_custodian()
        self._end("returned")

    def action_withdraw(self):
        """Take back a request, or the wish for more time."""
        self._check_borrower_or_custodian()
        self._end("withdrawn")

    def action_call_back(self):
        """Ask why the loans are called back."""
        self._check_custodian()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call Back"),
            "res_model": "customer.loan.call.back",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_loan_ids": self.ids},
        }

    def _call_back(self, reason):
        """End running loans at once, and tell their borrowers why (S2-3, S3-13).

        :raises UserError: where one of them doesn't run
        """
        self._check_custodian()
        if any(loan.state != "granted" for loan in self):
            raise UserError(self.env._("Only a loan that runs is called back."))
        # sudo: the activity is the borrower's
        self.sudo()._revoke(reason)

    def _revoke(self, reason):
        """End what runs or waits, and tell the borrowers why."""
        self._end("revoked", reason)
        self._tell_borrower("mail_activity_type_loan_called_back")

    def action_hand_out(self):
        """Sign that the paper was handed to the borrower (S2-57).

        :raises UserError: without a running loan of paper
        """
        self._check_custodian()
        # sudo: custodians sign here alone
        for loan in self.sudo():
            if not (loan.is_paper and loan.is_live) or loan.paper_out_date:
                raise UserError(
                    self.env._("No paper waits to be handed out for this loan.")
                )
            loan.write(
                {
                    "paper_out_date": fields.Datetime.now(),
                    "paper_out_by_id": self.env.uid,
                }
            )

    def action_take_back(self):
        """Sign that the paper is back; the loan ends with that (S2-57).

        :raises UserError: where no paper is out
        """
        self._check_custodian()
        # sudo: see action_hand_out
        loans = self.sudo()
        if not all(loan.paper_out_date and not loan.paper_back_date for loan in loans):
            raise UserError(self.env._("No paper of this loan is out."))
        loans.write(
            {"paper_back_date": fields.Datetime.now(), "paper_back_by_id": self.env.uid}
        )
        loans.activity_unlink(["customer_archive_security.mail_activity_type_loan_due"])
        loans.filtered(lambda loan: loan.state == "granted")._end("returned")

    def _check_custodian(self):
        """
        :raises UserError: unless the user keeps the register and sees these loans
        """
        self.check_access("read")
        if not self.env.user.has_groups(CUSTODIAN_GROUPS):
            raise UserError(
                self.env._("Customer service or an archivist does this for you.")
            )

    def _check_borrower_or_custodian(self):
        self.check_access("read")
        if any(loan.user_id != self.env.user for loan in self):
            self._check_custodian()

    def _end(self, state, reason=False):
        """End what runs with ``state``, and withdraw what still waits.

        :param reason: kept on the loans, where their borrowers read it
        """
        # sudo: whoever ends a loan was asked for his right; nobody gains by it
        loans = self.sudo()
        loans.approval_id._cancel()
        now = fields.Datetime.now()
        asked = loans.filtered(lambda loan: loan.state == "requested")
        asked.write({"state": "withdrawn", "end_reason": reason})
        running = loans.filtered(lambda loan: loan.state == "granted")
        running.write({"wanted_end": False})
        if state != "withdrawn":
            running.write(
                {
                    "state": state,
                    "ended_date": now,
                    "ended_by_id": self.env.uid,
                    "end_reason": reason,
                }
            )
        loans._close_doors(running.user_id)

    @api.model
    def _cron_tidy(self):
        """Call expired what the rule has ended, and remind of paper that is out."""
        now = fields.Datetime.now()
        over = self.search([("state", "=", "granted"), ("date_end", "<=", now)])
        for loan in over:
            loan.write({"state": "expired", "ended_date": loan.date_end})
        self._close_doors(over.user_id)
        missed = self.search(
            [
                "|",
                ("wanted_end", "<=", now),
                "&",
                ("state", "=", "requested"),
                ("date_end", "<=", now),
            ]
        )
        missed.approval_id._withdraw(self.env._("Nobody decided in time."))
        due = self.env.ref("customer_archive_security.mail_activity_type_loan_due")
        for loan in self.search([("is_overdue", "=", True)]):
            if due not in loan.activity_ids.activity_type_id:
                people = loan.user_id | loan.dossier_id.keeper_id
                loan._remind(people, "mail_activity_type_loan_due")
