from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache


class CustomerClearanceMixin(models.AbstractModel):
    """A grading of dossiers that limits who may read them.

    The limit of :attr:`clearance_group_id` stands above every way in: an owner, a
    supervisor or an archivist without it reads none of these dossiers. A live loan
    alone satisfies it.
    """

    _name = "customer.clearance.mixin"
    _description = "Grading With a Clearance"

    clearance_group_id = fields.Many2one(
        "res.groups",
        string="Clearance",
        ondelete="restrict",
        help="Only members of this group read such dossiers, others borrow them "
        "(S0-25, S1-19). Empty: everybody to whom they are open otherwise.",
    )
    owner_may_read = fields.Boolean(
        string="Owner Without Clearance May Read",
        help="The account owner reads and keeps such a dossier though his rank is "
        "below the clearance. S0-25 says no: off, he borrows his customer's dossier.",
    )
    borrower_group_id = fields.Many2one(
        "res.groups",
        string="May Borrow",
        ondelete="restrict",
        help="Only members of this group borrow such dossiers (S1-19). Empty: whoever "
        "gets the approval.",
    )
    loan_days = fields.Integer(
        string="Longest Loan",
        help="Working days, the first one included; a loan ends when work closes on "
        "the last. 1: back the same day (S4-22, S4-23). 0: as for all dossiers.",
    )
    closed_owner_count = fields.Integer(
        string="Owners Shut Out",
        compute="_compute_closed_owner_count",
        help="Dossiers whose owner can't read them, or couldn't if the box above were "
        "not ticked: look at them before you change it (S0-25).",
    )

    _loan_days_positive = models.Constraint(
        "CHECK(loan_days >= 0)", "A loan can't last less than no day."
    )

    @api.model
    def _get_dossier_field(self):
        """Name of the field of a dossier that holds this grading."""
        raise NotImplementedError

    @api.depends("clearance_group_id")
    def _compute_closed_owner_count(self):
        name = self._get_dossier_field()
        # sudo: counts dossiers by owner, for who sets the clearances up
        groups = (
            self.env["customer.dossier"]
            .sudo()
            ._read_group(
                [(name, "in", self.ids), ("user_id", "!=", False)],
                [name, "user_id"],
                ["__count"],
            )
        )
        counts = dict.fromkeys(self.ids, 0)
        for grading, owner, count in groups:
            group = grading.clearance_group_id
            if group and group not in owner.all_group_ids:
                counts[grading.id] += count
        for grading in self:
            grading.closed_owner_count = counts.get(grading.id, 0)

    @api.model
    def _get_cleared_domain(self, user):
        """Dossiers that this grading leaves open to ``user``; all of them: TRUE."""
        closed_ids, own_ids = self._get_closed_ids(user._get_group_ids())
        if not closed_ids:
            return Domain.TRUE
        name = self._get_dossier_field()
        domain = Domain(name, "not in", closed_ids)
        if own_ids:
            domain |= Domain(name, "in", own_ids) & Domain("user_id", "=", user.id)
        return domain

    @api.model
    @ormcache("group_ids")
    def _get_closed_ids(self, group_ids):
        """Ids of the gradings closed to these groups, and of those an owner reads.

        Kept from query to query: each search of dossiers asks for it.
        """
        # sudo: compares the clearances with the groups of the user, tells no more
        gradings = self.sudo().with_context(active_test=False)
        closed = gradings.search_fetch(
            [
                ("clearance_group_id", "!=", False),
                ("clearance_group_id", "not in", group_ids),
            ],
            ["owner_may_read"],
        )
        return tuple(closed.ids), tuple(closed.filtered("owner_may_read").ids)

    @api.model_create_multi
    def create(self, vals_list):
        gradings = super().create(vals_list)
        self.env.registry.clear_cache()
        return gradings

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
