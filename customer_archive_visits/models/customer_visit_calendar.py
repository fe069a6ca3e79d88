from odoo import api, fields, models

from .customer_visit import OPEN_STATES

# What the calendar has to follow.
EVENT_FIELDS = frozenset(
    ("state", "date_start", "date_end", "duration", "user_id", "companion_ids")
)
# Nobody is mailed about these: a mail leaves the house, and says where somebody is.
SILENT = {
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
}


class CustomerVisit(models.Model):
    """The appointment of a visit in the calendars of our people.

    The event says that they are out, and nothing else. The visit knows its event,
    the event knows nothing of the visit: calendars are read by everybody.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.visit"

    event_id = fields.Many2one(
        "calendar.event",
        string="Calendar Event",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._sync_events()
        return visits

    def write(self, vals):
        result = super().write(vals)
        if not EVENT_FIELDS.isdisjoint(vals):
            self._sync_events()
        return result

    def unlink(self):
        self._drop_events()
        return super().unlink()

    # ------------------------------------------------------------------
    # The event follows the visit
    # ------------------------------------------------------------------

    def _sync_events(self):
        """Have the events say the same as the visits.

        That of a visit that took place is left alone: it is past.
        """
        visits = self.filtered(lambda visit: visit.state in OPEN_STATES)
        dated = visits.filtered("date_start")
        cancelled = self.filtered(lambda visit: visit.state == "cancelled")
        (cancelled | visits - dated)._drop_events()
        dated.filtered("event_id")._update_events()
        dated.filtered(lambda visit: not visit.event_id)._create_events()

    def _create_events(self):
        # sudo: an event for colleagues, without any content
        events = self._get_silent_events().create(
            [visit._prepare_event_vals() for visit in self]
        )
        for visit, event in zip(self, events, strict=True):
            # sudo: the link is the archive's own
            visit.sudo().event_id = event

    @api.model
    def _get_silent_events(self):
        # sudo: events of colleagues, without any content; see _sync_events
        return self.env["calendar.event"].sudo().with_context(**SILENT)

    def _update_events(self):
        """Write what is different, for all at once whose events change alike."""
        changes = {visit: visit._get_event_changes() for visit in self}
        for visits in self.grouped(lambda visit: str(changes[visit])).values():
            if vals := changes[visits[0]]:
                # sudo: see _sync_events
                events = self._get_silent_events().browse(visits.sudo().event_id.ids)
                events.write(vals)

    def _get_event_changes(self):
        # sudo: see _sync_events
        event = self._get_silent_events().browse(self.sudo().event_id.id)
        wanted = self._prepare_event_vals()
        people = self._get_our_people().partner_id
        changes = {
            name: wanted[name]
            for name in ("start", "stop")
            if wanted[name] != event[name]
        }
        if changes and event.allday:
            changes["allday"] = False
        if event.user_id.id != wanted["user_id"]:
            changes.update(user_id=wanted["user_id"], name=wanted["name"])
        if event.partner_ids != people:
            changes["partner_ids"] = wanted["partner_ids"]
        return changes

    def _drop_events(self):
        # sudo: see _sync_events
        visits = self.sudo().filtered("event_id")
        if not visits:
            return
        events = self._get_silent_events().browse(visits.event_id.ids)
        # the link goes first: a visit loses its date with its event
        visits.event_id = False
        events.unlink()

    def _get_our_people(self):
        # sudo: names of colleagues
        return self.sudo().user_id | self.sudo().companion_ids

    def _prepare_event_vals(self):
        """Who is out, and when; not where, with whom or why."""
        self.ensure_one()
        people = self._get_our_people()
        translate = self.with_context(lang=people[:1].lang).env._
        return {
            "name": translate("Appointment"),
            "start": self.date_start,
            "stop": self.date_end,
            "user_id": self.user_id.id,
            "partner_ids": [fields.Command.set(people.partner_id.ids)],
            "privacy": "private",
            "show_as": "busy",
            "description": False,
            "location": False,
            "videocall_location": False,
            "alarm_ids": [fields.Command.clear()],
            # whatever screen the user comes from, the event knows nothing of it
            "res_model_id": False,
            "res_id": False,
            "activity_ids": [],
        }

    # ------------------------------------------------------------------
    # The visit follows the event
    # ------------------------------------------------------------------

    @api.model
    def _get_of_events(self, events):
        """Visits whose appointments stand in these events, still to be made."""
        # sudo: whoever may move the event needs no right on the dossier; only the
        # dates of the visit follow, and nothing of it is told
        return self.sudo().search(
            [("event_id", "in", events.ids), ("state", "in", OPEN_STATES)]
        )

    def _follow_events(self):
        """Take over the time for which the appointment was moved in the calendar."""
        gone = self.filtered(lambda visit: not visit.event_id.active)
        if gone:
            gone._lose_date()
        times = (self - gone).grouped(lambda v: (v.event_id.start, v.event_id.stop))
        for (start, stop), visits in times.items():
            moved = visits.filtered(
                lambda v, time=(start, stop): (v.date_start, v.date_end) != time
            )
            if moved:
                moved.write({"date_start": start, "date_end": stop})

    def _lose_date(self):
        """Somebody took the appointment out of the calendar.

        The visit is still to be made, so it isn't cancelled, for which nobody gave a
        reason: it goes back to the plan, and waits for a date there.
        """
        self.write(
            {"state": "planned", "date_start": False, "date_end": False}
            | {"event_id": False}
        )
