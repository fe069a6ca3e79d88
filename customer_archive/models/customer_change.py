from odoo import fields, models


class CustomerChange(models.Model):
    """One changed value in a dossier: what it was, what it is, who and when (S2-29).

    Written by the archive itself; nobody edits or deletes a line.
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
    kind = fields.Char(
        string="Part", compute="_compute_labels", help="What was changed: dossier, ..."
    )
    record_name = fields.Char(string="Of", compute="_compute_labels")
    field_name = fields.Char(required=True, readonly=True, index=True)
    field_label = fields.Char(string="Field", compute="_compute_labels")
    old_value = fields.Text(readonly=True)
    new_value = fields.Text(readonly=True)
    attitude_level = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Of a person's attitude: 2 positive, 1 neutral, 0 no relation yet, "
        "-1 negative.",
    )

    def _compute_labels(self):
        """Names in the reader's language, of records he may see."""
        for model_name, changes in self.grouped("res_model").items():
            model = self.env.get(model_name)
            kind = self.env["ir.model"]._get(model_name).name or model_name
            for change in changes:
                change.kind = kind
                change.record_name = False
                change.field_label = change.field_name
                if model is None:
                    continue
                if field := model._fields.get(change.field_name):
                    change.field_label = field._description_string(self.env)
                record = model.browse(change.res_id).exists()
                change.record_name = record.display_name

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.create_date:%Y-%m-%d})"

    def _move_to_dossier(self, dossier):
        # sudo: history goes where its dossier goes; the merge asked for the right
        return super(CustomerChange, self.sudo())._move_to_dossier(dossier)
