"""Customers of one sales team, trading so much each, and a way to evaluate them."""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

from .common import ARCHIVE

ROLES = {
    "seller": "user",
    "colleague": "user",
    "leader": "supervisor",
    "manager": "manager",
    "second": "manager",
    "keeper": "keeper",
    "admin": "admin",
}
# Of ten customers, best first: two, four and four.
TIERS = "AABBBBCCCC"


class TierCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"tier_{role}", groups=ARCHIVE + group)
            for role, group in ROLES.items()
        }
        cls.team = cls.env["crm.team"].create(
            {"name": "Tiers", "user_id": cls.users["leader"].id, "company_id": False}
        )
        cls.tiers = cls.env["customer.tier"].search([])
        cls.tier_a, cls.tier_b, cls.tier_c = cls.tiers
        cls.scheme = cls._create_scheme([{"measure": "amount", "months": 0}])

    @classmethod
    def _create_scheme(cls, criteria, **values):
        """A scheme with these criteria, without band and least number."""
        return cls.env["customer.tier.scheme"].create(
            {
                "name": "Scheme",
                "band": 0,
                "min_population": 0,
                **values,
                "criterion_ids": [
                    Command.create({"name": f"Criterion {number}", **criterion})
                    for number, criterion in enumerate(criteria)
                ],
            }
        )

    @classmethod
    def _create_dossiers(cls, amounts, **values):
        """A filed dossier for each amount, with one deal of it (or none)."""
        customers = cls.env["res.partner"].create(
            [{"name": f"Tier customer {number}"} for number in range(len(amounts))]
        )
        dossiers = cls.env["customer.dossier"].create(
            [
                {
                    "partner_id": customer.id,
                    "state": "filed",
                    "user_id": cls.users["seller"].id,
                    "team_id": cls.team.id,
                    "open_date": "2020-01-01",
                    **values,
                    "transaction_ids": [
                        Command.create({"date": "2024-05-01", "amount": amount})
                        for amount in [amount]
                        if amount is not None
                    ],
                }
                for customer, amount in zip(customers, amounts, strict=True)
            ]
        )
        cls.env.flush_all()
        return dossiers

    @classmethod
    def _as(cls, role, records):
        """The records, or the model, in the hands of the user in that role."""
        if isinstance(records, str):
            records = cls.env[records]
        return records.with_user(cls.users[role]).with_context(lang=None)

    @classmethod
    def _propose(cls, scheme=None, **values):
        run = cls._as("manager", "customer.tier.run").create(
            {
                "scheme_id": (scheme or cls.scheme).id,
                "date_to": "2024-12-31",
                **values,
            }
        )
        run.action_propose()
        return run

    @classmethod
    def _apply(cls, run):
        """Have a second manager approve the run."""
        run.action_submit()
        cls._as("second", run).action_approve()
        return run

    @classmethod
    def _get_lines(cls, run):
        lines = cls.env["customer.tier.run.line"].search(
            [("run_id", "=", run.id)], order="position"
        )
        lines.invalidate_recordset()
        return lines

    @staticmethod
    def _get_codes(dossiers):
        dossiers.invalidate_recordset()
        codes = [dossier.tier_id.code or "-" for dossier in dossiers]
        assert codes == [dossier.tier_code or "-" for dossier in dossiers], codes
        return "".join(codes)
