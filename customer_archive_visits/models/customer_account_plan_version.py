import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_account_plan import CONTENT, IN_FORCE

# A word, or a sign by itself as in Chinese.
TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.S)


class CustomerAccountPlan(models.Model):
    """Versions of a plan: only the head has an approved one adjusted (S1-24)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.account.plan"

    version = fields.Integer(
        required=True, readonly=True, default=1, aggregator=None, copy=False
    )
    previous_id = fields.Many2one(
        "customer.account.plan",
        string="Version Before",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    comparison = fields.Html(
        string="Changed Since the Version Before",
        compute="_compute_comparison",
        help="What was, and what is now, side by side.",
    )

    _version_uniq = models.UniqueIndex(
        "(dossier_id, year, version)",
        "There is a plan of that year. "
        "Only the head has it adjusted, as a new version.",
    )

    def action_revise(self):
        """Open the next version, to be adjusted; the one begun where there is one.

        :raises UserError: for anybody but the head, or a plan that is not in force
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("customer_archive.group_archive_manager"):
            raise UserError(
                self.env._("Only the head may have an approved plan adjusted.")
            )
        if self.state not in IN_FORCE:
            raise UserError(self.env._("Only a plan in force is adjusted."))
        plan = self.search([("previous_id", "=", self.id)], limit=1)
        # sudo: version and version before are given here alone
        plan = plan or self.sudo().create(self._prepare_version_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": plan.id,
            "views": [(False, "form")],
        }

    def _prepare_version_vals(self):
        """The same texts and actions, for the version after this one."""
        return {
            **{name: self[name] for name in CONTENT},
            "dossier_id": self.dossier_id.id,
            "year": self.year,
            "user_id": self.user_id.id,
            "version": self.version + 1,
            "previous_id": self.id,
            "action_ids": [
                fields.Command.create(action._prepare_version_vals())
                for action in self.action_ids
            ],
        }

    def _supersede_previous(self):
        """End the version before; what was done meanwhile under it is done."""
        previous = self.previous_id.filtered(lambda plan: plan.state in IN_FORCE)
        for action in self.action_ids:
            action._take_over(action.previous_id)
        previous.action_ids._remove_activities()
        previous.write({"state": "superseded"})

    # ------------------------------------------------------------------
    # Comparison
    # ------------------------------------------------------------------

    @api.depends("previous_id", *CONTENT, "action_ids.name", "action_ids.date")
    @api.depends_context("lang", "uid")
    def _compute_comparison(self):
        for plan in self:
            rows = list(plan._get_changed_rows()) if plan.previous_id else []
            plan.comparison = rows and plan._format_comparison(rows)

    def _get_changed_rows(self):
        """Label, text before and text now of whatever is another."""
        before = self.previous_id
        for name in CONTENT:
            old, new = (plan._get_history_text(name) for plan in (before, self))
            if old != new:
                yield self._fields[name]._description_string(self.env), old, new
        old, new = (
            "\n".join(plan.action_ids.sorted("id").mapped("line_text"))
            for plan in (before, self)
        )
        if old != new:
            yield self._fields["action_ids"]._description_string(self.env), old, new

    def _format_comparison(self, rows):
        head = Markup("<tr><th></th><th>%s</th><th>%s</th></tr>") % (
            self.previous_id.display_name,
            self.display_name,
        )
        body = Markup().join(
            Markup("<tr><th>%s</th><td>%s</td><td>%s</td></tr>")
            % (label, *self._mark_differences(old, new))
            for label, old, new in rows
        )
        return Markup(
            '<table class="table table-sm table-bordered mb-0">%s%s</table>'
        ) % (head, body)

    @api.model
    def _mark_differences(self, old, new):
        """Both texts, with what was taken out and what was put in marked."""
        old, new = TOKEN.findall(old), TOKEN.findall(new)
        left, right = Markup(), Markup()
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for kind, start, end, new_start, new_end in matcher.get_opcodes():
            gone = _to_html(old[start:end])
            come = _to_html(new[new_start:new_end])
            is_same = kind == "equal"
            left += gone if is_same or not gone else Markup("<del>%s</del>") % gone
            right += come if is_same or not come else Markup("<ins>%s</ins>") % come
        return left, right


def _to_html(tokens):
    return escape("".join(tokens)).replace("\n", Markup("<br/>"))
