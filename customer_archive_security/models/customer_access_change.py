from odoo import api, fields, models
from odoo.exceptions import UserError

ANNOUNCED = "customer_access_announced"
NO_CHANGE = """
CREATE OR REPLACE FUNCTION customer_access_change_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'The record of who changed access is changed by nobody.';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER customer_access_change_no_change
    BEFORE UPDATE OR DELETE ON customer_access_change
    FOR EACH ROW EXECUTE FUNCTION customer_access_change_refuse();
CREATE OR REPLACE TRIGGER customer_access_change_no_truncate
    BEFORE TRUNCATE ON customer_access_change
    FOR EACH STATEMENT EXECUTE FUNCTION customer_access_change_refuse();
"""


class CustomerAccessChange(models.Model):
    """Who changed what decides on access: rules, rights, groups, clearances (S2-20).

    Lines are only added, the superuser included; whoever rules the server rules them.
    """

    _name = "customer.access.change"
    _inherit = ["customer.unchanging.mixin", "customer.archive.activity"]
    _description = "Change of Access"
    _order = "id desc"
    _rec_name = "subject"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    kind = fields.Selection(
        [
            ("rule", "Record Rule"),
            ("access", "Access Right"),
            ("group", "Groups Implied"),
            ("member", "Members of a Group"),
            ("clearance", "Clearance"),
            ("action", "Server Action"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    subject = fields.Char(required=True, readonly=True)
    before = fields.Text(readonly=True, help="Of members: who was taken out.")
    after = fields.Text(readonly=True, help="Of members: who came in.")
    is_of_addon = fields.Boolean(
        string="By an Addon", readonly=True, help="While an addon was installed."
    )

    def init(self):
        self.env.cr.execute(NO_CHANGE)

    # ------------------------------------------------------------------
    # Nobody changes a line
    # ------------------------------------------------------------------

    @api.model
    def _make_closed_error(self):
        return UserError(
            self.env._("The record of who changed access is changed by nobody.")
        )

    # ------------------------------------------------------------------
    # Adding lines
    # ------------------------------------------------------------------

    @api.model
    def _log(self, before, after):
        """Keep how the states differ, and tell the auditors.

        :param before: ``{(kind, key, subject): text, or a set of names}``
        :param after: the same, afterwards
        :return: the keys whose state changed
        """
        changed = [
            state
            for state in {**before, **after}
            if before.get(state) != after.get(state)
        ]
        is_of_addon = not self.env.registry.ready
        vals_list = []
        for kind, key, subject in changed:
            old, new = (states.get((kind, key, subject)) for states in (before, after))
            if isinstance(old or new, frozenset):
                old, new = _name_difference(old, new)
            vals_list.append(
                {
                    "kind": kind,
                    "subject": subject,
                    "before": old,
                    "after": new,
                    "is_of_addon": is_of_addon,
                }
            )
        if vals_list:
            # sudo: only the archive itself writes here
            self.sudo().create(vals_list)._announce()
        return changed

    def _announce(self):
        """Put the first of these on each auditor's desk, once in a transaction."""
        data = self.env.cr.precommit.data
        if data.get(ANNOUNCED) or not self:
            return
        data[ANNOUNCED] = True
        group = self.env.ref(
            "customer_archive_security.group_archive_auditor", raise_if_not_found=False
        )
        auditors = group.all_user_ids.filtered("active") if group else ()
        model_id = self.env["ir.model"]._get_id(self._name)
        kind = self.env.ref("mail.mail_activity_data_warning")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": self[:1].id,
                    "activity_type_id": kind.id,
                    "user_id": auditor.id,
                    "summary": self.with_context(lang=auditor.lang).env._(
                        "Access to the customer archive was changed"
                    ),
                }
                for auditor in auditors
            ]
        )


def _name_difference(old, new):
    """The names that went, and those that came, as texts."""
    old, new = old or frozenset(), new or frozenset()
    return "\n".join(sorted(old - new)), "\n".join(sorted(new - old))
