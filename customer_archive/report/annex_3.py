from odoo import api, models

from ..tools import join_texts
from .grid import Band, Cell, Row, Table

PERSON = "customer.key.person"
BLANK_LINES = 5


class ReportAnnex3(models.AbstractModel):
    """附表3 关键人物关系图, and 附表4 on their parts in a purchase (S1-37 to S1-39)."""

    _name = "report.customer_archive.annex_3"
    _inherit = ["customer.archive.print"]
    _description = "Print of Annexes 3 and 4"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            unit = Table((self._unit_band(dossier),))
            yield self._get_sheet(
                dossier,
                self.env._("Annex 3: Relations of the Key Persons"),
                unit,
                self._get_relation_table(dossier),
            )
            yield self._get_sheet(
                dossier,
                self.env._("Annex 4: Parts of the Key Persons in a Purchase"),
                unit,
                self._get_role_table(dossier),
            )

    # ------------------------------------------------------------------
    # Annex 3
    # ------------------------------------------------------------------

    @api.model
    def _get_relation_table(self, dossier):
        head = self._head_band(
            (self.env._("Key Person"), 10),
            (self._get_label(PERSON, "function"), 10),
            (self.env._("Part in a Purchase (Annex 4)"), 11),
            (self.env._("State of the Relation"), 14),
            (self.env._("Relation With Us (Name, Post)"), 15),
        )
        persons = list(dossier.person_ids)
        persons += [dossier.person_ids.browse()] * (BLANK_LINES - len(persons))
        bands = [Band((self._get_relation_row(person),)) for person in persons]
        return Table(tuple(bands), head=head)

    @api.model
    def _get_relation_row(self, person):
        texts = (
            (person.partner_id.name or "", 10),
            (person.function or "", 10),
            (self._format(person, "buying_role"), 11),
            (self._format_boxes(person, "attitude").replace("   ", "\n"), 14),
            (self._get_liaisons(person), 15),
        )
        return Row(tuple(Cell(text, span) for text, span in texts))

    @api.model
    def _get_liaisons(self, person):
        """Our people who know the person, with the posts open to the reader."""
        lines = []
        for user in person.liaison_ids:
            post = user.has_access("read") and user.function
            parts = [*self._get_names(user), *filter(None, [post])]
            lines.append(join_texts(self.env, parts))
        return "\n".join(lines)

    # ------------------------------------------------------------------
    # Annex 4
    # ------------------------------------------------------------------

    @api.model
    def _get_role_table(self, dossier):
        roles = self._get_choices(PERSON, "buying_role")
        people = dossier.person_ids.grouped("buying_role")
        nobody = dossier.person_ids.browse()
        effects, names, concerns = [], [], []
        descriptions = self._get_role_descriptions()
        for code, _label in roles:
            persons = people.get(code, nobody)
            effects.append(descriptions[code])
            names.append(self._list(persons, "role_effect"))
            known = persons.filtered("concerns")
            concerns.append(self._list(known, "concerns"))
        head = self._head_band(("", 10), *((label, 10) for _code, label in roles))
        rows = (
            (self.env._("Part Played"), effects, 0),
            (self.env._("Persons"), names, 60),
            (self._get_label(PERSON, "concerns"), concerns, 120),
        )
        return Table(tuple(self._get_role_band(*row) for row in rows), head=head)

    @api.model
    def _get_role_band(self, label, texts, height):
        cells = [self._label_cell(label, 10), *(Cell(text, 10) for text in texts)]
        return Band((Row(tuple(cells), height=height),))

    @api.model
    def _list(self, persons, field_name):
        lines = []
        for person in persons:
            text = person[field_name]
            name = person.partner_id.name or ""
            if text:
                name = self.env._("%(name)s: %(text)s", name=name, text=text)
            lines.append(name)
        return "\n".join(lines)

    @api.model
    def _get_role_descriptions(self):
        """The fixed words of annex 4."""
        return {
            "decision_maker": self.env._(
                "Makes the final decision, controls the funds, signs or vetoes."
            ),
            "adviser": self.env._("Advises the decision maker and recommends."),
            "user": self.env._(
                "Uses the product or service and judges its quality in daily work."
            ),
            "blocker": self.env._(
                "Screens offers and suppliers; can veto, but can't decide."
            ),
            "supporter": self.env._(
                "Wants us to win: guides us through the purchase and opens doors."
            ),
        }
