from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _is_of_archive(self, model_name):
        """Whether activities on that model stand behind the archive's lock."""
        registry = self.env.registry
        locked = (
            registry["customer.archive.protected"],
            registry["customer.archive.activity"],
        )
        return model_name in registry and issubclass(registry[model_name], locked)

    @api.model
    def _is_open_to(self, records, user):
        """Whether ``user`` may read ``records``, whatever companies others work in."""
        # sudo: which companies are his, to ask the rules as he would
        companies = user.sudo().company_ids
        records = records.with_user(user)
        records = records.with_context(allowed_company_ids=companies.ids)
        return records.has_access("read")

    @api.constrains("user_id", "res_model_id", "res_model", "res_id")
    def _check_assigned_may_read(self):
        """Assign nobody an activity on a protected record that is closed to him.

        :raises AccessError: when the record is closed to who assigns
        :raises UserError: naming nobody's access but the assigned person's
        """
        locked = self.filtered(lambda a: self._is_of_archive(a.res_model))
        by_person = locked.grouped(lambda a: (a.res_model, a.user_id))
        for (model_name, user), activities in by_person.items():
            records = self.env[model_name].browse(activities.mapped("res_id"))
            # asked first: who else may read it is not told to everybody
            records.check_access("read")
            if user and not self._is_open_to(records, user):
                raise UserError(
                    self.env._(
                        "%(person)s may not read this dossier. "
                        "Choose somebody who may.",
                        person=user.name,
                    )
                )

    # ------------------------------------------------------------------
    # An activity is as open as its record
    # ------------------------------------------------------------------

    def _check_access(self, operation):
        """Close an activity with its record, to who it is assigned to as well.

        Odoo goes on showing it to him when he has lost the record.
        """
        result = super()._check_access(operation)
        if operation != "read" or not self:
            return result
        allowed = self - result[0] if result else self
        # sudo: where they lie, to close more of them
        rows = [(a.id, a.res_model, a.res_id) for a in allowed.sudo()]
        if closed := self.browse(self._get_closed_ids(rows)):
            forbidden = closed + result[0] if result else closed
            return forbidden, lambda: forbidden._make_access_error(operation)
        return result

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        query = super()._search(domain, offset, limit, order, **kwargs)
        if self.env.su or kwargs.get("bypass_access") or query.is_empty():
            return query
        names = ("id", "res_model", "res_id")
        columns = [self._field_to_sql(self._table, name) for name in names]
        rows = self.env.execute_query(query.select(*columns))
        closed = self._get_closed_ids(rows)
        if not closed:
            return query
        found = self.browse(id_ for id_, _model, _res_id in rows if id_ not in closed)
        return found._as_query(order)

    @api.model
    def _get_closed_ids(self, rows):
        """Ids of the activities on protected records that the user may not read.

        :param rows: id, model and record's id of each activity
        """
        res_ids = {}
        for _id, model_name, res_id in rows:
            if model_name and self._is_of_archive(model_name):
                res_ids.setdefault(model_name, set()).add(res_id)
        open_ids = {
            model_name: set(
                self.env[model_name].browse(ids).exists()._filtered_access("read").ids
            )
            for model_name, ids in res_ids.items()
        }
        return {
            id_
            for id_, model_name, res_id in rows
            if model_name in open_ids and res_id not in open_ids[model_name]
        }
