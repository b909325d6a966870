from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.changes import Employment, OtherEnd, diff, with_causes
from bg_orchestration.domain.model import (
    ROLES,
    BuyerGroup,
    Change,
    ContactPoint,
    Gap,
    Group,
    Member,
)

ON = date(2026, 5, 20)


def member(
    person_id: str, role: str = "champion", title: str = "Buyer", started_on: str | None = None
) -> Member:
    return Member.model_validate(
        {
            "person_id": person_id,
            "title": title,
            "seniority": "manager",
            "function": "sales",
            "role": role,
            "score": 0.5,
            "reasons": ["because"],
            "started_on": started_on,
        }
    )


def group(members: list[Member], contacts: list[ContactPoint] | None = None) -> Group:
    judged = BuyerGroup(
        company_id="a",
        profile_id="crm",
        company_size=9,
        size_range=(1, 4),
        members=tuple(members),
    )
    return Group(group=judged, contacts=tuple(contacts or ()))


def email(person_id: str, value: str, status: str | None = None) -> ContactPoint:
    return ContactPoint(
        person_id=person_id, kind="email", value=value, source="sample", status=status
    )


members = st.builds(
    member,
    st.sampled_from(["p1", "p2", "p3", "p4"]),
    st.sampled_from(ROLES),
    st.sampled_from(["Buyer", "Director", ""]),
    st.sampled_from([None, "2025", "2026-03", "2026-03-09"]),
)
groups = st.builds(
    group,
    st.lists(members, max_size=4, unique_by=lambda each: each.person_id),
    st.lists(
        st.builds(email, st.sampled_from(["p1", "p2", "p9"]), st.sampled_from(["a@x", "b@x"])),
        max_size=4,
    ),
)


def applied(old: Group | None, changes: tuple[Change, ...]) -> dict[str, str]:
    """The role of each member after `changes`."""
    roles = {each.person_id: str(each.role) for each in old.group.members} if old else {}
    for change in changes:
        if change.kind in ("joined", "role_changed"):
            assert roles.get(change.person_id) == change.old
            roles[change.person_id] = str(change.new)
        elif change.kind in ("left", "dropped"):
            assert roles.pop(change.person_id) == change.old
    return roles


@given(st.none() | groups, groups)
def test_the_changes_make_the_new_group_of_the_old(old: Group | None, new: Group) -> None:
    changes = diff(old, new)
    assert applied(old, changes) == {m.person_id: m.role for m in new.group.members}
    titles = {c.person_id: c.new for c in changes if c.kind == "title_changed"}
    before = {m.person_id: m.title for m in old.group.members} if old else {}
    for each in new.group.members:
        assert titles.get(each.person_id, before.get(each.person_id, each.title)) == each.title
    assert list(changes) == sorted(changes, key=lambda c: (c.person_id, c.kind))


@given(groups)
def test_nothing_changed_is_no_change(same: Group) -> None:
    assert diff(same, same) == ()
    turned = Group(group=same.group, contacts=tuple(reversed(same.contacts)))
    assert diff(same, turned) == ()


def test_a_first_group_is_all_joins() -> None:
    assert diff(None, group([member("p2", title=""), member("p1", "decision")])) == (
        Change(person_id="p1", kind="joined", new="decision", title="Buyer", cause="first"),
        Change(person_id="p2", kind="joined", new="champion", cause="first"),
    )


def test_changes_tell_title_and_start_of_somebody_who_left_the_last_ones() -> None:
    old = group([member("p1", started_on="2024"), member("p2", started_on="2019-02")])
    new = group([member("p1", "decision", "Director", started_on="2026-03"), member("p3")])
    assert diff(old, new) == (
        Change(
            person_id="p1", kind="role_changed", old="champion", new="decision",
            title="Director", since="2026-03",
        ),
        Change(
            person_id="p1", kind="title_changed", old="Buyer", new="Director",
            title="Director", since="2026-03",
        ),
        Change(person_id="p2", kind="dropped", old="champion", title="Buyer", since="2019-02"),
        Change(person_id="p3", kind="joined", new="champion", title="Buyer"),
    )  # fmt: skip


def test_only_a_member_who_stays_has_changed_contacts() -> None:
    old = group([member("p1"), member("p2")], [email("p1", "a@x"), email("p2", "a@x")])
    new = group([member("p1"), member("p3")], [email("p1", "b@x"), email("p3", "c@x")])
    assert diff(old, new) == (
        Change(person_id="p1", kind="contact_changed", title="Buyer"),
        Change(person_id="p2", kind="dropped", old="champion", title="Buyer"),
        Change(person_id="p3", kind="joined", new="champion", title="Buyer"),
    )
    checked = group([member("p1"), member("p2")], [email("p1", "a@x", "valid"), email("p2", "a@x")])
    assert diff(old, checked) == (Change(person_id="p1", kind="contact_changed", title="Buyer"),)


