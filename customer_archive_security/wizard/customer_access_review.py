from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

SHOWN = 80
TEMPLATES = "customer_archive_security.customer_access_review_"


class CustomerAccessReview(models.TransientModel):
    """The administrator's page: who sees what, and what differs from what was shipped.

    Settings and counts. Number and customer of a dossier are shown to auditors and to
    those who may read it themselves, to others counts alone (S2-14, S2-20).
    """

    _name = "customer.access.review"
    _description = "Who May See What"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Person", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        domain=lambda self: [("id", "in", self.env["res.groups"]._get_watched().ids)],
    )
    warnings = fields.Html(compute="_compute_settings", sanitize=False)
    matrix = fields.Html(
        string="Clearance", compute="_compute_settings", sanitize=False
    )
    routes = fields.Html(string="Approval", compute="_compute_settings", sanitize=False)
    caps = fields.Html(string="Daily Caps", compute="_compute_settings", sanitize=False)
    seen = fields.Html(string="Sees", compute="_compute_seen", sanitize=False)

    def _draw(self, name, **values):
        return self.env["ir.qweb"]._render(TEMPLATES + name, values)

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Who May See What")

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_settings(self):
        for review in self:
            differences = self.env["customer.access.baseline"]._find_differences()
            # sudo: settings, for who sees to them or audits them
            settings = review.sudo()
            review.warnings = self._draw(
                "warnings", rows=differences, unaudited=not self._get_auditors()
            )
            review.matrix = self._draw("matrix", **settings._get_matrix())
            review.routes = self._draw("routes", routes=settings._get_routes())
            review.caps = self._draw("caps", caps=settings._get_caps())

    @api.model
    def _get_auditors(self):
        group = self.env.ref("customer_archive_security.group_archive_auditor")
        # sudo: whether there is one
        return group.sudo().all_user_ids.filtered("active")

    def _get_ranks(self):
        """Groups with a way in to dossiers, the lowest first."""
        model_id = self.env["ir.model"]._get_id("customer.dossier")
        lines = self.env["ir.model.access"].search(
            [("model_id", "=", model_id), ("perm_read", "=", True)]
        )
        rules = self.env["ir.rule"].search(
            [("model_id", "=", model_id), ("perm_read", "=", True)]
        )
        reader = self.env.ref("customer_archive.group_archive_reader")
        ways = (lines.group_id | rules.groups) - reader
        watched = self.env["res.groups"]._get_watched()
        ranks = watched.filtered(lambda group: group.all_implied_ids & ways)
        return ranks.sorted(lambda g: (g.privilege_id.sequence, g.sequence, g.id))

    def _get_matrix(self):
        """Each tier with each secrecy: which ranks read, and who borrows."""
        ranks = self._get_ranks()
        tiers = list(self.env["customer.tier"].search([("active", "=", True)]))
        grades = self.env["customer.secrecy"].search([("active", "=", True)])
        none = self.env["customer.tier"]
        rows = []
        for tier in [*tiers, none]:
            for grade in grades:
                gradings = [grading for grading in (tier, grade) if grading]
                rows.append(
                    {
                        "tier": tier.name,
                        "secrecy": grade.name,
                        "cells": [_get_cell(rank, gradings) for rank in ranks],
                        "borrowers": " + ".join(
                            grading.borrower_group_id.name
                            for grading in gradings
                            if grading.borrower_group_id
                        ),
                    }
                )
        return {"ranks": ranks, "rows": rows}

    def _get_routes(self):
        return self.env["customer.approval.route"].search(
            [("company_id", "in", (self.company_id.id, False))], order="res_model, id"
        )

    def _get_caps(self):
        return self.env["customer.access.cap"].search([("group_id", "!=", False)])

    # ------------------------------------------------------------------
    # What a person or a role sees
    # ------------------------------------------------------------------

    @api.depends("user_id", "group_id", "company_id")
    def _compute_seen(self):
        for review in self:
            review.seen = Markup("").join(
                review._draw_person(person) for person in review._get_people()
            )

    @api.onchange("user_id")
    def _onchange_user_id(self):
        """Begin with a company the person works in."""
        # sudo: where a person works; the reader chooses among his own companies
        theirs = self.user_id.sudo().company_ids & self.env.user.company_ids
        if theirs and self.company_id not in theirs:
            self.company_id = theirs[0]

    def _get_people(self):
        if self.user_id:
            return self.user_id
        # sudo: who is in a group
        return self.group_id.sudo().all_user_ids.filtered("active")[:SHOWN]

    def _draw_person(self, person):
        counts = self._count_readable(person)
        rows = [
            {"tier": tier, "secrecy": secrecy, "count": count}
            for tier, secrecy, count in counts
        ]
        alone = person == self.user_id
        return self._draw(
            "person",
            # sudo: name and groups of the person, for the office
            person=person.sudo(),
            rows=rows,
            total=sum(count for _tier, _secrecy, count in counts),
            stubs=self._get_stubs(person) if alone else (),
            alone=alone,
        )

    def _get_readable_query(self, person):
        """The dossiers ``person`` reads, as a query; nothing is read here."""
        dossiers = self.env["customer.dossier"].with_user(person)
        dossiers = dossiers.with_context(
            active_test=False, allowed_company_ids=self.company_id.ids
        )
        # sudo: whether the person works in this company
        is_there = self.company_id in person.sudo().company_ids
        if not is_there or not dossiers.has_access("read"):
            return None
        return dossiers._search([])

    def _count_readable(self, person):
        """``[(tier, secrecy, count)]`` of what ``person`` reads."""
        query = self._get_readable_query(person)
        if query is None:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT tier_id, secrecy_id, count(*) FROM customer_dossier"
                " WHERE id IN %s GROUP BY tier_id, secrecy_id",
                query.subselect(),
            )
        )
        # sudo: names of settings
        tiers, grades = (
            self.env[name].sudo() for name in ("customer.tier", "customer.secrecy")
        )
        return [
            (tiers.browse(tier_id).name, grades.browse(grade_id).name, count)
            for tier_id, grade_id, count in sorted(
                rows, key=lambda row: (row[0] or 0, row[1] or 0)
            )
        ]

    def _get_stubs(self, person):
        """Number and customer of some of them, for who may be shown them."""
        query = self._get_readable_query(person)
        if query is None:
            return []
        shown = query
        if not self.env.user.has_group(
            "customer_archive_security.group_archive_auditor"
        ):
            dossiers = self.env["customer.dossier"].with_context(active_test=False)
            if not dossiers.has_access("read"):
                return []
            shown = dossiers._search([("id", "in", query)])
        return self.env.execute_query(
            SQL(
                "SELECT dossier.number, partner.name FROM customer_dossier dossier"
                " JOIN res_partner partner ON partner.id = dossier.partner_id"
                " WHERE dossier.id IN %s ORDER BY dossier.number LIMIT %s",
                shown.subselect(),
                SHOWN,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def action_open(self):
        """Open the page anew."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who May See What"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "views": [(False, "form")],
        }


def _get_cell(rank, gradings):
    """How a rank stands to dossiers of these gradings: reads, owner or borrows."""
    closed = [
        grading
        for grading in gradings
        if grading.clearance_group_id
        and grading.clearance_group_id not in rank.all_implied_ids
    ]
    if not closed:
        return "reads"
    return "owner" if all(g.owner_may_read for g in closed) else "borrows"
