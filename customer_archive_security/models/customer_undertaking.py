from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class CustomerUndertaking(models.Model):
    """What whoever reads dossiers undertakes to keep (S1-20, S2-8, S3-13).

    One version is in force, the last one published. What was published stays as it
    is: people have confirmed that very text.
    """

    _name = "customer.undertaking"
    _description = "Undertaking of Secrecy"
    _order = "version desc, id desc"

    name = fields.Char(required=True, translate=True)
    text = fields.Html(required=True, translate=True)
    version = fields.Integer(
        readonly=True, copy=False, help="Numbered when it is published."
    )
    date = fields.Datetime(string="In Force Since", readonly=True, copy=False)
    confirmation_ids = fields.One2many(
        "customer.undertaking.confirmation", "undertaking_id", readonly=True
    )
    confirmation_count = fields.Integer(
        string="Confirmed By", compute="_compute_confirmation_count"
    )
    is_confirmed = fields.Boolean(
        string="Confirmed by Me", compute="_compute_is_confirmed"
    )

    _version_uniq = models.UniqueIndex(
        "(version) WHERE version > 0", "There is such a version already."
    )

    @api.depends("confirmation_ids")
    def _compute_confirmation_count(self):
        # sudo: a number of people
        groups = (
            self.env["customer.undertaking.confirmation"]
            .sudo()
            ._read_group(
                [("undertaking_id", "in", self.ids)], ["undertaking_id"], ["__count"]
            )
        )
        counts = {undertaking.id: count for undertaking, count in groups}
        for undertaking in self:
            undertaking.confirmation_count = counts.get(undertaking.id, 0)

    @api.depends("confirmation_ids")
    @api.depends_context("uid")
    def _compute_is_confirmed(self):
        # sudo: one's own confirmations
        own = self.env["customer.undertaking.confirmation"].sudo()
        mine = own.search_fetch(
            [("undertaking_id", "in", self.ids), ("user_id", "=", self.env.uid)],
            ["undertaking_id"],
        ).undertaking_id
        for undertaking in self:
            undertaking.is_confirmed = undertaking in mine.with_env(self.env)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for undertaking in self:
            undertaking.display_name = (
                self.env._(
                    "%(name)s, version %(version)s",
                    name=undertaking.name,
                    version=undertaking.version,
                )
                if undertaking.version
                else undertaking.name
            )

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def write(self, vals):
        """
        :raises UserError: where people have confirmed the text
        """
        if not {"name", "text", "version"}.isdisjoint(vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        if any(self.mapped("version")):
            raise UserError(
                self.env._(
                    "People confirm the published text. Write a new version instead."
                )
            )

    def action_publish(self):
        """Put the text in force: everybody confirms anew."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        last = self.search([("version", ">", 0)], limit=1)
        self.write({"version": last.version + 1, "date": fields.Datetime.now()})
        self.env.registry.clear_cache()

    def action_new_version(self):
        """Begin a new version from this one."""
        self.ensure_one()
        draft = self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_current(self):
        """The version in force; empty where none is."""
        # sudo: whoever comes to the archive reads it
        return self.sudo().search([("version", ">", 0)], limit=1)

    # ------------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("user_id")
    def _has_confirmed_id(self, user_id):
        current = self._get_current()
        # sudo: whether somebody has confirmed
        confirmations = self.env["customer.undertaking.confirmation"].sudo()
        return not current or bool(
            confirmations.search_count(
                [("undertaking_id", "=", current.id), ("user_id", "=", user_id)],
                limit=1,
            )
        )

    @api.model
    def _has_confirmed(self, user):
        """Whether ``user`` has confirmed the version in force."""
        return self._has_confirmed_id(user.id)

    @api.model
    def _confirm(self):
        """Keep that the current user confirms the version in force, now."""
        current = self._get_current()
        if not current or self._has_confirmed(self.env.user):
            return
        # sudo: nobody writes confirmations but here, of himself
        self.env["customer.undertaking.confirmation"].sudo().create(
            {
                "undertaking_id": current.id,
                "version": current.version,
                "user_id": self.env.uid,
                "lang": self.env.lang,
            }
        )
        self.env.registry.clear_cache()
        # what the user may read may be more now
        self.env.invalidate_all()

    def action_confirm(self):
        """Confirm what was read, and go on into the archive.

        :raises UserError: when it is no longer the version in force
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: compares ids; nothing is read
        if self.sudo() != self._get_current():
            raise UserError(
                self.env._("There is a new version meanwhile. Open the archive again.")
            )
        self._confirm()
        return self.action_open_archive()

    # ------------------------------------------------------------------
    # The way in
    # ------------------------------------------------------------------

    @api.model
    def action_open_archive(self):
        """Open the archive; the undertaking first where it is not confirmed."""
        current = self._get_current()
        if not self._has_confirmed(self.env.user):
            view = "customer_archive_security.customer_undertaking_view_form_confirm"
            return {
                "type": "ir.actions.act_window",
                "name": current.name,
                "res_model": self._name,
                "res_id": current.id,
                "views": [(self.env.ref(view).id, "form")],
                "target": "main",
            }
        return self._get_first_action()

    @api.model
    def _get_first_action(self):
        """The action of the first menu of the archive the user sees."""
        menus = self.env["ir.ui.menu"].load_menus(False)
        root = self.env.ref("customer_archive.customer_archive_menu")
        waiting = list(menus[root.id]["children"]) if root.id in menus else []
        while waiting:
            menu = menus[waiting.pop(0)]
            if menu["action_id"]:
                # sudo: the action of a menu the user sees
                action = self.env[menu["action_model"]].sudo().browse(menu["action_id"])
                return {**action._get_action_dict(), "target": "main"}
            waiting = menu["children"] + waiting
        return {"type": "ir.actions.client", "tag": "reload"}
