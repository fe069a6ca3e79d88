import re

from odoo import api, fields, models

WORD = re.compile(r"[\w.]+")


class CustomerAccessLog(models.Model):
    """What was asked for, as an auditor reads it: by the names of the screens."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.access.log"

    asked = fields.Char(string="What Was Asked", compute="_compute_asked")

    @api.depends("details")
    @api.depends_context("lang")
    def _compute_asked(self):
        kept = self._get_asked_words()
        texts = {text: self._name_asked(text, kept) for text in self.mapped("details")}
        for line in self:
            line.asked = texts[line.details]

    @api.model
    def _get_asked_words(self):
        """What details call by a code, and how a person does."""
        return {
            **dict(self._fields["what"]._description_selection(self.env)),
            "read": self.env._("Read"),
            "create": self.env._("Create"),
            "write": self.env._("Change"),
            "unlink": self.env._("Delete"),
            "cap": self.env._("More dossiers than allowed in a day"),
        }

    @api.model
    def _name_asked(self, text, words):
        """Put names where ``text`` has codes: of a model, then of its fields."""
        models_seen = []

        def get_name(match):
            code = match.group()
            if code in self.env:
                models_seen.append(self.env[code])
                # sudo: how a kind of records is called
                return self.env["ir.model"].sudo()._get(code).name
            if models_seen and (name := self._get_path_name(models_seen[-1], code)):
                return name
            return words.get(code, code)

        return WORD.sub(get_name, text or "")

    @api.model
    def _get_path_name(self, model, path):
        """Labels of the fields along ``path``; None where one is no field."""
        labels = []
        for name in path.split("."):
            field = model._fields.get(name)
            if field is None:
                return None
            labels.append(field._description_string(self.env))
            model = self.env.get(field.comodel_name or "", model)
        return " / ".join(labels)
