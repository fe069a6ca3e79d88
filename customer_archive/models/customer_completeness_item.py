from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


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
    capacity = fields.Selection(
        lambda self: self.env["customer.key.person"]._fields["capacity"].selection
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

    @api.constrains("field_id")
    def _check_field(self):
        """Take only what can be told in SQL too, for a million dossiers at once."""
        for item in self.filtered("field_id"):
            field = self.env["customer.dossier"]._fields.get(item.field_name)
            if field is None or not self._is_countable(field):
                raise ValidationError(
                    self.env._(
                        "“%(field)s” can't be asked for.",
                        field=item.field_id.field_description,
                    )
                )

    @api.model
    def _is_countable(self, field):
        if field.related and not field.store:
            path = field.related.split(".")
            partners = self.env["res.partner"]._fields
            return path[0] == "partner_id" and len(path) == 2 and partners[path[1]].store
        return field.store

    def _applies_to(self, dossier):
        return not self.tier_ids or dossier.tier_id in self.tier_ids

    def _is_met_by(self, dossier):
        """Whether ``dossier`` has what the item asks for."""
        if self.kind == "capacity":
            return self.capacity in dossier.person_ids.mapped("capacity")
        return bool(dossier[self.field_name])

    def _to_sql(self):
        """The same as :meth:`_is_met_by`, for the row ``d`` of the dossier table."""
        if self.kind == "capacity":
            return SQL(
                "EXISTS(SELECT 1 FROM customer_key_person p WHERE p.dossier_id = d.id"
                " AND p.active AND p.capacity = %s)",
                self.capacity,
            )
        field = self.env["customer.dossier"]._fields[self.field_name]
        if field.type in ("one2many", "many2many"):
            comodel = self.env[field.comodel_name]
            return SQL(
                "EXISTS(SELECT 1 FROM %s i WHERE i.%s = d.id%s)",
                SQL.identifier(comodel._table),
                SQL.identifier(field.inverse_name),
                SQL(" AND i.active") if "active" in comodel._fields else SQL(),
            )
        column = SQL.identifier("d", field.name)
        if field.related and not field.store:
            name = field.related.split(".")[1]
            field = self.env["res.partner"]._fields[name]
            column = SQL.identifier("c", name)
        if field.is_text:
            return SQL("COALESCE(%s, '') != ''", column)
        if field.type in ("integer", "float", "monetary"):
            return SQL("COALESCE(%s, 0) != 0", column)
        return SQL("%s IS NOT NULL", column)
