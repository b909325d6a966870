"""What each check finds in a new group, beside the one that is published."""

from typing import Any

import pytest

from bg_orchestration.domain.checks import CHECKS, faults
from bg_orchestration.domain.model import BuyerGroup, Gap, Member, Role
from bg_orchestration_tests.domain.people import TITLE_LIST, group_of

SOUND = {"people_known": 20, "size_range": (2, 4), "covered": ("decision", "champion")}


def member(person_id: str, role: Role = "stakeholder", *reasons: str) -> Member:
    return Member(
        person_id=person_id, title="VP Sales", seniority="vp", function="sales", role=role,
        score=0.5, reasons=reasons or ("leads sales",),
    )  # fmt: skip


def group(*members: Member, **facts: Any) -> BuyerGroup:
    return BuyerGroup(
        company_id="acme", profile_id="crm", company_size=40, members=members, **(SOUND | facts)
    )


def found(new: BuyerGroup, old: BuyerGroup | None = None) -> dict[str, str]:
    """The faults, by the check that finds them."""
    published = {} if old is None else {old.profile_id: old}
    told = {check.name: faults(check, [new], published) for check in CHECKS}
    return {name: "; ".join(each) for name, each in told.items() if each}


ANN, BOB, CYD, DAN = member("ann", "decision"), member("bob"), member("cyd"), member("dan")


def test_a_sound_group_passes_all_checks() -> None:
    assert found(group(ANN, BOB), group(ANN, BOB, CYD)) == {}
    assert found(group(ANN, BOB)) == {}


def test_what_the_rules_make_is_explained_and_holds_nobody_twice() -> None:
    assert found(group_of(TITLE_LIST, employees=900)) == {}


def test_without_a_decision_maker_it_says_whom_to_look_for() -> None:
    gap = Gap(need="decision", look_for="no decision maker known; look for a VP Sales")
    told = f"crm: {gap.look_for}"
    assert found(group(BOB, CYD, gaps=(gap,))) == {
        "decision_maker_known": told,
        "required_roles_covered": told,
    }
    # A profile may do without the role: there is no gap then.
    assert found(group(BOB, CYD)) == {"decision_maker_known": "crm: no member can decide"}


def test_only_roles_are_required_roles() -> None:
    gaps = (
        Gap(need="champion", look_for="no champion known"),
        Gap(need="function sales", look_for="nobody of sales takes part"),
        Gap(need="members", look_for="2 of at least 5 members known"),
    )
    told = found(group(ANN, BOB, gaps=gaps))
    assert told == {"required_roles_covered": "crm: no champion known"}


def test_where_nobody_is_known_every_role_is_uncovered() -> None:
    nobody = group_of([], employees=40)
    assert found(nobody).keys() == {
        "decision_maker_known", "required_roles_covered", "size_in_range",
    }  # fmt: skip


@pytest.mark.parametrize("members", [(ANN,), (ANN, BOB, CYD, DAN, member("eve"))])
def test_the_size_must_be_in_the_range(members: tuple[Member, ...]) -> None:
    told = f"crm: {len(members)} members, where 2 to 4 fit"
    assert found(group(*members)) == {"size_in_range": told}


def test_nobody_stands_twice_or_without_a_reason() -> None:
    told = found(group(ANN, BOB, BOB, member("cyd", "champion", " ")))
    assert told == {
        "no_one_twice": "crm: bob stands in it 2 times",
        "members_explained": "crm: cyd has no reason",
    }


@pytest.mark.parametrize(("now", "shrunk"), [(4, False), (3, False), (2, True), (1, True)])
def test_half_of_the_members_gone_at_once_is_told(now: int, shrunk: bool) -> None:
    everybody = (ANN, BOB, CYD, DAN)
    told = found(group(*everybody[:now], size_range=(1, 4)), group(*everybody))
    assert ("did_not_shrink_by_half" in told) == shrunk


EMPTY = {"size_range": (0, 4), "gaps": ()}


@pytest.mark.parametrize(
    ("known_before", "known_now", "possible"),
    [(20, 0, False), (20, 3, False), (20, 4, True), (20, 20, True), (5, 1, True), (1, 0, False)],
)
def test_an_empty_group_is_possible_while_a_fifth_of_the_people_is_there(
    known_before: int, known_now: int, possible: bool
) -> None:
    told = found(group(people_known=known_now, **EMPTY), group(ANN, people_known=known_before))
    assert ("possible_group" not in told) == possible
    if not possible:
        assert told["possible_group"] == (
            f"crm: the group would be empty, 1 members are published; of {known_before} people "
            f"known then, {known_now} are known now"
        )


def test_a_group_published_before_people_were_counted_knew_its_members() -> None:
    old = group(ANN, BOB, people_known=0)
    assert "possible_group" in found(group(people_known=0, **EMPTY), old)
    assert "possible_group" not in found(group(people_known=1, **EMPTY), old)


def test_an_empty_group_is_possible_where_none_was_or_it_had_nobody() -> None:
    empty = group(people_known=0, **EMPTY)
    assert "possible_group" not in found(empty)
    assert "possible_group" not in found(empty, group(people_known=50))
    assert "possible_group" not in found(group(ANN, people_known=1), group(ANN, people_known=50))


def test_a_group_is_compared_with_the_one_of_its_own_profile() -> None:
    other = group(ANN, BOB).model_copy(update={"profile_id": "hr"})
    assert "possible_group" not in found(group(people_known=0, **EMPTY), other)
