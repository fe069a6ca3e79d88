from odoo import api, fields, models
from odoo.exceptions import AccessError

# Where the transaction keeps rules with the grounds filled in.
FILLED_RULES = "customer_access_rules"
# Operators that look at other rows than that of the dossier.
HIERARCHIC_OPERATORS = {"any", "not any", "any!", "not any!", "child_of", "parent_of"}
# Models whose refusals name nothing, beside whatever inherits of these.
LOCKED = (
    "customer.archive.protected",
    "customer.archive.activity",
    "customer.approval.decision",
    "customer.intake",
)


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """The rules; those of dossiers with the grounds of access filled in.

        One page asks for them again and again, of the database and of each record:
        whom they let in is worked out once, until a ground changes or the clock does.
        """
        rules = super()._compute_domain(model_name, mode)
        if model_name != "customer.dossier" or rules.is_true() or rules.is_false():
            return rules
        values = self._compute_domain_context_values()
        key = (self.env.uid, mode, self.env.context.get("tz"), *values)
        filled = self.env.cr.cache.setdefault(FILLED_RULES, {})
        now = fields.Datetime.now()
        known_rules, moment, domain = filled.get(key, (None, None, None))
        # other rules, groups or settings: Odoo has worked them out anew
        if known_rules is not rules or moment != now:
            # sudo: as Odoo works rules out; they ask for the user, not for his rights
            domain = self._fill_in(rules, self.env[model_name].sudo())
            filled[key] = (rules, now, domain)
        return domain

    @api.model
    def _fill_in(self, rules, model):
        """``rules`` of ``model`` as conditions on columns, where they can be."""
        if not all(self._can_be_filled_in(c, model) for c in rules.iter_conditions()):
            return rules
        return rules.optimize_full(model.with_context(active_test=False))

    @api.model
    def _can_be_filled_in(self, condition, model):
        """Whether nothing but grounds and the row itself decide on ``condition``."""
        if condition.field_expr in model._ground_conditions:
            return True
        field = model._fields.get(condition.field_expr)
        is_column = field and field.store and field.column_type
        return is_column and condition.operator not in HIERARCHIC_OPERATORS

    def _make_access_error(self, operation, records):
        """Name neither record nor rule when a protected record is refused.

        Odoo's own message lists names in debug mode, which every employee may
        switch on.
        """
        if records._name == "mail.activity":
            # whose own refusal is neutral; the name is what somebody wrote
            return records._make_access_error(operation)
        error = super()._make_access_error(operation, records)
        if not any(map(self._is_locked, self._get_told_models(records))):
            return error
        return AccessError(
            self.env._(
                "This part of the customer archive is not open to you.\n"
                "Ask the keeper of the dossier or your manager for access."
            )
        )

    @api.model
    def _get_told_models(self, records):
        """Names of the models whose content the names of ``records`` may tell."""
        if records._name != "ir.attachment":
            return [records._name]
        # sudo: what the files hang on; what they are called, nobody is told
        return records.sudo().exists().mapped("res_model")

    @api.model
    def _is_locked(self, model_name):
        registry = self.env.registry
        locked = tuple(registry[name] for name in LOCKED)
        return model_name in registry and issubclass(registry[model_name], locked)
