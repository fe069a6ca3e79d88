from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import HISTORY, ITEMS, ArchiveCommon

WIZARD = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install", "customer_archive_security")
class TestPartnerMerge(ArchiveCommon):
    """S2-29, row 0.7: merging contacts loses nothing and moves nothing in secret."""

    def _merge(self, role, *partners):
        """Merge these contacts into the last one."""
        wizard = self.as_role(role, WIZARD)
        ids = [partner.id for partner in partners]
        wizard._merge(ids, wizard.env["res.partner"].browse(ids[-1]))
        self.env.flush_all()
        self.env.invalidate_all()

    def _contents(self, keys):
        """Every row of these dossiers, read past Odoo."""
        self.env.flush_all()
        items = (name.replace(".", "_") for name in (*ITEMS, HISTORY))
        tables = ["customer_dossier", *items]
        ids = [self.dossiers[key].id for key in keys]
        for table in tables:
            column = "id" if table == "customer_dossier" else "dossier_id"
            self.env.cr.execute(
                f"SELECT * FROM {table} WHERE {column} IN %s ORDER BY id",  # noqa: S608
                (tuple(ids),),
            )
            yield self.env.cr.fetchall()

    def _assert_refused(self, role, *keys):
        before = list(self._contents(keys))
        with self.assertRaises(UserError) as refused:
            self._merge(role, *(self.customers[key] for key in keys))
        self.env.invalidate_all()
        self.assertEqual(list(self._contents(keys)), before)
        message = str(refused.exception)
        self.assertNotRegex(message, "zq|KH|Customer ")
        return message

    def test_partner_manager_merges_no_customers_on_file(self):
        self._assert_refused("partner_manager", "south", "own")

    def test_partner_manager_merges_no_hidden_customer_into_a_free_one(self):
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        before = list(self._contents(["south"]))
        hidden = self.customers["south"]
        for partners in ((free, hidden), (hidden, free)):
            with self.assertRaises(UserError):
                self._merge("partner_manager", *partners)
        self.assertEqual(list(self._contents(["south"])), before)

    def test_owner_of_one_merges_neither_way(self):
        self._assert_refused("owner", "own", "south")
        self._assert_refused("owner", "south", "own")

    def test_owner_of_both_may_merge(self):
        self._merge("owner", self.customers["own_teamless"], self.customers["own"])
        self.assertEqual(
            self.dossiers["own_teamless"].merged_into_id, self.dossiers["own"]
        )

    def test_refusal_is_the_same_whatever_is_hidden(self):
        """Row 42: not told how many dossiers stand in the way, nor which."""
        messages = {
            self._assert_refused("owner", "own", "south"),
            self._assert_refused("employee", "own", "south"),
            self._assert_refused("partner_manager", "nobody", "south"),
        }
        self.assertEqual(len(messages), 1)

    def test_archivist_merges_and_everything_is_kept(self):
        """S2-29: persons, deals, figures, facts, history; the old one's form too."""
        old, kept = self.dossiers["south"], self.dossiers["west"]
        items = {name: self.items[name]["south"] for name in (*ITEMS, HISTORY)}
        person = items["customer.key.person"].partner_id
        content = old.read(["strategy", "number", "registered_capital"])
        self._merge("keeper", self.customers["south"], self.customers["west"])
        for name, item in items.items():
            with self.subTest(model=name):
                self.assertTrue(item.exists())
                self.assertEqual(item.dossier_id, kept)
        self.assertEqual(old.merged_into_id, kept)
        self.assertFalse(old.active)
        self.assertEqual(old.partner_id, self.customers["west"])
        self.assertEqual(
            old.read(["strategy", "number", "registered_capital"]), content
        )
        self.assertTrue(kept.active)
        self.assertEqual(person.commercial_partner_id, self.customers["west"])
        self.assertEqual(
            self.customers["west"].with_user(self.users["keeper"]).dossier_id, kept
        )

    def test_figures_of_the_same_year_are_kept_with_the_old_dossier(self):
        """S2-29: two figures of one year: neither is lost."""
        figures = [self.items["customer.yearly.figure"][k] for k in ("south", "west")]
        figures[0].year = figures[1].year
        self._merge("keeper", self.customers["south"], self.customers["west"])
        self.assertEqual(figures[0].exists().dossier_id, self.dossiers["south"])
        self.assertEqual(figures[1].exists().dossier_id, self.dossiers["west"])
        self.assertTrue(figures[0].with_user(self.users["keeper"]).revenue)

    def test_merging_into_a_customer_without_dossier(self):
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        self._merge("keeper", self.customers["south"], free)
        self.assertEqual(self.dossiers["south"].partner_id, free)
        self.assertTrue(self.dossiers["south"].active)

    def test_dossiers_of_several_companies_need_rights_in_each(self):
        """Row 45: the archivist of one company moves nothing of another."""
        self._assert_refused("keeper", "abroad", "south")
        self._assert_refused("foreign_keeper", "abroad", "south")
        everywhere = self.users["keeper"]
        everywhere.company_ids += self.companies["abroad"]
        self._merge("keeper", self.customers["abroad"], self.customers["south"])
        self.assertEqual(self.dossiers["abroad"].partner_id, self.customers["south"])
        self.assertFalse(self.dossiers["abroad"].merged_into_id)
        self.assertEqual(self.dossiers["south"].partner_id, self.customers["south"])

    def test_merged_dossier_follows_a_further_merge(self):
        for keys in (("south", "west"), ("west", "named")):
            self._merge("keeper", *(self.customers[key] for key in keys))
        for key in ("south", "west"):
            self.assertEqual(self.dossiers[key].partner_id, self.customers["named"])
        self.assertEqual(
            self.items["customer.transaction"]["south"].dossier_id,
            self.dossiers["named"],
        )

    def test_key_persons_contact_is_merged_by_those_who_may(self):
        """A person on file is not turned into another behind the owner's back."""
        person = self.items["customer.key.person"]["south"]
        contact = person.partner_id
        other = self.env["res.partner"].create({"name": "Another"})
        with self.assertRaises(UserError):
            self._merge("partner_manager", contact, other)
        self.assertEqual(person.partner_id, contact)
        other.parent_id = self.customers["south"]
        self._merge("keeper", contact, other)
        self.assertEqual(person.partner_id, other)
        self.assertEqual(person.family, self.secrets(person._name, "south")["family"])

    def test_contacts_without_dossier_merge_as_before(self):
        one, two = self.env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        self._merge("partner_manager", one, two)
        self.assertFalse(one.exists())

    def test_ordinary_contacts_of_a_customer_on_file_merge_as_before(self):
        """Whoever keeps contacts tidies them up, though their company has a dossier."""
        customer = self.customers["south"]
        contacts = self.env["res.partner"].create(
            [{"name": "Twin", "parent_id": customer.id} for _number in range(2)]
        )
        before = list(self._contents(["south"]))
        self._merge("partner_manager", *contacts)
        self.assertEqual(len(contacts.exists()), 1)
        self.assertEqual(list(self._contents(["south"])), before)
