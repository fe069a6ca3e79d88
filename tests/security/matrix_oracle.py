"""Who may do what to which dossier: worked out in plain Python, without Odoo.

The tables follow the policies, not the rules of the database: S0-25, S1-18, S1-19,
S2-20, S2-27, S3-9 to S3-12, S4-21 to S4-23.
"""

from dataclasses import dataclass
from itertools import product

TIERS = ("A", "B", "C", None)
SECRECY = ("public", "internal", "secret", "confidential")
# What a reader must be cleared for.
TIER_LIMIT = {"A": "a"}
SECRECY_LIMIT = {"secret": "secret", "confidential": "confidential"}
# A loan opens a dossier in one state alone, and between its dates.
LOANS = (
    "draft",
    "requested",
    "live",
    "future",
    "expired",
    "ended",
    "returned",
    "revoked",
    "refused",
    "other",
)


@dataclass(frozen=True)
class Role:
    groups: str
    way: str = ""  # all, own or team: whose dossiers are open to him
    clearances: frozenset = frozenset()
    writes: bool = False
    rank: str = ""  # who may delete, by kind of record
    company: str = "home"
    loan: str = ""  # the state of a loan of each dossier to him

    @property
    def borrows(self):
        return self.loan == "live"


ARCHIVE = "customer_archive.group_archive_"
SECURITY = "customer_archive_security.group_"
ROLES = {
    "portal": Role("base.group_portal"),
    "employee": Role("base.group_user,base.group_partner_manager"),
    "exporter": Role("base.group_user,base.group_allow_export"),
    "system": Role("base.group_system"),
    "settings": Role(f"{ARCHIVE}admin"),
    "auditor": Role(f"{SECURITY}archive_auditor"),
    "reader": Role(f"{ARCHIVE}reader"),
    # cleared for everything, but with no way in
    "only_cleared": Role(
        f"{ARCHIVE}reader,{SECURITY}clearance_a,{SECURITY}clearance_confidential"
    ),
    "owner": Role(f"{ARCHIVE}user", "own", writes=True, rank="user"),
    "cleared_owner": Role(
        f"{ARCHIVE}user,{SECURITY}clearance_a",
        "own",
        frozenset("a"),
        writes=True,
        rank="user",
    ),
    "colleague": Role(f"{ARCHIVE}user", rank="user"),
    "leader": Role(
        f"{ARCHIVE}supervisor",
        "team",
        frozenset({"secret"}),
        writes=True,
        rank="supervisor",
    ),
    "other_leader": Role(
        f"{ARCHIVE}supervisor",
        "team",
        frozenset({"secret"}),
        writes=True,
        rank="supervisor",
    ),
    "ex_leader": Role(
        f"{ARCHIVE}supervisor", clearances=frozenset({"secret"}), rank="supervisor"
    ),
    "manager": Role(
        f"{ARCHIVE}manager",
        "all",
        frozenset({"a", "secret"}),
        writes=True,
        rank="supervisor",
    ),
    "director": Role(
        f"{SECURITY}archive_director",
        "all",
        frozenset({"a", "secret", "confidential"}),
        writes=True,
        rank="supervisor",
    ),
    "executive": Role(
        f"{SECURITY}archive_executive",
        "all",
        frozenset({"a", "secret", "confidential"}),
        writes=True,
        rank="supervisor",
    ),
    "keeper": Role(
        f"{ARCHIVE}keeper",
        "all",
        frozenset({"a", "secret"}),
        writes=True,
        rank="keeper",
    ),
    "service": Role(
        f"{SECURITY}archive_service", "all", frozenset({"a", "secret"}), rank="service"
    ),
    "foreign_director": Role(
        f"{SECURITY}archive_director",
        "all",
        frozenset({"a", "secret", "confidential"}),
        writes=True,
        rank="supervisor",
        company="abroad",
    ),
    "foreign_borrower": Role(f"{ARCHIVE}reader", company="abroad", loan="live"),
    "seller_live": Role(f"{ARCHIVE}user", rank="user", loan="live"),
    "seller_expired": Role(f"{ARCHIVE}user", rank="user", loan="expired"),
    **{f"borrower_{state}": Role(f"{ARCHIVE}reader", loan=state) for state in LOANS},
}
# Who leads which team, and who owns the dossiers of it.
TEAMS = {
    "north": ("leader", "owner"),
    "south": ("other_leader", "cleared_owner"),
}


