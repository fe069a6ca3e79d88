from odoo import api, models


class CustomerHistoryMixin(models.AbstractModel):
    """Record whose changes are kept: what it was, what it is, who and when (S2-29).

    A model names the one that its lines are in, and what they hang on.
    """

    _name = "customer.history.mixin"
    _description = "Record With a History"

    # The model of the lines, which inherits customer.change.mixin.
    _history_model = None
    # Whether changes of this model are kept, and what is not worth keeping.
    _history = True
    _no_history_fields = frozenset()

    def write(self, vals):
        names = self._get_history_fields(vals)
        before = self._get_history_values(names)
        result = super().write(vals)
        self._write_history(before, self._get_history_values(names))
        return result

    @api.model
    def _get_history_fields(self, vals):
        """Names in ``vals`` whose old and new values are kept."""
        if not self._history:
            return []
        fields = (self._fields[name] for name in vals if name in self._fields)
        return [
            field.name
            for field in fields
            if field.store
            and field.type not in ("one2many", "binary")
            and not (field.compute and field.readonly)
            and field.name not in self._no_history_fields
        ]

    def _get_history_values(self, names):
        """Kept texts of the fields ``names``: ``{record: {name: str}}``."""
        if not names:
            return {}
        # sudo: the history is complete whatever the writer may read of it
        return {
            record: {name: record._get_history_text(name) for name in names}
            for record in self.sudo()
        }

    def _get_history_text(self, name):
        """A value as it is kept, whoever wrote it; empty text for nothing.

        Codes, so that each reader reads it in his own language. Of records the
        names: they may be renamed or gone by then.
        """
        field, value = self._fields[name], self[name]
        if field.relational:
            return "\n".join(value.mapped("display_name"))
        if field.type == "boolean":
            return str(value)
        if field.type == "monetary":
            return f"{value} {self[field.get_currency_field(self)].name}"
        return "" if value is False or value is None else str(value)

    def _write_history(self, before, after):
        """Keep a line for each value that is another than before."""
        lines = [
            {
                **record._prepare_history_vals(name),
                "field_name": name,
                "old_value": text,
                "new_value": after[record][name],
            }
            for record, texts in before.items()
            for name, text in texts.items()
            if text != after[record][name]
        ]
        if lines:
            # sudo: only the archive itself writes its history
            self.env[self._history_model].sudo().create(lines)

    def _prepare_history_vals(self, name):
        """What the line about a change of the field ``name`` hangs on, and more."""
        raise NotImplementedError
