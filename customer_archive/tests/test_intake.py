from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCommon


@tagged("post_install", "-at_install")
class TestIntake(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_"
        cls.keeper = new_test_user(cls.env, "in_keeper", groups=group + "keeper")
        cls.seller = new_test_user(cls.env, "in_seller", groups=group + "user")
        cls.other = new_test_user(cls.env, "in_other", groups=group + "user")
        cls.customer = cls.env["res.partner"].create({"name": "Mill"})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Li", "parent_id": cls.customer.id, "email": "li@mill.example"}
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.keeper)
            .create({"partner_id": cls.customer.id})
        )

    def _take_in(self, user=None, **vals):
        intake = self.env["customer.intake"].with_user(user or self.keeper)
        return intake.create({"name": "He called", **vals})

    def test_two_clicks_from_call_to_file(self):
        """S1-3: calls and letters are registered and filed with their customer."""
        intake = self._take_in(partner_id=self.contact.id, text="They need steel")
        self.assertEqual(intake.dossier_id, self.dossier)
        intake.action_file_fact()
        fact = self.dossier.fact_ids
        self.assertIn("They need steel", fact.information)
        self.assertEqual(intake.state, "filed")
        self.assertEqual(intake.filed_by_id, self.keeper)
        with self.assertRaisesRegex(UserError, "dealt with already"):
            intake.action_file_fact()

    def test_several_at_once_or_none(self):
        known = self._take_in(partner_id=self.contact.id)
        unknown = self._take_in()
        with self.assertRaisesRegex(UserError, "Choose the dossier"):
            (known | unknown).action_file_fact()
        self.assertFalse(self.dossier.fact_ids)

    def test_mail_arrives_and_proposes_its_dossier(self):
        """S3-4: files and mail go to a named mailbox."""
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "dossier-mail",
                "alias_model_id": self.env["ir.model"]._get_id("customer.intake"),
                "alias_domain_id": self.mail_alias_domain.id,
            }
        )
        self.format_and_process(
            "From: {email_from}\nTo: {to}\nSubject: {subject}\nMessage-Id: {msg_id}\n"
            "Content-Type: text/plain; charset=utf-8\n\nWe build a second mill",
            "Li <li@mill.example>",
            alias.display_name,
            subject="News",
            target_model="customer.intake",
        )
        intake = self.env["customer.intake"].search([("name", "=", "News")])
        self.assertEqual(intake.kind, "mail")
        self.assertEqual(intake.partner_id, self.contact)
        self.assertIn("second mill", intake.text)

    def test_only_archivists_read_what_came_in(self):
        """S3-16: whoever hands something in sees his own; archivists see all."""
        own = self._take_in(self.seller)
        self.assertTrue(own.has_access("read"))
        self.assertTrue(own.with_user(self.keeper).has_access("write"))
        self.assertFalse(own.with_user(self.other).has_access("read"))
        with self.assertRaises(AccessError):
            own.action_discard()
        message = own.with_user(self.keeper).message_post(body="Secret")
        self.assertFalse(message.with_user(self.other).has_access("read"))
