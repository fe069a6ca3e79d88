"""What a user without a right might try: a table of calls, for any door.

Each case is one public method with named arguments, so that the same table runs
in-process, through the web client's route, ``/json/2`` and XML-RPC. ``row`` names
the point of the study of leaks that the case stands for.
"""

from dataclasses import dataclass, field

from odoo.addons.customer_archive.tests.common import CONTENT, ITEMS

STRIKEABLE = (*ITEMS, "customer.interaction", "customer.cadence.override")
# Whose names say no more than what anybody may know, and a day of ours.
NAMED_BY_STUB = (
    "customer.dossier",
    "customer.key.person",
    "customer.interaction",
    "customer.cadence.override",
    "customer.visit",
    "customer.visit.item",
    "customer.visit.expense",
    "customer.visit.plan.line",
)
# A column of content of each of them.
VISIT_CONTENT = {
    "customer.interaction": "summary",
    "customer.cadence.override": "reason",
    "customer.follow.up": "postpone_reason",
    "customer.visit": "summary",
    "customer.visit.item": "name",
    "customer.visit.expense": "note",
    "customer.commitment": "name",
    "customer.visit.plan.line": "drop_reason",
    "customer.account.plan": "summary",
    "customer.account.plan.action": "target",
    "customer.contact.plan": "objective",
    "customer.contact.plan.line": "planned_count",
}

DENIED = (
    "public",
    "portal",
    "employee",
    "exporter",
    "system",
    "settings",
    "owner",
    "leader",
    "foreign_manager",
)
# Of these, those without any right to the family: refused in one and the same place.
STRANGERS = DENIED[:6]
STUB_SPEC = {"display_name": {}, "strategy": {}, "registered_capital": {}}
DOSSIER_ACTIONS = (
    "action_view_persons",
    "action_view_transactions",
    "action_view_facts",
    "action_view_relations",
    "action_log_fact",
    "action_fill_missing",
    "action_confirm_current",
    "action_download_form",
    "action_import_form",
    "action_submit",
    "action_return",
    "action_take_back",
    "action_approve",
    "action_refuse",
    "action_close",
    "action_reopen",
)
PERSONS = {"person_ids": {"fields": {"family": {}, "display_name": {}}}}
# Ways from a model to the dossier that anybody may write into a domain.
PATHS = {
    "customer.visit": ("dossier_id.",),
    "customer.follow.up": ("dossier_id.",),
    "customer.commitment": ("visit_id.dossier_id.",),
    "customer.account.plan.action": ("plan_id.dossier_id.",),
    "customer.key.person": ("dossier_id.",),
    "customer.transaction": ("dossier_id.",),
    "customer.yearly.figure": ("dossier_id.",),
    "customer.fact": ("dossier_id.", "person_id.dossier_id."),
    "customer.change": ("dossier_id.",),
    "customer.approval": ("dossier_id.",),
    "customer.approval.decision": ("approval_id.dossier_id.",),
    "customer.intake": ("dossier_id.", "partner_id.dossier_id."),
    "res.partner": ("dossier_id.", "parent_id.dossier_id.", "child_ids.dossier_id."),
    "res.users": ("dossier_id.", "partner_id.dossier_id."),
    "sale.order": ("partner_id.dossier_id.",),
    "account.move": ("partner_id.dossier_id.",),
    "res.company": ("partner_id.category_id.partner_ids.dossier_id.",),
    "crm.team": ("user_id.partner_id.category_id.partner_ids.dossier_id.",),
    "ir.attachment": ("create_uid.partner_id.category_id.partner_ids.dossier_id.",),
    "mail.message": ("author_id.category_id.partner_ids.dossier_id.",),
    "mail.activity": ("user_id.partner_id.category_id.partner_ids.dossier_id.",),
    "mail.followers": ("partner_id.category_id.partner_ids.dossier_id.",),
}
# One condition of each kind on the dossier and on what hangs on it.
CONDITIONS = (
    ("strategy", "="),
    ("strategy", "ilike"),
    ("strategy", "=like"),
    ("registered_capital", ">="),
    ("founding_date", "="),
    ("person_ids.family", "="),
    ("person_ids.family", "=like"),
    ("transaction_ids.amount", ">="),
    ("yearly_figure_ids.revenue", ">="),
    ("fact_ids.information", "=like"),
    ("change_ids.old_value", "="),
    ("change_ids.new_text", "ilike"),
    ("approval_ids.decision_ids.comment", "="),
    ("interaction_ids.summary", "ilike"),
    ("visit_ids.commitment_ids.name", "="),
    ("visit_ids.expense_ids.amount", ">="),
    ("account_plan_ids.action_ids.target", "=like"),
    ("activity_ids.note", "ilike"),
    ("activity_ids.summary", "=like"),
)


