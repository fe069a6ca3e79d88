from odoo import api, models

from .grid import Band, Cell, Row, Table

LINE_HEIGHT = 30


class ReportAnnex2(models.AbstractModel):
    """附表2 关键人物的个人情况资料: a page for each key person (S1-36)."""

    _name = "report.customer_archive.annex_2"
    _inherit = ["customer.archive.print"]
    _description = "Print of Annex 2"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            # without persons, a page to be filled in by hand
            for person in dossier.person_ids or [dossier.person_ids.browse()]:
                yield self._get_sheet(
                    dossier,
                    self.env._("Annex 2: Personal Data of a Key Person"),
                    Table(tuple(self._get_bands(dossier, person))),
                )

    @api.model
    def _get_bands(self, dossier, person):
        yield self._unit_band(dossier)
        name = (
            self._label_cell(self.env._("Full Name"), 10),
            Cell(person.partner_id.name or "", 20),
        )
        yield Band((Row(name + self._pair_cells(person, "function", 10, 20)),))
        yield self._line(person, "hobbies", "birth_place")
        yield self._line(person, "birth_date", "native_place")
        yield self._line(person, "degree", "school")
        for field_name in ("journals", "associations"):
            yield self._tall(person, field_name, 0)
        yield self._tall(person, "family", 110)
        yield self._tall(person, "career", 300)

    @api.model
    def _line(self, person, *field_names):
        cells = [self._pair_cells(person, name, 10, 20) for name in field_names]
        return Band((Row(sum(cells, ()), height=LINE_HEIGHT),))

    @api.model
    def _tall(self, person, field_name, height):
        """A line with room to write by hand."""
        cells = self._pair_cells(person, field_name, 10, 50)
        return Band((Row(cells, height=max(height, LINE_HEIGHT)),))
