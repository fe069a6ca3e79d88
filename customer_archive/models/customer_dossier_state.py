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
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    verified_date = fields.Datetime(string="Verified On", readonly=True)
    refusal_reason = fields.Text(string="Refused Because", readonly=True)

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
        dossiers.filtered(lambda d: d.state == "review")._request_approval()
        return dossiers

    def write(self, vals):
        """Write; a move in the pipeline asks for approval, or gives or withdraws it.

        :raises UserError: for a move that leads nowhere or is not the user's
        """
        state = vals.get("state")
        if not state or self.env.su:
            return super().write(vals)
        self._check_state_move(state)
        if state == "filed":
            waiting = self.filtered(lambda d: d.state == "review")
            waiting.action_approve()
            vals = {name: value for name, value in vals.items() if name != "state"}
            (self - waiting)._move_to(state)
        elif state == "review":
            moved = self.filtered(lambda d: d.state != "review")
            super().write(vals)
            moved._request_approval()
            return True
        elif state == "draft":
            # sudo: withdraws the request of a dossier the user may write
            self.approval_id.sudo()._cancel()
        return super().write(vals)

    def _move_to(self, state):
        # sudo: the move was checked, and the state alone is written
        self.sudo().write({"state": state})

    def _prepare_approval_vals(self):
        return {
            "dossier_id": self.id,
            "team_id": self.team_id.id,
            # data that is loaded has the owner ask, as he would have done
            "requester_id": (self.env.su and self.user_id.id) or self.env.uid,
        }

    def _get_approval_company(self):
        return self.company_id

    def _on_decided(self, state, comment):
        """File the dossier, verified by who approved it (S2-1, S2-9, S2-45)."""
        # sudo: whoever decided last was asked for his right by the approval
        if state == "approved":
            self.sudo().write(
                {
                    "state": "filed",
                    "verified_by_id": self.env.uid,
                    "verified_date": fields.Datetime.now(),
                    "refusal_reason": False,
                }
            )
        else:
            # sudo: whoever verifies may be none who writes the dossier
            self.sudo().write({"state": "draft", "refusal_reason": comment})

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

    def action_take_back(self):
        return self.write({"state": "review"})

    def action_close(self):
        return self.write({"state": "closed"})

    def action_reopen(self):
        return self.write({"state": "filed"})
