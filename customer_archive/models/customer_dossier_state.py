from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_dossier import KEEPER_GROUP

# Groups that may file a dossier, close it or take it back (S2-1, S2-45).
FILING_GROUPS = f"customer_archive.group_archive_supervisor,{KEEPER_GROUP}"
# From each state to the states it may move to. Only a disposal destroys.
STATE_MOVES = {
    "draft": {"review"},
    "review": {"draft", "filed"},
    "filed": {"review", "closed"},
    "closed": {"filed"},
    "destroyed": set(),
}


class CustomerDossier(models.Model):
    """The way of a dossier through its states, and who may make which move."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    state = fields.Selection(
        [
            ("draft", "Collecting"),
            ("review", "In Review"),
            ("filed", "Filed"),
            ("closed", "Closed"),
            ("destroyed", "Destroyed"),
        ],
        required=True,
        default="draft",
        group_expand="_group_expand_state",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opened(self):
        if any(dossier.state != "draft" for dossier in self):
            raise UserError(
                self.env._(
                    "Only a dossier still being collected can be deleted. "
                    "Close this one instead."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        dossiers._check_filing_right(dossiers.mapped("state"))
        return dossiers

    def write(self, vals):
        if state := vals.get("state"):
            self._check_state_move(state)
        return super().write(vals)

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of the pipeline even while they are empty."""
        return [state for state in STATE_MOVES if state != "destroyed"] + [
            state for state in states if state == "destroyed"
        ]

    def _check_state_move(self, state):
        """Refuse a move of the pipeline that leads nowhere, and say why.

        :raises UserError: for a move between two states that are no neighbours
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for dossier in self:
            if dossier.state == state:
                continue
            self._check_filing_right([dossier.state, state])
            if state not in STATE_MOVES[dossier.state]:
                raise UserError(
                    self.env._(
                        "Dossier %(number)s can't go from “%(old)s” to “%(new)s”.",
                        number=dossier.number,
                        old=labels[dossier.state],
                        new=labels[state],
                    )
                )

    def _check_filing_right(self, states):
        """Leave filed and closed dossiers to superiors and archivists.

        :raises UserError: when one of ``states`` is not the salesperson's
        """
        if self.env.su or set(states) <= {"draft", "review"}:
            return
        if not self.env.user.has_groups(FILING_GROUPS):
            raise UserError(
                self.env._(
                    "A dossier is filed, closed or taken back by a supervisor "
                    "or an archivist. Submit it for review instead."
                )
            )

    def action_submit(self):
        return self.write({"state": "review"})

    def action_return(self):
        return self.write({"state": "draft"})

    def action_file(self):
        return self.write({"state": "filed"})

    def action_take_back(self):
        return self.write({"state": "review"})

    def action_close(self):
        return self.write({"state": "closed"})

    def action_reopen(self):
        return self.write({"state": "filed"})
