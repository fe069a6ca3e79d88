"""Two worlds that differ in hidden content alone, and a realistic company around."""

import json
import types

from odoo import api
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user

from odoo.addons.customer_archive.tests import common
from odoo.addons.customer_archive.tests.common import (
    CONTACTS,
    HISTORY,
    ITEMS,
    TIER_HISTORY,
    ArchiveCommon,
)

HIDDEN = "south"
ERP = "sales_team.group_sale_salesman_all_leads,account.group_account_invoice"
# Texts about the hidden dossier that stand outside the family, or have a way of their
# own to be written, by model and field.
AROUND = {
    "customer.approval.decision": ("comment",),
    "customer.intake": ("name", "sender", "text"),
    "customer.tier.change": ("reason", "answer"),
    "customer.tier.run.line": ("change_reason",),
    "mail.message": ("body",),
    "mail.activity": ("summary", "note"),
    "ir.attachment": ("name", "raw"),
}
# What we do with a customer, each made after what it hangs on.
VISIT_ITEMS = (
    "customer.interaction",
    "customer.cadence.override",
    "customer.follow.up",
    "customer.visit",
    "customer.visit.item",
    "customer.visit.expense",
    "customer.commitment",
    "customer.visit.plan.line",
    "customer.account.plan",
    "customer.account.plan.action",
    "customer.contact.plan",
    "customer.contact.plan.line",
)
# Of these, what hangs on another one.
HOLDERS = {
    "customer.visit.item": ("visit_id", "customer.visit"),
    "customer.visit.expense": ("visit_id", "customer.visit"),
    "customer.account.plan.action": ("plan_id", "customer.account.plan"),
    "customer.contact.plan.line": ("plan_id", "customer.contact.plan"),
}
FAMILY = (*common.FAMILY, *VISIT_ITEMS)
# Columns whose values follow from others', or that a calendar shows to anybody.
NO_SECRETS = {
    "customer.visit": {"duration", "request_state"},
    "customer.visit.plan.line": {"date"},
}
# A month plan keeps its lines within its month.
MONTH, DAY = "2030-03-01", "2030-03-04"
# What is shown of a column in words of the reader's: the column.
SHOWN_FROM = {"new_text": "new_value"}


