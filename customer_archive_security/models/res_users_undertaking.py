from odoo import api, fields, models
from odoo.fields import Domain

SUPERVISORS = (
    "customer_archive.group_archive_manager,customer_archive.group_archive_keeper,"
    "customer_archive.group_archive_admin,"
    "customer_archive_security.group_archive_service,"
    "customer_archive_security.group_archive_auditor"
)


class ResUsers(models.Model):
    """Who has confirmed the undertaking in force (S1-20, S3-13)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "res.users"

    archive_undertaking_date = fields.Datetime(
        string="Undertaking Confirmed On",
        compute="_compute_archive_undertaking",
        groups=SUPERVISORS,
    )
    is_archive_undertaken = fields.Boolean(
        string="Undertaking Confirmed",
        compute="_compute_archive_undertaking",
        search="_search_is_archive_undertaken",
        groups=SUPERVISORS,
    )

    @api.model
    def _get_current_confirmations(self):
        # sudo: who has confirmed is shown to the groups of the fields alone
        confirmations = self.env["customer.undertaking.confirmation"].sudo()
        current = self.env["customer.undertaking"]._get_current()
        return confirmations, Domain("undertaking_id", "=", current.id)

    @api.depends_context("uid")
    def _compute_archive_undertaking(self):
        confirmations, domain = self._get_current_confirmations()
        found = confirmations.search_fetch(
            domain & Domain("user_id", "in", self.ids), ["user_id", "date"]
        )
        dates = {confirmation.user_id.id: confirmation.date for confirmation in found}
        for user in self:
            user.archive_undertaking_date = dates.get(user.id, False)
            user.is_archive_undertaken = user.id in dates

    def _search_is_archive_undertaken(self, operator, value):
        if operator != "in":
            return NotImplemented
        confirmations, domain = self._get_current_confirmations()
        return Domain("id", "in", confirmations.search(domain).user_id.ids)

    @api.model
    def action_open_archive_undertakings(self):
        """The people of the archive with what they have confirmed."""
        view = "customer_archive_security.res_users_view_list_undertaking"
        groups = self.env["res.groups"].concat(
            self.env.ref("customer_archive.group_archive_reader"),
            self.env.ref("customer_archive.group_archive_user"),
            self.env.ref("customer_archive.group_archive_keeper"),
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Has Confirmed"),
            "res_model": self._name,
            "views": [(self.env.ref(view).id, "list")],
            "search_view_id": [
                self.env.ref(view.replace("_list_", "_search_")).id,
                "search",
            ],
            "domain": [
                ("share", "=", False),
                ("all_group_ids", "in", groups.ids),
            ],
            "context": {"search_default_open": 1},
        }
