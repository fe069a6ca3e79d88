"""The way of a dossier through the browser: collected, submitted, filed."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ARCHIVE, CONTACTS


@tagged("post_install", "-at_install")
class TestTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(
            cls.env,
            "archive_tour_sales",
            groups=f"{CONTACTS},{ARCHIVE}user",
            name="Tour Salesperson",
        )
        cls.supervisor = new_test_user(
            cls.env,
            "archive_tour_boss",
            groups=f"{CONTACTS},{ARCHIVE}supervisor",
            name="Tour Supervisor",
        )
        cls.env["crm.team"].create(
            {
                "name": "Tour Team",
                "company_id": False,
                "user_id": cls.supervisor.id,
                "member_ids": [(4, cls.salesperson.id)],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Tour Customer",
                "is_company": True,
                "child_ids": [(0, 0, {"name": "Tour Person", "function": "Buyer"})],
            }
        )

    def _dossier(self):
        self.env.invalidate_all()
        return self.env["customer.dossier"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_collect_and_file(self):
        """S2-1: opened by the person in contact, reviewed by the direct superior."""
        self.start_tour(
            f"/odoo/contacts/{self.customer.id}",
            "customer_archive_collect",
            login=self.salesperson.login,
        )
        dossier = self._dossier()
        self.assertEqual(dossier.state, "review")
        self.assertEqual(dossier.user_id, self.salesperson)
        self.assertEqual(dossier.main_business, "Machine tools")
        self.assertEqual(dossier.person_ids.partner_id, self.customer.child_ids)
        self.assertEqual(dossier.person_ids.mobile_phone, "139 5550 9999")
        self.assertEqual(dossier.transaction_ids.mapped("amount"), [1200])

        self.start_tour(
            "/odoo/my-customers",
            "customer_archive_forbidden_move",
            login=self.salesperson.login,
        )
        self.assertEqual(self._dossier().state, "review")

        self.start_tour(
            "/odoo/team-customers",
            "customer_archive_file",
            login=self.supervisor.login,
        )
        self.assertEqual(self._dossier().state, "filed")
