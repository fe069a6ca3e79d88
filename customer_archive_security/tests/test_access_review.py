from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .security_common import SecurityCase


@tagged("post_install", "-at_install")
class TestAccessReview(SecurityCase):
    """S2-14, S2-20: the administrator sees who sees what, and sees no dossier."""

    def _open(self, role, **vals):
        self.env.invalidate_all()
        review = self.env["customer.access.review"].with_user(self.users[role])
        return review.create(vals)

    def test_nothing_differs_after_installation(self):
        self.assertEqual(self.env["customer.access.baseline"]._find_differences(), [])

    def test_differences_are_shown_until_they_are_undone(self):
        # S2-20
        rule = self.env.ref("customer_archive.customer_dossier_rule_user")
        shipped = rule.domain_force
        find = self.env["customer.access.baseline"]._find_differences
        rule.domain_force = "[(1, '=', 1)]"
        [(kind, _subject, before, after)] = find()
        self.assertEqual(kind, "rule")
        self.assertIn("user.id", before)
        self.assertIn("(1, '=', 1)", after)
        self.assertIn("(1, &#39;=&#39;, 1)", str(self._open("settings").warnings))
        rule.domain_force = shipped
        self.assertEqual(find(), [])

    def test_new_and_missing_ones_differ(self):
        find = self.env["customer.access.baseline"]._find_differences
        self.env["ir.model.access"].create(
            {
                "name": "everybody",
                "model_id": self.env["ir.model"]._get_id("customer.dossier"),
                "group_id": self.env.ref("base.group_user").id,
            }
        )
        self.assertIsNone(find()[0][2])
        self.env.ref("customer_archive_security.customer_dossier_rule_lent").unlink()
        self.assertIn(None, [now for *_rest, now in find()])
        clearance = self.env.ref("customer_archive_security.group_clearance_a")
        self.env.ref("base.group_user").implied_ids += clearance
        self.assertIn("group", [kind for kind, *_rest in find()])

    def test_matrix_says_what_the_rules_do(self):
        """S0-25, S1-19: each cell, asked of a person of that rank."""
        values = self._open("settings").sudo()._get_matrix()
        ranks = {
            role: group
            for role, users in self.users.items()
            for group in values["ranks"]
            if group in users.group_ids
        }
        self.assertIn("owner", ranks)
        self.assertIn("director", ranks)
        tiers = {tier.name: code for code, tier in self.tiers.items()}
        grades = {grade.name: code for code, grade in self.secrecy.items()}
        for row in values["rows"]:
            if row["tier"] and row["tier"] not in tiers:
                continue
            dossier = self.make(tiers.get(row["tier"]), grades[row["secrecy"]])
            for role, group in ranks.items():
                cell = row["cells"][list(values["ranks"]).index(group)]
                with self.subTest(row=row, role=role):
                    self.assertEqual(cell == "reads", self.sees(role, dossier))

    def test_view_as_counts_what_the_person_reads(self):
        # S2-20
        self.make("A")
        for secrecy in ("internal", "secret"):
            self.make("B", secrecy)
        for role in ("owner", "leader", "manager", "employee", "service"):
            user = self.users[role]
            review = self._open("settings", user_id=user.id)
            counts = review._count_readable(user)
            dossiers = self.env["customer.dossier"].with_user(user)
            dossiers = dossiers.with_context(active_test=False)
            expected = dossiers.search_count([]) if dossiers.has_access("read") else 0
            with self.subTest(role=role):
                self.assertEqual(sum(count for *_rest, count in counts), expected)
        self.assertIn(str(expected), str(review.seen))

    def test_view_as_begins_with_a_company_of_the_person(self):
        admin, owner = self.users["settings"], self.users["owner"]
        here = self.env["res.company"].create({"name": "Second"})
        admin.write({"company_ids": [(4, here.id)], "company_id": here.id})
        self.make("C", "public", user_id=owner.id)
        form = Form(self.env["customer.access.review"].with_user(admin))
        form.user_id = owner
        self.assertEqual(form.save().company_id, owner.company_id)

    def test_view_as_shows_stubs_to_auditors_and_counts_to_administrators(self):
        # S2-14
        dossier = self.make("B", note="zq")
        owner = self.users["owner"]
        for role, shown in (("auditor", True), ("settings", False)):
            page = str(self._open(role, user_id=owner.id).seen)
            with self.subTest(role=role):
                self.assertEqual(dossier.number in page, shown)
                self.assertNotIn("zq", page)
                self.assertFalse(self.sees(role, dossier))

    def test_a_role_shows_each_of_its_people(self):
        group = self.env.ref("customer_archive_security.group_archive_director")
        page = str(self._open("auditor", group_id=group.id).seen)
        self.assertIn(self.users["director"].name, page)
        self.assertIn(self.users["executive"].name, page)
        self.assertNotIn(self.users["owner"].name, page)

    def test_the_page_is_for_administrators_and_auditors(self):
        # S2-14
        for role in self.users:
            with self.subTest(role=role):
                if role in ("settings", "auditor"):
                    review = self._open(role)
                    self.assertTrue(review.matrix)
                    self.assertTrue(review.routes)
                    self.assertTrue(review.caps)
                else:
                    with self.assertRaises(AccessError):
                        self._open(role)
