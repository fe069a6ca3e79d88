from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from .customer_visit import OPEN_STATES


class CustomerFollowUp(models.Model):
    """What its person does with a due call or visit, from the page of the day."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.follow.up"

    def action_done(self):
        """Ask whom we met, what was said and what comes next."""
        self.ensure_one()
        self._check_doer()
        titles = {
            "call": self.env._("Call of %(customer)s", customer=self.partner_id.name),
            "visit": self.env._("Visit of %(customer)s", customer=self.partner_id.name),
        }
        return self.env["customer.interaction"]._open_quick_form(
            titles[self.channel],
            "done",
            default_dossier_id=self.dossier_id.id,
            default_channel=self.channel,
            default_person_ids=self.person_id.ids,
        )

    def action_plan_visit(self):
        """The visit that is planned already, or a new one to whom the rhythm asks for.

        From its plan to its report it is one visit; done, it moves the rhythm.
        """
        self.ensure_one()
        self._check_doer()
        planned = self.env["customer.visit"].search(
            [("dossier_id", "=", self.dossier_id.id), ("state", "in", OPEN_STATES)],
            order="date_start, id",
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a Visit"),
            "res_model": "customer.visit",
            "res_id": planned.id,
            "views": [(False, "form")],
            "context": {
                "default_dossier_id": self.dossier_id.id,
                "default_person_ids": self.person_id.ids,
            },
        }

    def action_not_reached(self):
        """Note that nobody was reached, and try again on the next working day."""
        self._check_doer()
        self.env["customer.interaction"].create(
            [
                {
                    "dossier_id": follow_up.dossier_id.id,
                    "channel": follow_up.channel,
                    "person_ids": follow_up.person_id.ids,
                    "is_reached": False,
                }
                for follow_up in self
            ]
        )
        for follow_up in self:
            follow_up._postpone(
                follow_up._get_next_workday(), self.env._("nobody was reached")
            )

    def action_postpone(self):
        """Ask for the day and the reason."""
        self._check_doer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put Off"),
            "res_model": "customer.follow.up.postpone",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_follow_up_ids": self.ids,
                "default_date": self[:1]._get_next_workday(),
            },
        }

    def action_open_dossier(self):
        """The dossier behind the card."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
        }

    def _check_doer(self):
        """
        :raises AccessError: when a dossier is not the user's to write
        """
        self.check_access("read")
        self.dossier_id.check_access("write")

    def _get_next_workday(self):
        """The working day after today of who is responsible."""
        company = self.company_id
        today = self._get_today(company)
        workdays = self.env["resource.calendar"]._get_workdays(
            company, self.user_id, today
        )
        days = workdays.get(self.user_id.id, workdays[False])
        tomorrow = today + timedelta(days=1)
        return next((day for day in days if day >= tomorrow), tomorrow)

    def _postpone(self, date, reason):
        """Put off to a day, for a reason; by the rhythm it stays due when it was.

        :raises UserError: for a day that has passed, or without a reason
        """
        self._check_doer()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this is put off."))
        if date <= min(self._get_today(c) for c in self.company_id):
            raise UserError(self.env._("Choose a later day."))
        # sudo: only the archive writes these rows; the user may write the dossiers
        for follow_up in self.sudo():
            follow_up.write(
                {
                    "postponed_date": date,
                    "postpone_reason": reason.strip(),
                    "action_date": max(date, follow_up.due_date or date),
                }
            )
        # sudo: takes back what has just become pointless
        self.sudo()._settle(self.dossier_id)

    def _log_done(self, feedback):
        """Put a call or visit on file that was ticked off, with what was said of it.

        It was the call or visit of the person the activity asked for.

        :raises UserError: where nothing was said
        """
        self.ensure_one()
        if not (feedback or "").strip():
            raise UserError(self.env._("Say in a line what came of the contact."))
        # sudo: it is kept as done, not taken back for being pointless from now on
        self.sudo().activity_id = False
        self.env["customer.interaction"].create(
            {
                "dossier_id": self.dossier_id.id,
                "channel": self.channel,
                "person_ids": self.person_id.ids,
                "summary": feedback.strip(),
            }
        )
