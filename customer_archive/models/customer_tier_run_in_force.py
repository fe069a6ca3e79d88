from odoo import fields, models


class CustomerTierRun(models.Model):
    """Which run of a company is in force: its lines name the candidates of today."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.tier.run"

    is_last = fields.Boolean(
        string="In Force",
        readonly=True,
        copy=False,
        help="The run of the company that was applied last and not undone.",
    )

    def _finish_slices(self):
        result = super()._finish_slices()
        self._mark_last()
        return result

    def _mark_last(self):
        # sudo: follows from the runs of the company, whoever may see them
        runs = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("state", "=", "applied")],
            order="applied_date desc, id desc",
        )
        (runs[1:] | self.sudo()).filtered("is_last").is_last = False
        runs[:1].is_last = True
