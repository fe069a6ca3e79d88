from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import warmup

from .security_common import ARCHIVE, SECURITY, SecurityCase


class HandoverCase(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = {
            "company_id": cls.env.company.id,
            "company_ids": [Command.set(cls.env.company.ids)],
        }
        for role, groups in {
            "heir": f"{ARCHIVE}user",
            "heir_b": f"{ARCHIVE}user",
            "new_keeper": f"{ARCHIVE}keeper",
            "both": f"{ARCHIVE}supervisor,{SECURITY}archive_service",
        }.items():
            cls.users[role] = new_test_user(
                cls.env, f"handover_{role}", groups=groups, **companies
            )
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.users["owner"].id}
        )

    def prepare(self, role="leader", **vals):
        values = {
            "user_id": self.users["owner"].id,
            "successor_id": self.users["heir"].id,
            **vals,
        }
        return self.env["customer.handover"].with_user(self.users[role]).create(values)

    def sign(self, handover, *roles):
        for role in roles:
            handover.with_user(self.users[role]).action_approve()
            self.env.invalidate_all()

    def count(self, handover, kind):
        parts = handover.sudo().part_ids
        return sum(parts.filtered(lambda part: part.kind == kind).mapped("count"))


@tagged("post_install", "-at_install")
class TestHandover(HandoverCase):
    def test_both_heads_sign_then_everything_is_passed_on(self):
        # S3-17 S4-25
        dossiers = self.make("A") | self.make("B")
        person = self.env["customer.key.person"].create(
            {
                "dossier_id": dossiers[0].id,
                "partner_id": self.env["res.partner"].create({"name": "Li"}).id,
                "liaison_ids": [Command.set(self.users["owner"].ids)],
            }
        )
        self.lend(self.make("A", user_id=False), "owner")
        handover = self.prepare()
        self.assertEqual(self.count(handover, "owner"), 2)
        self.assertEqual(self.count(handover, "liaison"), 1)
        self.assertEqual(self.count(handover, "loan"), 1)
        handover.action_submit()
        self.assertEqual(handover.state, "review")
        self.sign(handover, "leader")
        self.assertEqual(dossiers.user_id, self.users["owner"])
        self.sign(handover, "service")
        self.assertEqual(handover.sudo().state, "done")
        self.assertEqual(dossiers.user_id, self.users["heir"])
        self.assertEqual(person.liaison_ids, self.users["heir"])
        self.assertFalse(self.env["customer.loan"]._get_live(self.users["owner"]))
        lines = handover.sudo().line_ids
        self.assertEqual(set(lines.mapped("number")), set(dossiers.mapped("number")))
        self.assertEqual(lines.successor_id, self.users["heir"])
        signers = handover.sudo().approval_ids.decision_ids.user_id
        self.assertEqual(signers, self.users["leader"] | self.users["service"])

    def test_two_different_people_sign_and_not_the_leaver(self):
        # S4-25
        self.team.archive_supervisor_ids = self.users["both"]
        self.make()
        handover = self.prepare("both")
        handover.action_submit()
        self.sign(handover, "both")
        with self.assertRaises(UserError):
            self.sign(handover, "both")
        with self.assertRaises(UserError):
            self.sign(handover, "leader")
        # the leaver holds both posts, and signs neither
        self.sign(handover, "service")
        own = self.prepare("manager", user_id=self.users["both"].id)
        own.action_submit()
        for _step in range(2):
            with self.assertRaises(UserError):
                self.sign(own, "both")

    def test_sent_back_with_a_reason(self):
        self.make()
        handover = self.prepare()
        handover.action_submit()
        approval = handover.sudo().approval_id
        approval.with_user(self.users["leader"])._decide("refused", "Wrong person")
        self.assertEqual(handover.state, "draft")
        self.assertEqual(handover.refusal_reason, "Wrong person")

    def test_nothing_is_changed_under_a_signature(self):
        self.make()
        handover = self.prepare()
        with self.assertRaises(UserError):
            handover.write({"state": "done"})
        handover.action_submit()
        with self.assertRaises(UserError):
            handover.write({"successor_id": self.users["heir_b"].id})
        with self.assertRaises(UserError):
            self.env["customer.handover.successor"].with_user(
                self.users["leader"]
            ).create(
                {
                    "handover_id": handover.id,
                    "tier_id": self.tiers["A"].id,
                    "user_id": self.users["heir_b"].id,
                }
            )
        with self.assertRaises(UserError):
            handover.unlink()

    def test_successor_by_tier_and_the_rest(self):
        # S4-25
        a, b, none = self.make("A"), self.make("B"), self.make(None)
        handover = self.prepare(
            rule="tier",
            tier_successor_ids=[
                Command.create(
                    {
                        "tier_id": self.tiers["A"].id,
                        "user_id": self.users["heir_b"].id,
                    }
                )
            ],
        )
        handover.action_submit()
        self.sign(handover, "leader", "service")
        self.assertEqual(a.user_id, self.users["heir_b"])
        self.assertEqual((b | none).user_id, self.users["heir"])

    def test_back_to_the_team_leader(self):
        # S4-25
        dossier = self.make()
        handover = self.prepare(rule="leader", successor_id=False)
        handover.action_submit()
        self.sign(handover, "manager", "service")
        self.assertEqual(dossier.user_id, self.users["leader"])

    def test_archive_keeper_hands_over(self):
        # S3-17
        dossier = self.make(keeper_id=self.users["keeper"].id)
        handover = self.prepare("manager", user_id=self.users["keeper"].id)
        with self.assertRaises(UserError):
            handover.action_submit()
        handover.keeper_id = self.users["new_keeper"]
        handover.action_submit()
        self.sign(handover, "manager", "service")
        self.assertEqual(dossier.keeper_id, self.users["new_keeper"])
        self.assertEqual(dossier.user_id, self.users["owner"])

    def test_who_reads_and_prepares(self):
        # S4-25 S2-20
        self.make()
        handover = self.prepare()
        readers = {
            role
            for role, user in self.users.items()
            if handover.with_user(user).has_access("read")
        }
        self.assertEqual(
            readers,
            {
                "owner",
                "leader",
                "manager",
                "director",
                "executive",
                "keeper",
                "new_keeper",
                "service",
                "auditor",
                "both",
            },
        )
        for role in ("owner", "auditor", "heir", "employee"):
            with self.assertRaises(AccessError):
                handover.with_user(self.users[role]).note = "Mine"
        for role in ("heir", "employee"):
            parts = self.env["customer.handover.part"].with_user(self.users[role])
            if parts.has_access("read"):
                self.assertFalse(parts.search([("handover_id", "=", handover.id)]))
        with self.assertRaises(AccessError):
            self.prepare(
                "leader",
                user_id=self.users["heir"].id,
                successor_id=self.users["heir_b"].id,
            )
        with self.assertRaises(AccessError):
            self.prepare("manager", user_id=self.users["manager"].id)

    @warmup
    def test_a_thousand_dossiers_cost_as_many_queries_as_a_few(self):
        # S4-25
        few = self._count_queries(5)
        many = self._count_queries(60)
        # a query more for each hundred rows written, none for each row
        self.assertLess(many - few, 25, (few, many))

    def _count_queries(self, number):
        customers = self.env["res.partner"].create(
            [{"name": f"Bulk {i}", "is_company": True} for i in range(number)]
        )
        self.env["customer.dossier"].create(
            [
                {
                    "partner_id": customer.id,
                    "user_id": self.users["owner"].id,
                    "team_id": self.team.id,
                    "state": "filed",
                }
                for customer in customers
            ]
        )
        handover = self.prepare()
        handover.action_submit()
        self.sign(handover, "leader")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        handover.with_user(self.users["service"]).action_approve()
        self.env.flush_all()
        self.assertEqual(len(handover.sudo().line_ids), number)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestLeaving(HandoverCase):
    def leave(self, role="owner"):
        admin = self.env.ref("base.user_admin")
        self.users[role].with_user(admin).write({"active": False})
        self.env.invalidate_all()

    def come_back(self, role="owner"):
        self.users[role].active = True
        self.env.invalidate_all()

    def test_everything_ends_and_nothing_comes_back(self):
        # S3-17 S4-25
        own, lent = self.make("B"), self.make("A", user_id=False)
        loan = self.lend(lent, "owner")
        self.assertTrue(self.sees("owner", own))
        self.assertTrue(self.sees("owner", lent))
        self.leave()
        self.assertEqual(loan.state, "revoked")
        self.assertFalse(own.user_id)
        self.come_back()
        self.assertFalse(self.sees("owner", own))
        self.assertFalse(self.sees("owner", lent))
        self.assertFalse(self.users["owner"].sale_team_id)

    def test_posts_of_a_team_end(self):
        # S4-25
        dossier = self.make("B")
        self.users["both"].group_ids -= self.env.ref(f"{SECURITY}archive_service")
        self.team.archive_supervisor_ids = self.users["both"]
        for role in ("leader", "both"):
            self.assertTrue(self.sees(role, dossier))
            self.leave(role)
            self.come_back(role)
            self.assertFalse(self.sees(role, dossier), role)

    def test_delegations_end_both_ways(self):
        now = fields.Datetime.now()
        delegations = self.env["customer.approval.delegation"]
        delegation = delegations.create(
            {
                "user_id": self.users["leader"].id,
                "delegate_id": self.users["both"].id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(days=9),
            }
        )
        both = self.users["both"]
        self.assertEqual(delegations._get_represented(both), self.users["leader"])
        self.leave("both")
        self.come_back("both")
        self.assertFalse(delegation.active)
        # rules are evaluated with archived records
        archived = delegations.with_context(active_test=False)
        self.assertFalse(archived._get_represented(both))

    def test_unassigned_dossiers_are_shown_and_handed_over_later(self):
        # S3-17
        dossiers = self.make("A") | self.make("B")
        self.leave()
        handover = self.env["customer.handover"].search(
            [("user_id", "=", self.users["owner"].id)]
        )
        self.assertEqual(handover.reason, "left")
        self.assertEqual(self.count(handover, "owner"), 2)
        self.assertEqual(handover.activity_ids.user_id, self.users["leader"])
        handover = handover.with_user(self.users["leader"])
        handover.successor_id = self.users["heir"]
        handover.action_submit()
        self.sign(handover, "leader", "service")
        self.assertEqual(dossiers.user_id, self.users["heir"])

    def test_who_has_handed_over_leaves_nothing(self):
        dossier = self.make("B")
        handover = self.prepare()
        handover.action_submit()
        self.sign(handover, "leader", "service")
        self.leave()
        self.assertEqual(dossier.user_id, self.users["heir"])
        self.assertEqual(
            self.env["customer.handover"].search_count(
                [("user_id", "=", self.users["owner"].id)]
            ),
            1,
        )

    def test_requests_are_withdrawn(self):
        dossier = self.make("B")
        dossier.with_user(self.users["owner"]).action_submit()
        approval = dossier.approval_id
        self.leave()
        self.assertEqual(approval.state, "cancelled")
        self.assertEqual(dossier.state, "draft")

    def test_activities_go_to_the_superior(self):
        dossier = self.make("B")
        dossier.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.users["owner"].id
        )
        activity = dossier.activity_ids
        self.users["owner"].action_archive()
        self.env.invalidate_all()
        self.assertTrue(activity.exists())
        self.assertEqual(activity.user_id, self.users["leader"])

    def test_a_reader_by_loan_loses_the_group(self):
        reader = self.env.ref(f"{ARCHIVE}reader")
        employee = self.users["employee"]
        employee.group_ids |= reader
        self.lend(self.make(), "employee", is_reader_added=True)
        self.leave("employee")
        self.assertNotIn(reader, employee.group_ids)

    def test_incidents_are_left_to_others(self):
        # S3-17 S4-20
        incident = self.env["customer.incident"].create(
            {
                "name": "A list was lost",
                "handler_ids": [Command.set(self.users["employee"].ids)],
                "person_ids": [Command.set(self.users["executive"].ids)],
            }
        )
        action = self.env["customer.incident.action"].create(
            {
                "incident_id": incident.id,
                "name": "Look for it",
                "user_id": self.users["employee"].id,
                "date_deadline": fields.Date.context_today(incident),
            }
        )
        leads = incident._get_leads() - self.users["executive"]
        self.leave("employee")
        self.assertEqual(action.user_id, leads[0])
        self.come_back("employee")
        self.assertFalse(incident.with_user(self.users["employee"]).has_access("read"))
        self.assertFalse(action.with_user(self.users["employee"]).has_access("read"))
