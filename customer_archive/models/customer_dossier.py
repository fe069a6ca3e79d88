from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

KEEPER_GROUP = "customer_archive.group_archive_keeper"


class CustomerDossier(models.Model):
    """Numbered dossier of one customer (客户档案).

    The record rules on this model are the one lock of the whole archive: what
    hangs on a dossier asks its ``is_readable`` and ``is_writable``.
    """

    _name = "customer.dossier"
    _inherit = [
        "customer.archive.protected",
        "customer.archive.activity",
        "customer.approval.mixin",
        "customer.team.mixin",
    ]
    _description = "Customer Dossier"
    _order = "number, id"
    _rec_names_search = ["number", "partner_name"]
    _check_company_auto = True

    _moving_fields = frozenset(
        ("partner_id", "company_id", "user_id", "team_id", "tier_id", "keeper_id")
    )

    _no_history_fields = frozenset(("last_update_date",))
    # Conditions of rules that rest on grounds of access and on settings alone.
    _ground_conditions = frozenset(("is_supervised",))

    # Identity
    number = fields.Char(
        string="Dossier No.",
        readonly=True,
        index="trigram",
        help="Drawn from the company's sequence when the dossier is opened (S0-9).",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("parent_id", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    merged_into_id = fields.Many2one(
        "customer.dossier",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The dossier that took over the contents when two customers were merged.",
    )
    merged_dossier_ids = fields.One2many(
        "customer.dossier", "merged_into_id", context={"active_test": False}
    )

    # Responsibility
    user_id = fields.Many2one(
        "res.users",
        string="Account Owner",
        index="btree_not_null",
        default=lambda self: self._get_opener_in("group_archive_user"),
        check_company=True,
        domain=[("share", "=", False)],
        help="The salesperson who looks after the customer.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        index="btree_not_null",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="The department that looks after the customer (S2-24).",
    )
    keeper_id = fields.Many2one(
        "res.users",
        string="Archive Keeper",
        default=lambda self: self._get_opener_in("group_archive_keeper"),
        check_company=True,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("customer_archive.group_archive_keeper").ids,
            )
        ],
        help="The archivist in charge of the dossier (S0-27).",
    )
    is_supervised = fields.Boolean(
        help="Whether I lead the team of this dossier, or am named its supervisor.",
    )
    is_readable = fields.Boolean(
        compute="_compute_is_readable", search="_search_is_readable"
    )
    is_writable = fields.Boolean(
        compute="_compute_is_writable", search="_search_is_writable"
    )

    # Classification
    tier_id = fields.Many2one("customer.tier", index="btree_not_null")
    tier_code = fields.Char(related="tier_id.code", store=True)
    customer_class = fields.Selection(
        [
            ("important", "Important"),
            ("stable", "Stable"),
            ("general", "General"),
            ("potential", "Potential"),
        ],
        help="Class of the customer beside its tier (S4-2 to S4-4).",
    )

    # Dates
    first_contact_date = fields.Date()
    open_date = fields.Date(
        string="Opened On",
        default=fields.Date.context_today,
        help="When the dossier was opened (S0-9).",
    )

    # What hangs on the dossier
    person_ids = fields.One2many("customer.key.person", "dossier_id", "Key Persons")
    transaction_ids = fields.One2many(
        "customer.transaction", "dossier_id", "Transactions"
    )
    yearly_figure_ids = fields.One2many(
        "customer.yearly.figure", "dossier_id", "Yearly Figures"
    )
    person_count = fields.Integer(string="Persons", compute="_compute_person_count")
    trade_count = fields.Integer(string="Deals", compute="_compute_trade")
    trade_amount = fields.Monetary(
        string="Trade",
        compute="_compute_trade",
        help="Sum of all transactions, in the company's currency.",
    )
    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE merged_into_id IS NULL",
        "This customer has a dossier already. Open it from the contact.",
    )
    _number_company_uniq = models.Constraint(
        "UNIQUE(company_id, number)", "Another dossier bears this number already."
    )
    # The register's first page is read off an index, for all and for an owner.
    _number_idx = models.Index("(number, id) WHERE active IS TRUE")
    # The company is in the second one so that an owner's dossiers, which lie
    # scattered in the table, are counted without a look at each.
    _user_number_idx = models.Index(
        "(user_id, number, id) INCLUDE (company_id) WHERE active IS TRUE"
    )

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("partner_id", "company_id")
    def _check_commercial_partner(self):
        for dossier in self:
            partner = dossier.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "A dossier is kept for a customer, not for a contact of one: "
                        "choose %(customer)s instead of %(contact)s.",
                        customer=partner.commercial_partner_id.display_name,
                        contact=partner.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Names and counts
    # ------------------------------------------------------------------

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for dossier in self:
            # sudo: number and customer are what anybody may know of a dossier
            stub = dossier.sudo()
            parts = (stub.number, stub.partner_id.name)
            dossier.display_name = " ".join(filter(None, parts))

    @api.model
    def _search_display_name(self, operator, value):
        """Find a dossier also by the name it shows: number and customer."""
        domain = super()._search_display_name(operator, value)
        if operator in ("=", "in"):
            for name in [value] if isinstance(value, str) else value:
                number, _space, customer = (name or "").partition(" ")
                if customer:
                    domain |= Domain("number", "=", number) & Domain(
                        "partner_name", "=", customer
                    )
        return domain

    @api.model
    def _get_opener_in(self, group_name):
        """Who opens the dossier, for a post that those of a group can hold."""
        user = self.env.user
        in_group = user.has_group(f"customer_archive.{group_name}")
        return user if in_group else user.browse()

    @api.depends("user_id", "company_id")
    def _compute_team_id(self):
        for dossier in self:
            team = dossier.user_id.sale_team_id
            if team.company_id and team.company_id != dossier.company_id:
                team = team.browse()
            dossier.team_id = team or dossier.team_id

    @api.depends("person_ids")
    def _compute_person_count(self):
        groups = self.env["customer.key.person"]._read_group(
            [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
        )
        counts = {dossier.id: count for dossier, count in groups}
        for dossier in self:
            dossier.person_count = counts.get(dossier.id, 0)

    @api.depends("transaction_ids.active", "transaction_ids.amount_company")
    def _compute_trade(self):
        groups = self.env["customer.transaction"]._read_group(
            [("dossier_id", "in", self.ids), ("active", "=", True)],
            ["dossier_id"],
            ["amount_company:sum", "__count"],
        )
        trade = {dossier.id: (amount, count) for dossier, amount, count in groups}
        for dossier in self:
            amount, count = trade.get(dossier.id, (0.0, 0))
            dossier.trade_amount, dossier.trade_count = amount, count

    # ------------------------------------------------------------------
    # The lock
    # ------------------------------------------------------------------

    @api.depends(lambda self: sorted(self._moving_fields))
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_readable(self):
        readable = self._origin.sudo(False)._filtered_access("read")
        for dossier in self:
            dossier.is_readable = dossier._origin in readable

    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        dossiers = self._as_user()
        if not dossiers.has_access("read"):
            return Domain.FALSE
        return Domain("id", "in", dossiers._search([]))

    @api.depends(lambda self: sorted(self._moving_fields))
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_writable(self):
        readable = self._origin.sudo(False)._filtered_access("read")
        writable = readable._filtered_access("write")
        for dossier in self:
            dossier.is_writable = dossier._origin in writable

    def _search_is_writable(self, operator, value):
        if operator != "in":
            return NotImplemented
        dossiers = self._as_user()
        if not dossiers.has_access("write"):
            return Domain.FALSE
        rules = self.env["ir.rule"].sudo(False)._compute_domain(self._name, "write")
        # sudo: rules are evaluated as Odoo does it; the user's own right to
        # read stands beside them
        writable = self.sudo().with_context(active_test=False)._search(rules)
        return Domain("id", "in", dossiers._search([])) & Domain("id", "in", writable)

    def _determine_fields_to_fetch(self, field_names=None, ignore_when_in_cache=False):
        """Fetch what the rules compare along with what is asked for.

        Odoo asks the rules again for records in memory; a column that is missing
        there would bring all of them.
        """
        found = super()._determine_fields_to_fetch(field_names, ignore_when_in_cache)
        if self.env.su or not found:
            return found
        names = [
            name
            for name in sorted(self._moving_fields)
            if self._has_field_access(self._fields[name], "read")
        ]
        compared = super()._determine_fields_to_fetch(names, ignore_when_in_cache)
        return [*found, *(field for field in compared if field not in found)]

    @api.model
    @api.readonly
    def search_count(self, domain, limit=None):
        """Count what is open in one way, then in the next.

        What is open in one way PostgreSQL counts off an index; for what is open in
        this way or that one it reads the table.
        """
        ways = [] if self.env.su else self._get_ways_in()
        if len(ways) < 2:
            return super().search_count(domain, limit)
        # the rules stand in the query, whatever is counted of it
        query = self._search(domain)
        if query.is_empty():
            return 0
        # sudo: the rules are compared with columns as Odoo does it
        model = self.sudo()
        parts = SQL(" UNION ALL ").join(
            SQL(
                "(SELECT 1 FROM %s WHERE %s AND %s)",
                query.from_clause,
                query.where_clause,
                way.optimize_full(model)._to_sql(model, query.table, query),
            )
            for way in ways
        )
        end = SQL("LIMIT %s", limit) if limit else SQL()
        rows = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s %s) AS found", parts, end)
        )
        return rows[0][0]

    @api.model
    def _get_ways_in(self):
        """The conditions of which the rules ask for any one, where they do.

        :return: list of domains that exclude each other; none where the rules say it
            otherwise
        """
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        for part in getattr(rules, "children", ()):
            if getattr(part, "OPERATOR", "") == "|" and all(
                getattr(way, "operator", "") == "in" for way in part.children
            ):
                # single records at the end: a page is full before
                ways = sorted(part.children, key=lambda way: way.field_expr == "id")
                return [
                    way & ~Domain.OR(ways[:place]) for place, way in enumerate(ways)
                ]
        return []

    def _as_user(self):
        """The model as the current user sees it, archived dossiers included.

        Undoes a ``sudo()`` of the caller: a rule is evaluated as superuser, a
        field of a contact may be read by code that is.
        """
        return self.browse().sudo(False).with_context(active_test=False)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Open the dossier of the customer, even where a contact of his is given."""
        values = super().default_get(fields)
        if partner_id := values.get("partner_id"):
            partner = self.env["res.partner"].browse(partner_id)
            values["partner_id"] = partner.commercial_partner_id.id
        return values

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Describe the fields; the client offers archiving to archivists alone."""
        result = super().fields_get(allfields, attributes)
        active = result.get("active", {})
        if "readonly" in active and not self.env.user.has_group(KEEPER_GROUP):
            active["readonly"] = True
        return result

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        vals_list = [dict(vals) for vals in vals_list]
        self._check_register_right(set().union(*vals_list))
        self._check_not_on_file(vals_list)
        unnumbered = [vals for vals in vals_list if not vals.get("number")]
        for company, company_vals in self._group_by_company(unnumbered).items():
            numbers = self._next_numbers(company, len(company_vals))
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["number"] = number
        return super().create(vals_list)

    def write(self, vals):
        self._check_register_right(vals)
        return super().write(vals)

    def _get_history_dossier(self):
        return self

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_opened()
        # sudo: whoever may delete a dossier still being collected deletes all of it,
        # its history too
        for item_name in self._get_item_names():
            items = self.env[item_name].sudo().with_context(active_test=False)
            items.search([("dossier_id", "in", self.ids)]).unlink()
        return super().unlink()

    @api.model
    def _check_register_right(self, field_names):
        """Leave what the register rests on to those who keep it.

        :raises UserError: when anybody but an archivist gives or changes a number,
            or takes a dossier out of the register or back into it, or when a merge
            is written otherwise than by merging
        """
        if self.env.su:
            return
        is_keeper = self.env.user.has_group(KEEPER_GROUP)
        if "number" in field_names and not is_keeper:
            raise UserError(
                self.env._("The number of a dossier is changed by an archivist only.")
            )
        if "active" in field_names and not is_keeper:
            raise UserError(
                self.env._(
                    "A dossier is archived or taken back by an archivist only. "
                    "Where the cooperation has ended, close it instead."
                )
            )
        if "merged_into_id" in field_names:
            raise UserError(
                self.env._("Dossiers are merged by merging their customers.")
            )

    @api.model
    def _get_item_names(self):
        """Names of the models that hang on a dossier, those of other addons too."""
        item = self.env.registry["customer.dossier.item"]
        return [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, item) and not model._abstract
        ]

    @api.model
    def _group_by_company(self, vals_list):
        groups = {}
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            company = self.env["res.company"].browse(company_id)
            groups.setdefault(company, []).append(vals)
        return groups

    @api.model
    def _next_numbers(self, company, count):
        """Draw ``count`` dossier numbers from the sequence of ``company`` (S0-9).

        :return: list of str
        :raises UserError: when the company has no sequence for dossiers
        """
        # sudo: draws numbers only; a salesperson can't read sequences
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", self._name),
                    ("company_id", "in", (company.id, False)),
                ],
                order="company_id",
                limit=1,
            )
        )
        if not sequence:
            raise UserError(
                self.env._(
                    "There is no number sequence for dossiers. Ask your administrator."
                )
            )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _i in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(value) for (value,) in rows]

    @api.model
    def _check_not_on_file(self, vals_list):
        """Say who keeps the dossier a customer has already (S2-30, S4-27).

        :raises UserError: naming number and keeper only, never content
        """
        wanted = {
            (vals.get("partner_id"), vals.get("company_id") or self.env.company.id)
            for vals in vals_list
        }
        # sudo: finds dossiers the user may not see, and tells their stub alone
        existing = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("partner_id", "in", [partner_id for partner_id, _c in wanted]),
                    ("company_id", "in", self.env.companies.ids),
                    ("merged_into_id", "=", False),
                ],
                ["partner_id", "company_id", "number", "keeper_id"],
            )
        )
        for dossier in existing:
            if (dossier.partner_id.id, dossier.company_id.id) in wanted:
                raise UserError(dossier._get_on_file_message())

    def _get_on_file_message(self):
        """What anybody may know of an existing dossier: number and keeper."""
        self.ensure_one()
        if self.keeper_id:
            return self.env._(
                "%(customer)s is on file already: dossier %(number)s, kept by "
                "%(keeper)s. Ask the keeper for access.",
                customer=self.partner_id.name,
                number=self.number,
                keeper=self.keeper_id.name,
            )
        return self.env._(
            "%(customer)s is on file already: dossier %(number)s. "
            "Ask an archivist for access.",
            customer=self.partner_id.name,
            number=self.number,
        )

    def action_view_transactions(self):
        """Transactions of this dossier."""
        return self._open_items("customer_transaction_action")

    def action_view_persons(self):
        """Key persons of this dossier."""
        return self._open_items("customer_key_person_action")

    def _open_items(self, action_name):
        """What hangs on these dossiers, through a window action of the addon."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"customer_archive.{action_name}"
        )
        return {
            **action,
            "domain": [("dossier_id", "in", self.ids)],
            "context": {"default_dossier_id": self.id},
        }

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------

    def _merge_into(self, target):
        """Hand everything on file over to ``target`` and keep the rest readable.

        What hangs on the dossiers moves. The dossiers themselves stay archived
        under ``target``, so that no value of their form is lost.

        :param target: the dossier that goes on, of the same company
        """
        for item_name in self._get_item_names():
            # sudo: finds all that hangs there, what only the office reads, too; each
            # kind is then moved with the user's right, or says why not
            items = self.env[item_name].sudo().with_context(active_test=False)
            if items := items.search([("dossier_id", "in", self.ids)]):
                items.sudo(self.env.su)._move_to_dossier(target)
        # sudo: whoever merges may write these dossiers, which was asked before; the
        # link between them is kept from being written in any other way
        self.sudo().write(
            {
                "merged_into_id": target.id,
                "partner_id": target.partner_id.id,
                "active": False,
            }
        )
