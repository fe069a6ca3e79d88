from odoo import api, models, tools


class ResGroups(models.Model):
    _name = "res.groups"
    _inherit = ["customer.access.watched", "res.groups"]

    _access_fields = frozenset(
        ("user_ids", "all_user_ids", "implied_ids", "implied_by_ids", "privilege_id")
    )

    @api.model
    def _get_watched(self):
        """Groups that open the archive or clear for part of it, as superuser."""
        # sudo: which groups there are
        return self.sudo().browse(self._get_watched_ids())

    @api.model
    @tools.ormcache(cache="groups")
    def _get_watched_ids(self):
        """Ids of these groups, in order.

        Without that of mere readers: it opens nothing, and loans put people in and
        take them out.
        """
        category = self.env.ref("customer_archive.module_category_customer_archive")
        reader = self.env.ref("customer_archive.group_archive_reader")
        # sudo: which groups are looked after, whoever changes one
        groups = self.sudo().search([("privilege_id.category_id", "=", category.id)])
        for model_name in ("customer.tier", "customer.secrecy"):
            gradings = self.env[model_name].sudo().with_context(active_test=False)
            groups |= gradings.search([("id", "!=", False)]).clearance_group_id
        return tuple(sorted((groups - reader).ids))

    def _keep_access_change(self, before):
        # the group may be one of these from now on
        self.env.registry.clear_cache("groups")
        return super()._keep_access_change(before)

    def _get_access_states(self):
        """S2-20: what watched groups imply, are implied by, and who is in them.

        All of them: a group that implies one of them takes its members along.
        """
        watched = self._get_watched()
        states = watched._get_member_states()
        for group in watched:
            implied = ", ".join(sorted(group.implied_ids.mapped("full_name")))
            implying = ", ".join(sorted(group.implied_by_ids.mapped("full_name")))
            name = group.full_name
            states["group", f"res.groups,{group.id}", name] = (
                f"> {implied} | < {implying}"
            )
        return states

    def _get_member_states(self):
        """Who is in these groups, by whatever way."""
        return {
            ("member", f"res.groups,{group.id}", group.full_name): frozenset(
                group.all_user_ids.mapped("login")
            )
            for group in self
        }
