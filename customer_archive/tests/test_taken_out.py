from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from ..form.writer import FormWriter
from ..models.base_export import TAKEN_OUT

ARCHIVE = "customer_archive.group_archive_"
FORMS = (
    "customer_record",
    "annex_1",
    "annex_2",
    "annex_3",
    "annex_5",
    "contact_list",
    "customer_register",
    "evaluation_sheet",
    "all_forms",
    "two_copies",
)


class Refused(Exception):
    pass


@tagged("post_install", "-at_install")
class TestTakenOut(BaseCommon):
    """Each way content leaves the archive is told before, once for all dossiers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "taken_out_seller",
            groups=f"{ARCHIVE}user,base.group_allow_export",
        )
        cls.other = new_test_user(
            cls.env, "taken_out_other", groups=f"{ARCHIVE}user,base.group_allow_export"
        )
        cls.dossiers = cls.env["customer.dossier"].concat(
            *(cls._make(number) for number in range(3))
        )

    @classmethod
    def _make(cls, number):
        customer = cls.env["res.partner"].create(
            {"name": f"Mill {number}", "is_company": True}
        )
        contact = cls.env["res.partner"].create(
            {"name": f"Li {number}", "parent_id": customer.id}
        )
        return cls.env["customer.dossier"].create(
            {
                "partner_id": customer.id,
                "user_id": cls.seller.id,
                "strategy": "Wait",
                "person_ids": [
                    Command.create({"partner_id": contact.id, "concerns": "Price"})
                ],
            }
        )

    def _listen(self, produce, refuse=False):
        """What the hook hears while ``produce()`` runs: a list of (how, dossiers)."""
        heard = []

        def listen(dossiers, how):
            heard.append((how, self.dossiers.browse(dossiers.ids)))
            if refuse:
                raise Refused

        dossiers = self.env.registry["customer.dossier"]
        with patch.object(dossiers, "_on_taken_out", listen):
            produce()
        return heard

    def test_exports(self):
        mine = self.dossiers.with_user(self.seller)
        partners = self.dossiers.partner_id.with_user(self.seller)
        ways = {
            "own": (mine, ["strategy"]),
            "name only": (mine, ["display_name"]),
            "item": (mine.person_ids, ["concerns"]),
            "down": (mine, ["person_ids/concerns"]),
            "guarded": (partners, ["name", "dossier_number"]),
            "guarded path": (partners, ["dossier_id/strategy"]),
            "users": (self.seller.with_user(self.seller), ["partner_id/name"]),
        }
        for way, (records, columns) in ways.items():
            with self.subTest(way):
                heard = self._listen(lambda r=records, c=columns: r.export_data(c))
                expected = [] if way == "users" else [("export", self.dossiers)]
                self.assertEqual(heard, expected)

    def test_a_stub_is_told_to_nobody(self):
        partners = self.dossiers.partner_id.with_user(self.seller)
        for columns in (["name"], ["dossier_id"], ["dossier_id/display_name"]):
            self.assertEqual(
                self._listen(lambda c=columns: partners.export_data(c)), []
            )

    def test_what_is_closed_is_not_in_the_file(self):
        partners = self.dossiers.partner_id.with_user(self.other)
        rows = []
        heard = self._listen(
            lambda: rows.extend(partners.export_data(["dossier_id/strategy"])["datas"])
        )
        self.assertEqual((heard, rows), ([], [[""]] * 3))

    def test_related_columns_of_other_addons(self):
        paths = [["partner_id", "dossier_id", "strategy"], ["partner_id", "name"]]
        users = self.env["res.users"]
        self.assertTrue(users._leads_to_content("partner_id", paths[0][1:]))
        self.assertFalse(users._leads_to_content("partner_id", paths[1][1:]))
        self.assertEqual(
            users._group_paths([["dossier_number"]]),
            {"partner_id": [["dossier_number"]]},
        )

    def test_a_property_that_leads_to_a_dossier(self):
        # no path tells where a property leads: told once its value is read
        mine = self.dossiers.with_user(self.seller)
        told = self.dossiers[:1]
        cache = {TAKEN_OUT: set(told.ids), "export_properties_cache": {}}
        with patch.dict(self.env.cr.cache, cache):
            heard = self._listen(
                lambda: mine._export_rows([["strategy"]], _is_toplevel_call=False)
            )
        self.assertEqual(heard, [("export", self.dossiers - told)])

    def test_prints(self):
        reports = self.env["ir.actions.report"].with_user(self.seller)
        for form in FORMS:
            with self.subTest(form):
                heard = self._listen(
                    lambda f=form: reports._render_qweb_pdf(
                        f"customer_archive.{f}", self.dossiers.ids
                    )
                )
                self.assertEqual(heard, [("print", self.dossiers)])

    def test_spreadsheet_form(self):
        mine = self.dossiers[0].with_user(self.seller)
        heard = self._listen(FormWriter(mine.env, "en_US", mine).get_content)
        self.assertEqual(heard, [("export", self.dossiers[0])])
        blank = FormWriter(mine.env, "en_US", mine.browse())
        self.assertEqual(self._listen(blank.get_content), [])

    def test_refused_before_anything_is_made(self):
        mine = self.dossiers.with_user(self.seller)
        reports = self.env["ir.actions.report"].with_user(self.seller)
        for produce in (
            lambda: mine.export_data(["strategy"]),
            lambda: mine.partner_id.export_data(["dossier_id/strategy"]),
            lambda: reports._render_qweb_pdf("customer_archive.annex_1", mine.ids),
            FormWriter(mine.env, "en_US", mine[0]).get_content,
        ):
            with self.assertRaises(Refused):
                self._listen(produce, refuse=True)

    def test_one_contact_costs_as_many_queries_as_many(self):
        partners = self.dossiers.partner_id.with_user(self.seller)
        columns = [["name"], ["dossier_id", "strategy"], ["dossier_number"]]
        counts = []
        for ids in (partners.ids, partners.ids[:1], partners.ids):
            some = partners.browse(ids)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_exported_dossiers(columns)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
