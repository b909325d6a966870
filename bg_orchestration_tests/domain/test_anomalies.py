"""What is usual: properties of the bounds, and which refresh is told."""

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.anomalies import (
    FIGURES,
    LEAST_OF_COMPANY,
    LEAST_OF_FLEET,
    SCALE,
    K,
    RefreshFigure,
    bounds,
    findings,
    in_words,
)

PLAIN = RefreshFigure("plain", least=0.5)

values = st.floats(0, 1e6)
histories = st.lists(values, min_size=1, max_size=40)
figures = st.sampled_from([PLAIN, *FIGURES])


def test_the_scale_makes_deviations_those_of_normal_data() -> None:
    assert round(1 / NormalDist().inv_cdf(0.75), 4) == SCALE
    # A thousand values that are as normal as a thousand values can be.
    normal = [NormalDist(100, 10).inv_cdf((n + 0.5) / 1000) for n in range(1000)]
    found = bounds(PLAIN, normal)
    assert found.low is not None
    assert (found.median, found.low, found.high) == pytest.approx((100, 65, 135), rel=0.01)


@given(figures, histories)
def test_the_middle_is_between_the_bounds(figure: RefreshFigure, history: list[float]) -> None:
    found = bounds(figure, history)
    assert found.median < found.high
    assert (found.low is not None) == figure.below
    if found.low is not None:
        assert 0 <= found.low <= found.median + 1e-9
    assert min(history) - 1e-6 <= found.median <= max(history) * (1 + 1e-9) + 1e-6


@given(figures, histories, st.randoms(use_true_random=False))
def test_the_order_of_the_history_does_not_count(
    figure: RefreshFigure, history: list[float], random: object
) -> None:
    mixed = list(history)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert bounds(figure, mixed) == bounds(figure, history)


@given(st.lists(st.floats(100, 200), min_size=9, max_size=30), st.data())
def test_odd_refreshes_short_of_half_cannot_move_the_bounds_away(
    usual: list[float], data: st.DataObject
) -> None:
    """Where mean and standard deviation would follow a single one anywhere."""
    odd = data.draw(st.lists(st.floats(0, 1e12), max_size=(len(usual) - 1) // 2))
    found = bounds(PLAIN, usual + odd)
    reach = K * max(SCALE * 100, PLAIN.least)
    assert found.low is not None
    assert 100 <= found.median <= 200
    assert found.high <= 200 + reach
    assert found.low >= max(0, 100 - reach)


@given(st.lists(st.integers(1000, 2000), min_size=1, max_size=30), st.integers(0, 1000))
def test_what_is_larger_by_as_much_has_larger_bounds_by_as_much(
    history: list[int], more: int
) -> None:
    near, far = bounds(PLAIN, history), bounds(PLAIN, [value + more for value in history])
    assert far.high - near.high == pytest.approx(more, abs=1e-6)
    assert far.median - near.median == pytest.approx(more, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "usual", "fine", "odd"),
    [
        ("seconds", 1.0, [0.0, 0.1, 2.9], [3.1, 30.0]),
        ("people", 100.0, [82.0, 123.0], [80.0, 126.0, 0.0]),
        ("members", 8.0, [7.0, 9.0], [6.0, 10.0]),
        ("confidence", 0.6, [0.54, 0.66], [0.52, 0.68]),
        ("cost_usd", 0.50, [0.0, 0.6], [0.65, 5.0]),
    ],
)
def test_a_history_of_equals_leaves_room_for_what_nobody_need_look_at(
    name: str, usual: float, fine: list[float], odd: list[float]
) -> None:
    history = [{name: usual}] * LEAST_OF_COMPANY
    for value in (usual, *fine):
        [found] = findings({name: value}, history, [])
        assert not found.unusual, value
    for value in odd:
        [found] = findings({name: value}, history, [])
        assert found.unusual, value


def test_the_company_counts_before_the_fleet_and_too_few_count_for_nothing() -> None:
    own, others = {"members": 3.0}, {"members": 9.0}
    cases = [
        (LEAST_OF_COMPANY, LEAST_OF_FLEET, ("company", LEAST_OF_COMPANY, True)),
        (LEAST_OF_COMPANY - 1, LEAST_OF_FLEET, ("fleet", LEAST_OF_FLEET, False)),
        (LEAST_OF_COMPANY - 1, LEAST_OF_FLEET - 1, ("company", 0, False)),
    ]
    for of_company, of_fleet, expected in cases:
        [found] = findings({"members": 9.0}, [own] * of_company, [others] * of_fleet)
        assert (found.whose, found.refreshes, found.unusual) == expected


def test_what_is_missing_is_left_out() -> None:
    """As the cost is where nothing is paid, and all but the duration in refreshes of old."""
    old = [{"seconds": 1.0}] * 10
    found = {one.figure: one for one in findings({"seconds": 1.0, "people": 5.0}, old, old)}
    assert found.keys() == {"seconds", "people"}
    assert found["seconds"].bounds is not None
    assert found["people"].bounds is None
    assert not found["people"].unusual
    assert findings({}, old, old) == ()


def test_it_is_told_with_the_figures() -> None:
    history = [{"people": 800.0}] * 12
    [found] = findings({"people": 12.0}, history, [])
    assert in_words(found) == (
        "people 12 is low: of 12 refreshes of this company 800 is the middle, 648.3 to 987.2 usual"
    )
