from odoo import api, fields, models
from odoo.tools import SQL

# 完整性, 及时性, 准确性, 整洁性, 安全性: S2-32
CRITERIA = ("completeness", "timeliness", "accuracy", "tidiness", "safety")


class CustomerReviewLine(models.Model):
    """One dossier of a review, with its points for the five criteria (S2-32)."""

    _name = "customer.review.line"
    _inherit = ["customer.dossier.item"]
    _description = "Dossier of a Review"
    _order = "id"
    _history = False

    review_id = fields.Many2one(
        "customer.review", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(related="review_id.date_to", store=True)
    kind = fields.Selection(related="review_id.kind", store=True)
    user_id = fields.Many2one("res.users", string="Account Owner", readonly=True)
    keeper_id = fields.Many2one("res.users", string="Archive Keeper", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    completeness = fields.Integer(
        readonly=True, aggregator="avg", help="Required items that are there, percent."
    )
    timeliness = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Of facts learned in the period, the part entered in time; half of it "
        "whether the dossier's own check is overdue.",
    )
    accuracy = fields.Integer(
        aggregator="avg", help="Judged by the reviewer, 0 to 100 points."
    )
    tidiness = fields.Integer(
        aggregator="avg",
        help="Of the documents on file, the part whose pages are counted; the reviewer "
        "may judge otherwise.",
    )
    safety = fields.Integer(
        aggregator="avg",
        help="Judged by the reviewer, 0 to 100 points: place, locks, loans returned.",
    )
    is_judged = fields.Boolean(
        string="Accuracy and Safety Judged",
        help="Otherwise the score leaves both criteria out.",
    )
    score = fields.Float(
        digits=(5, 1), compute="_compute_score", store=True, aggregator="avg"
    )
    change_count = fields.Integer(
        string="Changes", readonly=True, help="Values changed in the period (S4-16)."
    )
    state = fields.Selection(
        [("open", "To Check"), ("checked", "Checked")],
        required=True,
        default="open",
        readonly=True,
    )
    note = fields.Text(string="Remarks")
    finding_ids = fields.One2many("customer.review.finding", "line_id", "Findings")

    _drawn_once = models.UniqueIndex(
        "(review_id, dossier_id)", "This dossier has been drawn already."
    )
    _points_range = models.Constraint(
        "CHECK(accuracy BETWEEN 0 AND 100 AND safety BETWEEN 0 AND 100"
        " AND tidiness BETWEEN 0 AND 100)",
        "Points lie between 0 and 100.",
    )

    @api.depends(*CRITERIA, "is_judged", "dossier_id.company_id")
    def _compute_score(self):
        policies = self.env["customer.archive.policy"]
        for company, lines in self.grouped(lambda line: line.company_id).items():
            policy = policies._get_policy(company)
            weights = {name: policy[f"weight_{name}"] for name in CRITERIA}
            for line in lines:
                counted = {
                    name: weight
                    for name, weight in weights.items()
                    if line.is_judged or name not in ("accuracy", "safety")
                }
                total = sum(counted.values())
                points = sum(line[name] * weight for name, weight in counted.items())
                line.score = points / total if total else 0

    def _get_item_name(self):
        return self.dossier_id.display_name

    def action_check(self):
        """Say that the dossiers were looked at."""
        self.check_access("write")
        self.write({"state": "checked"})

    def action_open_changes(self):
        """What was changed in the dossier in the period, marked old and new (S4-16)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive.customer_change_action"
        )
        domain = self.review_id._get_change_domain()
        return {
            **action,
            "domain": [("dossier_id", "=", self.dossier_id.id), *domain],
        }

    # ------------------------------------------------------------------
    # What can be counted, of the dossier ``d``
    # ------------------------------------------------------------------

    @api.model
    def _to_sql_timeliness(self, review):
        return SQL(
            """
            (COALESCE((SELECT 100.0 * count(*) FILTER (WHERE f.entry_state = 'in_time')
                              / NULLIF(count(*), 0)
                         FROM customer_fact f
                        WHERE f.dossier_id = d.id AND f.active
                          AND f.learned_date BETWEEN %(start)s AND %(end)s), 100)
             + CASE WHEN d.update_due_date < %(end)s THEN 0 ELSE 100 END)::int / 2
            """,
            start=review.date_from,
            end=review.date_to,
        )

    @api.model
    def _to_sql_tidiness(self):
        return SQL(
            """
            COALESCE((SELECT 100 * count(*) FILTER (WHERE t.pages > 0)
                             / NULLIF(count(*), 0)
                        FROM customer_document t
                       WHERE t.dossier_id = d.id AND t.active), 100)
            """
        )

    @api.model
    def _to_sql_changes(self, review):
        return SQL(
            """
            (SELECT count(*) FROM customer_change c
              WHERE c.dossier_id = d.id AND c.date >= %s AND c.date < %s)
            """,
            review.date_from,
            fields.Date.add(review.date_to, days=1),
        )

    def _move_to_dossier(self, dossier):
        """Stay: this is how the merged customer was reviewed, not the other one."""
