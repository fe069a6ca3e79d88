from odoo import api, models


class CustomerWorkdaysMixin(models.AbstractModel):
    """Record that decides on which days people work: with it due dates move."""

    _name = "customer.workdays.mixin"
    _description = "Record That Decides on Working Days"

    # Fields on which working days depend; None: on any.
    _workday_fields = None

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget_workdays()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._workday_fields is None or not self._workday_fields.isdisjoint(vals):
            self._forget_workdays()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_workdays()
        return result

    @api.model
    def _forget_workdays(self):
        self.env.registry.clear_cache()
        self.env["customer.follow.up"]._sweep_soon()
