from odoo import models

CONTENT_FIELDS = frozenset(("datas", "db_datas", "index_content", "raw"))


class IrAttachment(models.Model):
    """Files on records of the archive: opening one goes on record (S4-21)."""

    _inherit = "ir.attachment"

    def fetch(self, field_names=None):
        result = super().fetch(field_names)
        if not self.env.su and not CONTENT_FIELDS.isdisjoint(field_names or ()):
            self._note_files("file")
        return result

    def _compute_raw(self):
        result = super()._compute_raw()
        if not self.env.su:
            self._note_files("file")
        return result

    def _to_http_stream(self):
        # the record was checked before; what is streamed is found as superuser
        self._note_files("file")
        return super()._to_http_stream()

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result is None:
            return None
        files, make_error = result

        def make_noted_error():
            files._note_denied(operation)
            return make_error()

        return files, make_noted_error

    def _note_denied(self, operation):
        """Note that ``operation`` on these files was refused."""
        self._note_files("denied", asked=f"{operation} {self._name}")

    def _note_files(self, what, **details):
        dossiers = self._get_watched_dossiers()
        if dossiers:
            self.env["customer.access.log"]._note(dossiers, what, **details)

    def _get_watched_dossiers(self):
        """The dossiers on whose records these files hang."""
        family = self.env.registry["customer.archive.protected"]
        dossiers = self.env["customer.dossier"]
        # sudo: finds the dossiers whose numbers go on record; nobody is shown them
        by_model = self.sudo().exists().grouped("res_model")
        for model_name, files in by_model.items():
            model = self.env.get(model_name or "")
            if isinstance(model, family):
                records = model.browse(filter(None, files.mapped("res_id")))
                dossiers |= records.sudo().exists()._get_watched_dossiers()
        return dossiers
