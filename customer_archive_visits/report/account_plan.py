from odoo import api, models

from odoo.addons.customer_archive.report.grid import Band, Cell, Row, Table

from ..models.customer_account_plan import SECTIONS

PLAN, ACTION = "customer.account.plan", "customer.account.plan.action"
MIN_HEIGHT = 40
BLANK_LINES = 3
SIGNING_HEIGHT = 34


class ReportAccountPlan(models.AbstractModel):
    """The account plan with its five sections (S1-23)."""

    _name = "report.customer_archive_visits.account_plan"
    _inherit = ["customer.archive.record.print"]
    _description = "Print of the Account Plan"

    _printed_model = PLAN

    @api.model
    def _get_sheets(self, plans):
        for plan in plans:
            yield self._get_sheet(
                plan.dossier_id,
                self.env._("Account Plan %(year)s", year=plan.year),
                Table(tuple(self._get_head_bands(plan))),
                *self._get_section_tables(plan),
                self._get_action_table(plan.action_ids),
                Table((self._get_signing_band(plan),)),
            )

    @api.model
    def _get_head_bands(self, plan):
        yield self._unit_band(plan.dossier_id)
        yield Band(
            (
                Row(
                    self._pair_cells(plan, "user_id", 10, 10)
                    + self._pair_cells(plan, "version", 10, 10)
                    + self._pair_cells(plan, "state", 10, 10)
                ),
            )
        )

    @api.model
    def _get_section_tables(self, plan):
        titles = {
            "summary": self.env._("1. Plan Summary"),
            "overview": self.env._("2. The Customer"),
            "competition": self.env._("3. Competition"),
            "assessment": self.env._("4. Assessment"),
            "plan": self.env._("5. Objectives and Actions"),
        }
        for code, names in SECTIONS.items():
            rows = [self._get_text_band(plan, name) for name in names]
            yield Table((self._title_band(titles[code]), *rows))

    @api.model
    def _get_text_band(self, plan, name):
        return Band((Row(self._pair_cells(plan, name, 12, 48), height=MIN_HEIGHT),))

    @api.model
    def _get_action_table(self, actions):
        columns = (
            ("name", 17),
            ("target", 13),
            ("user_id", 8),
            ("date", 8),
            ("state", 6),
            ("result", 8),
        )
        head = self._label_band(ACTION, columns)
        rows = [*actions, *[actions.browse()] * (BLANK_LINES - len(actions))]
        bands = []
        for action in rows:
            cells = [Cell(self._format(action, name), span) for name, span in columns]
            bands.append(Band((Row(tuple(cells)),)))
        return Table(tuple(bands), head=head)

    @api.model
    def _get_signing_band(self, plan):
        cells = (
            self._pair_cells(plan, "approved_by_id", 10, 10)
            + self._pair_cells(plan, "approved_date", 10, 10)
            + self._pair_cells(plan, "filed_by_id", 10, 10)
        )
        return Band((Row(cells, SIGNING_HEIGHT),))
