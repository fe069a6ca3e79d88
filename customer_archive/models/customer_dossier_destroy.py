import json

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.json import json_default

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
        count = 0
        for model_name in self._get_destroyed_models():
            ids = self._digest_rows(model_name, digest)
            if ids:
                self._destroy_files(model_name, ids, digest)
                self._destroy_rows(model_name, ids)
                count += len(ids)
        self._digest_row(digest)
        self._destroy_traces()
        self._blank()
        self.env.invalidate_all()
        return count

    @api.model
    def _get_destroyed_models(self):
        """Models whose rows go, those first that point at others."""
        names = [
            name
            for name in self._get_item_names()
            if not self.env[name]._outlives_dossier and self.env[name]._auto
        ]
        order = []

        def visit(name, seen=()):
            for other in names:
                if other in (name, *order, *seen):
                    continue
                if any(f.comodel_name == name for f in self._get_links(other)):
                    visit(other, (*seen, name))
            if name not in order:
                order.append(name)

        for name in names:
            visit(name)
        return order

    @api.model
    def _get_links(self, model_name):
        return [
            field
            for field in self.env[model_name]._fields.values()
            if field.type == "many2one" and field.store
        ]

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

    def _destroy_files(self, model_name, ids, digest=None):
        # sudo: files of what is destroyed, fields' files among them
        attachments = self.env["ir.attachment"].sudo()
        files = attachments.search(
            [
                ("res_model", "=", model_name),
                ("res_id", "in", ids),
                "|",
                ("res_field", "=", False),
                ("res_field", "!=", False),
            ]
        )
        for file in files.sorted("id"):
            digest.update((file.checksum or "").encode())
        files.unlink()

    def _destroy_rows(self, model_name, ids):
        """Delete rows and what Odoo keeps about them; no rule of the ORM keeps them."""
        model = self.env[model_name]
        own_links = [
            f for f in self._get_links(model_name) if f.comodel_name == model_name
        ]
        for field in own_links:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = NULL WHERE id IN %s",
                    SQL.identifier(model._table),
                    SQL.identifier(field.name),
                    tuple(ids),
                )
            )
        self._destroy_notes(model_name, ids)
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE id IN %s",
                SQL.identifier(model._table),
                tuple(ids),
            )
        )

    @api.model
    def _destroy_notes(self, model_name, ids):
        """Activities, messages, requests and names that hang on these rows."""
        for table, model_column, id_column in (
            ("mail_activity", "res_model", "res_id"),
            ("mail_message", "model", "res_id"),
            ("mail_followers", "res_model", "res_id"),
            ("customer_approval", "res_model", "res_id"),
            ("ir_model_data", "model", "res_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = %s AND %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(model_column),
                    model_name,
                    SQL.identifier(id_column),
                    tuple(ids),
                )
            )

    def _destroy_traces(self):
        """Hook: what stands about the dossier outside the models that hang on it."""
        self._destroy_files(self._name, self.ids, _NoDigest())
        self._destroy_notes(self._name, self.ids)
        # sudo: what came in and was filed here
        intakes = self.env["customer.intake"].sudo().with_context(active_test=False)
        intakes.search([("dossier_id", "=", self.id)]).unlink()
        # sudo: forms that were being read in, by whoever
        for name in self._get_wizard_names():
            self.env[name].sudo().search([("dossier_id", "=", self.id)]).unlink()

    @api.model
    def _get_wizard_names(self):
        return [
            name
            for name, model in self.env.registry.items()
            if model._transient
            and "dossier_id" in self.env[name]._fields
            and self.env[name]._fields["dossier_id"].comodel_name == self._name
        ]

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


class _NoDigest:
    def update(self, data):
        """Forget ``data``."""
