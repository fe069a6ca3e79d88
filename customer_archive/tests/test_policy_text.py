from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ARCHIVE, CONTACTS, ArchiveCommon


@tagged("post_install", "-at_install")
class TestPolicyText(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["second_keeper"] = new_test_user(
            cls.env,
            "archive_second_keeper",
            groups=f"{CONTACTS},{ARCHIVE}keeper",
            company_id=cls.env.company.id,
        )

    def issue(self, policy=None):
        policy = policy or self.env["customer.policy.text"].with_user(
            self.users["keeper"]
        ).create({"name": "Archive", "number": "QP-07", "text": "<p>Rules</p>"})
        policy.action_submit()
        policy.with_user(self.users["second_keeper"]).action_approve()
        policy.with_user(self.users["manager"]).action_approve()
        return policy

    def test_a_policy_is_a_controlled_document(self):
        """Written, reviewed, approved, each by whom and when; then it stays."""
        # S0-1 S1-34 S2-7 S3-18
        with freeze_time("2026-02-03 10:00:00"):
            policy = self.issue()
        self.assertEqual(policy.state, "force")
        people = (policy.written_by_id, policy.reviewed_by_id, policy.approved_by_id)
        roles = ("keeper", "second_keeper", "manager")
        self.assertEqual(people, tuple(self.users[role] for role in roles))
        self.assertEqual(policy.approved_date, date(2026, 2, 3))
        with self.assertRaises(UserError):
            policy.text = "<p>Other rules</p>"
        with self.assertRaises(UserError):
            policy.unlink()

    def test_the_next_version_supersedes(self):
        # S0-1 S2-7
        first = self.issue()
        action = first.action_new_version()
        second = first.browse(action["res_id"])
        second.write({"change_mark": "a", "change_count": 2})
        self.issue(second)
        self.assertEqual((first.state, second.state), ("superseded", "force"))
        self.assertEqual(second.version, 2)

    def test_everybody_reads_and_signs_each_version(self):
        # S2-7 S2-22
        policy = self.issue()
        asked = policy.reading_ids.user_id
        self.assertIn(self.users["owner"], asked)
        self.assertNotIn(self.users["employee"], asked)
        self.assertNotIn(self.users["foreign_manager"], asked)
        mine = policy.with_user(self.users["owner"])
        self.assertFalse(mine.is_signed)
        left = policy.unsigned_count
        mine.action_sign()
        self.assertTrue(mine.is_signed)
        self.assertEqual(policy.unsigned_count, left - 1)
        with self.assertRaises(AccessError):
            mine.reading_ids.write({"date": False})

    def test_it_is_looked_at_every_year(self):
        # S1-5
        with freeze_time("2025-03-01 10:00:00"):
            policy = self.issue()
        self.assertEqual(policy.review_due_date, date(2026, 3, 1))
        cron = self.env.ref("customer_archive.ir_cron_policies")
        for day, is_asked in (("2026-02-28", False), ("2026-03-01", True)):
            with freeze_time(f"{day} 10:00:00"), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            manager = self.users["manager"]
            self.assertEqual(manager in policy.activity_ids.user_id, is_asked)
        with freeze_time("2026-03-05 10:00:00"):
            policy.with_user(self.users["manager"]).action_keep()
        self.assertEqual(policy.review_due_date, date(2027, 3, 5))
        self.assertFalse(policy.activity_ids)

    def test_whoever_works_by_it_proposes_changes(self):
        # S2-7
        policy = self.issue()
        proposal = (
            self.env["customer.policy.proposal"]
            .with_user(self.users["owner"])
            .create({"policy_id": policy.id, "clause": "Art. 3", "text": "Shorter"})
        )
        with self.assertRaises(AccessError):
            proposal.action_take()
        reviewed = proposal.with_user(self.users["keeper"])
        with self.assertRaises(UserError):
            reviewed.action_decline()
        reviewed.answer = "The law asks for it"
        reviewed.action_decline()
        self.assertEqual(proposal.state, "declined")

    def test_drafts_are_not_for_salespeople(self):
        policy = self.env["customer.policy.text"].create(
            {"name": "Archive", "number": "QP-08", "text": "<p>Draft</p>"}
        )
        with self.assertRaises(AccessError):
            policy.with_user(self.users["owner"]).read(["text"])

    def test_the_settings_name_the_policy_in_force(self):
        # S0-1
        policy = self.issue()
        page = self.env["customer.archive.policy"].create(
            {"company_id": self.env.company.id}
        )
        self.assertEqual(page.policy_text_id, policy)
