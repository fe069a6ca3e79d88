"""Benchmarks: ours against a baseline, side by side in one run. See bin/bench."""

# file of the benchmark: numbers of customers at which it is run
SIZES = {
    "partner_list": (100_000,),
    "partner_form": (100_000,),
    "register_page": (100_000, 1_000_000),
    "load_dossiers": (100_000,),
    "completeness": (100_000,),
    "update_sweep": (100_000,),
    "tier_run": (100_000, 1_000_000),
    "retention": (100_000, 1_000_000),
    "locked_pages": (100_000, 1_000_000),
    "access_log": (100_000,),
    "many_users": (10_000,),
    # numbers of calls and visits
    "follow_up_sweep": (10_000, 100_000),
    # numbers of pages
    "volume_pdf": (5_000,),
}
# those that measure with the addons installed that close dossiers to their owners
LOCKED = frozenset(("access_log", "locked_pages", "many_users"))
# of these, those whose baseline has all the other addons
AGAINST_UNLOCKED = frozenset(("many_users",))
