from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CONTENT, DOSSIERS, FAMILY, ITEMS, ArchiveCommon


@tagged("post_install", "-at_install", "customer_archive_security")
class TestAccessRules(ArchiveCommon):
    """Each role against each dossier, as worked out by the oracle of the base class.

    S0-25, S1-19, S2-27, S2-20: rank decides; S4-19: archivists keep all.
    """

    def _records(self, model_name):
        if model_name == "customer.dossier":
            return self.dossiers
        return self.items[model_name]

    def _keys(self, model_name, records):
        keys = {record.id: key for key, record in self._records(model_name).items()}
        return {keys[record.id] for record in records if record.id in keys}

    def _expected(self, role, operation, model_name):
        return {key for key in DOSSIERS if self.may(role, operation, model_name, key)}

    def _everything(self, role, model_name):
        ids = [record.id for record in self._records(model_name).values()]
        return self.as_role(role, model_name).browse(ids)

    def test_search_agrees_with_oracle(self):
        """S2-20: what a search finds is what the role may see, archived ones too."""
        for role in self.users:
            for model_name in FAMILY:
                model = self.as_role(role, model_name, active_test=False)
                expected = self._expected(role, "read", model_name)
                with self.subTest(role=role, model=model_name):
                    try:
                        found = model.search([])
                    except AccessError:
                        found = model.browse()
                        self.assertFalse(model.has_access("read"))
                    self.assertEqual(self._keys(model_name, found), expected)

    def test_active_ones_by_default(self):
        active = {key for key, facts in DOSSIERS.items() if facts[3]}
        for role in ("owner", "leader", "manager", "keeper"):
            found = self.as_role(role, "customer.dossier").search([])
            expected = self._expected(role, "read", "customer.dossier") & active
            self.assertEqual(self._keys("customer.dossier", found), expected, role)

    def test_items_of_archived_dossiers_stay_readable(self):
        found = self.as_role("owner", "customer.transaction").search([])
        self.assertIn("own_archived", self._keys("customer.transaction", found))

    def test_filtered_access_agrees_with_oracle(self):
        """S2-20: the same answer record by record, for each operation."""
        for role in self.users:
            for model_name in FAMILY:
                for operation in ("read", "write", "create", "unlink"):
                    records = self._everything(role, model_name)
                    with self.subTest(role=role, model=model_name, op=operation):
                        self.assertEqual(
                            self._keys(model_name, records._filtered_access(operation)),
                            self._expected(role, operation, model_name),
                        )

    def test_operations_agree_with_oracle(self):
        """S2-20: reading, writing, creating and deleting one, tried for real."""
        for role in self.users:
            for model_name in FAMILY:
                for operation in ("read", "write", "create", "unlink"):
                    for key in DOSSIERS:
                        with self.subTest(
                            role=role, model=model_name, op=operation, key=key
                        ):
                            self._try_operation(role, operation, model_name, key)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models.unlink")
    def _try_operation(self, role, operation, model_name, key):
        record = self._records(model_name)[key]
        record = self.as_role(role, model_name).browse(record.id)
        allowed = self.may(role, operation, model_name, key)
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            getattr(self, f"_try_{operation}")(record, key)
            self.assertTrue(allowed, "went through")
        except AccessError:
            self.assertFalse(allowed, "refused")
        finally:
            savepoint.close(rollback=True)

    def _try_read(self, record, _key):
        record.read(["create_date" if record._log_access else "date"])

    def _try_write(self, record, _key):
        record.write({CONTENT[record._name]: "changed"})

    def _try_unlink(self, record, _key):
        record.unlink()

    def _try_create(self, record, key):
        if record._name != "customer.dossier":
            vals = self.item_vals(record._name, self.dossiers[key])
            if record._name == "customer.yearly.figure":
                vals["year"] = 2001
            elif record._name == "customer.transaction":
                vals["amount"] = 5
            elif record._name == "customer.fact":
                vals["information"] = "new"
            return record.create(vals)
        company, owner, team, _active = DOSSIERS[key]
        return record.create(
            {
                "partner_id": self.env["res.partner"].create({"name": "New"}).id,
                "company_id": self.companies[company].id,
                "user_id": company == "home" and owner and self.users[owner].id,
                "team_id": team and self.teams[team].id,
            }
        )

    # Rights that end ------------------------------------------------------

    def _sees(self, role, key):
        """Whether the role sees the dossier and its items now, asked without help."""
        found = set()
        # as in the next request: only what Odoo keeps between two of them is kept
        self.env.flush_all()
        self.env.invalidate_all()
        for model_name in FAMILY:
            record_id = self._records(model_name)[key].id
            model = self.as_role(role, model_name, active_test=False)
            if not model.has_access("read"):
                found.add(False)
                continue
            searched = bool(model.search([("id", "=", record_id)]))
            filtered = bool(model.browse(record_id)._filtered_access("read"))
            found |= {searched, filtered}
        partner = self.as_role(role, "res.partner").browse(self.customers[key].id)
        found.add(bool(partner.dossier_id) or not DOSSIERS[key][3])
        self.assertEqual(len(found), 1, found)
        return found.pop()

    def test_access_ends_with_its_reason(self):
        """S2-20, S3-17, S4-25: at once, in this very process, whatever ends."""
        users, teams, dossiers = self.users, self.teams, self.dossiers
        groups = {
            step: self.env.ref(f"customer_archive.group_archive_{step}")
            for step in ("user", "supervisor", "manager", "keeper")
        }
        # role, dossier, what ends it, what brings it back
        cases = (
            (
                "leader",
                "team",
                lambda: teams["north"].write({"user_id": users["owner"].id}),
                lambda: teams["north"].write({"user_id": users["leader"].id}),
            ),
            (
                "named",
                "named",
                lambda: teams["east"].write({"archive_supervisor_ids": [(5,)]}),
                lambda: teams["east"].write(
                    {"archive_supervisor_ids": [(4, users["named"].id)]}
                ),
            ),
            (
                "leader",
                "team",
                lambda: dossiers["team"].write({"team_id": teams["south"].id}),
                lambda: dossiers["team"].write({"team_id": teams["north"].id}),
            ),
            (
                "owner",
                "own_teamless",
                lambda: dossiers["own_teamless"].write({"user_id": users["leader"].id}),
                lambda: dossiers["own_teamless"].write({"user_id": users["owner"].id}),
            ),
            (
                "owner",
                "own",
                lambda: users["owner"].write({"group_ids": [(3, groups["user"].id)]}),
                lambda: users["owner"].write({"group_ids": [(4, groups["user"].id)]}),
            ),
            (
                "leader",
                "team",
                lambda: groups["supervisor"].write(
                    {"user_ids": [(3, users["leader"].id)]}
                ),
                lambda: groups["supervisor"].write(
                    {"user_ids": [(4, users["leader"].id)]}
                ),
            ),
            (
                "manager",
                "nobody",
                lambda: users["manager"].write(
                    {"group_ids": [(3, groups["manager"].id)]}
                ),
                lambda: users["manager"].write(
                    {"group_ids": [(4, groups["manager"].id)]}
                ),
            ),
            (
                "keeper",
                "south",
                lambda: users["keeper"].write(
                    {"group_ids": [(3, groups["keeper"].id)]}
                ),
                lambda: users["keeper"].write(
                    {"group_ids": [(4, groups["keeper"].id)]}
                ),
            ),
            (
                "manager",
                "nobody",
                lambda: users["manager"].write(
                    {
                        "company_id": self.companies["abroad"].id,
                        "company_ids": [(6, 0, self.companies["abroad"].ids)],
                    }
                ),
                lambda: users["manager"].write(
                    {
                        "company_id": self.companies["home"].id,
                        "company_ids": [(6, 0, self.companies["home"].ids)],
                    }
                ),
            ),
        )
        for index, (role, key, end, renew) in enumerate(cases):
            with self.subTest(case=index, role=role, key=key):
                self.assertTrue(self._sees(role, key))
                end()
                self.assertFalse(self._sees(role, key))
                renew()
                self.assertTrue(self._sees(role, key))

    def test_moving_out_of_reach_is_refused(self):
        """S4-27: nobody carries a record behind another lock, or out of it."""
        owner = self.as_role("owner", "customer.dossier")
        own = owner.browse(self.dossiers["own"].id)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                own.user_id = self.users["colleague"]
            for model_name, records in self.items.items():
                item = records["own"].with_env(owner.env)
                with self.subTest(model=model_name), self.assertRaises(AccessError):
                    item.dossier_id = self.dossiers["south"]
            for commands in (
                [(4, self.items["customer.key.person"]["south"].id)],
                [(1, self.items["customer.key.person"]["south"].id, {"note": "x"})],
            ):
                with self.assertRaises(AccessError):
                    own.write({"person_ids": commands})

    def _fill_in(self, items, dossier, is_default=False):
        """Open a new form with that dossier, as a value or as a default."""
        spec = {name: {} for name in items._fields}
        if is_default:
            items.with_context(default_dossier_id=dossier.id).onchange({}, [], spec)
        else:
            items.onchange({"dossier_id": dossier.id}, [], spec)

    def test_form_is_not_filled_in_from_what_is_hidden(self):
        """S0-25: what is stored is computed as superuser, for a form too."""
        for model_name in ITEMS:
            items = self.as_role("owner", model_name)
            with self.subTest(model=model_name):
                self._fill_in(items, self.dossiers["own"])
                for is_default in (False, True):
                    with self.assertRaises(AccessError):
                        self._fill_in(items, self.dossiers["south"], is_default)
        person = self.items["customer.key.person"]["south"]
        dossiers = self.as_role("owner", "customer.dossier")
        for commands in ([(4, person.id)], [(6, 0, person.ids)], [(1, person.id, {})]):
            with self.assertRaises(AccessError):
                dossiers.onchange({"person_ids": commands}, [], {"person_ids": {}})
