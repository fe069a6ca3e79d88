from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .ir_rule import FILLED_RULES

# Where the transaction keeps the grounds: {user id: {model: [row]}}.
GROUNDS = "customer_access_grounds"


class CustomerAccessGround(models.AbstractModel):
    """Records on which somebody's access rests beside his groups (S2-20).

    All of them, whatever their model, are read in one query, once a transaction,
    which sees no later changes of others anyway. Its own changes are known at once;
    the clock is asked each time: what is given for a time ends to the second.
    """

    _name = "customer.access.ground"
    _description = "Ground of Access"

    # Fields whose change gives access, or takes it.
    _ground_fields = frozenset()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _get_live_grounds(self, users):
        """Id and subject of each record of this model on which access rests now.

        :param users: whose access
        :return: list of pairs, in the order of the ids
        """
        now = fields.Datetime.now()
        grounds = self._get_grounds(users.ids)
        return [
            (record_id, subject_id)
            for user_id in users.ids
            for record_id, subject_id, start, end in grounds[user_id][self._name]
            if (start is None or start <= now) and (end is None or now < end)
        ]

    @api.model
    def _get_grounds(self, user_ids):
        grounds = self.env.cr.cache.setdefault(GROUNDS, {})
        unknown = [user_id for user_id in user_ids if user_id not in grounds]
        if unknown:
            grounds.update(self._read_grounds(unknown))
        return grounds

    @api.model
    def _read_grounds(self, user_ids):
        queries = []
        for name in sorted(self._get_ground_models()):
            model = self.env[name]
            model.flush_model(model._ground_fields)
            queries.append(SQL("(%s)", model._select_grounds(user_ids)))
        query = SQL("%s ORDER BY 3", SQL(" UNION ALL ").join(queries))
        grounds = {user_id: defaultdict(list) for user_id in user_ids}
        for user_id, name, *row in self.env.execute_query(query):
            grounds[user_id][name].append(row)
        return grounds

    @api.model
    def _get_ground_models(self):
        name = CustomerAccessGround._name
        return self.env.registry.descendants([name], "_inherit") - {name}

    @api.model
    def _select_grounds(self, user_ids):
        """Select user, this model's name, id, subject, beginning and end.

        The subject is what access is given to: a team, a person, a dossier.
        """
        raise NotImplementedError

    # ------------------------------------------------------------------
    # Changes
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget_grounds()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self._ground_fields.isdisjoint(vals):
            self._forget_grounds()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_grounds()
        return result

    @api.model
    def _forget_grounds(self):
        """Ask anew, in this very transaction, what is open to whom."""
        self.env.cr.cache.pop(GROUNDS, None)
        self.env.cr.cache.pop(FILLED_RULES, None)
        by_model = defaultdict(list)
        for field, keys in self.env.registry.field_depends_context.items():
            if "uid" in keys and not field.store:
                by_model[field.model_name].append(field.name)
        for name, field_names in by_model.items():
            self.env[name].invalidate_model(field_names, flush=False)
