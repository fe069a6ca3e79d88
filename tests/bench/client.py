"""The requests of the web client, made from the views that a user gets."""

from lxml import etree

PAGE = 80
COUNT_LIMIT = 10_001
NAME = {"fields": {"display_name": {}}}
# What some widgets read beside their own field.
WIDGET_FIELDS = {
    "list_activity": {
        "activity_exception_decoration": {},
        "activity_exception_icon": {},
        "activity_state": {},
        "activity_summary": {},
        "activity_type_icon": {},
        "activity_type_id": NAME,
    },
}


def get_specification(env, model_name, view_type, view_name=None):
    """What the client asks for when it opens this view of the model.

    :param view_name: XML id of the view; without it the model's own
    :return: specification of ``web_read`` and ``web_search_read``
    """
    view_id = view_name and env.ref(view_name).id
    views = env[model_name].get_views([(view_id, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    specification = _read_arch(env[model_name], arch)
    return specification | ({"display_name": {}} if view_type == "form" else {})


def _read_arch(model, arch):
    """The fields of a view, but not those of views inside it."""
    specification = {}
    for node in arch.iter("field"):
        if _get_owner(node) is _get_owner(arch):
            for name, part in _read_field(model, node).items():
                if fields := part.get("fields"):
                    specification.setdefault(name, {}).setdefault("fields", {})
                    specification[name]["fields"] |= fields
                else:
                    specification.setdefault(name, part)
    return specification


def _get_owner(node):
    return next(node.iterancestors("field"), None)


def _read_field(model, node):
    name = node.get("name")
    field = model._fields[name]
    hidden = {node.get("invisible"), node.get("column_invisible")} & {"1", "True"}
    if field.type == "many2one":
        return {name: {"fields": {}} if hidden else NAME}
    if field.type in ("one2many", "many2many"):
        lines = _read_lines(model.env[field.comodel_name], node)
        return {name: {"fields": lines}} | WIDGET_FIELDS.get(node.get("widget"), {})
    if field.type == "properties":
        return {name: {}, field.definition_record: NAME}
    if field.type == "binary":
        return {name: {}, "write_date": {}}
    return {name: {}}


def _read_lines(model, node):
    """Fields of the lines: those of the view inside, or a tag's."""
    specification = {}
    for view in node:
        specification |= _read_arch(model, view)
    if "many2many" in node.get("widget", ""):
        specification["display_name"] = {}
        if "color" in model._fields:
            specification["color"] = {}
    return specification


def open_list(env, model_name, specification):
    """The first page of a list, as its default order has it."""
    return (
        env[model_name]
        .with_context(bin_size=True)
        .web_search_read(
            [], specification, limit=PAGE, order="", count_limit=COUNT_LIMIT
        )
    )


def open_form(env, model_name, record_id, specification):
    records = env[model_name].with_context(bin_size=True).browse(record_id)
    return records.web_read(specification)
