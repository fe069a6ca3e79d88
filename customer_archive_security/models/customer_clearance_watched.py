# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import models


class CustomerClearanceMixin(models.AbstractModel):
    _name = "customer.clearance.mixin"
    _inherit = ["customer.clearance.mixin", "customer.access.watched"]

    # What of a grading decides on access.
    _access_fields = frozenset(
        ("name", "active", "clearance_group_id", "owner_may_read", "borrower_group_id")
    )

    def _get_access_states(self):
        """S0-25, S1-19: who is cleared, and whether owners read without it."""
        return {
            (
                "clearance",
                f"{self._name},{grading.id}",
                f"{self._description}: {grading.name}",
            ): grading._get_access_text()
            for grading in self
        }

    def _keep_access_change(self, before):
        # a group that clears is watched from now on
        self.env.registry.clear_cache("groups")
        return super()._keep_access_change(before)

    def _get_access_text(self):
        names = sorted(self._access_fields & self._fields.keys())
        return " | ".join(f"{name}: {self._get_access_value(name)}" for name in names)

    def _get_access_value(self, name):
        value = self[name]
        return value.full_name if self._fields[name].relational else value
