from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ArchiveCommon


@tagged("post_install", "-at_install")
class TestFeedback(ArchiveCommon):
    def log(self, role="owner", dossier="own", **vals):
        feedbacks = self.env["customer.feedback"].with_user(self.users[role])
        return feedbacks.create(
            {"dossier_id": self.dossiers[dossier].id, "text": "Too late", **vals}
        )

    def test_a_complaint_has_an_owner_a_deadline_and_an_answer(self):
        # S2-40 S2-61
        complaint = self.log(date="2026-04-01")
        owner = self.users["owner"]
        self.assertEqual(complaint.user_id, owner)
        self.assertEqual(str(complaint.date_deadline), "2026-04-04")
        self.assertEqual(complaint.activity_ids.user_id, owner)
        with freeze_time("2026-04-05"):
            complaint.invalidate_recordset()
            self.assertTrue(complaint.is_overdue)
        with self.assertRaises(UserError):
            complaint.action_answer()
        complaint.write({"cause": "Carrier", "answer": "Sent anew"})
        complaint.action_answer()
        self.assertFalse(complaint.activity_ids)
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_satisfaction_and_complaints_are_counted(self):
        # S2-40 S4-12 S4-13
        dossier = self.dossiers["own"]
        for rating in ("5", "2"):
            self.log(kind="satisfaction", rating=rating)
        struck = self.log()
        self.assertEqual((dossier.satisfaction, dossier.complaint_count), (3.5, 1))
        struck._strike_out("Was another customer's")
        self.assertEqual(dossier.complaint_count, 0)
        self.assertFalse(struck.activity_ids)

    def test_both_can_be_criteria(self):
        for name in ("satisfaction", "complaint_count"):
            field = self.env["customer.dossier"]._fields[name]
            self.assertTrue(field.store)

    def test_closed_dossiers_feedback_is_closed(self):
        complaint = self.log()
        with self.assertRaises(AccessError):
            complaint.with_user(self.users["colleague"]).read(["text"])
        with self.assertRaises(AccessError):
            self.log("colleague")


@tagged("post_install", "-at_install")
class TestCreditLimit(ArchiveCommon):
    def test_the_grade_proposes_and_the_company_decides(self):
        # S4-5
        dossier = self.dossiers["own"].with_user(self.users["owner"])
        grade = self.env["customer.credit.grade"].search([], limit=1)
        grade.credit_limit = 5000
        dossier.credit_grade_id = grade
        self.assertEqual(dossier.credit_proposal, 5000)
        dossier.action_take_proposal()
        self.assertEqual(dossier.credit_limit, 5000)
        self.env["customer.archive.policy"].create(
            {
                "company_id": self.env.company.id,
                "credit_group_id": self.env.ref("base.group_system").id,
            }
        )
        with self.assertRaises(UserError):
            dossier.credit_limit = 9000
        changes = dossier.change_ids.filtered(lambda c: c.field_name == "credit_limit")
        self.assertEqual(len(changes), 1)

    def test_breaches_are_counted(self):
        # S4-5
        dossier = self.dossiers["own"]
        before = dossier.breach_count
        self.env["customer.transaction"].create(
            {"dossier_id": dossier.id, "amount": 10, "is_breach": True}
        )
        self.assertEqual(dossier.breach_count, before + 1)
