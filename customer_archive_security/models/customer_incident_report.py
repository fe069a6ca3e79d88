from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_incident import KINDS

GIVEN_FIELDS = frozenset(
    (
        "kind",
        "name",
        "date",
        "description",
        "dossier_numbers",
        "person_ids",
        "other_persons",
    )
)


class CustomerIncidentReport(models.Model):
    """What somebody reports: kept as he wrote it, read by himself (S2-14, S2-48).

    Anybody in the company reports; what becomes of it he sees in a word.
    """

    _name = "customer.incident.report"
    _description = "Report of an Incident"
    _order = "id desc"
    _rec_name = "number"

    incident_id = fields.Many2one(
        "customer.incident", readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Char(readonly=True)
    reporter_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    kind = fields.Selection(KINDS, required=True, default="leak")
    name = fields.Char(string="What Happened", required=True)
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    description = fields.Text(help="What you saw, where, and who else knows.")
    dossier_numbers = fields.Char(
        string="Dossiers Concerned", help="By number, with blanks in between."
    )
    person_ids = fields.Many2many(
        "res.users",
        "customer_incident_report_person_rel",
        "report_id",
        "user_id",
        string="Persons Involved",
        context={"active_test": False},
        help="They will not see it, whatever their rank.",
    )
    other_persons = fields.Char(string="Others Involved")
    progress = fields.Selection(
        [
            ("new", "Received"),
            ("open", "Being Looked Into"),
            ("closed", "Closed"),
        ],
        compute="_compute_progress",
        string="State",
    )

    @api.depends("incident_id")
    def _compute_progress(self):
        for report in self:
            # sudo: the reporter is told a word, and nothing of what was found
            state = report.sudo().incident_id.state
            is_open = state in ("investigating", "acting")
            report.progress = "open" if is_open else state

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and hand in at once."""
        # all of them are given, so that no context gives others
        own = {"reporter_id": self.env.uid, "incident_id": False, "number": False}
        vals_list = [
            {name: vals[name] for name in GIVEN_FIELDS & vals.keys()} | own
            for vals in vals_list
        ]
        reports = super().create(vals_list)
        # sudo: what becomes of it is for few to know
        incidents = self.env["customer.incident"].sudo()
        for report in reports.sudo():
            incident = incidents.create(
                {
                    **{name: report[name] for name in GIVEN_FIELDS - {"person_ids"}},
                    "person_ids": [fields.Command.set(report.person_ids.ids)],
                    "reporter_id": self.env.uid,
                }
            )
            report.write({"incident_id": incident.id, "number": incident.number})
        return reports

    def write(self, vals):
        """
        :raises UserError: what was handed in is kept as it was written
        """
        if not self.env.su:
            raise UserError(self.env._("What was handed in is kept as it is."))
        return super().write(vals)
