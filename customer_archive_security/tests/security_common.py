"""Dossiers of each tier and secrecy, and a person in each role."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "customer_archive.group_archive_"
SECURITY = "customer_archive_security.group_"
ROLES = {
    "employee": "base.group_user,base.group_partner_manager",
    "system": "base.group_system",
    "owner": f"{ARCHIVE}user",
    "leader": f"{ARCHIVE}supervisor",
    "manager": f"{ARCHIVE}manager",
    "director": f"{SECURITY}archive_director",
    "executive": f"{SECURITY}archive_executive",
    "keeper": f"{ARCHIVE}keeper",
    "service": f"{SECURITY}archive_service",
    "auditor": f"{SECURITY}archive_auditor",
    "settings": f"{ARCHIVE}admin",
}


class SecurityCase(BaseCommon):
    """``cls.users`` by role; ``cls.make`` makes a dossier of the owner's team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                f"security_{role}",
                groups=groups,
                name=role.capitalize(),
                company_id=cls.env.company.id,
                company_ids=[Command.set(cls.env.company.ids)],
            )
            for role, groups in ROLES.items()
        }
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "user_id": cls.users["leader"].id, "company_id": False}
        )
        cls.tiers = {
            code: cls.env.ref(f"customer_archive.customer_tier_{code.lower()}")
            for code in ("A", "B", "C")
        }
        grades = ("public", "internal", "secret", "confidential")
        cls.secrecy = {
            code: cls.env.ref(f"customer_archive_security.customer_secrecy_{code}")
            for code in grades
        }

    @classmethod
    def make(cls, tier="B", secrecy="internal", **vals):
        customer = cls.env["res.partner"].create(
            {"name": f"Customer {tier} {secrecy}", "is_company": True}
        )
        return cls.env["customer.dossier"].create(
            {
                "partner_id": customer.id,
                "user_id": cls.users["owner"].id,
                "team_id": cls.team.id,
                "tier_id": tier and cls.tiers[tier].id,
                "secrecy_id": secrecy and cls.secrecy[secrecy].id,
                **vals,
            }
        )

    @classmethod
    def lend(cls, dossier, role, hours=1, **vals):
        """A live loan, as it stands once it is granted."""
        now = fields.Datetime.now()
        user = cls.users[role]
        return (
            cls.env["customer.loan"]
            .sudo()
            .create(
                {
                    "dossier_id": dossier.id,
                    "company_id": dossier.company_id.id,
                    "user_id": user.id,
                    "purpose": "Offer",
                    "date_start": now - timedelta(hours=1),
                    "date_end": now + timedelta(hours=hours),
                    "state": "granted",
                    **vals,
                }
            )
        )

    def merge(self, dossier, kept):
        """Merge the customers, as an archivist does who may change contacts."""
        keeper = self.users["keeper"]
        keeper.group_ids += self.env.ref("base.group_partner_manager")
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(keeper)
        partners = dossier.partner_id | kept.partner_id
        wizard._merge(partners.ids, kept.partner_id.with_user(keeper))
        self.env.invalidate_all()

    def sees(self, role, dossier, operation="read"):
        """Whether the role may, asked of search and of the record, which agree."""
        user = self.users[role]
        self.env.invalidate_all()
        dossiers = self.env["customer.dossier"].with_user(user)
        mine = dossiers.browse(dossier.id)
        allowed = mine.has_access(operation)
        if operation == "read":
            found = (
                dossiers.has_access("read")
                and dossiers.search([("id", "=", dossier.id)]) == mine
            )
            self.assertEqual(found, allowed, role)
        return allowed
