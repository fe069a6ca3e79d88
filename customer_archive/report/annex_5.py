from odoo import api, models

from .grid import Band, Cell, Row, Table

MIN_HEIGHT = 90


class ReportAnnex5(models.AbstractModel):
    """附表5 客户信息的意义: what we know, and what it means for us (S1-40)."""

    _name = "report.customer_archive.annex_5"
    _inherit = ["customer.archive.print"]
    _description = "Print of Annex 5"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            yield self._get_sheet(
                dossier,
                self.env._("Annex 5: What the Information Means"),
                Table((self._unit_band(dossier),)),
                self._get_insight_table(dossier),
            )

    @api.model
    def _get_insight_table(self, dossier):
        head = self._head_band(
            ("", 10),
            (self.env._("Information: what do we know about the customer?"), 25),
            (self.env._("Meaning: what does it mean for us?"), 25),
        )
        facts = dossier.fact_ids.sorted().grouped("topic")
        bands = [
            self._get_topic_band(label, facts.get(code, ()))
            for code, label in self._get_choices("customer.fact", "topic")
        ]
        return Table(tuple(bands), head=head)

    @api.model
    def _get_topic_band(self, label, facts):
        texts = [(fact.information, fact.implication or "") for fact in facts]
        texts = texts or [("", "")]
        rows = [
            Row(tuple(Cell(text, 25) for text in pair), MIN_HEIGHT / len(texts))
            for pair in texts
        ]
        return Band(tuple(rows), merged=(self._label_cell(label, 10),))
