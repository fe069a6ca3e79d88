from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestAnalysis(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env["customer.dossier"].search(
            [("company_id", "=", cls.env.company.id)]
        )
        cls.home.write({"state": "filed", "open_date": "2025-01-01"})

    def draw(self, role="keeper"):
        analysis = (
            self.env["customer.analysis"]
            .with_user(self.users[role])
            .create({"date_from": "2026-01-01", "date_to": "2026-06-30"})
        )
        analysis.action_draw()
        return analysis

    def test_a_leader_reads_and_signs(self):
        # S4-15
        analysis = self.draw("manager")
        with self.assertRaises(UserError):
            analysis.action_sign()
        second = self.draw("keeper").with_user(self.users["manager"])
        second.action_sign()
        self.assertEqual(second.signed_by_id, self.users["manager"])
        with self.assertRaises(UserError):
            second.summary = "Changed afterwards"
        with self.assertRaises(UserError):
            second.action_draw()
        with self.assertRaises(UserError):
            second.unlink()

    def test_parts_of_classes_are_there(self):
        # S4-12 S4-13 S4-14
        self.home[:1].customer_class = "important"
        feedbacks = self.env["customer.feedback"]
        for rating in ("4", "5"):
            feedbacks.create(
                {
                    "dossier_id": self.home[:1].id,
                    "kind": "satisfaction",
                    "rating": rating,
                    "date": "2026-02-01",
                }
            )
        lines = self.draw().line_ids
        [line] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "important")
        )
        self.assertEqual((line.customer_count, line.satisfaction), (1, 4.5))
        # nobody else gave a rating, and nothing was sold before: that is no nought
        prints = self.env["report.customer_archive.analysis"]
        [rest] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "potential")
        )
        for name in ("satisfaction", "growth"):
            self.assertEqual(prints._format_figure(rest, name), "", name)
        self.assertEqual(prints._format_figure(line, "satisfaction"), "4.50")
        sections = {"total", "country", "region", "industry", "nature", "tier", "team"}
        self.assertLessEqual(sections, set(lines.mapped("section")))

    def test_it_is_not_for_salespeople(self):
        # S4-15
        analysis = self.draw()
        for role in ("owner", "leader", "employee", "settings", "foreign_manager"):
            with self.assertRaises(AccessError):
                analysis.with_user(self.users[role]).read(["summary"])
            with self.assertRaises(AccessError):
                analysis.line_ids.with_user(self.users[role]).read(["amount"])

    def test_counting_takes_as_many_queries_for_many(self):
        self.draw()
        with self.assertQueryCount(45):
            self.draw()


@tagged("post_install", "-at_install")
class TestAnalysisDownload(ArchiveCommon, HttpCase):
    def test_the_spreadsheet_is_for_readers(self):
        analysis = self.env["customer.analysis"].create(
            {"date_from": "2026-01-01", "date_to": "2026-06-30"}
        )
        analysis.action_draw()
        url = f"/customer_archive/analysis/{analysis.id}"
        for role, status in (("manager", 200), ("owner", 404), ("employee", 404)):
            self.authenticate(self.users[role].login, self.users[role].login)
            self.assertEqual(self.url_open(url).status_code, status, role)
