from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

YEARS = 3


class CustomerAccountPlan(models.Model):
    """The texts an author begins with: what the dossier knows already (S1-2)."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.account.plan"

    @api.onchange("dossier_id")
    def _onchange_dossier_id(self):
        """Propose a text wherever there is none yet."""
        for plan in self:
            dossier = plan.dossier_id._origin
            texts = self._get_texts(dossier).get(dossier.id, {})
            for name, text in texts.items():
                plan[name] = plan[name] or text

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["dossier_id"])
        vals_list = [{**default, **vals} for vals in vals_list]
        new = [vals for vals in vals_list if not vals.get("previous_id")]
        dossiers = self.env["customer.dossier"].browse(
            {vals["dossier_id"] for vals in new if vals.get("dossier_id")}
        )
        texts = self._get_texts(dossiers)
        return super().create(
            [{**texts.get(vals.get("dossier_id"), {}), **vals} for vals in vals_list]
        )

    @api.model
    def _get_texts(self, dossiers):
        """Texts by the id of the dossier, of those open to the user.

        What a form proposes for another would tell him of it.
        """
        readable = dossiers.sudo(False)._filtered_access("read")
        trade = self._read_trade(readable)
        return {
            dossier.id: self._prepare_texts(dossier, trade.get(dossier, []))
            for dossier in readable
        }

    @api.model
    def _prepare_texts(self, dossier, trade):
        facts = dossier.fact_ids.grouped("topic")
        persons = dossier.person_ids
        return {
            "summary": self._join(
                [
                    self._label(dossier, "tier_id", dossier.tier_id.code),
                    self._label(dossier, "customer_class"),
                    self._label(
                        dossier, "credit_grade_id", dossier.credit_grade_id.name
                    ),
                    *trade[:1],
                ]
            ),
            "overview_persons": self._join(map(self._describe_person, persons)),
            "overview_events": self._join(
                self._describe_facts(facts, "overview", "organisation")
            ),
            "overview_swot": self._get_swot(),
            "overview_needs": self._join(
                [
                    dossier.preferences,
                    *self._describe_facts(facts, "plans", "investment"),
                    *(
                        self._pair(person.partner_id.name, person.concerns)
                        for person in persons
                    ),
                ]
            ),
            "rival_status": self._join(
                [
                    dossier.competitor_relations,
                    *self._describe_facts(facts, "market"),
                ]
            ),
            "history": self._join(
                [
                    self._label(dossier, "first_contact_date"),
                    self._label(dossier, "first_deal_date"),
                    dossier.our_relations,
                    dossier.cooperation_attitude,
                    dossier.credit_history,
                ]
            ),
            "business": self._join(
                [*trade, dossier.trade_terms, dossier.trade_activity]
            ),
            "our_swot": self._get_swot(
                dossier.advantages,
                dossier.disadvantages,
                dossier.potential,
                dossier.problems,
            ),
            "relations": self._join(map(self._describe_relation, persons)),
            "objectives": dossier.strategy,
        }

    @api.model
    def _read_trade(self, dossiers):
        """A line for each of the last years in which there was trade.

        :return: {dossier: list of str, the latest year first}
        """
        first = date(fields.Date.context_today(self).year - YEARS, 1, 1)
        groups = self.env["customer.transaction"]._read_group(
            [("dossier_id", "in", dossiers.ids), ("date", ">=", first)],
            ["dossier_id", "date:year"],
            ["amount_company:sum", "__count"],
            order="date:year desc",
        )
        lines = {}
        for dossier, year, amount, count in groups:
            currency = dossier.company_id.currency_id
            text = self.env._(
                "Trade in %(year)s: %(amount)s (%(count)s)",
                year=year.year,
                amount=formatLang(self.env, amount, currency_obj=currency),
                count=count,
            )
            lines.setdefault(dossier, []).append(text)
        return lines

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _describe_person(self, person):
        labels = self._get_words(person, "buying_role", "attitude")
        parts = [person.partner_id.name, person.function, *labels]
        return ", ".join(filter(None, parts))

    @api.model
    def _describe_relation(self, person):
        # sudo: the names of our own people
        liaisons = ", ".join(person.sudo().liaison_ids.mapped("name"))
        known = [*self._get_words(person, "attitude"), liaisons]
        return self._pair(person.partner_id.name, ", ".join(filter(None, known)))

    @api.model
    def _describe_facts(self, facts, *topics):
        for topic in topics:
            for fact in facts.get(topic, ()):
                day = format_date(self.env, fact.learned_date)
                yield self._pair(day, fact.information)
                yield fact.implication

    @api.model
    def _get_words(self, record, *names):
        """What is chosen from lists, in the author's language."""
        for name in names:
            labels = dict(record._fields[name]._description_selection(self.env))
            yield labels.get(record[name])

    @api.model
    def _get_swot(self, *texts):
        labels = (
            self.env._("Strengths"),
            self.env._("Weaknesses"),
            self.env._("Opportunities"),
            self.env._("Threats"),
        )
        texts = texts or ("",) * len(labels)
        return "\n".join(
            self.env._("%(label)s: %(text)s", label=label, text=text or "")
            for label, text in zip(labels, texts, strict=True)
        )

    @api.model
    def _label(self, record, name, text=None):
        """“Name of the field: value”; empty where nothing is known."""
        field = record._fields[name]
        if field.type == "selection":
            text = next(self._get_words(record, name))
        elif field.type == "date":
            text = format_date(self.env, record[name])
        return self._pair(field._description_string(self.env), text)

    @api.model
    def _pair(self, label, text):
        if not text:
            return ""
        return self.env._("%(label)s: %(text)s", label=label, text=text)

    @api.model
    def _join(self, lines):
        return "\n".join(filter(None, lines))
