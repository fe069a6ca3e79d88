from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATUSES = [
    ("1_on_time", "On Time"),
    ("2_due", "Due"),
    ("3_overdue", "Overdue"),
    ("4_never", "Never Yet"),
]


class CustomerCoverage(models.Model):
    """Whether customers are called and visited in their rhythm.

    Counts by company, team, person responsible, tier and channel, never a customer.
    """

    _name = "customer.coverage"
    _inherit = ["customer.team.mixin"]
    _description = "Coverage of Calls and Visits"
    _auto = False
    _order = "company_id, team_id, user_id, tier_id, channel, status"
    _rec_name = "user_id"
    _depends = {
        "customer.follow.up": [
            "dossier_id",
            "channel",
            "user_id",
            "tier_id",
            "last_date",
            "due_date",
            "action_date",
        ],
        "customer.dossier": ["company_id", "team_id", "active"],
        "customer.archive.policy": ["company_id", "coverage_days"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one(readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    channel = fields.Selection(
        [("call", "Phone Call"), ("visit", "Visit")], readonly=True
    )
    status = fields.Selection(
        STATUSES,
        readonly=True,
        help="Due: within the next days, as many as the settings say. Never yet: no "
        "contact so far that counts for the rhythm, whenever the first is due.",
    )
    customer_count = fields.Integer(string="Customers", readonly=True)

    @property
    def _table_query(self):
        """One row a group; it bears the number of the first follow-up in it."""
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT min(f.id) AS id, d.company_id, d.team_id, f.user_id, f.tier_id,
                   f.channel, s.status, count(*)::int AS customer_count
              FROM customer_follow_up f
              JOIN customer_dossier d ON d.id = f.dossier_id AND d.active IS TRUE
         LEFT JOIN customer_archive_policy p ON p.company_id = d.company_id,
           LATERAL (SELECT CASE WHEN f.last_date IS NULL THEN '4_never'
                                WHEN f.action_date < %(today)s THEN '3_overdue'
                                WHEN f.action_date
                                     <= %(today)s + COALESCE(p.coverage_days, %(days)s)
                                THEN '2_due'
                                ELSE '1_on_time' END AS status) s
             WHERE f.due_date IS NOT NULL
          GROUP BY d.company_id, d.team_id, f.user_id, f.tier_id, f.channel, s.status
            """,
            today=today,
            days=self.env["customer.archive.policy"].new({}).coverage_days,
        )

    def action_open_customers(self):
        """The customers counted in this row, as far as they are open to the user."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_visits.customer_follow_up_action"
        )
        domain = Domain.AND(
            [
                Domain("dossier_id.company_id", "=", self.company_id.id),
                Domain("dossier_id.team_id", "=", self.team_id.id),
                Domain("due_date", "!=", False),
                Domain("user_id", "=", self.user_id.id),
                Domain("tier_id", "=", self.tier_id.id),
                Domain("channel", "=", self.channel),
                self._get_status_domain(),
            ]
        )
        labels = dict(self._fields["status"]._description_selection(self.env))
        parts = (self.user_id.name, self.tier_id.code, labels[self.status])
        return {
            **action,
            "display_name": " ".join(filter(None, parts)),
            "domain": list(domain),
            "context": {},
        }

    def _get_status_domain(self):
        today = fields.Date.context_today(self)
        policy = self.env["customer.archive.policy"]._get_policy(self.company_id)
        soon = today + timedelta(days=policy.coverage_days)
        if self.status == "4_never":
            return Domain("last_date", "=", False)
        domains = {
            "1_on_time": Domain("action_date", ">", soon),
            "2_due": Domain("action_date", ">=", today)
            & Domain("action_date", "<=", soon),
            "3_overdue": Domain("action_date", "<", today),
        }
        return Domain("last_date", "!=", False) & domains[self.status]
