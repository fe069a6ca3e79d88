"""Every role, tier, secrecy and loan; every model of the family; every operation."""

import unittest

from security.matrix_oracle import (
    ROLES,
    leaves_line,
    make_cases,
    may,
    may_read,
    may_read_insider,
)
from security.matrix_world import MatrixWorld, token

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

OPERATIONS = ("read", "write", "create", "unlink")
FEWEST = 5000


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeakMatrix(MatrixWorld):
    def _column(self, model_name):
        """A column of the model that holds the token."""
        model = self.env[model_name]
        first = ("note", "strategy", "name", "reason", "information")
        names = self._get_texts(model, self.cases[0], {"number"})
        groupable = [n for n in names if model._fields[n].groups is None]
        return next((n for n in first if n in groupable), next(iter(groupable), None))

    # Who looked ------------------------------------------------------------

    @property
    def _numbers(self):
        """Numbers of the cases by their dossiers' ids."""
        return {self.dossiers[case].id: case.number for case in self.cases}

    def _take_notes(self):
        """What the record was told since: ``{(case's number or None, kind)}``.

        And write it, as the end of a request would.
        """
        log = self.env["customer.access.log"]
        notes = {
            (self._numbers.get(dossier_id), "denied" if what == "denied" else "read")
            for _uid, dossier_id, what, _channel, _text in log._get_pending()
        }
        log._write_pending()
        return notes

    def _assert_noted(self, role, model_name, method, expected, possible=()):
        """The record holds what the table says, and nothing that is not possible."""
        notes = self._take_notes()
        self.looked[role] |= expected
        with self.subTest(role=role, model=model_name, method=method, what="noted"):
            self.assertFalse(expected - notes, "nobody saw it")
            self.assertFalse(notes - expected - set(possible), "nobody looked")

    def _assert_same(self, found, expected, role, model_name, what):
        leaks = [case for case in found if case not in expected]
        missing = [case for case in expected if case not in found]
        with self.subTest(role=role, model=model_name, what=what):
            self.assertFalse(leaks, "leaked")
            self.assertFalse(missing, "kept back")

    def test_rules_do_what_the_tables_say(self):
        """S2-20, S4-21: search, each record's access and the tables agree."""
        # S0-25 S1-18 S1-19 S3-9 S3-10 S4-5 S4-9 S4-22
        probes = 0
        for role in ROLES:
            for model_name, rows in self.rows.items():
                self.env.invalidate_all()
                model = self.as_role(role, model_name).with_context(active_test=False)
                by_id = {row_id: case for case, row_id in rows.items()}
                readable = [c for c in self.cases if may_read(role, c, model_name)]
                found = []
                if model.has_access("read"):
                    ids = model.search([("id", "in", list(by_id))]).ids
                    found = [by_id[row_id] for row_id in ids]
                self._assert_same(found, readable, role, model_name, "search")
                for operation in OPERATIONS:
                    allowed = model.browse(by_id)._filtered_access(operation)
                    self._check_operation(
                        role, model_name, operation, {by_id[i] for i in allowed.ids}
                    )
                probes += (1 + len(OPERATIONS)) * len(rows)
        self.assertGreater(probes, FEWEST)

    def _check_operation(self, role, model_name, operation, allowed):
        expected = {c: may(role, operation, model_name, c) for c in self.cases}
        # None: as far as the model's own rights go
        sure = {c for c, answer in expected.items() if answer}
        sure |= {c for c, answer in expected.items() if answer is None and c in allowed}
        self._assert_same(allowed, sure, role, model_name, operation)

    def test_facts_from_insiders(self):
        # S1-12
        by_id = {row_id: case for case, row_id in self.insider.items()}
        for role in ROLES:
            facts = self.as_role(role, "customer.fact")
            found = facts.browse(by_id)._filtered_access("read").ids
            self._assert_same(
                [by_id[i] for i in found],
                [c for c in self.cases if may_read_insider(role, c)],
                role,
                "customer.fact",
                "insider",
            )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_channels_give_what_may_be_read_and_nothing_else(self):
        """S2-20, S4-21: lists, groups, files and forms of each model, by role.

        And each look and each refusal stands in the record (S2-43).
        """
        self.looked = {role: set() for role in ROLES}
        self._take_notes()
        for role in ROLES:
            for model_name, rows in self.rows.items():
                cases = [c for c in self.cases if may_read(role, c, model_name)]
                readable = {c.number for c in cases}
                column = self._column(model_name)
                if column:
                    self._check_lists(role, model_name, column, readable)
                self._check_forms(
                    role, model_name, column or "create_date", rows, readable
                )
        self._check_lines()

    def _check_lines(self):
        """What was noted stands in the record, line by line (S2-43, S4-21)."""
        for role, looked in self.looked.items():
            self.env.cr.execute(
                "SELECT DISTINCT dossier_res_id, what = 'denied'"
                " FROM customer_access_log WHERE user_id = %s",
                [self.users[role].id],
            )
            lines = {
                (self._numbers.get(dossier_id), "denied" if is_denied else "read")
                for dossier_id, is_denied in self.env.cr.fetchall()
            }
            self.assertTrue(looked, role)
            self.assertFalse(looked - lines, role)

    def _ask(self, role, model_name, method, args, kwargs):
        model = self.as_role(role, model_name)
        context = {"active_test": False}
        try:
            return call_kw(model, method, args, {**kwargs, "context": context})
        except AccessError as refusal:
            return refusal
        finally:
            model.env.invalidate_all(flush=False)

    def _check_lists(self, role, model_name, column, readable):
        """All rows at once: what comes back is what he may read."""
        ids = list(self.rows[model_name].values())
        domain = [["id", "in", ids]]
        ways = {
            "search_read": {"domain": domain, "fields": [column]},
            "web_search_read": {"domain": domain, "specification": {column: {}}},
            "formatted_read_group": {
                "domain": domain,
                "groupby": [column],
                "aggregates": ["__count"],
            },
        }
        lines = {
            (case.number, leaves_line(role, case, model_name, by_id=False))
            for case in self.cases
        }
        looked = {line for line in lines if line[1]}
        # figures of a group are of the dossiers that he reads, whatever hangs there
        group = {(case.number, "read") for case in self.cases if may_read(role, case)}
        for method, kwargs in ways.items():
            answer = self._ask(role, model_name, method, [], kwargs)
            found = self.find_tokens(answer)
            self._assert_same(found, readable, role, model_name, method)
            refused = isinstance(answer, AccessError)
            self._assert_noted(
                role,
                model_name,
                method,
                {(None, "denied")} if refused else looked,
                group if method == "formatted_read_group" else (),
            )

    def _check_forms(self, role, model_name, column, rows, readable):
        """One that is closed to him and one that is not, by id."""
        turn = list(ROLES).index(role) + list(self.rows).index(model_name)
        for wanted in (True, False):
            cases = [c for c in self.cases if (c.number in readable) == wanted]
            if not cases:
                continue
            case = cases[turn % len(cases)]
            ways = {
                "read": {"fields": [column]},
                "web_read": {"specification": {column: {}}},
                "export_data": {"fields_to_export": [column]},
            }
            if not ROLES[role].groups.startswith("base.") or not wanted:
                method = list(ways)[turn % 2]  # exports need a right of their own
                answer = self._ask(
                    role, model_name, method, [[rows[case]]], ways[method]
                )
                line = leaves_line(
                    role, case, model_name, is_content=column != "create_date"
                )
                self._assert_noted(
                    role, model_name, method, {(case.number, line)} if line else set()
                )
                opened = not isinstance(answer, AccessError)
                found = {case.number} if opened else set()
                self._assert_same(
                    found | self.find_tokens(answer),
                    {case.number} if wanted else set(),
                    role,
                    model_name,
                    method,
                )

    def test_contacts_show_the_dossiers_that_may_be_read(self):
        """Row 0.4: the guarded link, and a search by what stands in the dossier."""
        spec = {"dossier_id": {"fields": {"strategy": {}}}}
        for role in ROLES:
            if role == "portal":
                continue
            cases = [c for c in self.cases if c.active]
            partners = [self.dossiers[c].partner_id.id for c in cases]
            readable = {c.number for c in cases if may_read(role, c)}
            domain = [["id", "in", partners]]
            answer = self._ask(
                role,
                "res.partner",
                "web_search_read",
                [],
                {"domain": domain, "specification": spec},
            )
            self._assert_same(
                self.find_tokens(answer), readable, role, "res.partner", "link"
            )
            for case in cases[:: len(cases) // 8]:
                found = self._ask(
                    role,
                    "res.partner",
                    "search_count",
                    [[*domain, ["dossier_id.strategy", "=", token(case)]]],
                    {},
                )
                self._assert_same(
                    {case.number} if found else set(),
                    {case.number} & readable,
                    role,
                    "res.partner",
                    "search",
                )


class TestOracle(unittest.TestCase):
    """The tables themselves, where the policies say it in so many words."""

    def test_some_that_the_policies_name(self):
        cases = make_cases()
        a_case = next(c for c in cases if (c.tier, c.secrecy) == ("A", "internal"))
        # S0-25: an A customer is the marketing manager's and above
        self.assertFalse(may_read("owner", a_case))
        self.assertFalse(may_read("leader", a_case))
        self.assertTrue(may_read("manager", a_case))
        # S4-22: and who borrowed it
        self.assertTrue(may_read("borrower_live", a_case))
        self.assertFalse(may_read("borrower_expired", a_case))
