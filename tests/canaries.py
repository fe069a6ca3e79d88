"""A word of its own in every text of every dossier, to be searched for afterwards."""

from psycopg2.extras import Json

from odoo.tools import SQL

TEXTS = ("char", "text", "html")
# What a row needs to be one.
VALUES = {
    "customer.tier.run": {"state": "applied"},
    "customer.visit.plan": {"month": "2030-01-01"},
    "customer.visit": {"date_start": "2020-01-01"},
    "customer.commitment": {"date": "2020-01-01"},
}
# Whose texts are registers of people and numbers, and stay; but for these.
STAYING = {
    "customer.copy": (),
    "customer.loan": ("purpose", "quantity", "refusal_reason", "extension_reason"),
    "customer.disclosure": ("purpose", "content", "basis_reference", "answer"),
}
OWN = ("id", "dossier_id", "number", "partner_name", "res_model", "res_field", "lang")


class Canaries:
    """Fills what hangs on dossiers with rows, by SQL: whatever an addon asks for.

    :param words: the word of each dossier, by its id
    """

    def __init__(self, env, words):
        self.env = env
        self.models = []  # filled so far
        env.flush_all()
        env.cr.execute("CREATE TEMP TABLE canary (dossier_id int, word varchar)")
        env.cr.execute(
            SQL(
                "INSERT INTO canary SELECT * FROM unnest(%s::int[], %s::varchar[])",
                list(words),
                list(words.values()),
            )
        )

    def fill(self):
        """A row of each model, with links to the others of the same dossier."""
        self._fill_dossiers()
        for name in self.get_models():
            self._fill_model(name)
        for name in self.models:
            self._link(name)
        self._file_behind_each_other()

    def get_models(self):
        """Models that hang on a dossier, those first that others need."""
        names = [
            name
            for name, model in self.env.registry.items()
            if model._auto
            and not model._abstract
            and not getattr(model, "_outlives_dossier", False)
            and self._get_dossier_field(name)
        ]
        order = []

        def visit(name):
            for field in self._get_links(name):
                needed = field.required and field.comodel_name in names
                if needed and field.comodel_name not in (name, *order):
                    visit(field.comodel_name)
            if name not in order:
                order.append(name)

        for name in names:
            visit(name)
        return order

    def _get_dossier_field(self, name):
        field = self.env[name]._fields.get("dossier_id")
        is_link = field and field.store and field.comodel_name == "customer.dossier"
        return field if is_link else None

    def _get_links(self, name):
        return [
            field
            for field in self.env[name]._fields.values()
            if field.type == "many2one" and field.store
        ]

    def _get_texts(self, name):
        texts = [
            field.name
            for field in self.env[name]._fields.values()
            if field.store and field.type in TEXTS and field.name not in OWN
        ]
        return [text for text in texts if text in STAYING.get(name, texts)]

    def _fill_dossiers(self):
        texts = [
            SQL("%s = canary.word || %s", SQL.identifier(name), f" {name}")
            for name in self._get_texts("customer.dossier")
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE customer_dossier d SET %s FROM canary"
                " WHERE canary.dossier_id = d.id",
                SQL(", ").join(texts),
            )
        )

    def _fill_model(self, name):
        model = self.env[name]
        values = {"dossier_id": SQL("canary.dossier_id")}
        for field in model._fields.values():
            if field.required and field.store and field.column_type:
                values.setdefault(field.name, self._get_value(field))
        for text in self._get_texts(name):
            words = SQL("canary.word || %s", f" {text}")
            if model._fields[text].translate:
                words = SQL("jsonb_build_object('en_US', %s)", words)
            values[text] = words
        values.update(
            (key, SQL("%s", value)) for key, value in VALUES.get(name, {}).items()
        )
        if "active" in model._fields:
            values["active"] = SQL("dossier_id %% 2 = 0")
        self._insert(model, values, SQL("FROM canary"))
        self.models.append(name)

    def _insert(self, model, values, source):
        return self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) SELECT %s %s RETURNING id",
                SQL.identifier(model._table),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(values.values()),
                source,
            )
        )

    def _get_value(self, field):
        if field.name == "res_id":
            return SQL("canary.dossier_id")
        if field.name == "res_model":
            return SQL("'customer.dossier'")
        if field.type == "many2one" and field.comodel_name in self.models:
            return self._find_row(field.comodel_name)
        return SQL("%s", self._get_any_value(field))

    def _find_row(self, name, dossier="canary"):
        """The row of the model ``name`` of the same dossier."""
        return SQL(
            "(SELECT min(t.id) FROM %s t WHERE t.dossier_id = %s)",
            SQL.identifier(self.env[name]._table),
            SQL.identifier(dossier, "dossier_id"),
        )

    def _get_any_value(self, field):
        if field.type == "many2one":
            return self.get_any(field.comodel_name)
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in TEXTS:
            return Json({"en_US": "any"}) if field.translate else "any"
        if field.type in ("date", "datetime"):
            # ends of periods after their beginnings
            return f"20{21 + ('end' in field.name)}-01-01"
        return field.type != "boolean" and 2000  # a year, among others

    def get_any(self, name):
        """Id of some record of a model that hangs on no dossier; made if need be."""
        model = self.env[name].with_context(active_test=False)
        domain = [(key, "=", value) for key, value in VALUES.get(name, {}).items()]
        found = model.search(domain or [("id", ">", 0)], limit=1, order="id").id
        if found:
            return found
        values = {
            field.name: SQL("%s", self._get_any_value(field))
            for field in model._fields.values()
            if field.required and field.store and field.column_type
        }
        values |= {key: SQL("%s", v) for key, v in VALUES.get(name, {}).items()}
        if name == "customer.copy":
            values.pop("disclosure_id", None)
        ((row_id,),) = self._insert(model, values, SQL(""))
        return row_id

    def _link(self, name):
        """Fill in the links that may be empty, so that rows hold each other."""
        links = [
            SQL(
                "%s = %s",
                SQL.identifier(field.name),
                self._find_row(field.comodel_name, "x"),
            )
            for field in self._get_links(name)
            if field.comodel_name in self.models
            and field.comodel_name != name
            and not field.required
        ]
        if links:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s x SET %s",
                    SQL.identifier(self.env[name]._table),
                    SQL(", ").join(links),
                )
            )

    def _file_behind_each_other(self):
        """An annex to each document."""
        self.env.cr.execute(
            """
            INSERT INTO customer_document (
                dossier_id, name, kind_id, copies, medium, front_id, role, active)
            SELECT dossier_id, name || ' annex', kind_id, 1, medium, id, 'annex', true
              FROM customer_document
            """
        )

    # Around ------------------------------------------------------------------

    def fill_around(self):
        """What Odoo keeps about dossiers, and what people are just typing."""
        cr = self.env.cr
        # registers are not imported
        imported = [name for name in self.models if name not in STAYING]
        for name in ("customer.dossier", *imported):
            table = SQL.identifier(self.env[name]._table)
            column = SQL("id" if name == "customer.dossier" else "dossier_id")
            rows = SQL(
                "FROM %s x JOIN canary ON canary.dossier_id = x.%s", table, column
            )
            cr.execute(
                SQL(
                    "INSERT INTO ir_model_data (module, name, model, res_id)"
                    " SELECT '__import__', word || '_' || %s || x.id, %s, x.id %s",
                    name,
                    name,
                    rows,
                )
            )
        self._fill_notes()
        self._fill_decisions()
        self._fill_dialogs()

    def _fill_notes(self):
        activity_type = self.env.ref("mail.mail_activity_data_todo").id
        for name, ids in self._get_noted():
            self.env.cr.execute(
                SQL(
                    "INSERT INTO mail_activity (res_model, res_model_id, res_id, note,"
                    " summary, activity_type_id, user_id, date_deadline, active)"
                    " SELECT %(name)s, %(model)s, id, word, word, %(type)s, 1, now(),"
                    " id %% 2 = 0 FROM (%(ids)s) x (id, word)",
                    name=name,
                    model=self.env["ir.model"]._get_id(name),
                    type=activity_type,
                    ids=ids,
                )
            )
            if name in STAYING:
                continue  # nobody writes messages on them
            self.env.cr.execute(
                SQL(
                    "INSERT INTO mail_message (model, res_id, body, message_type)"
                    " SELECT %s, id, word, 'comment' FROM (%s) x (id, word)",
                    name,
                    ids,
                )
            )

    def _get_noted(self):
        """Models that people note something on: name, and a query of ids and words."""
        yield "customer.dossier", SQL("SELECT dossier_id, word FROM canary")
        for name in self.models:
            if "activity_ids" in self.env[name]._fields:
                yield (
                    name,
                    SQL(
                        "SELECT x.id, word FROM %s x JOIN canary USING (dossier_id)",
                        SQL.identifier(self.env[name]._table),
                    ),
                )

    def _fill_decisions(self):
        """Comments on requests, of the dossier itself and of what hangs on it."""
        for name, ids in self._get_noted():
            if "approval_ids" not in self.env[name]._fields:
                continue
            self.env.cr.execute(
                SQL(
                    "INSERT INTO customer_approval (res_model, res_id, company_id,"
                    " requester_id, date, route_id, state)"
                    " SELECT %s, id, 1, 1, now(), %s, 'approved'"
                    " FROM (%s) x (id, word)",
                    name,
                    self.get_any("customer.approval.route"),
                    ids,
                )
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO customer_approval_decision (approval_id, step_name,"
                    " user_id, date, decision, comment)"
                    " SELECT a.id, 'any', 1, now(), 'approved', x.word"
                    " FROM customer_approval a JOIN (%s) x (id, word)"
                    " ON a.res_id = x.id WHERE a.res_model = %s",
                    ids,
                    name,
                )
            )

    def _fill_dialogs(self):
        """What somebody has typed into a dialog, which knows nothing of a dossier."""
        for name, model in self.env.registry.items():
            if not model._transient or not model._original_module.startswith(
                "customer_archive"
            ):
                continue
            texts = {f: SQL("canary.word") for f in self._get_texts(name)}
            if not texts:
                continue
            values = {
                field.name: self._get_value(field)
                for field in self.env[name]._fields.values()
                if field.required and field.store and field.type != "json"
                if field.column_type and field.name not in texts
            }
            values |= {
                field.name: SQL("'[]'::jsonb")
                for field in self.env[name]._fields.values()
                if field.required and field.store and field.type == "json"
            }
            self._insert(self.env[name], {**values, **texts}, SQL("FROM canary"))
        self.env.cr.execute(
            "INSERT INTO base_import_import (res_model, file_name, file)"
            " SELECT 'customer.fact', word, word::bytea FROM canary"
        )

    def make_files(self):
        """Files of dossiers, of their documents, requests and activities."""
        rows = self.env.execute_query(
            SQL(
                "SELECT 'customer.dossier', NULL, dossier_id, word FROM canary"
                " UNION ALL SELECT 'customer.document', 'content', x.id, word"
                " FROM customer_document x JOIN canary USING (dossier_id)"
                " UNION ALL SELECT 'customer.intake', NULL, x.id, word"
                " FROM customer_intake x JOIN canary USING (dossier_id)"
                " UNION ALL SELECT 'mail.activity', NULL, x.id, word"
                " FROM mail_activity x JOIN canary ON dossier_id = res_id"
                " WHERE res_model = 'customer.dossier'"
            )
        )
        self.env["ir.attachment"].create(
            [
                {
                    "name": f"{word}.txt",
                    "res_model": model,
                    "res_field": field,
                    "res_id": res_id,
                    "raw": f"{word} in a file of {model} {res_id}".encode(),
                }
                for model, field, res_id, word in rows
            ]
        )


def search(env, word):
    """How many rows of each table have the word in any column, as text or bytes."""
    env.flush_all()
    found = {}
    for table in get_tables(env):
        ((count,),) = env.execute_query(
            SQL(
                "SELECT count(*) FROM %s x WHERE x::text LIKE ANY (%s)",
                SQL.identifier(table),
                [f"%{word}%", f"%{word.encode().hex()}%"],
            )
        )
        if count:
            found[table] = count
    return found


def digest(env, word):
    """A hash of all rows of each table that have the word."""
    return {
        table: env.execute_query(
            SQL(
                "SELECT count(*), md5(string_agg(h, '' ORDER BY h)) FROM"
                " (SELECT md5(x::text) AS h FROM %s x WHERE x::text LIKE %s) y",
                SQL.identifier(table),
                f"%{word}%",
            )
        )[0]
        for table in search(env, word)
    }


def get_tables(env):
    """Tables with rows of their own; not those that are made of others."""
    rows = env.execute_query(
        SQL(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence <> 't'"
            " AND relnamespace = current_schema()::regnamespace ORDER BY relname"
        )
    )
    return [name for (name,) in rows]


def read_files(folder):
    """Contents of all files below ``folder``, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
