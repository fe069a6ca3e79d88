from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import api, models, tools

# How far back and ahead working days are known: more than the longest interval.
DAYS_BACK, DAYS_AHEAD = 400, 400
WEEKDAYS = range(5)


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["resource.calendar", "customer.workdays.mixin"]

    @api.model
    def _get_workdays(self, company, users, today):
        """Days on which people work, by their calendars and time off.

        :return: {user id: list of dates}; at False those of the company itself, for
            whoever has no calendar of his own
        """
        # sudo: on which days people work, nothing else
        calendar = company.sudo().resource_calendar_id
        resources = self.env["resource.resource"].sudo()
        resources = resources.search(
            [("user_id", "in", users.ids), ("company_id", "=", company.id)]
        )
        # the first of the month: one look at the calendars serves for weeks
        month = today.replace(day=1)
        own = {
            resource.user_id.id: self._read_workdays(
                (resource.calendar_id or calendar).id, resource.id, month
            )
            for resource in resources
        }
        return {**own, False: self._read_workdays(calendar.id, False, month)}

    @api.model
    @tools.ormcache("calendar_id", "resource_id", "month")
    def _read_workdays(self, calendar_id, resource_id, month):
        start, end = month - timedelta(DAYS_BACK), month + timedelta(DAYS_AHEAD)
        if not calendar_id:
            days = (start + timedelta(n) for n in range((end - start).days))
            return [day for day in days if day.weekday() in WEEKDAYS]
        # sudo: see above
        calendar = self.sudo().browse(calendar_id)
        resource = self.env["resource.resource"].sudo().browse(resource_id or ())
        tz = timezone(calendar.tz)
        intervals = calendar._work_intervals_batch(
            tz.localize(datetime.combine(start, time.min)),
            tz.localize(datetime.combine(end, time.min)),
            resources=resource,
            tz=tz,
        )
        return sorted({begin.date() for begin, _end, _rec in intervals[resource.id]})
