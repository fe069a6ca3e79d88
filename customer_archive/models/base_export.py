from odoo import models

# Of the transaction: the dossiers an export was told for.
TAKEN_OUT = "customer_archive_taken_out"
# What Odoo shows of a record to anybody.
STUB_FIELDS = frozenset(("id", ".id", "display_name"))


def shows_content(paths):
    """Whether columns of a record of the family show more than its stub."""
    return any(path and path[0] not in STUB_FIELDS for path in paths)


class Base(models.AbstractModel):
    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "base"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Export; first tell the archive whose dossiers leave it in the file.

        Whatever is exported: a column of a contact or an order may lead to a dossier.
        """
        if not _is_toplevel_call:
            return super()._export_rows(fields, _is_toplevel_call=False)
        dossiers = self._get_exported_dossiers(fields)
        if dossiers:
            dossiers._on_taken_out("export")
        self.env.cr.cache[TAKEN_OUT] = set(dossiers.ids)
        try:
            return super()._export_rows(fields)
        finally:
            self.env.cr.cache.pop(TAKEN_OUT, None)

    def _get_exported_dossiers(self, paths):
        """The dossiers whose content stands in the columns ``paths`` of ``self``."""
        if isinstance(self, self.env.registry["customer.archive.protected"]):
            return self._get_history_dossier()
        dossiers = self.env["customer.dossier"]
        for name, rests in self._group_paths(paths).items():
            rests = [rest for rest in rests if self._leads_to_content(name, rest)]
            if rests:
                dossiers |= self[name]._get_exported_dossiers(rests)
        return dossiers

    def _leads_to_content(self, name, rest):
        """Whether a column goes into the protected family, beyond a stub."""
        family = self.env.registry["customer.archive.protected"]
        if self._fields[name].comodel_name is None:
            return False
        comodel = self.env[self._fields[name].comodel_name]
        if isinstance(comodel, family):
            return shows_content([rest])
        return any(
            comodel._leads_to_content(head, further)
            for head, (further,) in comodel._group_paths([rest]).items()
        )

    def _group_paths(self, paths):
        """Columns by their first field, ``{name: rests}``; related ones unfolded.

        Properties are left out: where they lead, shows when they are read.
        """
        by_name = {}
        for path in filter(None, paths):
            field = self._fields.get(path[0])
            if field is None:
                continue
            steps = [*field.related.split("."), *path[1:]] if field.related else path
            if self._fields[steps[0]].relational:
                by_name.setdefault(steps[0], []).append(steps[1:])
        return by_name
