from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .grid import Band, Cell, Row, Table

# Criterion, value, points, weight, part of the sum.
SPANS = (23, 14, 7, 8, 8)
SIGNING_HEIGHT = 34


class ReportEvaluationSheet(models.AbstractModel):
    """成交客户分级评价表: how the customer was evaluated last (S4-8)."""

    _name = "report.customer_archive.evaluation_sheet"
    _inherit = ["customer.archive.print"]
    _description = "Print of the Evaluation Sheet"

    @api.model
    def _get_sheets(self, dossiers):
        for dossier in dossiers:
            line = dossier.evaluation_id
            tables = [Table(tuple(self._get_head_bands(dossier, line)))]
            if line:
                tables += [
                    self._get_criteria_table(line),
                    Table(tuple(self._get_result_bands(line))),
                ]
            else:
                text = self.env._("The customer was not evaluated yet.")
                tables.append(Table((Band((Row((Cell(text, 60),)),)),)))
            yield self._get_sheet(
                dossier,
                self.env._("Evaluation of a Trading Customer"),
                *tables,
                Table((self._get_signing_band(),)),
            )

    @api.model
    def _get_head_bands(self, dossier, line):
        yield self._unit_band(dossier)
        for names in (("customer_class", "tier_id"), ("user_id", "team_id")):
            cells = [self._pair_cells(dossier, name, 10, 20) for name in names]
            yield Band((Row(sum(cells, ())),))
        if line:
            # sudo: the terms of a run explain a line the user may read
            run = line.run_id.sudo()
            yield self._line(
                (self._get_label(run._name, "scheme_id"), run.scheme_id.name),
                (self._get_label(run._name, "date_to"), self._format_date(run.date_to)),
            )

    # ------------------------------------------------------------------
    # What it was evaluated by
    # ------------------------------------------------------------------

    @api.model
    def _get_criteria_table(self, line):
        names = (
            self.env._("Criterion"),
            self.env._("Actual Value"),
            self.env._("Points"),
            self.env._("Weight"),
            self.env._("Weighted Points"),
        )
        bands = [self._get_criterion_band(row) for row in line._get_sheet_rows()]
        total = (
            self._label_cell(self.env._("Sum"), sum(SPANS[:-1])),
            Cell(self._number(line.score), SPANS[-1], align="right"),
        )
        head = self._head_band(*zip(names, SPANS, strict=True))
        return Table((*bands, Band((Row(total),))), head=head)

    @api.model
    def _get_criterion_band(self, row):
        name, *values = (
            row["name"],
            row["value"],
            self._number(row["points"]),
            f"{row['weight']:.0f} %",
            self._number(row["part"]),
        )
        cells = [Cell(name, SPANS[0])]
        cells += [
            Cell(value, span, align="right")
            for value, span in zip(values, SPANS[1:], strict=True)
        ]
        return Band((Row(tuple(cells)),))

    # ------------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------------

    @api.model
    def _get_result_bands(self, line):
        # sudo: as above
        run = line.run_id.sudo()
        place = self.env._(
            "%(position)s of %(count)s", position=line.position, count=run.line_count
        )
        applied = " ".join(
            (run.applied_by_id.name or "", format_date(self.env, run.applied_date))
        )
        yield self._line(
            (self._get_label(line._name, "position"), place),
            (self.env._("Approved By"), applied.strip()),
        )
        names = ("old_tier_id", "proposed_tier_id", "final_tier_id")
        cells = [self._pair_cells(line, name, 10, 10) for name in names]
        yield Band((Row(sum(cells, ())),))
        dossier = line.dossier_id
        if dossier.manual_tier_id:
            names = ("manual_tier_id", "manual_tier_end")
            cells = [self._pair_cells(dossier, name, 10, 20) for name in names]
            yield Band((Row(sum(cells, ())),))
            yield Band((Row(self._pair_cells(dossier, "manual_tier_reason", 10, 50)),))
        label = self._get_label(line._name, "reason")
        yield Band((Row((self._label_cell(label, 10), Cell(line.reason, 50))),))

    @api.model
    def _get_signing_band(self):
        labels = (
            self.env._("Evaluated By (Signature)"),
            self.env._("Approved By (Signature)"),
            self.env._("Signed On"),
        )
        cells = [(self._label_cell(label, 10), Cell("", 10)) for label in labels]
        return Band((Row(sum(cells, ()), SIGNING_HEIGHT),))

    @api.model
    def _line(self, *pairs):
        cells = [(self._label_cell(label, 10), Cell(text, 20)) for label, text in pairs]
        return Band((Row(sum(cells, ())),))

    @api.model
    def _number(self, value):
        return formatLang(self.env, value, digits=1)
