"""A salesperson's customer, with somebody to visit, and people in every role."""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "customer_archive.group_archive_"


class VisitCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._new_user("seller", "user")
        cls.heir = cls._new_user("heir", "user")
        cls.leader = cls._new_user("leader", "supervisor")
        cls.manager = cls._new_user("manager", "manager")
        cls.keeper = cls._new_user("keeper", "keeper")
        cls.mate = cls._new_user("mate")
        cls.stranger = cls._new_user("stranger")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Visits",
                "company_id": False,
                "user_id": cls.leader.id,
                "member_ids": [Command.set((cls.seller | cls.heir).ids)],
            }
        )
        cls.dossier = cls._new_dossier("Secretive Works")
        cls.boss, cls.clerk = cls.dossier.person_ids
        cls.start = datetime(2030, 3, 4, 6, 0)

    @classmethod
    def _new_user(cls, name, *groups):
        return new_test_user(
            cls.env,
            f"visit_{name}",
            groups=",".join(["base.group_user", *(ARCHIVE + g for g in groups)]),
            name=name.capitalize(),
            tz="UTC",
        )

    @classmethod
    def _new_dossier(cls, name, owner=None):
        customer = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "city": "Hiddentown"}
        )
        dossier = cls.env["customer.dossier"].create(
            {
                "partner_id": customer.id,
                "user_id": (owner or cls.seller).id,
                "team_id": cls.team.id,
            }
        )
        for person, capacity, rank in (
            ("Xerxes Hush", "principal", "executive"),
            ("Yolanda Hush", "main_contact", "staff"),
        ):
            contact = cls.env["res.partner"].create(
                {"name": person, "parent_id": customer.id}
            )
            cls.env["customer.key.person"].create(
                {
                    "dossier_id": dossier.id,
                    "partner_id": contact.id,
                    "capacity": capacity,
                    "rank": rank,
                }
            )
        return dossier

    @classmethod
    def _plan(cls, user=None, **vals):
        """A visit that ``user`` plans for himself."""
        user = user or cls.seller
        visits = cls.env["customer.visit"].with_user(user)
        return visits.create(
            {
                "dossier_id": cls.dossier.id,
                "date_start": cls.start,
                "objective": "Sell the secret plan",
                **vals,
            }
        )

    @classmethod
    def _make(cls, **vals):
        """A visit that took place yesterday."""
        visit = cls._plan(date_start=datetime.now() - timedelta(days=1), **vals)
        visit.write(
            {"state": "confirmed", "appointment_person_id": visit.person_ids[:1].id}
        )
        visit.write({"state": "done"})
        return visit

    @classmethod
    def _report(cls, visit, **vals):
        visit.write(
            {
                "summary": "They liked the secret plan",
                "result": "A",
                "objective_met": "yes",
                **vals,
            }
        )
        visit.action_submit_report()
        return visit

    def _event(self, visit):
        return visit.sudo().event_id
