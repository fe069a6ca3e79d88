"""The dossiers, people and loans of the matrix, with a token in every text."""

import re
from datetime import timedelta

from security.matrix_oracle import LOANS, ROLES, TEAMS, make_cases
from security.row_maker import RowMaker

from odoo import api, fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

TOKEN = re.compile(r"zq(\d{3})z")
HOUR = timedelta(hours=1)
# state and dates of a loan, in hours from now
LOAN_DATES = {
    "draft": ("draft", -1, 1),
    "requested": ("requested", -1, 1),
    "live": ("granted", -1, 1),
    "future": ("granted", 1, 2),
    "expired": ("granted", -2, -1),
    "ended": ("expired", -1, 1),
    "returned": ("returned", -1, 1),
    "revoked": ("revoked", -1, 1),
    "refused": ("refused", -1, 1),
    "other": ("granted", -1, 1),
}


def token(case):
    return f"zq{case.number:03}z"


class MatrixWorld(RowMaker, BaseCommon):
    """``cls.dossiers`` by case; ``cls.rows``: {object: {case: record id}}."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {
            "home": cls.env.company,
            "abroad": cls.env["res.company"].create({"name": "Abroad"}),
        }
        cls.users = {name: cls._make_user(name, role) for name, role in ROLES.items()}
        cls.teams = cls._make_teams()
        cls.cases = make_cases()
        cls.dossiers = cls._make_dossiers()
        cls.users["portal"].partner_id.parent_id = cls.dossiers[cls.cases[0]].partner_id
        cls.rows = {"customer.dossier": {c: d.id for c, d in cls.dossiers.items()}}
        for model_name in cls._get_item_models():
            cls._make_rows(model_name)
        cls.insider = cls._make_insider_facts()
        for name, role in ROLES.items():
            if role.loan:
                cls._lend(name, role)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _make_user(cls, name, role):
        company = cls.companies[role.company]
        return new_test_user(
            cls.env,
            f"matrix_{name}",
            groups=role.groups,
            name=name.replace("_", " ").capitalize(),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _make_teams(cls):
        teams = {}
        for name, (leader, _owner) in TEAMS.items():
            vals = {"name": name.capitalize(), "company_id": False}
            teams[name] = cls.env["crm.team"].create(
                {**vals, "user_id": cls.users["ex_leader"].id}
            )
            teams[name].archive_supervisor_ids = cls.users["ex_leader"]
            # he saw them; the cache of the rules knows it
            seen = cls.env["customer.dossier"].with_user(cls.users["ex_leader"])
            seen.search_count([])
            teams[name].user_id = cls.users[leader]
            teams[name].archive_supervisor_ids = [Command.clear()]
        return teams

    @classmethod
    def _make_dossiers(cls):
        dossiers = cls.env["customer.dossier"]
        made = {}
        for case in cls.cases:
            customer = cls.env["res.partner"].create(
                {"name": f"Customer {case.number}", "is_company": True}
            )
            tier = case.tier and f"customer_archive.customer_tier_{case.tier.lower()}"
            grade = f"customer_archive_security.customer_secrecy_{case.secrecy}"
            made[case] = dossiers.create(
                {
                    "partner_id": customer.id,
                    "company_id": cls.companies[case.company].id,
                    "team_id": cls.teams[case.team].id,
                    "tier_id": tier and cls.env.ref(tier).id,
                    "secrecy_id": cls.env.ref(grade).id,
                    "active": case.active,
                }
            )
        cls.env.flush_all()
        for case, dossier in made.items():
            texts = cls._get_texts(dossiers, case, {"number"})
            owner = cls.users[case.owner].id
            cls._update(dossier, {**texts, "user_id": owner})
        cls.env.invalidate_all()
        return made

    @classmethod
    def _get_token(cls, case):
        return token(case)

    @classmethod
    def _get_company_id(cls, case):
        return cls.companies[case.company].id

    @classmethod
    def _make_rows(cls, model_name):
        """A row for each dossier, its texts full of the dossier's token."""
        model = cls.env[model_name]
        cls.rows[model_name] = {
            case: cls._insert(
                model, {**cls._get_texts(model, case), "dossier_id": dossier.id}, case
            )
            for case, dossier in cls.dossiers.items()
        }

    @classmethod
    def _make_insider_facts(cls):
        model = cls.env["customer.fact"]
        return {
            case: cls._insert(
                model,
                {
                    **cls._get_texts(model, case),
                    "dossier_id": dossier.id,
                    "source_level": "4",
                },
                case,
            )
            for case, dossier in cls.dossiers.items()
        }

    @classmethod
    def _lend(cls, name, role):
        """A loan of each dossier, as it stands in that state; one of another."""
        assert role.loan in LOANS, role.loan
        state, start, end = LOAN_DATES[role.loan]
        now = fields.Datetime.now()
        dossiers = dict(cls.dossiers)
        if role.loan == "other":
            customer = cls.env["res.partner"].create({"name": "Another"})
            other = cls.env["customer.dossier"].create({"partner_id": customer.id})
            dossiers = {cls.cases[0]: other}
        for case, dossier in dossiers.items():
            vals = {
                "dossier_id": dossier.id,
                "user_id": cls.users[name].id,
                "state": state,
                "date_start": now + start * HOUR,
                "date_end": now + end * HOUR,
            }
            cls._insert(cls.env["customer.loan"], vals, case)

    # Asking ------------------------------------------------------------------

    def as_role(self, name, model_name):
        return api.Environment(self.env.cr, self.users[name].id, {})[model_name]

    @staticmethod
    def find_tokens(answer):
        """Numbers of the cases whose texts an answer holds."""
        return {int(number) for number in TOKEN.findall(str(answer))}
