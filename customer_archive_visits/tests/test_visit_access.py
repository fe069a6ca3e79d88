from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .visit_common import VisitCommon

LINES = ("customer.visit.item", "customer.visit.expense", "customer.commitment")
READERS = ("seller", "leader", "manager", "keeper")
OTHERS = ("heir", "mate", "stranger", "system", "settings")


@tagged("post_install", "-at_install", "customer_visit")
class TestVisitAccess(VisitCommon):
    """What hangs on a visit is as open as its dossier, for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls._new_user("settings", "admin")
        cls.system = cls._new_user("system")
        cls.system.group_ids += cls.env.ref("base.group_system")
        visit = cls._plan(companion_ids=cls.mate.ids)
        cls.records = {"customer.visit": visit.sudo()}
        for name in LINES:
            vals = {"visit_id": visit.id, "name": "Secret thing"}
            if name == "customer.commitment":
                vals["date"] = "2030-01-01"
            cls.records[name] = cls.env[name].create(vals)
        cls.env.flush_all()

    def _as(self, role, name):
        self.env.invalidate_all()
        return self.records[name].sudo(False).with_user(getattr(self, role))

    def _vals(self, name):
        visit = self.records["customer.visit"]
        if name == "customer.visit":
            return {"dossier_id": self.dossier.id, "objective": "x"}
        vals = {"visit_id": visit.id, "name": "x"}
        if name == "customer.commitment":
            vals["date"] = "2030-01-01"
        return vals

    def test_readers(self):
        for role in READERS:
            for name in self.records:
                with self.subTest(role=role, model=name):
                    record = self._as(role, name)
                    self.assertEqual(record.search([("id", "=", record.id)]), record)
                    field = "objective" if name == "customer.visit" else "name"
                    record.write({field: "Other"})
                    self.assertEqual(record.read([field])[0][field], "Other")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access")
    def test_others(self):
        for role in OTHERS:
            for name in self.records:
                with self.subTest(role=role, model=name):
                    record = self._as(role, name)
                    field = "objective" if name == "customer.visit" else "name"
                    with self.assertRaises(AccessError):
                        record.read([field])
                    with self.assertRaises(AccessError):
                        record.write({field: "Other"})
                    with self.assertRaises(AccessError):
                        record.create(self._vals(name))
                    if record.has_access("read"):
                        self.assertFalse(record.search([(field, "ilike", "secret")]))
                    self.assertNotIn("Secret", record.display_name)
                    self.assertNotIn("Secretive", record.display_name)

    def test_nothing_is_hung_on_a_visit_of_others(self):
        visit = self.records["customer.visit"]
        other = self._new_dossier("Of the Heir", self.heir)
        own = self._plan(self.heir, dossier_id=other.id)
        for name in LINES:
            vals = {"name": "x"}
            if name == "customer.commitment":
                vals["date"] = "2030-01-01"
            lines = self.env[name].with_user(self.heir)
            with self.subTest(model=name):
                with self.assertRaises(AccessError):
                    lines.create({**vals, "visit_id": visit.id})
                line = lines.create({**vals, "visit_id": own.id})
                self.assertEqual(line.dossier_id, other)
                with self.assertRaises(AccessError):
                    line.visit_id = visit.id
                    self.env.flush_all()

    def test_a_superior_sees_the_teams_alone(self):
        visit = self.records["customer.visit"]
        other = self.env["customer.dossier"].create(
            {
                "partner_id": self.env["res.partner"]
                .create({"name": "Elsewhere", "is_company": True})
                .id,
                "user_id": self.heir.id,
                "team_id": False,
            }
        )
        other.team_id = False
        elsewhere = self._plan(self.manager, dossier_id=other.id)
        visits = self.env["customer.visit"]
        both = visit | elsewhere.sudo()
        domain = [("id", "in", both.ids)]
        self.assertEqual(visits.with_user(self.leader).search_count(domain), 1)
        self.assertEqual(visits.with_user(self.manager).search_count(domain), 2)
        mine = [*domain, ("dossier_id.is_supervised", "=", True)]
        self.assertEqual(visits.with_user(self.leader).search(mine).id, visit.id)
