"""The 25 situations of the role policy, and further companies labelled by its text alone."""

import pytest

from benchmarks.groups import CALIBRATION_GOAL, GOALS, calibration_error, outcomes_of
from bg_orchestration_tests.domain.judgement.labelled_groups import (
    cases_in,
    group_of_case,
    predicates,
)
from bg_orchestration_tests.domain.people import POLICY


@pytest.mark.parametrize(
    ("file", "goal"),
    [("situations.json", 0.92), ("groups.json", 0.92), ("groups_held_out.json", 0.85)],
)
def test_groups_are_as_the_policy_says_in_every_point(file: str, goal: float) -> None:
    wrong = {}
    cases = cases_in(file)
    for case in cases:
        met = dict(predicates(case, group_of_case(case, POLICY)))
        if not all(met.values()):
            wrong[case["id"]] = [words for words, right in met.items() if not right]
    assert 1 - len(wrong) / len(cases) >= goal, wrong


def test_confidence_is_as_probable_as_it_says() -> None:
    outcomes = [each for name in GOALS for each in outcomes_of(name)]
    assert calibration_error(outcomes) <= CALIBRATION_GOAL
