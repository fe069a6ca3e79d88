from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

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
        sections = {"total", "country", "region", "industry", "nature", "tier", "team"}
        self.assertLessEqual(sections, set(lines.mapped("section")))

    def test_customers_of_a_class_with_what_its_report_says(self):
        # S4-12 S4-13 S4-14
        self.home[:1].customer_class = "potential"
        self.home[:1].write({"key_factors": "Price", "support_needed": "Samples"})
        lines = self.draw("manager").line_ids
        [line] = lines.filtered(
            lambda line: (line.section, line.value) == ("class", "potential")
        )
        action = line.action_open_customers()
        dossiers = self.env["customer.dossier"].with_user(self.users["manager"])
        found = dossiers.search(action["domain"])
        self.assertIn(self.home[:1], found)
        self.assertEqual(set(found.mapped("customer_class")), {"potential"})
        view_id, kind = action["views"][0]
        self.assertEqual(kind, "list")
        arch = etree.fromstring(dossiers.get_view(view_id, kind)["arch"])
        shown = {"reported_class": action["context"]["reported_class"]}
        columns = {
            node.get("name")
            for node in arch.iter("field")
            if not safe_eval(node.get("column_invisible", "False"), {"context": shown})
        }
        self.assertLessEqual({"opportunity", "key_factors", "support_needed"}, columns)
        self.assertNotIn("satisfaction", columns)

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