@dataclass(frozen=True)
class Case:
    row: str
    model: str
    method: str
    kwargs: dict = field(default_factory=dict)
    ids: tuple = ()
    context: dict = field(default_factory=dict)
    # an answer that not even those who may see everything learn from
    blind: bool = False
    # of conditions alike each stranger asks some, in turn
    turn: int | None = None

    def __str__(self):
        return f"[{self.row}] {self.model}.{self.method}({self.ids}, {self.kwargs})"

    def is_asked_by(self, role):
        """Whether the role tries this one.

        Strangers share the many conditions on content among them, so that each of them
        takes each way to it and meets each condition.
        """
        if self.turn is None or role not in STRANGERS:
            return True
        return STRANGERS[self.turn % len(STRANGERS)] == role


def search_cases(targets):
    """Rows 0.1, 0.2, 4, 5, 6: conditions on content, by every way to it."""
    for model, fields in targets.secret_fields.items():
        for turn, name in enumerate(fields):
            domain = [[name, "=", targets.value(model, name)]]
            yield _count("4", model, domain, turn)
    ways = [(model, path) for model, paths in PATHS.items() for path in paths]
    for number, (model, path) in enumerate(ways):
        row = "6" if model == "ir.attachment" else "0.2"
        # one further each time, or else a role would meet the same ones on all ways
        for turn, (name, operator) in enumerate(CONDITIONS, number):
            value = targets.value("customer.dossier", name)
            yield _count(row, model, [[f"{path}{name}", operator, value]], turn)
    value = targets.value("customer.dossier", "person_ids.family")
    nested = ["person_ids", "any", [["family", "=", value]]]
    yield _count("0.1", "customer.dossier", [nested])
    yield _count("0.1", "res.partner", [["dossier_id", "any", [nested]]])
    yield _count(
        "0.1",
        "sale.order",
        [["partner_id", "any", [["dossier_id", "any", [nested]]]]],
    )
    yield _count("0.1", "customer.dossier", ["!", ["strategy", "not like", "zqsouth"]])


def _count(row, model, domain, turn=None):
    return Case(row, model, "search_count", {"domain": domain}, turn=turn)


def read_cases(t):
    """Rows 1, 3, 4, 28: reading by id, by list, by group, as a file."""
    family = (
        ("customer.dossier", t.dossier, "strategy"),
        ("customer.key.person", t.person, "family"),
        ("customer.transaction", t.transaction, "note"),
        ("customer.yearly.figure", t.figure, "note"),
        ("customer.fact", t.fact, "information"),
        ("customer.change", t.change, "old_value"),
        *((model, t.items[model], name) for model, name in VISIT_CONTENT.items()),
    )
    for model, record_id, name in family:
        ids = (record_id,)
        here = [["id", "=", record_id]]
        yield Case("4", model, "read", {"fields": [name]}, ids)
        yield Case("4", model, "read", {}, ids)
        yield Case("3", model, "web_read", {"specification": {name: {}}}, ids)
        yield Case("4", model, "search_read", {"domain": here, "fields": [name]})
        yield Case(
            "4",
            model,
            "web_search_read",
            {"domain": here, "specification": {name: {}}},
        )
        yield Case("28", model, "export_data", {"fields_to_export": [name]}, ids)
        yield Case("4", model, "copy_data", {}, ids)
        yield Case("43", model, "copy", {}, ids, blind=True)
        for method in ("formatted_read_group", "web_read_group"):
            yield Case(
                "8",
                model,
                method,
                {"domain": here, "groupby": [name], "aggregates": ["__count"]},
            )
        yield Case(
            "8",
            model,
            "formatted_read_grouping_sets",
            {"domain": here, "grouping_sets": [[name]], "aggregates": ["__count"]},
        )
        yield Case(
            "4",
            model,
            "web_save",
            {"vals": {}, "specification": {name: {}}},
            ids,
            blind=model in ("customer.change", "customer.follow.up"),
        )
        # names of the others are all that anybody may know
        blind = model in NAMED_BY_STUB
        yield Case("4", model, "name_search", {"name": ""}, blind=blind)
        yield Case(
            "1",
            model,
            "web_name_search",
            {"name": "", "domain": here, "specification": {name: {}}},
        )
        yield Case("49", model, "get_metadata", {}, ids, blind=True)
        yield Case("4", model, "get_formview_action", {}, ids, blind=True)
    yield Case(
        "4",
        "customer.transaction",
        "formatted_read_group",
        {"domain": [], "groupby": ["dossier_id"], "aggregates": ["amount:sum"]},
    )
    yield Case(
        "4",
        "customer.yearly.figure",
        "formatted_read_group",
        {"domain": [], "groupby": ["year"], "aggregates": ["revenue:array_agg"]},
    )
    yield Case(
        "4",
        "customer.dossier",
        "read_progress_bar",
        {
            "domain": [],
            "group_by": "team_id",
            "progress_bar": {"field": "industry_position", "colors": {"other": "red"}},
        },
    )
    for method in ("search_panel_select_range", "search_panel_select_multi_range"):
        yield Case(
            "4",
            "customer.dossier",
            method,
            {
                "field_name": "team_id",
                "enable_counters": True,
                "search_domain": [
                    ["strategy", "=", t.text("customer.dossier", "strategy")]
                ],
            },
        )
    yield Case(
        "4",
        "customer.key.person",
        "hierarchy_read",
        {
            "domain": [["id", "=", t.person]],
            "specification": {"family": {}, "superior_id": {"fields": {"family": {}}}},
            "parent_field": "superior_id",
            "child_field": "subordinate_ids",
        },
    )


