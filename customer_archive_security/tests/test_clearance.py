from odoo.tests import tagged

from .security_common import ROLES, SecurityCase

# Who reads what without a loan, all dossiers being of the owner's, in the leader's
# team: an independent table (S0-25, S1-19, S2-20).
EVERYBODY = {"owner", "leader", "manager", "director", "executive", "keeper", "service"}
TIER = {
    "A": EVERYBODY - {"owner", "leader"},
    "B": EVERYBODY,
    "C": EVERYBODY,
    None: EVERYBODY,
}
SECRECY = {
    "public": EVERYBODY,
    "internal": EVERYBODY,
    "secret": EVERYBODY - {"owner"},
    "confidential": {"director", "executive"},
    None: EVERYBODY,
}


@tagged("post_install", "-at_install")
class TestClearance(SecurityCase):
    def test_tier_and_secrecy_limit_every_role(self):
        """Tier and secrecy are limits that add up."""
        # S0-25 S1-19 S2-20 S4-5 S4-9 S4-21
        for tier, by_tier in TIER.items():
            for secrecy, by_secrecy in SECRECY.items():
                dossier = self.make(tier, secrecy)
                seen = {role for role in ROLES if self.sees(role, dossier)}
                self.assertEqual(seen, by_tier & by_secrecy, (tier, secrecy))

    def test_owner_reads_where_the_setting_says_so(self):
        # S0-25
        dossier = self.make("A")
        self.assertEqual(self.tiers["A"].closed_owner_count, 1)
        self.assertFalse(self.sees("owner", dossier))
        self.tiers["A"].with_user(self.users["settings"]).owner_may_read = True
        self.assertTrue(self.sees("owner", dossier))
        self.assertTrue(self.sees("owner", dossier, "write"))
        self.assertFalse(self.sees("leader", dossier))

    def test_change_of_tier_moves_access_at_once(self):
        dossier = self.make("B")
        self.assertTrue(self.sees("owner", dossier))
        dossier.tier_id = self.tiers["A"]
        self.assertFalse(self.sees("owner", dossier))

    def test_level_4_facts_are_the_accounts_own_peoples(self):
        # S1-12
        dossier = self.make("B", keeper_id=self.users["keeper"].id)
        other = self.make("B", user_id=False, team_id=False)
        facts = self.env["customer.fact"].create(
            [
                {
                    "dossier_id": of.id,
                    "information": "Tender criteria",
                    "topic": topic,
                    "source_level": "4",
                }
                for of in (dossier, other)
                for topic in [
                    self.env["customer.fact"]._fields["topic"].selection[0][0]
                ]
            ]
        )
        for role in EVERYBODY:
            seen = self.env["customer.fact"].with_user(self.users[role])
            mine = facts[0] if role in {"owner", "leader", "keeper"} else facts[:0]
            self.assertEqual(seen.search([("id", "in", facts.ids)]), mine, role)

    def test_a_loan_satisfies_clearance_and_ends(self):
        # S3-12 S4-22
        dossier = self.make("A", "confidential")
        loan = self.lend(dossier, "owner")
        self.assertTrue(self.sees("owner", dossier))
        self.assertFalse(self.sees("leader", dossier))
        # what is lent is read, his own customer's dossier too
        self.assertFalse(self.sees("owner", dossier, "write"))
        loan.state = "returned"
        self.assertFalse(self.sees("owner", dossier))
