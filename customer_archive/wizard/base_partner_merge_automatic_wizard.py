from odoo import api, models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Move what the archive holds of merged contacts by its own rules first.

        Odoo re-points, or deletes, rows by SQL and past every rule; nothing is
        left for it here.

        :raises UserError: when the user may not change all that is concerned
        """
        dossiers = self._find_archive_dossiers(src_partners | dst_partner)
        self._check_archive_merge(src_partners, dst_partner, dossiers)
        customer = dst_partner.commercial_partner_id
        for dossier in dossiers.filtered(lambda d: d.partner_id in src_partners):
            target = dossiers.filtered(
                lambda d, dossier=dossier: (
                    d.partner_id == customer
                    and d.company_id == dossier.company_id
                    and not d.merged_into_id
                )
            )
            if target and not dossier.merged_into_id:
                dossier._merge_into(target)
            else:
                dossier.partner_id = customer
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _find_archive_dossiers(self, partners):
        """Every dossier of these contacts or in which one is a key person.

        :return: dossiers in the user's own environment
        """
        # sudo: finds what the user may not see, only to refuse the merge
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        persons = self.env["customer.key.person"].sudo()
        dossiers = dossiers.search([("partner_id", "in", partners.ids)])
        persons = persons.search([("partner_id", "in", partners.ids)])
        return (dossiers | persons.dossier_id).sudo(False)

    @api.model
    def _check_archive_merge(self, src_partners, dst_partner, dossiers):
        """Ask for somebody who may change every dossier concerned."""
        if not dossiers:
            return
        if not (dossiers.has_access("read") and dossiers.has_access("write")):
            raise UserError(
                self.env._(
                    "Some of these contacts are kept in the customer archive. "
                    "Ask an archivist to merge them."
                )
            )
        # Odoo gives the remaining contact the parent of the others
        partners = src_partners | dst_partner
        if dossiers.partner_id & partners and partners.parent_id:
            raise UserError(
                self.env._(
                    "A customer with a dossier can't be merged with a contact of "
                    "a company."
                )
            )
