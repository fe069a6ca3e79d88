from odoo import fields, models

from .customer_account_plan import IN_FORCE, OPEN_STATES


class CustomerDossier(models.Model):
    """What is planned with a customer: account plans and contact plans."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    account_plan_ids = fields.One2many(
        "customer.account.plan", "dossier_id", "Account Plans"
    )
    contact_plan_ids = fields.One2many(
        "customer.contact.plan", "dossier_id", "Contact Plans"
    )

    def _hand_over_visits(self, user):
        """Have the owner go on with the plans, too."""
        # sudo: who hands a customer over needn't be able to read it any longer
        for owner, dossiers in self.sudo().grouped("user_id").items():
            if owner == user or not user:
                continue
            mine = [("dossier_id", "in", dossiers.ids), ("user_id", "=", user.id)]
            plans = self.env["customer.account.plan"].sudo()
            plans.search([*mine, ("state", "in", OPEN_STATES)]).user_id = owner
            actions = self.env["customer.account.plan.action"].sudo()
            live = [("plan_id.state", "in", (*OPEN_STATES, *IN_FORCE))]
            actions.search([*mine, *live, ("state", "=", "open")])._hand_over(owner)
        return super()._hand_over_visits(user)

    def action_view_account_plans(self):
        """Account plans of these customers."""
        return self._open_visit_items("customer_account_plan_action")
