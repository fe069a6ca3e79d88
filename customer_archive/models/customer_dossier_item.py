from odoo import api, fields, models


class CustomerDossierItem(models.AbstractModel):
    """Base of whatever hangs on a dossier; inherits the dossier's lock.

    The record rules of each such model are two lines, the same everywhere:
    ``[('dossier_id.is_readable', '=', True)]`` to read,
    ``[('dossier_id.is_writable', '=', True)]`` for the rest.
    """

    _name = "customer.dossier.item"
    _inherit = ["customer.archive.protected"]
    _description = "Item of a Customer Dossier"
    _check_company_auto = True

    _moving_fields = frozenset(("dossier_id",))
    # Whether rows stay when their dossier is destroyed; they hold none of its content.
    _outlives_dossier = False

    dossier_id = fields.Many2one(
        "customer.dossier",
        required=True,
        index=True,
        # A database cascade would pass by unlink() and its checks.
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="dossier_id.company_id")

    @api.depends("dossier_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_display_name(self):
        """Show the item's name to its readers, its kind to anybody else.

        Odoo hands names out by id without asking the rules.
        """
        readable = self._origin.sudo(False)._filtered_access("read")
        kind = self.env["ir.model"]._get(self._name).name
        for item in self:
            is_shown = not item._origin or item._origin in readable
            item.display_name = item._get_item_name() if is_shown else kind

    def _get_item_name(self):
        """Name of the item for those who may read it."""
        return self.dossier_id.number

    def _get_history_dossier(self):
        return self.dossier_id

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {}
        if not all(vals.get("dossier_id") for vals in vals_list):
            defaults = self.default_get(["dossier_id"])
        self._check_dossiers_open({**defaults, **vals} for vals in vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_dossiers_open([vals])
        return super().write(vals)

    @api.model
    def _check_dossiers_open(self, vals_list):
        """Ask first whether the dossiers to hang items on are the user's to write.

        Odoo looks at the rules once the rows are written, and whether they can be
        may depend on what hangs there already.

        :raises AccessError: when one of them is not
        """
        ids = {vals["dossier_id"] for vals in vals_list if vals.get("dossier_id")}
        dossiers = self.env["customer.dossier"].browse(ids)
        dossiers.check_access("read")
        dossiers.check_access("write")

    def _move_to_dossier(self, dossier):
        """Hang the items on ``dossier`` instead, as its merge asks for."""
        return self.write({"dossier_id": dossier.id})
