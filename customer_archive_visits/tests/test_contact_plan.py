from datetime import datetime

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_account_plan import PlanCommon

PLAN = "customer.contact.plan"


@tagged("post_install", "-at_install", "customer_plan")
class TestContactPlan(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = fields.Date.today().year
        cls.plan = cls._write_contact_plan(cls.dossier)

    @classmethod
    def _write_contact_plan(cls, dossier, **vals):
        plans = cls.env[PLAN].with_user(cls.seller)
        return plans.create(
            {"dossier_id": dossier.id, "objective": "Win the boss", **vals}
        )

    def _talk(self, persons, user=None, year=None, **vals):
        contacts = self.env["customer.interaction"].with_user(user or self.seller)
        return contacts.create(
            {
                "dossier_id": self.dossier.id,
                "person_ids": [Command.set(persons.ids)],
                "summary": "Spoke",
                "date": datetime(year or self.year, 1, 1, 12),
                **vals,
            }
        )

    def _line(self, person, user=None):
        return self.plan.line_ids.filtered(
            lambda line: (
                line.person_id == person and line.user_id == (user or self.seller)
            )
        )

    def test_pairs_begin_with_the_liaisons(self):
        # S1-41
        self.boss.liaison_ids = self.leader | self.seller
        plan = self._write_contact_plan(self.dossier, year=self.year + 1)
        pairs = {(line.user_id, line.person_id) for line in plan.line_ids}
        self.assertEqual(
            pairs,
            {
                (self.leader, self.boss),
                (self.seller, self.boss),
                (self.seller, self.clerk),
            },
        )
        plan.line_ids[0].unlink()
        plan.action_fill()
        plan.action_fill()
        self.assertEqual(len(plan.line_ids), 3)
        self.boss.partner_id.function = "Chief"
        line = plan.line_ids.filtered(lambda line: line.person_id == self.boss)[0]
        self.assertEqual(line.function, "Chief")

    def test_contacts_of_the_year_are_counted(self):
        # S1-41
        self._talk(self.boss)
        self._talk(self.boss | self.clerk, channel="letter")
        self._talk(self.boss, user=self.leader)
        self._talk(self.boss, year=self.year - 1)
        self._talk(self.boss, is_reached=False)
        self._talk(self.boss)._strike_out("Wrong customer")
        self.env.invalidate_all()
        self.assertEqual(self._line(self.boss).contact_count, 2)
        self.assertEqual(self._line(self.clerk).contact_count, 1)
        self.assertEqual(str(self._line(self.clerk).last_date), f"{self.year}-01-01")

    def test_counting_costs_the_same_for_many(self):
        def count(lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines.mapped("contact_count")
            return self.env.cr.sql_log_count - before

        count(self.plan.line_ids)
        one = count(self.plan.line_ids[:1])
        others = [self._new_dossier(f"Works {n}") for n in range(4)]
        for other in others:
            self._write_contact_plan(other)
        lines = self.env["customer.contact.plan.line"].with_user(self.seller)
        self.assertLessEqual(count(lines.search([])), one)

    def test_a_person_of_the_same_customer(self):
        stranger = self._new_dossier("Other Works").person_ids[0]
        with self.assertRaises(ValidationError):
            self.plan.line_ids[0].person_id = stranger

    def test_as_open_as_its_dossier(self):
        # S1-41
        for user in (self.seller, self.leader, self.manager, self.keeper):
            self.assertEqual(self.plan.with_user(user).objective, "Win the boss")
            self.assertEqual(len(self.plan.with_user(user).line_ids), 2)
            self.plan.line_ids[0].with_user(user).next_date = self.day
        for user in (self.heir, self.mate):
            for record in (self.plan, self.plan.line_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["dossier_id"])
            with self.assertRaises(AccessError):
                self.plan.with_user(user).action_view_matrix()

    def test_merged_customers_keep_their_plans(self):
        other = self._new_dossier("Merged Works")
        same = self._write_contact_plan(other)
        later = self._write_contact_plan(other, year=self.year + 1)
        (same | later).with_user(self.manager)._move_to_dossier(self.dossier)
        self.assertEqual(same.dossier_id, other)
        self.assertEqual(later.dossier_id, self.dossier)
        self.assertEqual(later.line_ids.dossier_id, self.dossier)
        self.assertEqual(later.line_ids.person_id.dossier_id, self.dossier)

    def test_the_matrix_shows_what_took_place(self):
        # S1-41
        self._talk(self.boss)
        action = self.plan.action_view_matrix()
        contacts = self.env["customer.interaction"].with_user(self.seller)
        groups = contacts._read_group(
            action["domain"], ["person_ids", "user_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.boss, self.seller, 1)])
