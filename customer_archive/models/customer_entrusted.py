from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Command, Domain


@dataclass(frozen=True)
class Kind:
    """One kind of things that a person has in hand.

    :param code: its name, kept in records
    :param label: its name in the reader's language
    :param field_names: who has it in hand; the first is written on handing over
    :param domain: which of them are still to be seen to
    :param dossier_path: from a record to its dossier; empty where there is none
    :param company_path: from a record to its company; empty where there is none
    :param method: method of ``customer.entrusted`` that hands records over; empty for
        what is listed only, such as a post
    """

    code: str
    label: str
    model_name: str
    field_names: list
    domain: Domain = Domain.TRUE
    dossier_path: str = "dossier_id"
    company_path: str = "dossier_id.company_id"
    method: str = "_pass_records"


class CustomerEntrusted(models.AbstractModel):
    """What a person has in hand, and how it is handed over (S3-17, S4-25).

    An addon adds its own kinds to :meth:`_get_kinds`. Whoever calls the other methods
    was asked for his right before: what a person has in hand is listed, counted and
    handed over whole, whoever may read it.
    """

    _name = "customer.entrusted"
    _description = "What a Person Has in Hand"

    @api.model
    def _get_kinds(self):
        """Hook: the kinds there are, in the order in which they are handed over."""
        return [
            Kind(
                "owner",
                self.env._("Customers as Account Owner"),
                "customer.dossier",
                ["user_id"],
                dossier_path="id",
                company_path="company_id",
                method="_pass_post",
            ),
            Kind(
                "keeper",
                self.env._("Dossiers as Archive Keeper"),
                "customer.dossier",
                ["keeper_id"],
                dossier_path="id",
                company_path="company_id",
                method="_pass_post",
            ),
            Kind(
                "liaison",
                self.env._("Key Persons as Our Liaison"),
                "customer.key.person",
                ["liaison_ids"],
                method="_pass_liaisons",
            ),
            Kind(
                "request",
                self.env._("Requests Waiting for Approval"),
                "customer.approval",
                ["requester_id"],
                Domain("state", "=", "pending"),
                company_path="company_id",
                method="_pass_requests",
            ),
            Kind(
                "activity",
                self.env._("Activities"),
                "mail.activity",
                ["user_id"],
                Domain("res_model", "in", self._get_activity_models())
                & Domain("active", "=", True),
                dossier_path="",
                company_path="",
                method="_pass_activities",
            ),
            Kind(
                "delegation",
                self.env._("Standing In for Others, or Others for Him"),
                "customer.approval.delegation",
                ["user_id", "delegate_id"],
                Domain("active", "=", True) & Domain("date_to", ">", "now"),
                dossier_path="",
                company_path="",
                method="",
            ),
            Kind(
                "team",
                self.env._("Sales Teams Led"),
                "crm.team",
                ["user_id", "archive_supervisor_ids"],
                dossier_path="",
                company_path="",
                method="",
            ),
        ]

    @api.model
    def _get_activity_models(self):
        """Models of the archive whose records carry activities."""
        mixin = self.env.registry["customer.archive.activity"]
        return [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]

    @api.model
    def _is_protected(self, model_name):
        """Whether records of that model hang on a dossier; gone addons' don't."""
        model = self.env.registry.get(model_name, object)
        return issubclass(model, self.env.registry["customer.archive.protected"])

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _get_domain(self, kind, users, company=None):
        """Records of ``kind`` that ``users`` have in hand."""
        people = (Domain(name, "in", users.ids) for name in kind.field_names)
        domain = kind.domain & Domain.OR(people)
        if company and kind.company_path:
            domain &= Domain(kind.company_path, "=", company.id)
        return domain

    @api.model
    def _find(self, kind, users, company=None):
        # sudo: see the class; archived dossiers have an owner too
        records = self.env[kind.model_name].sudo().with_context(active_test=False)
        return records.search(self._get_domain(kind, users, company))

    @api.model
    def _count(self, users, company=None):
        """How much of each kind ``users`` have in hand: ``{code: number}``."""
        counts = {}
        for kind in self._get_kinds():
            # sudo: counts alone
            records = self.env[kind.model_name].sudo().with_context(active_test=False)
            domain = self._get_domain(kind, users, company)
            counts[kind.code] = records.search_count(domain)
        return counts

    # ------------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------------

    @api.model
    def _hand_over(self, users, successors, company=None):
        """Hand over what ``users`` have in hand, except for what is listed only.

        :param successors: {(post, dossier id): user id or False}; a post is ``owner``
            or ``keeper``
        """
        for kind in self._get_kinds():
            if not kind.method:
                continue
            if records := self._find(kind, users, company):
                getattr(self, kind.method)(kind, records, users, successors)

    @api.model
    def _release(self, users):
        """Take everything from ``users``, who work here no longer.

        Nobody owns their customers until somebody is named; what has to be seen to
        goes to superiors, or else to the keeper.
        """
        self._hand_over(users, {})
        self._end_posts(users)

    @api.model
    def _end_posts(self, users):
        """Hook: end the posts of ``users``, which are handed to nobody."""
        kinds = {kind.code: kind for kind in self._get_kinds()}
        self._find(kinds["delegation"], users).write({"active": False})
        # sudo: see the class
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        teams.search([("user_id", "in", users.ids)]).write({"user_id": False})
        supervised = teams.search([("archive_supervisor_ids", "in", users.ids)])
        leave = [Command.unlink(user.id) for user in users]
        supervised.write({"archive_supervisor_ids": leave})
        # sudo: see the class
        members = self.env["crm.team.member"].sudo().with_context(active_test=False)
        # an archived one would come back with the user
        members.search([("user_id", "in", users.ids)]).unlink()

    @api.model
    def _pass_post(self, kind, dossiers, users, successors):
        """Name the successor in the post, or nobody."""
        heirs = dossiers.grouped(lambda d: successors.get((kind.code, d.id)) or False)
        for heir_id, own in heirs.items():
            own.write({kind.field_names[0]: heir_id})

    @api.model
    def _pass_records(self, kind, records, users, successors):
        """Hand each record to who is to look after its dossier from now on."""
        for heir, own in self._group_by_heir(records, users, successors):
            own.write({kind.field_names[0]: heir.id})

    @api.model
    def _pass_liaisons(self, kind, persons, users, successors):
        leave = [Command.unlink(user.id) for user in users]
        by_owner = persons.grouped(lambda person: person.dossier_id.user_id)
        for owner, own in by_owner.items():
            join = [Command.link(owner.id)] if owner else []
            own.write({"liaison_ids": leave + join})

    @api.model
    def _pass_requests(self, kind, approvals, users, successors):
        """Who owns the customer now asks for what is in his dossier; the rest ends."""
        of_dossiers = approvals.filtered(lambda a: self._is_protected(a.res_model))
        owned = of_dossiers.filtered(lambda a: a.dossier_id.user_id - users)
        for owner, own in owned.grouped(lambda a: a.dossier_id.user_id).items():
            own.write({"requester_id": owner.id})
        (approvals - owned)._withdraw(self.env._("Who asked for this has left."))

    @api.model
    def _pass_activities(self, kind, activities, users, successors):
        """Hand over what lies on the desk; what is of no dossier is taken off it."""
        for model_name, own in activities.grouped("res_model").items():
            # sudo: see the class
            records = self.env[model_name].sudo().browse(own.mapped("res_id"))
            heirs = {}
            if self._is_protected(model_name):
                heirs = self._find_heirs_of_records(records, users, successors)
            by_heir = own.grouped(lambda a, heirs=heirs: heirs.get(a.res_id))
            for heir, passed in by_heir.items():
                if heir:
                    quick = passed.with_context(mail_activity_quick_update=True)
                    quick.write({"user_id": heir.id})
                else:
                    passed.unlink()

    @api.model
    def _find_heirs_of_records(self, records, users, successors):
        """The same by id of a record that hangs on a dossier."""
        dossiers = {record.id: record._get_history_dossier() for record in records}
        all_dossiers = records.env["customer.dossier"].union(*dossiers.values())
        heirs = self._find_heirs(all_dossiers, users, successors)
        return {id_: heirs[dossier] for id_, dossier in dossiers.items()}

    # ------------------------------------------------------------------
    # Heirs
    # ------------------------------------------------------------------

    @api.model
    def _group_by_heir(self, records, users, successors):
        """Pairs of heir and records; what nobody may take over is left out."""
        heirs = self._find_heirs(records.dossier_id, users, successors)
        groups = records.grouped(lambda record: heirs[record.dossier_id])
        return [(heir, own) for heir, own in groups.items() if heir]

    @api.model
    def _find_heirs(self, dossiers, users, successors):
        """Who sees to what ``users`` leave undone at each dossier.

        The owner of the dossier, else the successor, superior, keeper, or a manager:
        the first of them who may read it.

        :return: {dossier: user, empty where there is nobody}
        """
        managers = self._get_managers() - users
        queues = {}
        for dossier in dossiers:
            successor = successors.get(("owner", dossier.id))
            people = (
                dossier.user_id
                | dossier.user_id.browse(filter(None, [successor]))
                | dossier._get_superiors()
                | dossier.keeper_id
            ) - users
            queues[dossier.id] = [*people.ids, *managers.ids]
        picked = dossiers._pick_readers(queues)
        # sudo: see the class
        nobody = self.env["res.users"].sudo()
        return {d: nobody.browse(filter(None, [picked[d.id]])) for d in dossiers}

    @api.model
    def _get_managers(self):
        # sudo: who holds the rank
        group = self.env.ref("customer_archive.group_archive_manager").sudo()
        return group.all_user_ids.filtered(lambda user: user.active and not user.share)
