from odoo import api, fields, models


class CustomerContactPlan(models.Model):
    """附表6 客户接触计划: who of us keeps contact with whom, how often (S1-41)."""

    _name = "customer.contact.plan"
    _inherit = ["customer.dossier.item"]
    _description = "Contact Plan"
    _order = "year desc, id desc"

    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    objective = fields.Text(
        string="Objective of the Contacts",
        help="目标描述: what the contacts are to achieve (S1-41).",
    )
    line_ids = fields.One2many("customer.contact.plan.line", "plan_id", "Contacts")

    _year_uniq = models.UniqueIndex(
        "(dossier_id, year)", "The customer has a contact plan of that year already."
    )
    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1900 AND 2999)", "Write the year with four digits."
    )

    @api.depends("year")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_item_name(self):
        return f"{self.dossier_id.number or ''} ({self.year})".strip()

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a plan without lines gets those of the persons' liaisons."""
        plans = super().create(vals_list)
        plans.filtered(lambda plan: not plan.line_ids).action_fill()
        return plans

    def unlink(self):
        """Delete with the lines, on which a cascade would run no checks."""
        self.line_ids.unlink()
        return super().unlink()

    def action_fill(self):
        """Add each person with our liaisons, or the owner where there are none."""
        self.check_access("write")
        vals_list = []
        for plan in self:
            known = {(line.user_id, line.person_id) for line in plan.line_ids}
            vals_list += [
                {"plan_id": plan.id, "user_id": user.id, "person_id": person.id}
                for person in plan.dossier_id.person_ids
                for user in person.liaison_ids or plan.dossier_id.user_id
                if (user, person) not in known
            ]
        self.env["customer.contact.plan.line"].create(vals_list)

    def action_view_matrix(self):
        """The contacts that took place: our people by theirs."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_interaction_action_matrix"
        )
        return {
            **action,
            "domain": [
                ("dossier_id", "=", self.dossier_id.id),
                ("date", ">=", f"{self.year}-01-01"),
                ("date", "<", f"{self.year + 1}-01-01"),
            ],
        }

    def _move_to_dossier(self, dossier):
        """Leave the years that ``dossier`` has a plan of where they were written.

        The persons go first: a line may not be parted from its person.
        """
        known = set(self.search([("dossier_id", "=", dossier.id)]).mapped("year"))
        plans = self.filtered(lambda plan: plan.year not in known)
        plans.line_ids.person_id._move_to_dossier(dossier)
        return super(CustomerContactPlan, plans)._move_to_dossier(dossier)
