"""The registry with the addons that close dossiers: what they add, in tables.

Who adds a model or a rule there adds a line here.
"""

import test_registry_lint as unlocked
from test_registry_lint import ALL, COMPANY, EVERYTHING, OWN, READ, SUPERVISED, WRITE

from odoo.tests import tagged

# Models that hang on a dossier and share its lock.
ITEM_MODELS = frozenset(
    {
        "customer.disclosure.line",
        "customer.secrecy.change",
        "customer.subject.request",
    }
)
# Stored links to a dossier of models that stand outside the family.
DEAD_END_LINKS = {
    ("customer.copy", "dossier_id"),
    ("customer.loan", "dossier_id"),
}
# Nobody writes these but the archive itself.
READ_ONLY_MODELS = (
    "customer.copy",
    "customer.disclosure.line",
    "customer.incident.change",
    "customer.loan",
    "customer.secrecy.change",
    "customer.undertaking.confirmation",
)
DOSSIER_RULES = {
    ("customer.dossier", "", "[('is_cleared', '=', True)]", READ),
    ("customer.dossier", "", "[('is_rank_cleared', '=', True)]", WRITE),
    ("customer.dossier", "", "[('is_undertaken', '=', True)]", ALL),
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
OF_HANDOVER = "[('handover_id.is_readable','=',True)]"
FEW = "group_archive_auditor,group_archive_executive"
# Rules of what stands around the family, white space left out.
AROUND_RULES = {
    ("customer.copy", "", COMPANY, ALL),
    (
        "customer.copy",
        "group_archive_reader,group_archive_user",
        "['|',('user_id','=',user.id),('dossier_id.is_readable','=',True)]",
        ALL,
    ),
    ("customer.copy", "group_archive_auditor,group_archive_keeper", EVERYTHING, ALL),
    ("customer.disclosure", "", COMPANY, ALL),
    ("customer.disclosure", "", OWN, WRITE),
    (
        "customer.disclosure",
        "group_archive_keeper,group_archive_reader,group_archive_user",
        "['|',('user_id','=',user.id),('is_open_to_me','=',True)]",
        ALL,
    ),
    ("customer.disclosure", "group_archive_auditor", EVERYTHING, ALL),
    ("customer.handover", "", COMPANY, ALL),
    ("customer.handover", "", "[('user_id','!=',user.id)]", WRITE),
    ("customer.handover", "group_archive_user", OWN, ALL),
    ("customer.handover", "group_archive_supervisor", SUPERVISED, ALL),
    (
        "customer.handover",
        "group_archive_auditor,group_archive_keeper,group_archive_manager,"
        "group_archive_service",
        EVERYTHING,
        ALL,
    ),
    ("customer.handover.successor", "", OF_HANDOVER, READ),
    (
        "customer.handover.successor",
        "",
        "[('handover_id.is_writable','=',True)]",
        WRITE,
    ),
    ("customer.handover.part", "", OF_HANDOVER, ALL),
    ("customer.handover.line", "", OF_HANDOVER, ALL),
    ("customer.incident", "", COMPANY, ALL),
    ("customer.incident", "", "[('person_ids','notin',user.ids)]", ALL),
    ("customer.incident", "group_user", "[('handler_ids','in',user.ids)]", ALL),
    ("customer.incident", FEW, EVERYTHING, ALL),
    (
        "customer.incident.action",
        "",
        "[('incident_id.company_id','in',company_ids)]",
        ALL,
    ),
    (
        "customer.incident.action",
        "",
        "[('incident_id.person_ids','notin',user.ids)]",
        ALL,
    ),
    (
        "customer.incident.action",
        "group_user",
        "['|',('user_id','=',user.id),('incident_id.handler_ids','in',user.ids),]",
        ALL,
    ),
    ("customer.incident.action", FEW, EVERYTHING, ALL),
    (
        "customer.incident.change",
        "",
        "[('incident_id.company_id','in',company_ids)]",
        ALL,
    ),
    (
        "customer.incident.change",
        "",
        "[('incident_id.person_ids','notin',user.ids)]",
        ALL,
    ),
    (
        "customer.incident.change",
        "group_user",
        "[('incident_id.handler_ids','in',user.ids)]",
        ALL,
    ),
    ("customer.incident.change", FEW, EVERYTHING, ALL),
    ("customer.incident.report", "", "[('reporter_id','=',user.id)]", ALL),
    ("customer.loan", "", COMPANY, ALL),
    (
        "customer.loan",
        "group_user",
        "['|','|',('user_id','=',user.id),('is_my_turn','=',True),"
        "('approval_ids.decision_ids.user_id','=',user.id),]",
        ALL,
    ),
    (
        "customer.loan",
        "group_archive_supervisor",
        "[('dossier_id.is_readable','=',True)]",
        ALL,
    ),
    (
        "customer.loan",
        "group_archive_auditor,group_archive_keeper,group_archive_service",
        EVERYTHING,
        ALL,
    ),
    ("customer.undertaking", "group_user", "[('version','>',0)]", ALL),
    ("customer.undertaking", "group_archive_admin", EVERYTHING, ALL),
    ("customer.undertaking.confirmation", "group_user", OWN, ALL),
    (
        "customer.undertaking.confirmation",
        "group_archive_admin,group_archive_auditor,group_archive_keeper,"
        "group_archive_manager,group_archive_service",
        EVERYTHING,
        ALL,
    ),
}


@tagged("post_install", "-at_install", "customer_archive_security")
class TestRegistryLintLocked(unlocked.TestRegistryLint):
    item_models = unlocked.TestRegistryLint.item_models | ITEM_MODELS
    dead_end_links = unlocked.DEAD_END_LINKS | DEAD_END_LINKS
    read_only_models = (*unlocked.READ_ONLY_MODELS, *READ_ONLY_MODELS)
    dossier_rules = unlocked.DOSSIER_RULES | DOSSIER_RULES
    narrower_rules = unlocked.NARROWER_RULES | NARROWER_RULES
    around_rules = unlocked.AROUND_RULES | AROUND_RULES
