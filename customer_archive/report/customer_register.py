from dataclasses import replace

from odoo import api, models

from .grid import LIST_SIZE, Band, Cell, Row, Table

DOSSIER = "customer.dossier"
COLUMNS = (
    ("number", 7),
    ("partner_name", 11),
    ("partner_city", 5),
    ("industry_id", 6),
    ("tier_code", 3),
    ("customer_class", 5),
    ("user_id", 5),
    ("keeper_id", 5),
    ("open_date", 5),
    ("state", 5),
)


class ReportCustomerRegister(models.AbstractModel):
    """客户一览表: a line for each customer on file."""

    _name = "report.customer_archive.customer_register"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Customer Register"

    @api.model
    def _get_sheets(self, dossiers):
        columns = [(self._get_column_label(name), span) for name, span in COLUMNS]
        head = self._head_band((self.env._("Line"), 3), *columns)
        bands = [
            self._get_band(number, dossier)
            for number, dossier in enumerate(dossiers, 1)
        ]
        sheet = self._get_sheet(
            dossiers,
            self.env._("Register of Customers"),
            Table(tuple(bands), head=head),
        )
        yield replace(sheet, is_landscape=True)

    @api.model
    def _get_column_label(self, name):
        return self._get_label(DOSSIER, "tier_id" if name == "tier_code" else name)

    @api.model
    def _get_band(self, number, dossier):
        cells = [Cell(str(number), 3, align="center", size=LIST_SIZE)]
        for name, span in COLUMNS:
            cells.append(Cell(self._format(dossier, name), span, size=LIST_SIZE))
        return Band((Row(tuple(cells)),))
