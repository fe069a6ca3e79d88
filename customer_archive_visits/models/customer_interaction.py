from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

RANKS = [
    ("staff", "Staff"),
    ("manager", "Manager"),
    ("director", "Director"),
    ("executive", "Executive"),
]
# From the lowest to the highest, as the selection of a key person has them.
RANK_ORDER = {code: level for level, (code, _label) in enumerate(RANKS)}


class CustomerInteraction(models.Model):
    """One contact with a customer by any channel, and its short report (S1-42)."""

    _name = "customer.interaction"
    _inherit = [
        # outermost: the rhythm follows what was written and allowed
        "customer.rhythm.source",
        "customer.dossier.item",
        "customer.strikeable",
    ]
    _description = "Contact With a Customer"
    _order = "date desc, id desc"

    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [
            ("call", "Phone Call"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("mail", "E-mail"),
            ("letter", "Letter"),
            ("message", "Message"),
        ],
        required=True,
        default="call",
    )
    direction = fields.Selection(
        [("out", "We Contacted Them"), ("in", "They Contacted Us")],
        required=True,
        default="out",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Our Person",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    person_ids = fields.Many2many(
        "customer.key.person",
        "customer_interaction_person_rel",
        "interaction_id",
        "person_id",
        string="With",
        domain="[('dossier_id', '=', dossier_id)]",
    )
    highest_rank = fields.Selection(
        RANKS,
        compute="_compute_highest_rank",
        store=True,
        help="Highest rank among the persons met or spoken to.",
    )
    is_reached = fields.Boolean(
        string="Reached",
        default=True,
        help="A call that reached nobody is kept, but is no contact.",
    )
    summary = fields.Text(
        string="What Was Said",
        help="Each contact has a short report for those concerned (S1-42).",
    )
    next_step = fields.Char()

    # The last contact of a kind is looked up by it.
    _dossier_date_idx = models.Index("(dossier_id, date DESC)")

    @api.constrains("person_ids", "dossier_id")
    def _check_persons(self):
        for interaction in self:
            if interaction.person_ids.dossier_id - interaction.dossier_id:
                raise ValidationError(self.env._("Choose persons of the same dossier."))

    @api.constrains("summary", "is_reached")
    def _check_summary(self):
        for interaction in self:
            has_summary = (interaction.summary or "").strip()
            if interaction._needs_summary() and not has_summary:
                raise ValidationError(
                    self.env._("Say in a line what came of the contact.")
                )

    def _needs_summary(self):
        """Whether nothing but its summary says what came of it (S1-42)."""
        return self.is_reached

    @api.constrains("date")
    def _check_date(self):
        # wherever the writer's clock is
        latest = fields.Datetime.now() + timedelta(days=1)
        if any(interaction.date > latest for interaction in self):
            raise ValidationError(
                self.env._(
                    "A contact is noted once it took place. Plan a visit instead."
                )
            )

    @api.depends("person_ids.rank")
    def _compute_highest_rank(self):
        for interaction in self:
            ranks = filter(None, interaction.person_ids.mapped("rank"))
            highest = max(ranks, key=RANK_ORDER.get, default=False)
            interaction.highest_rank = highest

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions.dossier_id._touch()
        return interactions

    @api.model
    def _open_quick_form(self, title, view_name="quick", **context):
        """The few fields of a form, in a dialog."""
        view = self.env.ref(
            f"customer_archive_visits.customer_interaction_view_form_{view_name}"
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "views": [(view.id, "form")],
            "target": "new",
            "context": context,
        }

    def _get_item_name(self):
        if not self.dossier_id:
            return ""
        day = fields.Date.context_today(self, self.date)
        return f"{self.dossier_id.number} ({day})"
