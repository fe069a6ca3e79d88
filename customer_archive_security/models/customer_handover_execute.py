from odoo import fields, models

# Posts at a dossier, and the field in which each stands.
POSTS = {"owner": "user_id", "keeper": "keeper_id"}


class CustomerHandover(models.Model):
    """Hands over what both heads have signed for, in one go."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.handover"

    def _execute(self):
        """Give everything to the successors, and keep the list of numbers."""
        self.ensure_one()
        self._refresh_parts()
        dossiers = {post: self._get_dossiers(post) for post in POSTS}
        successors = {
            (post, dossier_id): user_id
            for post, own in dossiers.items()
            for dossier_id, user_id in self._get_successors(post, own).items()
        }
        self._write_lines(dossiers, successors)
        entrusted = self.env["customer.entrusted"]
        for post, name in POSTS.items():
            # those nobody has had since the person left
            left = dossiers[post].filtered(lambda d, name=name: not d[name])
            heirs = left.grouped(
                lambda d, post=post: successors.get((post, d.id)) or False
            )
            for heir_id, own in heirs.items():
                own.write({name: heir_id})
        entrusted._hand_over(self.user_id, successors, self.company_id)
        self.write({"state": "done", "done_date": fields.Datetime.now()})

    def _get_dossiers(self, post):
        """Dossiers whose ``post`` the person holds, or held until he left."""
        held = self._get_dossiers_of(post, self.user_id, self.company_id)
        lines = self.line_ids.filtered(lambda line: line.post == post)
        return held | held.search(
            [
                (POSTS[post], "=", False),
                ("company_id", "=", self.company_id.id),
                ("number", "in", lines.mapped("number")),
            ]
        )

    def _get_dossiers_of(self, post, user, company):
        """Dossiers of ``company`` whose ``post`` is the user's."""
        # sudo: handed over whole, whoever may read it; what is told are numbers
        dossiers = self.env["customer.dossier"].sudo().with_context(active_test=False)
        return dossiers.search(
            [(POSTS[post], "=", user.id), ("company_id", "=", company.id)]
        )

    def _get_successors(self, post, dossiers):
        """Who takes over each dossier: ``{dossier id: user id or False}``."""
        if post == "keeper":
            return dict.fromkeys(dossiers.ids, self.keeper_id.id)
        if self.rule == "leader":
            return {d.id: self._get_leader(d.team_id).id for d in dossiers}
        by_tier = {}
        if self.rule == "tier":
            by_tier = {
                row.tier_id.id: row.user_id.id for row in self.tier_successor_ids
            }
        rest = self.successor_id.id
        return {d.id: by_tier.get(d.tier_id.id) or rest for d in dossiers}

    def _get_leader(self, team):
        """Who leads the team, or else is named its supervisor."""
        leaders = (team.user_id | team.archive_supervisor_ids) - self.user_id
        return leaders.filtered("active")[:1]

    def _write_lines(self, dossiers, successors):
        """Keep which dossiers go to whom, by number, as it is today."""
        # sudo: what is kept are stubs, for who may read the handover
        lines = self.env["customer.handover.line"].sudo()
        lines.search([("handover_id", "=", self.id)]).unlink()
        lines.create(
            [
                {
                    "handover_id": self.id,
                    "post": post,
                    "number": dossier.number,
                    "customer": dossier.partner_id.name,
                    "tier_code": dossier.tier_code,
                    "successor_id": successors.get((post, dossier.id)) or False,
                }
                for post, own in dossiers.items()
                for dossier in own
            ]
        )

    def _get_left_counts(self):
        """How many dossiers wait for a successor since the person left."""
        counts = {}
        for post, name in POSTS.items():
            own = self.line_ids.filtered(lambda line, post=post: line.post == post)
            if own and self.state != "done":
                waiting = self._get_dossiers(post).filtered(
                    lambda d, name=name: not d[name]
                )
                counts[post] = len(waiting)
        return counts

    # ------------------------------------------------------------------
    # Whoever has left already
    # ------------------------------------------------------------------

    def _get_open(self, user, company):
        """The handover of ``user`` that is on its way."""
        return self.search(
            [
                ("user_id", "=", user.id),
                ("company_id", "=", company.id),
                ("state", "in", ("draft", "review")),
            ],
            limit=1,
        )

    def _tell_superiors(self):
        """Tell the superior, or else managers, that customers have no owner."""
        self._refresh_parts()
        leaders = self.team_id.user_id | self.team_id.archive_supervisor_ids
        people = (leaders - self.user_id).filtered("active")
        people = people or self.env["customer.entrusted"]._get_managers()
        for person in people - self.user_id:
            if self.env["mail.activity"]._is_open_to(self, person):
                self.with_context(mail_activity_quick_update=True).activity_schedule(
                    "customer_archive_security.mail_activity_type_handover",
                    user_id=person.id,
                )
