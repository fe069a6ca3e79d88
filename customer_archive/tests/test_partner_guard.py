from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DOSSIERS, FAMILY, ROLES, ArchiveCommon

GUARDED = (
    "dossier_id",
    "dossier_number",
    "dossier_state",
    "dossier_tier_id",
    "dossier_user_id",
    "dossier_keeper_id",
)
ROLES_WITH_CONTACTS = tuple(role for role in ROLES if role != "portal")
BLIND = ("public", "portal", "employee", "sales_manager", "system", "settings")


@tagged("post_install", "-at_install", "customer_archive_security")
class TestPartnerGuard(ArchiveCommon):
    """What a contact shows of its customer's dossier, and what it lets happen."""

    def _contact(self, role, key, **context):
        partner = self.customers[key]
        return self.as_role(role, "res.partner", **context).browse(partner.id)

    # Shown ----------------------------------------------------------------

    def test_contact_shows_dossier_to_those_who_see_it(self):
        """S2-20: for each role and customer, as the oracle says."""
        for role in ROLES_WITH_CONTACTS:
            for key in DOSSIERS:
                company = self.users[role].company_id
                if self.dossiers[key].company_id != company:
                    continue
                contact = self._contact(role, key)
                dossier = self.dossiers[key] if self.may_see(role, key) else False
                with self.subTest(role=role, key=key):
                    self.assertEqual(contact.dossier_id.id, dossier and dossier.id)

    def test_contact_is_empty_for_those_without_right(self):
        """Rows 0.4, 9, 38: no error and no value, for other people's sudo() neither."""
        for role in BLIND:
            contact = self._contact(role, "own").sudo()
            for name in GUARDED:
                with self.subTest(role=role, field=name):
                    self.assertFalse(contact[name])

    def test_value_read_by_others_before_is_not_shown(self):
        """Row 0.4: the cache keeps each reader's own value."""
        partner = self.customers["south"]
        self.assertTrue(partner.dossier_number)
        for role in ("employee", "owner", "leader"):
            contact = partner.with_user(self.users[role])
            self.assertFalse(contact.dossier_number)
            self.assertFalse(contact.sudo().dossier_number)

    def test_searching_contacts_by_dossier(self):
        """S2-20: hidden dossiers count as none."""
        ids = [partner.id for partner in self.customers.values()]
        for role in ("employee", "owner", "leader", "manager"):
            contacts = self.as_role(role, "res.partner", active_test=False)
            contacts = contacts.search([("id", "in", ids)])
            shown = contacts.filtered("dossier_id")
            for domain, expected in (
                ([("dossier_id", "!=", False)], shown),
                ([("dossier_id", "=", False)], contacts - shown),
                ([("dossier_id.number", "like", "KH")], shown),
                ([("dossier_id", "any", [])], shown),
                ([("dossier_id", "not any", [])], contacts - shown),
                ([("dossier_number", "=", False)], contacts - shown),
                (
                    [("dossier_id", "in", self.dossiers["south"].ids)],
                    shown & self.customers["south"].with_env(shown.env),
                ),
            ):
                found = contacts.search([("id", "in", ids), *domain])
                with self.subTest(role=role, domain=domain):
                    self.assertEqual(found, expected)

    def test_guarded_fields_are_read_only(self):
        contact = self._contact("owner", "own")
        contact.write({"dossier_number": "X", "dossier_user_id": False})
        self.env.invalidate_all()
        self.assertEqual(self.dossiers["own"].number, contact.dossier_number)
        self.assertEqual(self.dossiers["own"].user_id, self.users["owner"])

    # Names ----------------------------------------------------------------

    def test_names_are_a_stub(self):
        """Row 1, 0.3: number and customer of a dossier, the kind of anything else."""
        for model_name in FAMILY:
            if model_name == "customer.dossier":
                dossier = self.dossiers["south"]
                expected = f"{dossier.number} Customer south"
                record = dossier
            else:
                record = self.items[model_name]["south"]
                expected = self.env[model_name]._description
            name = record.with_user(self.users["owner"]).sudo().display_name
            self.assertEqual(name, expected, model_name)

    def test_forged_default_gives_nothing(self):
        """Row 0.3: an id somebody made up gives no name away, nor fills a form in."""
        person = self.items["customer.key.person"]["south"]
        form = self.as_role(
            "owner", "customer.key.person", default_superior_id=person.id
        )
        spec = {"superior_id": {"fields": {"display_name": {}}}}
        with self.assertRaises(AccessError) as refused:
            form.onchange({}, [], spec)
        self.assertNotIn(person.partner_id.name, str(refused.exception))

    # What contacts let happen ---------------------------------------------

    def test_customer_with_dossier_is_not_deleted(self):
        """S2-29, row 42: the message tells number and customer, no more."""
        with self.assertRaises(UserError) as refused:
            self._contact("partner_manager", "south").unlink()
        self.assertIn(self.dossiers["south"].number, str(refused.exception))
        self.assertNotIn("zqsouth", str(refused.exception))

    def test_contact_who_is_a_key_person_is_not_deleted(self):
        """S2-29: nor told apart from one that is needed elsewhere."""
        person = self.items["customer.key.person"]["south"].partner_id
        with self.assertRaisesRegex(UserError, "still needed"):
            person.with_user(self.users["partner_manager"]).unlink()

    def test_customer_may_be_archived(self):
        """Row 43: and the dossier stays where it is."""
        self._contact("partner_manager", "south").action_archive()
        self.assertFalse(self.customers["south"].active)
        self.assertTrue(self.dossiers["south"].active)
        self.assertTrue(self._contact("manager", "south").dossier_id)

    def test_copy_of_contact_has_no_dossier(self):
        """Row 43."""
        copy = self._contact("manager", "south").copy()
        self.assertFalse(copy.dossier_id)

    def test_copies_are_refused(self):
        """Row 43, S3-13: nothing of the archive is copied."""
        for model_name in FAMILY:
            record = self.dossiers["own"]
            if model_name != "customer.dossier":
                record = self.items[model_name]["own"]
            with self.assertRaisesRegex(UserError, "copied"):
                record.with_user(self.users["owner"]).copy()

    def test_customer_with_dossier_stays_a_customer(self):
        """Row 0.7: nobody puts a dossier under another customer by its contact."""
        contact = self._contact("partner_manager", "south")
        moves = {"parent_id": self.customers["own"].id, "is_company": False}
        with self.assertRaisesRegex(ValidationError, "can't become a contact"):
            contact.write(moves)

    def test_contact_of_contact_shows_the_customers(self):
        person = self.items["customer.key.person"]["own"].partner_id
        self.assertEqual(
            person.with_user(self.users["owner"]).dossier_id, self.dossiers["own"]
        )

    def test_button_needs_a_right(self):
        """Row 42: who may not see dossiers learns nothing from the button."""
        with mute_logger("odoo.addons.base.models.ir_model"):
            for key in ("south", "own"):
                with self.assertRaises(AccessError):
                    self._contact("employee", key).action_open_dossier()

    def test_second_dossier_tells_number_and_keeper_only(self):
        """S4-27, S2-30."""
        self.dossiers["south"].keeper_id = self.users["keeper"]
        with self.assertRaises(UserError) as refused:
            self.as_role("owner", "customer.dossier").create(
                {"partner_id": self.customers["south"].id}
            )
        message = str(refused.exception)
        self.assertIn(self.dossiers["south"].number, message)
        self.assertIn(self.users["keeper"].name, message)
        self.assertNotRegex(message, "zqsouth|Tier|South")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_second_dossier_is_refused_as_access_to_those_without_right(self):
        """Row 42: without a right nobody learns whether there is a first one."""
        free = self.env["res.partner"].create({"name": "Free"})
        dossiers = self.as_role("employee", "customer.dossier")
        messages = set()
        for partner in (self.customers["south"], free):
            with self.assertRaises(AccessError) as refused:
                dossiers.create({"partner_id": partner.id})
            messages.add(str(refused.exception))
        self.assertEqual(len(messages), 1)
