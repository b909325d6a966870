"""The 25 situations of the role policy, and further companies labelled by its text alone."""

import pytest

from bg_orchestration_tests.domain.judgement.labelled_groups import (
    Case,
    cases_in,
    group_of_case,
    predicates,
)
from bg_orchestration_tests.domain.people import POLICY

SHOWN = [*cases_in("situations.json"), *cases_in("groups.json")]
HELD_OUT_GOAL = 0.85


@pytest.mark.parametrize("case", SHOWN, ids=[case["id"] for case in SHOWN])
def test_a_group_is_as_the_policy_says(case: Case) -> None:
    group = group_of_case(case, POLICY)
    wrong = [words for words, met in predicates(case, group) if not met]
    assert not wrong, [(m.person_id, m.title, m.role) for m in group.members]


def test_most_companies_that_nobody_looked_at_are_right_in_every_point() -> None:
    cases = cases_in("groups_held_out.json")
    right = [all(met for _, met in predicates(c, group_of_case(c, POLICY))) for c in cases]
    assert sum(right) / len(right) >= HELD_OUT_GOAL
