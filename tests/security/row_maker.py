"""A row of any model, by SQL: whatever an addon asks of who enters one."""

from psycopg2.extras import Json

from odoo import fields
from odoo.tools import SQL

# What a row of a model needs to be one that its dossier's readers read.
VALUES = {
    "customer.tier.run": {"state": "applied"},
    "customer.visit.plan": {"month": "2030-01-01"},
    "customer.commitment": {"date": "2030-01-01"},
}
TEXTS = ("char", "text", "html")


class RowMaker:
    """Mixin of a test: rows of each case; ``cls.rows``: {model: {case: id}}.

    An addon whose table wants more than required columns adds to VALUES.
    """

    @classmethod
    def _get_token(cls, case):
        """What the texts of the case say."""
        raise NotImplementedError

    @classmethod
    def _get_company_id(cls, case):
        raise NotImplementedError

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
            field.name: cls._get_token(case)
            for field in model._fields.values()
            if field.store
            and field.type in TEXTS
            and not field.translate
            and field.name not in without
        }

    @classmethod
    def _insert(cls, model, vals, case):
        vals = {
            **{f.name: cls._get_value(f, case) for f in cls._get_required(model)},
            **(cls._get_log_values() if model._log_access else {}),
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
    def _get_log_values(cls):
        return {"create_uid": cls.env.uid, "create_date": fields.Datetime.now()}

    @classmethod
    def _get_value(cls, field, case):
        if field.name == "company_id":
            return cls._get_company_id(case)
        if field.type == "many2one":
            return cls._get_parent(field.comodel_name, case)
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        if field.type in TEXTS:
            return (
                Json({"en_US": cls._get_token(case)})
                if field.translate
                else cls._get_token(case)
            )
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
