from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerLoan(models.Model):
    """Which volumes of the paper a loan is about (S2-57).

    By their numbers, which stand on the labels: no link leads from a loan, which
    stands outside the lock, to a volume, which stands inside.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.loan"

    volume_number = fields.Integer(
        string="Volume", help="Number of the volume wanted; 0: all of them (S2-57)."
    )
    volume_codes = fields.Char(
        string="Volumes", compute="_compute_volumes", help="As on their labels."
    )
    volume_places = fields.Char(
        string="Where They Stand",
        compute="_compute_volumes",
        help="For those who read the dossier, and fetch them.",
    )

    @api.depends("dossier_id", "volume_number", "is_paper")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_volumes(self):
        open_dossiers = self.dossier_id
        if not self.env.su:
            open_dossiers = open_dossiers._filtered_access("read")
        for loan in self:
            volumes = loan._get_volumes()
            loan.volume_codes = ", ".join(volumes.mapped("code")) or False
            loan.volume_places = False
            if loan.dossier_id in open_dossiers:
                places = filter(None, volumes.mapped("location"))
                loan.volume_places = ", ".join(places) or False

    def _get_volumes(self):
        """The volumes of the paper this loan is about, as superuser."""
        self.ensure_one()
        # sudo: numbers on labels are no secret to who borrows the paper; where they
        # stand is shown to readers of the dossier alone
        volumes = self.env["customer.volume"].sudo()
        if not self.is_paper:
            return volumes
        meant = Domain("dossier_id", "=", self.sudo().dossier_id.id)
        if self.volume_number:
            meant &= Domain("number", "=", self.volume_number)
        return volumes.search(meant)

    def action_hand_out(self):
        """
        :raises UserError: where there is no such volume, or somebody else has it
        """
        self._check_custodian()
        for loan in self:
            if loan.volume_number and not loan._get_volumes():
                raise UserError(
                    self.env._(
                        "The dossier has no volume %(number)s.",
                        number=loan.volume_number,
                    )
                )
            if other := loan._find_paper_out():
                raise UserError(
                    self.env._(
                        "This paper is with %(borrower)s, on loan %(number)s.",
                        borrower=other.user_id.name,
                        number=other.number,
                    )
                )
        return super().action_hand_out()

    def _find_paper_out(self):
        """Another loan on which some of the same paper is out."""
        # sudo: custodians keep the register of all loans
        loans = self.sudo()
        out = (
            Domain("dossier_id", "=", loans.dossier_id.id)
            & Domain("id", "!=", self.id)
            & Domain("paper_out_date", "!=", False)
            & Domain("paper_back_date", "=", False)
        )
        if self.volume_number:
            out &= Domain("volume_number", "in", (0, False, self.volume_number))
        return loans.search(out, limit=1)
