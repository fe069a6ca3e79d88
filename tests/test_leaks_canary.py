"""Every method anybody may call, by people who may not see what they ask for."""

import inspect
import re
from collections import Counter

from security_common import FAMILY, HIDDEN, SecurityCommon

from odoo import api
from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

ROLES = ("portal", "employee", "owner")
AROUND = (
    "res.partner",
    "res.users",
    "sale.order",
    "ir.attachment",
    "account.move",
    "crm.team",
    "customer.tier",
    "res.company",
    "mail.message",
    "mail.activity",
    "ir.filters",
    "base.partner.merge.automatic.wizard",
    "customer.approval",
    "customer.approval.decision",
    "customer.approval.delegation",
    "customer.approval.refuse",
    "customer.archive.policy",
    "customer.completeness.item",
    "customer.coverage",
    "customer.follow.up.postpone",
    "customer.form.import",
    "customer.intake",
    "customer.market.report",
    "customer.strike.out",
    "customer.tier.change",
    "customer.tier.criterion",
    "customer.tier.past",
    "customer.tier.run",
    "customer.tier.run.line",
    "customer.tier.scheme",
    "customer.visit.plan",
    "customer.visit.reason",
    "calendar.event",
    "mail.followers",
)
# Contents of the hidden records: texts, amounts and dates found nowhere else.
CANARY = re.compile(r"zqsouth|\b716\d\d\b|\b17\d\d-03-06\b")
# Models outside the family whose own texts a manager reads.
FOUND = (
    "customer.approval.decision",
    "customer.intake",
    "customer.tier.change",
    "customer.tier.run.line",
    "customer.market.report",
    "mail.activity",
    "mail.message",
)
# What activities and messages say, and of what.
TEXTS = {
    "mail.activity": ["note", "summary", "res_name", "display_name"],
    "mail.message": ["body", "preview", "record_name", "display_name"],
}
STRATEGY = {"strategy": {}, "note": {}, "display_name": {}}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksCanary(SecurityCommon):
    denied = ROLES
    canary = CANARY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reports = cls.env["customer.market.report"].with_user(cls.users["colleague"])
        cls.report = reports.create({"market": "zqsouth market"})
        cls.env.flush_all()

    def _get_models(self):
        return (*FAMILY, *AROUND)

    def _public_methods(self, model):
        for name in dir(type(model)):
            if name.startswith("_") or not callable(getattr(type(model), name)):
                continue
            try:
                yield name, get_public_method(model, name)
            except (AccessError, AttributeError):
                continue

    def _record_ids(self, model_name):
        ids = {
            "res.partner": self.targets.partner,
            "res.users": self.users["portal"].id,
            "sale.order": self.targets.order,
            "ir.attachment": self.targets.file,
            "crm.team": self.teams["south"].id,
            "customer.tier": self.dossiers[HIDDEN].tier_id.id,
            "customer.tier.change": self.targets.tier_change,
            "customer.tier.run": self.env["customer.tier.run"].search([])[0].id,
            "customer.tier.run.line": self.targets.tier_line,
            "customer.approval": self.targets.approval,
            "customer.approval.decision": self.targets.decision,
            "customer.intake": self.targets.intake,
            "mail.message": self.targets.message,
            "mail.activity": self.targets.activity,
            "customer.market.report": self.report.id,
            "customer.visit.plan": self._get_month_plan(self.dossiers[HIDDEN]).id,
            "calendar.event": self.items["customer.visit"][HIDDEN].event_id.id,
            **{record._name: record.id for record in self._hidden_records()},
        }
        return [ids.get(model_name, 1)]

    def _value_for(self, parameter, model, ids):
        """Something that a parameter of this name may well be given."""
        names = self._names(model)
        known = {
            "allfields": names,
            "aggregates": ["__count", "id:array_agg"],
            "attributes": None,
            "child_field": "subordinate_ids",
            "context": {},
            "count_limit": 10,
            "data": [["x"]],
            "default": {},
            "domain": [("id", "in", ids)],
            "field": "note",
            "field_name": "note",
            "field_names": names,
            "fields": names,
            "fields_list": names,
            "fields_spec": {name: {} for name in names},
            "fields_to_export": names,
            "fname": "note",
            "grouping_sets": [["dossier_id"]],
            "groupby": ["dossier_id"],
            "group_by": "dossier_id",
            "id": ids[0],
            "ids": ids,
            "lang": "en_US",
            "limit": 80,
            "name": "Customer",
            "offset": 0,
            "operator": "ilike",
            "order": "id",
            "parent_field": "superior_id",
            "progress_bar": {"field": "state", "colors": {}},
            "record_id": self.targets.dossier,
            "res_id": self.targets.dossier,
            "res_ids": ids,
            "res_model": "customer.dossier",
            "specification": self._specification(model),
            "values": {},
            "vals": {},
            "vals_list": [{}],
            "view_id": None,
            "view_type": "form",
            "views": [(False, "list"), (False, "form"), (False, "search")],
        }
        return known.get(parameter, ids[0])

    def _names(self, model):
        """All columns of the archive's models; elsewhere those that lead to it."""
        if model._name.startswith("customer."):
            fields = model._fields.items()
            return [name for name, f in fields if model._has_field_access(f, "read")]
        if model._name in TEXTS:
            return TEXTS[model._name]
        names = [name for name in model._fields if name.startswith("dossier_")]
        return [*names, "display_name"]

    def _specification(self, model):
        spec = {name: {} for name in self._names(model)}
        for name, field in model._fields.items():
            if field.relational and field.comodel_name in FAMILY:
                names = self.env[field.comodel_name]._fields
                inner = (*STRATEGY, "family", "information", "old_value")
                spec[name] = {"fields": {n: {} for n in inner if n in names}}
        if model._name not in FAMILY and "partner_id" in model._fields:
            spec["partner_id"] = {"fields": {"dossier_id": {"fields": STRATEGY}}}
        return spec

    def _ways_to_call(self, method, model, ids):
        """With what the method needs, and with all it takes."""
        parameters = [
            p
            for p in list(inspect.signature(method).parameters.values())[1:]
            if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        needed = [p for p in parameters if p.default is p.empty]
        ways = [needed] if needed == parameters else [needed, parameters]
        for way in ways:
            yield {p.name: self._value_for(p.name, model, ids) for p in way}

    def _calls(self, role, model_name):
        model = self.as_role(role, model_name)
        ids = self._record_ids(model_name)
        for name, method in self._public_methods(model):
            is_model_method = getattr(method, "_api_model", False)
            for kwargs in self._ways_to_call(method, model, ids):
                yield name, [] if is_model_method else [ids], kwargs

    def _answer(self, role, model_name, name, args, kwargs):
        env = api.Environment(self.env.cr, self.users[role].id, {})
        savepoint = env.cr.savepoint(flush=False)
        try:
            answer = self.dump(call_kw(env[model_name], name, args, kwargs))
            env.flush_all()  # as at the end of a request
            return answer
        except Exception as error:  # noqa: BLE001 - what it says is an answer
            return f"{error!r} {error}"
        finally:
            savepoint.close(rollback=True)
            env.invalidate_all(flush=False)
            env.transaction.clear()

    def _find_canaries(self, role):
        """Count of calls and names of the methods that gave content away."""
        calls, leaks = 0, Counter()
        for model_name in self._get_models():
            for name, args, kwargs in self._calls(role, model_name):
                calls += 1
                asked = str(kwargs)
                answer = self._answer(role, model_name, name, args, kwargs)
                for word in set(self.canary.findall(answer)):
                    if word not in asked and not self._may_know(role, model_name):
                        leaks[f"{model_name}.{name}"] += 1
        return calls, leaks

    def _may_know(self, role, model_name):
        """Whether it is the role's business to read that model."""
        return False

    @mute_logger("odoo")
    def test_no_method_gives_content_away(self):
        """S2-20, S4-21: results and errors of all of them, for denied roles."""
        for role in self.denied:
            with self.subTest(role=role):
                calls, leaks = self._find_canaries(role)
                self.assertGreater(calls, 1000)
                self.assertFalse(leaks)

    @mute_logger("odoo")
    def test_canaries_are_found_by_those_who_may(self):
        """Else nobody would know whether the calls above ask for anything."""
        _calls, leaks = self._find_canaries("manager")
        self.assertGreater(len(leaks), 100, leaks)
        found = ("res.partner", "res.users", "sale.order", *FOUND)
        for model_name in (*FAMILY, *found):
            self.assertIn(f"{model_name}.web_read", leaks)
