import base64
import io
from unittest.mock import patch

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import customer_volume_print
from .common import ArchiveCommon
from .test_document import make_pdf, read_corner_numbers


class VolumePrintCase(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.dossiers["own"]
        policies = cls.env["customer.archive.policy"]
        cls.policy = policies.search([("company_id", "=", cls.env.company.id)])
        cls.policy = cls.policy or policies.create({})
        cls.policy.volume_pages_at_once = 5
        cls.startClassPatcher(patch.object(customer_volume_print, "SLICE_PAGES", 4))
        cls.add("Scan", content=make_pdf(["a", None, "c"]))
        cls.add("On paper", medium="paper", pages=2)
        cls.add("Letter", content=make_pdf(["d", "e", "f", "g"]))
        cls.add("Last", content=make_pdf(["h"]))
        cls.volume = cls.dossier.volume_ids

    @classmethod
    def add(cls, name, content=None, **vals):
        if content is not None:
            vals["content"] = base64.b64encode(content)
        documents = cls.env["customer.document"].with_user(cls.users["owner"])
        return documents.create({"dossier_id": cls.dossier.id, "name": name, **vals})

    def ask(self, role="owner"):
        """A print that is waiting, as the role sees it."""
        self.volume.with_user(self.users[role]).action_print()
        return self.get_print(role)

    def get_print(self, role="owner"):
        self.env.invalidate_all()
        return self.volume.with_user(self.users[role]).print_id

    def run_job(self):
        self.env.ref("customer_archive.ir_cron_volume_print").method_direct_trigger()
        self.env.invalidate_all()

    @staticmethod
    def join(printed):
        return b"".join(part.raw for part in printed.sudo()._get_parts())


@tagged("post_install", "-at_install")
class TestVolumePrint(VolumePrintCase):
    """A volume nobody should wait for is printed in the background."""

    def run_job(self):
        with self.enter_registry_test_mode():
            return super().run_job()

    @staticmethod
    def read_pages(content):
        """Text, and numbers in the corners, of each page."""
        pages = PdfReader(io.BytesIO(content)).pages
        return [(page.extract_text(), read_corner_numbers(page)) for page in pages]

    def test_what_is_bound_in_the_background_is_what_is_bound_at_once(self):
        # S0-8
        printed = self.ask()
        self.assertEqual((printed.state, printed.document_count), ("waiting", 4))
        self.run_job()
        self.assertEqual((printed.state, printed.done_count), ("ready", 4))
        self.assertGreater(len(printed.sudo()._get_parts()), 1)
        self.policy.volume_pages_at_once = 100
        owner = self.users["owner"]
        report = self.env["ir.actions.report"].with_user(owner)
        at_once, _kind = report.with_context(lang=owner.lang)._render_qweb_pdf(
            "customer_archive.volume", self.volume.ids
        )
        self.assertEqual(self.read_pages(self.join(printed)), self.read_pages(at_once))

    def test_small_volumes_are_printed_at_once(self):
        # S0-8
        volume = self.volume.with_user(self.users["owner"])
        report = self.env["ir.actions.report"].with_user(self.users["owner"])
        with self.assertRaises(UserError):
            report._render_qweb_pdf("customer_archive.volume", volume.ids)
        self.policy.volume_pages_at_once = volume.page_count
        self.assertEqual(volume.action_print()["type"], "ir.actions.report")
        self.assertFalse(self.get_print())

    def test_nothing_is_printed_for_who_lost_the_dossier_meanwhile(self):
        # S2-20
        printed = self.ask("leader").sudo()
        self.dossier.team_id = False
        self.run_job()
        self.assertEqual(printed.state, "failed")
        self.assertFalse(printed._get_parts())
        self.dossier.team_id = self.teams["north"]
        self.assertTrue(self.get_print("leader").error)

    def test_nothing_is_printed_for_who_left(self):
        # S2-20
        printed = self.ask("leader").sudo()
        self.users["leader"].active = False
        self.run_job()
        self.assertEqual(printed.state, "failed")

    def test_a_colleague_may_not_ask(self):
        # S2-20
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            self.ask("colleague")

    def test_the_document_that_stands_in_the_way_is_named(self):
        # S0-8 S2-48
        printed = self.ask()
        broken = self.volume.document_ids.filtered(lambda d: d.name == "Last")
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "customer.document"),
                ("res_field", "=", "content"),
                ("res_id", "=", broken.id),
            ]
        )
        attachment.raw = make_pdf(["forged"])
        self.run_job()
        self.assertEqual(printed.state, "failed")
        self.assertIn("Last", printed.error)
        self.assertFalse(printed.sudo()._get_parts())
        # what was mended is asked for again
        broken.with_user(self.users["owner"]).content = base64.b64encode(
            make_pdf(["h"])
        )
        again = self.ask()
        self.run_job()
        self.assertEqual(again.state, "ready")

    def test_what_nobody_foresaw_leaves_nothing_behind(self):
        printed = self.ask()
        form = self.env.registry["report.customer_archive.volume"]
        broken = patch.object(form, "_add_document", side_effect=RuntimeError)
        logger = "odoo.addons.customer_archive.models.customer_volume_print"
        with broken, mute_logger(logger):
            self.run_job()
        self.assertEqual((printed.state, bool(printed.error)), ("failed", True))
        self.assertFalse(printed.sudo()._get_parts())
        self.assertEqual(len(printed.sudo().activity_ids), 1)

    def test_what_was_cut_off_goes_on_where_it_was(self):
        # S0-8
        printed = self.ask().sudo()
        self.run_one_slice(printed)
        self.assertEqual((printed.state, printed.done_count), ("waiting", 2))
        first = printed._get_parts()
        # killed in the midst of the next one
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            printed._draw_slice()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual((printed._get_parts(), printed.done_count), (first, 2))
        self.run_job()
        self.assertIn(first, printed._get_parts())
        numbers = [
            n for _text, found in self.read_pages(self.join(printed)) for n in found
        ]
        self.assertEqual([n for n, _right in numbers], [1, 2, 5, 6, 7, 8, 9])

    def run_one_slice(self, printed):
        printed._draw_slice()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_begun_anew_where_a_document_came_meanwhile(self):
        # S0-8
        printed = self.ask().sudo()
        self.run_one_slice(printed)
        self.add("Later", content=make_pdf(["i"]))
        self.run_job()
        self.assertEqual((printed.state, printed.done_count), ("ready", 5))
        texts = "".join(text for text, _n in self.read_pages(self.join(printed)))
        self.assertIn("Later", texts)

    def test_copies_do_not_lie_about(self):
        # S2-50
        printed = self.ask()
        self.run_job()
        parts = printed.sudo()._get_parts()
        printed._gc_prints()
        self.assertTrue(parts.exists())
        self.env.cr.execute(
            "UPDATE customer_volume_print SET write_date = write_date - '8 days'::"
            "interval"
        )
        self.env.invalidate_all()
        printed.sudo()._gc_prints()
        self.assertFalse(printed.exists())
        self.assertFalse(parts.exists())

    def test_asked_again_or_given_up(self):
        printed = self.ask()
        self.volume.with_user(self.users["owner"]).action_discard_print()
        self.assertFalse(printed.exists())
        first = self.ask()
        self.run_job()
        second = self.ask()
        self.assertFalse(first.exists())
        self.assertEqual(second.state, "waiting")

    def test_a_merged_customers_print_falls_away(self):
        printed = self.ask()
        target = self.dossiers["own_teamless"].with_user(self.users["owner"])
        self.dossier.with_user(self.users["owner"])._merge_into(target)
        self.assertFalse(printed.exists())
        self.assertEqual(self.volume.dossier_id, target)


@tagged("post_install", "-at_install")
class TestVolumeDownload(VolumePrintCase, HttpCase):
    def test_who_asked_is_told_and_fetches_it(self):
        # S0-8 S2-20
        printed = self.ask()
        self.run_job()
        activity = printed.sudo().activity_ids
        self.assertEqual(activity.user_id, self.users["owner"])
        self.assertEqual(activity.res_name, self.volume.display_name)
        url = f"/customer_archive/volume/{printed.id}"
        # the leader reads the dossier, but it is not his copy
        for role, status in (("owner", 200), ("leader", 404), ("colleague", 404)):
            self.authenticate(self.users[role].login, self.users[role].login)
            self.assertEqual(self.url_open(url).status_code, status, role)
        self.authenticate(self.users["owner"].login, self.users["owner"].login)
        answer = self.url_open(url)
        self.assertEqual(answer.content, self.join(printed))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            printed.with_user(self.users["leader"]).read(["state"])
        printed.action_download()
        self.assertFalse(activity.exists())
