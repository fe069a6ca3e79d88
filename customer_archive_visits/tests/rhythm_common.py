"""Customers under a rhythm, and the same dates worked out without Odoo."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "base.group_user,customer_archive.group_archive_"
MONDAY = date(2026, 3, 2)
# The policy: tier, channel, interval, rank at least (S0-19, S0-21, S0-22)
POLICY = {
    ("A", "call"): (relativedelta(weeks=1), None),
    ("A", "visit"): (relativedelta(months=2), "executive"),
    ("B", "call"): (relativedelta(weeks=1), None),
    ("B", "visit"): (relativedelta(months=3), "director"),
    ("C", "call"): (relativedelta(weeks=2), None),
    ("C", "visit"): (relativedelta(months=4), "manager"),
}


def oracle_due(dossier_id, start, last, interval, spread=100, is_workday=None):
    """When a call or visit is due, day by day and without a formula.

    The last working day within the interval; a first contact on one of the working
    days before, picked by the number of the dossier.
    """
    is_workday = is_workday or (lambda day: day.weekday() < 5)
    since = max(filter(None, (start, last)))
    latest = since + interval
    days = [since + timedelta(n) for n in range(1, (latest - since).days + 1)]
    workdays = [day for day in days if is_workday(day)]
    if not workdays:
        day = latest + timedelta(1)
        while not is_workday(day):
            day += timedelta(1)
        return day
    if last and last >= start:
        return workdays[-1]
    window = (latest - since).days * spread // 100
    spread_days = [d for d in workdays if d > latest - timedelta(window)]
    return workdays[-1 - dossier_id % max(1, len(spread_days))]


class RhythmCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # seen from the company's clock: noon on that Monday
        cls.env = cls.env(context={**cls.env.context, "tz": "UTC"})
        cls.company = cls.env.company
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Weekdays", "tz": "UTC", "company_id": cls.company.id}
        )
        cls.policy = cls.env["customer.archive.policy"].search(
            [("company_id", "=", cls.company.id)]
        ) or cls.env["customer.archive.policy"].create({"company_id": cls.company.id})
        cls.tiers = {
            code: cls.env.ref(f"customer_archive.customer_tier_{code.lower()}")
            for code in "ABC"
        }
        cls.seller = cls._create_user("seller", "user")
        cls.colleague = cls._create_user("colleague", "user")
        cls.boss = cls._create_user("boss", "supervisor")
        cls.keeper = cls._create_user("keeper", "keeper")
        cls.team = cls.env["crm.team"].create(
            {"name": "Rhythm", "user_id": cls.boss.id, "company_id": False}
        )

    @classmethod
    def _create_user(cls, name, group):
        return new_test_user(
            cls.env,
            f"rhythm_{name}",
            groups=ARCHIVE + group,
            name=name.capitalize(),
            email=f"{name}@rhythm.example",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _at(cls, day):
        """Noon of a day, for freeze_time."""
        return datetime.combine(day, time(12))

    @classmethod
    def _file(cls, codes, **values):
        """Filed dossiers, one for each letter of a tier."""
        customers = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(len(codes))]
        )
        dossiers = cls.env["customer.dossier"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": cls.seller.id,
                    "team_id": cls.team.id,
                    "tier_id": cls.tiers[code].id,
                    **values,
                }
                for code, customer in zip(codes, customers, strict=True)
            ]
        )
        dossiers.write({"state": "filed"})
        return dossiers

    @classmethod
    def _add_person(cls, dossier, rank, **values):
        contact = cls.env["res.partner"].create(
            {"name": f"Person {rank}", "parent_id": dossier.partner_id.id}
        )
        return cls.env["customer.key.person"].create(
            {
                "dossier_id": dossier.id,
                "partner_id": contact.id,
                "rank": rank,
                **values,
            }
        )

    def _log(self, dossier, channel, persons=(), user=None, **values):
        interactions = self.env["customer.interaction"].with_user(user or self.seller)
        return interactions.create(
            {
                "dossier_id": dossier.id,
                "channel": channel,
                "person_ids": [person.id for person in persons],
                "summary": "Spoke of spring",
                **values,
            }
        )

    def _follow_up(self, dossier, channel):
        return self.env["customer.follow.up"].search(
            [("dossier_id", "=", dossier.id), ("channel", "=", channel)]
        )

    def _sweep(self):
        return self.env["customer.follow.up"]._sweep(0)

    def _activities(self, dossiers, channel=None):
        domain = [
            ("res_model", "=", "customer.dossier"),
            ("res_id", "in", dossiers.ids),
        ]
        if channel:
            name = f"customer_archive_visits.mail_activity_type_{channel}"
            domain.append(("activity_type_id", "=", self.env.ref(name).id))
        return self.env["mail.activity"].search(domain)

    def _today(self):
        return fields.Date.context_today(self.env.user)
