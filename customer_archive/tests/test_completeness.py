import random

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestCompleteness(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "full_admin", groups="customer_archive.group_archive_admin"
        )
        cls.items = cls.env["customer.completeness.item"].with_user(cls.admin)
        cls.tiers = cls.env["customer.tier"].search([])
        customers = cls.env["res.partner"].create(
            [{"name": f"C{number}"} for number in range(30)]
        )
        cls.dossiers = cls.env["customer.dossier"].create(
            [{"partner_id": customer.id} for customer in customers]
        )

    def _field(self, name):
        return self.env["ir.model.fields"]._get("customer.dossier", name).id

    def test_table_is_the_administrator_s(self):
        """S1-7, S1-22: what a complete dossier has is a table, per tier."""
        self.items.search([]).unlink()
        self.items.create({"field_id": self._field("strategy")})
        self.items.create(
            {
                "field_id": self._field("culture"),
                "tier_ids": [Command.set(self.tiers[0].ids)],
            }
        )
        important, other = self.dossiers[:2]
        important.tier_id = self.tiers[0]
        (important | other).write({"strategy": "Wait"})
        self.assertEqual(important.completeness, 50)
        self.assertEqual(important.missing_items, "Company Culture")
        self.assertEqual(important.missing_codes, "/culture/")
        self.assertEqual(other.completeness, 100)

    def test_from_when_a_dossier_is_complete_is_a_setting(self):
        """S1-22: lists and dashboard count those below the company's number."""
        half, whole = self.dossiers[:2]
        self.items.search([]).unlink()
        for name in ("strategy", "culture"):
            self.items.create({"field_id": self._field(name)})
        (half | whole).write({"strategy": "Wait", "state": "filed"})
        whole.culture = "Frank"
        policies = self.env["customer.archive.policy"]
        company = self.env.company
        policy = policies.search([("company_id", "=", company.id)])
        policy = policy or policies.create({"company_id": company.id})
        manager = new_test_user(
            self.env, "full_manager", groups="customer_archive.group_archive_manager"
        )
        figures = self.env["customer.archive.figure"].with_user(manager)
        figures = figures.with_context(allowed_company_ids=company.ids)
        for percent, incomplete in ((100, half), (51, half), (50, half.browse())):
            policy.complete_percent = percent
            self.env.flush_all()
            self.env.invalidate_all()
            found = self.dossiers.filtered("is_incomplete") & (half | whole)
            self.assertEqual(found, incomplete, percent)
            searched = half.search([("is_incomplete", "=", True)]) & (half | whole)
            self.assertEqual(searched, incomplete, percent)
            figure = figures.search([("kind", "=", "incomplete")])
            action = figure.action_open()
            counted = half.search(action["domain"]) & (half | whole)
            self.assertEqual(counted, incomplete, percent)

    def test_missing_items_in_a_row_of_the_language(self):
        """S1-22: what is missing, with the comma of the reader's language."""
        self.items.search([]).unlink()
        names = ("strategy", "culture", "reputation")
        self.items.create([{"field_id": self._field(name)} for name in names])
        for lang, comma in (("en_US", ", "), ("zh_CN", "、")):
            self.env["res.lang"]._activate_lang(lang)
            dossier = self.dossiers[0].with_context(lang=lang)
            fields = [dossier._fields[name] for name in names]
            labels = [field._description_string(dossier.env) for field in fields]
            self.assertEqual(dossier.missing_items, comma.join(labels))

    def test_only_what_can_be_counted_is_asked_for(self):
        with self.assertRaises(ValidationError):
            self.items.create({"field_id": self._field("is_readable")})

    def test_bulk_equals_one_by_one(self):
        """S1-22: a million counted in SQL are counted as one is in Python."""
        rng = random.Random(42)
        names = [item.field_name for item in self.items.search([]) if item.field_id]
        extra = ["fact_ids", "person_ids", "tier_id", "partner_city", "user_id"]
        self.items.create(
            [
                {
                    "field_id": self._field(name),
                    "tier_ids": [Command.set(rng.sample(self.tiers.ids, 1))],
                }
                for name in extra
            ]
        )
        contact = self.env["res.partner"].create({"name": "Li"})
        values = {
            "char": "x",
            "text": "y",
            "integer": 3,
            "monetary": 9.5,
            "date": "2020-01-01",
        }
        for dossier in self.dossiers:
            vals = {"tier_id": rng.choice([False, *self.tiers.ids])}
            for name in names:
                field = dossier._fields[name]
                if field.store and field.type in values and rng.random() < 0.5:
                    vals[name] = values[field.type]
            if rng.random() < 0.5:
                person = {"partner_id": contact.id, "capacity": "principal"}
                person["active"] = rng.random() < 0.7
                vals["person_ids"] = [Command.create(person)]
            if rng.random() < 0.5:
                vals["fact_ids"] = [Command.create({"information": "z"})]
            dossier.write(vals)
            dossier.partner_id.write({"city": rng.choice(["", "Ningbo"])})
        one_by_one = self.dossiers.mapped("completeness")
        self.assertGreater(len(set(one_by_one)), 5)
        self.env.flush_all()
        self.env.cr.execute("UPDATE customer_dossier SET completeness = NULL")
        self.env.invalidate_all()
        changed = self.dossiers._recompute_completeness(0, self.dossiers[-1].id + 1)
        self.assertGreaterEqual(changed, len(self.dossiers))
        self.assertEqual(self.dossiers.mapped("completeness"), one_by_one)

    def test_changing_the_table_counts_all_anew(self):
        cron = self.env.ref("customer_archive.ir_cron_recount")
        triggers = self.env["ir.cron.trigger"].search
        before = triggers([("cron_id", "=", cron.id)])
        self.items.search([], limit=1).active = False
        self.assertTrue(triggers([("cron_id", "=", cron.id)]) - before)
