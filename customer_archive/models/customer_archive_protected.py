from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

RELATIONAL_OPERATORS = frozenset(("any", "not any"))


class CustomerArchiveProtected(models.AbstractModel):
    """What every model of the protected family has in common.

    Stands first in ``_inherit``. The access itself is decided by record rules;
    here are the doors that rules alone leave open.
    """

    _name = "customer.archive.protected"
    _description = "Protected Record of the Customer Archive"

    # Fields whose change may carry a record behind another lock.
    _moving_fields = frozenset()

    # ------------------------------------------------------------------
    # Search barrier
    # ------------------------------------------------------------------

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Search so that no condition is evaluated on rows the rules hide.

        Only a condition that computes on the row's data is fenced: comparing a
        column can't fail, and fencing every search would cost the index.
        """
        domain = Domain(domain)
        if self.env.su or bypass_access or not self._needs_fence(domain):
            return super()._search(
                domain,
                offset,
                limit,
                order,
                active_test=active_test,
                bypass_access=bypass_access,
            )
        allowed = super()._search([], active_test=False)
        query = super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=True
        )
        if allowed.is_empty():
            return allowed
        if not query.is_empty():
            # OFFSET 0 keeps PostgreSQL from moving conditions into the sub-query
            columns = SQL("%s.*", SQL.identifier(self._table))
            query._tables[self._table] = SQL("(%s OFFSET 0)", allowed.select(columns))
        return query

    @api.model
    def _needs_fence(self, domain):
        """Whether ``domain`` computes on a column (``date.month_number``).

        Be it a column of another model: what happens to a condition beside it
        must not depend on hidden rows either.
        """
        return _computes(self, domain)

    # ------------------------------------------------------------------
    # Reads, for the log
    # ------------------------------------------------------------------

    def _fetch_query(self, query, fields):
        records = super()._fetch_query(query, fields)
        records._on_content_read([field.name for field in fields])
        return records

    def _on_content_read(self, field_names):
        """Hook: the columns ``field_names`` of ``self`` were read from the database.

        Nothing is done here; an addon that keeps an access log extends it.
        """

    # ------------------------------------------------------------------
    # Writes
    # ------------------------------------------------------------------

    def write(self, vals):
        """Write, and check the access again where the record moved.

        Odoo checks the rules before a write only; without the second look a
        record could be carried behind another lock, or out of the writer's own.

        :raises AccessError: when the writer may not write the record where it
            would be afterwards
        """
        result = super().write(vals)
        if not self._moving_fields.isdisjoint(vals):
            self.check_access("write")
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a copy would carry secrets to where nobody keeps them."""
        raise UserError(self.env._("Records of the customer archive can't be copied."))


def _computes(model, domain):
    """Whether ``domain``, sub-domains included, has a condition on part of a column."""
    return any(_condition_computes(model, c) for c in domain.iter_conditions())


def _condition_computes(model, condition):
    for name in condition.field_expr.split("."):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            # the rest of the path is a part of a date, or of a property
            return name != condition.field_expr
        model = model.env[field.comodel_name] if field.relational else None
    if model is None or condition.operator not in RELATIONAL_OPERATORS:
        return False
    value = condition.value
    return isinstance(value, Domain | list | tuple) and _computes(model, Domain(value))
