from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestRelations(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "customer_archive.group_archive_user"
        cls.seller = new_test_user(cls.env, "map_seller", groups=group)
        cls.colleague = new_test_user(cls.env, "map_colleague", groups=group)
        customer = cls.env["res.partner"].create({"name": "Mill"})
        cls.contacts = cls.env["res.partner"].create(
            [{"name": name, "parent_id": customer.id} for name in ("Li", "Wu")]
        )
        cls.dossier = (
            cls.env["customer.dossier"]
            .with_user(cls.seller)
            .create({"partner_id": customer.id})
        )

    def test_gaps_are_called_out(self):
        """S1-37, S1-39: who decides, who supports, whom nobody of ours knows."""
        dossier = self.dossier.with_context(lang="en_US")
        self.assertFalse(dossier.relation_gaps)
        blocker, decider = self.env["customer.key.person"].create(
            [
                {
                    "dossier_id": dossier.id,
                    "partner_id": contact.id,
                    "buying_role": role,
                }
                for contact, role in zip(
                    self.contacts, ("blocker", "decision_maker"), strict=True
                )
            ]
        )
        self.assertEqual(
            dossier.relation_gaps.splitlines(),
            [
                "Nobody there supports us.",
                "Nobody of ours knows the blocker Li.",
                "Nobody of ours is known there.",
            ],
        )
        blocker.liaison_ids = self.seller
        self.assertIn(
            f"Only {self.seller.name} of ours is known there.", dossier.relation_gaps
        )
        decider.write(
            {
                "buying_role": "supporter",
                "liaison_ids": [Command.link(self.colleague.id)],
            }
        )
        self.assertEqual(dossier.relation_gaps, "No decision maker is known.")
