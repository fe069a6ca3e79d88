from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestHistory(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, date_format in (("en_US", "%m/%d/%Y"), ("zh_CN", "%Y年%m月%d日")):
            lang = cls.env["res.lang"]._activate_lang(code)
            lang.date_format = date_format
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

    def _last_change(self, field, lang):
        changes = self.env["customer.change"].with_user(self.seller)
        changes = changes.with_context(lang=lang)
        return changes.search([("field_name", "=", field)], limit=1)

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
            [("neutral", "positive"), ("none", "neutral"), ("", "none")],
        )

    def test_read_in_the_language_of_the_reader(self):
        """S2-29: whoever wrote it, and in whatever language."""
        self.dossier.with_context(lang="zh_CN").write(
            {
                "customer_class": "important",
                "founding_date": "2026-03-04",
                "registered_capital": 1234567.8,
                "user_id": self.seller.id,
            }
        )
        self.person.with_context(lang="en_US").attitude = "positive"
        self.person.liaison_ids = self.seller | self.keeper
        code = self.dossier.currency_id.name
        names = self.person.liaison_ids.mapped("name")
        expected = {
            "manual_class": ("Important", "重要客户"),
            "founding_date": ("03/04/2026", "2026年03月04日"),
            "registered_capital": (f"1,234,567.80 {code}", f"1,234,567.80 {code}"),
            "attitude": ("Positive", "积极的"),
            "liaison_ids": (", ".join(names), "、".join(names)),
        }
        for field_name, texts in expected.items():
            for lang, text in zip(("en_US", "zh_CN"), texts, strict=True):
                with self.subTest(field=field_name, lang=lang):
                    change = self._last_change(field_name, lang)
                    self.assertEqual(change.new_text, text)

    def test_found_as_it_is_read(self):
        """S2-29: by the label in my language, by my dates and amounts."""
        self.dossier.customer_class = "important"
        self.dossier.founding_date = "2026-03-04"
        self.dossier.registered_capital = 1234567
        for lang, text, field_name in (
            ("en_US", "mportan", "manual_class"),
            ("zh_CN", "重要", "manual_class"),
            ("en_US", "03/04/2026", "founding_date"),
            ("zh_CN", "2026年03月04日", "founding_date"),
            ("en_US", "1,234,567", "registered_capital"),
        ):
            with self.subTest(text):
                changes = self.env["customer.change"].with_user(self.seller)
                changes = changes.with_context(lang=lang)
                found = changes.search([("new_text", "ilike", text)])
                self.assertEqual(found.mapped("field_name"), [field_name])
                self.assertFalse(changes.search([("old_text", "ilike", text)]))
                stranger = changes.with_user(self.stranger)
                self.assertFalse(stranger.search([("new_text", "ilike", text)]))
        changes = changes.with_context(lang="zh_CN")
        [label] = changes.search([("new_text", "ilike", "重要")]).mapped("new_text")
        found = changes.search([("new_text", "=", label)])
        self.assertEqual(found.field_name, "manual_class")
        self.assertNotIn(found, changes.search([("new_text", "!=", label)]))

    def test_what_is_no_value_any_more_is_shown_as_kept(self):
        """A field may change its kind, or go with its addon."""
        vals = {"dossier_id": self.dossier.id, "res_id": self.dossier.id}
        for model_name, field_name in (
            ("customer.dossier", "founding_date"),
            ("customer.dossier", "state"),
            ("customer.dossier", "gone"),
            ("customer.gone", "gone"),
        ):
            vals |= {"res_model": model_name, "field_name": field_name}
            change = self.env["customer.change"].create({**vals, "new_value": "Once"})
            self.assertEqual(change.new_text, "Once")
            self.assertTrue(change.field_label)

    def test_page_of_the_history_asks_for_its_names_at_once(self):
        for strategy in ("a", "b", "c", "d"):
            self.dossier.strategy = strategy
            self.person.hobbies = strategy
        changes = self.env["customer.change"].search([("field_name", "=", "hobbies")])
        shown = ["record_name", "field_label", "old_text", "new_text"]
        changes[:1].read(shown)
        for page in (changes[:1], changes):
            self.env.invalidate_all()
            with self.assertQueryCount(10):
                page.read(shown)

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
        self.assertEqual(roles.new_value, "adviser")
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
