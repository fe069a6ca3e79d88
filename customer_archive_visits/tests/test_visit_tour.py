"""A salesperson's day in the browser, in Chinese: called, planned, reported."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.customer_archive.tests.common import ARCHIVE, CONTACTS

CALLED, VISITED = "无锡恒达轴承有限公司", "苏州远航精密机械有限公司"


class VisitTourCommon(HttpCase):
    """A salesperson and a superior who read Chinese, and customers of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.seller, cls.supervisor = (
            new_test_user(
                cls.env,
                f"visit_day_{role}",
                groups=f"{CONTACTS},{ARCHIVE}{role}",
                name=name,
                lang="zh_CN",
                tz="Asia/Shanghai",
            )
            for role, name in (("user", "王芳"), ("supervisor", "李建国"))
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "华东组",
                "company_id": False,
                "user_id": cls.supervisor.id,
                "member_ids": [(4, cls.seller.id)],
            }
        )

    @classmethod
    def _file(cls, name, tier, person, rank):
        customer = cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "city": name[:2],
                "child_ids": [(0, 0, {"name": person, "phone": "138 0013 8000"})],
            }
        )
        dossier = cls.env["customer.dossier"].create(
            {
                "partner_id": customer.id,
                "user_id": cls.seller.id,
                "team_id": cls.team.id,
                "tier_id": cls.env.ref(
                    f"customer_archive.customer_tier_{tier.lower()}"
                ).id,
                "person_ids": [
                    (
                        0,
                        0,
                        {
                            "partner_id": customer.child_ids.id,
                            "capacity": "main_contact",
                            "rank": rank,
                        },
                    )
                ],
            }
        )
        dossier.state = "filed"
        return dossier

    @classmethod
    def _let_due(cls, dossiers):
        """On file for a year, and neither called nor visited yet."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE customer_follow_up SET start_date = %s WHERE dossier_id IN %s",
            [fields.Date.today() - timedelta(days=400), tuple(dossiers.ids)],
        )
        cls.env.invalidate_all()
        dossiers._refresh_follow_ups()


@tagged("post_install", "-at_install")
class TestVisitTour(VisitTourCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.called = cls._file(CALLED, "B", "吴敏", "director")
        cls.visited = cls._file(VISITED, "A", "周志强", "executive")
        cls._let_due(cls.called | cls.visited)

    def _due(self, dossier, channel):
        follow_ups = dossier.follow_up_ids
        return follow_ups.filtered(lambda follow_up: follow_up.channel == channel)

    def test_a_day(self):
        """From the page of the day to the next due date, as one walks through it."""
        # S0-19, S0-21, S1-27, S1-29, S1-32, S1-42 to S1-46
        today = fields.Date.context_today(self.seller.with_user(self.seller))
        self.assertEqual(self._due(self.visited, "visit").stage, "1_overdue")
        self.start_tour(
            "/odoo/my-day", "customer_archive_visits_day", login=self.seller.login
        )
        self.env.invalidate_all()

        missed = self.visited.interaction_ids.filtered(lambda i: not i.is_reached)
        self.assertEqual(missed.channel, "call")
        self.assertGreater(self._due(self.visited, "call").action_date, today)

        call = self.called.interaction_ids
        self.assertEqual(call.summary, "三季度用量不变")
        self.assertEqual(call.next_step, "周五送样品")
        self.assertEqual(call.person_ids, self.called.person_ids)
        self.assertGreater(self._due(self.called, "call").due_date, today)

        visit = self.visited.visit_ids.filtered(lambda v: v.state == "reported")
        self.assertEqual(visit.objective, "谈定下半年框架合同")
        self.assertEqual(visit.appointment_person_id, self.visited.person_ids)
        self.assertEqual(visit.met_person_ids, self.visited.person_ids)
        self.assertEqual((visit.result, visit.objective_met), ("C", "yes"))
        self.assertEqual(visit.actual_amount, 86)
        promise = visit.promise_ids
        self.assertEqual((promise.name, promise.state), ("下周三前给新报价", "open"))
        self.assertEqual(visit.next_visit_id.state, "planned")
        self.assertGreater(visit.next_date, today)
        due = self._due(self.visited, "visit")
        self.assertEqual(due.last_date, today)
        self.assertEqual(due.stage, "4_later")


@tagged("post_install", "-at_install")
class TestVisitTourPhone(TestVisitTour):
    """The same day on a phone."""

    browser_size = "390x844"
    touch_enabled = True
