from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerStockTaking(models.Model):
    """Going through the archive room: which volumes are where they belong (S2-11).

    The list is of the volumes that have a place, or of those of one place. Whoever
    walks along the shelves scans or types the code on the label.
    """

    _name = "customer.stock.taking"
    _description = "Stock-Taking"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(
        string="Taken On", required=True, default=fields.Date.context_today
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    location = fields.Char(
        string="Shelf Mark", help="Places that begin so; empty: all."
    )
    user_id = fields.Many2one(
        "res.users", string="Taken By", default=lambda self: self.env.user
    )
    state = fields.Selection(
        [("draft", "Planned"), ("running", "Under Way"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
    )
    code = fields.Char(
        string="Scan or Type a Code",
        store=False,
        help="The code below the bars of the label.",
    )
    line_ids = fields.One2many("customer.stock.taking.line", "taking_id", "Volumes")
    found_count = fields.Integer(string="Found", compute="_compute_counts")
    missing_count = fields.Integer(string="Not Found Yet", compute="_compute_counts")
    note = fields.Text(string="Remarks")

    @api.depends("line_ids.is_found")
    def _compute_counts(self):
        rows = self.env["customer.stock.taking.line"]._read_group(
            [("taking_id", "in", self.ids)], ["taking_id", "is_found"], ["__count"]
        )
        counts = {(taking.id, is_found): count for taking, is_found, count in rows}
        for taking in self:
            taking.found_count = counts.get((taking.id, True), 0)
            taking.missing_count = counts.get((taking.id, False), 0)
        # on a form, before it is saved
        for taking in self - self.browse(self.ids):
            found = taking.line_ids.filtered("is_found")
            taking.found_count = len(found)
            taking.missing_count = len(taking.line_ids - found)

    @api.onchange("code")
    def _onchange_code(self):
        """Tick off the volume with this code, and wait for the next one."""
        code = (self.code or "").strip()
        self.code = False
        if not code:
            return None
        line = self.line_ids.filtered(lambda line: line.volume_id.code == code)
        if line:
            line.is_found = True
            return None
        title = self.env._("No volume of this list has the code %(code)s.", code=code)
        message = self.env._("It stands in the wrong place, or has none on file.")
        return {"warning": {"title": title, "message": message}}

    def action_start(self):
        """List the volumes that should be there.

        :raises UserError: when there are none
        """
        for taking in self:
            taking.check_access("write")
            domain = [
                ("company_id", "=", taking.company_id.id),
                ("location", "!=", False),
            ]
            if taking.location:
                domain.append(("location", "=like", f"{taking.location}%"))
            volumes = self.env["customer.volume"].search(domain)
            if not volumes:
                raise UserError(
                    self.env._(
                        "No volume has such a shelf mark. Shelf marks are written on "
                        "the volumes, under Documents, Volumes."
                    )
                )
            self.env["customer.stock.taking.line"].create(
                [
                    {
                        "taking_id": taking.id,
                        "dossier_id": volume.dossier_id.id,
                        "volume_id": volume.id,
                        "location": volume.location,
                    }
                    for volume in volumes
                ]
            )
            taking.state = "running"

    def action_done(self):
        """Conclude; what was not found is missing."""
        self.check_access("write")
        self.write({"state": "done"})
