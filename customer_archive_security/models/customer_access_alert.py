from odoo import api, fields, models

TYPE = "customer_archive_security.mail_activity_type_access"


class CustomerAccessAlert(models.Model):
    """Somebody read more than a rule expects: to be looked into (S2-43)."""

    _name = "customer.access.alert"
    _inherit = ["customer.archive.activity"]
    _description = "Unusual Reading"
    _order = "date desc, id desc"

    rule_id = fields.Many2one(
        "customer.access.rule", required=True, readonly=True, index=True
    )
    kind = fields.Selection(related="rule_id.kind")
    user_id = fields.Many2one(
        "res.users", string="Looked By", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(required=True, readonly=True)
    number = fields.Integer(
        string="Counted", readonly=True, help="What was counted within the window."
    )
    limit = fields.Integer(related="rule_id.number", string="Limit")
    state = fields.Selection(
        [("new", "To Look Into"), ("fine", "In Order"), ("followed", "Followed Up")],
        required=True,
        default="new",
    )
    finding = fields.Text(help="What came of it (S2-43: anomalies are handled).")
    looked_by_id = fields.Many2one("res.users", string="Looked Into By", readonly=True)

    _once_a_day = models.Constraint(
        "UNIQUE(rule_id, user_id, date)", "One alert of a rule about a person a day."
    )

    @api.depends("rule_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Neutral: it shows among activities."""
        for alert in self:
            alert.display_name = f"{alert.rule_id.display_name} {alert.date or ''}"

    def write(self, vals):
        """Close an alert with who looked into it."""
        if vals.get("state", "new") != "new":
            vals = {**vals, "looked_by_id": self.env.uid}
        result = super().write(vals)
        if "looked_by_id" in vals:
            # sudo: done for all who were asked to look into it
            self.sudo().activity_unlink([TYPE])
        return result

    def action_fine(self):
        """It was in order."""
        self.write({"state": "fine"})

    def action_followed(self):
        """It was followed up."""
        self.write({"state": "followed"})

    def action_view_log(self):
        """What the person looked at, on that day and the one before."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_access_log_action"
        )
        day = fields.Date.subtract(self.date, days=1)
        return {
            **action,
            "domain": [("user_id", "=", self.user_id.id), ("slot", ">=", str(day))],
            "context": {},
        }

    def _raise_activities(self):
        """Ask the members of the rule's group to look; neutral, without names."""
        # sudo: the night's job finds who is in the group
        for alert in self.sudo():
            for user in alert.rule_id.group_id.all_user_ids.filtered("active"):
                if self.env["mail.activity"]._is_open_to(alert, user):
                    quick = alert.with_context(mail_activity_quick_update=True)
                    quick.activity_schedule(TYPE, user_id=user.id)
