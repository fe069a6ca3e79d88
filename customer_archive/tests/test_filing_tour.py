"""An archivist files a document and binds the volume, in the browser, in Chinese."""

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ARCHIVE, CONTACTS


@tagged("post_install", "-at_install")
class TestFilingTour(HttpCase):
    def test_a_document_is_filed_and_bound(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        keeper = new_test_user(
            self.env,
            "archive_filing_keeper",
            groups=f"{CONTACTS},{ARCHIVE}keeper",
            name="赵静",
            lang="zh_CN",
            tz="Asia/Shanghai",
        )
        customer = self.env["res.partner"].create(
            {"name": "苏州远航精密机械有限公司", "is_company": True}
        )
        dossier = self.env["customer.dossier"].create(
            {"partner_id": customer.id, "keeper_id": keeper.id}
        )
        self.start_tour(
            f"/odoo/customer-dossiers/{dossier.id}",
            "customer_archive_file_document",
            login=keeper.login,
        )
        # S2-57: two copies of a contract are what the checklist asks for
        missing = dossier.missing_kind_ids.mapped("code")
        self.assertNotIn("01", missing)
        self.start_tour(
            "/odoo/action-customer_archive.customer_volume_action",
            "customer_archive_bind_volume",
            login=keeper.login,
        )
        self.env.invalidate_all()
        volume = dossier.volume_ids
        # S0-8, S2-11
        self.assertEqual(volume.state, "bound")
        self.assertEqual(volume.bind_date, fields.Date.context_today(volume))
        self.assertEqual(volume.location, "档案室 1 号柜 1 格")
        document = dossier.document_ids
        self.assertEqual((document.page_from, document.page_to), (1, 3))
        self.assertTrue(document.is_bound)
