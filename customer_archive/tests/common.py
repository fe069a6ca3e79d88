"""A company with a dossier in every place, and a user in every role."""

from odoo import api
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ARCHIVE = "customer_archive.group_archive_"
CONTACTS = "base.group_user,base.group_partner_manager"
# role: groups. Companies, teams and customers are given in setUpClass.
ROLES = {
    "portal": "base.group_portal",
    "employee": CONTACTS,
    "partner_manager": CONTACTS,
    "exporter": f"{CONTACTS},base.group_allow_export",
    "sales_manager": f"{CONTACTS},sales_team.group_sale_manager",
    "system": f"{CONTACTS},base.group_system",
    "settings": f"{CONTACTS},{ARCHIVE}admin",
    "owner": f"{CONTACTS},{ARCHIVE}user",
    "colleague": f"{CONTACTS},{ARCHIVE}user",
    "team_leader": f"{CONTACTS},{ARCHIVE}user",
    "leader": f"{CONTACTS},{ARCHIVE}supervisor",
    "named": f"{CONTACTS},{ARCHIVE}supervisor",
    "other_leader": f"{CONTACTS},{ARCHIVE}supervisor",
    "manager": f"{CONTACTS},{ARCHIVE}manager",
    "keeper": f"{CONTACTS},{ARCHIVE}keeper",
    "foreign_manager": f"{CONTACTS},{ARCHIVE}manager",
    "foreign_keeper": f"{CONTACTS},{ARCHIVE}keeper",
}
# team: leader, supervisor named beside him
TEAMS = {
    "north": ("leader", None),
    "east": (None, "named"),
    "south": ("other_leader", None),
    "west": ("team_leader", None),
}
# dossier: company, owner, team, active
DOSSIERS = {
    "own": ("home", "owner", "north", True),
    "own_archived": ("home", "owner", "north", False),
    "own_teamless": ("home", "owner", None, True),
    "team": ("home", "colleague", "north", True),
    "team_archived": ("home", None, "north", False),
    "named": ("home", None, "east", True),
    "south": ("home", None, "south", True),
    "west": ("home", None, "west", True),
    "nobody": ("home", None, None, True),
    "abroad": ("abroad", None, None, True),
    "abroad_own": ("abroad", "owner", "north", True),
}
FOREIGN = frozenset(("foreign_manager", "foreign_keeper"))
ITEMS = (
    "customer.key.person",
    "customer.transaction",
    "customer.yearly.figure",
    "customer.fact",
)
# Read with its dossier, written by the archive alone.
HISTORY = "customer.change"
TIER_HISTORY = "customer.tier.history"
# Evaluations and requests for a tier have rules of their own: see test_tier_run.py.
FAMILY = ("customer.dossier", *ITEMS, HISTORY, TIER_HISTORY)
# A column of content that anybody who may write the record may write.
CONTENT = dict.fromkeys(FAMILY, "note") | {
    "customer.fact": "information",
    HISTORY: "old_value",
    TIER_HISTORY: "reason",
}
# Columns that say nothing beyond what anybody may know of a dossier.
STUB = frozenset(("number", "tier_code", "res_model", "field_name"))


class ArchiveCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {
            "home": cls.env.company,
            "abroad": cls.env["res.company"].create({"name": "Abroad"}),
        }
        cls.users = cls._create_users()
        cls.teams = cls._create_teams()
        cls.dossiers = cls._create_dossiers()
        cls.items = {name: cls._create_items(name) for name in FAMILY[1:]}
        cls._date_back()
        cls.customers = {key: d.partner_id for key, d in cls.dossiers.items()}
        cls.users["portal"].partner_id.parent_id = cls.customers["own"]
        cls.env.flush_all()

    @classmethod
    def _date_back(cls):
        """Take back that what was just entered has brought the dossiers up to date."""
        for key, dossier in cls.dossiers.items():
            values = cls.secrets("customer.dossier", key)
            dossier.last_update_date = values["last_update_date"]

    @classmethod
    def _create_users(cls):
        users = {"public": cls.env.ref("base.public_user")}
        for role, groups in ROLES.items():
            company = cls.companies["abroad" if role in FOREIGN else "home"]
            users[role] = new_test_user(
                cls.env,
                f"archive_{role}",
                groups=groups,
                name=role.replace("_", " ").capitalize(),
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
        return users

    @classmethod
    def _create_teams(cls):
        nobody = cls.env["res.users"]
        return {
            key: cls.env["crm.team"].create(
                {
                    "name": key.capitalize(),
                    "company_id": False,
                    "user_id": cls.users.get(leader, nobody).id,
                    "archive_supervisor_ids": [
                        Command.set(cls.users.get(named, nobody).ids)
                    ],
                }
            )
            for key, (leader, named) in TEAMS.items()
        }

    @classmethod
    def _create_dossiers(cls):
        """One customer with a dossier for each line of the table."""
        dossiers = {}
        for key, (company, _owner, team, active) in DOSSIERS.items():
            customer = cls.env["res.partner"].create(
                {"name": f"Customer {key}", "is_company": True}
            )
            dossiers[key] = cls.env["customer.dossier"].create(
                {
                    **cls.secrets("customer.dossier", key),
                    "partner_id": customer.id,
                    "company_id": cls.companies[company].id,
                    # the owner of both companies' dossiers sees one company
                    "user_id": False,
                    "team_id": cls.teams[team].id if team else False,
                    "tier_id": cls.env.ref("customer_archive.customer_tier_a").id,
                    "active": active,
                }
            )
        cls.env.flush_all()
        for key, dossier in dossiers.items():
            owner = DOSSIERS[key][1]
            if owner:
                cls.env.cr.execute(
                    "UPDATE customer_dossier SET user_id = %s WHERE id = %s",
                    (cls.users[owner].id, dossier.id),
                )
        cls.env.invalidate_all()
        return dossiers

    @classmethod
    def _create_items(cls, model_name):
        return {
            key: cls.env[model_name].create(
                {
                    **cls.secrets(model_name, key),
                    **cls.item_vals(model_name, dossier),
                }
            )
            for key, dossier in cls.dossiers.items()
        }

    @classmethod
    def item_vals(cls, model_name, dossier):
        """What an item of ``dossier`` needs besides its secrets."""
        vals = {"dossier_id": dossier.id}
        if model_name == "customer.key.person":
            vals["partner_id"] = (
                cls.env["res.partner"]
                .create({"name": "A Person", "parent_id": dossier.partner_id.id})
                .id
            )
        elif model_name == HISTORY:
            vals.update(res_model="customer.dossier", res_id=dossier.id)
            vals["field_name"] = "strategy"
        return vals

    @classmethod
    def secrets(cls, model_name, key):
        """A value that exists nowhere else for each column that may hold content."""
        values = {}
        fields = cls.env[model_name]._fields
        for index, field in enumerate(cls.secret_fields(model_name)):
            number = 71_000 + 100 * list(DOSSIERS).index(key) + index
            if field.name == "year":
                values[field.name] = 1950 + list(DOSSIERS).index(key)
            elif field.type in ("char", "text"):
                values[field.name] = f"zq{key}-{field.name}"
            elif field.type == "date":
                values[field.name] = f"17{index:02}-03-{1 + len(key):02}"
            elif field.type in ("integer", "monetary", "float"):
                values[field.name] = number
            elif field.type == "selection":
                values[field.name] = fields[field.name].get_values(cls.env)[-1]
        return values

    @classmethod
    def secret_fields(cls, model_name):
        """Columns of the model that hold content, by name."""
        kinds = ("char", "text", "date", "integer", "monetary", "float", "selection")
        fields = cls.env[model_name]._fields.values()
        return [
            field
            for field in sorted(fields, key=lambda f: f.name)
            if field.type in kinds
            and field.store
            and not (field.related or field.compute and field.readonly)
            and field.name not in STUB | {"id", "state"}
        ]

    @classmethod
    def as_role(cls, role, model_name, **context):
        """The model in a fresh environment of the user in that role."""
        env = api.Environment(cls.env.cr, cls.users[role].id, context)
        return env[model_name]

    # The oracle: who may do what, worked out without Odoo -----------------

    @staticmethod
    def may_see(role, key):
        """S0-25, S1-19, S2-27: own customers, the team's, or all of the company."""
        company, owner, team, _active = DOSSIERS[key]
        if company != ("abroad" if role in FOREIGN else "home"):
            return False
        if role in ("manager", "keeper", "foreign_manager", "foreign_keeper"):
            return True
        if role in ("leader", "named", "other_leader") and team and role in TEAMS[team]:
            return True
        return role == owner

    @classmethod
    def may(cls, role, operation, model_name, key):
        if not cls.may_see(role, key):
            return False
        if model_name in (HISTORY, TIER_HISTORY) and operation != "read":
            return False
        if operation != "unlink":
            return True
        if model_name == "customer.dossier":
            return role.endswith("keeper")
        return role not in ("owner", "colleague", "team_leader")
