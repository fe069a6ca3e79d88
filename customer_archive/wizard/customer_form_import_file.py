from odoo import fields, models


class CustomerFormImportFile(models.TransientModel):
    """A filled-in form that was handed in.

    Kept in the row itself, which goes away with its dialog: an attachment would stay.
    """

    _name = "customer.form.import.file"
    _description = "Filled-In Form"

    import_id = fields.Many2one(
        "customer.form.import", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="File Name")
    content = fields.Binary(string="File", attachment=False)
