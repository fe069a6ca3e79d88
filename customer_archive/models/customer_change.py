import re
from contextlib import suppress
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, format_datetime, formatLang, get_lang

from ..tools import join_texts

NUMBER = re.compile(r"[\d.,'\s]+")


class CustomerChange(models.Model):
    """One changed value in a dossier: what it was, what it is, who and when (S2-29).

    Written by the archive itself; nobody edits or deletes a line. Values are kept
    as codes and shown in the reader's language.
    """

    _name = "customer.change"
    _inherit = ["customer.dossier.item"]
    _description = "Change of a Dossier"
    _order = "id desc"
    _history = False

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record",
        model_field="res_model",
        required=True,
        readonly=True,
        index=True,
    )
    date = fields.Datetime(
        string="Time", required=True, readonly=True, default=fields.Datetime.now
    )
    team_id = fields.Many2one(related="dossier_id.team_id", string="Department")
    kind = fields.Char(
        string="Part", compute="_compute_labels", help="What was changed: dossier, ..."
    )
    record_name = fields.Char(string="Of", compute="_compute_labels")
    field_name = fields.Char(required=True, readonly=True, index=True)
    field_label = fields.Char(string="Field", compute="_compute_labels")
    old_value = fields.Text(string="Old Value As Kept", readonly=True)
    new_value = fields.Text(string="New Value As Kept", readonly=True)
    old_text = fields.Text(
        string="Old Value", compute="_compute_texts", search="_search_old_text"
    )
    new_text = fields.Text(
        string="New Value", compute="_compute_texts", search="_search_new_text"
    )
    attitude_level = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Of a person's attitude: 2 positive, 1 neutral, 0 no relation yet, "
        "-1 negative.",
    )

    # ------------------------------------------------------------------
    # Names and values in the reader's language
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_id", "field_name")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_labels(self):
        """Names in the reader's language, of records he may see."""
        for model_name, changes in self.grouped("res_model").items():
            model = self.env.get(model_name)
            kind = self.env["ir.model"]._get(model_name).name or model_name
            names = {}
            if model is not None:
                records = model.browse(set(changes.mapped("res_id"))).exists()
                names = {record.id: record.display_name for record in records}
            for change in changes:
                field = change._get_field()
                change.kind = kind
                change.record_name = names.get(change.res_id, False)
                change.field_label = (
                    field._description_string(self.env) if field else change.field_name
                )

    @api.depends("res_model", "field_name", "old_value", "new_value")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        for change in self:
            field = change._get_field()
            change.old_text = self._format_kept(field, change.old_value)
            change.new_text = self._format_kept(field, change.new_value)

    def _get_field(self):
        """The field that was changed, or None if it is there no more."""
        model = self.env.get(self.res_model)
        return None if model is None else model._fields.get(self.field_name)

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

    # ------------------------------------------------------------------
    # Search, as it is shown
    # ------------------------------------------------------------------

    def _search_old_text(self, operator, value):
        return self._search_text("old_value", operator, value)

    def _search_new_text(self, operator, value):
        return self._search_text("new_value", operator, value)

    @api.model
    def _search_text(self, column, operator, value):
        """Find values by what the reader sees: labels, dates, amounts."""
        if operator == "ilike":
            text = str(value).lower()
            kept = Domain.OR(
                Domain(column, "ilike", form) for form in self._get_kept_forms(value)
            )
            return kept | self._search_choices(column, lambda x: text in x.lower())
        if operator == "in":
            forms = {form for text in value for form in self._get_kept_forms(text)}
            choices = self._search_choices(column, lambda x: x in value)
            return Domain(column, "in", forms) | choices
        return NotImplemented

    @api.model
    def _get_kept_forms(self, text):
        """What ``text`` may be kept as: a date and a number are kept in one format.

        :return: set of values to search for
        """
        if not isinstance(text, str):
            return {text}
        lang = get_lang(self.env)
        forms = {text}
        if NUMBER.fullmatch(text):
            bare = text.replace(lang.thousands_sep or ",", "")
            forms.add(bare.replace(lang.decimal_point, "."))
        with suppress(ValueError):
            forms.add(str(datetime.strptime(text, lang.date_format).date()))
        return forms

    @api.model
    def _search_choices(self, column, is_wanted):
        """Changes of a choice whose label in the reader's language is wanted."""
        domain = Domain.FALSE
        for model_name, field in self._get_fields_of_choice():
            choices = self._get_choices(field).items()
            if codes := [code for code, label in choices if is_wanted(label)]:
                domain |= (
                    Domain("res_model", "=", model_name)
                    & Domain("field_name", "=", field.name)
                    & Domain(column, "in", codes)
                )
        return domain

    @api.model
    def _get_fields_of_choice(self):
        """(model name, field) of the choices whose changes are kept."""
        protected = self.env.registry["customer.archive.protected"]
        return [
            (name, field)
            for name, model in self.env.registry.items()
            if issubclass(model, protected) and model._history and not model._abstract
            for field in self.env[name]._fields.values()
            if field.store and field.type in ("selection", "boolean")
        ]

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.create_date:%Y-%m-%d})"

    def _move_to_dossier(self, dossier):
        # sudo: history goes where its dossier goes; the merge asked for the right
        return super(CustomerChange, self.sudo())._move_to_dossier(dossier)

    # ------------------------------------------------------------------
    # The one way in which kept values go
    # ------------------------------------------------------------------

    @api.model
    def _erase_values(self, dossiers, persons, names):
        """Take the values of erased persons out of the history (S2-58).

        Of these persons themselves all values go, elsewhere in their dossiers their
        names. The lines stay, with author and time, and say that something was
        erased. There is no other way, and none from outside.

        :param names: what the persons were called
        """
        # sudo: nobody writes the history; that the person may be erased was asked
        changes = self.sudo().with_context(active_test=False)
        own = changes.search(
            [("res_model", "=", persons._name), ("res_id", "in", persons.ids)]
        ).filtered(lambda change: change.field_name != "erased_date")
        own.write({"old_value": False, "new_value": False, "attitude_level": 0})
        named = Domain.OR(
            Domain(column, "ilike", name)
            for column in ("old_value", "new_value")
            for name in names
        )
        others = changes.search(Domain("dossier_id", "in", dossiers.ids) & named)
        for change in others - own:
            change.write(
                persons._prepare_erased_texts(change, ("old_value", "new_value"), names)
            )
