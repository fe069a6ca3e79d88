from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install", "customer_visit")
class TestDossierEnd(VisitCommon):
    """What is left to do with a customer whose dossier is closed: nothing."""

    def _start_in(self, days):
        return datetime.now().replace(microsecond=0) + timedelta(days=days)

    def _confirm(self, visit):
        visit.write(
            {"state": "confirmed", "appointment_person_id": visit.person_ids[:1].id}
        )
        return visit

    def _close(self):
        self.dossier.write({"state": "filed"})
        self.dossier.with_user(self.keeper).action_close()

    def _promise(self, **vals):
        promises = self.env["customer.commitment"].with_user(self.seller)
        return promises.create(
            {
                "dossier_id": self.dossier.id,
                "name": "Send the secret samples",
                "date": Date.today() + timedelta(days=3),
                **vals,
            }
        )

    def test_visits_to_come_are_cancelled(self):
        # S2-49
        planned = self._plan(date_start=self._start_in(2))
        confirmed = self._confirm(self._plan(date_start=self._start_in(3)))
        undated = self._plan(date_start=False)
        events = self._event(planned) | self._event(confirmed)
        self.assertEqual(len(events), 2)
        self._close()
        for visit in planned | confirmed | undated:
            self.assertEqual(visit.state, "cancelled")
            self.assertTrue(visit.cancel_reason)
        self.assertFalse(events.exists())

    def test_archived_dossier_is_as_good_as_closed(self):
        visit = self._plan(date_start=self._start_in(2))
        promise = self._promise()
        self.dossier.with_user(self.keeper).action_archive()
        self.assertEqual(visit.state, "cancelled")
        self.assertFalse(promise.activity_ids)

    def test_request_ends_with_its_visit(self):
        visit = self._plan(
            date_start=self._start_in(2), item_ids=[(0, 0, {"name": "Samples"})]
        )
        visit.action_request_approval()
        approval = visit.sudo().approval_id
        self._close()
        self.assertEqual(approval.state, "cancelled")

    def test_what_took_place_is_still_reported(self):
        kept = self._confirm(self._plan(date_start=self._start_in(-1)))
        made = self._make()
        self._close()
        self.assertEqual(kept.state, "confirmed")
        made.write({"next_date": Date.today() + timedelta(days=9)})
        self._report(made, result="C")
        self.assertEqual(made.state, "reported")
        self.assertFalse(made.next_visit_id)
        # sudo: the calendar is everybody's
        self._event(kept).unlink()
        self.assertEqual(kept.state, "cancelled")

    def test_nothing_new_is_planned(self):
        visit = self._plan(date_start=self._start_in(2))
        self._close()
        with self.assertRaises(UserError):
            visit.with_user(self.leader).write({"state": "planned"})
        with self.assertRaises(UserError):
            self._plan(self.leader)
        self.dossier.with_user(self.keeper).action_reopen()
        visit.with_user(self.leader).write({"state": "planned"})
        self.assertTrue(self._event(visit))

    def test_promises_rest_until_it_is_reopened(self):
        promise = self._promise()
        self._close()
        self.assertEqual(promise.state, "open")
        self.assertFalse(promise.sudo().activity_ids)
        self.env["customer.commitment"]._cron_keep_raised()
        self.assertFalse(promise.sudo().activity_ids)
        self.dossier.with_user(self.keeper).action_reopen()
        self.assertEqual(promise.sudo().activity_ids.user_id, self.seller)

    def test_promise_of_who_lost_the_customer_goes_to_who_has_it(self):
        promise = self._promise(user_id=self.seller.id)
        mine = self._promise()
        self._close()
        self.seller.sudo().active = False
        self.dossier.with_user(self.keeper).action_reopen()
        promises = (promise | mine).sudo()
        self.assertEqual(promises.user_id, self.leader)
        self.assertEqual(promises.activity_ids.user_id, self.leader)
        self.assertEqual(len(promises.activity_ids), 2)

    def test_planned_actions_rest_too(self):
        plan = self.env["customer.account.plan"].create(
            {
                "dossier_id": self.dossier.id,
                "summary": "Grow",
                "action_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Invite them",
                            "date": Date.today() + timedelta(days=30),
                            "user_id": self.seller.id,
                        },
                    )
                ],
            }
        )
        plan._approve()
        action = plan.action_ids
        self.assertTrue(action.activity_ids)
        self._close()
        self.assertFalse(action.activity_ids)
        self.dossier.with_user(self.keeper).action_reopen()
        self.assertEqual(action.activity_ids.user_id, self.seller)

    def test_closing_takes_as_many_queries_for_many(self):
        self._count_closing(1)
        self.assertEqual(self._count_closing(2), self._count_closing(9))

    def _count_closing(self, number):
        dossiers = self.dossier.browse()
        for n in range(number):
            dossiers |= self._new_dossier(f"Works {number} {n}")
        self.env["customer.visit"].create(
            [
                {
                    "dossier_id": dossier.id,
                    "user_id": self.seller.id,
                    "objective": "x",
                }
                for dossier in dossiers
            ]
        )
        dossiers.write({"state": "filed"})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        dossiers.write({"state": "closed"})
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
