from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .security_common import SecurityCase

NAME = "Ouyang Xiuying"


@tagged("post_install", "-at_install")
class TestSubjectRequest(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.make(
            "B", keeper_id=cls.users["keeper"].id, strategy=f"Win {NAME} over"
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": NAME,
                "parent_id": cls.dossier.partner_id.id,
                "email": "ouyang@example.com",
                "phone": "021-5555",
            }
        )
        cls.person = cls.env["customer.key.person"].create(
            {
                "dossier_id": cls.dossier.id,
                "partner_id": cls.contact.id,
                "capacity": "main_contact",
                "rank": "director",
                "mobile_phone": "139-0000",
                "hobbies": "Tea",
                "liaison_ids": [Command.set(cls.users["owner"].ids)],
            }
        )
        cls.person.hobbies = "Tea, calligraphy"
        cls.fact = cls.env["customer.fact"].create(
            {
                "dossier_id": cls.dossier.id,
                "information": f"{NAME.upper()} decides",
                "implication": "Visit",
            }
        )
        cls.linked = cls.env["customer.fact"].create(
            {
                "dossier_id": cls.dossier.id,
                "information": "A new plant is planned",
                "person_id": cls.person.id,
            }
        )
        cls.other = cls.env["customer.fact"].create(
            {"dossier_id": cls.dossier.id, "information": "Somebody else decides"}
        )
        cls.fact.implication = f"Visit {NAME}"

    def ask(self, kind="inspect", role="keeper", verified=True, **vals):
        request = (
            self.env["customer.subject.request"]
            .with_user(self.users[role])
            .create(
                {
                    "person_id": self.person.id,
                    "kind": kind,
                    "verified_how": "in_person",
                    **vals,
                }
            )
        )
        if verified:
            request.action_verify()
        return request

    def test_what_we_hold(self):
        # S2-58
        found = dict(self.person.with_user(self.users["keeper"])._get_subject_data())
        self.assertIn("information", found[self.fact])
        self.assertIn("information", found[self.linked])
        self.assertEqual(found[self.dossier], ["strategy"])
        self.assertNotIn(self.other, found)

    def test_printed_once_it_is_verified_who_asks(self):
        # S2-58
        request = self.ask(verified=False)
        with self.assertRaises(UserError):
            request.action_print()
        reports = self.env["ir.actions.report"].with_user(self.users["keeper"])
        name = "customer_archive_security.subject_data"
        with self.assertRaises(UserError):
            reports._render_qweb_pdf(name, request.ids)
        request.action_verify()
        self.assertEqual(request.verified_by_id, self.users["keeper"])
        content, _kind = reports._render_qweb_pdf(name, request.ids)
        self.assertTrue(content.startswith(b"%PDF"))

    def test_not_verified_without_saying_how(self):
        # S2-58
        request = self.ask(verified=False, verified_how=False)
        with self.assertRaises(UserError):
            request.action_verify()
        with self.assertRaises(UserError):
            request.write({"state": "verified"})

    def test_what_was_corrected_is_listed(self):
        # S2-58
        request = self.ask("correct")
        person = self.person.with_user(self.users["keeper"])
        person.mobile_phone = "139-1111"
        request.invalidate_recordset(["change_ids"])
        self.assertEqual(request.change_ids.mapped("new_value"), ["139-1111"])
        request.action_answer()
        self.assertEqual(request.state, "done")
        with self.assertRaises(UserError):
            request.answer = "Otherwise"

    def test_erased_everywhere_and_the_row_stays(self):
        # S2-58
        count = self.dossier.person_count
        request = self.ask("erase", text=f"I am {NAME}", letter=b"bGV0dGVy")
        request.action_erase()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(request.state, "done")
        self.assertTrue(request.erased_count)
        self.assertEqual(self.dossier.person_count, count)
        self.assertEqual(self.person.rank, "director")
        for name in ("mobile_phone", "hobbies", "liaison_ids"):
            self.assertFalse(self.person[name], name)
        self.assertTrue(self.person.erased_date)
        self.assertEqual(self.other.information, "Somebody else decides")
        self.assertEqual(self.linked.information, "A new plant is planned")
        self.assert_nowhere(NAME, "139-0000", "ouyang@example.com", "calligraphy")

    def assert_nowhere(self, *tokens):
        """Look through every text column of the family, and the contact."""
        registry = self.env.registry
        family = registry["customer.archive.protected"]
        models = [
            name
            for name, model in registry.items()
            if issubclass(model, family) and not model._abstract
        ]
        for name in [*models, "res.partner", "mail.message", "ir.attachment"]:
            columns = [
                field.name
                for field in self.env[name]._fields.values()
                if field.store and field.column_type and field.type in ("char", "text")
            ]
            if not columns:
                continue
            table = self.env[name]._table
            for token in tokens:
                where = " OR ".join(f'"{c}"::text ILIKE %s' for c in columns)
                self.env.cr.execute(
                    f"SELECT count(*) FROM {table} WHERE {where}",  # noqa: S608
                    [f"%{token}%"] * len(columns),
                )
                self.assertEqual(self.env.cr.fetchone()[0], 0, (name, token))

    def test_history_keeps_author_and_time_of_what_was_erased(self):
        # S2-58 S2-29
        domain = [
            ("res_model", "=", "customer.key.person"),
            ("res_id", "=", self.person.id),
        ]
        before = self.env["customer.change"].search(domain)
        self.assertIn("Tea", before.mapped("old_value"))
        self.ask("erase").action_erase()
        after = self.env["customer.change"].search(domain)
        self.assertTrue(before <= after)
        erased = after.filtered(lambda change: change.field_name == "erased_date")
        self.assertEqual(erased.create_uid, self.users["keeper"])
        self.assertFalse(any((after - erased).mapped("old_value")))
        with self.assertRaises(AccessError):
            before.with_user(self.users["keeper"]).write({"old_value": "x"})

    def test_not_erased_where_something_stands_against_it(self):
        # S2-58
        self.person.capacity = "legal_representative"
        self.dossier.state = "filed"
        request = self.ask("erase")
        with self.assertRaises(UserError):
            request.action_erase()
        self.assertEqual(self.person.mobile_phone, "139-0000")
        with self.assertRaises(UserError):
            request.action_refuse()
        request.answer = "In force"
        request.action_refuse()
        self.assertEqual(request.state, "refused")

    def test_not_erased_while_the_dossier_must_be_kept(self):
        """Not before the term of a closed dossier is over, nor on hold."""
        # S2-58 S2-59
        request = self.ask("erase")
        with freeze_time("2020-01-15 10:00:00"):
            self.dossier.state = "filed"
            self.dossier.state = "closed"
            self.assertEqual(len(self.person._get_retention_objections()), 1)
            with self.assertRaises(UserError):
                request.action_erase()
        self.assertFalse(self.person._get_retention_objections())
        hold = self.env["customer.legal.hold"].create(
            {"dossier_id": self.dossier.id, "reason": "Lawsuit"}
        )
        (reason,) = self.person._get_retention_objections()
        self.assertIn(self.dossier.number, reason)
        self.assertNotIn("Lawsuit", reason)
        with self.assertRaises(UserError):
            request.action_erase()
        hold.release_reason = "Settled"
        hold.action_release()
        request.action_erase()
        self.assertEqual(request.state, "done")

    def test_not_erased_where_another_dossier_is_closed(self):
        # S2-58
        elsewhere = self.make("B", "confidential")
        self.env["customer.key.person"].create(
            {"dossier_id": elsewhere.id, "partner_id": self.contact.id}
        )
        with self.assertRaises(UserError):
            self.ask("erase").action_erase()

    def test_asked_for_nothing_but_what_it_asks(self):
        with self.assertRaises(UserError):
            self.ask("inspect").action_erase()

    def test_who_reads_and_enters(self):
        # S2-58 S2-20
        request = self.ask()
        readers = {
            role
            for role, user in self.users.items()
            if request.with_user(user).has_access("read")
        }
        self.assertEqual(
            readers,
            {
                "owner",
                "leader",
                "manager",
                "director",
                "executive",
                "keeper",
                "service",
            },
        )
        for role in ("owner", "leader", "service", "auditor", "employee"):
            with self.assertRaises(AccessError):
                self.ask(role=role)
        self.dossier.secrecy_id = self.secrecy["confidential"]
        self.env.invalidate_all()
        for role in ("owner", "manager", "keeper", "service"):
            self.assertFalse(request.with_user(self.users[role]).has_access("read"))
        with self.assertRaises(AccessError):
            self.ask(role="manager")
