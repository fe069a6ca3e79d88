from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestOriginal(ArchiveCommon):
    """Departments hand originals in; the archive collects them periodically."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.kind = cls.env.ref("customer_archive.customer_document_kind_contract")
        cls.kind.write({"is_original_collected": True, "original_days": 30})
        cls.other = cls.env.ref("customer_archive.customer_document_kind_other")
        cls.other.is_original_collected = False
        cls.dossier = cls.dossiers["own"]
        cls.dossier.write({"state": "filed", "keeper_id": cls.users["keeper"].id})
        policies = cls.env["customer.archive.policy"]
        cls.policy = policies.search([("company_id", "=", cls.env.company.id)])
        cls.policy = cls.policy or policies.create({})
        cls.policy.collect_months = 1

    def add(self, days_ago, key="own", **vals):
        date = days_ago is not None and self.today - timedelta(days=days_ago)
        return self.env["customer.document"].create(
            {
                "dossier_id": self.dossiers[key].id,
                "name": f"{days_ago} days old",
                "kind_id": self.kind.id,
                "date": date,
                **vals,
            }
        )

    def find(self, *states):
        documents = self.env["customer.document"].with_user(self.users["keeper"])
        return documents.search([("original_state", "in", states)])

    def test_due_by_the_kind_of_the_document(self):
        # S3-2
        late, on_time = self.add(31), self.add(30)
        new = self.add(None)
        digital = self.add(90, has_original=False)
        other = self.add(90, kind_id=self.other.id)
        found = (late, on_time, new, digital, other)
        states = ("overdue", "due", "due", False, False)
        self.assertEqual(tuple(d.original_state for d in found), states)
        self.assertEqual(late.original_due_date, self.today - timedelta(days=1))
        self.assertFalse(other.original_due_date)
        for state in ("overdue", "due", False):
            expected = {d for d, s in zip(found, states, strict=True) if s == state}
            self.assertEqual(set(self.find(state)) & set(found), expected, state)
        # the number is the company's
        self.kind.original_days = 29
        self.env.invalidate_all()
        self.assertEqual(on_time.original_state, "overdue")
        self.assertLessEqual({late, on_time}, set(self.find("overdue")))

    def test_listed_by_department_and_keeper(self):
        # S3-2
        self.add(40)
        self.add(40, "team")
        self.add(40, "south")
        groups = (
            self.env["customer.document"]
            .with_user(self.users["keeper"])
            ._read_group(
                [("original_state", "=", "overdue")],
                ["team_id", "keeper_id"],
                ["__count"],
            )
        )
        nobody = self.env["res.users"]
        self.assertLessEqual(
            {
                (self.teams["north"], self.users["keeper"], 1),
                (self.teams["north"], nobody, 1),
                (self.teams["south"], nobody, 1),
            },
            set(groups),
        )

    def test_the_archivist_confirms_the_receipt(self):
        # S3-2
        document, second = self.add(40), self.add(40)
        document.volume_id.location = "Room 1, cabinet 2"
        second.received_place = "Strong room"
        both = document | second
        receipt = {"received_date": self.today, "received_place": "In my drawer"}
        for name, value in receipt.items():
            with self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
                document.with_user(self.users["owner"]).write({name: value})
        with self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
            both.with_user(self.users["manager"]).action_receive()
        both.with_user(self.users["keeper"]).action_receive()
        self.assertRecordValues(
            both,
            [
                {
                    "original_state": "received",
                    "received_date": self.today,
                    "received_by_id": self.users["keeper"].id,
                    "received_place": place,
                    "medium": "both",
                }
                for place in ("Room 1, cabinet 2", "Strong room")
            ],
        )
        self.assertFalse(both & self.find("due", "overdue"))
        history = self.env["customer.change"].search(
            [("res_id", "=", document.id), ("field_name", "=", "received_by_id")]
        )
        self.assertEqual(history.create_uid, self.users["keeper"])
        document.with_user(self.users["keeper"]).action_return()
        self.assertEqual(document.original_state, "overdue")

    def test_a_department_sees_its_own_alone(self):
        # S2-20 S3-2
        mine, others = self.add(40), self.add(40, "south")
        documents = self.env["customer.document"].with_user(self.users["owner"])
        found = documents.search([("original_state", "=", "overdue")])
        self.assertIn(mine, found)
        self.assertNotIn(others, found)

    # Periodic collection ------------------------------------------------------

    def sweep(self, day):
        with freeze_time(f"{day} 12:00:00"):
            dossiers = self.env["customer.dossier"]
            dossiers._settle_tasks(everywhere=True)
            for task in dossiers._get_tasks():
                dossiers._raise_task(task, 1000)
        self.env.invalidate_all()

    def desks(self):
        types = [
            self.env.ref(f"customer_archive.mail_activity_type_{name}").id
            for name in ("hand_in", "collect")
        ]
        found = self.dossier.activity_ids.filtered(
            lambda activity: activity.activity_type_id.id in types
        )
        return {(a.user_id, str(a.date_deadline)) for a in found}

    def test_collected_on_the_first_of_each_month(self):
        # S3-2
        self.today = fields.Date.to_date("2026-02-10")
        document = self.add(0)
        self.sweep("2026-03-11")
        self.assertFalse(self.desks())
        self.sweep("2026-03-31")
        self.assertFalse(self.desks())
        self.sweep("2026-04-01")
        self.sweep("2026-04-02")
        expected = {
            (self.users["owner"], "2026-04-01"),
            (self.users["keeper"], "2026-04-01"),
        }
        self.assertEqual(self.desks(), expected)
        document.with_user(self.users["keeper"]).action_receive()
        self.env.invalidate_all()
        self.assertFalse(self.desks())

    def test_how_often_is_a_setting(self):
        # S3-2
        self.today = fields.Date.to_date("2026-02-10")
        self.add(0)
        self.policy.collect_months = 3
        self.sweep("2026-06-30")
        self.assertEqual({day for _user, day in self.desks()}, {"2026-04-01"})
        self.policy.collect_months = 0
        self.sweep("2026-07-01")
        self.assertFalse(self.desks())

    def test_due_on_the_first_is_collected_that_day(self):
        # S3-2
        self.today = fields.Date.to_date("2026-03-02")
        self.add(0)
        self.sweep("2026-04-01")
        self.assertEqual({day for _user, day in self.desks()}, {"2026-04-01"})

    def test_many_take_as_many_queries_as_one(self):
        one = self.add(40)
        many = one.browse(self.add(40).id for _number in range(5))
        keeper = self.users["keeper"]
        self.env.flush_all()
        counts = []
        for documents in (one, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            documents.with_user(keeper).action_receive()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)
