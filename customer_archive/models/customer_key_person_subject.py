import re

from odoo import fields, models
from odoo.fields import Domain

# Kept of an erased person, so that numbers and the chart stay as they are.
KEPT_FIELDS = frozenset(("capacity", "rank", "strike_reason", "erased_date"))
# What a contact is known by.
CONTACT_FIELDS = (
    "email",
    "phone",
    "function",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "website",
    "vat",
    "ref",
    "barcode",
    "comment",
    "image_1920",
    "category_id",
    "company_name",
)
# Searched for by name; its own page and the history are seen to apart.
LEFT_OUT = frozenset(("customer.key.person", "customer.change"))


class CustomerKeyPerson(models.Model):
    """What we hold on a person: found, and erased where the person asks (S2-58).

    Nothing of it depends on which addons there are: an entry that names the person,
    or is linked to it, is found in whatever hangs on the dossier.
    """

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.key.person"

    erased_date = fields.Datetime(string="Erased On", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # What we hold
    # ------------------------------------------------------------------

    def _get_same_persons(self):
        """The rows of this contact, in whatever capacity and dossier."""
        persons = self.with_context(active_test=False)
        return persons.search([("partner_id", "in", self.partner_id.ids)])

    def _get_subject_data(self):
        """Hook: entries of the dossiers that are about the person.

        :return: list of pairs of a record and the names of its fields
        """
        persons = self._get_same_persons()
        dossiers = persons.dossier_id
        found = []
        for model_name in ["customer.dossier", *dossiers._get_item_names()]:
            if model_name not in LEFT_OUT:
                path = "id" if model_name == "customer.dossier" else "dossier_id"
                model = self.env[model_name].with_context(active_test=False)
                found += self._find_entries(
                    model, Domain(path, "in", dossiers.ids), persons
                )
        return found

    def _find_entries(self, model, domain, persons):
        names = [name for name in persons.partner_id.mapped("name") if name]
        texts, links = self._get_telling_fields(model)
        about = Domain.OR(
            [Domain(text, "ilike", name) for text in texts for name in names]
            + [Domain(link, "in", persons.ids) for link in links]
        )
        entries = []
        for record in model.search(domain & about):
            telling = [
                text for text in texts if self._names_one_of(record[text], names)
            ]
            linked = [link for link in links if record[link] & persons]
            if telling or linked:
                # whoever is linked is whom all of it is about
                entries.append((record, texts if linked else telling))
        return entries

    def _get_telling_fields(self, model):
        """Names of the stored texts, and of the links to persons, of ``model``."""
        stored = [
            field
            for field in model._fields.values()
            if field.store and field.column_type or field.type == "many2many"
        ]
        texts = [
            field.name
            for field in stored
            if field.type in ("char", "text")
            and not field.related
            and not (field.compute and field.readonly)
        ]
        links = [
            field.name
            for field in stored
            if field.relational and field.comodel_name == self._name and field.store
        ]
        return texts, links

    @staticmethod
    def _names_one_of(text, names):
        return bool(text) and any(name.lower() in text.lower() for name in names)

    # ------------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------------

    def _get_retention_objections(self):
        """Hook: why the person can't be erased (yet), each in a sentence.

        In a closed dossier the term for which it must be kept comes first (S2-59).
        """
        reasons = []
        # sudo: that something stands against it is told, not what
        persons = self.sudo()._get_same_persons()
        for person in persons:
            in_force = person.dossier_id.state in ("review", "filed")
            if person.capacity == "legal_representative" and in_force:
                reasons.append(
                    self.env._(
                        "The person is the legal representative in dossier %(number)s, "
                        "which is in force.",
                        number=person.dossier_id.number,
                    )
                )
        reasons += persons.dossier_id._get_keeping_reasons()
        if len(persons.sudo(False)._filtered_access("write")) < len(persons):
            reasons.append(
                self.env._("The person stands in a dossier that is not yours to write.")
            )
        contact = persons.partner_id
        if contact & persons.dossier_id.partner_id:
            reasons.append(self.env._("The person is the customer himself."))
        if contact.with_context(active_test=False).user_ids:
            reasons.append(self.env._("The person has a user account here."))
        return reasons

    def _erase_subject(self):
        """Take away whatever tells who the person is; the bare row stays.

        Asked before were the right to write, and that nothing stands against it.

        :return: number of entries in which something was erased
        """
        # sudo: see above; an erasure leaves nothing out
        persons = self.sudo()._get_same_persons()
        dossiers, names = persons.dossier_id, persons.partner_id.mapped("name")
        entries = persons._get_subject_data()
        for record, field_names in entries:
            record.write(self._prepare_erased_texts(record, field_names, names))
        blank = {
            field.name: False
            for field in persons._fields.values()
            if persons._is_personal(field)
        }
        persons.write({**blank, "erased_date": fields.Datetime.now()})
        persons._erase_contact()
        changes = self.env["customer.change"]
        changes._erase_values(dossiers, persons, names)
        return len(entries)

    def _is_personal(self, field):
        """Whether ``field`` of a person is emptied when it is erased."""
        return (
            field.store
            and not field.required
            and not field.related
            and not (field.compute and field.readonly)
            and field.name not in KEPT_FIELDS
            and field.type in ("char", "text", "date", "selection", "many2many")
        )

    def _prepare_erased_texts(self, record, field_names, names):
        """The texts with a placeholder where the person was named."""
        anyone = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
        placeholder = self.env._("[erased person]")
        return {
            name: anyone.sub(lambda _match: placeholder, record[name])
            for name in field_names
            if record[name] and anyone.search(record[name])
        }

    def _erase_contact(self):
        """The contact too: name, addresses, and what was written about it."""
        contact = self.partner_id.with_context(
            tracking_disable=True, mail_notrack=True, no_vat_validation=True
        )
        contact.message_ids.unlink()
        # sudo: files at a contact the user was found to be allowed to erase
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "res.partner"), ("res_id", "in", contact.ids)]
        ).unlink()
        names = (name for name in CONTACT_FIELDS if name in contact._fields)
        blank = dict.fromkeys(names, False)
        contact.write({**blank, "name": self.env._("Erased Person"), "active": False})
