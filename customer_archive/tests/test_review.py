from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestReview(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["customer.dossier"].search(
            [("company_id", "=", cls.env.company.id)]
        )
        cls.home.state = "filed"

    def make(self, role="keeper", **vals):
        reviews = self.env["customer.review"].with_user(self.users[role])
        return reviews.create(
            {
                "kind": "random",
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
                "sample_percent": 100,
                **vals,
            }
        )

    def test_a_full_review_holds_each_dossier_once(self):
        # S1-17 S4-17
        review = self.make(kind="quarterly")
        review.action_start()
        self.assertEqual(review.line_ids.dossier_id, self.home)
        self.assertEqual(review.line_count, len(self.home))
        with self.assertRaises(UserError):
            review.action_conclude()
        review.line_ids.action_check()
        review.action_conclude()
        self.assertEqual(review.state, "done")

    @freeze_time("2026-02-10")
    def test_a_yearly_check_by_hand_is_a_full_one(self):
        # S4-17
        with Form(self.env["customer.review"].with_user(self.users["keeper"])) as form:
            self.assertLess(form.sample_percent, 100)
            form.kind = "yearly"
        review = form.record
        self.assertEqual(review.sample_percent, 100)
        period = (date(2025, 1, 1), date(2025, 12, 31))
        self.assertEqual((review.date_from, review.date_to), period)

    def test_a_sample_can_not_be_picked(self):
        """The same review draws the same dossiers, another one others."""
        # S1-21
        for number in range(40):
            customer = self.env["res.partner"].create({"name": f"Inspected {number}"})
            self.env["customer.dossier"].create(
                {"partner_id": customer.id, "state": "filed"}
            )
        drawn = []
        for _round in range(2):
            review = self.make(sample_percent=20)
            review.action_start()
            drawn.append(review.line_ids.dossier_id)
            first = review.line_ids.dossier_id
            review.line_ids.sudo().unlink()
            review.state = "draft"
            review.action_start()
            self.assertEqual(review.line_ids.dossier_id, first)
        self.assertEqual([len(d) for d in drawn], [10, 10])
        self.assertNotEqual(*drawn)

    def test_five_criteria_are_weighed(self):
        # S2-32 S2-51
        dossier = self.dossiers["own"]
        dossier.fact_ids._strike_out("Not of this test")
        for day, entry_state in (
            (1, "in_time"),
            (2, "late"),
            (3, "in_time"),
            (4, "breach"),
        ):
            fact = self.env["customer.fact"].create(
                {
                    "dossier_id": dossier.id,
                    "information": "News",
                    "learned_date": date(2026, 3, day),
                }
            )
            # entered when it is tested, whatever the clock says
            fact.entry_state = entry_state
        dossier.update_due_date = date(2026, 1, 1)
        for pages in (0, 3, 3, 3):
            self.env["customer.document"].create(
                {"dossier_id": dossier.id, "name": "Letter", "pages": pages}
            )
        review = self.make()
        review.action_start()
        line = review.line_ids.filtered(lambda line: line.dossier_id == dossier)
        # two of four facts in time, and the check is overdue
        self.assertEqual((line.timeliness, line.tidiness), (25, 75))
        self.assertEqual(line.completeness, dossier.completeness)
        self.assertAlmostEqual(line.score, (line.completeness + 25 + 75) / 3, 1)
        line.write({"is_judged": True, "accuracy": 90, "safety": 50})
        expected = (line.completeness + 25 + 75 + 90 + 50) / 5
        self.assertAlmostEqual(line.score, expected, 1)

    def test_the_week_shows_what_was_changed(self):
        # S4-16
        with freeze_time("2026-05-06 10:00:00"):
            self.dossiers["team"].strategy = "New"
            self.env.flush_all()
        with freeze_time("2026-05-11 06:00:00"):
            cron = self.env.ref("customer_archive.ir_cron_open_reviews")
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
                cron.method_direct_trigger()
            review = self.env["customer.review"].search(
                [
                    ("kind", "=", "weekly"),
                    ("date_from", "=", "2026-05-04"),
                    ("company_id", "=", self.env.company.id),
                ]
            )
            self.assertEqual(len(review), 1)
            self.assertIn(self.users["keeper"], review.activity_ids.user_id)
            review.with_user(self.users["keeper"]).action_start()
        self.assertEqual(review.line_ids.dossier_id, self.dossiers["team"])
        self.assertEqual(review.line_ids.change_count, 1)
        action = review.line_ids.action_open_changes()
        changes = self.env["customer.change"].search(action["domain"])
        self.assertEqual(changes.new_value, "New")

    def test_a_finding_is_put_down_on_the_page_of_its_review(self):
        # S1-21
        review = self.make(kind="quarterly")
        review.action_start()
        line = review.line_ids[0]
        with Form(review) as form, form.finding_ids.new() as finding:
            finding.line_id = line
            finding.description = "Phone missing"
        self.assertEqual(review.finding_ids.dossier_id, line.dossier_id)
        self.assertIn(line.dossier_id.partner_id.name, line.display_name)

    def test_findings_are_followed_until_closed(self):
        # S1-21 S2-18 S2-33
        review = self.make()
        review.action_start()
        line = review.line_ids.filtered(
            lambda line: line.dossier_id == self.dossiers["own"]
        )
        finding = (
            self.env["customer.review.finding"]
            .with_user(self.users["keeper"])
            .create({"line_id": line.id, "description": "Licence has run out"})
        )
        owner = self.users["owner"]
        self.assertEqual(
            (finding.user_id, finding.activity_ids.user_id), (owner, owner)
        )
        mine = finding.with_user(owner)
        with self.assertRaises(UserError):
            mine.action_mend()
        mine.answer = "New one filed"
        mine.action_mend()
        self.assertFalse(finding.activity_ids)
        with self.assertRaises(UserError):
            mine.action_close()
        finding.action_reopen()
        self.assertEqual(finding.activity_ids.user_id, owner)
        mine.action_mend()
        finding.action_close()
        self.assertEqual(review.open_finding_count, 0)
        stranger = finding.with_user(self.users["colleague"])
        with self.assertRaises(AccessError):
            stranger.read(["description"])

    def test_reviews_are_the_archivists(self):
        for role in ("owner", "leader", "employee", "settings"):
            with self.assertRaises(AccessError):
                self.make(role)

    def test_drawing_takes_as_many_queries_for_many(self):
        review = self.make()
        review.action_start()
        self.env.flush_all()
        with self.assertQueryCount(40):
            self.make(date_from="2025-01-01").action_start()
            self.env.flush_all()
