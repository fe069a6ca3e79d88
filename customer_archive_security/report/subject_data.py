from odoo import api, models

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table

REQUEST, PERSON = "customer.subject.request", "customer.key.person"
CONTACT_FIELDS = ("name", "function", "email", "phone", "street", "city")
LEFT_OUT = frozenset(
    ("active", "strike_reason", "erased_date", "create_uid", "write_uid", "dossier_id")
)
KINDS = ("char", "text", "date", "selection", "many2one", "many2many", "monetary")


class ReportSubjectData(models.AbstractModel):
    """What we hold on one person, for himself (S2-58)."""

    _name = "report.customer_archive_security.subject_data"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of What We Hold on a Person"

    _printed_model = REQUEST

    @api.model
    def _get_sheets(self, requests):
        requests._check_state("verified", "done")
        for request in requests:
            yield self._get_sheet(
                request.dossier_id,
                self.env._("What We Hold on You"),
                Table((*self._get_head_bands(request),)),
                *self._get_person_tables(request.person_id),
                self._get_entry_table(request.person_id),
            )

    @api.model
    def _get_head_bands(self, request):
        for names in (("number", "date_received"), ("person_id", "partner_id")):
            cells = [self._pair_cells(request, name, 12, 18) for name in names]
            yield Band((Row(sum(cells, ())),))
        yield Band((Row(self._pair_cells(request, "verified_how", 12, 48)),))

    @api.model
    def _get_person_tables(self, person):
        """The page of the person, in each capacity."""
        for row in person._get_same_persons():
            bands = [self._title_band(self.env._("Your Page"))]
            bands += self._get_field_bands(row.partner_id, CONTACT_FIELDS)
            names = [
                field.name
                for field in row._fields.values()
                if field.store and field.type in KINDS and field.name not in LEFT_OUT
            ]
            yield Table((*bands, *self._get_field_bands(row, names)))

    @api.model
    def _get_field_bands(self, record, names):
        """A line for each field that says something."""
        return [
            Band((Row(self._pair_cells(record, name, 15, 45)),))
            for name in names
            if self._format(record, name).strip()
        ]

    @api.model
    def _get_entry_table(self, person):
        """Where else the person is named, or what was learned from him."""
        head = self._head_band(
            (self.env._("Kind"), 9),
            (self.env._("Entry"), 12),
            (self.env._("Field"), 9),
            (self.env._("Content"), 30),
        )
        bands = [
            Band(
                (
                    Row(
                        (
                            Cell(self.env["ir.model"]._get(record._name).name, 9),
                            Cell(record.display_name or "", 12),
                            Cell(self._get_label(record._name, name), 9),
                            Cell(self._format(record, name), 30),
                        )
                    ),
                )
            )
            for record, names in person._get_subject_data()
            if record._name != REQUEST
            for name in names
            if record[name]
        ]
        return Table(tuple(bands), head=head)
