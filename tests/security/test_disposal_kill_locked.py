"""The same with the addon that closes dossiers: loans, disclosures, who looked."""

import test_disposal_kill as unlocked

from odoo.tools import SQL

from odoo.addons.customer_archive_security.models.customer_access_table import (
    insert_notes,
)


class TestDisposalKillLocked(unlocked.TestDisposalKill):
    """Who borrowed, got or read it, and when, stays known; no word of it does."""

    # S2-13 S2-47

    def _fill(self, env, dossiers):
        super()._fill(env, dossiers)
        # each is being read on loan
        env.cr.execute(
            "UPDATE customer_loan SET state = 'granted', user_id = 1, date_start ="
            " now() - interval '1 day', date_end = now() + interval '1 day'"
        )
        notes = [(1, dossier.id, "form", "web", "") for dossier in dossiers]
        insert_notes(env.cr, notes)
        self._disclose(env)
        env.invalidate_all()

    def _disclose(self, env):
        """A disclosure of each, approved with a comment."""
        env.cr.execute("ALTER TABLE canary ADD disclosure_id int")
        env.cr.execute(
            "UPDATE canary SET disclosure_id = nextval('customer_disclosure_id_seq')"
        )
        env.cr.execute(
            "INSERT INTO customer_disclosure (id, number, company_id, user_id, date,"
            " state, copy_limit, copy_count, recipient, purpose, content, answer,"
            " basis_reference)"
            " SELECT disclosure_id, 'D' || disclosure_id, 1, 1, now(), 'given', 1, 1,"
            " 'Bank', word, word, word, word FROM canary"
        )
        env.cr.execute(
            "UPDATE customer_disclosure_line l SET disclosure_id = c.disclosure_id"
            " FROM canary c WHERE c.dossier_id = l.dossier_id"
        )
        env.cr.execute(
            SQL(
                "WITH made AS (INSERT INTO customer_approval (res_model, res_id,"
                " company_id, requester_id, date, route_id, state)"
                " SELECT 'customer.disclosure', disclosure_id, 1, 1, now(), %s,"
                " 'approved' FROM canary RETURNING id, res_id)"
                " INSERT INTO customer_approval_decision (approval_id, step_name,"
                " user_id, date, decision, comment)"
                " SELECT made.id, 'any', 1, now(), 'approved', word"
                " FROM made JOIN canary ON disclosure_id = res_id",
                env.ref("customer_archive.customer_approval_route_dossier").id,
            )
        )

    def _check_filled(self, env, found):
        super()._check_filled(env, found)
        for name in ("customer.loan", "customer.disclosure"):
            self.assertEqual(found[env[name]._table], unlocked.DESTROYED)

    def _check_stubs(self, env):
        super()._check_stubs(env)
        dossiers = env["customer.dossier"].search([("state", "=", "destroyed")])
        lent = [("dossier_id", "in", dossiers.ids)]
        loans = env["customer.loan"].search(lent)
        self.assertEqual(len(loans), unlocked.DESTROYED)
        self.assertEqual(set(loans.mapped("state")), {"revoked"})
        self.assertEqual(env["customer.copy"].search_count(lent), unlocked.DESTROYED)
        looks = env["customer.access.log"].search(
            [("dossier_res_id", "in", dossiers.ids)]
        )
        self.assertEqual(len(looks), unlocked.DESTROYED)
        self.assertEqual(looks.loan_id, loans)
        self.assertFalse(any(looks.mapped("purpose")))
