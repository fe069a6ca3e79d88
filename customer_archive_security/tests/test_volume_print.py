import base64
import io

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.pdf import PdfReader

from odoo.addons.customer_archive.tests.test_document import make_pdf

from .access_log_common import AccessLogCase, committing
from .security_common import ARCHIVE


@tagged("post_install", "-at_install")
class TestVolumePrint(AccessLogCase):
    """A volume printed in the background is a copy of whoever asked for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["customer.archive.policy"]
        company = [("company_id", "=", cls.env.company.id)]
        cls.policy = policies.search(company) or policies.create({})
        cls.policy.volume_pages_at_once = 0

    def make_volume(self, tier="B"):
        dossier = self.make(tier)
        documents = self.env["customer.document"]
        content = base64.b64encode(make_pdf(["one", "two"]))
        for vals in ({"content": content}, {"pages": 3}):
            documents.create({"dossier_id": dossier.id, "name": "Letter", **vals})
        return dossier.volume_ids

    def ask(self, role, volume):
        mine = self.as_role(role, volume)
        mine.action_print()
        mine.invalidate_recordset()
        return mine.print_id.sudo()

    def run_job(self):
        job = self.env.ref("customer_archive.ir_cron_volume_print")
        with self.enter_registry_test_mode(), committing():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def copies(self, volume):
        return self.env["customer.copy"].search(
            [("dossier_id", "=", volume.dossier_id.id)]
        )

    def test_counted_and_noted_as_that_persons(self):
        # S2-47 S2-50
        volume = self.make_volume()
        self.forget()
        printed = self.ask("owner", volume)
        line = ("owner", volume.dossier_id.number, "print")
        self.assertNotIn(line, self.told())
        self.assertFalse(self.copies(volume))
        self.forget()
        self.run_job()
        # what the form counts on the way names no dossier
        self.assertEqual({told for told in self.told() if told[1]}, {line})
        content = b"".join(part.raw for part in printed._get_parts())
        pages = PdfReader(io.BytesIO(content)).pages
        self.assertRecordValues(
            self.copies(volume),
            [
                {
                    "number": printed.copy_number,
                    "user_id": self.users["owner"].id,
                    "kind": "print",
                    "pages": len(pages),
                }
            ],
        )
        for page in pages:
            text = page.extract_text()
            # but for the backs that are empty
            if text:
                self.assertIn(f"#{printed.copy_number} security_owner", text)

    def test_refused_when_it_is_asked_for(self):
        # S2-37 S2-47
        volume = self.make_volume("A")
        self.lend(volume.dossier_id, "owner", mode="read")
        self.forget()
        with self.assertRaises(AccessError):
            self.ask("owner", volume)
        self.assertIn(("owner", volume.dossier_id.number, "denied"), self.told())

    def test_refused_when_it_is_made(self):
        # S2-47 S2-50
        volume = self.make_volume()
        printed = self.ask("owner", volume)
        self.policy.print_group_ids = self.env.ref(f"{ARCHIVE}keeper")
        self.forget()
        self.run_job()
        self.assertEqual(printed.state, "failed")
        self.assertFalse(self.copies(volume))
        self.assertIn(("owner", volume.dossier_id.number, "denied"), self.told())