def partner_cases(t):
    """Rows 0.3, 0.4, 1, 2, 7 to 9: through contacts and what leads to them."""
    spec = {"dossier_id": {"fields": {**STUB_SPEC, **PERSONS}}}
    here = [["id", "=", t.partner]]
    yield Case("1", "res.partner", "web_read", {"specification": spec}, (t.partner,))
    yield Case(
        "1",
        "res.partner",
        "web_search_read",
        {"domain": here, "specification": spec},
    )
    names = ["dossier_number", "dossier_state", "dossier_tier_id", "dossier_user_id"]
    yield Case(
        "0.4", "res.partner", "read", {"fields": names}, (t.partner,), blind=True
    )
    yield Case(
        "28",
        "res.partner",
        "export_data",
        {"fields_to_export": ["name", "dossier_id/strategy", "dossier_id/number"]},
        (t.partner,),
    )
    yield Case(
        "28",
        "sale.order",
        "export_data",
        {"fields_to_export": ["partner_id/dossier_id/strategy"]},
        (t.order,),
    )
    yield Case(
        "1",
        "sale.order",
        "web_read",
        {"specification": {"partner_id": {"fields": spec}}},
        (t.order,),
    )
    yield Case(
        "4",
        "res.partner",
        "web_read",
        {"specification": {"child_ids": {"fields": spec}}},
        (t.partner,),
    )
    for order in ("dossier_id", "dossier_number desc", "dossier_tier_id"):
        yield Case(
            "7", "res.partner", "search", {"domain": [], "order": order}, blind=True
        )
    for model in ("customer.key.person", "customer.transaction"):
        yield Case(
            "7",
            model,
            "search",
            {"domain": [], "order": "dossier_id"},
            blind=True,
        )
    for groupby in ("dossier_id", "dossier_id.tier_id", "dossier_tier_id"):
        yield Case(
            "8",
            "res.partner",
            "formatted_read_group",
            {"domain": here, "groupby": [groupby], "aggregates": ["__count"]},
            blind=True,
        )
    yield Case(
        "8",
        "sale.order",
        "formatted_read_group",
        {
            "domain": [["partner_id.dossier_id.strategy", "like", "zqsouth"]],
            "groupby": ["partner_id"],
            "aggregates": ["amount_total:sum"],
        },
    )
    yield Case(
        "4",
        "res.partner",
        "name_search",
        {
            "name": "Customer",
            "domain": [["dossier_id.strategy", "like", "zqsouth"]],
        },
    )
    for name, blind in (("dossier_id", False), ("dossier_number", True)):
        yield Case(
            "2",
            "res.partner",
            "web_save",
            {"vals": {name: t.dossier}, "specification": spec},
            (t.free_partner,),
            blind=blind,
        )


