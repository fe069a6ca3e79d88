from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.http import request

# Of the transaction: how many fetches bring more columns than were asked for.
PREFETCHING = "customer_access_prefetching"


class CustomerArchiveProtected(models.AbstractModel):
    """Reads of content leave their line in the record of who looked (S2-43, S4-21).

    Columns are prefetched in bulk and cached for superuser code, too; so what counts
    is what was asked for, whether or not the database had to be asked.
    """

    _inherit = "customer.archive.protected"

    # Fields that tell no content: who keeps a record, and where it stands.
    _stub_fields = frozenset(
        (
            "active",
            "approval_id",
            "approval_ids",
            "company_id",
            "create_date",
            "create_uid",
            "currency_id",
            "display_name",
            "dossier_id",
            "id",
            "is_my_turn",
            "write_date",
            "write_uid",
        )
    )

    # ------------------------------------------------------------------
    # Reads
    # ------------------------------------------------------------------

    def fetch(self, field_names=None):
        if not self.browse().has_access("read"):
            self.check_access("read")  # is refused, and tells for which records
        result = super().fetch(field_names)
        self._note_read(self._fields if field_names is None else field_names)
        return result

    def _fetch_field(self, field):
        cache = self.env.cr.cache
        cache[PREFETCHING] = cache.get(PREFETCHING, 0) + 1
        try:
            result = super()._fetch_field(field)
        finally:
            cache[PREFETCHING] -= 1
        self._note_read([field.name])
        return result

    def _on_content_read(self, field_names):
        result = super()._on_content_read(field_names)
        self._note_read(field_names)
        return result

    def _note_read(self, field_names):
        """Note that the user was given ``field_names`` of these records."""
        if not self._is_watched() or self.env.cr.cache.get(PREFETCHING):
            return
        if not self._get_content_names(field_names):
            return
        self._note_dossiers(self._get_watched_dossiers())

    @api.model
    def _note_dossiers(self, dossiers):
        if dossiers:
            log = self.env["customer.access.log"]
            log._check_cap(dossiers)
            log._note(dossiers, log._get_what(len(dossiers)))

    @api.model
    def _is_watched(self):
        """Whether reads of this environment are somebody's.

        What code does as superuser is not; what the superuser does in person, is.
        """
        return not self.env.su or (self.env.uid == SUPERUSER_ID and bool(request))

    @api.model
    def _get_content_names(self, names):
        """Those of the fields (paths, specifications) that tell content, sorted."""
        heads = {name.partition(":")[0].partition(".")[0] for name in names}
        return sorted(
            name
            for name in heads - self._stub_fields
            if name in self._fields and not name.startswith(("activity_", "my_act"))
        )

    def _get_watched_dossiers(self):
        """The dossiers of these records, in at most one query."""
        # sudo: finds the dossiers whose numbers go on record; nobody is shown them
        records = self._origin.sudo().with_context(prefetch_fields=False)
        return records._get_history_dossier()

    # ------------------------------------------------------------------
    # Searches and groups
    # ------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        domain = Domain(domain)
        if self._is_watched() and not bypass_access:
            asked = [condition.field_expr for condition in domain.iter_conditions()]
            self._note_question("search", domain, asked)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        result = super()._read_group(domain, groupby, aggregates, *args, **kwargs)
        self._note_group(domain, [*groupby, *aggregates])
        return result

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        result = super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        groupby = [spec for specs in grouping_sets for spec in specs]
        self._note_group(domain, [*groupby, *aggregates])
        return result

    @api.model
    def _note_group(self, domain, specifications):
        if self._is_watched():
            self._note_question("group", Domain(domain), specifications)

    @api.model
    def _note_question(self, what, domain, asked):
        """Note a question about content: a search, or figures of a group.

        Asked about certain dossiers it is a look at these; otherwise the line names
        what was asked for, and no dossier.
        """
        names = self._get_content_names(asked)
        if not names:
            return
        dossiers = self._get_pinned_dossiers(domain)
        log = self.env["customer.access.log"]
        if dossiers is None:
            text = f"{self._name}: {', '.join(names)}"
            log._note(self.env["customer.dossier"], what, asked=text)
        elif not log._has_noted(dossiers):
            self._note_dossiers(dossiers._filtered_access("read"))

    @api.model
    def _get_pinned_dossiers(self, domain):
        """The dossiers to which ``domain`` limits itself by id; None: any."""
        is_and = getattr(domain, "OPERATOR", None) == "&"
        for condition in domain.children if is_and else [domain]:
            name = getattr(condition, "field_expr", None)
            if name not in ("id", "dossier_id"):
                continue
            if condition.operator not in ("=", "in"):
                continue
            ids = condition.value
            ids = [ids] if isinstance(ids, int) else ids
            if not all(isinstance(id_, int) for id_ in ids):
                continue
            if name == "dossier_id":
                return self.env["customer.dossier"].browse(ids)
            # sudo: finds the dossiers; which of them he reads, is asked after
            records = self.browse(ids).sudo().exists()
            return records._get_watched_dossiers().sudo(False)
        return None

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result is None:
            return None
        records, make_error = result
        if self._is_granted_model(operation):
            return result  # refused by a rule, which notes it itself

        def make_noted_error():
            records._note_denied(operation)
            return make_error()

        return records, make_noted_error

    @api.model
    def _is_granted_model(self, operation):
        access = self.env["ir.model.access"]
        return access.check(self._name, operation, raise_exception=False)

    def _on_denied(self, how):
        self._note_denied(how)
        return super()._on_denied(how)

    def _note_denied(self, operation):
        """Note that ``operation`` on these records was refused."""
        # sudo: finds the dossiers whose numbers go on record; nobody is shown them
        dossiers = self._origin.sudo().exists()._get_watched_dossiers()
        log = self.env["customer.access.log"]
        log._note(dossiers, "denied", asked=f"{operation} {self._name}")
