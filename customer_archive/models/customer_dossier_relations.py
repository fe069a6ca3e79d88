from odoo import api, fields, models

from ..tools import join_texts


class CustomerDossier(models.Model):
    """What is missing in our relations with the customer's people (annex 3)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    relation_gaps = fields.Text(compute="_compute_relation_gaps")

    @api.depends(
        "person_ids.buying_role",
        "person_ids.attitude",
        "person_ids.liaison_ids",
        "person_ids.rank",
    )
    @api.depends_context("lang")
    def _compute_relation_gaps(self):
        for dossier in self:
            dossier.relation_gaps = "\n".join(dossier._get_relation_gaps())

    def _get_relation_gaps(self):
        """The gaps in words, empty while nobody is on file.

        :return: list of str
        """
        persons = self.person_ids
        if not persons:
            return []
        roles = set(persons.mapped("buying_role"))
        blockers = persons.filtered(
            lambda person: person.buying_role == "blocker" and not person.liaison_ids
        )
        gaps = []
        if "decision_maker" not in roles:
            gaps.append(self.env._("No decision maker is known."))
        if "supporter" not in roles:
            gaps.append(self.env._("Nobody there supports us."))
        if blockers:
            gaps.append(
                self.env._(
                    "Nobody of ours knows the blocker %(names)s.",
                    names=join_texts(self.env, blockers.mapped("partner_id.name")),
                )
            )
        if len(persons.liaison_ids) == 1:
            gaps.append(
                self.env._(
                    "Only %(name)s of ours is known there.",
                    name=persons.liaison_ids.name,
                )
            )
        elif not persons.liaison_ids:
            gaps.append(self.env._("Nobody of ours is known there."))
        return gaps

    def action_view_relations(self):
        """The persons of this dossier as a map."""
        return self._open_items("customer_key_person_action_map")
