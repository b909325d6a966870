from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.contacts import (
    FRESH,
    apply_verifications,
    best_email,
    merge_points,
    next_step,
    usable_points,
)
from bg_orchestration.domain.model import ContactPoint

TODAY = date(2026, 11, 25)
LONG_AGO = (TODAY - FRESH).isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


def email(value: str, **facts: object) -> ContactPoint:
    given_: dict[str, object] = {"source": "pdl", "seen_on": YESTERDAY, **facts}
    return ContactPoint.model_validate(
        {"person_id": value[:1], "kind": "email", "value": value, **given_}
    )


DAYS = st.none() | st.integers(0, 200).map(lambda age: (TODAY - timedelta(age)).isoformat())
POINTS = st.builds(
    ContactPoint,
    person_id=st.just("p"),
    kind=st.sampled_from(["email", "phone"]),
    value=st.sampled_from(["a@x.example", "A@x.example", "b@x.example", "+49301", "+49302"]),
    source=st.sampled_from(["pdl", "lusha", "file:x"]),
    status=st.none() | st.sampled_from(["deliverable", "risky", "undeliverable", "unknown", "A+"]),
    seen_on=DAYS,
    verified_on=DAYS,
    do_not_contact=st.booleans(),
)
PEOPLE = st.dictionaries(st.sampled_from("pqrs"), st.lists(POINTS, max_size=4), max_size=4)
FINDERS = ["pdl", "lusha", "apollo"]
VERIFIERS = ["zerobounce", "another"]


@given(PEOPLE, st.data())
def test_asking_ends_and_nobody_is_asked_twice_or_without_need(
    held: dict[str, list[ContactPoint]], data: st.DataObject
) -> None:
    state: dict[str, list[ContactPoint]] = dict(held)
    asked: set[tuple[str, str]] = set()
    most = len(held) * len(FINDERS) + 40 * len(VERIFIERS)
    for _ in range(most + 1):
        step = next_step(state, FINDERS, VERIFIERS, asked, TODAY)
        if step is None:
            break
        questions = {(step.provider, item) for item in step.items}
        assert not questions & asked
        asked |= questions
        if step.kind == "verify":
            words = st.sampled_from(["deliverable", "risky", "undeliverable", "unknown"])
            answers = {
                item.casefold(): data.draw(words) for item in step.items if data.draw(st.booleans())
            }
            state = {
                who: apply_verifications(points, answers, TODAY) for who, points in state.items()
            }
            continue
        for who in step.items:
            assert _without_a_good_address(state[who])
            earlier = FINDERS[: FINDERS.index(step.provider)]
            assert {(one, who) for one in earlier} <= asked
            if data.draw(st.booleans()):
                new = ContactPoint(
                    person_id=who,
                    kind="email",
                    value=f"{data.draw(st.sampled_from('xyz'))}@{step.provider}.example",
                    source=step.provider,
                    seen_on=TODAY.isoformat(),
                )
                state[who] = merge_points(state[who], [new], step.provider)
    else:
        raise AssertionError("it never ended")
    for who, points in state.items():
        if _without_a_good_address(points):
            assert {(one, who) for one in FINDERS} <= asked


def _without_a_good_address(points: Sequence[ContactPoint]) -> bool:
    return not any(
        point.kind == "email"
        and not point.do_not_contact
        and point.status != "undeliverable"
        and max(point.seen_on or "", point.verified_on or "") > LONG_AGO
        for point in points
    )


@given(st.lists(POINTS, max_size=6))
def test_nothing_dead_refused_or_silently_old_is_handed_out(points: list[ContactPoint]) -> None:
    out = list(usable_points(points, TODAY))
    for point in out:
        assert point.status != "undeliverable"
        assert not point.do_not_contact
        dated = point.kind == "email" or point.seen_on
        if dated and max(point.seen_on or "", point.verified_on or "") <= LONG_AGO:
            assert point.status == "stale"
    # An old one is replaced, not kept beside the new one.
    for kind in ("email", "phone"):
        same = [point for point in out if point.kind == kind]
        assert len({point.status == "stale" for point in same}) <= 1
        assert len({(point.verified_on or "") > LONG_AGO for point in same}) <= 1


@given(st.lists(POINTS, max_size=5), st.lists(POINTS, max_size=5), st.sampled_from([None, "pdl"]))
def test_telling_the_same_again_changes_nothing(
    held: list[ContactPoint], found: list[ContactPoint], source: str | None
) -> None:
    once = merge_points(held, found, source)
    assert merge_points(once, found, source) == once
    keys = {(point.kind, point.value.casefold()) for point in once}
    assert keys >= {(point.kind, point.value.casefold()) for point in found}


def test_the_best_address_is_verified_before_another_one_is_paid_for() -> None:
    held = {"a": [email("a@x.example"), email("b@x.example", status="deliverable")]}
    step = next_step(held, FINDERS, VERIFIERS, frozenset(), TODAY)
    assert step is not None
    assert (step.kind, step.provider, step.items) == ("verify", "zerobounce", ("b@x.example",))
    held = {"a": apply_verifications(held["a"], {"b@x.example": "undeliverable"}, TODAY)}
    step = next_step(held, FINDERS, VERIFIERS, {("zerobounce", "b@x.example")}, TODAY)
    assert step is not None
    assert (step.kind, step.items) == ("verify", ("a@x.example",))
    held = {"a": apply_verifications(held["a"], {"a@x.example": "undeliverable"}, TODAY)}
    step = next_step(held, FINDERS, VERIFIERS, {("zerobounce", "b@x.example")}, TODAY)
    assert step is not None
    assert (step.kind, step.provider, step.items) == ("find", "pdl", ("a",))


def test_a_verification_counts_for_ninety_days() -> None:
    day = (TODAY - FRESH + timedelta(days=1)).isoformat()
    recent = {"a": [email("a@x.example", status="deliverable", verified_on=day)]}
    assert next_step(recent, FINDERS, VERIFIERS, frozenset(), TODAY) is None
    old = {"a": [email("a@x.example", status="deliverable", verified_on=LONG_AGO)]}
    step = next_step(old, FINDERS, VERIFIERS, frozenset(), TODAY)
    assert step is not None
    assert step.kind == "verify"


def test_what_a_verifier_said_stands_against_the_provider() -> None:
    held = [email("a@x.example", status="undeliverable", verified_on=YESTERDAY)]
    [point] = merge_points(held, [email("a@x.example", status="deliverable")], "pdl")
    assert point.status == "undeliverable"
    assert best_email([point], TODAY) is None


def test_what_a_provider_tells_no_more_is_gone() -> None:
    held = [email("a@x.example"), email("b@x.example", source="lusha")]
    left = merge_points(held, [email("c@x.example")], "pdl")
    assert [point.value for point in left] == ["b@x.example", "c@x.example"]
    assert len(merge_points(held, [email("c@x.example")])) == 3
