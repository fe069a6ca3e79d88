from odoo import api, fields, models

from .customer_visit import OPEN_STATES


class CustomerDossier(models.Model):
    """What was visited and promised, and who sees to the rest."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    visit_ids = fields.One2many("customer.visit", "dossier_id", "Visits")
    commitment_ids = fields.One2many(
        "customer.commitment", "dossier_id", "Promises and Issues"
    )
    visit_count = fields.Integer(compute="_compute_visit_count")

    @api.depends("visit_ids")
    def _compute_visit_count(self):
        groups = self.env["customer.visit"]._read_group(
            [("dossier_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["dossier_id"],
            ["__count"],
        )
        counts = {dossier.id: count for dossier, count in groups}
        for dossier in self:
            dossier.visit_count = counts.get(dossier.id, 0)

    def write(self, vals):
        """Write; a new owner takes over what the former one had still to do."""
        former = {}
        if vals.get("user_id"):
            former = self.grouped("user_id")
        result = super().write(vals)
        for user, dossiers in former.items():
            dossiers._hand_over_visits(user)
        return result

    def _hand_over_visits(self, user):
        """Have the owner make the visits and keep the promises ``user`` still had."""
        # sudo: who hands a customer over needn't be able to read it any longer
        for owner, dossiers in self.sudo().grouped("user_id").items():
            if owner == user or not user:
                continue
            mine = [("dossier_id", "in", dossiers.ids), ("user_id", "=", user.id)]
            visits = self.env["customer.visit"].sudo()
            visits = visits.search([*mine, ("state", "in", OPEN_STATES)])
            visits.write({"user_id": owner.id})
            commitments = self.env["customer.commitment"].sudo()
            commitments = commitments.search([*mine, ("state", "=", "open")])
            commitments.write({"user_id": owner.id})

    def action_view_visits(self):
        """Visits of this dossier."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_visit_action"
        )
        return {
            **action,
            "domain": [("dossier_id", "in", self.ids)],
            "context": {"default_dossier_id": self.id},
        }
