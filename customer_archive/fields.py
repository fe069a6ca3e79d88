from odoo import fields


class BulkMany2one(fields.Many2one):
    """A link without a foreign key, for columns that get a million values at once.

    A foreign key looks each value up; five of them double the time of a tier run.
    What the link leads to is kept from being deleted by its model.
    """

    def update_db_foreign_key(self, model, column):
        """None."""
