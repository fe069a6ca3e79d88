from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

PREFIX = "customer_archive.group_archive_"


@tagged("post_install", "-at_install")
class TestApproval(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("user", "supervisor", "manager", "keeper"):
            user = new_test_user(cls.env, f"approval_{name}", groups=PREFIX + name)
            setattr(cls, name, user)
        cls.deputy = new_test_user(
            cls.env, "approval_deputy", groups=PREFIX + "supervisor"
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "North",
                "user_id": cls.supervisor.id,
                "member_ids": [Command.set(cls.user.ids)],
            }
        )
        customers = cls.env["res.partner"].create([{"name": "Mill"}, {"name": "Inn"}])
        cls.dossier, cls.other = (
            cls.env["customer.dossier"]
            .with_user(cls.user)
            .create([{"partner_id": customer.id} for customer in customers])
        )

    def _add_step(self, **vals):
        route = self.env.ref("customer_archive.customer_approval_route_dossier")
        return self.env["customer.approval.step"].create(
            {"route_id": route.id, "name": "Archivist", "sequence": 20, **vals}
        )

    def _waiting_for(self, user):
        approvals = self.env["customer.approval"].with_user(user)
        found = approvals.search([("is_my_turn", "=", True)])
        self.assertTrue(all(approval.is_my_turn for approval in found))
        return found.mapped("res_id")

    def test_one_list_of_all_that_waits_for_me(self):
        """S2-1: the direct superior reviews; nobody else is asked."""
        (self.dossier | self.other).action_submit()
        both = [self.other.id, self.dossier.id]
        self.assertEqual(self._waiting_for(self.supervisor), both)
        self.assertEqual(self._waiting_for(self.manager), both)
        for user in (self.user, self.deputy, self.keeper):
            with self.subTest(user=user.login):
                self.assertFalse(self._waiting_for(user))

    def test_approval_files_and_names_the_verifier(self):
        """S2-9, S2-45: verified by a named person, at a time."""
        self.dossier.action_submit()
        self.dossier.with_user(self.supervisor).action_approve()
        self.assertEqual(self.dossier.state, "filed")
        self.assertEqual(self.dossier.verified_by_id, self.supervisor)
        self.assertTrue(self.dossier.verified_date)
        decision = self.dossier.approval_ids.decision_ids
        self.assertEqual(decision.user_id, self.supervisor)
        self.assertEqual(decision.decision, "approved")

    def test_drag_to_filed_is_an_approval(self):
        """S2-1: moving the card decides, for whose turn it is."""
        self.dossier.action_submit()
        self.dossier.with_user(self.supervisor).state = "filed"
        self.assertEqual(self.dossier.verified_by_id, self.supervisor)

    def test_refusal_needs_a_reason_and_sends_back(self):
        """S2-1: sent back to the owner, who reads why."""
        self.dossier.action_submit()
        waiting = self.dossier.with_user(self.supervisor).approval_id
        action = waiting.action_refuse()
        dialogs = self.env["customer.approval.refuse"].with_user(self.supervisor)
        dialogs = dialogs.with_context(**action["context"])
        with self.assertRaisesRegex(UserError, "reason"):
            dialogs.create({"reason": "  "}).action_confirm()
        dialogs.create({"reason": "Bank account missing"}).action_confirm()
        self.assertEqual(self.dossier.state, "draft")
        self.assertEqual(self.dossier.refusal_reason, "Bank account missing")
        self.assertEqual(waiting.state, "refused")
        self.dossier.action_submit()
        self.assertEqual(len(self.dossier.approval_ids), 2)

    def test_approval_with_a_comment(self):
        """S2-1: the superior's remark is kept with his decision."""
        self.dossier.action_submit()
        waiting = self.dossier.with_user(self.supervisor).approval_id
        action = waiting.action_approve_with_comment()
        dialogs = self.env["customer.approval.refuse"].with_user(self.supervisor)
        dialog = dialogs.with_context(**action["context"]).create(
            {"reason": "Well done"}
        )
        dialog.action_approve()
        self.assertEqual(self.dossier.state, "filed")
        self.assertEqual(waiting.decision_ids.comment, "Well done")
        self.assertEqual(waiting.decision_ids.decision, "approved")

    def test_nobody_decides_his_own_request(self):
        own = self.env["customer.dossier"].with_user(self.manager)
        own = own.create(
            {"partner_id": self.env["res.partner"].create({"name": "X"}).id}
        )
        own.action_submit()
        with self.assertRaisesRegex(UserError, "asked for this yourself"):
            own.action_approve()

    def test_steps_come_one_after_the_other(self):
        """S2-6 kind: each step in its order, each person once."""
        self._add_step(kind="group", group_id=self.env.ref(PREFIX + "keeper").id)
        self.dossier.action_submit()
        with self.assertRaisesRegex(UserError, "not yours to decide"):
            self.dossier.with_user(self.keeper).action_approve()
        self.dossier.with_user(self.supervisor).action_approve()
        self.assertEqual(self.dossier.state, "review")
        self.assertEqual(self._waiting_for(self.keeper), [self.dossier.id])
        with self.assertRaises(UserError):
            self.dossier.with_user(self.supervisor).action_approve()
        self.dossier.with_user(self.keeper).action_approve()
        self.assertEqual(self.dossier.state, "filed")

    def test_decided_is_decided(self):
        self.dossier.action_submit()
        waiting = self.dossier.approval_id
        waiting.with_user(self.supervisor).action_approve()
        with self.assertRaisesRegex(UserError, "decided already"):
            waiting.with_user(self.manager).action_approve()
        self.assertEqual(len(waiting.decision_ids), 1)

    def test_owner_withdraws(self):
        self.dossier.action_submit()
        waiting = self.dossier.approval_id
        self.dossier.action_return()
        self.assertEqual(waiting.state, "cancelled")
        self.assertFalse(self._waiting_for(self.supervisor))

    def test_deputy_decides_while_somebody_is_away(self):
        """Delegation: for its time alone, on behalf of a name, never of oneself."""
        self.dossier.action_submit()
        now = fields.Datetime.now()
        delegation = (
            self.env["customer.approval.delegation"]
            .with_user(self.supervisor)
            .create({"delegate_id": self.deputy.id, "date_to": now + timedelta(days=1)})
        )
        self.assertEqual(self._waiting_for(self.deputy), [self.dossier.id])
        self.assertTrue(self.dossier.with_user(self.deputy).has_access("read"))
        delegation.date_from = now - timedelta(days=2)
        delegation.date_to = now - timedelta(days=1)
        self.env.invalidate_all()
        self.assertFalse(self._waiting_for(self.deputy))
        self.assertFalse(self.dossier.with_user(self.deputy).has_access("read"))
        delegation.date_to = now + timedelta(days=1)
        self.env.invalidate_all()
        self.dossier.with_user(self.deputy).action_approve()
        decision = self.dossier.approval_ids.decision_ids
        self.assertEqual(decision.user_id, self.deputy)
        self.assertEqual(decision.on_behalf_id, self.supervisor)

    def test_no_delegation_below_one_s_rank_or_in_another_s_name(self):
        delegations = self.env["customer.approval.delegation"]
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "no supervisor"):
            delegations.with_user(self.supervisor).create(
                {"delegate_id": self.user.id, "date_to": tomorrow}
            )
        with self.assertRaises(AccessError):
            delegations.with_user(self.deputy).create(
                {
                    "user_id": self.supervisor.id,
                    "delegate_id": self.deputy.id,
                    "date_to": tomorrow,
                }
            )

    def test_decisions_are_written_by_deciding_alone(self):
        self.dossier.action_submit()
        waiting = self.dossier.with_user(self.supervisor).approval_id
        for write in (
            lambda: waiting.write({"state": "approved"}),
            lambda: (
                self.env["customer.approval.decision"]
                .with_user(self.supervisor)
                .create(
                    {
                        "approval_id": waiting.id,
                        "step_name": "x",
                        "user_id": self.manager.id,
                        "decision": "approved",
                    }
                )
            ),
        ):
            with self.assertRaises(AccessError):
                write()

    def test_requests_are_seen_by_those_concerned(self):
        self.dossier.action_submit()
        waiting = self.dossier.approval_id
        seen = {
            user.login
            for user in (self.user, self.supervisor, self.manager, self.deputy)
            if waiting.with_user(user).has_access("read")
        }
        self.assertEqual(
            seen, {"approval_user", "approval_supervisor", "approval_manager"}
        )

    def test_reminder_after_the_days_of_the_step(self):
        """Whoever lets a request wait finds it on his desk, once."""
        self.dossier.action_submit()
        waiting = self.dossier.approval_id.sudo()
        cron = self.env.ref("customer_archive.ir_cron_remind")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertFalse(waiting.activity_ids)
            waiting.step_date -= timedelta(days=2)
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(waiting.activity_ids.user_id, self.supervisor)
        self.assertEqual(len(waiting.activity_ids), 1)

    def test_no_route_is_told(self):
        self.env.ref("customer_archive.customer_approval_route_dossier").active = False
        with self.assertRaisesRegex(UserError, "No approval route"):
            self.dossier.action_submit()
