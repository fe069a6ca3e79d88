from collections import defaultdict

from odoo import models


class CustomerDossier(models.Model):
    """To whom a dossier may be given: asked of the rules, in the batch."""

    # one model in several files: pylint: disable=consider-merging-classes-inherited
    _inherit = "customer.dossier"

    def _pick_readers(self, queues):
        """The first of each queue who may read the dossier, asked in the batch.

        :param queues: {dossier id: list of user ids}
        :return: {dossier id: user id or None}
        """
        picked = dict.fromkeys(queues)
        # read at once, with who asks: the defaults of a policy look at his company
        users = self.env["res.users"].browse({self.env.uid}.union(*queues.values()))
        place = 0
        while queues:
            asked = defaultdict(list)
            queues = {id_: ids for id_, ids in queues.items() if len(ids) > place}
            for id_, user_ids in queues.items():
                asked[user_ids[place]].append(id_)
            for user_id, ids in asked.items():
                user = users.browse(user_id).with_prefetch(users._ids)
                for id_ in self.browse(ids)._filter_open_to(user)._ids:
                    picked[id_] = user.id
                    del queues[id_]
            place += 1
        return picked

    def _filter_open_to(self, user):
        """Those of the dossiers that ``user`` may read and work on."""
        if not user.active:
            return self.browse()
        dossiers = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return dossiers._filtered_access("read")
