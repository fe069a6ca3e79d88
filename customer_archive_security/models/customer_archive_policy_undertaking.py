from odoo import api, fields, models, tools


class CustomerArchivePolicy(models.Model):
    """How strict the undertaking is, on the page of the policies."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    is_undertaking_strict = fields.Boolean(
        string="Closed Until Confirmed",
        help="On: who has not confirmed the undertaking of secrecy reads no dossier "
        "(S1-20, S3-13). Off: he is asked when he opens the archive and when he "
        "borrows.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if "is_undertaking_strict" in vals:
            self.env.registry.clear_cache()
            self.env.invalidate_all()
        return result

    @api.model
    @tools.ormcache("company_id")
    def _is_undertaking_strict(self, company_id):
        company = self.env["res.company"].browse(company_id)
        return self._get_policy(company).is_undertaking_strict
