from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestFigure(ArchiveCommon):
    def test_each_reader_has_his_own_figures(self):
        # S3-7
        self.dossiers["own"].state = "filed"
        self.dossiers["south"].state = "filed"
        self.env["customer.feedback"].create(
            {"dossier_id": self.dossiers["own"].id, "text": "Late again"}
        )
        counts = {}
        for role in ("leader", "other_leader", "manager", "keeper"):
            figures = self.env["customer.archive.figure"].with_user(self.users[role])
            found = {one.kind: one for one in figures.search([("kind", "!=", False)])}
            counts[role] = {kind: one.number for kind, one in found.items()}
            for kind, one in found.items():
                action = one.action_open()
                behind = self.env[action["res_model"]].with_user(self.users[role])
                self.assertEqual(
                    behind.search_count(action["domain"]), one.number, (role, kind)
                )
        self.assertEqual(counts["leader"]["complaint"], 1)
        self.assertEqual(counts["other_leader"]["complaint"], 0)
        self.assertGreater(counts["manager"]["filed"], counts["leader"]["filed"])
        self.assertEqual(counts["manager"]["filed"], counts["keeper"]["filed"])

    def test_they_are_not_for_everybody(self):
        for role in ("employee", "settings", "owner"):
            with self.assertRaises(AccessError):
                self.env["customer.archive.figure"].with_user(
                    self.users[role]
                ).search_count([("kind", "=", "filed")])
