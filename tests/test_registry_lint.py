"""What any addon adds to the registry must leave the archive's locks alone."""

import re

from security_common import SecurityCommon

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged

FAMILY_BASES = ("customer.archive.protected",)
# The guarded link, and what users inherit of it.
OPEN_LINKS = {("res.partner", "dossier_id"), ("res.users", "dossier_id")}
# Links that are stored, of models that nothing in Odoo itself leads to: a search as
# superuser that begins elsewhere does not come this way.
DEAD_END_LINKS = {
    ("customer.approval", "dossier_id"),
    ("customer.intake", "dossier_id"),
    ("customer.disposal", "line_ids"),
    ("customer.review", "line_ids"),
    ("customer.stock.taking", "line_ids"),
    ("customer.review", "finding_ids"),
}
# Where people search whose domains Odoo runs as superuser, or everybody reads.
CORE = (
    "crm.team",
    "ir.attachment",
    "mail.activity",
    "mail.followers",
    "mail.message",
    "res.company",
    "res.partner",
    "res.users",
    "sale.order",
)
ITEM_MODELS = (
    "customer.key.person",
    "customer.transaction",
    "customer.yearly.figure",
    "customer.fact",
    "customer.change",
    "customer.tier.run.line",
    "customer.tier.history",
    "customer.tier.change",
    "customer.interaction",
    "customer.cadence.override",
    "customer.follow.up",
    "customer.visit",
    "customer.visit.item",
    "customer.visit.expense",
    "customer.commitment",
    "customer.visit.plan.line",
    "customer.account.plan",
    "customer.account.plan.action",
    "customer.contact.plan",
    "customer.contact.plan.line",
    "customer.document",
    "customer.volume",
    "customer.volume.print",
    "customer.legal.hold",
    "customer.disposal.line",
    "customer.review.line",
    "customer.review.finding",
    "customer.feedback",
    "customer.stock.taking.line",
)
# Nobody writes these: the archive does, after it asked whose turn it is.
READ_ONLY_MODELS = (
    "customer.follow.up",
    "customer.change",
    "customer.tier.history",
    "customer.volume.print",
    "customer.approval",
    "customer.approval.decision",
)
READ_ITEM = "[('dossier_id.is_readable', '=', True)]"
WRITE_ITEM = "[('dossier_id.is_writable', '=', True)]"
ALL, READ, WRITE = "rwcu", "r", "wcu"
# On top of the lock, by model; limits for everybody have no group. Before a run is
# applied its lines are the managers'.
NARROWER_RULES = {
    "customer.tier.run.line": {
        (
            "group_archive_keeper,group_archive_reader,group_archive_user",
            "[('run_id.state', '=', 'applied')]",
            ALL,
        ),
        ("group_archive_manager", "[(1, '=', 1)]", ALL),
    },
    # somebody's own copy
    "customer.volume.print": {("", "[('user_id', '=', user.id)]", ALL)},
}
# The rules of dossiers: model, group, domain, operations. Whatever comes on top opens
# or closes something and is to be looked at.
DOSSIER_RULES = {
    ("customer.dossier", "", "[('company_id', 'in', company_ids)]", ALL),
    ("customer.dossier", "group_archive_reader", "[(0, '=', 1)]", ALL),
    ("customer.dossier", "group_archive_user", "[('user_id', '=', user.id)]", ALL),
    (
        "customer.dossier",
        "group_archive_supervisor",
        "[('is_supervised', '=', True)]",
        ALL,
    ),
    ("customer.dossier", "group_archive_manager", "[(1, '=', 1)]", ALL),
    ("customer.dossier", "group_archive_keeper", "[(1, '=', 1)]", ALL),
}
# The same for what stands around the family.
CONCERNED = (
    "['|','|','|',('requester_id','=',user.id),('is_my_turn','=',True),"
    "('decision_ids.user_id','=',user.id),('dossier_id.is_readable','=',True),]"
)
DECISION = (
    "['|','|',('user_id','=',user.id),('approval_id.requester_id','=',user.id),"
    "('approval_id.dossier_id.is_readable','=',True),]"
)
COMPANY, OWN, EVERYTHING = (
    "[('company_id','in',company_ids)]",
    "[('user_id','=',user.id)]",
    "[(1,'=',1)]",
)
SUPERVISED = "[('is_supervised','=',True)]"
AROUND_RULES = {
    ("customer.approval", "", COMPANY, ALL),
    ("customer.approval", "", CONCERNED, ALL),
    ("customer.approval.decision", "", DECISION, ALL),
    (
        "customer.approval.delegation",
        "group_archive_keeper,group_archive_user",
        OWN,
        ALL,
    ),
    ("customer.approval.delegation", "group_archive_manager", EVERYTHING, ALL),
    ("customer.tier.quota", "", COMPANY, ALL),
    (
        "customer.tier.quota",
        "group_archive_supervisor",
        "[('is_supervised','=',True)]",
        ALL,
    ),
    ("customer.tier.quota", "group_archive_manager", EVERYTHING, ALL),
    ("customer.intake", "", COMPANY, ALL),
    ("customer.intake", "group_archive_user", "[('create_uid','=',user.id)]", ALL),
    ("customer.intake", "group_archive_keeper", EVERYTHING, ALL),
    ("customer.tier.run", "", COMPANY, ALL),
    ("customer.visit.plan", "", COMPANY, ALL),
    ("customer.visit.plan", "group_archive_user", OWN, ALL),
    ("customer.visit.plan", "group_archive_supervisor", SUPERVISED, ALL),
    ("customer.visit.plan", "group_archive_manager", EVERYTHING, ALL),
    ("customer.visit.plan", "group_archive_keeper", EVERYTHING, ALL),
    ("customer.coverage", "", COMPANY, ALL),
    ("customer.coverage", "group_archive_supervisor", SUPERVISED, ALL),
    ("customer.coverage", "group_archive_manager", EVERYTHING, ALL),
    ("customer.market.report", "", COMPANY, ALL),
    ("customer.market.report", "group_archive_user", OWN, ALL),
    (
        "customer.market.report",
        "group_archive_supervisor",
        "[('is_supervised','=',True)]",
        READ,
    ),
    ("customer.market.report", "group_archive_manager", EVERYTHING, READ),
    ("customer.market.report", "group_archive_keeper", EVERYTHING, READ),
}
OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install", "customer_archive_security")
class TestRegistryLint(SecurityCommon):
    """With the addons that close no dossier to its owner; the rest in a subclass."""

    item_models = frozenset(ITEM_MODELS)
    dead_end_links = DEAD_END_LINKS
    read_only_models = READ_ONLY_MODELS
    dossier_rules = DOSSIER_RULES
    narrower_rules = NARROWER_RULES
    around_rules = AROUND_RULES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bases = tuple(cls.env.registry[name] for name in FAMILY_BASES)
        cls.family = {
            name
            for name, model in cls.env.registry.items()
            if issubclass(model, bases) and not model._abstract
        }

    def _fields_outside(self):
        for model_name, model in self.env.registry.items():
            if model_name not in self.family and not model._abstract:
                for field in self.env[model_name]._fields.values():
                    yield model_name, field

    def _models_on_path(self, model_name, path):
        """Models that a dotted path of fields comes through, its own aside."""
        model = self.env[model_name]
        for name in path.split("."):
            field = model._fields.get(name)
            if field is None or not field.relational:
                return
            model = self.env[field.comodel_name]
            yield field.comodel_name

    # Fields -----------------------------------------------------------------

    def test_family_is_known(self):
        self.assertEqual(self.family, {"customer.dossier", *self.item_models})

    def test_no_link_leads_to_the_family_but_the_guarded_one(self):
        """Rows 0.2, 1, 6: what a user sees must not depend on hidden rows."""
        links = {
            (model_name, field.name)
            for model_name, field in self._fields_outside()
            if field.relational and field.comodel_name in self.family
        }
        self.assertEqual(links, OPEN_LINKS | self.dead_end_links)
        for model_name, name in OPEN_LINKS:
            field = self.env[model_name]._fields[name]
            self.assertFalse(field.store, model_name)

    def _models_reached(self, model_names):
        """Models that paths of fields lead to from these, the guarded link aside."""
        reached, waiting = set(model_names), list(model_names)
        while waiting:
            model_name = waiting.pop()
            for field in self.env[model_name]._fields.values():
                if not field.relational or (model_name, field.name) in OPEN_LINKS:
                    continue
                if field.comodel_name not in reached:
                    reached.add(field.comodel_name)
                    waiting.append(field.comodel_name)
        return reached

    def test_nothing_leads_to_the_links_that_are_stored(self):
        """Rows 0.2, 6: no way for a superuser's search, be it ever so long."""
        reached = self._models_reached(CORE)
        self.assertGreater(len(reached), 100)
        own = {name for name, _model in self._own_models()}
        # settings; they lead nowhere from there
        self.assertEqual(reached & own, {"customer.tier"})
        links = {name for name, _field in self.dead_end_links}
        self.assertTrue(links <= own, links)
        for model_name in links:
            self.assertIn("customer.dossier", self._models_reached([model_name]))

    def test_what_follows_the_link_is_neither_stored_nor_read_by_others(self):
        """Rows 0.4, 9: each field whose related path comes through the family."""
        checked = []
        for model_name, field in self._fields_outside():
            if not field.related or (model_name, field.name) in OPEN_LINKS:
                continue
            if self.family.isdisjoint(self._models_on_path(model_name, field.related)):
                continue
            checked.append((model_name, field.name))
            with self.subTest(model=model_name, field=field.name):
                self.assertFalse(field.store)
                self.assertFalse(field.related_sudo)
                self.assertTrue(field.readonly)
        self.assertIn(("res.partner", "dossier_number"), checked)

    def test_nothing_stored_is_computed_from_the_family(self):
        """Row 9: a stored value is everybody's."""
        computed = 0
        for model_name, field in self._fields_outside():
            for path in self.env.registry.field_depends.get(field, ()):
                models = set(self._models_on_path(model_name, path))
                if models & self.family:
                    computed += 1
                    with self.subTest(model=model_name, field=field.name, path=path):
                        self.assertFalse(field.store)
        self.assertTrue(computed)

    def test_guarded_link_depends_on_its_reader(self):
        """Row 0.4: the cache keeps each reader's own value."""
        registry = self.env.registry
        for model_name, _name in OPEN_LINKS:
            for name in ("dossier_id", "dossier_number", "dossier_tier_id"):
                field = self.env[model_name]._fields[name]
                context = registry.field_depends_context[field]
                self.assertIn("uid", context)
                self.assertIn("allowed_company_ids", context)

    # Rules and rights ---------------------------------------------------------

    def _access_lines(self):
        models = self.env["ir.model"]._get_id
        return self.env["ir.model.access"].search(
            [("model_id", "in", [models(name) for name in self.family])]
        )

    def _rules_of(self, model_names):
        """Model, groups, domain and operations of each rule on these models."""
        models = [self.env["ir.model"]._get_id(name) for name in model_names]
        rules = self.env["ir.rule"].with_context(active_test=False)
        for rule in rules.search([("model_id", "in", models)]):
            self.assertTrue(rule.active, rule.name)
            xml_ids = rule.groups.get_external_id().values()
            names = sorted(xml_id.split(".")[1] for xml_id in xml_ids)
            operations = "".join(op[0] for op in OPERATIONS if rule[f"perm_{op}"])
            yield rule.model_id.model, ",".join(names), rule.domain_force, operations

    def test_rules_are_those_shipped(self):
        """S2-20, row 0.8: one rule more may open everything."""
        items = self.item_models
        narrower = self.narrower_rules.items()
        shipped = {
            *self.dossier_rules,
            *((model, "", READ_ITEM, READ) for model in items),
            *((model, "", WRITE_ITEM, WRITE) for model in items),
            *((model, *rule) for model, rules in narrower for rule in rules),
        }
        self.assertEqual(set(self._rules_of(self.family)), shipped)

    def test_rules_around_the_family_are_those_shipped(self):
        """S2-20, row 0.8: requests, decisions, delegations and what came in."""
        names = {model for model, _groups, _domain, _operations in self.around_rules}
        found = {
            (model, groups, re.sub(r"\s", "", domain), operations)
            for model, groups, domain, operations in self._rules_of(names)
        }
        self.assertEqual(found, self.around_rules)

    def test_history_and_decisions_have_no_right_to_write(self):
        """S2-29: not for anybody, so that a rule can't open it by mistake."""
        for name in self.read_only_models:
            lines = self.env["ir.model.access"].search(
                [("model_id", "=", self.env["ir.model"]._get_id(name))]
            )
            self.assertTrue(any(lines.mapped("perm_read")), name)
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(any(lines.mapped(f"perm_{operation}")))

    def test_each_group_with_rights_has_a_rule(self):
        """Row 0.8: a right without a rule is a right to everything."""
        for line in self._access_lines():
            with self.subTest(line=line.name):
                self.assertTrue(line.group_id)
                rules = self.env["ir.rule"].search(
                    [("model_id", "=", line.model_id.id)]
                )
                items = line.model_id.model != "customer.dossier"
                own = rules.filtered(lambda r, g=line.group_id: g in r.groups)
                self.assertTrue(own or items and rules.filtered("global"))

    def test_system_administrators_have_no_rights(self):
        """S2-20: who runs Odoo does not by that read dossiers."""
        broad = self.env["res.groups"]
        for name in ("system", "erp_manager", "user", "portal", "public", "no_one"):
            broad += self.env.ref(f"base.group_{name}")
        for line in self._access_lines():
            self.assertNotIn(line.group_id, broad.all_implied_ids, line.name)
        for group in self._access_lines().group_id:
            self.assertFalse(group.implied_by_ids & broad, group.name)

    def test_settings_group_has_no_rights_on_the_family(self):
        admin = self.env.ref("customer_archive.group_archive_admin")
        self.assertNotIn(admin, self._access_lines().group_id)
        self.assertFalse(admin.all_implied_ids & self._access_lines().group_id)

    def test_every_rule_compiles_for_every_role(self):
        """A rule that raises for one role would shut or open it by accident."""
        for role in self.users:
            env = api.Environment(self.env.cr, self.users[role].id, {})
            for model_name in self.family:
                for operation in OPERATIONS:
                    with self.subTest(role=role, model=model_name, op=operation):
                        domain = env["ir.rule"]._compute_domain(model_name, operation)
                        domain.optimize_full(env[model_name].sudo())

    def test_rules_of_items_are_the_lock_of_the_dossier(self):
        """Each model that hangs on a dossier has the two lines; more only narrows."""
        for name in self.family - {"customer.dossier"}:
            model_id = self.env["ir.model"]._get_id(name)
            rules = self.env["ir.rule"].search([("model_id", "=", model_id)])
            locks, others = rules.filtered("global"), rules.filtered("groups")
            narrower = self.narrower_rules.get(name, ())
            limits = {domain for groups, domain, _ops in narrower if not groups}
            self.assertEqual(
                set(locks.mapped("domain_force")),
                {READ_ITEM, WRITE_ITEM, *limits},
                name,
            )
            own = any(groups for groups, _domain, _ops in narrower)
            self.assertEqual(bool(others), own, name)

    # Models -------------------------------------------------------------------

    def _own_models(self):
        modules = self.env["ir.module.module"].search(
            [("name", "=like", "customer\\_archive%"), ("state", "=", "installed")]
        )
        for name, model in self.env.registry.items():
            if model._original_module in modules.mapped("name"):
                yield name, model

    def test_wizards_are_their_users_own(self):
        """Row 47: Odoo keeps no wizard of one user from another."""
        for name, model in self._own_models():
            if not model._transient:
                continue
            model_id = self.env["ir.model"]._get_id(name)
            rules = self.env["ir.rule"].search([("model_id", "=", model_id)])
            domains = rules.filtered("global").mapped("domain_force")
            self.assertIn("[('create_uid', '=', user.id)]", domains, name)

    def test_no_followers_on_the_family(self):
        """Rows 10 to 18: who once followed would go on reading."""
        for name in self.family:
            self.assertNotIn("message_follower_ids", self.env[name]._fields, name)
            self.assertNotIn("access_token", self.env[name]._fields, name)

    def test_order_and_name_of_the_family_tell_no_content(self):
        """Rows 1 and 7: sorting and naming are done for everybody."""
        dates = {"date", "date desc", "date_start desc", "learned_date desc"}
        dates.add("year desc")
        public = {"number", "place", "id", "id desc", *dates}
        for name in self.family:
            order = {part.strip() for part in self.env[name]._order.split(",")}
            self.assertLessEqual(order, public, name)

    def test_nothing_is_tracked(self):
        """Row 14: old and new values are kept where other rules apply."""
        for name in self.family:
            for field in self.env[name]._fields.values():
                self.assertFalse(getattr(field, "tracking", None), str(field))

    def test_contents_are_not_copied(self):
        """Row 43: a duplicate has another owner."""
        for name in self.family:
            with self.assertRaises(UserError):
                self.env[name].browse().copy()
