from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestTeamSupervisor(BaseCommon):
    def test_administrator_names_supervisors(self):
        """S1-1: whom the company names sees the team's dossiers, at once."""
        groups = "customer_archive.group_archive_supervisor"
        deputy = new_test_user(self.env, "team_deputy", groups=groups)
        seller = new_test_user(
            self.env,
            "team_seller",
            groups="customer_archive.group_archive_user,sales_team.group_sale_manager",
        )
        admin = new_test_user(
            self.env, "team_admin", groups="customer_archive.group_archive_admin"
        )
        team = self.env["crm.team"].create({"name": "South"})
        customer = self.env["res.partner"].create({"name": "Mill"})
        dossiers = self.env["customer.dossier"]
        dossier = dossiers.with_user(seller).create(
            {"partner_id": customer.id, "team_id": team.id}
        )
        seen = dossiers.with_user(deputy).search
        self.assertFalse(seen([]))
        with self.assertRaises(AccessError):
            team.with_user(seller).archive_supervisor_ids = deputy
        team.with_user(admin).archive_supervisor_ids = deputy
        self.assertEqual(seen([]), dossier)
        team.with_user(admin).archive_supervisor_ids = [Command.clear()]
        self.assertFalse(seen([]))
