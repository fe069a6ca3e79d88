from odoo import fields, models


class CustomerArchivePolicy(models.Model):
    """What may be taken out of the archive, on the page of the policies."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.archive.policy"

    print_group_ids = fields.Many2many(
        "res.groups",
        "customer_archive_policy_print_group_rel",
        string="Printed By",
        default=lambda self: self._get_groups(
            "customer_archive.group_archive_user",
            "customer_archive.group_archive_keeper",
            "customer_archive_security.group_archive_service",
        ),
        help="Who of these reads a dossier prints its forms (S1-15, S2-50). Whoever "
        "borrows it with copies allowed prints it, too; to be read on site, never.",
    )
    export_group_ids = fields.Many2many(
        "res.groups",
        "customer_archive_policy_export_group_rel",
        string="Exported By",
        default=lambda self: self._get_groups(
            "customer_archive.group_archive_manager",
            "customer_archive.group_archive_keeper",
        ),
        help="Who of these reads a dossier exports its content, as a file of the "
        "list or as a filled-in form (S2-62). Odoo's own right to export is needed, "
        "too.",
    )
    copies_per_month = fields.Integer(
        string="Copies a Month",
        help="So many dossiers one person prints or exports in a calendar month "
        "(S2-50). 0: as many as needed.",
    )

    _copies_not_negative = models.Constraint(
        "CHECK(copies_per_month >= 0)", "Numbers of copies are not negative."
    )

    def _get_groups(self, *xml_ids):
        return self.env["res.groups"].concat(*map(self.env.ref, xml_ids))
