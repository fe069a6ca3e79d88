from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .base_export import TAKEN_OUT, shows_content

RELATIONAL_OPERATORS = frozenset(("any", "not any"))


class RowsRefused(Exception):
    """Some row of several is refused; which one, shows when each is tried alone."""


class CustomerArchiveProtected(models.AbstractModel):
    """What every model of the protected family has in common.

    Stands first in ``_inherit``. The access itself is decided by record rules;
    here are the doors that rules alone leave open.
    """

    _name = "customer.archive.protected"
    _inherit = ["customer.history.mixin"]
    _description = "Protected Record of the Customer Archive"

    _history_model = "customer.change"
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

    def _on_denied(self, how):
        """Hook: these records were refused, in other words than those of the rules.

        :param str how: what the user wanted to do with them
        """

    # ------------------------------------------------------------------
    # Prints and exports
    # ------------------------------------------------------------------

    def _on_taken_out(self, how):
        """Hook: content of these dossiers is about to leave the archive.

        Called for all dossiers of a print or an export at once, before anything is
        produced.

        :param str how: ``print`` or ``export``
        """
        self._check_taken_out(how)

    def _check_taken_out(self, how):
        """Hook: refuse what may not leave the archive; nothing has left yet."""

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Export; no dossier of which the hook above does not know.

        The others were told for the whole file; a property leads here otherwise.
        """
        told = self.env.cr.cache.get(TAKEN_OUT)
        if not _is_toplevel_call and told is not None and shows_content(fields):
            dossiers = self._get_history_dossier()
            untold = dossiers.browse(set(dossiers.ids) - told)
            if untold:
                untold._on_taken_out("export")
            told.update(untold.ids)
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    # ------------------------------------------------------------------
    # Forms
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Defaults; none from a record that is closed to the user."""
        values = super().default_get(fields)
        self._check_links(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        """Fill a form in; not from a record that is closed to the user.

        What is stored is computed as superuser: given the id of a hidden dossier, a
        form would propose what stands there.

        :raises AccessError: when a value leads to a record he may not read
        """
        self._check_links(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_links(self, values):
        """Ask whether the user may read what ``values`` of a form lead to."""
        family = self.env.registry["customer.archive.protected"]
        for name, value in values.items():
            field = self._fields.get(name)
            if not value or field is None or not field.relational:
                continue
            comodel = self.env[field.comodel_name].sudo(False)
            if not isinstance(comodel, family):
                continue
            if field.type == "many2one":
                comodel.browse(_get_id(value)).check_access("read")
                continue
            for command in value if isinstance(value, list | tuple) else ():
                self._check_command(comodel, command)

    @staticmethod
    def _check_command(comodel, command):
        """The same for one command on the lines of a form."""
        if not isinstance(command, list | tuple):
            comodel.browse(_get_id(command)).check_access("read")
            return
        code, row_id, *rest = command
        if code in (Command.CREATE, Command.UPDATE) and rest:
            comodel._check_links(rest[0] or {})
        if code in (Command.UPDATE, Command.LINK) and isinstance(row_id, int):
            comodel.browse(row_id).check_access("read")
        if code == Command.SET and rest:
            comodel.browse(rest[0]).check_access("read")

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

    # ------------------------------------------------------------------
    # History (S2-29)
    # ------------------------------------------------------------------

    def _prepare_history_vals(self, name):
        return {
            "dossier_id": self._get_history_dossier().id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _get_history_dossier(self):
        """The dossier in whose history a change of this record stands."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Import
    # ------------------------------------------------------------------

    def _convert_records(self, records, **kwargs):
        """Convert, and leave out the rows with an error.

        A name that fits several records is an error too: Odoo would take the first
        of them. A row with an error isn't tried: the database would refuse it in
        words nobody understands, and write its content into the log of the server.
        """
        wrong_rows = set()
        log = kwargs.get("log", lambda _message: None)

        def note(message):
            if message["type"] == "warning":
                message["type"] = "error"
            if message["type"] == "error":
                wrong_rows.add(message["rows"]["from"])
            log(message)

        kwargs["log"] = note
        converted = super()._convert_records(records, **kwargs)
        for record_id, xml_id, values, info in converted:
            if info["rows"]["from"] not in wrong_rows:
                yield record_id, xml_id, values, info

    def _load_records(self, data_list, update=False):
        """Create or write rows; a refusal is told for the row that caused it.

        Odoo tries all rows at once, then one by one. What the first try refuses it
        would tell for the first row, which may be right.
        """
        try:
            return super()._load_records(data_list, update)
        except UserError as error:
            if len(data_list) == 1:
                raise
            raise RowsRefused from error

    def copy(self, default=None):  # pylint: disable=method-required-super
        """Refuse: a copy would carry secrets to where nobody keeps them."""
        raise UserError(self.env._("Records of the customer archive can't be copied."))


def _get_id(value):
    """Id in a value of a form: a number, a pair with the name, or a dictionary."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, list | tuple):
        value = value[0] if value else False
    return value if isinstance(value, int) else False


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
