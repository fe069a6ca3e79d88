from odoo import api, fields, models
from odoo.tools import SQL


class CustomerCopy(models.Model):
    """A copy of a dossier that was printed or exported: few are made (S2-50).

    One line for each dossier of a print or file, under the number that stands on each
    of its pages. Lines come from :meth:`_record` alone, nobody changes them.
    """

    _name = "customer.copy"
    _description = "Copy of a Dossier"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(string="Copy No.", required=True, readonly=True, index=True)
    dossier_id = fields.Many2one(
        "customer.dossier",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Taken By", required=True, readonly=True
    )
    date = fields.Datetime(string="Taken On", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("print", "Print"),
            ("export", "Export"),
            ("disclosure", "Given Outside"),
        ],
        required=True,
        readonly=True,
    )
    form = fields.Char(readonly=True, help="Which form was printed.")
    pages = fields.Integer(
        readonly=True, help="Of the whole print, with all its dossiers."
    )

    disclosure_id = fields.Many2one(
        "customer.disclosure", readonly=True, ondelete="restrict"
    )

    _user_date_idx = models.Index("(user_id, date)")

    @api.model
    def _get_next_number(self):
        # sudo: draws a number
        return self.env["ir.sequence"].sudo().next_by_code("customer.copy")

    @api.model
    def _record(self, dossiers, kind, number=None, form=None, pages=0, **more):
        """Keep a line for each of ``dossiers``.

        One statement, whatever their number: a register of all customers may be
        printed.
        """
        if not dossiers:
            return
        values = {
            "number": number or self._get_next_number(),
            "user_id": self.env.uid,
            "kind": kind,
            "form": form,
            "pages": pages,
            **more,
        }
        dossiers.flush_recordset(["company_id"])
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_copy (dossier_id, company_id, date, create_uid,"
                " create_date, %s) SELECT id, company_id, %s, %s, %s, %s"
                " FROM customer_dossier WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                fields.Datetime.now(),
                self.env.uid,
                fields.Datetime.now(),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
                dossiers.ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _count_of_month(self, user):
        """How many copies ``user`` has taken since the month began."""
        start = fields.Datetime.now().replace(day=1, hour=0, minute=0, second=0)
        # sudo: counts somebody's own copies
        return self.sudo().search_count(
            [("user_id", "=", user.id), ("date", ">=", start)]
        )
