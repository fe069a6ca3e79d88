from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CustomerObjectiveMixin(models.AbstractModel):
    """What a visit is to achieve: in somebody's words, or as it was proposed (S1-29).

    What is proposed is kept as a code, and shown in the language of whoever reads it.
    """

    _name = "customer.objective.mixin"
    _description = "Objective of a Visit"

    objective = fields.Char(
        required=True,
        readonly=False,
        compute="_compute_objective",
        search="_search_objective",
        help="What the visit is to achieve, in one line (S1-29).",
    )
    objective_text = fields.Char(string="Objective in Words")
    objective_code = fields.Selection(
        [
            ("rhythm", "Visit by the rhythm"),
            ("next", "Follow up on the last visit"),
        ],
        string="Proposed Objective",
    )

    @api.depends("objective_text", "objective_code")
    @api.depends_context("lang")
    def _compute_objective(self):
        labels = self._get_objectives_proposed()
        for record in self:
            proposed = labels.get(record.objective_code)
            record.objective = record.objective_text or proposed

    def _search_objective(self, operator, value):
        """Search the words, and what is proposed as the reader reads it."""
        if operator not in ("in", "ilike"):
            return NotImplemented
        codes = [
            code
            for code, label in self._get_objectives_proposed().items()
            if (label in value if operator == "in" else value.lower() in label.lower())
        ]
        return Domain("objective_text", operator, value) | (
            Domain("objective_text", "=", False) & Domain("objective_code", "in", codes)
        )

    @api.constrains("objective_text", "objective_code")
    def _check_objective(self):
        if not all(record.objective for record in self):
            raise ValidationError(
                self.env._("Say in a line what the visit is to achieve.")
            )

    @api.model
    def _get_objectives_proposed(self):
        """What each code says in the reader's language."""
        return dict(self._fields["objective_code"]._description_selection(self.env))

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        nothing = {"objective_text": False, "objective_code": False}
        default = self.default_get(["objective"])
        return super().create(
            [
                {**nothing, **self._split_objective({**default, **vals})}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        return super().write(self._split_objective(vals))

    @api.model
    def _split_objective(self, vals):
        """Keep words that are those of a proposal as its code."""
        if "objective" not in vals:
            return vals
        text = (vals["objective"] or "").strip()
        codes = {label: code for code, label in self._get_objectives_proposed().items()}
        code = codes.get(text, False)
        vals = {name: value for name, value in vals.items() if name != "objective"}
        return {**vals, "objective_text": not code and text, "objective_code": code}