class SecurityCommon(ArchiveCommon):
    """The denied roles also sell and invoice, as people of a company do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = sum(map(cls.env.ref, ERP.split(",")), cls.env["res.groups"])
        for role in ("employee", "exporter", "owner", "leader", "manager"):
            cls.users[role].group_ids += groups
        # one who may see everything there is
        cls.users["manager"].group_ids += cls.env.ref("base.group_allow_export")
        cls.users["manager"].group_ids += cls.env.ref(
            "customer_archive.group_archive_keeper"
        )
        cls.users["portal"].partner_id.parent_id = cls.customers[HIDDEN]
        cls.users["inactive"] = new_test_user(
            cls.env,
            "archive_inactive",
            groups=f"{CONTACTS},customer_archive.group_archive_manager",
        )
        for model_name in VISIT_ITEMS:
            cls.items[model_name] = cls._create_items(model_name)
        cls._date_back()
        cls.targets = cls._create_targets()
        cls.env.flush_all()

    @classmethod
    def item_vals(cls, model_name, dossier):
        """What an item needs besides: its holder, and somebody who may see it."""
        vals = super().item_vals(model_name, dossier)
        if model_name not in VISIT_ITEMS:
            return vals
        fields = cls.env[model_name]._fields
        if holder := HOLDERS.get(model_name):
            name, holder_model = holder
            vals = {name: cls._find_item(holder_model, dossier).id}
        if "user_id" in fields and not fields["user_id"].related:
            vals["user_id"] = cls._get_reader(dossier).id
        if model_name == "customer.commitment":
            vals["visit_id"] = cls._find_item("customer.visit", dossier).id
        elif model_name == "customer.visit":
            vals["date_start"] = f"{DAY} 09:00:00"
            vals["state"] = "planned" if dossier.active else "cancelled"
        elif model_name == "customer.visit.plan.line":
            vals.update(plan_id=cls._get_month_plan(dossier).id, date=DAY)
        elif model_name == "customer.contact.plan.line":
            vals["person_id"] = cls._find_item("customer.key.person", dossier).id
        return vals

    @classmethod
    def _find_item(cls, model_name, dossier):
        return next(
            item
            for item in cls.items[model_name].values()
            if item.dossier_id == dossier
        )

    @classmethod
    def _get_reader(cls, dossier):
        is_abroad = dossier.company_id == cls.companies["abroad"]
        return cls.users["foreign_manager" if is_abroad else "manager"]

    @classmethod
    def _get_month_plan(cls, dossier):
        vals = {
            "user_id": cls._get_reader(dossier).id,
            "company_id": dossier.company_id.id,
            "month": MONTH,
        }
        plans = cls.env["customer.visit.plan"]
        found = plans.search([(name, "=", value) for name, value in vals.items()])
        return found or plans.create(vals)

    @classmethod
    def secret_fields(cls, model_name):
        known = NO_SECRETS.get(model_name, ())
        fields = super().secret_fields(model_name)
        return [field for field in fields if field.name not in known]

    def _call(self, role, model, method, *args, context=None, **kwargs):
        """What one call answers, or the error; what it wrote stays."""
        env = api.Environment(self.env.cr, self.users[role].id, {})
        get_public_method(env[model], method)
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        kwargs["context"] = context or {}
        try:
            answer = call_kw(env[model], method, list(args), kwargs)
            env.flush_all()
            return answer
        except Exception as error:  # noqa: BLE001 - any error is an answer
            savepoint.rollback()
            return error
        finally:
            savepoint.close(rollback=False)
            env.invalidate_all(flush=False)
            env.transaction.clear()

    @classmethod
    def _create_targets(cls):
        dossier = cls.dossiers[HIDDEN]
        partner = dossier.partner_id
        person, transaction, figure, fact, change = (
            cls.items[name][HIDDEN] for name in (*ITEMS, HISTORY)
        )
        # a way from any user to the customer, as tags are in daily use
        tag = cls.env["res.partner.category"].create({"name": "Fair"})
        everybody = cls.env["res.users"].with_context(active_test=False).search([])
        companies = cls.env["res.company"].search([])
        tag.partner_ids = partner + everybody.partner_id + companies.partner_id
        fact.person_id = person
        cls.around = cls._create_around(dossier)
        product = cls.env["product.product"].create({"name": "Bolt", "list_price": 5})
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        journal = cls.env["account.journal"].create(
            {"name": "Sales", "type": "sale", "code": "SLS"}
        )
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
            }
        )
        return types.SimpleNamespace(
            dossier=dossier.id,
            partner=partner.id,
            free_partner=cls.env["res.partner"].create({"name": "Free"}).id,
            person=person.id,
            transaction=transaction.id,
            figure=figure.id,
            fact=fact.id,
            change=change.id,
            approval=cls.around["customer.approval.decision"].approval_id.id,
            decision=cls.around["customer.approval.decision"].id,
            intake=cls.around["customer.intake"].id,
            tier_change=cls.around["customer.tier.change"].id,
            tier_line=cls.around["customer.tier.run.line"].id,
            message=cls.around["mail.message"].id,
            activity=cls.around["mail.activity"].id,
            year=figure.year,
            own_figure=cls.items["customer.yearly.figure"]["own"].id,
            items={model: cls.items[model][HIDDEN].id for model in VISIT_ITEMS},
            user=cls.users["portal"].id,
            company=cls.companies["home"].id,
            other_company=cls.companies["abroad"].id,
            file=cls.around["ir.attachment"][0].id,
            intake_file=cls.around["ir.attachment"][1].id,
            product=product.id,
            order=order.id,
            secret_fields={
                model: [f.name for f in cls.secret_fields(model)] for model in FAMILY
            },
            value=cls._value,
            text=lambda model, name: str(cls._value(model, name)),
        )

    @classmethod
    def _create_around(cls, dossier):
        """What is said of the hidden dossier where no row of the family holds it."""
        approval = cls.env["customer.approval"].create(
            {
                "res_model": "customer.dossier",
                "res_id": dossier.id,
                "dossier_id": dossier.id,
                "company_id": dossier.company_id.id,
                "team_id": dossier.team_id.id,
                "requester_id": cls.users["colleague"].id,
                "route_id": cls.env["customer.approval.route"]
                ._find_route("customer.dossier", dossier.company_id)
                .id,
                "state": "refused",
            }
        )
        decision = cls.env["customer.approval.decision"].create(
            {
                "approval_id": approval.id,
                "step_name": "Superior",
                "user_id": cls.users["other_leader"].id,
                "decision": "refused",
                **cls.around_values("customer.approval.decision", HIDDEN),
            }
        )
        intake = cls.env["customer.intake"].with_user(cls.users["keeper"])
        intake = intake.create(
            {
                "partner_id": dossier.partner_id.id,
                **cls.around_values("customer.intake", HIDDEN),
            }
        )
        intake.message_subscribe(cls.users["keeper"].partner_id.ids)
        files = cls.env["ir.attachment"].create(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    **cls.around_values("ir.attachment", HIDDEN),
                }
                for record in (dossier, intake)
            ]
        )
        message = intake.message_post(
            attachment_ids=files[1].ids,
            partner_ids=cls.users["manager"].partner_id.ids,
            **cls.around_values("mail.message", HIDDEN),
        )
        activity = dossier.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=cls.users["manager"].id,
            **cls.around_values("mail.activity", HIDDEN),
        )
        change = cls.env["customer.tier.change"].create(
            {
                "dossier_id": dossier.id,
                "tier_id": cls.env.ref("customer_archive.customer_tier_b").id,
                "state": "refused",
                **cls.around_values("customer.tier.change", HIDDEN),
            }
        )
        scheme = cls.env.ref("customer_archive.customer_tier_scheme_abc")
        run = cls.env["customer.tier.run"].create(
            {"scheme_id": scheme.id, "population": "all"}
        )
        run._propose()
        run._set_state("applied", applied_date="2024-01-01")
        line = cls.env["customer.tier.run.line"].search(
            [("run_id", "=", run.id), ("dossier_id", "=", dossier.id)]
        )
        line.write(cls.around_values("customer.tier.run.line", HIDDEN))
        records = (decision, intake, message, activity, files, change, line)
        return {record._name: record.sudo() for record in records}

    @classmethod
    def around_values(cls, model, key):
        """Values of ``model`` outside the family that nobody but its readers knows."""
        values = {name: f"zq{key}-{name}" for name in AROUND[model]}
        return {k: v.encode() if k == "raw" else v for k, v in values.items()}

    @classmethod
    def _value(cls, model, name):
        """The hidden content of a field, or of ``person_ids.field``."""
        first, _sep, rest = name.partition(".")
        if rest:
            return cls._value(cls.env[model]._fields[first].comodel_name, rest)
        if model in AROUND:
            return cls.around_values(model, HIDDEN)[name]
        return cls.secrets(model, HIDDEN)[SHOWN_FROM.get(name, name)]

    @classmethod
    def _hidden_records(cls):
        yield cls.dossiers[HIDDEN]
        for name in (*ITEMS, HISTORY, TIER_HISTORY, *VISIT_ITEMS):
            yield cls.items[name][HIDDEN]

    @classmethod
    def change_world(cls, key):
        """Give the hidden records other contents; nothing else changes."""
        for record in cls._hidden_records():
            values = cls.secrets(record._name, HIDDEN)
            if key != HIDDEN:
                values = {
                    name: cls._other(record._fields[name], value)
                    for name, value in values.items()
                }
            record.write(values)
        for model, records in cls.around.items():
            records.write(cls.around_values(model, key))
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _other(cls, field, value):
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type == "date":
            return f"19{value[2:]}"
        if field.type in ("char", "text"):
            return f"other {field.name}"
        return value - 40

    @staticmethod
    def dump(answer):
        return json.dumps(answer, default=str, sort_keys=True)
