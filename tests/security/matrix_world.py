"""The dossiers, people and loans of the matrix, with a token in every text."""

import re
from datetime import timedelta

from psycopg2.extras import Json
from security.matrix_oracle import LOANS, ROLES, TEAMS, make_cases

from odoo import api, fields
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.base.tests.common import BaseCommon

TOKEN = re.compile(r"zq(\d{3})z")
# What a row of a model needs to be one that its dossier's readers read.
VALUES = {
    "customer.tier.run": {"state": "applied"},
    "customer.visit.plan": {"month": "2030-01-01"},
    "customer.commitment": {"date": "2030-01-01"},
}
TEXTS = ("char", "text", "html")
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


class MatrixWorld(BaseCommon):
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
    def _get_item_models(cls):
        """Every model that hangs on a dossier, those before it that it links to."""
        item = cls.env.registry["customer.dossier.item"]
        names = [
            name
            for name, model in cls.env.registry.items()
            if issubclass(model, item) and not (model._abstract or model._transient)
        ]
        ordered = []

        def visit(name):
            for field in cls._get_required(cls.env[name]):
                if field.type == "many2one" and field.comodel_name in names:
                    if field.comodel_name not in ordered:
                        visit(field.comodel_name)
            if name not in ordered:
                ordered.append(name)

        for name in names:
            visit(name)
        return ordered

    # Rows by SQL: what stands there, whatever an addon asks of who enters it ----

    @classmethod
    def _get_required(cls, model):
        return [
            field
            for field in model._fields.values()
            if field.required and field.store and field.column_type
        ]

    @classmethod
    def _get_texts(cls, model, case, without=()):
        return {
            field.name: token(case)
            for field in model._fields.values()
            if field.store
            and field.type in TEXTS
            and not field.translate
            and field.name not in without
        }

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
    def _insert(cls, model, vals, case):
        vals = {
            **{f.name: cls._get_value(f, case) for f in cls._get_required(model)},
            **({"create_uid": cls.env.uid} if model._log_access else {}),
            **({"active": True} if "active" in model._fields else {}),
            **VALUES.get(model._name, {}),
            **vals,
        }
        ((row_id,),) = cls.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, vals)),
                tuple(vals.values()),
            )
        )
        return row_id

    @classmethod
    def _get_value(cls, field, case):
        if field.name == "company_id":
            return cls.companies[case.company].id
        if field.type == "many2one":
            return cls._get_parent(field.comodel_name, case)
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type in TEXTS:
            return Json({"en_US": token(case)}) if field.translate else token(case)
        if field.type in ("date", "datetime"):
            return fields.Datetime.now()
        return field.type != "boolean" and 2000  # a year, among others

    @classmethod
    def _get_parent(cls, model_name, case):
        """A row to link to: the dossier's own one in the family, else any."""
        if model_name in cls.rows:
            return cls.rows[model_name][case]
        model = cls.env[model_name].with_context(active_test=False)
        values = VALUES.get(model_name, {})
        domain = [(name, "=", value) for name, value in values.items()]
        found = model.search(domain or [("id", ">", 0)], limit=1, order="id").id
        return found or cls._insert(model, {}, case)

    @classmethod
    def _update(cls, record, vals):
        columns = [SQL("%s = %s", SQL.identifier(name), vals[name]) for name in vals]
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL(", ").join(columns),
                record.id,
            )
        )

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