def gap(need: str) -> Gap:
    return Gap(need=need, look_for=f"look for {need}")


def with_gaps(of: Group, *needs: str) -> Group:
    return of.model_copy(
        update={"group": of.group.model_copy(update={"gaps": tuple(map(gap, needs))})}
    )


def test_a_gap_is_named_with_the_person_who_covered_or_covers_it() -> None:
    old = with_gaps(group([member("p1", "decision"), member("p2", "blocker")]), "champion")
    new = with_gaps(group([member("p3", "champion")]), "decision", "control privacy", "members")
    assert {
        change.person_id: (change.gaps_opened, change.gaps_closed) for change in diff(old, new)
    } == {"p1": (("decision",), ()), "p2": (("control privacy",), ()), "p3": ((), ("champion",))}
    assert not any(change.gaps_closed for change in diff(None, new))


employments = st.none() | st.builds(
    Employment,
    st.booleans(),
    st.sampled_from(["Buyer", "Director", ""]),
    st.none() | st.just(OtherEnd("Beta Inc")),
    st.none() | st.just(OtherEnd("Gamma Inc", "gamma.example")),
)


@given(
    groups,
    groups,
    st.dictionaries(st.sampled_from(["p1", "p2", "p3", "p4"]), employments),
    st.sets(st.sampled_from(["p1", "p2", "p3", "p4"])),
    st.booleans(),
)
def test_only_an_ended_job_is_told_as_left(
    old: Group,
    new: Group,
    jobs: dict[str, Employment | None],
    dismissed: set[str],
    retired: bool,
) -> None:
    known = {person_id: job for person_id, job in jobs.items() if job is not None}
    changes = with_causes(diff(old, new), known, dismissed, ON, retired=retired)
    assert applied(old, changes) == {m.person_id: m.role for m in new.group.members}
    for change in changes:
        job = known.get(change.person_id)
        ended = job is not None and not job.current
        words = in_words(change, "X", ON)
        if change.kind in ("left", "dropped"):
            assert (change.kind == "left") == ended
            assert (" left " in words or "moved to" in words) == ended
            assert ("still works there" in words) <= (job is not None and job.current)
        assert (change.cause is not None) == (change.kind in ("joined", "left", "dropped"))
        assert (change.other_company is not None) == (change.cause == "moved")


def test_scores_reasons_starts_and_who_gave_the_role_are_no_news() -> None:
    old = group([member("p1")])
    for news in (
        {"score": 0.9, "reasons": ("else",)},
        {"started_on": "2026-03"},
        {"decided": "confirmed"},
    ):
        assert diff(old, group([member("p1").model_copy(update=news)])) == ()


def joined(since: str | None, title: str | None = "Director of Procurement") -> Change:
    return Change(person_id="p-12", kind="joined", new="champion", title=title, since=since)


@pytest.mark.parametrize(
    ("since", "job", "impersonal"),
    [
        (None, "Director of Procurement", ""),
        ("2026-03", "new Director of Procurement since March", "new since March"),
        ("2026-03-31", "new Director of Procurement since March", "new since March"),
        ("2025-12", "new Director of Procurement since December 2025", "new since December 2025"),
        ("2024-03", "Director of Procurement since March 2024", "in the job since March 2024"),
        # A year may mean its first day.
        ("2026", "new Director of Procurement since 2026", "new since 2026"),
        ("2025", "Director of Procurement since 2025", "in the job since 2025"),
        ("2026-09", "new Director of Procurement from September", "new from September"),
        ("soon", "Director of Procurement", ""),
        ("2026-13", "Director of Procurement", ""),
    ],
)  # fmt: skip
def test_who_joined_is_told_with_their_job(since: str | None, job: str, impersonal: str) -> None:
    assert in_words(joined(since), "Ada Example", ON) == f"Ada Example joined as champion ({job})"
    told = in_words(joined(since), "p-12", ON, personal=False)
    assert told == "p-12 joined as champion" + (f" ({impersonal})" if impersonal else "")


