"""No answer to a denied user depends on what is hidden from him."""

from security_cases import DENIED, PATHS, STRANGERS, all_cases
from security_common import FAMILY, SecurityCommon

from odoo import api
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaks(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cases = list(all_cases(cls.targets))
        cls.cases = {
            role: [case for case in cases if case.is_asked_by(role)]
            for role in (*DENIED, "manager")
        }

    def _ask(self, role, case):
        """Answer of one call, or what its error says."""
        env = api.Environment(self.env.cr, self.users[role].id, {})
        model = env[case.model]
        method = get_public_method(model, case.method)
        args = [] if getattr(method, "_api_model", False) else [list(case.ids)]
        kwargs = {**case.kwargs, "context": dict(case.context)}
        try:
            answer = self.dump(call_kw(model, case.method, args, kwargs))
            env.flush_all()  # as at the end of a request
            return answer
        except Exception as error:  # noqa: BLE001 - any error is an answer
            return f"{type(error).__name__}: {error}"

    def _ask_all(self, role):
        """Answers to all its calls, none of which leaves a trace for the next."""
        savepoint = self.env.cr.savepoint(flush=False)
        answers = []
        with mute_logger(
            "odoo.addons.base.models.ir_rule",
            "odoo.addons.base.models.ir_model",
            "odoo.sql_db",
            "odoo.models.unlink",
            "odoo.domains",
        ):
            for case in self.cases[role]:
                answers.append(self._ask(role, case))
                savepoint.rollback()
                self.env.transaction.clear()
        savepoint.close(rollback=True)
        return answers

    def _ask_in_both_worlds(self, roles):
        first = {role: self._ask_all(role) for role in reversed(roles)}
        self.change_world("other")
        second = {role: self._ask_all(role) for role in roles}
        return first, second

    def test_answers_do_not_depend_on_hidden_content(self):
        """S2-20, S4-21: rows 0.1 to 0.4, 1 to 9, 19, 38, 42 to 45, by role."""
        self._ask_all(DENIED[0])  # Odoo's own caches are warm from here on
        first, second = self._ask_in_both_worlds(DENIED)
        for role in DENIED:
            answers = zip(self.cases[role], first[role], second[role], strict=True)
            answers = [(str(case), one, two) for case, one, two in answers]
            with self.subTest(role=role):
                self.assertEqual([row for row in answers if row[1] != row[2]], [])
                # nor is anything told that was not in the question
                told = [row for row in answers if "zqsouth" in row[1]]
                self.assertEqual([row for row in told if "zqsouth" not in row[0]], [])

    def test_cases_tell_the_worlds_apart(self):
        """The same table, asked by one who may see: else it would prove nothing."""
        first, second = self._ask_in_both_worlds(["manager"])
        for case, one, two in zip(
            self.cases["manager"], first["manager"], second["manager"], strict=True
        ):
            with self.subTest(case=str(case), answer=one):
                self.assertEqual(one == two, case.blind)

    def test_strangers_are_alike_and_take_every_way(self):
        """Why they may share the conditions: none is let in anywhere, nor spared."""
        for role in STRANGERS:
            env = api.Environment(self.env.cr, self.users[role].id, {})
            for model in FAMILY:
                with self.subTest(role=role, model=model):
                    self.assertFalse(env[model].has_access("read"))
            counted = {c.model for c in self.cases[role] if c.turn is not None}
            self.assertLessEqual(PATHS.keys(), counted)
