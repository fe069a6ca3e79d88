from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestHistory(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.seller = new_test_user(cls.env, "hist_seller", groups=group + "user")
        cls.stranger = new_test_user(cls.env, "hist_stranger", groups=group + "user")
        cls.keeper = new_test_user(cls.env, "hist_keeper", groups=group + "keeper")
        customer = cls.env["res.partner"].create({"name": "Mill"})
        contact = cls.env["res.partner"].create(
            {"name": "Li", "parent_id": customer.id}
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create(
                {
                    "partner_id": customer.id,
                    "person_ids": [
                        Command.create({"partner_id": contact.id, "attitude": "none"})
                    ],
                }
            )
        )
        cls.person = cls.dossier.person_ids

    def _changes(self, field):
        changes = self.env["customer.change"].with_user(self.seller)
        found = changes.search([("field_name", "=", field)])
        return [(change.old_value or "", change.new_value or "") for change in found]

    def test_old_and_new_value_author_and_time(self):
        """S2-29, S2-48: every change, by whom and when, values as people write them."""
        self.dossier.strategy = "Wait"
        self.dossier.strategy = "Attack"
        self.dossier.strategy = "Attack"
        self.assertEqual(self._changes("strategy"), [("Wait", "Attack"), ("", "Wait")])
        grade = self.env["customer.credit.grade"].search([], limit=1)
        self.dossier.credit_grade_id = grade
        self.assertEqual(self._changes("credit_grade_id"), [("", grade.display_name)])
        change = self.env["customer.change"].search(
            [("field_name", "=", "credit_grade_id")]
        )
        self.assertEqual(change.create_uid, self.seller)
        self.assertEqual(change.field_label, "Credit Grade")
        self.assertEqual(change.record_name, self.dossier.display_name)

    def test_attitude_and_role_over_time(self):
        """S1-38: the relation's states are kept with date and author."""
        for attitude in ("neutral", "positive"):
            self.person.attitude = attitude
        self.assertEqual(
            self._changes("attitude"),
            [
                ("Neutral", "Positive"),
                ("No Relation Yet", "Neutral"),
                ("", "No Relation Yet"),
            ],
        )

    def test_relation_as_a_line_over_time(self):
        """S1-38: the line begins with the person, and ends behind the lock."""
        for attitude in ("negative", "neutral", "positive"):
            self.person.attitude = attitude
        self.person.buying_role = "adviser"
        action = self.person.action_view_relation_over_time()
        changes = self.env["customer.change"].with_user(self.seller)
        line = changes.search(action["domain"], order="date, id")
        self.assertEqual(line.mapped("attitude_level"), [0, -1, 1, 2])
        self.assertEqual(line.create_uid, self.seller)
        [(level, count)] = changes._read_group(
            action["domain"], aggregates=["attitude_level:avg", "__count"]
        )
        self.assertEqual((level, count), (0.5, 4))
        self.person.invalidate_recordset(["relation_change_ids"])
        roles = self.person.relation_change_ids - line
        self.assertEqual(roles.new_value, "Adviser")
        self.assertFalse(
            changes.with_user(self.stranger).search_count(action["domain"])
        )
        with self.assertRaises(AccessError):
            self.person.with_user(self.stranger).action_view_relation_over_time()

    def test_history_is_behind_the_lock_and_nobody_writes_it(self):
        """S2-48: no tampering."""
        self.dossier.strategy = "Wait"
        changes = self.env["customer.change"]
        self.assertFalse(changes.with_user(self.stranger).search([]))
        change = changes.with_user(self.keeper).search([])
        self.assertTrue(change)
        for tamper in (
            lambda: change.write({"new_value": "x"}),
            change.unlink,
            lambda: change.create({"dossier_id": self.dossier.id, "res_model": "x"}),
        ):
            with self.assertRaises(AccessError):
                tamper()

    def test_struck_out_with_a_reason_instead_of_deleted(self):
        """S2-29: no deletion of important information."""
        self.dossier.sudo().state = "filed"
        kept = self.person.with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "Strike it out"):
            kept.unlink()
        context = kept.action_strike_out()["context"]
        dialog = self.env["customer.strike.out"].with_user(self.keeper)
        dialog.with_context(**context).create({"reason": "Left"}).action_confirm()
        self.assertFalse(self.dossier.person_ids)
        self.assertEqual(self.person.strike_reason, "Left")
        self.assertEqual(self._changes("strike_reason"), [("", "Left")])
        kept.action_restore()
        self.assertEqual(self.dossier.person_ids, self.person)

    def test_nothing_vanishes_without_a_reason(self):
        """S2-29: nor past the dialog."""
        with self.assertRaisesRegex(UserError, "."):
            self.person.active = False
        with self.assertRaises(UserError):
            self.person.action_archive()
        self.assertTrue(self.person.active)

    def test_strike_out_asks_for_reason_and_right(self):
        dialog = self.env["customer.strike.out"]
        values = {"res_model": "customer.key.person", "res_ids": self.person.ids}
        with self.assertRaises(UserError):
            dialog.with_user(self.seller).create(
                {**values, "reason": " "}
            ).action_confirm()
        with self.assertRaises(AccessError):
            dialog.with_user(self.stranger).create(
                {**values, "reason": "Because"}
            ).action_confirm()

    def test_dialog_strikes_nothing_but_entries(self):
        dialog = self.env["customer.strike.out"].with_user(self.seller)
        dialog = dialog.create(
            {"res_model": "res.partner", "res_ids": [1], "reason": "x"}
        )
        with self.assertRaisesRegex(UserError, "can't be struck out"):
            dialog.action_confirm()
        self.assertTrue(self.env["res.partner"].browse(1).active)
