from odoo import api, models

from .grid import Band, Cell, Row, Table

CONTACTS = 3
# Name, post, mobile, office and home phone.
SPANS = (8, 8, 7.5, 7.5, 7)


class ReportAnnex1(models.AbstractModel):
    """附表1 客户基本情况表: head office and branches with their contacts (S1-35)."""

    _name = "report.customer_archive.annex_1"
    _inherit = ["customer.archive.print"]
    _description = "Print of Annex 1"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            yield self._get_sheet(
                dossier,
                self.env._("Annex 1: Organisation and Contacts"),
                Table((self._unit_band(dossier),)),
                Table(tuple(self._get_bands(dossier)), head=self._get_head()),
            )

    @api.model
    def _get_head(self):
        columns = ((self.env._("Unit"), 10), (self.env._("Location"), 12))
        groups = ((self.env._("Main Contacts"), 16), (self.env._("Telephone"), 22))
        names = (
            self.env._("Full Name"),
            self.env._("Post"),
            self.env._("Mobile"),
            self.env._("Office"),
            self.env._("Home"),
        )
        names = zip(names, SPANS, strict=True)
        rows = [
            Row(tuple(self._label_cell(*pair) for pair in line))
            for line in (groups, names)
        ]
        merged = tuple(self._label_cell(*pair) for pair in columns)
        return Band(tuple(rows), merged=merged)

    # ------------------------------------------------------------------
    # Units and their people
    # ------------------------------------------------------------------

    @api.model
    def _get_bands(self, dossier):
        """Head office and branches: whatever below the customer is no person."""
        customer = dossier.partner_id
        below = self.env["res.partner"].search(
            [("id", "child_of", customer.ids), ("id", "!=", customer.id)], order="id"
        )
        branches = below.filtered(lambda p: p.is_company or p.type != "contact")
        units = customer | branches
        workplaces = {
            contact: self._get_workplace(contact, units)
            for contact in dossier.person_ids.partner_id | (below - branches)
        }
        yield self._get_band(dossier, customer, self.env._("Head Office"), workplaces)
        for number, branch in enumerate(branches, 1):
            label = self.env._("Branch %(number)s", number=number)
            label = f"{label}\n{branch.name or ''}".strip()
            yield self._get_band(dossier, branch, label, workplaces)

    @api.model
    def _get_workplace(self, contact, units):
        """The unit a person works at; who stands under none works at the first."""
        unit = contact.parent_id
        while unit and unit not in units:
            unit = unit.parent_id
        return unit or units[0]

    @api.model
    def _get_band(self, dossier, unit, label, workplaces):
        lines = self._get_lines(dossier, unit, workplaces)
        lines += [("",) * len(SPANS)] * (CONTACTS - len(lines))
        rows = [
            Row(tuple(Cell(text, span) for text, span in zip(line, SPANS, strict=True)))
            for line in lines
        ]
        place = unit._display_address(without_company=True)
        location = "\n".join(filter(None, map(str.strip, place.splitlines())))
        merged = (self._label_cell(label, 10), Cell(location, 12))
        return Band(tuple(rows), merged=merged)

    @api.model
    def _get_lines(self, dossier, unit, workplaces):
        """The key persons of a unit, then other contacts until there are three."""
        persons = dossier.person_ids.filtered(
            lambda person: workplaces[person.partner_id] == unit
        )
        lines = [
            (
                person.partner_id.name,
                person.function,
                person.mobile_phone,
                person.phone,
                person.home_phone,
            )
            for person in persons
        ]
        others = [
            (contact.name, contact.function, "", contact.phone, "")
            for contact, workplace in workplaces.items()
            if workplace == unit and contact not in dossier.person_ids.partner_id
        ]
        lines += others[: max(CONTACTS - len(lines), 0)]
        return [tuple(text or "" for text in line) for line in lines]
