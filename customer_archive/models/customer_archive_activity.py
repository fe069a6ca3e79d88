from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.mail.tools.discuss import Store


class CustomerArchiveActivity(models.AbstractModel):
    """Follow-up activities on a protected record, without a chatter.

    ``mail.activity`` and the web client expect a thread on the record. A thread
    would keep access that the rules took away (followers, mentions), so only the
    few methods they call are here, and none of them carries content.
    """

    _name = "customer.archive.activity"
    _inherit = ["mail.activity.mixin"]
    _description = "Activities of the Customer Archive"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nobody follows a protected record."""
        return True

    def message_unsubscribe(self, partner_ids=None):
        """Nobody follows a protected record."""
        return True

    def message_post(self, **kwargs):
        """Refuse: whoever may read a message goes on reading it.

        :raises UserError: always
        """
        raise UserError(
            self.env._("No messages are kept here. Log what you learned as a fact.")
        )

    def message_notify(self, **kwargs):
        """Nobody is mailed; people find their activities in the client."""
        return self.env["mail.message"]

    def message_post_with_source(self, source_ref, render_values=None, **kwargs):
        """Hand what was written on a done activity to :meth:`_on_activity_done`.

        :return: an empty recordset, for nothing is posted
        """
        values = render_values or {}
        activity = values.get("activity")
        # anybody may call this from outside, but not hand in a record
        if isinstance(activity, self.env.registry["mail.activity"]):
            self._on_activity_done(activity, values.get("feedback"))
        return self.env["mail.message"]

    def _on_activity_done(self, activity, feedback):
        """Hook: ``activity`` on this record was done, with an optional feedback."""

    # ------------------------------------------------------------------
    # What the web client asks of a thread
    # ------------------------------------------------------------------

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Tell the client of activities alone; there is nothing else."""
        store.add_records_fields(self, fields, as_thread=True)
        if request_list is None:
            return
        for record in self:
            values = {
                "hasReadAccess": record.sudo(False).has_access("read"),
                "hasWriteAccess": record.sudo(False).has_access("write"),
            }
            if "activities" in request_list:
                values["activities"] = Store.Many(record.activity_ids)
            store.add(record, values, as_thread=True)

    def _mail_get_partner_fields(self, introspect_fields=False):
        """The customer is never proposed as a recipient."""
        return []

    def _message_get_suggested_recipients(
        self,
        reply_discussion=False,
        reply_message=None,
        no_create=True,
        primary_email=False,
        additional_partners=None,
    ):
        """Nor is anybody else."""
        return []

    @api.model
    def _get_allowed_message_params(self):
        return set()

    @api.model
    def _get_allowed_access_params(self):
        return set()

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """The record where its reader asks for the (empty) thread behind it."""
        record = self.browse(thread_id).sudo(False)
        return record if record.exists() and record.has_access(mode) else self.browse()
