from odoo import models

# What is said of the dossier in registers that stay.
LOAN_TEXTS = (
    "purpose",
    "quantity",
    "refusal_reason",
    "extension_reason",
    "end_reason",
)
DISCLOSURE_TEXTS = ("purpose", "content", "basis_reference", "answer")


class CustomerDossier(models.Model):
    """Registers of a destroyed dossier keep who and when, and no words (S2-13)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def _destroy_traces(self):
        result = super()._destroy_traces()
        # sudo: loans of whomever, and data given outside by whomever
        loans = self.env["customer.loan"].sudo()
        loans = loans.search([("dossier_id", "=", self.id)])
        loans._end("revoked")
        self._destroy_words(loans, LOAN_TEXTS)
        self._destroy_words(self._get_own_disclosures(), DISCLOSURE_TEXTS)
        return result

    def _get_own_disclosures(self):
        """Those about this dossier and no other that is still there."""
        # sudo: see above
        lines = self.env["customer.disclosure.line"].sudo()
        disclosures = lines.search([("dossier_id", "=", self.id)]).disclosure_id
        others = lines.search(
            [("disclosure_id", "in", disclosures.ids), ("dossier_id", "!=", self.id)]
        )
        return disclosures - others.disclosure_id

    def _destroy_words(self, records, names):
        """Empty texts of a register, comments of decisions on it, and reminders."""
        records.write(dict.fromkeys(names, False))
        approvals = records.approval_ids
        approvals.decision_ids.write({"comment": False})
        activities = self.env["mail.activity"].with_context(active_test=False)
        for noted in (records, approvals):
            # sudo: see above
            activities.sudo().search(
                [("res_model", "=", noted._name), ("res_id", "in", noted.ids)]
            ).unlink()
