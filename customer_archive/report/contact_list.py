from dataclasses import replace

from odoo import api, models

from .grid import LIST_SIZE, Band, Cell, Row, Table

PERSON = "customer.key.person"


class ReportContactList(models.AbstractModel):
    """客户联络一览表: whom to reach at each customer, and how (S0-24)."""

    _name = "report.customer_archive.contact_list"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Contact List"

    @api.model
    def _get_sheets(self, dossiers):
        head = self._head_band(
            (self._get_label("customer.dossier", "number"), 5.5),
            (self.env._("Customer Name"), 8.5),
            (self.env._("Switchboard"), 7),
            (self._get_label("customer.dossier", "user_id"), 5),
            (self.env._("Full Name"), 5),
            (self._get_label(PERSON, "function"), 6),
            (self._get_label(PERSON, "phone"), 7),
            (self._get_label(PERSON, "mobile_phone"), 6),
            (self._get_label(PERSON, "email"), 10),
        )
        bands = [self._get_band(dossier) for dossier in dossiers]
        sheet = self._get_sheet(
            dossiers,
            self.env._("Contact List of Customers"),
            Table(tuple(bands), head=head),
        )
        yield replace(sheet, is_landscape=True)

    @api.model
    def _get_band(self, dossier):
        merged = self._get_cells(
            (dossier.number, 5.5),
            (dossier.partner_id.name, 8.5),
            (dossier.partner_phone, 7),
            (self._format(dossier, "user_id"), 5),
        )
        persons = dossier.person_ids or [dossier.person_ids.browse()]
        return Band(tuple(map(self._get_row, persons)), merged=merged)

    @api.model
    def _get_row(self, person):
        return Row(
            self._get_cells(
                (person.partner_id.name, 5),
                (person.function, 6),
                (person.phone, 7),
                (person.mobile_phone, 6),
                (person.email, 10),
            )
        )

    @api.model
    def _get_cells(self, *texts):
        return tuple(Cell(text or "", span, size=LIST_SIZE) for text, span in texts)
