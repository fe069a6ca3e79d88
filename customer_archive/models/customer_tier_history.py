from odoo import fields, models

from ..fields import BulkMany2one


class CustomerTierHistory(models.Model):
    """One change of a customer's tier: from which to which, when, why, by whom (S0-29).

    Written by the archive itself; nobody edits or deletes a line. The tier a dossier
    was opened with is what the first line changed, or the tier it still has.
    """

    _name = "customer.tier.history"
    _inherit = ["customer.dossier.item"]
    _description = "Change of a Tier"
    _order = "date desc, id desc"
    _history = False
    _log_access = False

    date = fields.Datetime(
        string="Changed On", required=True, readonly=True, default=fields.Datetime.now
    )
    # no key here either: a dossier is deleted with what hangs on it
    dossier_id = BulkMany2one("customer.dossier", required=True, index=True)
    old_tier_id = BulkMany2one("customer.tier", string="Tier Before", readonly=True)
    tier_id = BulkMany2one("customer.tier", string="New Tier", readonly=True)
    cause = fields.Selection(
        [
            ("entry", "Entered"),
            ("run", "Tier Run"),
            ("undo", "Run Undone"),
            ("request", "Request Approved"),
            ("expiry", "Fixed Tier Expired"),
        ],
        required=True,
        readonly=True,
    )
    run_id = BulkMany2one("customer.tier.run", readonly=True)
    user_id = BulkMany2one("res.users", string="By", readonly=True)
    reason = fields.Char(readonly=True)

    def _get_item_name(self):
        return f"{self.dossier_id.number} ({self.date:%Y-%m-%d})"

    def _move_to_dossier(self, dossier):
        """Stay: these were the tiers of the merged customer, not of the other one."""
