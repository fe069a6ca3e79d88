from odoo import models

from .ir_rule_watched import OPERATIONS


class IrModelAccess(models.Model):
    _name = "ir.model.access"
    _inherit = ["customer.access.watched", "ir.model.access"]

    def _get_access_states(self):
        """S2-20: who has which rights on a model of the archive."""
        return {
            (
                "access",
                f"ir.model.access,{line.id}",
                f"{line.model_id.model}: {line.name}",
            ): line._get_access_text()
            for line in self
            if self._is_of_archive(line.model_id.model)
        }

    def _get_access_text(self):
        operations = ", ".join(op for op in OPERATIONS if self[f"perm_{op}"])
        state = "" if self.active else " -"
        return f"{self.group_id.full_name or '*'} | {operations}{state}"
