from odoo import api, fields, models


class CustomerDossier(models.Model):
    """When a customer is called and visited, and by whom."""

    _inherit = "customer.dossier"

    interaction_ids = fields.One2many("customer.interaction", "dossier_id", "Contacts")
    interaction_count = fields.Integer(
        string="Number of Contacts", compute="_compute_interaction_count"
    )
    follow_up_ids = fields.One2many(
        "customer.follow.up", "dossier_id", "Calls and Visits"
    )
    override_ids = fields.One2many(
        "customer.cadence.override", "dossier_id", "Own Rhythm"
    )

    @api.depends("interaction_ids")
    def _compute_interaction_count(self):
        groups = self.env["customer.interaction"]._read_group(
            [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
        )
        counts = {dossier.id: count for dossier, count in groups}
        for dossier in self:
            dossier.interaction_count = counts.get(dossier.id, 0)

    @api.depends(
        "interaction_ids.active", "interaction_ids.is_reached", "interaction_ids.date"
    )
    def _compute_last_contact_date(self):
        """Take in contacts that reached somebody."""
        result = super()._compute_last_contact_date()
        # sudo: a date that is the dossier's own, whoever has just written
        groups = (
            self.env["customer.interaction"]
            .sudo()
            ._read_group(
                [("dossier_id", "in", self.ids), ("is_reached", "=", True)],
                ["dossier_id"],
                ["date:max"],
            )
        )
        for dossier, date in groups:
            day = fields.Date.context_today(self, date)
            known = dossier.last_contact_date
            dossier.last_contact_date = max(known, day) if known else day
        return result

    def action_view_interactions(self):
        """Contacts with this customer, by whatever channel (S1-42)."""
        return self._open_visit_items("customer_interaction_action")

    def action_log_interaction(self):
        """Ask in a few fields what came of a contact (S1-42)."""
        self.ensure_one()
        self.check_access("write")
        return self.env["customer.interaction"]._open_quick_form(
            self.env._("Log a Contact"), default_dossier_id=self.id
        )

    def _open_visit_items(self, action_name):
        """What hangs on these dossiers, through a window action of this addon."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"customer_archive_visits.{action_name}"
        )
        return {
            **action,
            "domain": [("dossier_id", "in", self.ids)],
            "context": {"default_dossier_id": self.id},
        }

    # ------------------------------------------------------------------
    # Rhythm
    # ------------------------------------------------------------------

    def _on_tier_changed(self, run=None):
        """The clock starts anew under the rhythm of the new tier.

        After a run of many slices the sweep sees to it, so that nobody waits longer
        for a slice.
        """
        result = super()._on_tier_changed(run)
        if not (run and run._is_in_slices()):
            self.env["base.automation"]._run_rhythm("automation_rhythm_dossier", self)
        return result

    def _refresh_follow_ups(self):
        """Bring due calls and visits up to date, and take back what is pointless."""
        # sudo: due dates follow from what the user may have just written; he gets to
        # read no more than before
        dossiers = self.sudo().with_context(active_test=False).exists()
        dossiers.search_fetch(
            [("id", "in", dossiers.ids)], ["company_id", "user_id", "team_id"]
        )
        follow_ups = self.env["customer.follow.up"].sudo()
        for company, own in dossiers.grouped("company_id").items():
            follow_ups._refresh(company, own._get_desks())
        follow_ups._settle(dossiers)

    def _on_activity_done(self, activity, feedback):
        """A call or visit that was ticked off becomes a contact on file."""
        result = super()._on_activity_done(activity, feedback)
        # sudo: which row put it on the desk; its reader has just done it
        follow_ups = self.env["customer.follow.up"].sudo()
        follow_up = follow_ups.search([("activity_id", "=", activity.id)])
        if follow_up:
            follow_up.sudo(False)._log_done(feedback)
        return result

    # ------------------------------------------------------------------
    # On whose desk
    # ------------------------------------------------------------------

    def _get_desks(self):
        """Who calls and visits: the owner, else the next superior who may read it.

        :return: {dossier id: user id, None where nobody is left}
        """
        return self._pick_readers(
            {d.id: [*d.user_id.ids, *d._get_rhythm_superior_ids()] for d in self}
        )

    def _get_superior_desks(self, desks):
        """The next superior of who is responsible, by dossier.

        :param desks: {dossier id: id of who is responsible}
        """
        queues = {}
        for dossier in self:
            ids = dossier._get_rhythm_superior_ids()
            queues[dossier.id] = [id_ for id_ in ids if id_ != desks[dossier.id]]
        return self._pick_readers(queues)

    def _get_rhythm_superior_ids(self):
        team = self.team_id
        return [*team.user_id.ids, *team.archive_supervisor_ids.ids]