@pytest.mark.parametrize(
    ("change", "words", "impersonal"),
    [
        (
            {"kind": "left", "old": "champion", "since": "2026-03"},
            "X is out of the group or left the company, was champion (COO)",
            "X is out of the group or left the company, was champion",
        ),
        (
            {"kind": "left", "old": "decision", "cause": "left", "gaps_opened": ("decision",)},
            "X left the company, was decision maker (COO); opens a gap: decision maker",
            "X left the company, was decision maker; opens a gap: decision maker",
        ),
        (
            {"kind": "left", "old": "champion", "cause": "moved", "other_company": "Gamma"},
            "X moved to Gamma, which is not followed, was champion (COO)",
            "X moved to a company, which is not followed, was champion",
        ),
        (
            {
                "kind": "left",
                "old": "champion",
                "cause": "moved",
                "other_company": "Beta Inc",
                "other_company_id": "beta.example",
            },
            "X moved to Beta Inc (beta.example), was champion (COO)",
            "X moved to Beta Inc (beta.example), was champion",
        ),
        (
            {"kind": "joined", "new": "decision", "cause": "first", "since": "2009-10"},
            "X is decision maker in the first published group (COO since October 2009)",
            "X is decision maker in the first published group (in the job since October 2009)",
        ),
        (
            {"kind": "joined", "new": "champion", "cause": "ranked"},
            "X joined the group as champion (COO)",
            "X joined the group as champion",
        ),
        (
            {
                "kind": "joined",
                "new": "decision",
                "cause": "moved",
                "since": "2026-03",
                "other_company": "Beta Inc",
                "other_company_id": "beta.example",
                "gaps_closed": ("decision", "function sales"),
            },
            (
                "X moved here from Beta Inc (beta.example), joined as decision maker "
                "(new COO since March); fills: decision maker, function sales"
            ),
            (
                "X moved here from Beta Inc (beta.example), joined as decision maker "
                "(new since March); fills: decision maker, function sales"
            ),
        ),
        (
            {"kind": "dropped", "old": "champion", "cause": "ranked"},
            "X is out of the group, was champion (COO): still works there, but others come first",
            "X is out of the group, was champion: still works there, but others come first",
        ),
        (
            {"kind": "dropped", "old": "champion", "cause": "retitled"},
            "X is out of the group, was champion: still works there, now COO",
            "X is out of the group, was champion: still works there, with a new title",
        ),
        (
            {"kind": "dropped", "old": "champion", "cause": "dismissed"},
            (
                "X is out of the group, was champion (COO): still works there, but a user "
                "dismissed them"
            ),
            "X is out of the group, was champion: still works there, but a user dismissed them",
        ),
        (
            {"kind": "dropped", "old": "champion", "cause": "unlisted"},
            "X is out of the group, was champion (COO): no source lists the job any more",
            "X is out of the group, was champion: no source lists the job any more",
        ),
        (
            {"kind": "dropped", "old": "champion"},
            "X is out of the group, was champion (COO)",
            "X is out of the group, was champion",
        ),
        (
            {"kind": "role_changed", "old": "champion", "new": "decision", "since": "2026-03"},
            "X is now decision maker (new COO since March), was champion",
            "X is now decision maker (new since March), was champion",
        ),
        (
            {"kind": "title_changed", "old": "Buyer", "new": "COO", "since": "2026-03"},
            "X has a new title: COO (since March), before: Buyer",
            "X has a new title (since March)",
        ),
        (
            {"kind": "title_changed", "old": "", "new": "COO", "since": "2019-03"},
            "X has a new title: COO, before: none",
            "X has a new title",
        ),
        (
            {"kind": "contact_changed"},
            "X can be reached otherwise than before",
            "X can be reached otherwise than before",
        ),
    ],
)
def test_other_changes_in_words(change: dict[str, Any], words: str, impersonal: str) -> None:
    found = Change(person_id="p-12", title="COO", **change)
    assert in_words(found, "X", ON) == words
    assert in_words(found, "X", ON, personal=False) == impersonal


def test_a_change_without_title_and_start_is_told_by_its_role() -> None:
    assert in_words(joined(None, title=None), "X", ON) == "X joined as champion"
    assert in_words(joined("2026-03", title=None), "X", ON) == (
        "X joined as champion (new since March)"
    )


@given(groups, groups, st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_no_title_is_told_where_nothing_personal_may_be(old: Group, new: Group, on: date) -> None:
    for change in diff(old, new):
        told = in_words(change, change.person_id, on, personal=False)
        assert told.startswith(change.person_id)
        assert "Buyer" not in told
        assert "Director" not in told


@given(st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.integers(-200, 400))
def test_a_job_is_new_for_183_days(on: date, days: int) -> None:
    start = on - timedelta(days=days)
    told = in_words(joined(start.isoformat()), "X", on)
    assert ("(new " in told) == (days <= 183)
    assert (str(start.year) in told) == (start.year != on.year)
