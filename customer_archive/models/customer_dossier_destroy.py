import json

from odoo import api, models, tools
from odoo.tools import SQL
from odoo.tools.json import json_default

# Where dialogs hold what somebody typed.
OWN_ADDONS = "customer_archive"
# What hangs on rows of any model: table, and column with the name of the model.
NOTES = (
    ("mail_activity", "res_model"),
    ("mail_message", "model"),
    ("mail_followers", "res_model"),
    ("customer_approval", "res_model"),
    ("ir_model_data", "model"),
)
# What stays of a destroyed dossier: its stub, and when it was what.
KEPT_COLUMNS = frozenset(
    (
        "id",
        "number",
        "partner_id",
        "partner_name",
        "company_id",
        "keeper_id",
        "active",
        "state",
        "open_date",
        "closed_date",
        "keep_until",
        "retention_class_id",
        "merged_into_id",
        "create_uid",
        "create_date",
        "write_uid",
        "write_date",
    )
)


class CustomerDossier(models.Model):
    """Destroys what a dossier holds, in all tables that hold any of it (S2-13)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def _destroy_content(self, digest):
        """Destroy everything but the stub of one dossier.

        :param digest: takes in all that is destroyed, in an order of its own
        :return: number of entries destroyed
        """
        self.ensure_one()
        self.env.flush_all()
        rows = {
            name: self._digest_rows(name, digest)
            for name in self._get_destroyed_models()
        }
        self._digest_row(digest)
        self._destroy_traces()
        self._destroy_notes({self._name: self.ids, **rows}, digest)
        for name, ids in rows.items():
            self._destroy_rows(name, ids)
        self._blank()
        self.env.invalidate_all()
        return sum(map(len, rows.values()))

    @api.model
    @tools.ormcache()
    def _get_destroyed_models(self):
        """Models whose rows go, those first that point at others."""
        names = [
            name
            for name in self._get_item_names()
            if not self.env[name]._outlives_dossier and self.env[name]._auto
        ]
        pointing = {name: [] for name in names}
        for name in names:
            for field in self.env[name]._fields.values():
                if field.type == "many2one" and field.store:
                    pointing.get(field.comodel_name, []).append(name)
        order = []

        def visit(name, seen=()):
            for other in pointing[name]:
                if other not in (name, *order, *seen):
                    visit(other, (*seen, name))
            if name not in order:
                order.append(name)

        for name in names:
            visit(name)
        return tuple(order)

    def _digest_rows(self, model_name, digest):
        model = self.env[model_name]
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM %s WHERE dossier_id = %s ORDER BY id",
                SQL.identifier(model._table),
                self.id,
            )
        )
        for row in rows:
            digest.update(
                json.dumps(row, default=json_default, sort_keys=True).encode()
            )
        return [row["id"] for row in rows]

    def _digest_row(self, digest):
        [row] = self.env.execute_query_dict(
            SQL("SELECT * FROM customer_dossier WHERE id = %s", self.id)
        )
        digest.update(json.dumps(row, default=json_default, sort_keys=True).encode())

    @api.model
    def _destroy_rows(self, model_name, ids):
        """Delete rows; no rule of the ORM keeps them."""
        if ids:
            # at once, for rows of one model may point at each other
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE id IN %s",
                    SQL.identifier(self.env[model_name]._table),
                    tuple(ids),
                )
            )

    @api.model
    def _destroy_notes(self, rows, digest):
        """Files, activities, messages, requests and names that hang on rows.

        :param rows: {name of a model: ids}
        :param digest: takes in the files
        """
        pairs = tuple((name, row_id) for name, ids in rows.items() for row_id in ids)
        if not pairs:
            return
        # sudo: files of what is destroyed, fields' files among them
        files = self.env["ir.attachment"].sudo()
        files = files.browse(self._find_notes("ir_attachment", "res_model", pairs))
        for file in files:
            digest.update((file.checksum or "").encode())
        files.unlink()
        noted = {
            model: self._find_notes(self.env[model]._table, "res_model", pairs)
            for model in ("mail.activity", "customer.approval")
        }
        # they have files and activities of their own
        self._destroy_notes(noted, digest)
        for table, column in NOTES:
            self._destroy_rows_of(table, column, pairs)

    @api.model
    def _find_notes(self, table, column, pairs):
        """Ids of the rows of ``table`` that hang on others.

        :param column: where the name of their model stands
        :param pairs: name of the model and id of each
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE (%s, res_id) IN %s ORDER BY id",
                SQL.identifier(table),
                SQL.identifier(column),
                pairs,
            )
        )
        return [row_id for (row_id,) in rows]

    @api.model
    def _destroy_rows_of(self, table, column, pairs):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE (%s, res_id) IN %s",
                SQL.identifier(table),
                SQL.identifier(column),
                pairs,
            )
        )

    def _destroy_traces(self):
        """Hook: what stands about the dossier outside the models that hang on it.

        Called while these are still there.
        """
        # sudo: what came in and was filed here
        intakes = self.env["customer.intake"].sudo().with_context(active_test=False)
        intakes.search([("dossier_id", "=", self.id)]).unlink()

    @api.model
    def _destroy_drafts(self):
        """Empty dialogs and imports, which nothing ties to a dossier.

        Somebody may have typed or read in there what was in one of those destroyed.
        Whoever has one open at that moment opens it again.
        """
        for name, model in self.env.registry.items():
            if model._transient and model._original_module.startswith(OWN_ADDONS):
                # sudo: dialogs of whomever
                self.env[name].sudo().search([("id", "!=", False)]).unlink()
        if "base_import.import" in self.env:
            names = [self._name, *self._get_item_names()]
            # sudo: files that were being read in, by whomever
            imports = self.env["base_import.import"].sudo()
            imports.search([("res_model", "in", names)]).unlink()

    def _blank(self):
        """Empty all columns but those of the stub."""
        columns = [
            field
            for field in self._fields.values()
            if field.store and field.column_type and field.name not in KEPT_COLUMNS
        ]
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(field.name), self._get_blank(field))
            for field in columns
        )
        self.env.cr.execute(
            SQL(
                "UPDATE customer_dossier SET state = 'destroyed', %s WHERE id = %s",
                assignments,
                self.id,
            )
        )
        for field in self._fields.values():
            if field.type == "many2many" and field.store:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s",
                        SQL.identifier(field.relation),
                        SQL.identifier(field.column1),
                        self.id,
                    )
                )

    @api.model
    def _get_blank(self, field):
        if field.type == "boolean":
            return SQL("FALSE")
        if field.required:
            # what can't be empty has a value from a list, which tells nothing
            return SQL.identifier(field.name)
        return SQL("NULL")
