"""What a filled-in form would create or change, worked out before it is done."""

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools import join_texts
from . import layout
from .cells import FormProblem, to_key, to_text
from .persons import PersonsPlan
from .proposal import Change, Problem
from .trade import TradePlan, YearsPlan
from .values import ValueReader

# What tells records apart: written in another way, it is still the same.
IDENTIFIERS = frozenset(
    ((layout.PARTNER, "name"), (layout.PARTNER, "vat"), (layout.TRADE, "name"))
)


class FormPlan:
    """The changes that a form proposes to one customer.

    Everything is read and written as the user: what he may not see is not compared,
    what he may not change is refused.

    :param content: the :class:`FormContent` read from the file
    :param dossier: the dossier for which the form was handed in, if it is said
    """

    def __init__(self, env, content, dossier):
        self.env = env
        self.content = content
        self.values = ValueReader(env, content.lang)
        self.changes, self.problems, self.notes = [], [], []
        self.partner, self.dossier = env["res.partner"], dossier
        self.partner_vals, self.dossier_vals = {}, {}
        for cell, message in content.problems:
            self.add_problem(cell, None, message)
        self._find_customer()
        self.parts = [PersonsPlan(self), YearsPlan(self), TradePlan(self)]
        self._propose_all()
        if self.problems:
            self.changes = []

    # Problems and changes -------------------------------------------------------

    def add_problem(self, cell, form_field, message):
        label = form_field.label.to(self.content.lang) if form_field else ""
        problem = Problem(cell.coordinate if cell else "", label, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def get_value(self, form_field, cell):
        """Value of an entry, or None where there is none, or a wrong one."""
        if cell is None:
            return None
        try:
            return self.values.parse(form_field, cell)
        except FormProblem as problem:
            self.add_problem(cell, form_field, str(problem))
            return None

    def propose(self, section, form_field, cell, record, vals):
        """Put into ``vals`` what ``cell`` changes on ``record``, which may be new."""
        if cell is None or self._is_same_name(form_field, cell, record):
            return
        value = self.get_value(form_field, cell)
        if value is None or self._is_same(form_field, value, record):
            return
        try:
            self.values.check_length(form_field, value)
        except FormProblem as problem:
            self.add_problem(cell, form_field, str(problem))
            return
        vals[form_field.name] = value
        self.changes.append(
            Change(
                section,
                form_field.label.to(self.content.lang),
                self._to_shown(form_field, record[form_field.name] if record else None),
                self._to_shown(form_field, value),
                cell.coordinate,
            )
        )

    def _is_same_name(self, form_field, cell, record):
        """Whether a record is named as it is on file, be it archived by now."""
        if record._fields[form_field.name].type != "many2one":
            return False
        old = layout.in_language(record[form_field.name], self.content.lang)
        return bool(old) and cell.key == to_key(old.display_name)

    def _is_same(self, form_field, value, record):
        field = record._fields[form_field.name]
        old = record[form_field.name] if record else None
        if (form_field.model, form_field.name) in IDENTIFIERS:
            return to_key(old or "") == to_key(value)
        if field.type == "char":
            return " ".join(to_text(old or "").split("\n")) == value
        if field.type == "text":
            return to_text(old or "") == value
        if field.type == "monetary":
            currency = record.currency_id or self.env.company.currency_id
            return currency.compare_amounts(old or 0.0, value) == 0
        if field.type == "many2one":
            return bool(old) and old.id == value
        return old == value or not old and not value

    def _to_shown(self, form_field, value):
        field = self.env[form_field.model]._fields[form_field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value:
            return ""
        if field.type == "many2one":
            return self.env[field.comodel_name].browse(int(value)).display_name
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "monetary":
            return f"{value:,.2f}"
        return str(value)

    # Whose form it is -----------------------------------------------------------

    def _find_customer(self):
        try:
            if not self.env["customer.dossier"].has_access("write"):
                raise UserError(self.env._("You may not change dossiers."))
            if not self.dossier:
                self.dossier = self._find_dossier_by_number()
            else:
                self._check_own_number()
            self.partner = self.dossier.partner_id or self._find_partner()
            self._check_tax_id()
            if self.partner and not self.dossier:
                self.dossier = self._find_dossier_of_partner()
            self._check_dossier()
        except UserError as error:
            self.add_problem(None, None, str(error))
            # the entries are still checked, but compared with nothing
            self.partner, self.dossier = self.partner.browse(), self.dossier.browse()

    def _get_text(self, section_key, name):
        """Text of an entry that tells who the customer is."""
        form_field = self.get_field(section_key, name)
        cell = self.content.get(section_key, name)
        return self.get_value(form_field, cell) or ""

    @staticmethod
    def get_field(section_key, name):
        [section] = [one for one in layout.SECTIONS if one.key == section_key]
        return next(one for one in section.fields if one.name == name)

    def _check_own_number(self):
        number = self._get_text("head", "number")
        if number and to_key(number) != to_key(self.dossier.number):
            raise UserError(
                self.env._(
                    "This is the form of dossier %(other)s, not of %(number)s.",
                    other=number,
                    number=self.dossier.number,
                )
            )

    def _find_dossier_by_number(self):
        number = self._get_text("head", "number")
        dossiers = self.env["customer.dossier"].with_context(active_test=False)
        if not number:
            return self.env["customer.dossier"]
        domain = Domain("number", "=", number) & Domain(
            "company_id", "in", self.env.companies.ids
        )
        if found := dossiers.search(domain):
            own = found.filtered(lambda d: d.company_id == self.env.company)
            return (own or found)[:1].with_env(self.env)
        # sudo: tells number, customer and keeper of a dossier, which all may know
        if hidden := dossiers.sudo().search(domain, limit=1):
            raise UserError(hidden._get_on_file_message())
        raise UserError(
            self.env._(
                "No dossier has the number %(number)s. Leave the number empty for a "
                "new customer.",
                number=number,
            )
        )

    def _find_partner(self):
        """The customer by tax id, else by name; none if he is new."""
        partners = self.env["res.partner"].with_context(active_test=False)
        customers = Domain("parent_id", "=", False)
        name, tax_id = self._get_text("profile", "name"), self._get_tax_id()
        found = partners.browse()
        if tax_id:
            found = partners.search(customers & Domain("vat", "in", tax_id))
        if not found and name:
            found = partners.search(
                customers & Domain("name", "=ilike", escape_psql(name))
            )
            # the same name with another tax id is somebody else
            found = found.filtered(lambda p: not (tax_id and p.vat) or p.vat in tax_id)
        found = found.filtered("active") or found
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "There are %(count)s customers called “%(name)s”. Write the number "
                    "of the dossier, or the tax id, into the form.",
                    count=len(found),
                    name=name or tax_id[0],
                )
            )
        if found and not found.active:
            raise UserError(
                self.env._(
                    "The contact “%(name)s” is archived. Take it back first.",
                    name=found.name,
                )
            )
        if not found and not name and not self.problems:
            raise UserError(self.env._("The customer's name is missing in the form."))
        return found.with_env(self.env)

    def _get_tax_id(self):
        """The ways in which the tax id of the form may be written on file."""
        written = self._get_text("profile", "vat")
        tight = "".join(written.split())
        return list(dict.fromkeys((written, tight, tight.upper()))) if tight else []

    def _check_tax_id(self):
        """Refuse a tax id that is another customer's."""
        tax_id = self._get_tax_id()
        if not tax_id or not self.dossier:
            return
        other = self.env["res.partner"].search(
            Domain("vat", "in", tax_id)
            & Domain("parent_id", "=", False)
            & Domain("id", "!=", self.partner.id),
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "The tax id %(tax_id)s is that of %(customer)s.",
                    tax_id=tax_id[0],
                    customer=other.name,
                )
            )

    def _find_dossier_of_partner(self):
        dossiers = self.env["customer.dossier"]
        dossier = dossiers.with_context(active_test=False).search(
            Domain("partner_id", "=", self.partner.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("merged_into_id", "=", False)
        )
        if not dossier:
            # tells number and keeper of a dossier that is closed to the user
            dossiers._check_not_on_file([{"partner_id": self.partner.id}])
        return dossier.with_env(self.env)

    def _check_dossier(self):
        if self.dossier.state == "destroyed":
            raise UserError(
                self.env._(
                    "Dossier %(number)s was destroyed.", number=self.dossier.number
                )
            )
        if self.dossier and not self.dossier.has_access("write"):
            raise UserError(
                self.env._(
                    "You may read dossier %(number)s, but not change it.",
                    number=self.dossier.number,
                )
            )
        if not self.dossier and not self.dossier.has_access("create"):
            raise UserError(self.env._("You may not open dossiers."))

    # What it changes ------------------------------------------------------------

    def _propose_all(self):
        for section in layout.SECTIONS:
            if section.key in dict(layout.CAPACITIES):
                continue
            for form_field in section.fields:
                self._propose_field(section, form_field)
        self._check_contact_right()
        for part in self.parts:
            part.propose()
        if not self.partner and not self.problems:
            self._warn_of_overlap()

    def _propose_field(self, section, form_field):
        if form_field.name == "number":
            return
        title = (section.title or layout.TITLE).to(self.content.lang)
        is_partner = form_field.model == layout.PARTNER
        self.propose(
            title,
            form_field,
            self.content.get(section.key, form_field.name),
            self.partner if is_partner else self.dossier,
            self.partner_vals if is_partner else self.dossier_vals,
        )

    def _check_contact_right(self):
        """Say so where the user may not change contacts, before it is tried."""
        operation = "write" if self.partner else "create"
        is_touched = self.partner_vals or not self.partner
        if is_touched and not self.partner.has_access(operation):
            self.add_problem(
                None, None, self.env._("You may not create or change contacts.")
            )

    def _warn_of_overlap(self):
        """Name dossiers that may be the same customer's, by their stub (S4-27)."""
        partner = self.env["res.partner"].new({**self.partner_vals, "is_company": True})
        dossier = self.env["customer.dossier"].new({"partner_id": partner})
        if dossier.overlap_warning:
            self.notes.append(
                self.env._(
                    "Perhaps on file already: %(dossiers)s",
                    dossiers=join_texts(self.env, dossier.overlap_warning.split("\n")),
                )
            )

    # Doing it -------------------------------------------------------------------

    @property
    def is_empty(self):
        """Whether the form says nothing that is not on file."""
        return not self.changes and bool(self.dossier)

    @property
    def customer_name(self):
        return self.partner.name or self.partner_vals.get("name", "")

    @property
    def new_name(self):
        """Name of the customer it creates; empty where he is known."""
        return "" if self.partner else self.customer_name

    @property
    def identity(self):
        """What two forms of one customer have in common."""
        return self.partner.id or to_key(self.customer_name)

    def apply(self):
        """Create and change what was proposed.

        :return: the dossier
        """
        if not self.partner:
            self.partner = self.partner.create(
                {**self.partner_vals, "is_company": True}
            )
        elif self.partner_vals:
            self.partner.write(self.partner_vals)
        if not self.dossier:
            self.dossier = self.dossier.create(
                {
                    **self.dossier_vals,
                    "partner_id": self.partner.id,
                    "company_id": self.env.company.id,
                }
            )
        elif self.dossier_vals:
            self.dossier.write(self.dossier_vals)
        for part in self.parts:
            part.apply()
        return self.dossier
