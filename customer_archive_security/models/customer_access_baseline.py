from odoo import api, fields, models

KINDS = ("rule", "access", "group")


class CustomerAccessBaseline(models.Model):
    """Rules, rights and groups as the addons shipped them.

    Taken when an addon is installed or updated, never from what a person changed.
    """

    _name = "customer.access.baseline"
    _description = "Access as Shipped"
    _order = "kind, subject"

    kind = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    subject = fields.Char(required=True, readonly=True)
    state = fields.Text(required=True, readonly=True)

    _key_uniq = models.Constraint("UNIQUE(kind, key)", "One line for each of them.")

    @api.model
    def _get_current(self):
        """``{(kind, key, subject): text}`` of all there is now."""
        states = {}
        for model_name in ("ir.rule", "ir.model.access", "res.groups"):
            # sudo: compares settings, for who sees to them
            records = (
                self.env[model_name].sudo().with_context(active_test=False, lang=None)
            )
            records = records.search([("id", "!=", False)])
            states.update(records._get_access_states())
        return {state: states[state] for state in states if state[0] in KINDS}

    @api.model
    def _take_missing(self):
        """Keep what the addons shipped that is not kept yet, at each installation.

        What a person made has no XML id.
        """
        # sudo: an addon is installed by whoever may
        kept = {(b.kind, b.key) for b in self.sudo().search([("key", "!=", "")])}
        current = self._get_current()
        shipped = self._get_shipped_keys()
        self._take(
            [s for s in current if s[:2] not in kept and s[1] in shipped], current
        )

    @api.model
    def _get_shipped_keys(self):
        """Keys of the records that installed addons brought."""
        # sudo: which addon made a record, tells no more
        data = self.env["ir.model.data"].sudo()
        found = data.search_fetch(
            [
                ("model", "in", ["ir.rule", "ir.model.access", "res.groups"]),
                # those of exports and imports are of people's own records
                ("module", "not =like", "\\_\\_%"),
            ],
            ["model", "res_id"],
        )
        return {f"{line.model},{line.res_id}" for line in found}

    @api.model
    def _take(self, changed, states):
        """Keep how what an addon just ``changed`` is now."""
        # sudo: an addon is installed by whoever may
        baselines = self.sudo()
        changed = [state for state in changed if state[0] in KINDS]
        kept = baselines.search([("key", "in", [key for _kind, key, _name in changed])])
        kept.filtered(
            lambda b: any((b.kind, b.key) == state[:2] for state in changed)
        ).unlink()
        baselines.create(
            [
                {"kind": kind, "key": key, "subject": subject, "state": states[state]}
                for state in changed
                if states.get(state) is not None
                for kind, key, subject in [state]
            ]
        )

    @api.model
    def _find_differences(self):
        """``[(kind, subject, shipped, now)]``: what differs from what was shipped."""
        # sudo: compares settings, for who sees to them
        shipped = {(b.kind, b.key): b for b in self.sudo().search([("key", "!=", "")])}
        current = {
            state[:2]: (state[2], text) for state, text in self._get_current().items()
        }
        differences = []
        for kind, key in sorted({*shipped, *current}):
            baseline = shipped.get((kind, key))
            subject, text = current.get((kind, key), (None, None))
            if (baseline and baseline.state) != text:
                name = subject or baseline.subject
                differences.append((kind, name, baseline and baseline.state, text))
        return differences
