"""The registry with the addons that close dossiers: what they add, in tables.

Who adds a model or a rule there adds a line here.
"""

import test_registry_lint as unlocked
from test_registry_lint import ALL, COMPANY, OWN, READ

from odoo.tests import tagged

# Models that hang on a dossier and share its lock.
ITEM_MODELS = frozenset()
# Stored links to a dossier of models that stand outside the family.
DEAD_END_LINKS = {
    ("customer.loan", "dossier_id"),
}
# Nobody writes these but the archive itself.
READ_ONLY_MODELS = ()
DOSSIER_RULES = {
    ("customer.dossier", "", "[('is_cleared', '=', True)]", ALL),
    (
        "customer.dossier",
        "group_archive_keeper,group_archive_reader,group_archive_user",
        "[('is_lent', '=', True)]",
        READ,
    ),
    ("customer.dossier", "group_archive_service", "[(1, '=', 1)]", READ),
}
# Limits on top of the lock.
NARROWER_RULES = {
    "customer.fact": {
        (
            "",
            "['|', ('source_level', '!=', '4'), "
            "('dossier_id.is_own_account', '=', True)]",
            ALL,
        ),
    },
}
# Rules of what stands around the family, white space left out.
AROUND_RULES = {
    ("customer.loan", "", COMPANY, ALL),
    ("customer.loan", "group_user", OWN, ALL),
}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestRegistryLintLocked(unlocked.TestRegistryLint):
    item_models = unlocked.TestRegistryLint.item_models | ITEM_MODELS
    dead_end_links = unlocked.DEAD_END_LINKS | DEAD_END_LINKS
    read_only_models = (*unlocked.READ_ONLY_MODELS, *READ_ONLY_MODELS)
    dossier_rules = unlocked.DOSSIER_RULES | DOSSIER_RULES
    narrower_rules = unlocked.NARROWER_RULES | NARROWER_RULES
    around_rules = unlocked.AROUND_RULES | AROUND_RULES
