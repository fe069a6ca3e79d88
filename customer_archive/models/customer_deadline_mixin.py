from odoo import api, fields, models
from odoo.fields import Domain


class CustomerDeadlineMixin(models.AbstractModel):
    """Something open that somebody settles by a day, and has on his desk until then.

    A model brings a ``state`` that is ``open`` at first.
    """

    _name = "customer.deadline.mixin"
    _inherit = ["customer.archive.activity"]
    _description = "Open Matter With a Deadline"

    # External id of the type of activity that is put on desks.
    _deadline_activity = None

    user_id = fields.Many2one("res.users", index=True, domain=[("share", "=", False)])
    date_deadline = fields.Date()
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends("date_deadline", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for matter in self:
            deadline = matter.state == "open" and matter.date_deadline
            matter.is_overdue = bool(deadline) and deadline < today

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain("date_deadline", "<", "today")

    @api.model_create_multi
    def create(self, vals_list):
        matters = super().create(vals_list)
        matters._put_on_desk()
        return matters

    def write(self, vals):
        """Write; what passes to somebody else, or is reopened, is put on his desk."""
        result = super().write(vals)
        if not {"user_id", "date_deadline", "state", "active"}.isdisjoint(vals):
            self.activity_unlink([self._deadline_activity])
            self._put_on_desk()
        return result

    def _put_on_desk(self):
        """Tell whoever settles it, if the dossier is open to him."""
        is_open_to = self.env["mail.activity"]._is_open_to
        for matter in self:
            is_due = matter.state == "open" and matter.date_deadline
            is_there = "active" not in matter._fields or matter.active
            if is_due and is_there and is_open_to(matter, matter.user_id):
                matter.with_context(mail_activity_quick_update=True).activity_schedule(
                    self._deadline_activity,
                    user_id=matter.user_id.id,
                    date_deadline=matter.date_deadline,
                )
