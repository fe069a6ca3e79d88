from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .security_common import SecurityCase

PROPOSERS = {"service", "keeper", "manager", "director", "executive"}


@tagged("post_install", "-at_install")
class TestSecrecyChange(SecurityCase):
    """Customer service proposes the grade, the leaders approve it (S4-5, S4-15)."""

    def on_file(self, *args, **vals):
        dossier = self.make(*args, **vals)
        dossier.sudo().state = "filed"
        return dossier

    def propose(self, role, dossiers, grade):
        wizard = self.env["customer.secrecy.propose"].with_user(self.users[role])
        return (
            wizard.create(
                {
                    "dossier_ids": dossiers.ids,
                    "secrecy_id": self.secrecy[grade].id,
                    "reason": "Tender",
                }
            ).action_propose()
            and dossiers.sudo().secrecy_change_ids
        )

    def test_service_proposes_leaders_approve_access_moves(self):
        # S4-5 S4-15
        dossier = self.on_file("B")
        self.assertTrue(self.sees("owner", dossier))
        change = self.propose("service", dossier, "secret")
        self.assertTrue(self.sees("owner", dossier))
        self.assertEqual(change.requester_id, self.users["service"])
        for role in ("service", "manager", "director", "keeper"):
            with self.assertRaises(UserError):
                change.with_user(self.users[role]).action_approve()
        change.with_user(self.users["executive"]).action_approve()
        self.assertEqual(dossier.secrecy_id, self.secrecy["secret"])
        self.assertFalse(self.sees("owner", dossier))
        self.assertTrue(self.sees("leader", dossier))
        self.assertEqual(change.state, "approved")

    def test_who_proposes(self):
        # S4-15
        for role in self.users:
            dossier = self.on_file("B", keeper_id=self.users["keeper"].id)
            if role in PROPOSERS:
                self.assertTrue(self.propose(role, dossier, "secret"), role)
                continue
            with self.assertRaises(AccessError):
                self.propose(role, dossier, "secret")

    def test_merging_ends_what_waits(self):
        # S4-15
        merged, kept = self.on_file("B"), self.on_file("C")
        change = self.propose("service", merged, "secret")
        self.merge(merged, kept)
        self.assertEqual(change.state, "cancelled")
        self.assertEqual(change.dossier_id, merged)

    def test_nobody_approves_his_own(self):
        change = self.propose("executive", self.on_file("B"), "secret")
        with self.assertRaises(UserError):
            change.with_user(self.users["executive"]).action_approve()

    def test_grade_on_file_is_not_written(self):
        dossier = self.on_file("B")
        for role in ("owner", "leader", "manager", "executive", "keeper"):
            mine = dossier.with_user(self.users[role])
            with self.assertRaises(UserError):
                mine.secrecy_id = self.secrecy["public"]
            mine.secrecy_id = mine.secrecy_id
        collecting = self.make("B")
        collecting.with_user(self.users["owner"]).secrecy_id = self.secrecy["public"]

    def test_requests_are_made_by_the_dialog_alone(self):
        dossier = self.on_file("B")
        change = self.propose("service", dossier, "secret")
        for user in self.users.values():
            for operation in ("write", "create", "unlink"):
                self.assertFalse(change.with_user(user).has_access(operation))

    def test_refusal_and_withdrawal(self):
        dossier = self.on_file("B")
        first = self.propose("service", dossier, "confidential")
        first.with_user(self.users["executive"])._get_waiting()._decide(
            "refused", "No harm"
        )
        self.assertEqual((first.state, first.answer), ("refused", "No harm"))
        self.propose("keeper", dossier, "secret")
        second = dossier.secrecy_change_ids - first
        second.with_user(self.users["service"]).action_withdraw()
        self.assertEqual(second.state, "review")
        second.with_user(self.users["keeper"]).action_withdraw()
        self.assertEqual(second.state, "cancelled")
        self.assertFalse(second.approval_id)
        self.assertEqual(dossier.secrecy_id, self.secrecy["internal"])

    def test_batch(self):
        dossiers = self.on_file("B") | self.on_file("C") | self.on_file("C", "secret")
        changes = self.propose("service", dossiers, "secret")
        self.assertEqual(changes.dossier_id, dossiers[:2])
        with self.assertRaises(UserError):
            self.propose("service", dossiers, "secret")
        changes.with_user(self.users["executive"]).action_approve()
        self.assertEqual(dossiers.secrecy_id, self.secrecy["secret"])

    def test_closed_dossiers_are_not_proposed(self):
        # the archivist without the clearance for confidential ones
        dossier = self.on_file("B", "confidential")
        with self.assertRaises(AccessError):
            self.propose("keeper", dossier, "public")

    def test_history_is_kept(self):
        # S4-15
        dossier = self.on_file("B")
        change = self.propose("service", dossier, "secret")
        change.with_user(self.users["executive"]).action_approve()
        kept = self.env["customer.change"].search(
            [("dossier_id", "=", dossier.id), ("field_name", "=", "secrecy_id")]
        )
        self.assertEqual(
            (kept.old_value, kept.new_value),
            (self.secrecy["internal"].name, self.secrecy["secret"].name),
        )
        self.assertEqual(kept.create_uid, self.users["executive"])
        decision = change.approval_ids.decision_ids
        self.assertEqual(decision.user_id, self.users["executive"])
