"""Every public method again, with all addons: roles that clearance and loans refuse."""

import re
from datetime import timedelta

import test_leaks_canary as unlocked
from security.row_maker import RowMaker
from security_common import HIDDEN

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

ARCHIVE = "customer_archive.group_archive_"
SECURITY = "customer_archive_security.group_"
# Who is refused a confidential dossier of tier A, though he has a way in or had one.
PEOPLE = {
    "borrowed_before": f"base.group_user,{ARCHIVE}reader",
    "low_owner": f"{ARCHIVE}user",
    "low_service": f"{SECURITY}archive_service",
    "auditor": f"{SECURITY}archive_auditor",
}
# What every model has: tried in full on the family by all, here what reads.
READING = frozenset(
    (
        "export_data",
        "formatted_read_group",
        "name_search",
        "onchange",
        "web_read",
        "web_search_read",
    )
)
# Records beside the dossier that are the business of these: reviewed by hand.
KNOWN = {
    # his own, with its number
    ("borrowed_before", "customer.loan"),
    # registers, by number
    ("auditor", "customer.loan"),
    ("auditor", "customer.copy"),
    ("auditor", "customer.disclosure"),
    ("low_service", "customer.loan"),
}
# Customer service reads other dossiers: no dates, of which two have the same.
CANARY = re.compile(r"zqsouth|\b716\d\d\b")


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksCanaryLocked(RowMaker, unlocked.TestLeaksCanary):
    denied = tuple(PEOPLE)
    canary = CANARY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, groups in PEOPLE.items():
            cls.users[role] = new_test_user(cls.env, f"canary_{role}", groups=groups)
        cls.dossier = cls.dossiers[HIDDEN]
        cls.dossier.write(
            {
                "user_id": cls.users["low_owner"].id,
                "secrecy_id": cls.env.ref(
                    "customer_archive_security.customer_secrecy_confidential"
                ).id,
            }
        )
        # what insiders told is for the account's own people
        cls.items["customer.fact"][HIDDEN].source_level = "1"
        # one who may see everything there is
        cls.users["manager"].group_ids = [
            Command.link(cls.env.ref(f"{SECURITY}clearance_confidential").id)
        ]
        cls.env.flush_all()
        cls._make_canaries()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _get_token(cls, case):
        return "zqsouth canary"

    @classmethod
    def _get_company_id(cls, case):
        return cls.dossier.company_id.id

    @classmethod
    def _make_canaries(cls):
        """A row full of tokens of each model that links to the hidden dossier."""
        case = HIDDEN
        cls.rows = {"customer.dossier": {case: cls.dossier.id}}
        for model_name in (*cls._get_item_models(), *cls._get_linked_models()):
            model = cls.env[model_name]
            vals = {**cls._get_texts(model, case), "dossier_id": cls.dossier.id}
            if model_name == "customer.loan":
                vals |= cls._get_past_loan()
            cls.rows[model_name] = {case: cls._insert(model, vals, case)}

    def _record_ids(self, model_name):
        """The hidden record of the open tests; of models they don't know, ours."""
        ids = super()._record_ids(model_name)
        rows = self.rows.get(model_name, {})
        return [rows[HIDDEN]] if ids == [1] and rows else ids

    @classmethod
    def _get_past_loan(cls):
        now = fields.Datetime.now()
        return {
            "user_id": cls.users["borrowed_before"].id,
            "state": "granted",
            "date_start": now - timedelta(hours=2),
            "date_end": now - timedelta(hours=1),
        }

    @classmethod
    def _get_linked_models(cls):
        """Models outside the family that hold something of a dossier."""
        item = cls.env.registry["customer.archive.protected"]
        for name, model in cls.env.registry.items():
            field = model._fields.get("dossier_id") if not model._abstract else None
            if field is None or not (field.store and field.type == "many2one"):
                continue
            if not issubclass(model, item) and cls._is_table(model):
                yield name

    @classmethod
    def _is_table(cls, model):
        return model._auto and not model._transient and model._name in cls.env

    def _get_models(self):
        """All of the archive's, those of addons nobody thought of too."""
        own = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("customer.") and not model._abstract
        }
        return [*dict.fromkeys((*super()._get_models(), *sorted(own)))]

    def _public_methods(self, model):
        base = self.env.registry["base"]
        for name, method in super()._public_methods(model):
            is_own = not hasattr(base, name)
            if is_own or name in READING or model._name in ("customer.dossier",):
                yield name, method

    def _may_know(self, role, model_name):
        return (role, model_name) in KNOWN
