from odoo import api, fields, models


class CustomerInteraction(models.Model):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.interaction"

    visit_id = fields.Many2one(
        "customer.visit",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The visit this contact was made on.",
    )
    shown_summary = fields.Text(
        string="Short Report",
        compute="_compute_shown_summary",
        help="What was said; of a visit whose report is missing, that it is.",
    )

    @api.depends("summary", "visit_id")
    @api.depends_context("lang")
    def _compute_shown_summary(self):
        awaited = self.env._("Visited; the report is to follow.")
        for interaction in self:
            missing = awaited if interaction.visit_id else False
            interaction.shown_summary = interaction.summary or missing

    def _needs_summary(self):
        """The visit asks for it itself, once it is reported."""
        return super()._needs_summary() and not self.visit_id
