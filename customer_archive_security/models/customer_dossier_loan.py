from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerDossier(models.Model):
    """What a borrower is told while he reads: until when, for what, and what not."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    lent_until = fields.Datetime(compute="_compute_lent")
    lent_purpose = fields.Text(string="Lent For", compute="_compute_lent")
    lent_mode = fields.Selection(
        lambda self: (
            self.env["customer.loan"]._fields["mode"]._description_selection(self.env)
        ),
        compute="_compute_lent",
    )

    @api.depends_context("uid")
    def _compute_lent(self):
        loans = self.env["customer.loan"]._get_live(self.env.user)
        by_dossier = {loan.dossier_id.id: loan for loan in loans}
        for dossier in self:
            loan = by_dossier.get(dossier._origin.id, loans.browse())
            dossier.lent_until = loan.date_end
            dossier.lent_purpose = loan.purpose
            dossier.lent_mode = loan.mode

    def action_give_back(self):
        """Give these dossiers back, as far as they are lent to the user."""
        self.check_access("read")
        live = self.env["customer.loan"]._get_live(self.env.user)
        mine = live.filtered(lambda loan: loan.dossier_id.id in self.ids)
        mine.sudo(False).action_give_back()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_loan_action_mine"
        )

    def action_view_loans(self):
        """Loans of these dossiers, for who may see them (S2-57)."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_loan_action"
        )
        return {**action, "domain": [("dossier_id", "in", self.ids)], "context": {}}

    def _merge_into(self, target):
        """Merge, and end the loans: the dossier kept holds more than was lent.

        Borrowers are told, and ask for the other one (S3-12, S4-21).
        """
        result = super()._merge_into(target)
        # sudo: loans of whomever; that these dossiers may be merged was asked before
        loans = self.env["customer.loan"].sudo()
        loans.search(
            [("dossier_id", "in", self.ids), ("state", "in", ("requested", "granted"))]
        )._revoke(
            self.env._(
                "The dossier was merged into %(number)s. Ask for that one.",
                number=target.number,
            )
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_lent(self):
        # sudo: whether somebody ever asked for them
        loans = self.env["customer.loan"].sudo()
        if loans.search_count([("dossier_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A dossier that somebody asked to borrow stays. Close it instead."
                )
            )

    def _get_on_file_message(self):
        """Tell also where a dossier is asked for (S3-12)."""
        return self.env._(
            "%(message)s\nOr request it under Customer Archive, Loans.",
            message=super()._get_on_file_message(),
        )
