"""A list of destruction from hand to hand, in the browser, in Chinese."""

from freezegun import freeze_time

from odoo.tests import HttpCase, new_test_user, tagged

from .common import ARCHIVE, CONTACTS

PEOPLE = {
    "keeper": ("keeper", "赵静"),
    "office": ("keeper", "周敏"),
    "supervisor": ("supervisor", "李建国"),
    "manager": ("manager", "刘慧敏"),
}


@tagged("post_install", "-at_install")
class TestDisposalTour(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.people = {
            role: new_test_user(
                cls.env,
                f"archive_disposal_{role}",
                groups=f"{CONTACTS},{ARCHIVE}{group}",
                name=name,
                lang="zh_CN",
                tz="Asia/Shanghai",
            )
            for role, (group, name) in PEOPLE.items()
        }
        customer = cls.env["res.partner"].create({"name": "镇江旧城仪表厂"})
        with freeze_time("2015-06-01 10:00:00"):
            cls.dossier = cls.env["customer.dossier"].create(
                {
                    "partner_id": customer.id,
                    "main_business": "仪表",
                    "transaction_ids": [
                        (0, 0, {"name": "HT-1", "date": "2015-05-04", "amount": 1})
                    ],
                }
            )
            cls.dossier.state = "filed"
            cls.dossier.state = "closed"

    def _go(self, role, tour, disposal_id="new"):
        self.start_tour(
            f"/odoo/action-customer_archive.customer_disposal_action/{disposal_id}",
            f"customer_archive_disposal_{tour}",
            login=self.people[role].login,
        )
        self.env.invalidate_all()

    def test_three_approve_and_two_watch(self):
        # S2-6 S2-28 S2-60
        self._go("keeper", "draw_up")
        line = self.env["customer.disposal.line"].search(
            [("dossier_id", "=", self.dossier.id)]
        )
        disposal = line.disposal_id
        self.assertEqual(disposal.user_id, self.people["keeper"])
        self._go("supervisor", "approve", disposal.id)
        for role in ("office", "manager"):
            self.assertEqual(disposal.state, "review")
            disposal.with_user(self.people[role]).action_approve()
        self._go("manager", "first_witness", disposal.id)
        self.assertEqual(disposal.state, "approved")
        self._go("supervisor", "second_witness", disposal.id)
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_destroy").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((disposal.state, self.dossier.state), ("done", "destroyed"))
        self.assertFalse(self.dossier.main_business)
        self.assertTrue(line.content_hash)
