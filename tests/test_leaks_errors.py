"""Whether a search fails, and how, does not depend on rows hidden from the user."""

from itertools import product
from unittest.mock import patch

from security_cases import PATHS
from security_common import FAMILY, HIDDEN, SecurityCommon

from odoo import api
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.customer_archive.tests.common import ITEMS

ROLES = ("employee", "owner", "leader", "foreign_manager")
OPERATORS = ("=like", "=ilike", "not =like", "not =ilike", "=LIKE")
# ends of a pattern; each is tried behind a beginning that a hidden row has
ENDS = ("\\", "\\\\\\", "%\\", "_\\")
ACCENTED_ENDS = ("\uff3c", "\u2216", "\ufe68", "\\\u0301", "\uff3c\uff3c\uff3c")
# Conditions the database may fail to compute: the creation of the customers and
# their persons lies at the end of its calendar.
COMPUTED = (
    ("customer.key.person", "family", "partner_id.create_date.hour_number"),
    ("customer.key.person", "family", "dossier_id.partner_id.create_date.hour_number"),
    ("customer.transaction", "note", "currency_id.create_date.hour_number"),
    ("customer.yearly.figure", "note", "dossier_id.create_date.hour_number"),
    ("customer.yearly.figure", "note", "create_date.hour_number"),
    ("customer.fact", "information", "create_date.hour_number"),
    ("customer.fact", "information", "dossier_id.create_date.hour_number"),
    ("customer.change", "old_value", "create_date.hour_number"),
    ("customer.change", "old_value", "dossier_id.create_date.hour_number"),
    ("customer.approval", "dossier_id.strategy", "dossier_id.create_date.hour_number"),
    ("customer.intake", "dossier_id.strategy", "dossier_id.create_date.hour_number"),
    ("customer.dossier", "fact_ids.information", "fact_ids.create_date.hour_number"),
    ("customer.dossier", "strategy", "create_date.hour_number"),
    ("customer.dossier", "strategy", "partner_id.create_date.hour_number"),
    ("customer.dossier", "strategy", "person_ids.partner_id.create_date.hour_number"),
    ("res.partner", "dossier_id.strategy", "create_date.hour_number"),
    ("res.partner", "dossier_id.strategy", "dossier_id.create_date.hour_number"),
    ("sale.order", "partner_id.dossier_id.note", "partner_id.create_date.hour_number"),
)


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksErrors(SecurityCommon):
    def _ask(self, role, model_name, method, kwargs, context=None):
        """What comes back, or the kind and text of the error."""
        env = api.Environment(self.env.cr, self.users[role].id, {})
        model = env[model_name]
        args = (
            [] if getattr(get_public_method(model, method), "_api_model", 0) else [[]]
        )
        savepoint = env.cr.savepoint(flush=False)
        try:
            return self.dump(
                call_kw(model, method, args, {**kwargs, "context": context or {}})
            )
        except Exception as error:  # noqa: BLE001 - any error is an answer
            return f"{type(error).__name__}: {error}"
        finally:
            savepoint.close(rollback=True)

    def _assert_blind(self, role, model, name, operator, end, **context):
        """A pattern that begins like hidden content answers like any other."""
        known = self.targets.text(model, name)[:6]
        answers = {
            begin: self._ask(
                role,
                model,
                "search_count",
                {"domain": [[name, operator, begin + end]]},
                context,
            ).replace(begin + end, "*")
            for begin in (known, "qqqqqq")
        }
        with self.subTest(role=role, model=model, name=name, op=operator, end=end):
            self.assertEqual(*answers.values())
            self.assertNotRegex(answers[known], "InvalidEscape|InFailedSql")

    @mute_logger("odoo.sql_db")
    def test_patterns_on_each_column(self):
        """S2-20: row 0.1, each column of the family, for each role."""
        for role, model in product(ROLES, FAMILY):
            for name in self.targets.secret_fields[model]:
                self._assert_blind(role, model, name, "=like", "\\")

    @mute_logger("odoo.sql_db")
    def test_each_operator_and_end_of_a_pattern(self):
        for role, operator, end in product(ROLES, OPERATORS, ENDS):
            self._assert_blind(role, "customer.dossier", "strategy", operator, end)

    @mute_logger("odoo.sql_db")
    def test_patterns_where_accents_do_not_count(self):
        """A database made with ``unaccent`` compares with another pattern yet."""
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
        registry = self.env.registry
        with (
            patch.object(registry, "has_unaccent", True),
            patch.object(registry, "unaccent", lambda x: SQL("unaccent(%s)", x)),
        ):
            for role, operator, end in product(ROLES, OPERATORS, ACCENTED_ENDS):
                self._assert_blind(role, "customer.dossier", "strategy", operator, end)
                self._assert_blind(role, "customer.key.person", "family", operator, end)

    @mute_logger("odoo.sql_db")
    def test_patterns_by_every_way(self):
        """S2-20: rows 0.1 and 0.2, through contacts, users, orders and items."""
        ways = [(model, path) for model, paths in PATHS.items() for path in paths]
        for role, (model, path), end in product(ROLES, ways, ENDS[:2]):
            for name in ("strategy", "person_ids.family", "registered_capital"):
                value = self.targets.text("customer.dossier", name)[:6]
                answers = {
                    self._ask(
                        role,
                        model,
                        "search_count",
                        {"domain": [[f"{path}{name}", "=like", begin + end]]},
                    )
                    for begin in (value, "qqqqqq")
                }
                with self.subTest(role=role, model=model, path=path, name=name):
                    self.assertEqual(len(answers), 1, answers)

    def _nested(self, pattern):
        """The same condition in each place of a call that takes one."""
        condition = ["strategy", "=like", pattern]
        domain = [condition]
        inside = [["dossier_id", "any", domain]]
        dossier, partner = "customer.dossier", "res.partner"
        yield partner, "search_count", {"domain": inside}
        yield partner, "search_count", {"domain": [["child_ids", "any", inside]]}
        yield partner, "search_count", {"domain": [["parent_id", "not any", inside]]}
        yield "sale.order", "search_count", {"domain": [["partner_id", "any", inside]]}
        yield "customer.transaction", "search_count", {"domain": ["!", *inside]}
        yield dossier, "search", {"domain": ["|", ["id", "=", 0], condition]}
        yield dossier, "search_read", {"domain": domain, "fields": ["note"]}
        yield dossier, "web_search_read", {"domain": domain, "specification": {}}
        yield (
            dossier,
            "formatted_read_group",
            {"domain": domain, "groupby": ["state"], "aggregates": ["__count"]},
        )
        yield (
            dossier,
            "web_read_group",
            {"domain": domain, "groupby": ["state"], "aggregates": ["__count"]},
        )
        yield (
            dossier,
            "formatted_read_grouping_sets",
            {"domain": domain, "grouping_sets": [["state"]], "aggregates": []},
        )
        yield (
            dossier,
            "read_progress_bar",
            {
                "domain": domain,
                "group_by": "state",
                "progress_bar": {"field": "state", "colors": {}},
            },
        )
        for place in ("search_domain", "category_domain", "filter_domain"):
            for method in (
                "search_panel_select_range",
                "search_panel_select_multi_range",
            ):
                kwargs = {"field_name": "team_id", "enable_counters": True}
                yield dossier, method, {**kwargs, place: domain}
        yield dossier, "name_search", {"name": pattern, "operator": "=like"}
        yield dossier, "name_search", {"name": "", "domain": domain}
        yield partner, "name_search", {"name": "", "domain": inside}
        for model in ITEMS:
            yield model, "name_search", {"name": pattern, "operator": "=like"}
            yield model, "search_count", {"domain": [["dossier_id", "=like", pattern]]}
        for name in ("dossier_id", "dossier_number", "dossier_tier_id"):
            yield partner, "search_count", {"domain": [[name, "=like", pattern]]}
        yield "res.users", "search_count", {"domain": inside}

    @mute_logger("odoo.sql_db")
    def test_patterns_in_every_place_of_a_call(self):
        known = self.targets.text("customer.dossier", "strategy")[:6]
        for role, end in product(ROLES, ENDS[:2]):
            for one, two in zip(
                self._nested(known + end), self._nested("qqqqqq" + end), strict=True
            ):
                answers = {
                    self._ask(role, *call).replace(known, "qqqqqq")
                    for call in (one, two)
                }
                with self.subTest(role=role, call=one):
                    self.assertEqual(len(answers), 1, answers)

    @mute_logger("odoo.sql_db")
    def test_conditions_that_compute(self):
        """S2-20: what the database can't compute for a hidden row is never tried."""
        self._put_at_the_end_of_the_calendar()
        for role, (model, name, computed) in product(ROLES, COMPUTED):
            answers = {
                self._ask(
                    role,
                    model,
                    "search_count",
                    {
                        "domain": [
                            [name, "=like", f"{begin}%"],
                            "|",
                            ["id", "=", 0],
                            [computed, "=", 1],
                        ]
                    },
                    {"tz": "America/New_York"},
                )
                for begin in ("zqsouth", "qqqqqq")
            }
            with self.subTest(role=role, model=model, computed=computed):
                self.assertEqual(len(answers), 1, answers)

    def _put_at_the_end_of_the_calendar(self):
        """Only rows of the hidden dossier, and contacts around it."""
        moment = "4714-11-24 00:00:00 BC"
        ids = {
            "customer_dossier": [self.targets.dossier],
            "customer_key_person": [self.targets.person],
            "customer_transaction": [self.targets.transaction],
            "customer_yearly_figure": [self.targets.figure],
            "customer_fact": [self.targets.fact],
            "customer_change": [self.targets.change],
            "res_partner": [
                self.targets.partner,
                self.items["customer.key.person"][HIDDEN].partner_id.id,
            ],
            "res_currency": self.env.company.currency_id.ids,
        }
        for table, row_ids in ids.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE id IN %s",
                    SQL.identifier(table),
                    moment,
                    tuple(row_ids),
                )
            )
