# one model in several files: pylint: disable=consider-merging-classes-inherited
from odoo import models

OPERATIONS = ("read", "write", "create", "unlink")


class IrRule(models.Model):
    _name = "ir.rule"
    _inherit = ["customer.access.watched", "ir.rule"]

    def _get_access_states(self):
        """S2-20: what the rule says, to whom."""
        return {
            ("rule", f"ir.rule,{rule.id}", f"{rule.model_id.model}: {rule.name}"): (
                rule._get_access_text()
            )
            for rule in self
            if self._is_of_archive(rule.model_id.model)
        }

    def _get_access_text(self):
        groups = ", ".join(sorted(self.groups.mapped("full_name"))) or "*"
        operations = ", ".join(op for op in OPERATIONS if self[f"perm_{op}"])
        domain = " ".join((self.domain_force or "").split())
        state = "" if self.active else " -"
        return f"{groups} | {operations} | {domain}{state}"
