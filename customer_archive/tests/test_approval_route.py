from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

PREFIX = "customer_archive.group_archive_"


@tagged("post_install", "-at_install")
class TestApprovalRoute(BaseCommon):
    """Which way a request goes: the first route whose condition it meets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "route_user", groups=PREFIX + "user")
        cls.manager = new_test_user(cls.env, "route_manager", groups=PREFIX + "manager")
        cls.settings = new_test_user(cls.env, "route_settings", groups=PREFIX + "admin")
        cls.shipped = cls.env.ref("customer_archive.customer_approval_route_dossier")

    def _make_route(self, **vals):
        routes = self.env["customer.approval.route"].with_user(self.settings)
        return routes.create(
            {
                "name": "Special",
                "res_model": "customer.dossier",
                "sequence": 1,
                "domain": "[('customer_class', '=', 'important')]",
                **vals,
            }
        )

    def _submit(self, **vals):
        customer = self.env["res.partner"].create({"name": "Mill"})
        dossiers = self.env["customer.dossier"].with_user(self.user)
        dossier = dossiers.create({"partner_id": customer.id, **vals})
        dossier.action_submit()
        return dossier

    def test_first_route_that_fits_is_taken(self):
        keepers = self.env.ref(PREFIX + "keeper")
        step = {"name": "Archivist", "kind": "group", "group_id": keepers.id}
        special = self._make_route(step_ids=[(0, 0, step)])
        important = self._submit(customer_class="important")
        other = self._submit(customer_class="general")
        self.assertEqual(important.approval_ids.route_id, special)
        self.assertEqual(important.approval_ids.step_id.group_id, keepers)
        self.assertEqual(other.approval_ids.route_id, self.shipped)
        self.shipped.sequence = 0
        self.assertEqual(
            self._submit(customer_class="important").approval_ids.route_id, self.shipped
        )

    def test_route_without_steps_that_grants_at_once(self):
        """Nobody decides, and the request is on record."""
        # S3-11
        route = self._make_route(is_automatic=True)
        dossier = self._submit(customer_class="important")
        self.assertEqual(dossier.state, "filed")
        self.assertEqual(dossier.approval_ids.state, "approved")
        self.assertEqual(dossier.approval_ids.route_id, route)
        self.assertFalse(dossier.approval_ids.decision_ids)
        self.assertEqual(self._submit(customer_class="general").state, "review")

    def test_route_without_steps_is_passed_over(self):
        self._make_route()
        dossier = self._submit(customer_class="important")
        self.assertEqual(dossier.approval_ids.route_id, self.shipped)

    def test_condition_that_cannot_be_evaluated_is_refused(self):
        for domain in ("[('no_field', '=', 1)]", "user.id", "[('number'", "7"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._make_route(domain=domain)

    def test_what_waits_for_me_is_found_among_the_records(self):
        dossier = self._submit()
        for user, found in ((self.manager, dossier), (self.user, dossier.browse())):
            dossiers = self.env["customer.dossier"].with_user(user)
            mine = dossiers.search([("is_my_turn", "=", True), ("id", "=", dossier.id)])
            self.assertEqual(mine, found)