def forged_cases(t):
    """Rows 0.3, 2, 19, 45: ids of hidden records where a value is expected."""
    spec = {"fields": {**STUB_SPEC, **PERSONS}}
    yield Case(
        "0.3",
        "res.partner",
        "onchange",
        {"values": {}, "field_names": [], "fields_spec": {"dossier_id": spec}},
        context={"default_dossier_id": t.dossier},
    )
    yield Case(
        "2",
        "res.partner",
        "onchange",
        {
            "values": {"dossier_id": t.dossier},
            "field_names": ["dossier_id"],
            "fields_spec": {"dossier_id": spec},
        },
        blind=True,
    )
    yield Case(
        "0.3",
        "customer.key.person",
        "onchange",
        {
            "values": {},
            "field_names": [],
            "fields_spec": {
                "superior_id": {"fields": {"family": {}}},
                "dossier_id": {"fields": {"strategy": {}}},
            },
        },
        context={"default_superior_id": t.person, "default_dossier_id": t.dossier},
    )
    yield Case(
        "0.3",
        "customer.key.person",
        "onchange",
        {
            "values": {},
            "field_names": [],
            "fields_spec": {"superior_id": {"fields": {"display_name": {}}}},
        },
        context={"default_superior_id": t.person},
        blind=True,
    )
    yield Case(
        "2",
        "customer.dossier",
        "onchange",
        {
            "values": {"person_ids": [[4, t.person]], "merged_into_id": t.dossier},
            "field_names": ["person_ids"],
            "fields_spec": {
                "person_ids": {"fields": {"family": {}}},
                "merged_into_id": {"fields": {"strategy": {}}},
                "missing_items": {},
            },
        },
    )
    yield Case(
        "2",
        "customer.yearly.figure",
        "onchange",
        {
            "values": {"dossier_id": t.dossier, "year": t.year},
            "field_names": ["dossier_id"],
            "fields_spec": {"trade_amount": {}, "trade_count": {}},
        },
        blind=True,
    )
    yield Case(
        "2",
        "customer.dossier",
        "onchange",
        {
            "values": {"strategy": "x"},
            "field_names": ["strategy"],
            "fields_spec": {"strategy": {}, "missing_items": {}},
        },
        (t.dossier,),
        blind=True,
    )
    yield Case(
        "2",
        "customer.key.person",
        "create",
        {"vals_list": [{"partner_id": t.partner, "dossier_id": t.dossier}]},
        blind=True,
    )
    for model, record_id in (
        ("customer.dossier", t.dossier),
        ("customer.key.person", t.person),
        ("customer.transaction", t.transaction),
        ("customer.yearly.figure", t.figure),
        ("customer.fact", t.fact),
        ("customer.change", t.change),
        *((model, t.items[model]) for model in VISIT_CONTENT),
    ):
        vals = {{**CONTENT, **VISIT_CONTENT}[model]: "x"}
        yield Case("2", model, "write", {"vals": vals}, (record_id,), blind=True)
        yield Case("44", model, "unlink", {}, (record_id,), blind=True)
        if model in STRIKEABLE:
            for method in ("action_strike_out", "action_restore"):
                yield Case("2", model, method, {}, (record_id,), blind=True)
    # a value that must be unique, tried against hidden rows
    taken = {"dossier_id": t.dossier, "year": t.year}
    figures = "customer.yearly.figure"
    yield Case("42", figures, "create", {"vals_list": [taken]})
    yield Case(
        "42",
        figures,
        "create",
        {"vals_list": [{"year": t.year}]},
        context={"default_dossier_id": t.dossier},
    )
    yield Case("42", figures, "write", {"vals": taken}, (t.own_figure,))
    yield Case(
        "42",
        figures,
        "web_save",
        {"vals": taken, "specification": {"year": {}}},
        (t.own_figure,),
    )
    yield Case(
        "42",
        figures,
        "load",
        {
            "fields": ["dossier_id/.id", "year"],
            "data": [[str(t.dossier), str(t.year)]],
        },
    )
    yield Case(
        "2",
        "res.users",
        "onchange",
        {
            "values": {"dossier_id": t.dossier},
            "field_names": ["dossier_id"],
            "fields_spec": {"dossier_id": spec},
        },
        (t.user,),
        blind=True,
    )
    yield Case(
        "2",
        "customer.dossier",
        "load",
        {
            "fields": [".id", "note"],
            "data": [[str(t.dossier), "stolen"]],
        },
        blind=True,
    )
    yield Case(
        "2",
        "customer.dossier",
        "web_save",
        {
            "vals": {"person_ids": [[1, t.person, {"note": "x"}]]},
            "specification": {"person_ids": {"fields": {"family": {}}}},
        },
        (t.dossier,),
    )
    yield Case(
        "45",
        "customer.dossier",
        "search_read",
        {"domain": [["id", "=", t.dossier]], "fields": ["strategy"]},
        context={"allowed_company_ids": [t.company]},
    )
    yield Case(
        "45",
        "res.partner",
        "read",
        {"fields": ["dossier_number"]},
        (t.partner,),
        context={"allowed_company_ids": [t.company, t.other_company]},
        blind=True,
    )
    for key in ("su", "sudo", "uid", "active_test", "bypass_access", "prefetch_fields"):
        yield Case(
            "4",
            "customer.dossier",
            "search_read",
            {"domain": [["id", "=", t.dossier]], "fields": ["strategy"]},
            context={key: 1, "tz": "Pacific/Midway"},
        )
    yield Case("19", "ir.attachment", "read", {"fields": ["name", "raw"]}, (t.file,))
    yield Case(
        "19",
        "ir.attachment",
        "search_read",
        {"domain": [["res_model", "=", "customer.dossier"]], "fields": ["name"]},
    )
    yield Case(
        "19",
        "ir.attachment",
        "create",
        {
            "vals_list": [
                {"name": "x", "res_model": "customer.dossier", "res_id": t.dossier}
            ]
        },
        blind=True,
    )
    for method in DOSSIER_ACTIONS:
        # the dialog is told what is missing
        blind = method != "action_fill_missing"
        yield Case("4", "customer.dossier", method, {}, (t.dossier,), blind=blind)
    yield Case("42", "res.partner", "action_open_dossier", {}, (t.partner,), blind=True)
    yield Case(
        "42",
        "customer.dossier",
        "create",
        {"vals_list": [{"partner_id": t.partner}]},
        blind=True,
    )


