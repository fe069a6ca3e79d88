from odoo import models
from odoo.exceptions import UserError

from .customer_visit_calendar import SILENT

TIME_FIELDS = frozenset(
    ("start", "stop", "start_date", "stop_date", "duration", "allday", "active")
)
# What would tell more than that somebody is out, or bring others in.
KEPT_FIELDS = frozenset(
    (
        "name",
        "description",
        "notes",
        "location",
        "videocall_location",
        "privacy",
        "user_id",
        "partner_ids",
        "attendee_ids",
        "res_model_id",
        "res_id",
        "recurrency",
        "alarm_ids",
    )
)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def write(self, vals):
        """Write; visits follow their appointments, and nobody is mailed about those.

        :raises UserError: where an appointment would tell what the dossier keeps
        """
        names = frozenset(vals)
        if names.isdisjoint(TIME_FIELDS | KEPT_FIELDS):
            return super().write(vals)
        visits = self.env["customer.visit"]._get_of_events(self)
        if not visits:
            return super().write(vals)
        if not (self.env.su or names.isdisjoint(KEPT_FIELDS)):
            raise UserError(
                self.env._(
                    "Only the time of this appointment can be changed in the calendar. "
                    "The rest is changed where it was planned."
                )
            )
        result = super(CalendarEvent, self.with_context(**SILENT)).write(vals)
        visits._follow_events()
        return result

    def unlink(self):
        visits = self.env["customer.visit"]._get_of_events(self)
        result = super().unlink()
        if visits:
            visits._lose_date()
        return result

    def action_unlink_event(self, attendee_id=None, recurrence=False):
        """Take an appointment of a visit away without a mail about it."""
        if self.env["customer.visit"]._get_of_events(self):
            self.unlink()
            return {}
        return super().action_unlink_event(attendee_id, recurrence)
