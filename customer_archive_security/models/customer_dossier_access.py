from odoo import models
from odoo.exceptions import UserError

from .customer_archive_protected import CustomerArchiveProtected as Protected


class CustomerDossier(models.Model):
    """What of a dossier is no look into it."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    # What anybody may know, the customer's ordinary data, and what the register shows
    # of where a file stands: paging through it is not reading dossiers.
    _stub_fields = Protected._stub_fields | {
        "completeness",
        "country_id",
        "country_state_id",
        "customer_class",
        "domain_key",
        "industry_id",
        "is_cleared",
        "is_rank_cleared",
        "is_contact_writable",
        "is_dormant",
        "is_incomplete",
        "is_lent",
        "is_opening_late",
        "is_own_account",
        "is_readable",
        "is_supervised",
        "is_writable",
        "keeper_id",
        "last_contact_date",
        "last_update_date",
        "merged_into_id",
        "name_key",
        "number",
        "open_date",
        "opening_due_date",
        "partner_city",
        "partner_email",
        "partner_id",
        "partner_name",
        "partner_phone",
        "partner_street",
        "partner_website",
        "partner_zip",
        "phone_key",
        "secrecy_id",
        "state",
        "team_id",
        "tier_code",
        "tier_id",
        "update_due_date",
        "user_id",
        "verified_by_id",
        "verified_date",
    }

    def _on_taken_out(self, how):
        """Note prints and exports (S2-47, S2-50)."""
        result = super()._on_taken_out(how)
        if self._is_watched():
            self.env["customer.access.log"]._note(self, how)
        return result

    def _check_taken_out(self, how):
        """Note those that are refused (S2-47)."""
        try:
            return super()._check_taken_out(how)
        except UserError:
            self.env["customer.access.log"]._note(self, "denied", asked=how)
            raise

    def action_view_access_log(self):
        """Who looked at this dossier: for auditors, and archivists of their own."""
        self.ensure_one()
        self.env["customer.access.log"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive_security.customer_access_log_action"
        )
        return {
            **action,
            "domain": [("dossier_res_id", "=", self.id)],
            "context": {},
        }

    def action_view_readers(self):
        """Who can see this dossier, and through what (S1-19)."""
        self.ensure_one()
        self.check_access("read")
        readers = self.env["customer.dossier.readers"]
        readers.check_access("read")
        return readers._open(self.id)
