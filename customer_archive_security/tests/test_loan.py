from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .loan_common import CLOSE_OF_WORK, MORNING, LoanCase
from .security_common import ROLES

READER = "customer_archive.group_archive_reader"


@tagged("post_install", "-at_install")
class TestLoan(LoanCase):
    # ------------------------------------------------------------------
    # The stub
    # ------------------------------------------------------------------

    def test_anybody_in_the_company_finds_the_stub(self):
        """Number, keeper and tier letter; whether it is open, and nothing else."""
        # S3-10 S3-12
        dossier = self.make("A", "secret", keeper_id=self.users["keeper"].id)
        partner = dossier.partner_id.with_user(self.users["employee"])
        self.assertEqual(partner.dossier_stub_number, dossier.number)
        self.assertEqual(partner.dossier_stub_keeper, "Keeper")
        self.assertEqual(partner.dossier_stub_tier, "A")
        self.assertEqual(partner.dossier_stub_state, "closed")
        self.assertFalse(partner.dossier_id)
        states = {
            role: dossier.partner_id.with_user(self.users[role]).dossier_stub_state
            for role in ("owner", "manager", "service")
        }
        self.assertEqual(
            states, {"owner": "closed", "manager": "open", "service": "open"}
        )
        nobody = self.env["res.partner"].create({"name": "Inn"})
        self.assertFalse(nobody.with_user(partner.env.user).dossier_stub_number)
        self.assertFalse(nobody.with_user(partner.env.user).dossier_stub_state)

    def test_customers_in_the_portal_find_nothing(self):
        dossier = self.make("A")
        portal = new_test_user(self.env, "loan_portal", groups="base.group_portal")
        portal.partner_id.parent_id = dossier.partner_id
        customer = dossier.partner_id.with_user(portal)
        self.assertEqual(customer.name, dossier.partner_id.name)
        for name in ("number", "keeper", "tier", "state"):
            with self.assertRaises(AccessError):
                customer.read([f"dossier_stub_{name}"])

    def test_stubs_of_many_contacts_take_as_many_queries_as_of_one(self):
        dossiers = [self.make("A") for _i in range(5)]
        partners = self.env["res.partner"].browse(d.partner_id.id for d in dossiers)
        partners = partners.with_user(self.users["employee"])
        counts = []
        for some in (partners[:1], partners):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("name")
            before = self.env.cr.sql_log_count
            some.mapped("dossier_stub_state")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # ------------------------------------------------------------------
    # From the request to the end
    # ------------------------------------------------------------------

    def test_from_the_stub_to_the_end(self):
        """Another department asks, customer service decides, the clock ends it."""
        # S0-26 S2-27 S3-12
        dossier = self.make("B")
        employee = self.users["employee"]
        partner = dossier.partner_id.with_user(employee)
        context = partner.action_request_dossier()["context"]
        dialogs = self.env["customer.loan.request"].with_user(employee)
        dialog = dialogs.with_context(**context).create(
            {"purpose": "Tender", "quantity": "Annex 1", "is_confirmed": True}
        )
        self.assertEqual(dialog.stub_number, dossier.number)
        loan = self.as_role(dialog.action_send()["res_id"], "employee")
        self.assertRecordValues(
            loan,
            [
                {
                    "state": "requested",
                    "user_id": employee.id,
                    "purpose": "Tender",
                    "quantity": "Annex 1",
                    "mode": "read",
                    "origin": "other_department",
                    "date_start": MORNING,
                    "date_end": CLOSE_OF_WORK,
                    "confirmed_date": MORNING,
                }
            ],
        )
        self.assertEqual(partner.dossier_stub_state, "asked")
        self.assertFalse(self.sees("employee", dossier))
        self.approve(loan, "service")
        self.assertEqual(loan.state, "granted")
        self.assertTrue(self.sees("employee", dossier))
        self.assertFalse(self.sees("employee", dossier, "write"))
        self.assertEqual(partner.dossier_stub_state, "open")
        self.assertEqual(partner.dossier_id.id, dossier.id)
        decision = loan.approval_ids.decision_ids
        self.assertEqual(decision.user_id, self.users["service"])
        self.clock.move_to(CLOSE_OF_WORK - timedelta(seconds=1))
        self.assertTrue(self.sees("employee", dossier))
        self.clock.move_to(CLOSE_OF_WORK)
        self.assertFalse(self.sees("employee", dossier))
        self.assertEqual(loan.state, "granted", "not even tidied up")

    def test_access_changes_in_the_same_transaction(self):
        """Nothing an earlier look has kept outlives the loan."""
        dossier = self.make("A")
        borrower = self.users["owner"]
        loan = self.ask("owner", dossier)
        mine = dossier.with_user(borrower)
        partner = dossier.partner_id.with_user(borrower)
        self.assertFalse(mine.is_readable or mine.is_lent or mine.is_cleared)
        self.as_role(loan.id, "manager").action_approve()
        self.assertTrue(mine.is_readable and mine.is_lent and mine.is_cleared)
        self.assertEqual(partner.dossier_id, mine)
        loan.with_user(borrower).action_give_back()
        self.assertFalse(mine.is_readable or mine.is_lent or mine.is_cleared)
        self.assertFalse(partner.dossier_id)
        self.assertFalse(mine.has_access("read"))

    def test_borrower_is_a_reader_while_he_borrows(self):
        employee = self.users["employee"]
        first, second = self.make("B"), self.make("B")
        self.assertFalse(employee.has_group(READER))
        loans = [self.granted("employee", d, "service") for d in (first, second)]
        self.assertTrue(employee.has_group(READER))
        loans[0].action_give_back()
        self.assertTrue(employee.has_group(READER))
        self.clock.move_to(CLOSE_OF_WORK)
        self.env["customer.loan"]._cron_tidy()
        self.assertFalse(employee.has_group(READER))
        self.assertEqual([loan.state for loan in loans], ["returned", "expired"])
        self.assertEqual(loans[1].ended_date, CLOSE_OF_WORK)

    def test_reader_by_appointment_stays_one(self):
        employee = self.users["employee"]
        employee.group_ids = [Command.link(self.env.ref(READER).id)]
        loan = self.granted("employee", self.make("B"), "service")
        loan.action_give_back()
        self.assertTrue(employee.has_group(READER))

    def test_live_loans_of_a_person(self):
        dossier = self.make("A")
        loans = self.env["customer.loan"]
        loan = self.granted("owner", dossier, "manager", mode="copy")
        self.assertEqual(loans._get_live(self.users["owner"]).ids, loan.ids)
        self.assertFalse(loans._get_live(self.users["leader"]))
        self.move(hours=9)
        self.assertFalse(loans._get_live(self.users["owner"]))

    def test_loan_that_begins_later(self):
        dossier = self.make("B")
        tomorrow = MORNING + timedelta(days=1)
        self.granted("employee", dossier, "service", date_start=tomorrow)
        self.assertFalse(self.sees("employee", dossier))
        self.clock.move_to(tomorrow)
        self.assertTrue(self.sees("employee", dossier))

    # ------------------------------------------------------------------
    # Nobody grants himself anything
    # ------------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_a_loan(self):
        """Neither a grant nor a date, whoever he is."""
        dossier = self.make("A")
        loan = self.ask("owner", dossier)
        later = MORNING + timedelta(days=100)
        for role in set(ROLES) - {"system"}:
            loans = self.env["customer.loan"].with_user(self.users[role])
            for write in (
                lambda loans: loans.create(
                    {"dossier_id": dossier.id, "date_end": later, "state": "granted"}
                ),
                lambda loans: loans.browse(loan.id).write({"state": "granted"}),
                lambda loans: loans.browse(loan.id).write({"date_end": later}),
                lambda loans: loans.browse(loan.id).unlink(),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    write(loans)
        self.assertEqual(loan.state, "requested")

    def test_nobody_decides_on_his_own_request(self):
        """Not even who could decide on anybody else's, nor who stands in for him."""
        # S4-24 is the two of disclosures; here one other person is enough
        dossier = self.make("B", "confidential", user_id=False, team_id=False)
        self.secrecy["confidential"].clearance_group_id = False
        self.users["director"].group_ids += self.env.ref(
            "customer_archive_security.group_archive_executive"
        )
        self.users["manager"].group_ids -= self.env.ref(
            "customer_archive.group_archive_manager"
        )
        self.users["manager"].group_ids += self.env.ref(
            "customer_archive.group_archive_supervisor"
        )
        loan = self.ask("executive", dossier, is_paper=True)
        self.env["customer.approval.delegation"].create(
            {
                "user_id": self.users["director"].id,
                "delegate_id": self.users["executive"].id,
                "date_from": MORNING,
                "date_to": MORNING + timedelta(days=1),
            }
        )
        with self.assertRaises(UserError):
            loan.action_approve()
        self.assertFalse(loan.is_my_turn)
        self.approve(loan, "director")
        self.assertEqual(loan.state, "granted")

    def test_who_decides_may_read_the_dossier_himself(self):
        """The leader is the superior, but not cleared for A."""
        # S2-37 S4-21
        dossier = self.make("A")
        loan = self.ask("owner", dossier)
        with self.assertRaises(UserError):
            self.approve(loan, "leader")
        self.assertFalse(self._waiting("leader"))
        self.assertEqual(self._waiting("manager"), loan)
        self.approve(loan, "manager")
        self.assertEqual(loan.state, "granted")

    def test_who_has_borrowed_it_does_not_lend_it_on(self):
        # S3-13
        dossier = self.make("A")
        self.lend(dossier, "leader")
        loan = self.ask("owner", dossier)
        self.assertTrue(self.sees("leader", dossier))
        self.assertFalse(self._waiting("leader"))
        with self.assertRaises(UserError):
            self.approve(loan, "leader")

    def test_who_stands_in_needs_the_clearance_too(self):
        dossier = self.make("A", user_id=False)
        for role in ("leader", "director"):
            self.env["customer.approval.delegation"].create(
                {
                    "user_id": self.users["manager"].id,
                    "delegate_id": self.users[role].id,
                    "date_from": MORNING,
                    "date_to": MORNING + timedelta(days=1),
                }
            )
        loan = self.ask("owner", dossier)
        self.assertFalse(self._waiting("leader"))
        with self.assertRaises(UserError):
            self.approve(loan, "leader")
        self.assertEqual(self._waiting("director"), loan)

    def _waiting(self, role):
        loans = self.env["customer.loan"].with_user(self.users[role])
        return loans.search([("is_my_turn", "=", True)])

    def test_who_may_decide_has_it_on_his_desk_at_once(self):
        loan = self.ask("employee", self.make("B"))
        approval = loan.sudo().approval_id
        self.assertEqual(approval.activity_ids.user_id, self.users["service"])
        self.approve(loan, "service")
        self.assertFalse(approval.activity_ids)
        activity = loan.sudo().activity_ids
        self.assertEqual(activity.user_id, self.users["employee"])
        self.assertFalse(activity.summary or activity.note, "neutral")

    def test_refusal_with_its_reason(self):
        dossier = self.make("B")
        loan = self.ask("employee", dossier)
        action = self.as_role(loan.id, "service").action_refuse()
        dialogs = self.env["customer.approval.refuse"].with_context(**action["context"])
        dialogs.with_user(self.users["service"]).create(
            {"reason": "Ask for less"}
        ).action_confirm()
        self.assertEqual(loan.state, "refused")
        self.assertEqual(loan.refusal_reason, "Ask for less")
        self.assertFalse(self.sees("employee", dossier))
        self.ask("employee", dossier)

    # ------------------------------------------------------------------
    # Earlier, later
    # ------------------------------------------------------------------

    def test_call_back_ends_it_at_once(self):
        # S2-3 S3-13
        dossier = self.make("B")
        loan = self.granted("employee", dossier, "service")
        for role in ("employee", "owner", "auditor"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.as_role(loan.id, role).action_call_back()
        self.call_back(loan, "keeper")
        self.assertEqual(loan.state, "revoked")
        self.assertEqual(loan.ended_by_id, self.users["keeper"])
        self.assertFalse(self.sees("employee", dossier))
        with self.assertRaises(UserError):
            self.call_back(loan, "keeper")
        self.assertFalse(self.users["employee"].has_group(READER))

    def call_back(self, loan, role, reason="The yearly review needs it"):
        action = self.as_role(loan.id, role).action_call_back()
        dialogs = self.env[action["res_model"]].with_context(**action["context"])
        dialogs.with_user(self.users[role]).create({"reason": reason}).action_confirm()
        self.env.invalidate_all()

    def test_borrower_reads_why_it_was_called_back(self):
        """On his desk, on the loan and in the register, for whoever reads the loan."""
        # S2-3 S2-57 S3-13
        loan = self.granted("employee", self.make("B"), "service")
        with self.assertRaises(UserError):
            self.call_back(loan, "service", " ")
        self.assertTrue(loan.is_live)
        self.call_back(loan, "service")
        self.assertEqual(loan.end_reason, "The yearly review needs it")
        told = self.env["mail.activity"].with_user(self.users["employee"])
        kind = "customer_archive_security.mail_activity_type_loan_called_back"
        told = told.search([("activity_type_id", "=", self.env.ref(kind).id)])
        self.assertEqual(told.user_id, self.users["employee"])
        self.assertIn("yearly review", told.note)
        self.assertFalse(told.with_user(self.users["owner"]).search_count([]))
        register = self.env["report.customer_archive_security.loan_register"]
        register = register.with_user(self.users["service"])
        sheets = list(register._get_sheets(self.as_role(loan.id, "service")))
        for text in (loan.end_reason, "Service"):
            self.assertIn(text, str(sheets))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_calls_back_past_the_dialog(self):
        # S2-57
        loan = self.granted("employee", self.make("B"), "service")
        dialogs = self.env["customer.loan.call.back"]
        for role in ("employee", "owner", "auditor"):
            dialog = dialogs.with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                dialog.create({"loan_ids": loan.ids, "reason": "x"}).action_confirm()
        self.assertTrue(loan.is_live)

    def test_loans_of_a_merged_dossier_end(self):
        """The dossier that stays holds more than was lent."""
        # S3-12 S4-21
        lent, asked, kept = self.make("B"), self.make("B"), self.make("C")
        loan = self.granted("employee", lent, "service")
        waiting = self.ask("employee", asked)
        over = self.granted("owner", self.make("A"), "manager")
        over.action_give_back()
        for dossier in (lent, asked):
            self.merge(dossier, kept)
        self.assertEqual(lent.merged_into_id, kept)
        keeper = self.users["keeper"]
        self.assertRecordValues(
            (loan | waiting | over).sudo(),
            [
                {"state": "revoked", "ended_by_id": keeper.id},
                {"state": "withdrawn", "ended_by_id": False},
                {"state": "returned", "ended_by_id": self.users["owner"].id},
            ],
        )
        for ended in (loan, waiting):
            self.assertIn(kept.number, ended.end_reason)
            self.assertIn("loan_called_back", self._get_kinds(ended))
        for dossier in (lent, kept):
            self.assertFalse(self.sees("employee", dossier))

    @staticmethod
    def _get_kinds(loan):
        """What lies on the borrower's desk."""
        kinds = loan.sudo().activity_ids.activity_type_id
        return str(kinds.get_external_id().values())

    def test_nobody_ends_the_loan_of_somebody_else(self):
        loan = self.granted("owner", self.make("A"), "manager")
        for role in ("employee", "auditor"):
            with self.subTest(role=role), self.assertRaises(UserError):
                self.as_role(loan.id, role).action_give_back()
        self.assertTrue(loan.is_live)

    def test_more_time_is_approved_again(self):
        # S4-22
        dossier = self.make("B")
        loan = self.granted("employee", dossier, "service")
        until = CLOSE_OF_WORK + timedelta(days=2)
        dialogs = self.env["customer.loan.request"].with_user(self.users["employee"])
        dialog = dialogs.with_context(**loan.action_more_time()["context"]).create(
            {"purpose": "Not done yet", "is_confirmed": True}
        )
        self.assertEqual(dialog.date_end, CLOSE_OF_WORK + timedelta(days=1))
        dialog.date_end = until
        dialog.action_send()
        self.assertEqual(loan.date_end, CLOSE_OF_WORK, "nothing granted yet")
        self.approve(loan, "service")
        self.assertEqual(loan.date_end, until)
        self.assertEqual(loan.extension_count, 1)
        self.assertEqual(len(loan.approval_ids.decision_ids), 2)
        self.clock.move_to(until)
        self.assertFalse(self.sees("employee", dossier))

    def test_more_time_refused_leaves_the_loan(self):
        loan = self.granted("employee", self.make("B"), "service")
        loan._request_more_time(CLOSE_OF_WORK + timedelta(days=1), "Late")
        self.as_role(loan.id, "service").approval_id._decide("refused", "No")
        self.assertTrue(loan.is_live)
        self.assertFalse(loan.wanted_end)
        self.assertEqual(loan.date_end, CLOSE_OF_WORK)

    def test_only_a_running_loan_of_ones_own_runs_longer(self):
        until = CLOSE_OF_WORK + timedelta(days=1)
        loan = self.granted("employee", self.make("B"), "service")
        with self.assertRaises(UserError):
            self.as_role(loan.id, "keeper")._request_more_time(until, "x")
        loan.action_give_back()
        with self.assertRaises(UserError):
            loan._request_more_time(until, "x")

    def test_request_is_withdrawn(self):
        loan = self.ask("employee", self.make("B"))
        loan.action_withdraw()
        self.assertEqual(loan.state, "withdrawn")
        self.assertEqual(loan.approval_ids.state, "cancelled")
        with self.assertRaises(UserError):
            self.approve(loan, "service")

    def test_late_decision_grants_nothing(self):
        loan = self.ask("employee", self.make("B"))
        self.clock.move_to(CLOSE_OF_WORK)
        with self.assertRaises(UserError):
            self.approve(loan, "service")
        self.env["customer.loan"]._cron_tidy()
        self.env.invalidate_all()
        self.assertEqual(loan.state, "refused")

    def test_asked_for_once(self):
        dossier = self.make("B")
        loan = self.ask("employee", dossier)
        with self.assertRaises(UserError):
            self.ask("employee", dossier)
        self.approve(loan, "service")
        with self.assertRaises(UserError):
            self.ask("employee", dossier)

    # ------------------------------------------------------------------
    # Paper, and the register
    # ------------------------------------------------------------------

    def test_paper_is_signed_out_and_back(self):
        """Overdue is what isn't back, whatever became of the loan on the screen."""
        # S2-57 S4-22
        loan = self.granted("employee", self.make("B"), "service", is_paper=True)
        with self.assertRaises(UserError):
            loan.action_hand_out()
        self.as_role(loan.id, "keeper").action_hand_out()
        self.assertEqual(loan.paper_out_by_id, self.users["keeper"])
        self.assertFalse(loan.is_overdue)
        self.clock.move_to(CLOSE_OF_WORK)
        self.env["customer.loan"]._cron_tidy()
        self.env.invalidate_all()
        service = self.env["customer.loan"].with_user(self.users["service"])
        self.assertEqual(service.search([("is_overdue", "=", True)]).ids, loan.ids)
        self.assertTrue(loan.is_overdue)
        due = "customer_archive_security.mail_activity_type_loan_due"
        desks = loan.sudo().activity_search([due]).user_id
        self.assertEqual(desks, self.users["employee"])
        self.as_role(loan.id, "service").action_take_back()
        self.assertEqual(loan.paper_back_by_id, self.users["service"])
        self.assertFalse(service.search([("is_overdue", "=", True)]))
        self.assertFalse(loan.sudo().activity_search([due]))

    def test_paper_back_ends_the_loan(self):
        dossier = self.make("B")
        loan = self.granted("employee", dossier, "service", is_paper=True)
        keeper = self.as_role(loan.id, "keeper")
        keeper.action_hand_out()
        keeper.action_take_back()
        self.assertEqual(loan.state, "returned")
        self.assertFalse(self.sees("employee", dossier))
        with self.assertRaises(UserError):
            keeper.action_take_back()

    def test_volumes_of_the_paper_are_lent(self):
        """Named by their numbers; where they stand is for who fetches them."""
        # S2-57
        dossier = self.make("B")
        self.env["customer.volume"].create(
            [
                {
                    "dossier_id": dossier.id,
                    "number": number,
                    "location": f"Shelf {number}",
                }
                for number in (1, 2)
            ]
        )
        loan = self.granted(
            "employee", dossier, "service", is_paper=True, volume_number=2
        )
        self.assertEqual(loan.volume_codes, f"{dossier.number}-2")
        keeper = self.as_role(loan.id, "keeper")
        self.assertEqual(keeper.volume_places, "Shelf 2")
        keeper.action_hand_out()
        # the head of the line needs nobody's approval
        other = self.ask("leader", dossier, is_paper=True, volume_number=1)
        self.as_role(other.id, "keeper").action_hand_out()
        whole = self.granted("owner", dossier, "manager", is_paper=True)
        self.assertEqual(whole.volume_codes, f"{dossier.number}-1, {dossier.number}-2")
        with self.assertRaises(UserError):
            self.as_role(whole.id, "keeper").action_hand_out()
        (loan + other).with_user(self.users["keeper"]).action_take_back()
        whole.sudo().volume_number = 3
        with self.assertRaises(UserError):
            self.as_role(whole.id, "keeper").action_hand_out()
        whole.sudo().volume_number = 1
        self.as_role(whole.id, "keeper").action_hand_out()

    def test_borrower_to_be_sees_no_shelf(self):
        """Nor does a loan that was refused show it."""
        # S2-57 S4-21
        dossier = self.make("B")
        self.env["customer.volume"].create(
            {"dossier_id": dossier.id, "number": 1, "location": "Shelf 1"}
        )
        loan = self.ask("employee", dossier, is_paper=True)
        self.env.invalidate_all()
        loan = self.as_role(loan.id, "employee")
        self.assertEqual(loan.volume_codes, f"{dossier.number}-1")
        self.assertFalse(loan.volume_places)

    def test_who_sees_which_loans(self):
        # S2-57 S4-21
        own = self.ask("employee", self.make("B"))
        others = self.ask("owner", self.make("A"))
        seen = {}
        for role, user in self.users.items():
            loans = self.env["customer.loan"].with_user(user)
            seen[role] = loans.search([("id", "in", (own + others).ids)]).ids
        both = sorted((own + others).ids, reverse=True)
        every = ("service", "keeper", "auditor", "manager", "director", "executive")
        self.assertEqual(
            seen,
            {
                **dict.fromkeys(self.users, []),
                **dict.fromkeys(every, both),
                # the B dossier is his team's
                "leader": own.ids,
                "employee": own.ids,
                "owner": others.ids,
            },
        )

    def test_dossier_that_was_asked_for_stays(self):
        dossier = self.make("B")
        self.ask("employee", dossier)
        with self.assertRaises(UserError):
            dossier.unlink()

    def test_who_is_told_of_a_dossier_is_told_where_to_ask(self):
        """A salesperson who starts a dossier for a customer on file."""
        # S2-30 is the one file; S3-12 the way to it
        dossier = self.make("A")
        partner = dossier.partner_id.with_user(self.users["owner"])
        with self.assertRaises(UserError) as told:
            partner.with_context(lang="en_US").action_open_dossier()
        self.assertIn(dossier.number, str(told.exception))
        self.assertEqual(len(str(told.exception).splitlines()), 2)

    # ------------------------------------------------------------------
    # What the borrower is told
    # ------------------------------------------------------------------

    def test_borrower_reads_until_when_and_for_what(self):
        # S2-37 S3-13
        dossier = self.make("A")
        self.granted("owner", dossier, "manager")
        mine = dossier.with_user(self.users["owner"])
        self.assertEqual(mine.lent_until, CLOSE_OF_WORK)
        self.assertEqual(mine.lent_purpose, "Offer for the tender")
        self.assertEqual(mine.lent_mode, "read")
        self.assertFalse(dossier.with_user(self.users["manager"]).lent_until)
        mine.action_give_back()
        self.assertFalse(self.sees("owner", dossier))

    def test_name_of_a_loan_tells_the_dossier_to_its_readers(self):
        loan = self.ask("employee", self.make("B"))
        self.assertIn(loan.dossier_id.display_name, loan.display_name)
        colleague = self.as_role(loan.id, "owner")
        self.assertEqual(colleague.display_name, loan.sudo().number)

    def test_grades_of_a_hidden_dossier_are_not_found_by_asking(self):
        """Conditions of routes see them; who asks, and who sets routes up, don't."""
        dossier = self.make("A", "public", customer_class="important")
        self.users["employee"].group_ids += self.env.ref(
            "customer_archive.group_archive_admin"
        )
        loan = self.ask("employee", dossier)
        self.assertFalse(loan.secrecy_id or loan.customer_class)
        wanted = [
            ("secrecy_id", "in", self.secrecy["public"].ids),
            ("secrecy_id.code", "=", "public"),
            ("customer_class", "=", "important"),
        ]
        for condition in wanted:
            self.assertFalse(loan.search([condition]))
            self.assertEqual(loan.sudo().search([condition]), loan.sudo())
        self.assertEqual(loan.sudo().secrecy_id, self.secrecy["public"])

    def test_slip_and_register_are_printed(self):
        # S3-10 S2-57
        loan = self.granted("employee", self.make("B"), "service")
        reports = self.env["ir.actions.report"]
        for role, name in (("employee", "loan_slip"), ("service", "loan_register")):
            content, kind = reports.with_user(self.users[role])._render_qweb_pdf(
                f"customer_archive_security.{name}", loan.ids
            )
            self.assertEqual(kind, "pdf")
            self.assertTrue(content.startswith(b"%PDF"))
        with self.assertRaises(AccessError):
            reports.with_user(self.users["owner"])._render_qweb_pdf(
                "customer_archive_security.loan_slip", loan.ids
            )

    def test_moments_are_kept(self):
        loan = self.granted("employee", self.make("B"), "service")
        self.assertEqual(loan.granted_date, fields.Datetime.now())
