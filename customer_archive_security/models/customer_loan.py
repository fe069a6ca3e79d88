from odoo import api, fields, models
from odoo.tools import SQL


class CustomerLoan(models.Model):
    """A dossier lent to somebody for a purpose and a time (S3-10 to S3-13, S4-22).

    Stands outside the protected family: whoever asks sees the stub only.
    """

    _name = "customer.loan"
    _description = "Loan of a Dossier"
    _order = "id desc"

    dossier_id = fields.Many2one(
        "customer.dossier", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Borrower",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    purpose = fields.Text(help="What for (用途: S3-12).")
    mode = fields.Selection(
        [("read", "Read on Site"), ("copy", "Copies Allowed")],
        required=True,
        default="read",
        help="Read on site: no print, no export, no extract (S2-37, S3-13).",
    )
    date_start = fields.Datetime(required=True, default=fields.Datetime.now)
    date_end = fields.Datetime(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("returned", "Returned"),
            ("revoked", "Called Back"),
            ("expired", "Expired"),
        ],
        required=True,
        default="draft",
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_end > date_start)", "A loan ends after it begins."
    )
    _live_idx = models.Index("(user_id, date_end, dossier_id) WHERE state = 'granted'")

    @api.model
    def _get_live_rows(self, user):
        """Id and dossier's id of each loan of ``user`` that holds at this very moment.

        Asked anew at each query, by the clock: a loan ends to the second.
        """
        self.flush_model(["user_id", "state", "date_start", "date_end", "dossier_id"])
        now = fields.Datetime.now()
        return self.env.execute_query(
            SQL(
                "SELECT id, dossier_id FROM customer_loan WHERE user_id = %s"
                " AND state = 'granted' AND date_start <= %s AND date_end > %s"
                " ORDER BY id",
                user.id,
                now,
                now,
            )
        )

    @api.model
    def _get_lent_ids(self, user):
        """Ids of the dossiers lent to ``user`` at this very moment."""
        return [dossier_id for _id, dossier_id in self._get_live_rows(user)]

    @api.model
    def _get_live(self, user):
        """Loans of ``user`` that hold at this very moment, as superuser."""
        # sudo: his own loans; what they forbid has to be known wherever he takes
        # something out
        return self.sudo().browse(id_ for id_, _dossier in self._get_live_rows(user))
