from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError


class CustomerDossier(models.Model):
    """Who may print and export, and what is counted (S2-37, S2-50, S2-62, S3-13)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def _on_taken_out(self, how):
        """Count exports; prints are counted with their pages, once these are drawn."""
        result = super()._on_taken_out(how)
        if how == "export":
            self.env["customer.copy"]._record(self, "export")
        return result

    def _check_taken_out(self, how):
        """Refuse what grade, loan, group or number forbid.

        What is given outside was asked for and approved: see ``customer.disclosure``.

        :raises AccessError: when the user may not print or export these
        :raises UserError: when he has taken enough for this month
        """
        result = super()._check_taken_out(how)
        if self.env.uid != SUPERUSER_ID and how in ("print", "export"):
            self.sudo(False)._check_copied(how)
        return result

    def _check_copied(self, how):
        self._check_grade_allows()
        copied = self & self._get_lent_for_copies()
        own = self._filter_open_without_loan()
        if self - own - copied:
            raise AccessError(
                self.env._(
                    "Some of this is lent to you to be read on site: no print, no "
                    "export, no extract. Ask for a loan with copies if you need them."
                )
            )
        if own - copied:
            self._check_group_allows(how)
        self._check_number_allows()

    def _check_grade_allows(self):
        # sudo: the name of a grade is told where it forbids something
        grades = self.sudo().secrecy_id.filtered("no_copies")
        if grades:
            raise AccessError(
                self.env._(
                    "Nobody copies or extracts dossiers graded “%(grade)s”.\n"
                    "To give something outside, ask for a disclosure.",
                    grade=", ".join(grades.mapped("name")),
                )
            )

    def _check_group_allows(self, how):
        policy = self._get_taking_out_policy()
        groups = policy.print_group_ids if how == "print" else policy.export_group_ids
        # a page that was never saved has its default groups as new records
        if groups._origin & self.env.user.all_group_ids:
            return
        names = ", ".join(groups.mapped("full_name")) or "–"
        if how == "print":
            message = self.env._(
                "Dossiers are printed by %(groups)s. Ask one of them, or ask for a "
                "loan with copies.",
                groups=names,
            )
        else:
            message = self.env._(
                "Content of dossiers is exported by %(groups)s. Ask one of them, or "
                "leave out what comes from the dossiers.",
                groups=names,
            )
        raise AccessError(message)

    def _check_number_allows(self):
        limit = self._get_taking_out_policy().copies_per_month
        if not limit:
            return
        taken = self.env["customer.copy"]._count_of_month(self.env.user)
        if taken + len(self) > limit:
            raise UserError(
                self.env._(
                    "Copies you have taken this month: %(taken)s of %(limit)s. This "
                    "would be %(count)s more. Ask an archivist.",
                    taken=taken,
                    limit=limit,
                    count=len(self),
                )
            )

    @api.model
    def _get_taking_out_policy(self):
        return self.env["customer.archive.policy"]._get_policy(self.env.company)

    @api.model
    def _get_lent_for_copies(self):
        """The dossiers lent to the user with copies allowed."""
        loans = self.env["customer.loan"]._get_live(self.env.user)
        lent = loans.filtered(lambda loan: loan.mode == "copy").dossier_id
        return lent.sudo(False)

    def _filter_open_without_loan(self):
        """Those of these dossiers the user would read without any loan."""
        dossiers = self._as_user().with_context(archive_without_loans=True)
        return self & dossiers.search([("id", "in", self.ids)]).with_env(self.env)
