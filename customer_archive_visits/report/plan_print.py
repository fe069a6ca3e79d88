from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CustomerArchivePlanPrint(models.AbstractModel):
    """Printed form of a plan that hangs on a dossier."""

    _name = "customer.archive.plan.print"
    _inherit = ["customer.archive.print"]
    _description = "Printed Plan"

    # The model whose records are printed.
    _printed_model = None

    @api.model
    def _get_printable(self, plan_ids):
        """The plans chosen, if all of them are open to the user.

        :raises AccessError: when one of them is closed to him
        """
        plans = self.env[self._printed_model].sudo(False)
        plans.check_access("read")
        wanted = list(dict.fromkeys(plan_ids or ()))
        if not wanted:
            raise UserError(self.env._("Choose the plans to print."))
        if plans.search_count([("id", "in", wanted)]) < len(wanted):
            raise AccessError(self.env._("Some of these plans are not open to you."))
        return plans.browse(wanted)
