from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

EVENTS = [
    ("cooperation_end", "End of Cooperation"),
    ("contract_end", "End of the Last Contract"),
    ("last_order", "Last Order"),
    ("no_deal", "Closed Without a Deal"),
]


class CustomerRetentionClass(models.Model):
    """How long dossiers and documents are kept, and from when on (S2-21, S2-59)."""

    _name = "customer.retention.class"
    _description = "Retention Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    event = fields.Selection(
        EVENTS,
        string="Counted From",
        required=True,
        default="cooperation_end",
        help="Nothing is kept for a term before this has happened; without a date of "
        "it the end of the cooperation counts.",
    )
    term_months = fields.Integer(
        string="Term (Months)",
        required=True,
        default=60,
        help="Kept for so long after that: five years (S2-59).",
    )
    shelf_life_months = fields.Integer(
        string="Shelf Life (Months)",
        help="Longest shelf life of the goods sold; never kept shorter (S2-5).",
    )
    max_months = fields.Integer(
        string="At Most (Months)",
        help="Destroyed within so long after that, as the law may ask (S2-42); 0: no "
        "limit.",
    )
    active = fields.Boolean(default=True)

    _terms_ordered = models.Constraint(
        "CHECK(term_months >= 0 AND COALESCE(shelf_life_months, 0) >= 0"
        " AND (COALESCE(max_months, 0) = 0 OR max_months >="
        " GREATEST(term_months, COALESCE(shelf_life_months, 0))))",
        "A term is not negative, and the longest is not shorter than the others.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether dossiers have the class, of whoever's customers
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        if dossiers.search_count([("retention_class_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A retention class that dossiers have is archived instead.")
            )

    def write(self, vals):
        result = super().write(vals)
        if {"event", "term_months", "shelf_life_months", "max_months"} & vals.keys():
            self.env["customer.dossier"]._recount_soon()
        return result

    def _get_dates(self, event_date):
        """Kept until, and destroyed by: a pair of dates, False where there is none."""
        if not self or not event_date:
            return False, False
        months = max(self.term_months, self.shelf_life_months)
        keep_until = event_date + relativedelta(months=months)
        if not self.max_months:
            return keep_until, False
        return keep_until, event_date + relativedelta(months=self.max_months)
