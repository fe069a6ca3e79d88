"""Filing order and page numbers against an independent implementation (S0-7, S0-8)."""

from datetime import date, timedelta
from functools import cmp_to_key

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.customer_archive.filing import (
    ROLES,
    Paper,
    get_order,
    get_page_ranges,
)

EPOCH = date(2024, 1, 1)


@st.composite
def papers(draw, by_hand=False):
    """Documents of which each belongs to an earlier one, or to none."""
    count = draw(st.integers(0, 12))
    drawn = []
    for number in range(1, count + 1):
        front = (
            draw(st.one_of(st.none(), st.integers(1, number - 1)))
            if number > 1
            else None
        )
        drawn.append(
            Paper(
                id=number,
                kind=draw(st.integers(1, 3)),
                date=draw(st.one_of(st.none(), st.integers(0, 9).map(_day))),
                front_id=front,
                role=draw(st.sampled_from(ROLES)) if front else None,
                place=draw(st.one_of(st.none(), st.integers(1, 15)))
                if by_hand
                else None,
            )
        )
    return draw(st.permutations(drawn))


def _day(number):
    return EPOCH + timedelta(days=number)


def _oracle(all_papers):
    """The rules said otherwise: compare any two documents where their ways part."""
    by_id = {paper.id: paper for paper in all_papers}

    def way(paper):
        steps = [paper]
        while steps[0].front_id:
            steps.insert(0, by_id[steps[0].front_id])
        return steps

    def compare(one, two):
        first, second = way(one), way(two)
        for depth, (a, b) in enumerate(zip(first, second, strict=False)):
            if a is b:
                continue
            for x, y in (
                (a.kind, b.kind)
                if not depth
                else (ROLES.index(a.role), ROLES.index(b.role)),
                (a.date is None, b.date is None),
                (a.date or EPOCH, b.date or EPOCH),
                (a.id, b.id),
            ):
                if x != y:
                    return -1 if x < y else 1
        return len(first) - len(second)

    return [paper.id for paper in sorted(all_papers, key=cmp_to_key(compare))]


@tagged("post_install", "-at_install")
class TestFiling(BaseCase):
    @given(papers())
    @settings(max_examples=300, deadline=None)
    def test_order_equals_an_independent_one(self, some):
        # S0-6 S0-7
        self.assertEqual(get_order(some), _oracle(some))

    @given(papers(by_hand=True))
    @settings(max_examples=200, deadline=None)
    def test_a_place_by_hand_is_kept(self, some):
        # S0-7
        order = get_order(some)
        self.assertEqual(sorted(order), sorted(paper.id for paper in some))
        by_hand = [paper for paper in some if paper.place]
        rest = [paper.id for paper in some if not paper.place]
        if len(by_hand) == 1:
            [paper] = by_hand
            self.assertEqual(order.index(paper.id), min(paper.place, len(some)) - 1)
        self.assertEqual(
            [number for number in order if number in rest],
            [number for number in get_order(some_without(some)) if number in rest],
        )

    @given(st.lists(st.integers(0, 40)), st.integers(1, 500))
    @settings(max_examples=200, deadline=None)
    def test_pages_run_on(self, counts, start):
        """Each number from the first to the last stands once."""
        # S0-8
        numbers = [
            number
            for first, last in get_page_ranges(counts, start)
            if first
            for number in range(first, last + 1)
        ]
        self.assertEqual(numbers, list(range(start, start + sum(counts))))

    def test_the_three_rules(self):
        # S0-6 S0-7
        request = Paper(1, 1, EPOCH, front_id=2, role="request")
        reply = Paper(2, 1, EPOCH)
        annex = Paper(3, 1, EPOCH, front_id=2, role="annex")
        draft = Paper(4, 1, EPOCH, front_id=2, role="draft")
        annex_of_request = Paper(5, 1, EPOCH, front_id=1, role="annex")
        order = get_order([request, reply, annex, draft, annex_of_request])
        self.assertEqual(order, [2, 4, 3, 1, 5])

    def test_a_circle_is_told(self):
        with self.assertRaises(ValueError):
            get_order(
                [Paper(1, front_id=2, role="annex"), Paper(2, front_id=1, role="annex")]
            )


def some_without(some):
    """The same documents, none of them placed by hand."""
    return [Paper(p.id, p.kind, p.date, p.front_id, p.role) for p in some]
