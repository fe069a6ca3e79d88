"""No answer to a denied user depends on what is hidden from him."""

from security_cases import DENIED, all_cases
from security_common import SecurityCommon

from odoo import api
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaks(SecurityCommon):
    def _ask(self, role, case):
        """Answer of one call, or what its error says, without a trace left."""
        env = api.Environment(self.env.cr, self.users[role].id, {})
        model = env[case.model]
        method = get_public_method(model, case.method)
        args = [] if getattr(method, "_api_model", False) else [list(case.ids)]
        kwargs = {**case.kwargs, "context": dict(case.context)}
        savepoint = env.cr.savepoint(flush=False)
        try:
            answer = self.dump(call_kw(model, case.method, args, kwargs))
            env.flush_all()  # as at the end of a request
            return answer
        except Exception as error:  # noqa: BLE001 - any error is an answer
            return f"{type(error).__name__}: {error}"
        finally:
            savepoint.close(rollback=True)
            env.invalidate_all(flush=False)
            env.transaction.clear()

    def _ask_all(self, role):
        with mute_logger(
            "odoo.addons.base.models.ir_rule",
            "odoo.addons.base.models.ir_model",
            "odoo.sql_db",
            "odoo.models.unlink",
            "odoo.domains",
        ):
            return [self._ask(role, case) for case in all_cases(self.targets)]

    def _ask_in_both_worlds(self, roles):
        self._ask_all(roles[0])  # Odoo's own caches are warm from here on
        first = {role: self._ask_all(role) for role in reversed(roles)}
        self.change_world("other")
        second = {role: self._ask_all(role) for role in roles}
        return first, second

    def test_answers_do_not_depend_on_hidden_content(self):
        """S2-20, S4-21: rows 0.1 to 0.4, 1 to 9, 19, 38, 42 to 45, by role."""
        first, second = self._ask_in_both_worlds(DENIED)
        for role in DENIED:
            for case, one, two in zip(
                all_cases(self.targets), first[role], second[role], strict=True
            ):
                with self.subTest(role=role, case=str(case)):
                    self.assertEqual(one, two)
                    if "zqsouth" not in str(case):
                        self.assertNotIn("zqsouth", one)

    def test_cases_tell_the_worlds_apart(self):
        """The same table, asked by one who may see: else it would prove nothing."""
        first, second = self._ask_in_both_worlds(["manager"])
        for case, one, two in zip(
            all_cases(self.targets), first["manager"], second["manager"], strict=True
        ):
            with self.subTest(case=str(case), answer=one):
                self.assertEqual(one == two, case.blind)
