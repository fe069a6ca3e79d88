from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestReadHook(BaseCommon):
    """The hook an access log will use sees each way of reading content."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "hook_seller",
            groups="customer_archive.group_archive_user,base.group_allow_export",
        )
        cls.customer = cls.env["res.partner"].create({"name": "Mill"})
        contact = cls.env["res.partner"].create(
            {"name": "Li", "parent_id": cls.customer.id}
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "strategy": "Wait",
                    "person_ids": [
                        Command.create({"partner_id": contact.id, "concerns": "Price"})
                    ],
                }
            )
        )

    def _record_reads(self, model, read):
        """Pairs (id, field) of ``model`` that the hook hears of during ``read()``."""
        heard = set()

        def listen(records, field_names):
            heard.update((id_, name) for id_ in records.ids for name in field_names)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(self.env.registry[model], "_on_content_read", listen):
            read()
        return heard

    def test_each_way_of_reading_is_heard(self):
        dossier = self.dossier
        specification = {"strategy": {}}
        guarded = self.customer.with_user(self.seller)
        ways = {
            "read": lambda: dossier.read(["strategy"]),
            "search_read": lambda: dossier.search_read([], ["strategy"]),
            "web_read": lambda: dossier.web_read(specification),
            "attribute": lambda: dossier.strategy,
            "export": lambda: dossier.export_data(["strategy"]),
            "through the contact": lambda: guarded.web_read(
                {"dossier_id": {"fields": specification}}
            ),
        }
        for name, read in ways.items():
            with self.subTest(way=name):
                heard = self._record_reads("customer.dossier", read)
                self.assertIn((dossier.id, "strategy"), heard)

    def test_persons_are_heard_with_their_dossier(self):
        person = self.dossier.person_ids
        heard = self._record_reads(
            "customer.key.person",
            lambda: self.dossier.web_read(
                {"person_ids": {"fields": {"concerns": {}}}},
            ),
        )
        self.assertIn((person.id, "concerns"), heard)
