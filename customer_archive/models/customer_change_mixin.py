from odoo import api, fields, models
from odoo.tools.misc import format_date, format_datetime, formatLang

from ..tools import join_texts


class CustomerChangeMixin(models.AbstractModel):
    """One changed value: kept as a code, shown in the reader's language (S2-29)."""

    _name = "customer.change.mixin"
    _description = "Change of a Value"

    date = fields.Datetime(
        string="Time", required=True, readonly=True, default=fields.Datetime.now
    )
    field_name = fields.Char(required=True, readonly=True)
    field_label = fields.Char(string="Field", compute="_compute_field_label")
    old_value = fields.Text(string="Old Value As Kept", readonly=True)
    new_value = fields.Text(string="New Value As Kept", readonly=True)
    old_text = fields.Text(string="Old Value", compute="_compute_texts")
    new_text = fields.Text(string="New Value", compute="_compute_texts")

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for change in self:
            field = change._get_field()
            change.field_label = (
                field._description_string(self.env) if field else change.field_name
            )

    @api.depends("field_name", "old_value", "new_value")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        for change in self:
            field = change._get_field()
            change.old_text = self._format_kept(field, change.old_value)
            change.new_text = self._format_kept(field, change.new_value)

    def _get_field(self):
        """The field that was changed, or None if it is there no more."""
        model = self.env.get(self._get_changed_model())
        return None if model is None else model._fields.get(self.field_name)

    def _get_changed_model(self):
        """Name of the model whose record was changed."""
        raise NotImplementedError

    @api.model
    def _format_kept(self, field, value):
        """A kept value as the reader writes it down.

        What can't be read as a value of ``field`` (any more) is shown as it is.
        """
        if not value or field is None:
            return value
        if field.relational:
            return join_texts(self.env, value.split("\n"))
        if field.type in ("selection", "boolean"):
            return self._get_choices(field).get(value, value)
        try:
            return self._format_number_or_date(field, value)
        except ValueError:
            return value

    @api.model
    def _format_number_or_date(self, field, value):
        if field.type == "date":
            return format_date(self.env, fields.Date.to_date(value))
        if field.type == "datetime":
            return format_datetime(self.env, fields.Datetime.to_datetime(value))
        if field.type == "float":
            digits = field.get_digits(self.env)
            return formatLang(self.env, float(value), digits[1] if digits else 2)
        if field.type == "monetary":
            # the currency of that time; the record may have another one today
            amount, _space, currency = value.partition(" ")
            return f"{formatLang(self.env, float(amount))} {currency}".strip()
        return value

    @api.model
    def _get_choices(self, field):
        """Labels of the values of a selection or a boolean, by the kept code."""
        if field.type == "boolean":
            return {"True": self.env._("Yes"), "False": self.env._("No")}
        return dict(field._description_selection(self.env))
