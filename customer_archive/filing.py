"""The order in which documents are filed, and the pages they take up (S0-6 to S0-8).

Knows nothing of the database: numbers and dates in, places and pages out.
"""

import datetime
from dataclasses import dataclass

# What lies behind another document and belongs to it, in the order in which it is
# filed behind it. S0-7: the reply before the request, the main text before its annex,
# the printed copy before its final draft.
ROLES = ("draft", "annex", "language", "forwarded", "request")


@dataclass(frozen=True)
class Paper:
    """A document as far as its place goes.

    :param id: of the document; earlier entered is smaller
    :param kind: place of its kind in the file plan
    :param date: of the document, None where unknown: filed after those with a date
    :param front_id: the document it is filed behind, if it belongs to one
    :param role: one of ROLES where it does
    :param place: counted from 1, where somebody has set it by hand
    """

    id: int
    kind: int = 0
    date: datetime.date | None = None
    front_id: int | None = None
    role: str | None = None
    place: int | None = None


def get_order(papers):
    """Ids of ``papers`` in filing order, whatever order they come in.

    What belongs together stays together: kind, then date, of the document in front
    decides. A document set by hand takes its place among the others.

    :raises ValueError: where documents are filed behind each other in a circle
    """
    papers = list(papers)
    by_front = {}
    known = {paper.id for paper in papers}
    for paper in papers:
        front_id = paper.front_id if paper.front_id in known else None
        by_front.setdefault(front_id, []).append(paper)
    order = []
    waiting = sorted(by_front.get(None, ()), key=_get_front_key, reverse=True)
    while waiting:
        paper = waiting.pop()
        order.append(paper)
        behind = sorted(by_front.get(paper.id, ()), key=_get_behind_key, reverse=True)
        waiting.extend(behind)
    if len(order) < len(papers):
        raise ValueError("documents are filed behind each other in a circle")
    return _put_by_hand(order)


def get_page_ranges(page_counts, start=1):
    """First and last page number of each document, running on from ``start``.

    :param page_counts: how many pages of each document, in filing order, bear text
    :return: list of ``(first, last)``; ``(0, 0)`` for what bears none
    """
    ranges, page = [], start
    for count in page_counts:
        ranges.append((page, page + count - 1) if count > 0 else (0, 0))
        page += max(count, 0)
    return ranges


def _get_front_key(paper):
    return paper.kind, paper.date or datetime.date.max, paper.id


def _get_behind_key(paper):
    role = ROLES.index(paper.role) if paper.role in ROLES else len(ROLES)
    return role, paper.date or datetime.date.max, paper.id


def _put_by_hand(order):
    ids = [paper.id for paper in order if not paper.place]
    by_hand = [paper for paper in order if paper.place]
    for paper in sorted(by_hand, key=lambda paper: (paper.place, paper.id)):
        ids.insert(max(paper.place - 1, 0), paper.id)
    return ids
