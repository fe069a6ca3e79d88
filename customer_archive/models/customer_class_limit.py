from odoo import api, fields, models
from odoo.tools import format_amount, format_list

from .customer_dossier_class import YearOfTrade

CLASS_YEARS = {"important": 3, "stable": 2}
MEASURES = ("yearly_amount", "single_amount", "potential_amount", "top_rank")
NO_TRADE = YearOfTrade(0.0, 0.0)


class CustomerClassLimit(models.Model):
    """What a customer of a company reaches to be important, or stable (S4-2, S4-3).

    The source leaves the numbers blank: a limit that is empty is not set and is met
    by nobody, and neither is a class without any.
    """

    _name = "customer.class.limit"
    _description = "Limit of a Customer Class"
    # important comes before stable by the alphabet, here and in SQL
    _order = "company_id, customer_class, id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_class = fields.Selection(
        [("important", "Important"), ("stable", "Stable")],
        string="Class",
        required=True,
    )
    years = fields.Integer(
        string="Years in a Row",
        required=True,
        default=3,
        aggregator=None,
        help="So many full calendar years before this one are looked at.",
    )
    yearly_amount = fields.Monetary(
        string="Each Year",
        aggregator=None,
        help="Trade of each of these years at the least; empty: not set.",
    )
    single_amount = fields.Monetary(
        string="Single Order",
        aggregator=None,
        help="The largest transaction of these years and of this one at the least; "
        "empty: not set.",
    )
    potential_amount = fields.Monetary(
        string="Yearly Total or Potential",
        aggregator=None,
        help="Trade of last year, of this one, or the yearly potential written in the "
        "dossier, at the least; empty: not set.",
    )
    top_rank = fields.Integer(
        string="National Rank Up To",
        aggregator=None,
        help="Among the first so many of the national ranking; empty: not set.",
    )
    combine = fields.Selection(
        [("any", "One Is Enough"), ("all", "All Are Needed")],
        required=True,
        default="any",
        help="Of the limits that are set.",
    )
    is_set = fields.Boolean(compute="_compute_remark")
    remark = fields.Char(compute="_compute_remark")

    _company_class_uniq = models.Constraint(
        "UNIQUE(company_id, customer_class)", "The company has this class already."
    )
    _limits_positive = models.Constraint(
        "CHECK(years BETWEEN 1 AND 20 AND yearly_amount >= 0 AND single_amount >= 0"
        " AND potential_amount >= 0 AND top_rank >= 0)",
        "Look at 1 to 20 years. A limit is not negative.",
    )

    @api.depends("customer_class", *MEASURES)
    @api.depends_context("lang")
    def _compute_remark(self):
        for limit in self:
            limit.is_set = any(limit[name] for name in MEASURES)
            if limit.is_set:
                limit.remark = limit._get_unset_message()
            else:
                limit.remark = self.env._(
                    "No limit is set: no customer reaches this class by the rules."
                )

    @api.depends("customer_class", "company_id")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit._get_class_label()} ({limit.company_id.name})"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["customer.dossier"]._recount_soon()
        return super().create(vals_list)

    def write(self, vals):
        self.env["customer.dossier"]._recount_soon()
        return super().write(vals)

    def unlink(self):
        self.env["customer.dossier"]._recount_soon()
        return super().unlink()

    @api.model
    def _get_limits(self, company):
        """Both limits of ``company``, empty ones where it has none yet."""
        # sudo: limits are no secret; everybody is told what his customers lack
        known = self.sudo().search([("company_id", "=", company.id)])
        known = {limit.customer_class: limit for limit in known}
        for code, years in CLASS_YEARS.items():
            vals = {"company_id": company.id, "customer_class": code, "years": years}
            # sudo: empty ones, never saved
            yield known.get(code) or self.sudo().new(vals)

    @api.model
    def _make_missing(self, companies):
        """Make the rows of these companies that are not there yet, without a limit.

        :raises AccessError: for anybody but who may set limits
        """
        known = self.search([("company_id", "in", companies.ids)])
        known = {(limit.company_id, limit.customer_class) for limit in known}
        self.create(
            [
                {"company_id": company.id, "customer_class": code, "years": years}
                for company in companies
                for code, years in CLASS_YEARS.items()
                if (company, code) not in known
            ]
        )

    # ------------------------------------------------------------------
    # One dossier; a million are done in SQL
    # ------------------------------------------------------------------

    def _is_reached(self, dossier, trade):
        """Whether ``dossier`` with its ``trade`` by year is of this class."""
        met = [self._is_met(name, dossier, trade) for name in MEASURES if self[name]]
        return bool(met) and (all(met) if self.combine == "all" else any(met))

    def _is_met(self, name, dossier, trade):
        value = self._get_value(name, dossier, trade)
        if name == "top_rank":
            return 0 < value <= self.top_rank
        return value >= self[name]

    def _get_value(self, name, dossier, trade):
        """What ``dossier`` has, to be compared with the limit ``name``."""
        this_year = self._get_this_year()
        match name:
            case "yearly_amount":
                return min(trade.get(y, NO_TRADE).total for y in self._get_past_years())
            case "single_amount":
                years = (*self._get_past_years(), this_year)
                return max(trade.get(year, NO_TRADE).largest for year in years)
            case "potential_amount":
                totals = [trade.get(this_year - n, NO_TRADE).total for n in (0, 1)]
                return max(*totals, dossier.potential_amount)
        return dossier.national_rank

    @api.model
    def _get_this_year(self):
        return fields.Date.context_today(self).year

    def _get_past_years(self):
        this_year = self._get_this_year()
        return range(this_year - self.years, this_year)

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    def _explain(self, dossier, trade):
        """Lines that say what is asked for, and what ``dossier`` has."""
        if not self.is_set:
            return [
                self.env._(
                    "No limit is set for “%(class_name)s”: no customer reaches it by "
                    "the rules. Ask your administrator.",
                    class_name=self._get_class_label(),
                )
            ]
        lines = [
            self._get_heading(),
            *(
                self._explain_measure(name, dossier, trade)
                for name in MEASURES
                if self[name]
            ),
            self._get_unset_message(),
        ]
        return list(filter(None, lines))

    def _explain_measure(self, name, dossier, trade):
        past = self._get_past_years()
        values = {
            "mark": "✓" if self._is_met(name, dossier, trade) else "✗",
            "first": str(past[0]),
            "last": str(past[-1]),
        }
        value = self._get_value(name, dossier, trade)
        if name == "top_rank":
            values |= {"limit": self.top_rank, "value": value}
            if not value:
                return self.env._(
                    "%(mark)s Among the first %(limit)s of the country; "
                    "the place is not known",
                    **values,
                )
            return self.env._(
                "%(mark)s Among the first %(limit)s of the country; place %(value)s",
                **values,
            )
        values |= {"limit": self._format(self[name]), "value": self._format(value)}
        match name:
            case "yearly_amount":
                totals = ((year, trade.get(year, NO_TRADE).total) for year in past)
                totals = [f"{year}: {self._format(total)}" for year, total in totals]
                values["value"] = format_list(self.env, totals)
                return self.env._(
                    "%(mark)s Each year from %(first)s to %(last)s at least %(limit)s; "
                    "so far %(value)s",
                    **values,
                )
            case "single_amount":
                return self.env._(
                    "%(mark)s A single order since %(first)s of at least %(limit)s; "
                    "the largest so far %(value)s",
                    **values,
                )
        return self.env._(
            "%(mark)s Yearly total or potential at least %(limit)s; so far %(value)s",
            **values,
        )

    def _get_heading(self):
        if self.combine == "all":
            return self.env._(
                "%(class_name)s: all of these are needed",
                class_name=self._get_class_label(),
            )
        return self.env._(
            "%(class_name)s: one of these is enough", class_name=self._get_class_label()
        )

    def _get_unset_message(self):
        """Which limits are not set, or False."""
        labels = [
            self._fields[name]._description_string(self.env)
            for name in MEASURES
            if not self[name]
        ]
        return bool(labels) and self.env._(
            "Not set: %(limits)s", limits=format_list(self.env, labels)
        )

    def _get_class_label(self):
        labels = self._fields["customer_class"]._description_selection(self.env)
        return dict(labels).get(self.customer_class)

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)
