from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _check_expiration_date(self, date):
        """Keys of those to whom dossiers are open end soon (S2-20, S2-50).

        A key opens all that its owner may read, from anywhere, without a second factor.
        """
        super()._check_expiration_date(date)
        user = self.env.user
        if not user.has_group("customer_archive.group_archive_reader") and not (
            user.all_group_ids & self.env["res.groups"]._get_watched()
        ):
            return
        days = (
            self.env["customer.archive.policy"]
            ._get_policy(self.env.company)
            .api_key_days
        )
        if not date or date > fields.Datetime.now() + timedelta(days=days):
            raise ValidationError(
                self.env._(
                    "Dossiers are open to you: a key of yours ends within "
                    "%(days)s days.",
                    days=days,
                )
            )
