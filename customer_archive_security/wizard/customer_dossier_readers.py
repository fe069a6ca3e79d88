from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class CustomerDossierReaders(models.TransientModel):
    """Who can see a dossier, and through what (S1-19, S2-14, S2-47).

    Yes or no is asked of the rules themselves, for each user; what they are called is
    only told. Holds the number of the dossier, not a link: an auditor asks, too.
    """

    _name = "customer.dossier.readers"
    _description = "Who Can See a Dossier"

    dossier_res_id = fields.Integer(readonly=True)
    name = fields.Char(readonly=True)
    user_count = fields.Integer(string="People", readonly=True)
    line_ids = fields.One2many("customer.dossier.reader", "readers_id", readonly=True)

    @api.model
    def _open(self, dossier_id):
        """Find out for the dossier of that id; the caller has checked who asks."""
        # sudo: number and customer are no secret; the rules are asked for each user
        dossier = self.env["customer.dossier"].sudo().browse(dossier_id).exists()
        # sudo: only the archive itself makes these lines
        readers = self.sudo().create(
            {
                "dossier_res_id": dossier.id,
                "name": dossier.display_name,
                "line_ids": [
                    fields.Command.create(vals) for vals in self._prepare_lines(dossier)
                ],
            }
        )
        readers.user_count = len(readers.line_ids)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Can See This Dossier"),
            "res_model": self._name,
            "res_id": readers.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_lines(self, dossier):
        """Values of a line for each person who can read ``dossier``."""
        # sudo: everybody in the company is asked for
        users = self.env["res.users"].sudo().search([("share", "=", False)])
        users.fetch(["name", "company_ids"])
        ends = self._get_loan_ends(dossier)
        ways = self._get_ways()
        lines = []
        for user in users:
            if not dossier.sudo(False)._filter_open_to(user):
                continue
            lines.append(
                {
                    "user_id": user.id,
                    "ways": ", ".join(self._tell_ways(dossier, user, ways)),
                    "clearance": self._tell_clearance(dossier, user),
                    "date_end": ends.get(user.id),
                    "may_write": self._may_write(dossier, user),
                }
            )
        return lines

    @api.model
    def _as(self, dossier, user):
        """The dossier as ``user`` has it, in all his companies."""
        dossier = dossier.sudo(False).with_user(user)
        return dossier.with_context(
            active_test=False, allowed_company_ids=user.company_ids.ids
        )

    @api.model
    def _may_write(self, dossier, user):
        return self._as(dossier, user).has_access("write")

    @api.model
    def _get_loan_ends(self, dossier):
        """When the live loans of the dossier end: ``{user id: datetime}``."""
        # sudo: of everybody
        loans = self.env["customer.loan"].sudo()
        now = fields.Datetime.now()
        live = loans.search(
            [
                ("dossier_id", "=", dossier.id),
                ("state", "=", "granted"),
                ("date_start", "<=", now),
                ("date_end", ">", now),
            ],
            order="date_end",
        )
        return {loan.user_id.id: loan.date_end for loan in live}

    @api.model
    def _get_ways(self):
        """Rules that let somebody in, and what each is called here."""
        # sudo: rules and groups are read to name them
        rules = self.env["ir.rule"].sudo()
        ways = rules.search(
            [
                ("model_id.model", "=", "customer.dossier"),
                ("perm_read", "=", True),
                ("groups", "!=", False),
            ]
        )
        names = {
            "customer_archive.customer_dossier_rule_user": self.env._("Account owner"),
            "customer_archive.customer_dossier_rule_supervisor": self.env._(
                "Leads the team"
            ),
            "customer_archive.customer_dossier_rule_manager": self.env._(
                "Manager, all customers"
            ),
            "customer_archive.customer_dossier_rule_keeper": self.env._("Archivist"),
            "customer_archive_security.customer_dossier_rule_lent": self.env._("Loan"),
            "customer_archive_security.customer_dossier_rule_service": self.env._(
                "Customer service"
            ),
        }
        xml_ids = ways.get_external_id()
        return [(rule, names.get(xml_ids[rule.id], rule.name)) for rule in ways]

    @api.model
    def _tell_ways(self, dossier, user, ways):
        """Names of the rules by which the dossier is open to ``user``."""
        # sudo: as rules are evaluated; what comes of it is a name of a rule
        mine = self._as(dossier, user).sudo()
        for rule, name in ways:
            if not rule.groups & user.all_group_ids:
                continue
            values = rule.with_env(mine.sudo(False).env)._eval_context()
            domain = Domain(safe_eval(rule.domain_force or "[]", values))
            if mine.filtered_domain(domain):
                yield name

    @api.model
    def _tell_clearance(self, dossier, user):
        """Names of the clearances the dossier asks for; empty: it asks for none."""
        groups = dossier.tier_id.clearance_group_id
        groups |= dossier.secrecy_id.clearance_group_id
        missing = groups - user.all_group_ids
        names = ", ".join((groups - missing).mapped("name"))
        if not missing:
            return names
        return ", ".join(
            filter(None, (names, self.env._("without clearance, let in all the same")))
        )
