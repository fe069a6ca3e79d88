from odoo import models


class ResourceResource(models.Model):
    _name = "resource.resource"
    _inherit = ["resource.resource", "customer.workdays.mixin"]

    _workday_fields = frozenset(
        ("active", "calendar_id", "company_id", "resource_type", "tz", "user_id")
    )
