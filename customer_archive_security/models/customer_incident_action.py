from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

ACTIVITY_TYPE = "customer_archive_security.mail_activity_type_incident_action"
ACTIVITY_FIELDS = frozenset(("user_id", "date_deadline", "state"))


class CustomerIncidentAction(models.Model):
    """What is done about an incident: what, who, until when (S4-20).

    Who is to do it sees this line, and not the incident.
    """

    _name = "customer.incident.action"
    _inherit = ["customer.archive.activity"]
    _description = "Action About an Incident"
    _order = "date_deadline, id"

    incident_id = fields.Many2one(
        "customer.incident", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(string="Action", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        index=True,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(string="Until", required=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")], required=True, default="open"
    )
    result = fields.Text()

    @api.depends("incident_id", "date_deadline")
    def _compute_display_name(self):
        for action in self:
            # sudo: the number is no secret
            number = action.sudo().incident_id.number
            parts = (number, str(action.date_deadline or ""))
            action.display_name = " ".join(filter(None, parts))

    @api.constrains("user_id", "incident_id")
    def _check_user(self):
        for action in self:
            # sudo: asked whether he is involved, of whoever enters the action
            if action.user_id in action.sudo().incident_id.person_ids:
                raise ValidationError(
                    self.env._("Choose somebody who is not involved himself.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        incidents = self.env["customer.incident"].browse(
            {vals["incident_id"] for vals in vals_list if vals.get("incident_id")}
        )
        # asked first: whether an action can be hung on it is told to nobody else
        incidents.check_access("write")
        actions = super().create(vals_list)
        actions._sync_activities()
        return actions

    def write(self, vals):
        """Write; who is to act says how it went, and no more.

        :raises AccessError: for the rest
        """
        incident = self.env["customer.incident"].browse(vals.get("incident_id"))
        if not self.env.su and not vals.keys() <= {"state", "result", "activity_ids"}:
            incidents = self.env["customer.incident"].union(self.incident_id, incident)
            if not incidents.has_access("write"):
                raise AccessError(
                    self.env._("You note how it went; the rest was decided.")
                )
        result = super().write(vals)
        if not ACTIVITY_FIELDS.isdisjoint(vals):
            self._sync_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handlers(self):
        if not self.incident_id.has_access("write"):
            raise AccessError(self.env._("You note how it went; the rest was decided."))

    def action_done(self):
        self.write({"state": "done"})

    def _sync_activities(self):
        """Remind whoever is to act, until it is done."""
        # sudo: activities of colleagues, raised by the archive itself
        actions = self.sudo().with_context(mail_activity_quick_update=True)
        actions.activity_unlink([ACTIVITY_TYPE])
        for action in actions.filtered(lambda action: action.state == "open"):
            if self.env["mail.activity"]._is_open_to(action, action.user_id):
                action.activity_schedule(
                    ACTIVITY_TYPE,
                    date_deadline=action.date_deadline,
                    user_id=action.user_id.id,
                )

    def _on_activity_done(self, activity, feedback):
        """What is done on the desk is done."""
        if activity.activity_type_id == self.env.ref(ACTIVITY_TYPE):
            vals = {"state": "done"}
            if feedback:
                vals["result"] = feedback
            # the activity is just being closed; nothing is left to be taken back
            super().write(vals)  # pylint: disable=super-method-mismatch
        return super()._on_activity_done(activity, feedback)
