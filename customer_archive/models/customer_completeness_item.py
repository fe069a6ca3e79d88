from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .customer_dossier_form import COUNTABLE_FIELDS


class CustomerCompletenessItem(models.Model):
    """One thing a complete dossier has (S1-7, S1-22), for all tiers or for some."""

    _name = "customer.completeness.item"
    _description = "Required Item"
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("field", "A Field Is Filled In"), ("capacity", "A Person Is Known")],
        required=True,
        default="field",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        domain=[
            ("model", "=", "customer.dossier"),
            ("ttype", "not in", ("boolean", "binary", "reference")),
        ],
        ondelete="cascade",
    )
    field_name = fields.Char(related="field_id.name")
    code = fields.Char(compute="_compute_code")
    capacity = fields.Selection(
        lambda self: (
            self.env["customer.key.person"]
            ._fields["capacity"]
            ._description_selection(self.env)
        )
    )
    tier_ids = fields.Many2many(
        "customer.tier", string="Tiers", help="Asked of these tiers; empty: of all."
    )
    active = fields.Boolean(default=True)

    _kind_set = models.Constraint(
        "CHECK((kind = 'field' AND field_id IS NOT NULL)"
        " OR (kind = 'capacity' AND capacity IS NOT NULL))",
        "Choose the field or the capacity that is asked for.",
    )

    @api.depends("kind", "field_id", "capacity")
    @api.depends_context("lang")
    def _compute_name(self):
        dossiers = self.env["customer.dossier"]
        capacities = dict(self._fields["capacity"]._description_selection(self.env))
        for item in self:
            if item.kind == "capacity":
                item.name = capacities.get(item.capacity)
            else:
                field = dossiers._fields.get(item.field_name)
                item.name = field and field._description_string(self.env)

    @api.depends("name")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.name

    @api.depends("kind", "field_id", "capacity")
    def _compute_code(self):
        for item in self:
            item.code = item.capacity if item.kind == "capacity" else item.field_name

    @api.constrains("field_id")
    def _check_field(self):
        for item in self.filtered("field_id"):
            if item.field_name not in COUNTABLE_FIELDS:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” can't be asked for.",
                        field=item.field_id.field_description,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        self.env["customer.dossier"]._recount_soon()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.env["customer.dossier"]._recount_soon()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["customer.dossier"]._recount_soon()
        return result

    # ------------------------------------------------------------------
    # Counting: one dossier in Python, a million in SQL
    # ------------------------------------------------------------------

    def _applies_to(self, dossier):
        """Whether the item is asked of ``dossier``'s tier."""
        return not self.tier_ids or dossier.tier_id in self.tier_ids

    def _is_met_by(self, dossier):
        """Whether ``dossier`` has what the item asks for."""
        if self.kind == "capacity":
            return self.capacity in dossier.person_ids.mapped("capacity")
        return bool(dossier[self.field_name])

    def _to_sql_asked(self):
        """1 where the item is asked of the row ``d`` of the dossier table, else 0."""
        if not self.tier_ids:
            return SQL("1")
        return SQL(
            "(d.tier_id IS NOT NULL AND d.tier_id IN %s)::int", self.tier_ids._ids
        )

    def _to_sql_met(self):
        """1 where the item is asked of row ``d`` and met, else 0."""
        return SQL("%s * (%s)::int", self._to_sql_asked(), self._to_sql_is_met())

    def _to_sql_is_met(self):
        if self.kind == "capacity":
            return SQL(
                "EXISTS(SELECT 1 FROM customer_key_person p WHERE p.dossier_id = d.id"
                " AND p.active AND p.capacity = %s)",
                self.capacity,
            )
        field = self.env["customer.dossier"]._fields[self.field_name]
        if field.type == "one2many":
            return SQL(
                "EXISTS(SELECT 1 FROM %s i WHERE i.dossier_id = d.id AND i.active)",
                SQL.identifier(self.env[field.comodel_name]._table),
            )
        column = SQL.identifier("d", field.name)
        if not field.store:  # the customer's own, kept on the contact
            column = SQL.identifier("c", field.related.split(".")[1])
        if field.is_text or field.type == "selection":
            return SQL("COALESCE(%s, '') != ''", column)
        if field.type in ("integer", "float", "monetary"):
            return SQL("COALESCE(%s, 0) != 0", column)
        return SQL("%s IS NOT NULL", column)
