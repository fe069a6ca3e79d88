from odoo import api, models


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    @api.model
    def _run_rhythm(self, name, dossiers):
        """Run an automation of the rhythm, for what Odoo's own triggers don't see."""
        automation = self.env.ref(
            f"customer_archive_visits.{name}", raise_if_not_found=False
        )
        # sudo: whoever changed the dossiers need not be allowed to read automations
        automation = automation and automation.sudo()
        if automation and automation.active:
            automation._run_on_all(dossiers)

    def _process(self, records, domain_post=None):
        """Run those of the rhythm once for all records: there may be thousands."""
        own = self._get_rhythm_automations()
        if self not in own:
            return super()._process(records, domain_post=domain_post)
        changed = records.filtered(self._check_trigger_fields)
        if changed:
            self._run_on_all(changed)
        return None

    @api.model
    def _get_rhythm_automations(self):
        names = ("automation_rhythm_dossier", "automation_rhythm_owner")
        automations = self.browse()
        for name in names:
            xml_id = f"customer_archive_visits.{name}"
            automations |= self.env.ref(xml_id, raise_if_not_found=False) or automations
        return automations

    def _run_on_all(self, records):
        context = {
            "active_model": records._name,
            "active_ids": records.ids,
            "active_id": records.ids[:1] and records.ids[0],
        }
        # sudo: as Odoo's own do; an automation is the administrator's, whoever sets it
        # off, and hands nothing back
        for action in self.sudo().action_server_ids:
            action.with_context(**context).run()
