import re
from contextlib import suppress
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import get_lang

NUMBER = re.compile(r"[\d.,'\s]+")


class CustomerChange(models.Model):
    """One changed value in a dossier: what it was, what it is, who and when (S2-29).

    Written by the archive itself; nobody edits or deletes a line.
    """

    _name = "customer.change"
    _inherit = ["customer.dossier.item", "customer.change.mixin"]
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
    team_id = fields.Many2one(related="dossier_id.team_id", string="Department")
    kind = fields.Char(
        string="Part", compute="_compute_labels", help="What was changed: dossier, ..."
    )
    record_name = fields.Char(string="Of", compute="_compute_labels")
    field_name = fields.Char(index=True)
    old_text = fields.Text(search="_search_old_text")
    new_text = fields.Text(search="_search_new_text")
    attitude_level = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Of a person's attitude: 2 positive, 1 neutral, 0 no relation yet, "
        "-1 negative.",
    )

    # ------------------------------------------------------------------
    # Names in the reader's language
    # ------------------------------------------------------------------

    @api.depends("res_model", "res_id")
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
                change.kind = kind
                change.record_name = names.get(change.res_id, False)

    def _get_changed_model(self):
        return self.res_model

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
        return f"{self.dossier_id.number} ({self.date:%Y-%m-%d})"

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
