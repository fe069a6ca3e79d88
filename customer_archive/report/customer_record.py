from odoo import api, models

from .grid import Band, Cell, Row, Table

CAPACITIES = ("legal_representative", "principal", "main_contact")
YEARS = 3
BLANK_LINES = 3


class ReportCustomerRecord(models.AbstractModel):
    """The 客户档案表 in its four blocks (S0-9 to S0-15)."""

    _name = "report.customer_archive.customer_record"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Customer Record"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            blocks = (
                self._line(dossier, "number", "open_date"),
                *self._get_profile_bands(dossier),
                *self._get_person_bands(dossier),
                *self._get_business_bands(dossier),
                self._title_band(self.env._("Trade With Us")),
            )
            yield self._get_sheet(
                dossier,
                self.env._("Customer Record"),
                Table(blocks),
                self._get_trade_table(dossier),
                Table(self._get_judgement_bands(dossier)),
            )

    # ------------------------------------------------------------------
    # The blocks
    # ------------------------------------------------------------------

    @api.model
    def _get_profile_bands(self, dossier):
        partner = dossier.partner_id
        return (
            self._title_band(self.env._("Basic Data of the Customer")),
            self._wide(self.env._("Customer Name"), partner.name),
            self._wide(self.env._("Address"), self._get_address(partner)),
            self._line(dossier, "partner_zip", "partner_phone"),
            self._line(dossier, "fax", "partner_email"),
            self._line(dossier, "founding_date", "registered_capital"),
            self._wide_field(dossier, "shareholders"),
            self._line(dossier, "bank_name", "bank_account"),
        )

    @api.model
    def _get_address(self, partner):
        """In the order of the country; the postal code has a cell of its own."""
        places = (
            partner.street,
            partner.street2,
            partner.city,
            partner.state_id.name,
            partner.country_id.name,
        )
        if partner.country_id.code == "CN":
            return " ".join(filter(None, reversed(places)))
        return ", ".join(filter(None, places))

    @api.model
    def _get_person_bands(self, dossier):
        yield self._title_band(self.env._("Persons in Charge and Contacts"))
        people = dossier.person_ids.grouped("capacity")
        for code, label in self._get_choices("customer.key.person", "capacity"):
            if code in CAPACITIES:
                nobody = dossier.person_ids.browse()
                for person in people.get(code) or [nobody]:
                    yield self._get_person_band(label, person)

    @api.model
    def _get_person_band(self, label, person):
        name = (
            self._label_cell(self.env._("Full Name"), 10),
            Cell(person.partner_id.name or "", 15),
        )
        rows = (
            name + self._pair_cells(person, "function", 10, 15),
            self._pair_cells(person, "education", 10, 40),
            self._pair_cells(person, "birth_date", 10, 15)
            + self._pair_cells(person, "hobbies", 10, 15),
            self._pair_cells(person, "family", 10, 40),
        )
        return Band(
            tuple(Row(row) for row in rows), merged=(self._label_cell(label, 10),)
        )

    @api.model
    def _get_business_bands(self, dossier):
        counts = (
            *self._pair_cells(dossier, "employee_count", 9, 8),
            *self._pair_cells(dossier, "domestic_employee_count", 9, 8),
            *self._pair_cells(dossier, "foreign_employee_count", 9, 7),
        )
        business = (
            Row(self._pair_cells(dossier, "main_business", 10, 40)),
            Row(self._pair_cells(dossier, "side_business", 10, 40)),
        )
        scale, lines = self.env._("Company Size"), self.env._("Line of Business")
        return (
            self._title_band(self.env._("Business of the Customer")),
            Band((Row(counts),), merged=(self._label_cell(scale, 10),)),
            self._boxes(dossier, "company_nature"),
            self._boxes(dossier, "industry_position"),
            Band(business, merged=(self._label_cell(lines, 10),)),
            self._get_year_band(dossier),
        )

    @api.model
    def _get_year_band(self, dossier):
        figures = list(dossier.yearly_figure_ids.sorted()[:YEARS])
        figures += [dossier.yearly_figure_ids.browse()] * (YEARS - len(figures))
        columns = (("year", 10), ("revenue", 18), ("note", 22))
        head = [
            self._label_cell(self._get_label("customer.yearly.figure", name), span)
            for name, span in columns
        ]
        rows = [Row(tuple(head))]
        for figure in figures:
            cells = [Cell(self._format(figure, name), span) for name, span in columns]
            rows.append(Row(tuple(cells)))
        title = self.env._("Sales of the Last Three Years")
        return Band(tuple(rows), merged=(self._label_cell(title, 10),))

    @api.model
    def _get_trade_table(self, dossier):
        columns = {
            "name": (self.env._("No."), 9),
            "date": (self.env._("Date"), 8),
            "place": (self.env._("Place"), 8),
            "amount": (self.env._("Amount"), 11),
            "user_id": (self.env._("Responsible"), 8),
            "is_breach": (self.env._("Breach of Contract"), 6),
            "note": (self.env._("Remarks"), 10),
        }
        deals = list(dossier.transaction_ids.sorted())
        deals += [dossier.transaction_ids.browse()] * (BLANK_LINES - len(deals))
        bands = []
        for deal in deals:
            cells = [
                Cell(self._format(deal, name), span)
                for name, (_label, span) in columns.items()
            ]
            bands.append(Band((Row(tuple(cells)),)))
        return Table(tuple(bands), head=self._head_band(*columns.values()))

    @api.model
    def _format(self, record, field_name):
        if record and field_name == "is_breach":
            return self.env._("Yes") if record.is_breach else self.env._("No")
        return super()._format(record, field_name)

    @api.model
    def _get_judgement_bands(self, dossier):
        names = ("credit_grade_id", "advantages", "disadvantages", "note")
        return tuple(self._wide_field(dossier, name) for name in names)

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    @api.model
    def _line(self, dossier, *field_names):
        cells = [self._pair_cells(dossier, name, 10, 20) for name in field_names]
        return Band((Row(sum(cells, ())),))

    @api.model
    def _wide_field(self, dossier, field_name):
        return Band((Row(self._pair_cells(dossier, field_name, 10, 50)),))

    @api.model
    def _wide(self, label, text):
        return Band((Row((self._label_cell(label, 10), Cell(text, 50))),))

    @api.model
    def _boxes(self, dossier, field_name):
        label = self._get_label(dossier._name, field_name)
        return self._wide(label, self._format_boxes(dossier, field_name))