def around_cases(t):
    """Rows 10 to 15, 19: requests, mail that came in, messages and activities."""
    for model, record_id, name in (
        ("customer.approval.decision", t.decision, "comment"),
        ("customer.intake", t.intake, "text"),
        ("customer.tier.change", t.tier_change, "reason"),
        ("mail.message", t.message, "body"),
        ("mail.activity", t.activity, "note"),
        ("ir.attachment", t.intake_file, "name"),
    ):
        ids, here = (record_id,), [["id", "=", record_id]]
        text = t.text(model, name)
        yield Case("10", model, "read", {"fields": [name]}, ids)
        yield Case("10", model, "web_read", {"specification": {name: {}}}, ids)
        yield Case("10", model, "search_read", {"domain": here, "fields": [name]})
        yield Case(
            "10",
            model,
            "web_search_read",
            {"domain": [[name, "ilike", text]], "specification": {"create_uid": {}}},
        )
        if model != "mail.message":  # exported by system administrators alone
            yield Case("28", model, "export_data", {"fields_to_export": [name]}, ids)
        yield _count("10", model, [[name, "ilike", text]])
        yield _count("10", model, ["!", [name, "not ilike", text]])
        yield Case(
            "10",
            model,
            "formatted_read_group",
            {
                "domain": [[name, "ilike", text]],
                "groupby": [],
                "aggregates": ["__count"],
            },
        )
        yield Case("2", model, "write", {"vals": {name: "x"}}, ids, blind=True)
        yield Case("44", model, "unlink", {}, ids, blind=True)
    yield from _name_cases(t)
    yield from _approval_cases(t)
    yield from _activity_cases(t)
    yield from _computed_cases(t)
    for model in ("customer.dossier", "customer.approval", "customer.intake"):
        yield Case(
            "13",
            "mail.followers",
            "search_read",
            {"domain": [["res_model", "=", model]], "fields": ["res_id"]},
            blind=True,
        )


def _name_cases(t):
    """Row 0.3: where Odoo puts the name of a record somebody made up."""
    for model, res_id, blind in (
        ("customer.dossier", t.dossier, True),
        ("customer.approval", t.approval, True),
        ("customer.intake", t.intake, False),
        ("customer.fact", t.fact, False),
    ):
        values = {"res_model": model, "res_id": res_id}
        for holder in ("mail.activity", "ir.attachment"):
            yield Case(
                "0.3",
                holder,
                "onchange",
                {
                    "values": values,
                    "field_names": ["res_id"],
                    "fields_spec": {"res_name": {}},
                },
                blind=blind or holder == "ir.attachment",
            )


