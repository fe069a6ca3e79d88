from odoo import models

# What came in, as a channel of a contact.
CHANNELS = {"mail": "mail", "letter": "letter", "call": "call"}


class CustomerIntake(models.Model):
    _inherit = "customer.intake"

    def action_file_interaction(self):
        """Put the content on file as a contact of the chosen dossier (S1-3, S3-4).

        :raises UserError: without a dossier, or for what was filed already
        """
        self._check_to_file()
        interactions = self.env["customer.interaction"].create(
            [intake._prepare_interaction_vals() for intake in self]
        )
        self._close("filed")
        return interactions

    def _prepare_interaction_vals(self):
        return {
            "dossier_id": self.dossier_id.id,
            "channel": CHANNELS.get(self.kind, "message"),
            "direction": "in",
            "date": self.date,
            "person_ids": self._find_person().ids,
            "summary": "\n".join(filter(None, (self.name, self.text))),
        }

    def _find_person(self):
        """Whoever wrote or called, if a key person of the dossier."""
        return self.dossier_id.person_ids.filtered(
            lambda person: person.partner_id == self.partner_id
        )[:1]
