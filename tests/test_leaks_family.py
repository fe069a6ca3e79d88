"""Whatever hangs on a dossier is as open as the dossier: every model, every role."""

from security_common import FAMILY, VISIT_ITEMS, SecurityCommon

from odoo import api
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_archive.tests.common import DOSSIERS

# Evaluations and requests for a tier have rules of their own: see test_tier_run.py.
ELSEWHERE = {
    "customer.tier.run.line",
    "customer.tier.change",
    # all roles and channels: security/test_leak_matrix.py
    "customer.disposal.line",
    "customer.document",
    "customer.feedback",
    "customer.legal.hold",
    "customer.review.finding",
    "customer.review.line",
    "customer.stock.taking.line",
    "customer.volume",
    "customer.volume.print",
}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksFamily(SecurityCommon):
    def test_no_model_of_the_family_is_left_out(self):
        """S2-20: one that an addon brings is tried like all others."""
        protected = self.env.registry["customer.archive.protected"]
        family = {
            name
            for name, model in self.env.registry.items()
            if issubclass(model, protected) and not model._abstract
        }
        self.assertEqual(family, {*FAMILY} | ELSEWHERE)

    def _keys(self, role, model_name, method, *args):
        """Dossiers of which the role gets something."""
        env = api.Environment(self.env.cr, self.users[role].id, {"active_test": False})
        ids = {item.id: key for key, item in self.items[model_name].items()}
        try:
            found = getattr(env[model_name].browse(ids), method)(*args)
        except AccessError:
            self.assertFalse(env[model_name].has_access("read"))
            return set()
        return {ids[item.id] for item in found if item.id in ids}

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_roles_and_dossiers(self):
        """S2-20, S0-25, S1-19: as open as the dossier, to each role."""
        for role in self.users:
            expected = {key for key in DOSSIERS if self.may_see(role, key)}
            if role == "inactive":
                continue
            for model_name in VISIT_ITEMS:
                with self.subTest(role=role, model=model_name):
                    found = self._keys(role, model_name, "search", [])
                    self.assertEqual(found, expected)
                    readable = self._keys(role, model_name, "_filtered_access", "read")
                    self.assertEqual(readable, expected)
                    for operation in ("write", "create", "unlink"):
                        allowed = self._keys(
                            role, model_name, "_filtered_access", operation
                        )
                        self.assertLessEqual(allowed, expected, operation)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_reading_writing_and_deleting_for_real(self):
        """S2-20: of each dossier that is closed to the role."""
        for role in ("employee", "owner", "leader", "keeper", "foreign_manager"):
            for model_name in VISIT_ITEMS:
                for key, item in self.items[model_name].items():
                    if self.may_see(role, key):
                        continue
                    for method, args in (
                        ("read", []),
                        ("write", [{"dossier_id": self.dossiers["own"].id}]),
                        ("unlink", []),
                    ):
                        answer = self._call(role, model_name, method, item.ids, *args)
                        with self.subTest(role=role, model=model_name, method=method):
                            self.assertIsInstance(answer, AccessError, answer)
