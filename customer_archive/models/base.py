from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# The operators whose pattern reaches the database as typed; the others get
# wildcards around it.
PATTERN_OPERATORS = frozenset(("=like", "=ilike", "not =like", "not =ilike"))


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Refuse a pattern that ends in a lone backslash, whatever the rows hold.

        The database itself refuses such a pattern only once it meets a row to
        compare with, so what the user sees would depend on rows nobody showed
        him. Every model is checked: a condition on a customer's orders may stand
        beside one on his dossier.

        :raises UserError: for a pattern that ends in an unfinished escape
        """
        domain = Domain(domain)
        if _has_dangling_escape(domain):
            raise UserError(
                self.env._("A search pattern can't end with a single backslash.")
            )
        return super()._search(domain, *args, **kwargs)


def _has_dangling_escape(domain):
    """Whether a pattern anywhere in ``domain``, sub-domains included, is cut off."""
    return any(map(_is_dangling, domain.iter_conditions()))


def _is_dangling(condition):
    value = condition.value
    if isinstance(value, Domain):
        return _has_dangling_escape(value)
    if condition.operator not in PATTERN_OPERATORS:
        return False
    pattern = str(value)
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1
