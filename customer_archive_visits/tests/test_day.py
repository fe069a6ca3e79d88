from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .rhythm_common import MONDAY, RhythmCommon

WEEK = timedelta(7)


@tagged("post_install", "-at_install")
class TestDay(RhythmCommon):
    """The page of the day, as its person uses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.rhythm_spread = 0
        with freeze_time(cls._at(MONDAY)):
            cls.dossiers = cls._file("AC")
            cls.foreign = cls._file("A", user_id=cls.colleague.id)
        cls.first = cls.dossiers[0]
        cls.chief = cls._add_person(cls.first, "executive")

    def _mine(self, user=None):
        """What the page shows to its person."""
        follow_ups = self.env["customer.follow.up"].with_user(user or self.seller)
        return follow_ups.search([("due_date", "!=", False)])

    def test_everybody_sees_what_he_may_read(self):
        """Salespersons their own, superiors the team's; nobody writes a row."""
        ours = (self.dossiers | self.foreign).follow_up_ids
        self.assertEqual(self._mine() & ours, self.dossiers.follow_up_ids)
        self.assertEqual(self._mine(self.colleague) & ours, self.foreign.follow_up_ids)
        self.assertEqual(self._mine(self.boss) & ours, ours)
        foreign = self.foreign.follow_up_ids.with_user(self.seller)
        for method in (
            "action_done",
            "action_plan_visit",
            "action_not_reached",
            "action_postpone",
        ):
            with self.assertRaises(AccessError):
                getattr(foreign[:1], method)()
        with self.assertRaises(AccessError):
            foreign.read(["reason"])
        for own in self._mine():
            for write in (
                lambda own=own: own.write({"due_date": MONDAY + 9 * WEEK}),
                own.unlink,
            ):
                with self.assertRaises(AccessError):
                    write()

    def test_plan_a_visit_once(self):
        """A visit that is planned already is opened; else one begins as proposed."""
        due = self._follow_up(self.first, "visit").with_user(self.seller)
        action = due.action_plan_visit()
        self.assertFalse(action["res_id"])
        visits = self.env["customer.visit"].with_user(self.seller)
        visits = visits.with_context(**action["context"])
        visit = visits.create({"objective": "Agree on spring"})
        self.assertEqual((visit.dossier_id, visit.person_ids), (self.first, self.chief))
        self.assertEqual(due.action_plan_visit()["res_id"], visit.id)
        visit.write({"state": "cancelled", "cancel_reason": "Ill"})
        self.assertFalse(due.action_plan_visit()["res_id"])

    def test_grouped_by_when(self):
        """Overdue, today, this week, later: each with what belongs there."""
        tuesday = MONDAY + timedelta(1)
        follow_ups = self._mine().sudo()
        dates = {
            MONDAY: "1_overdue",
            tuesday: "2_today",
            MONDAY + timedelta(6): "3_week",
            MONDAY + WEEK: "4_later",
        }
        for follow_up, date in zip(follow_ups, dates, strict=True):
            follow_up.write({"action_date": date})
        with freeze_time(self._at(tuesday)):
            mine = self._mine().with_context(read_group_expand=True)
            for follow_up in mine:
                stage = dates[follow_up.action_date]
                self.assertEqual(follow_up.stage, stage)
                found = mine.search([("stage", "=", stage), ("id", "in", mine.ids)])
                self.assertEqual(found, follow_up)
            groups = mine.formatted_read_group(
                [("id", "in", mine[1:].ids)], ["stage"], ["__count"]
            )
            counts = {group["stage"]: group["__count"] for group in groups}
            self.assertEqual(
                counts, {"1_overdue": 0, "2_today": 1, "3_week": 1, "4_later": 1}
            )

    def test_called_in_three_fields(self):
        """Whom, what, what next; the contact is on file and the call is done."""
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            call = self._follow_up(self.first, "call").with_user(self.seller)
            action = call.action_done()
            view = self.env["ir.ui.view"].browse(action["views"][0][0])
            interactions = self.env["customer.interaction"].with_user(self.seller)
            form = Form(interactions.with_context(**action["context"]), view=view)
            self.assertEqual(form.person_ids[:], self.chief)
            form.summary = "Wants a sample"
            form.next_step = "Send it"
            interaction = form.save()
            self.assertEqual(interaction.user_id, self.seller)
            self.assertEqual(interaction.channel, "call")
            self.assertEqual(call.due_date, MONDAY + 2 * WEEK)
            self.assertFalse(self._activities(self.first))

    def test_nobody_reached(self):
        """One tap: noted, still due, tomorrow again."""
        friday = MONDAY + timedelta(4)
        with freeze_time(self._at(friday)):
            call = self._follow_up(self.first, "call").with_user(self.seller)
            due_date = call.due_date
            call.action_not_reached()
            interaction = self.first.interaction_ids
            self.assertFalse(interaction.is_reached)
            self.assertEqual(interaction.user_id, self.seller)
            self.assertFalse(call.last_date)
            self.assertEqual(call.due_date, due_date)
            # due later than tomorrow anyhow
            self.assertEqual(call.action_date, due_date)
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
        with freeze_time(self._at(MONDAY + WEEK + timedelta(4))):
            call.action_not_reached()
            self.assertEqual(call.action_date, MONDAY + 2 * WEEK)
            self.assertEqual(call.due_date, due_date)
            self.assertFalse(self._activities(self.first))
        with freeze_time(self._at(MONDAY + 2 * WEEK)):
            self._sweep()
            activity = self._activities(self.first, "call")
            self.assertEqual(activity.date_deadline, MONDAY + 2 * WEEK)
            # being put off again and again doesn't hide it from the superior
            self.assertTrue(self._activities(self.first, "escalation"))

    def test_put_off_with_reason(self):
        with freeze_time(self._at(MONDAY + WEEK)):
            self._sweep()
            call = self._follow_up(self.first, "call").with_user(self.seller)
            action = call.action_postpone()
            wizards = self.env[action["res_model"]].with_user(self.seller)
            wizard = wizards.with_context(**action["context"]).create(
                {"date": MONDAY + WEEK + timedelta(3), "reason": "He is at a fair"}
            )
            wizard.action_confirm()
            self.assertEqual(call.action_date, MONDAY + WEEK + timedelta(3))
            self.assertEqual(call.due_date, MONDAY + WEEK)
            self.assertIn("He is at a fair", call.reason)
            self.assertFalse(self._activities(self.first))
            # it holds through sweeps, until the contact
            self._sweep()
            self.assertEqual(call.action_date, MONDAY + WEEK + timedelta(3))
            for wrong in ({"reason": " "}, {"date": MONDAY}):
                wizard.write({"reason": "Fair", "date": MONDAY + 2 * WEEK, **wrong})
                with self.assertRaises(UserError):
                    wizard.action_confirm()
            wizard.follow_up_ids = self.foreign.follow_up_ids.ids
            with self.assertRaises(AccessError):
                wizard.action_confirm()
            self._log(self.first, "call")
            self.assertFalse(call.postponed_date or call.postpone_reason)

    def test_ticked_off_where_activities_are(self):
        """The feedback becomes the contact; without a word nothing is ticked off."""
        with freeze_time(self._at(MONDAY + 9 * WEEK)):
            self._sweep()
            visit = self._activities(self.first, "visit").with_user(self.seller)
            with self.assertRaises(UserError):
                visit.action_feedback(" ")
            visit.action_feedback("He likes the sample")
            interaction = self.first.interaction_ids
            self.assertEqual(interaction.summary, "He likes the sample")
            self.assertEqual(interaction.channel, "visit")
            self.assertEqual(interaction.person_ids, self.chief)
            self.assertEqual(interaction.user_id, self.seller)
            self.assertEqual(visit.state, "done")
            follow_up = self._follow_up(self.first, "visit")
            self.assertEqual(follow_up.last_date, MONDAY + 9 * WEEK)
            self._sweep()
            self.assertFalse(self._activities(self.first, "visit"))

    def test_ticked_off_without_the_person_comes_back(self):
        """Nobody of the rank is on file: it was no such visit."""
        with freeze_time(self._at(MONDAY + 9 * WEEK)):
            self.chief.rank = "staff"
            self._sweep()
            visit = self._activities(self.first, "visit").with_user(self.seller)
            visit.action_feedback("Saw the guard")
            self._sweep()
            self.assertTrue(self._activities(self.first, "visit"))

    def test_one_mail_a_day_that_names_nobody(self):
        """Counts and a link, to who works today and didn't switch it off."""
        self.colleague.archive_digest = False
        self.seller.lang = "en_US" if self._is_active("en_US") else "zh_CN"
        with freeze_time(self._at(MONDAY + WEEK + timedelta(5))):
            self.assertFalse(self._send_digest())
        with freeze_time(self._at(MONDAY + WEEK + timedelta(1))):
            mails = self._send_digest()
            self.assertEqual(mails.mapped("email_to"), [self.seller.email_formatted])
            self.assertIn("/odoo/my-day", mails.body_html)
            # the call of A: C has two weeks
            self.assertRegex(mails.body_html, r"<li>[^0-9]*1 [^0-9]*</li>")
            for dossier in self.dossiers:
                self.assertNotIn(dossier.number, mails.body_html)
                self.assertNotIn(dossier.partner_id.name, mails.body_html)

    def _is_active(self, lang):
        return lang in dict(self.env["res.lang"].get_installed())

    def _send_digest(self, *people):
        mails = self.env["mail.mail"]
        before = mails.search([])
        ours = self.env["res.users"].union(*people or (self.seller, self.colleague))
        others = self.env["res.users"].search([("id", "not in", ours.ids)])
        others.archive_digest = False
        self.env["res.users"]._cron_archive_digest()
        return mails.search([]) - before

    def test_archivist_hears_on_mondays_what_changed(self):
        # S4-16
        week = timedelta(days=7)
        self.keeper.lang = "en_US" if self._is_active("en_US") else "zh_CN"
        self.env["customer.change"].search([("id", ">", 0)]).date = "2020-01-01"
        tuesday = MONDAY + timedelta(1)
        with freeze_time(self._at(tuesday)):
            self.first.with_user(self.seller).main_business = "Lathes"
            self.first.with_user(self.seller).main_business = "Lathes and mills"
            self.foreign.with_user(self.colleague).main_business = "Saws"
            self.env.flush_all()
        changes = self.env["customer.change"].with_user(self.keeper)
        for day, count in (
            (MONDAY + week, 2),
            (tuesday + week, None),
            (MONDAY + 2 * week, None),
        ):
            with freeze_time(self._at(day)):
                mails = self._send_digest(self.keeper)
                self.assertEqual(len(mails), bool(count))
                if count:
                    line = rf"<li>[^0-9]*{count} [^0-9]*</li>"
                    self.assertRegex(mails.body_html, line)
                    self.assertNotIn("Lathes", mails.body_html)
                # the list behind it, with what was and what is now
                last_week = changes.search(
                    [("date", ">=", "=monday -7d"), ("date", "<", "=monday")]
                )
                marked = [(c.old_text, c.new_text) for c in last_week]
                is_there = ("Lathes", "Lathes and mills") in marked
                self.assertEqual(is_there, day < MONDAY + 2 * week)
                departments = last_week._read_group(
                    [("id", "in", last_week.ids)], ["team_id"]
                )
                self.assertEqual(bool(departments), is_there)

    def test_everybody_switches_his_own_mail_off(self):
        user = self.seller.with_user(self.seller)
        user.write({"archive_digest": False})
        self.assertFalse(user.archive_digest)

    def test_own_rhythms_are_the_superiors(self):
        """Salespersons see them; a colleague's customer stays closed."""
        own = self.env["customer.cadence.override"].create(
            {
                "dossier_id": self.foreign.id,
                "channel": "call",
                "reason": "Project",
            }
        )
        self.assertEqual(own.with_user(self.colleague).reason, "Project")
        with self.assertRaises(AccessError):
            own.with_user(self.seller).read(["reason"])
        with self.assertRaises(AccessError):
            own.with_user(self.colleague).write({"interval_number": 9})
        own.with_user(self.boss).write({"interval_number": 9})

    def test_rhythm_of_tiers_is_the_administrators(self):
        cadence = self.env.ref("customer_archive_visits.customer_cadence_a_call")
        self.assertEqual(cadence.with_user(self.seller).interval_number, 1)
        for user in (self.seller, self.boss, self.keeper):
            with self.assertRaises(AccessError):
                cadence.with_user(user).write({"interval_number": 2})
        admin = self._create_user("settings", "admin")
        admin.group_ids = [Command.link(self.env.ref("base.group_user").id)]
        cadence.with_user(admin).write({"interval_number": 2})
