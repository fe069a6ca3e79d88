"""Nothing is left of a destroyed dossier, and everything of the others."""

import base64
import hashlib

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ARCHIVE, CONTACTS, ArchiveCommon
from .test_document import make_pdf


@tagged("post_install", "-at_install")
class TestDisposal(ArchiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in (("second_keeper", "keeper"), ("director", "manager")):
            cls.users[role] = new_test_user(
                cls.env,
                f"archive_{role}",
                groups=f"{CONTACTS},{ARCHIVE}{group}",
                company_id=cls.env.company.id,
            )
        cls.old = cls.dossiers["own"] + cls.dossiers["south"]
        cls.tokens = {}
        with freeze_time("2015-06-01 10:00:00"):
            for dossier in cls.old:
                cls._fill(dossier)
                dossier.state = "filed"
                dossier.state = "closed"
        cls.env.flush_all()

    @classmethod
    def _fill(cls, dossier):
        """A secret in a document, its file, a fact and the history."""
        token = f"CANARY{dossier.id}X"
        cls.tokens[dossier] = token
        dossier.strategy = token
        cls.env["customer.document"].create(
            {
                "dossier_id": dossier.id,
                "name": token,
                "content": base64.b64encode(make_pdf([token])),
                "content_name": f"{token}.pdf",
            }
        )
        fact = cls.env["customer.fact"].create(
            {"dossier_id": dossier.id, "information": token}
        )
        fact.information = f"{token} changed"
        dossier.activity_schedule("mail.mail_activity_data_todo", note=token)

    def draw_up(self, dossiers=None, role="keeper"):
        disposals = self.env["customer.disposal"].with_user(self.users[role])
        disposal = disposals.create({"reason": "Term over"})
        disposal._add((dossiers or self.old).with_user(self.users[role]))
        return disposal

    def approve(self, disposal):
        disposal.action_submit()
        for role in ("leader", "second_keeper", "manager"):
            disposal.with_user(self.users[role]).action_approve()
        self.assertEqual(disposal.state, "approved")

    def destroy(self, disposal):
        for role in ("manager", "director"):
            disposal.with_user(self.users[role]).action_witness()
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_destroy").method_direct_trigger()
        self.env.invalidate_all()

    def find(self, token):
        """Where the token stands, in any column of any table."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = []
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',
                [f"%{token}%"],
            )
            if self.env.cr.fetchone()[0]:
                found.append(table)
        return found

    def test_the_way_of_a_disposal(self):
        """Listed, approved in three steps, destroyed before two witnesses."""
        # S2-6 S2-13 S2-28 S2-60
        disposal = self.draw_up()
        with self.assertRaises(UserError):
            disposal.action_witness()
        self.approve(disposal)
        with self.assertRaises(UserError):
            disposal.action_witness()  # the keeper who drew it up
        witness = disposal.with_user(self.users["manager"])
        witness.action_witness()
        with self.assertRaises(UserError):
            witness.action_witness()
        self.assertTrue(self.find(self.tokens[self.old[0]]))
        disposal.with_user(self.users["director"]).action_witness()
        self.assertEqual(disposal.state, "running")
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_destroy").method_direct_trigger()
        self.assertEqual(disposal.state, "done")

    def test_nothing_is_left_and_the_others_are_untouched(self):
        # S2-13 S4-26
        others = self.env["customer.dossier"].browse(
            d.id for d in self.dossiers.values() if d not in self.old
        )
        before = self._snapshot(others)
        hashes = self._stored_files(self.old)
        self.assertTrue(hashes)
        disposal = self.draw_up()
        self.approve(disposal)
        self.destroy(disposal)
        for dossier, token in self.tokens.items():
            self.assertEqual(self.find(token), [], dossier.number)
            self.assertEqual(dossier.state, "destroyed")
            self.assertTrue(dossier.number)
            self.assertFalse(dossier.person_ids)
        self.assertEqual(self._snapshot(others), before)
        self.assertFalse(self._files_left(hashes))
        for line in disposal.line_ids:
            self.assertEqual(len(line.content_hash), 64)
            self.assertEqual((line.document_count, line.page_count), (1, 1))
            self.assertGreater(line.entry_count, 3)

    def _snapshot(self, dossiers):
        """A hash of every row that hangs on these dossiers."""
        self.env.flush_all()
        digest = hashlib.sha256()
        for name in [
            "customer.dossier",
            *self.env["customer.dossier"]._get_item_names(),
        ]:
            model = self.env[name]
            column = "id" if name == "customer.dossier" else "dossier_id"
            self.env.cr.execute(
                f'SELECT t::text FROM "{model._table}" t'
                f" WHERE {column} IN %s ORDER BY id",
                [tuple(dossiers.ids)],
            )
            for (row,) in self.env.cr.fetchall():
                digest.update(row.encode())
        return digest.hexdigest()

    def _stored_files(self, dossiers):
        documents = dossiers.document_ids
        return (
            self.env["ir.attachment"]
            .search(
                [
                    ("res_model", "=", "customer.document"),
                    ("res_field", "=", "content"),
                    ("res_id", "in", documents.ids),
                ]
            )
            .mapped("checksum")
        )

    def _files_left(self, checksums):
        return self.env["ir.attachment"].search_count(
            [("checksum", "in", checksums), ("res_field", "!=", "")]
        )

    def test_nothing_before_its_date_and_nothing_on_hold(self):
        # S2-59
        young = self.dossiers["own_teamless"]
        young.state = "filed"
        young.state = "closed"
        with self.assertRaises(UserError):
            self.draw_up(young).action_submit()
        disposal = self.draw_up()
        self.approve(disposal)
        disposal.with_user(self.users["manager"]).action_witness()
        held = self.old[0]
        self.env["customer.legal.hold"].with_user(self.users["manager"]).create(
            {"dossier_id": held.id, "reason": "Dispute"}
        )
        witness = disposal.with_user(self.users["director"])
        # what was approved can't be appraised anew: the advice is another one
        with self.assertRaisesRegex(UserError, "cancels it"):
            witness.with_context(lang="en_US").action_witness()
        disposal.action_cancel()
        with self.assertRaisesRegex(UserError, "Decide to keep"):
            self.draw_up(self.old).with_context(lang="en_US").action_submit()

    def test_a_hold_in_the_last_moment_saves_the_dossier(self):
        disposal = self.draw_up()
        self.approve(disposal)
        for role in ("manager", "director"):
            disposal.with_user(self.users[role]).action_witness()
        held, gone = self.old
        self.env["customer.legal.hold"].create(
            {"dossier_id": held.id, "reason": "Dispute"}
        )
        with self.enter_registry_test_mode():
            self.env.ref("customer_archive.ir_cron_destroy").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((held.state, gone.state), ("closed", "destroyed"))
        self.assertTrue(self.find(self.tokens[held]))

    def test_without_a_deal_one_decides(self):
        """The short way, as long as no dossier on the list has had a deal."""
        # S4-26
        self.old.transaction_ids._strike_out("Came to nothing")
        disposal = self.draw_up()
        disposal.action_submit()
        disposal.with_user(self.users["leader"]).action_approve()
        self.assertEqual(disposal.state, "approved")

    def test_one_deal_on_the_list_takes_the_long_way(self):
        """But not where it was decided to keep that dossier."""
        # S4-26 S2-6
        self.old[1].transaction_ids._strike_out("Came to nothing")
        self.assertTrue(self.old[0].last_order_date)
        disposal = self.draw_up()
        disposal.action_submit()
        self.assertEqual(len(disposal.sudo().approval_id.route_id.step_ids), 3)
        disposal.with_user(self.users["keeper"]).action_cancel()
        disposal = self.draw_up()
        disposal.line_ids[0].decision = "keep"
        disposal.action_submit()
        self.assertEqual(len(disposal.sudo().approval_id.route_id.step_ids), 1)

    def test_nobody_decides_two_steps(self):
        """Whoever may decide several of them, too."""
        # S2-6 S4-25
        disposal = self.draw_up()
        disposal.action_submit()
        director = disposal.with_user(self.users["director"])
        director.action_approve()
        disposal.with_user(self.users["second_keeper"]).action_approve()
        with self.assertRaises(UserError):
            director.action_approve()
        disposal.with_user(self.users["manager"]).action_approve()
        self.assertEqual(disposal.state, "approved")

    def test_who_may_not(self):
        # S2-13
        for role in ("owner", "leader", "manager", "settings", "employee"):
            with self.assertRaises(AccessError):
                self.env["customer.disposal"].with_user(self.users[role]).create(
                    {"reason": "Private"}
                )
        disposal = self.draw_up()
        with self.assertRaises(UserError):
            disposal.state = "running"
            disposal.with_user(self.users["keeper"]).write({"state": "approved"})
        with self.assertRaises(UserError):
            self.old[0].with_user(self.users["keeper"]).state = "destroyed"

    def test_whoever_decides_sees_all_of_the_list(self):
        # S2-6 S2-28
        disposal = self.draw_up().with_user(self.users["leader"])
        self.env.invalidate_all()
        self.assertEqual(len(disposal.line_ids), 1)
        self.assertEqual(disposal.line_count, len(self.old))
        for dossier in self.old:
            self.assertIn(dossier.number, disposal.stub_list)

    def test_the_list_is_printed(self):
        # S2-28
        disposal = self.draw_up()
        report = self.env["ir.actions.report"].with_user(self.users["keeper"])
        content, _kind = report._render_qweb_pdf(
            "customer_archive.disposal_list", disposal.ids
        )
        self.assertTrue(content.startswith(b"%PDF"))
