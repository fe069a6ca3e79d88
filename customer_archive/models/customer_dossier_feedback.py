from odoo import api, fields, models


class CustomerDossier(models.Model):
    """How content the customer is; both numbers can be criteria of an evaluation."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    feedback_ids = fields.One2many("customer.feedback", "dossier_id")
    satisfaction = fields.Float(
        digits=(3, 2),
        compute="_compute_feedback",
        store=True,
        aggregator="avg",
        help="Average of all ratings the customer gave, 1 to 5; 0: none (S4-12, "
        "S4-13).",
    )
    complaint_count = fields.Integer(
        string="Number of Complaints",
        compute="_compute_feedback",
        store=True,
        help="Complaints on file (S2-40).",
    )

    @api.depends("feedback_ids.active", "feedback_ids.kind", "feedback_ids.rating")
    def _compute_feedback(self):
        for dossier in self:
            # what was struck out may still be in the cache
            feedbacks = dossier.feedback_ids.filtered("active")
            ratings = [int(rating) for rating in feedbacks.mapped("rating") if rating]
            dossier.satisfaction = sum(ratings) / len(ratings) if ratings else 0
            dossier.complaint_count = len(
                feedbacks.filtered(lambda feedback: feedback.kind == "complaint")
            )
