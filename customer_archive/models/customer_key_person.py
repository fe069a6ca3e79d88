from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Heights of the line that shows a relation over time.
ATTITUDE_LEVELS = {"positive": 2, "neutral": 1, "none": 0, "negative": -1}


class CustomerKeyPerson(models.Model):
    """Person who matters in a purchase of the customer (S0-11, S1-36 to S1-39)."""

    _name = "customer.key.person"
    _inherit = ["customer.dossier.item", "customer.strikeable"]
    _description = "Key Person"
    _order = "id"
    _rec_names_search = ["partner_id.name"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Name, post, e-mail and office phone are kept on the contact.",
    )
    function = fields.Char(
        related="partner_id.function", string="Post", related_sudo=False
    )
    email = fields.Char(related="partner_id.email", related_sudo=False)
    phone = fields.Char(
        related="partner_id.phone", string="Office Phone", related_sudo=False
    )
    capacity = fields.Selection(
        [
            ("legal_representative", "Legal Representative"),
            ("principal", "Principal"),
            ("main_contact", "Main Contact"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="Block of the paper form in which the person stands (S0-11).",
    )
    rank = fields.Selection(
        [
            ("staff", "Staff"),
            ("manager", "Manager"),
            ("director", "Director"),
            ("executive", "Executive"),
        ],
        help="Height in the customer's hierarchy, from staff to executive.",
    )
    superior_id = fields.Many2one(
        "customer.key.person",
        string="Reports To",
        index="btree_not_null",
        ondelete="set null",
        domain="[('dossier_id', '=', dossier_id), ('id', '!=', id)]",
    )
    subordinate_ids = fields.One2many(
        "customer.key.person", "superior_id", string="Reporting Persons"
    )

    # Part in a purchase: annexes 3 and 4
    buying_role = fields.Selection(
        [
            ("decision_maker", "Decision Maker"),
            ("adviser", "Adviser"),
            ("user", "User"),
            ("blocker", "Blocker"),
            ("supporter", "Supporter"),
        ],
        help="Part in a purchase (S1-39). Decision maker: decides, controls the "
        "funds, signs or vetoes. Adviser: advises and recommends. User: uses the "
        "product and judges its quality. Blocker: screens, can veto but not decide. "
        "Supporter: guides us and opens doors.",
    )
    attitude = fields.Selection(
        [
            ("positive", "Positive"),
            ("neutral", "Neutral"),
            ("negative", "Negative"),
            ("none", "No Relation Yet"),
        ],
        help="State of the relation (S1-38). Positive: we know each other well. "
        "Neutral: an ordinary relation. Negative: unfriendly, or for a competitor. "
        "No relation yet: known to us, not contacted.",
    )
    liaison_ids = fields.Many2many(
        "res.users",
        "customer_key_person_liaison_rel",
        string="Our Liaisons",
        # a text: Odoo takes the fields of a list for what the column depends on, and
        # would search the rows while a user is made whose share is not known yet
        domain="[('share', '=', False)]",
        help="Our people who know this person.",
    )
    role_effect = fields.Text(help="What this person does in a purchase.")
    concerns = fields.Text(
        string="Problems and Concerns", help="What occupies this person (S1-39)."
    )

    # Personal page: S0-11 and annex 2
    mobile_phone = fields.Char()
    home_phone = fields.Char()
    birth_date = fields.Date()
    birth_place = fields.Char()
    native_place = fields.Char(help="Where the family comes from (籍贯).")
    degree = fields.Char(string="Highest Degree")
    school = fields.Char(string="Graduated From")
    education = fields.Text(string="Education History")
    career = fields.Text(string="Work Experience")
    family = fields.Text()
    hobbies = fields.Text()
    journals = fields.Char(string="Professional Journals")
    associations = fields.Char(string="Professional Associations")
    note = fields.Text()

    relation_change_ids = fields.One2many(
        "customer.change",
        "res_id",
        string="Relation Over Time",
        domain=lambda self: [
            ("res_model", "=", self._name),
            ("field_name", "in", ("attitude", "buying_role")),
        ],
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and note where each relation begins (S1-38)."""
        persons = super().create(vals_list)
        before = {person: {"attitude": ""} for person in persons}
        self._write_history(before, persons._get_history_values(["attitude"]))
        return persons

    @api.constrains("partner_id", "capacity", "active")
    def _check_once(self):
        """Keep a contact from standing twice in one block of the form (S0-11).

        Not a unique index: where two contacts are merged, Odoo would delete the
        person that breaks it.
        """
        doubles = self._read_group(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("active", "=", True),
            ],
            ["dossier_id", "partner_id", "capacity"],
            having=[("__count", ">", 1)],
            limit=1,
        )
        capacities = dict(self._fields["capacity"]._description_selection(self.env))
        for dossier, contact, capacity in doubles:
            raise ValidationError(
                self.env._(
                    "%(person)s is in dossier %(number)s already, as %(capacity)s. "
                    "Change what is there instead.",
                    person=contact.name,
                    number=dossier.number,
                    capacity=capacities[capacity],
                )
            )

    @api.constrains("superior_id", "dossier_id")
    def _check_superior(self):
        for person in self:
            superior = person.superior_id
            if superior and superior.dossier_id != person.dossier_id:
                raise ValidationError(
                    self.env._("A person reports to somebody in the same dossier.")
                )
        if self._has_cycle("superior_id"):
            raise ValidationError(
                self.env._("These persons would report to each other in a circle.")
            )

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    @api.model
    def load(self, fields, data):
        """Import; a contact may be called by his own name alone."""
        if {"dossier_id", "partner_id"} <= set(fields):
            data = self._complete_contact_names(fields, data)
        return super().load(fields, data)

    @api.model
    def _complete_contact_names(self, fields, data):
        """Name contacts in full, those whom the dossier's customer has.

        So a namesake at another customer is never taken for him.
        """
        dossier_at, contact_at = fields.index("dossier_id"), fields.index("partner_id")
        customers, result = {}, []
        for row in data:
            number, name = row[dossier_at], row[contact_at]
            if number not in customers:
                customers[number] = self._find_customer(number)
            contact = self.env["res.partner"].search(
                [
                    ("commercial_partner_id", "in", customers[number].ids),
                    ("parent_id", "!=", False),
                    ("name", "=", name),
                ],
                limit=1,
            )
            full_name = contact.complete_name or name
            result.append([*row[:contact_at], full_name, *row[contact_at + 1 :]])
        return result

    @api.model
    def _find_customer(self, dossier_name):
        dossiers = self.env["customer.dossier"].search(
            [("display_name", "=", dossier_name)], limit=2
        )
        return (
            dossiers.partner_id if len(dossiers) == 1 else dossiers.partner_id.browse()
        )

    def _get_item_name(self):
        return self.partner_id.name

    def _prepare_history_vals(self, name):
        vals = super()._prepare_history_vals(name)
        if name != "attitude":
            return vals
        return {**vals, "attitude_level": ATTITUDE_LEVELS.get(self.attitude, 0)}

    def action_view_relation_over_time(self):
        """The attitude of this person as a line over time (S1-38)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_archive.customer_change_action_relation"
        )
        action["domain"] = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("field_name", "=", "attitude"),
        ]
        return action
