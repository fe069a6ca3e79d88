"""Nobody decides out of turn, and requests are known to those they concern alone."""

from datetime import timedelta

from security_common import SecurityCommon

from odoo import fields
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

# Those whose turn it is while a request waits for the superior of team North.
DECIDERS = ("leader", "manager", "inactive")
CONCERNED = (*DECIDERS, "colleague", "keeper")
PRIVATE = {
    "customer.approval": (
        "_decide",
        "_record_decision",
        "_finish",
        "_cancel",
        "_go_on",
    ),
    "customer.approval.delegation": ("_get_represented",),
    "customer.dossier": (
        "_request_approval",
        "_on_decided",
        "_move_to",
        "_merge_into",
        "_write_history",
        "_touch",
        "_raise_activity",
        "_find_overlaps",
        "_raise_updates",
        "_raise_task",
        "_put_on_desks",
        "_raise_in_slices",
        "_settle_tasks",
        "_cron_raise_updates",
    ),
    "customer.fact": ("_strike_out", "_move_to_dossier", "_announce_major"),
    "customer.change": ("_move_to_dossier",),
    "customer.intake": ("_close", "_prepare_fact_vals"),
    "crm.team": ("_get_supervised_ids", "_get_led_ids"),
}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestLeaksApproval(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.dossiers["team"]
        cls.team.with_user(cls.users["colleague"]).action_submit()
        cls.request = cls.team.approval_id
        cls.env.flush_all()

    @mute_logger(
        "odoo.addons.base.models.ir_rule",
        "odoo.addons.base.models.ir_model",
        "odoo.sql_db",
        "odoo.models.unlink",
    )
    def _delegate(self, user, delegate, days=1, **vals):
        tomorrow = fields.Datetime.now() + timedelta(days=days)
        return (
            self.env["customer.approval.delegation"]
            .with_user(self.users[user])
            .create(
                {
                    "delegate_id": self.users[delegate].id,
                    "date_to": tomorrow,
                    **vals,
                }
            )
        )

    def _may_decide(self, role):
        """Whether a click on Approve goes through; undone again."""
        savepoint = self.env.cr.savepoint()
        self._call(role, "customer.approval", "action_approve", self.request.ids)
        state = self.request.state
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return state != "pending"

    # Deciding ---------------------------------------------------------------

    def _ways_to_decide(self, role):
        """Every call by which somebody might press his decision through."""
        approval, dossier = "customer.approval", "customer.dossier"
        decision = "customer.approval.decision"
        ids, record_ids = self.request.ids, self.team.ids
        vals = {
            "approval_id": self.request.id,
            "step_id": self.request.step_id.id,
            "step_name": "x",
            "user_id": self.users["leader"].id,
            "decision": "approved",
        }
        yield approval, "action_approve", [ids], {}
        yield approval, "action_refuse", [ids], {}
        yield dossier, "action_approve", [record_ids], {}
        yield dossier, "action_refuse", [record_ids], {}
        yield dossier, "write", [record_ids, {"state": "filed"}], {}
        yield dossier, "web_save", [record_ids, {"state": "filed"}, {}], {}
        yield dossier, "web_save_multi", [record_ids, [{"state": "filed"}], {}], {}
        yield dossier, "load", [[".id", "state"], [[str(self.team.id), "filed"]]], {}
        nested = [[1, self.request.id, {"state": "approved"}]]
        yield dossier, "write", [record_ids, {"approval_ids": nested}], {}
        nested = [[0, 0, {k: v for k, v in vals.items() if k != "approval_id"}]]
        yield approval, "write", [ids, {"decision_ids": nested}], {}
        for changes in (
            {"state": "approved"},
            {"step_id": False},
            {"requester_id": self.users["settings"].id},
            {"team_id": self.teams["south"].id},
            {"active": False},
        ):
            yield approval, "write", [ids, changes], {}
            yield approval, "web_save", [ids, changes, {}], {}
        yield approval, "unlink", [ids], {}
        yield approval, "copy", [ids], {}
        yield approval, "create", [[{"res_model": dossier, "res_id": 1}]], {}
        yield decision, "create", [[vals]], {}
        yield decision, "web_save", [[], vals, {}], {}
        yield decision, "load", [["step_name"], [["x"]]], {}
        dialog = self._call(
            role,
            "customer.approval.refuse",
            "create",
            [{"approval_ids": [[6, 0, ids]], "reason": "x"}],
        )
        if isinstance(dialog, list):
            yield "customer.approval.refuse", "action_confirm", [dialog], {}

    def test_nobody_decides_out_of_turn(self):
        """S2-1, S2-45: by button, dialog, drag, import or a write of any kind."""
        for role in self.users:
            if role in DECIDERS:
                continue
            for model, method, args, kwargs in self._ways_to_decide(role):
                self._call(role, model, method, *args, **kwargs)
                self.env.invalidate_all()
                with self.subTest(role=role, model=model, method=method, args=args):
                    self.assertEqual(self.request.state, "pending")
                    self.assertEqual(self.request.requester_id, self.users["colleague"])
                    self.assertFalse(self.request.decision_ids)
                    self.assertEqual(self.team.state, "review")

    def test_deciders_decide_by_the_doors_only(self):
        """The same calls: those whose turn it is get through by four of them."""
        through = set()
        for model, method, args, kwargs in list(self._ways_to_decide("leader")):
            savepoint = self.env.cr.savepoint()
            self._call("leader", model, method, *args, **kwargs)
            if self.request.state != "pending":
                through.add((model, method))
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertEqual(
            through,
            {
                ("customer.approval", "action_approve"),
                ("customer.approval.refuse", "action_confirm"),
                ("customer.dossier", "action_approve"),
                ("customer.dossier", "load"),
                ("customer.dossier", "web_save"),
                ("customer.dossier", "web_save_multi"),
                ("customer.dossier", "write"),
            },
        )
        for role in DECIDERS:
            self.assertTrue(self._may_decide(role), role)

    def test_what_decides_is_private(self):
        for model, names in PRIVATE.items():
            for name in names:
                self.assertTrue(hasattr(self.env[model], name), name)
                with (
                    self.subTest(model=model, name=name),
                    self.assertRaises(AccessError),
                ):
                    get_public_method(self.env[model], name)

    # Delegations ------------------------------------------------------------

    def test_delegation_in_another_s_name_is_refused(self):
        """Whoever stands in was asked to by the one who is away."""
        own = self._delegate("named", "other_leader").sudo()
        for role in ("named", "other_leader", "colleague", "keeper", "owner"):
            vals = {
                "user_id": self.users["leader"].id,
                "delegate_id": self.users[role].id,
                "date_to": fields.Datetime.now() + timedelta(days=1),
            }
            model = "customer.approval.delegation"
            for method, args in (
                ("create", [[vals]]),
                ("web_save", [[], vals, {}]),
                ("write", [own.ids, vals]),
                ("web_save", [own.ids, vals, {}]),
            ):
                self._call(role, model, method, *args)
                self.env.invalidate_all()
                with self.subTest(role=role, method=method):
                    self.assertFalse(self._may_decide(role))
                    self.assertEqual(own.user_id, self.users["named"])

    def test_delegation_holds_for_its_time(self):
        for days, vals in (
            (-1, {"date_from": fields.Datetime.now() - timedelta(days=9)}),
            (9, {"date_from": fields.Datetime.now() + timedelta(days=1)}),
            (9, {"active": False}),
        ):
            self._delegate("leader", "named", days, **vals)
            self.assertFalse(self._may_decide("named"), vals)
        delegation = self._delegate("leader", "named")
        self.assertTrue(self._may_decide("named"))
        delegation.active = False
        self.env.invalidate_all()
        self.assertFalse(self._may_decide("named"))

    def test_delegation_is_not_handed_on(self):
        """Who stands in can't have somebody else stand in for him in this."""
        self._delegate("leader", "named")
        self._delegate("named", "other_leader")
        self.assertTrue(self._may_decide("named"))
        self.assertFalse(self._may_decide("other_leader"))
        self.assertFalse(
            self.team.with_user(self.users["other_leader"])._filtered_access("read")
        )

    def test_nobody_decides_his_own_request_by_delegation(self):
        """S2-1: neither who asked nor, for him, whoever stands in for him."""
        self.team.with_user(self.users["leader"]).action_return()
        self.team.with_user(self.users["leader"]).action_submit()
        self.request = self.team.approval_id
        for pair in (("leader", "named"), ("named", "leader"), ("manager", "leader")):
            self._delegate(*pair)
        self.assertFalse(self._may_decide("leader"))
        self.assertFalse(self._may_decide("named"))
        self.assertTrue(self._may_decide("manager"))

    def test_nobody_hands_on_what_he_does_not_hold(self):
        """S2-20: a team's leader without the rank opens its dossiers to nobody."""
        west = self.dossiers["west"]
        for role in ("team_leader", "other_leader"):
            self.assertFalse(west.with_user(self.users[role])._filtered_access("read"))
        self._delegate("team_leader", "other_leader")
        self.env.invalidate_all()
        self.assertFalse(
            west.with_user(self.users["other_leader"])._filtered_access("read")
        )

    def test_delegation_ends_with_the_rank(self):
        """S3-17: of either of the two."""
        self._delegate("leader", "named")
        rank = self.env.ref("customer_archive.group_archive_supervisor")
        for role in ("leader", "named"):
            self.users[role].group_ids -= rank
            self.users[role].group_ids += self.env.ref(
                "customer_archive.group_archive_user"
            )
            self.env.flush_all()
            self.env.invalidate_all()
            self.team.user_id = self.users["named"]
            with self.subTest(lost=role):
                self.assertFalse(self._may_decide("named"))
            self.team.user_id = self.users["colleague"]
            self.users[role].group_ids += rank
        self.assertTrue(self._may_decide("named"))
        self.users["leader"].active = False
        self.env.invalidate_all()
        self.assertFalse(self._may_decide("named"))

    # Who knows of a request ---------------------------------------------------

    def _readers(self, record):
        found = set()
        self.env.flush_all()
        for role, user in self.users.items():
            self.env.invalidate_all()
            model = self.env[record._name].with_user(user)
            readable = bool(model.browse(record.id)._filtered_access("read"))
            if model.has_access("read"):
                searched = bool(model.search([("id", "=", record.id)]))
                self.assertEqual(readable, searched, role)
            if readable:
                found.add(role)
        return found

    def _refuse(self, reason):
        dialogs = self.env["customer.approval.refuse"].with_user(self.users["leader"])
        dialogs.create(
            {"approval_ids": self.request.ids, "reason": reason}
        ).action_confirm()

    def test_request_is_known_to_those_concerned(self):
        """S2-20: number and customer, and why it was refused, to them alone."""
        self.assertEqual(self._readers(self.request), set(CONCERNED))
        self._refuse("zqreason")
        self.assertEqual(self._readers(self.request), set(CONCERNED))
        self.assertEqual(self._readers(self.request.decision_ids), set(CONCERNED))
        self.team.team_id = self.teams["south"]
        self.team.user_id = self.users["owner"]
        readers = {*CONCERNED, "owner", "other_leader"}
        self.assertEqual(self._readers(self.request), readers)
        # who asked and who decided keep the stub of it, and their own words
        spec = {
            "name": {},
            "dossier_id": {"fields": {"display_name": {}}},
            "decision_ids": {"fields": {"comment": {}}},
        }
        stub = f"{self.team.number} {self.team.partner_id.name}"
        for role in ("leader", "colleague"):
            [seen] = self._call(
                role, "customer.approval", "web_read", self.request.ids, spec
            )
            self.assertEqual(seen["name"], stub)
            self.assertEqual(seen["decision_ids"][0]["comment"], "zqreason")
            spec_of_content = {"dossier_id": {"fields": {"strategy": {}}}}
            answer = self._call(
                role, "customer.approval", "web_read", self.request.ids, spec_of_content
            )
            self.assertNotIn("zqteam", str(answer))
            answer = self._call(role, "customer.dossier", "read", self.team.ids)
            self.assertIsInstance(answer, AccessError)

    def test_reason_stays_behind_the_lock(self):
        """What was written on a refusal is found by nobody else."""
        self._refuse("zqreason")
        for role in self.users:
            if role in CONCERNED:
                continue
            for model, path in (
                ("customer.approval", "decision_ids.comment"),
                ("customer.approval.decision", "comment"),
                ("customer.dossier", "refusal_reason"),
                ("customer.dossier", "approval_ids.decision_ids.comment"),
                ("customer.change", "new_value"),
            ):
                domain = [(path, "ilike", "zqreason")]
                answer = self._call(role, model, "search_count", domain)
                with self.subTest(role=role, model=model, path=path):
                    self.assertTrue(answer == 0 or isinstance(answer, AccessError))
        counted = self._call(
            "colleague",
            "customer.dossier",
            "search_count",
            [("refusal_reason", "=", "zqreason")],
        )
        self.assertEqual(counted, 1)