def _approval_cases(t):
    approval, ids = "customer.approval", (t.approval,)
    comment = {"decision_ids": {"fields": {"comment": {}}}}
    yield Case("10", approval, "web_read", {"specification": comment}, ids)
    yield Case(
        "1",
        approval,
        "web_read",
        {"specification": {"dossier_id": {"fields": STUB_SPEC}}},
        ids,
    )
    yield Case(
        "28", approval, "export_data", {"fields_to_export": ["name"]}, ids, blind=True
    )
    paths = ["decision_ids/comment", "dossier_id/strategy"]
    yield Case("28", approval, "export_data", {"fields_to_export": paths}, ids)
    for method in ("action_approve", "action_refuse", "action_open_record"):
        yield Case("2", approval, method, {}, ids, blind=True)
    for model in (approval, "customer.approval.decision"):
        yield Case("2", model, "create", {"vals_list": [{}]}, blind=True)
    for vals in ({"state": "approved"}, {"requester_id": t.user}, {"step_id": False}):
        yield Case("2", approval, "write", {"vals": vals}, ids, blind=True)
        yield Case(
            "2",
            approval,
            "web_save",
            {"vals": vals, "specification": comment},
            ids,
            blind=True,
        )
    yield Case(
        "0.3",
        "customer.approval.refuse",
        "onchange",
        {
            "values": {},
            "field_names": [],
            "fields_spec": {"approval_ids": {"fields": {"name": {}, **comment}}},
        },
        context={"default_approval_ids": [t.approval]},
    )


def _activity_cases(t):
    dossier, ids = "customer.dossier", (t.dossier,)
    notes = {"activity_ids": {"fields": {"note": {}, "summary": {}}}}
    yield Case("15", dossier, "web_read", {"specification": notes}, ids)
    yield Case("15", dossier, "read", {"fields": ["activity_summary"]}, ids)
    yield Case(
        "15",
        "mail.activity",
        "get_activity_data",
        {"res_model": dossier, "domain": []},
    )
    kinds = {"act_type_xmlids": ["mail.mail_activity_data_todo"]}
    for method in ("activity_search", "activity_unlink"):
        yield Case("15", dossier, method, kinds, ids, blind=True)
    for method in ("action_done", "action_notify", "activity_format"):
        blind = method != "activity_format"
        yield Case("15", "mail.activity", method, {}, (t.activity,), blind=blind)
    for method in ("message_subscribe", "message_notify"):
        yield Case("12", dossier, method, {}, ids, blind=True)
    for method in ("message_subscribe", "message_get_followers"):
        kwargs = {} if method != "message_subscribe" else {"partner_ids": [t.partner]}
        yield Case("12", "customer.intake", method, kwargs, (t.intake,), blind=True)


def _computed_cases(t):
    names = (
        "insight_sheet",
        "relation_gaps",
        "missing_items",
        "missing_codes",
        "completeness",
        "overlap_warning",
    )
    ids, dossier = (t.dossier,), "customer.dossier"
    yield Case("4", dossier, "read", {"fields": list(names)}, ids)
    spec = {"specification": {name: {} for name in names}}
    yield Case("4", dossier, "web_read", spec, ids)
    # what may be known of customers who are alike: number, name and keeper
    overlaps = {
        "values": {"partner_id": t.partner},
        "field_names": ["partner_id"],
        "fields_spec": {"overlap_warning": {}, "missing_items": {}, "completeness": {}},
    }
    yield Case("42", dossier, "onchange", overlaps, blind=True)
    forged = {
        "default_partner_id": t.partner,
        "default_fact_ids": [[4, t.fact]],
        "default_change_ids": [[4, t.change]],
    }
    for inner in (("fact_ids", "information"), ("change_ids", "old_value")):
        values = {
            "values": {},
            "field_names": [],
            "fields_spec": {inner[0]: {"fields": {inner[1]: {}}}},
        }
        yield Case("0.3", dossier, "onchange", values, context=forged)
    yield Case(
        "0.3",
        "customer.fact",
        "onchange",
        {
            "values": {},
            "field_names": [],
            "fields_spec": {
                "person_id": {"fields": {"family": {}, "display_name": {}}},
                "dossier_id": {"fields": STUB_SPEC},
            },
        },
        context={"default_person_id": t.person, "default_dossier_id": t.dossier},
    )
    yield Case(
        "0.3",
        "customer.intake",
        "onchange",
        {
            "values": {"partner_id": t.partner},
            "field_names": ["partner_id"],
            "fields_spec": {"dossier_id": {"fields": STUB_SPEC}},
        },
    )


def all_cases(targets):
    yield from read_cases(targets)
    yield from partner_cases(targets)
    yield from forged_cases(targets)
    yield from around_cases(targets)
    yield from search_cases(targets)
