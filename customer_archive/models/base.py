from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

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
        if self._has_dangling_escape(domain):
            raise UserError(
                self.env._("A search pattern can't end with a single backslash.")
            )
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _has_dangling_escape(self, domain):
        """Whether a pattern of ``domain``, sub-domains included, is cut off."""
        return any(map(self._is_dangling, domain.iter_conditions()))

    @api.model
    def _is_dangling(self, condition):
        value = condition.value
        if isinstance(value, Domain):
            return self._has_dangling_escape(value)
        if condition.operator not in PATTERN_OPERATORS:
            return False
        pattern = str(value)
        if _ends_escaping(pattern):
            return True
        if pattern.isascii() or not self.env.registry.has_unaccent:
            return False
        # the database is to compare without accents, and so another pattern
        unaccented = self.env.registry.unaccent(SQL("%s::text", pattern))
        ((pattern,),) = self.env.execute_query(SQL("SELECT %s", unaccented))
        return _ends_escaping(pattern)


def _ends_escaping(pattern):
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1
