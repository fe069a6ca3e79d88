from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerContactPlanLine(models.Model):
    """One of us and one of them: how often they are to meet, and when next."""

    _name = "customer.contact.plan.line"
    _inherit = ["customer.dossier.item"]
    _description = "Line of a Contact Plan"
    _order = "id"

    _moving_fields = frozenset(("dossier_id", "plan_id"))

    plan_id = fields.Many2one(
        "customer.contact.plan", required=True, index=True, ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        compute="_compute_dossier_id", store=True, readonly=False, precompute=True
    )
    partner_id = fields.Many2one(
        related="dossier_id.partner_id", string="Customer", related_sudo=False
    )
    year = fields.Integer(
        related="plan_id.year",
        related_sudo=False,
        store=True,
        index=True,
        aggregator=None,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Our Person",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    person_id = fields.Many2one(
        "customer.key.person",
        string="Their Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    function = fields.Char(
        related="person_id.partner_id.function", string="Post", related_sudo=False
    )
    planned_count = fields.Integer(string="Contacts Planned", default=4)
    contact_count = fields.Integer(
        string="Contacts Made",
        compute="_compute_contacts",
        help="Contacts of the year between the two, by whatever channel.",
    )
    last_date = fields.Date(string="Last Contact", compute="_compute_contacts")
    next_date = fields.Date(string="Next Contact")

    _pair_uniq = models.UniqueIndex(
        "(plan_id, user_id, person_id)", "These two are in the plan already."
    )
    _count_positive = models.Constraint(
        "CHECK(planned_count >= 0)", "A number of contacts is not negative."
    )

    @api.depends("plan_id.dossier_id")
    def _compute_dossier_id(self):
        for line in self:
            line.dossier_id = line.plan_id.dossier_id or line.dossier_id

    @api.depends("user_id", "person_id", "year")
    def _compute_contacts(self):
        """Count what was reported, in one query for all lines."""
        years = [year for year in self.mapped("year") if year]
        groups = ()
        if years:
            groups = self.env["customer.interaction"]._read_group(
                [
                    ("dossier_id", "in", self.dossier_id.ids),
                    ("is_reached", "=", True),
                    ("date", ">=", date(min(years), 1, 1)),
                    ("date", "<", date(max(years) + 1, 1, 1)),
                ],
                ["user_id", "person_ids", "date:year"],
                ["__count", "date:max"],
            )
        found = {
            (user.id, person.id, day.year): (count, last)
            for user, person, day, count, last in groups
        }
        for line in self:
            key = (line.user_id.id, line.person_id._origin.id, line.year)
            count, last = found.get(key, (0, False))
            line.contact_count = count
            line.last_date = last and fields.Date.context_today(line, last)

    @api.constrains("person_id", "dossier_id", "plan_id")
    def _check_person(self):
        for line in self:
            dossiers = line.person_id.dossier_id | line.plan_id.dossier_id
            if dossiers != line.dossier_id:
                raise ValidationError(self.env._("Choose persons of the same dossier."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_plans_open(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_plans_open([vals])
        return super().write(vals)

    @api.model
    def _check_plans_open(self, vals_list):
        """Ask for the plans first, as for dossiers: see _check_dossiers_open.

        :raises AccessError: when one of them is not the user's to write
        """
        plans = self.env["customer.contact.plan"].browse(
            {vals["plan_id"] for vals in vals_list if vals.get("plan_id")}
        )
        plans.check_access("write")

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.year})"

    def _move_to_dossier(self, dossier):
        """Go with the plan alone, which takes its lines along."""
        return True
