"""The three persons of the form: who they are on file, and what changes (S0-11)."""

from dataclasses import dataclass, field

from odoo.fields import Domain

from . import layout
from .cells import to_key
from .proposal import Change

OTHER = "other"


@dataclass
class Contact:
    """The contact behind a person: on file, or to be created."""

    record: object
    vals: dict = field(default_factory=dict)


@dataclass
class Person:
    """A key person, on file or new, with what the form says of him."""

    capacity: str
    record: object
    contact: Contact
    vals: dict = field(default_factory=dict)


class PersonsPlan:
    """Matches persons by name within the customer; the others are new."""

    def __init__(self, plan):
        self.plan, self.env = plan, plan.env
        self.known = plan.dossier.person_ids.filtered("active")
        self.contacts = {}
        self.persons = []

    def propose(self):
        for section in layout.SECTIONS:
            if section.key in dict(layout.CAPACITIES):
                self._propose_person(section)

    def _propose_person(self, section):
        cells = {
            one: self.plan.content.get(section.key, one.name) for one in section.fields
        }
        cells = {one: cell for one, cell in cells.items() if cell}
        if not cells:
            return
        name_field = section.fields[0]
        title = section.title.to(self.plan.content.lang)
        name_cell = cells.pop(name_field, None)
        if not name_cell:
            first = next(iter(cells.values()))
            message = self.env._("%(person)s: the name is missing.", person=title)
            self.plan.add_problem(first, name_field, message)
            for form_field, cell in cells.items():
                self.plan.get_value(form_field, cell)
            return
        name = self.plan.get_value(name_field, name_cell)
        if not name:
            return
        person = self._find_person(section.key, name, name_cell)
        if not person:
            return
        self.persons.append(person)
        if not person.record:
            self._add_new(title, name_field, name, name_cell, person)
        elif person.record.capacity != section.key:
            person.vals["capacity"] = section.key
            self._add_change(title, self.env._("Capacity"), name, title, name_cell)
        for form_field, cell in cells.items():
            self._propose_field(title, form_field, cell, person)

    def _find_person(self, capacity, name, cell):
        """The person of that name: in this capacity, else in none, else new."""
        named = self.known.filtered(lambda p: to_key(p.partner_id.name) == to_key(name))
        record = named.filtered(lambda p: p.capacity == capacity)[:1]
        record = record or named.filtered(lambda p: p.capacity == OTHER)[:1]
        known = (record or named[:1]).partner_id
        contact = self._find_contact(name, known, cell)
        return contact and Person(capacity, record, contact)

    def _find_contact(self, name, record, cell):
        key = to_key(name)
        if key in self.contacts:
            return self.contacts[key]
        if not record and self.plan.partner:
            partners = self.env["res.partner"].search(
                Domain("commercial_partner_id", "=", self.plan.partner.id)
                & Domain("id", "!=", self.plan.partner.id)
            )
            record = partners.filtered(lambda p: to_key(p.name) == key)
        if len(record) > 1:
            message = self.env._(
                "The customer has %(count)s contacts called “%(name)s”.",
                count=len(record),
                name=name,
            )
            self.plan.add_problem(cell, None, message)
            return None
        contact = Contact(record or self.env["res.partner"])
        if not contact.record:
            contact.vals["name"] = name
        self.contacts[key] = contact
        return contact

    def _add_new(self, title, name_field, name, cell, person):
        label = name_field.label.to(self.plan.content.lang)
        self._add_change(title, label, "", name, cell)
        self._check_right(person.contact, cell, name_field)

    def _propose_field(self, title, form_field, cell, person):
        contact = person.contact
        if form_field.model == layout.PERSON:
            record = person.record or self.known.browse()
            self.plan.propose(title, form_field, cell, record, person.vals)
            return
        vals = {}
        self.plan.propose(title, form_field, cell, contact.record, vals)
        for name, value in vals.items():
            if contact.vals.setdefault(name, value) != value:
                message = self.env._(
                    "The form says two different things of this person."
                )
                self.plan.add_problem(cell, form_field, message)
        if vals:
            self._check_right(contact, cell, form_field)

    def _check_right(self, contact, cell, form_field):
        if contact.vals and not contact.record.has_access(
            "write" if contact.record else "create"
        ):
            message = self.env._("You may not create or change contacts.")
            self.plan.add_problem(cell, form_field, message)

    def _add_change(self, section, label, old, new, cell):
        self.plan.changes.append(Change(section, label, old, new, cell.coordinate))

    def apply(self):
        for contact in self.contacts.values():
            if contact.record:
                if contact.vals:
                    contact.record.write(contact.vals)
                continue
            contact.record = contact.record.create(
                {**contact.vals, "parent_id": self.plan.partner.id, "type": "contact"}
            )
        for person in self.persons:
            if person.record:
                if person.vals:
                    person.record.write(person.vals)
                continue
            person.record.create(
                {
                    **person.vals,
                    "dossier_id": self.plan.dossier.id,
                    "partner_id": person.contact.record.id,
                    "capacity": person.capacity,
                }
            )
