from odoo import api, models


class CustomerAccessWatched(models.AbstractModel):
    """Records that decide on access: their changes are on record, and announced."""

    _name = "customer.access.watched"
    _description = "Decides on Access"

    # Fields whose change may change who sees what; empty: each may.
    _access_fields = frozenset()

    def _get_access_states(self):
        """What these records decide on access.

        :return: ``{(kind, key, subject): text, or a frozenset of names}``; none for
            records that have nothing to do with the archive
        """
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        before = self.browse()._as_kept()._get_access_states()
        records = super().create(vals_list)
        records._keep_access_change(before)
        return records

    def write(self, vals):
        if not self._may_change_access(vals):
            return super().write(vals)
        before = self._as_kept()._get_access_states()
        result = super().write(vals)
        self._keep_access_change(before)
        return result

    def unlink(self):
        before = self._as_kept()._get_access_states()
        result = super().unlink()
        self.browse()._keep_access_change(before)
        return result

    def _may_change_access(self, vals):
        """Whether writing ``vals`` may change who sees what."""
        return not (self._access_fields and self._access_fields.isdisjoint(vals))

    def _as_kept(self):
        """These records in full, in the language they were written in."""
        # sudo: kept in full whatever the one who changes it may read
        return self.sudo().with_context(lang=None, active_test=False)

    def _keep_access_change(self, before):
        if self._is_own_installation():
            return
        self.env.flush_all()
        self.env["res.groups"].invalidate_model(["all_user_ids"])
        after = self._as_kept()._get_access_states()
        changed = self.env["customer.access.change"]._log(before, after)
        if not self.env.registry.ready:
            self.env["customer.access.baseline"]._take(changed, after)

    @api.model
    def _is_own_installation(self):
        """Whether this addon is just being installed: what it finds is as shipped."""
        if self.env.registry.ready:
            return False
        # sudo: the state of this addon
        module = self.env["ir.module.module"].sudo()
        return module._get("customer_archive_security").state == "to install"

    @api.model
    def _is_of_archive(self, model_name):
        """Whether the archive's addons, or others that join its family, made it."""
        model = self.env.registry.get(model_name)
        if model is None:
            return False
        protected = self.env.registry["customer.archive.protected"]
        module = model._original_module or ""
        return module.startswith("customer_archive") or issubclass(model, protected)