@dataclass(frozen=True)
class Case:
    """A dossier of the matrix."""

    number: int
    tier: str
    secrecy: str
    team: str
    company: str = "home"
    active: bool = True

    @property
    def leader(self):
        return TEAMS[self.team][0]

    @property
    def owner(self):
        return TEAMS[self.team][1]


def make_cases():
    """Each tier with each secrecy and team; some abroad, some archived."""
    grades = list(product(TIERS, SECRECY))
    rows = [(*grade, team) for grade in grades for team in TEAMS]
    rows += [
        ("A", "confidential", "north", "abroad"),
        ("C", "public", "south", "abroad"),
    ]
    for tier, secrecy in (("A", "secret"), ("B", "internal")):
        rows.append((tier, secrecy, "north", "home", False))
    return [Case(number, *row) for number, row in enumerate(rows)]


# What is not lent with its dossier: who has no other right than a loan.
NOT_LENT = {"customer.subject.request"}
# What the archive keeps of its own work: for these ranks alone.
OFFICE = {
    "customer.review.line": {"user", "supervisor", "keeper"},
    "customer.review.finding": {"user", "supervisor", "keeper"},
    "customer.disposal.line": {"supervisor", "keeper"},
    "customer.stock.taking.line": {"keeper"},
    # the copy of whoever asked for it, who is none of these
    "customer.volume.print": set(),
}


def may_read(name, case, model="customer.dossier"):
    """S2-20: the company and the clearance limit, a way in opens; a loan is both."""
    role = ROLES[name]
    if role.company != case.company:
        return False
    if model in NOT_LENT and role.groups == f"{ARCHIVE}reader":
        return False
    if role.rank not in OFFICE.get(model, {role.rank}):
        return False
    if role.borrows:
        return True
    return _has_way(name, role, case) and _is_cleared(role, case)


def may_write(name, case):
    """A loan is for reading; customer service keeps, but does not change (S4-19)."""
    role = ROLES[name]
    return (
        role.writes
        and role.company == case.company
        and _has_way(name, role, case)
        and _is_cleared(role, case)
    )


def may_read_insider(name, case):
    """S1-12: what an insider told is for the account's own people."""
    return may_read(name, case) and name in (case.owner, case.leader)


def _has_way(name, role, case):
    if role.way == "own":
        return name == case.owner
    if role.way == "team":
        return name == case.leader
    return role.way == "all"


def _is_cleared(role, case):
    limits = {TIER_LIMIT.get(case.tier), SECRECY_LIMIT.get(case.secrecy)} - {None}
    return limits <= role.clearances


# By which channel the record of who looked has what comes through a door, and as what.
DOORS = {
    "web": ("web", "form"),
    "json2": ("json2", "api"),
    "xmlrpc": ("xmlrpc", "api"),
    "report": ("web", "print"),
    "export": ("web", "export"),
    "content": ("web", "file"),
}


def is_refused(name, case, door):
    """Whether a probe through the door that gave nothing was a refusal of this dossier.

    A search that finds nothing is none; who exports nothing at all is not asked what.
    """
    if door == "xmlrpc" or (door == "export" and name == "portal"):
        return False
    return door in ("report", "export") or not may_read(name, case)


def leaves_line(name, case, model="customer.dossier", by_id=True, is_content=True):
    """S2-43, S4-21: what the record of who looked must hold of a probe, or None.

    Content that was given, and what was refused. A list that leaves rows out refuses
    nobody, and what anybody may know of a dossier is no content.
    """
    if may_read(name, case, model):
        return "read" if is_content else None
    return "denied" if by_id else None


# Who may delete, where he may write; models that are not here are not exact.
UNLINKERS = {
    "customer.dossier": {"keeper"},
    "customer.key.person": {"supervisor", "keeper"},
    "customer.transaction": {"supervisor", "keeper"},
    "customer.yearly.figure": {"supervisor", "keeper"},
    "customer.fact": {"supervisor", "keeper"},
}
# Written by whoever may write the dossier.
WRITTEN = frozenset(UNLINKERS)


def may(name, operation, model, case):
    """True or False; None where he may do it at most as far as ``may_write`` says."""
    if operation == "read":
        return may_read(name, case, model)
    if not may_write(name, case):
        return False
    if model not in WRITTEN:
        return None
    return operation != "unlink" or ROLES[name].rank in UNLINKERS[model]
