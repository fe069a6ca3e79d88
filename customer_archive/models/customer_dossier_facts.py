from markupsafe import Markup

from odoo import api, fields, models


class CustomerDossier(models.Model):
    """What was learned of the customer, and what was changed in the dossier."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    fact_ids = fields.One2many("customer.fact", "dossier_id", "Facts")
    fact_count = fields.Integer(string="Number of Facts", compute="_compute_fact_count")
    insight_sheet = fields.Html(
        compute="_compute_insight_sheet",
        help="Annex 5: what we know, and what it means for us (S1-40).",
    )
    change_ids = fields.One2many("customer.change", "dossier_id", "Changes")

    @api.depends("fact_ids")
    def _compute_fact_count(self):
        groups = self.env["customer.fact"]._read_group(
            [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
        )
        counts = {dossier.id: count for dossier, count in groups}
        for dossier in self:
            dossier.fact_count = counts.get(dossier.id, 0)

    @api.depends("fact_ids.topic", "fact_ids.information", "fact_ids.implication")
    @api.depends_context("lang")
    def _compute_insight_sheet(self):
        topic = self.env["customer.fact"]._fields["topic"]
        labels = topic._description_selection(self.env)
        head = Markup(
            '<tr class="table-light"><th class="w-25"></th><th>%s</th><th>%s</th></tr>'
        ) % (
            self.env._("What we know"),
            self.env._("What it means for us"),
        )
        for dossier in self:
            facts = dossier.fact_ids.grouped("topic")
            rows = [
                self._format_insight(label, facts.get(code, self.env["customer.fact"]))
                for code, label in labels
            ]
            dossier.insight_sheet = Markup(
                '<table class="table table-sm table-bordered mb-0">%s%s</table>'
            ) % (head, Markup().join(rows))

    @api.model
    def _format_insight(self, label, facts):
        def cell(name):
            return Markup("<br/>").join(filter(None, facts.mapped(name)))

        return Markup(
            '<tr><th class="table-light">%s</th><td>%s</td><td>%s</td></tr>'
        ) % (
            label,
            cell("information"),
            cell("implication"),
        )

    def action_view_facts(self):
        """Facts of this dossier."""
        return self._open_items("customer_fact_action")

    def action_log_fact(self):
        """Ask in three fields what was learned (S2-23)."""
        self.ensure_one()
        self.check_access("write")
        view = self.env.ref("customer_archive.customer_fact_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Fact"),
            "res_model": "customer.fact",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_dossier_id": self.id},
        }
