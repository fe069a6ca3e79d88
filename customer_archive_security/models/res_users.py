from odoo import fields, models


class ResUsers(models.Model):
    """Whoever leaves takes nothing along, and finds nothing when he comes back."""

    _inherit = "res.users"

    def action_archive(self):
        """Hand over what lies on desks before Odoo deletes it there."""
        self.check_access("write")
        self.filtered("active")._leave_archive()
        return super().action_archive()

    def write(self, vals):
        leaving = self.browse()
        if "active" in vals and not vals["active"]:
            leaving = self.filtered("active")
        result = super().write(vals)
        leaving._leave_archive()
        return result

    def _leave_archive(self):
        """Take dossiers, loans and posts away, and show what is left unassigned."""
        # sudo: whoever may deactivate users need not read a single dossier; what is
        # done follows from that alone
        people = self.sudo().filtered(lambda user: not user.share)
        if not people:
            return
        for person in people:
            person._note_left_dossiers()
        self.env["customer.entrusted"]._release(people)

    def _note_left_dossiers(self):
        """Keep by number what the person leaves without having handed it over.

        A handover is prepared for each company, and put on the desk of who is to see
        to it (S3-17).
        """
        handovers = self.env["customer.handover"]
        for company in self.company_ids:
            handover = handovers._get_open(self, company)
            dossiers = {
                post: handover._get_dossiers_of(post, self, company)
                for post in ("owner", "keeper")
            }
            if not any(dossiers.values()):
                continue
            if not handover:
                handover = handovers.create(
                    {
                        "user_id": self.id,
                        "company_id": company.id,
                        "reason": "left",
                        "date": fields.Date.context_today(self),
                    }
                )
            handover._write_lines(dossiers, {})
            handover._tell_superiors()
