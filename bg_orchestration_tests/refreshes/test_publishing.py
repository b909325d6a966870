"""Published groups on both databases: what is written, what is left alone, what is news."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from bg_orchestration.domain.model import (
    BuyerGroup,
    Change,
    ContactPoint,
    Decision,
    Gap,
    Gatekeeper,
    Group,
    Member,
)
from bg_orchestration.refreshes.decisions import decide
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    LeaseLostError,
    Refresh,
    start,
)
from bg_orchestration.refreshes.overview import as_change, other_ends
from bg_orchestration.refreshes.overview import changes as read_changes
from bg_orchestration.refreshes.publishing import (
    profile_ids,
    publish,
    published,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    buyer_groups,
    metadata,
)
from bg_orchestration_tests.refreshes.lives import handed_over
from bg_orchestration_tests.refreshes.lives import taken as run
from bg_orchestration_tests.store.rows import HAPPENED, LIMITS, STAFF, follow, let_pass, push, rows

TABLES = (buyer_groups, buyer_group_members, buyer_group_changes)


def member(person_id: str, role: Any = "stakeholder", **more: Any) -> Member:
    found: dict[str, Any] = {
        "title": "VP Sales",
        "seniority": "vp",
        "function": "sales",
        "score": 0.1 + 0.2,
        "reasons": ("Vice president", "in the department that buys: Vertrieb für Öl"),
    }
    return Member(person_id=person_id, role=role, **(found | more))


def email(person_id: str, value: str) -> ContactPoint:
    return ContactPoint(person_id=person_id, kind="email", value=value, source="test")


def group(*members: Member, contacts: tuple[ContactPoint, ...] = (), **more: Any) -> Group:
    found: dict[str, Any] = {
        "company_id": "acme",
        "profile_id": "default",
        "company_size": 80,
        "size_range": (3, 7),
        "people_known": 5,
        "covered": ("decision", "function sales"),
        "gaps": (
            Gap(need="blocker", look_for="Nobody from procurement: Einkäufer.", nearest=("p-eve",)),
            Gap(need="members", look_for="2 of at least 3 members known"),
        ),
        "gatekeepers": (Gatekeeper(person_id="p-eve", guards="p-ann"),),
        "completeness": 0.5,
        "confidence": 2 / 3,
    }
    return Group(group=BuyerGroup(members=members, **(found | more)), contacts=contacts)


FIRST = group(
    member("p-ann", "decision", started_on="2026-03", decided="confirmed"),
    member("p-bob", title=""),
    contacts=(email("p-ann", "a@x.example"), email("p-ann", "b@x.example")),
)


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    follow(engine, "acme", staff=STAFF)
    return engine


def taken(engine: Engine, run_id: str = "run") -> Refresh:
    with writing(engine) as connection:
        refresh = start(connection, "acme", run_id, LIMITS)
    assert isinstance(refresh, Refresh)
    return refresh


def put(engine: Engine, *groups: Group) -> dict[str, tuple[Change, ...]]:
    refresh = taken(engine)
    with writing(engine) as connection:
        return publish(connection, refresh, groups)


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows(engine, table) for table in TABLES}


def test_what_was_published_is_read(staffed: Engine) -> None:
    assert put(staffed, FIRST, group(member("p-eve"), profile_id="other")) == {
        "default": (
            Change(
                person_id="p-ann",
                kind="joined",
                new="decision",
                title="VP Sales",
                since="2026-03",
                cause="first",
            ),
            Change(person_id="p-bob", kind="joined", new="stakeholder", cause="first"),
        ),
        "other": (
            Change(
                person_id="p-eve",
                kind="joined",
                new="stakeholder",
                title="VP Sales",
                cause="first",
            ),
        ),
    }
    with reading(staffed) as connection:
        assert published(connection, "acme", "default") == FIRST
        assert published(connection, "acme", "none") is None
        assert published(connection, "globex", "default") is None
        assert profile_ids(connection, "acme") == ["default", "other"]
        assert profile_ids(connection, "globex") == []
    [of_default, *_] = rows(staffed, buyer_groups)
    assert of_default["created_at"] == of_default["changed_at"]


def test_publishing_the_same_again_touches_no_row(staffed: Engine) -> None:
    put(staffed, FIRST)
    before = everything(staffed)
    # Another order of the same contact points and members is the same group.
    again = Group(
        group=FIRST.group.model_copy(update={"members": FIRST.group.members[::-1]}),
        contacts=FIRST.contacts[::-1],
    )
    assert put(staffed, again) == {"default": ()}
    assert put(staffed, FIRST) == {"default": ()}
    assert everything(staffed) == before


def test_only_what_differs_is_written_and_told(staffed: Engine) -> None:
    put(staffed, FIRST)
    old = everything(staffed)
    second = group(
        member("p-ann", "champion", title="COO"),
        member("p-eve"),
        contacts=(email("p-ann", "a@x.example"),),
    )
    assert put(staffed, second) == {
        "default": (
            Change(person_id="p-ann", kind="contact_changed", title="COO"),
            Change(
                person_id="p-ann", kind="role_changed", old="decision", new="champion", title="COO"
            ),
            Change(person_id="p-ann", kind="title_changed", old="VP Sales", new="COO", title="COO"),
            Change(
                person_id="p-bob",
                kind="dropped",
                old="stakeholder",
                title="VP Sales",
                cause="retitled",
            ),
            Change(
                person_id="p-eve",
                kind="joined",
                new="stakeholder",
                title="VP Sales",
                cause="ranked",
            ),
        )
    }
    with reading(staffed) as connection:
        assert published(connection, "acme", "default") == second
    new = everything(staffed)
    [before], [after] = old["buyer_groups"], new["buyer_groups"]
    assert after["created_at"] == before["created_at"]
    assert after["changed_at"] > before["changed_at"]
    assert new["buyer_group_changes"][:2] == old["buyer_group_changes"]
    assert len({row["refresh_id"] for row in new["buyer_group_changes"]}) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("score", 0.9), ("started_on", "2026-04-01"), ("decided", None)],
)
def test_what_is_no_news_of_a_member_is_written_all_the_same(
    staffed: Engine, column: str, value: Any
) -> None:
    put(staffed, FIRST)
    old = everything(staffed)
    ann, bob = FIRST.group.members
    judged = FIRST.group.model_copy(
        update={"members": (ann.model_copy(update={column: value}), bob)}
    )
    assert put(staffed, Group(group=judged, contacts=FIRST.contacts)) == {"default": ()}
    new = everything(staffed)
    assert new["buyer_group_members"][0][column] == value
    assert new["buyer_group_members"][1] == old["buyer_group_members"][1]
    assert new["buyer_groups"][0]["changed_at"] > old["buyer_groups"][0]["changed_at"]
    assert new["buyer_group_changes"] == old["buyer_group_changes"]


@pytest.mark.parametrize(
    "news", [{"people_known": 6}, {"covered": ("decision",)}, {"gaps": ()}, {"confidence": 0.1}]
)
def test_new_facts_of_a_group_are_an_update_without_changes(
    staffed: Engine, news: dict[str, Any]
) -> None:
    put(staffed, FIRST)
    old = everything(staffed)
    judged = Group(group=FIRST.group.model_copy(update=news), contacts=FIRST.contacts)
    assert put(staffed, judged) == {"default": ()}
    with reading(staffed) as connection:
        assert published(connection, "acme", "default") == judged
    new = everything(staffed)
    assert new["buyer_groups"][0]["changed_at"] > old["buyer_groups"][0]["changed_at"]
    assert new["buyer_group_members"] == old["buyer_group_members"]
    assert new["buyer_group_changes"] == old["buyer_group_changes"]


def test_an_emptied_group_stays_as_an_empty_one(staffed: Engine) -> None:
    put(staffed, FIRST)
    assert [change.kind for change in put(staffed, group())["default"]] == [
        "dropped",
        "dropped",
    ]
    with reading(staffed) as connection:
        assert published(connection, "acme", "default") == group()


def test_a_run_that_lost_its_lease_writes_nothing_at_all(staffed: Engine) -> None:
    stalled = taken(staffed, "run-1")
    let_pass(staffed, 2 * LEASE)
    heir = taken(staffed, "run-2")
    before = {table.name: rows(staffed, table) for table in metadata.sorted_tables}
    with pytest.raises(LeaseLostError, match="run-1"), writing(staffed) as connection:
        publish(connection, stalled, [FIRST])
    assert {table.name: rows(staffed, table) for table in metadata.sorted_tables} == before
    with writing(staffed) as connection:
        assert len(publish(connection, heir, [FIRST])["default"]) == 2


def test_one_bad_member_leaves_the_refresh_open_and_nothing_published(staffed: Engine) -> None:
    refresh = taken(staffed)
    with pytest.raises(IntegrityError), writing(staffed) as connection:
        publish(connection, refresh, [group(member("p-ann"), member("nobody"))])
    assert everything(staffed) == {table.name: [] for table in TABLES}
    with writing(staffed) as connection:
        assert len(publish(connection, refresh, [FIRST])["default"]) == 2


def test_members_come_in_order_of_their_id_whatever_the_collation(engine: Engine) -> None:
    ids = ["P-bob", "p-ann", "p_zoe", "p-zoe"]
    people = [STAFF[0].model_copy(update={"person_id": one}) for one in ids]
    follow(engine, "acme", staff=people)
    put(
        engine, group(*(member(one) for one in ids)), group(profile_id="Z"), group(profile_id="a-b")
    )
    with reading(engine) as connection:
        found = published(connection, "acme", "default")
        assert found is not None
        assert [one.person_id for one in found.group.members] == sorted(ids)
        assert profile_ids(connection, "acme") == ["Z", "a-b", "default"]


def test_the_group_of_a_profile_that_is_there_no_more_is_removed_and_told(
    staffed: Engine,
) -> None:
    put(staffed, group(member("p-ann", "decision")), group(member("p-bob"), profile_id="hr"))
    changes = put(staffed, group(member("p-ann", "decision")))
    assert [(one.person_id, one.kind, one.cause) for one in changes["hr"]] == [
        ("p-bob", "dropped", "profile")
    ]
    with reading(staffed) as connection:
        assert profile_ids(connection, "acme") == ["default"]
    assert put(staffed, group(member("p-ann", "decision"))) == {"default": ()}


def test_a_job_that_an_event_told_of_began_with_it(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine, newTitle="VP Sales")
    handed_over(engine)
    refresh = taken(engine)
    joined = group(member("p-ann", "decision"), member("p-bob", started_on="2020"))
    with writing(engine) as connection:
        changes = publish(connection, refresh, [joined])["default"]
    assert [(one.person_id, one.since) for one in changes] == [
        ("p-ann", HAPPENED.date().isoformat()),
        ("p-bob", "2020"),
    ]
    with reading(engine) as connection:
        found = published(connection, "acme", "default")
    assert found is not None
    assert [one.started_on for one in found.group.members] == [None, "2020"]


def staffed_group(company_id: str, *members: Member, gaps: tuple[str, ...] = ()) -> Group:
    missing = tuple(Gap(need=need, look_for="look") for need in gaps)
    return group(*members, company_id=company_id, gaps=missing)


def put_at(engine: Engine, company_id: str, made: Group) -> list[Change]:
    refresh = run(engine, company_id, f"run-{company_id}")
    with writing(engine) as connection:
        return list(publish(connection, refresh, [made])["default"])


ANN = member("p-ann", "decision", title="Chief Revenue Officer")


def move(engine: Engine, **person: str) -> None:
    """Ann changes the company, by an event of `acme`."""
    push(engine, type_="person.company_change", oldCompany="acme Inc", **person)
    handed_over(engine)


def test_a_move_between_followed_companies_names_both_ends_and_gaps(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    follow(engine, "globex")
    put_at(engine, "acme", staffed_group("acme", ANN))
    put_at(engine, "globex", staffed_group("globex", gaps=("champion",)))
    move(engine, newCompany="globex", newTitle="VP Sales")
    [left] = put_at(engine, "acme", staffed_group("acme", gaps=("decision",)))
    [joined] = put_at(engine, "globex", staffed_group("globex", member("p-ann", "champion")))
    assert left == Change(
        person_id="p-ann", kind="left", old="decision", title="Chief Revenue Officer",
        cause="moved", other_company="globex Inc", other_company_id="globex",
        gaps_opened=("decision",),
    )  # fmt: skip
    assert joined == Change(
        person_id="p-ann", kind="joined", new="champion", title="VP Sales",
        since=HAPPENED.date().isoformat(), cause="moved", other_company="acme Inc",
        other_company_id="acme", gaps_closed=("champion",),
    )  # fmt: skip
    with reading(engine) as connection:
        lines = read_changes(connection)[-2:]
        ends = other_ends(connection, lines)
    assert [as_change(line) for line in lines] == [left, joined]
    assert ends == {lines[0]: lines[1], lines[1]: lines[0]}


@pytest.mark.parametrize(
    ("new_company", "cause", "other"),
    [("Gamma Inc", "moved", "Gamma Inc"), ("", "left", None), ("acme", "ranked", None)],
)
def test_a_move_to_a_company_that_is_not_followed(
    engine: Engine, new_company: str, cause: str, other: str | None
) -> None:
    follow(engine, "acme", staff=STAFF)
    put_at(engine, "acme", staffed_group("acme", ANN))
    person = {"newCompany": new_company} if new_company else {}
    move(engine, **person)
    [change] = put_at(engine, "acme", staffed_group("acme"))
    assert (change.cause, change.other_company, change.other_company_id) == (cause, other, None)
    assert change.kind == ("dropped" if cause == "ranked" else "left")


def test_a_new_employee_who_came_from_elsewhere_is_told_as_moved(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    put_at(engine, "acme", staffed_group("acme"))
    push(
        engine, type_="person.company_change", id="p-zoe", name="Zoe Ito", oldCompany="Gamma",
        newCompany="acme", newTitle="CFO",
    )  # fmt: skip
    handed_over(engine)
    [change] = put_at(engine, "acme", staffed_group("acme", member("p-zoe", title="CFO")))
    assert (change.kind, change.cause, change.other_company) == ("joined", "moved", "Gamma")


def test_two_jobs_at_once_are_no_move(engine: Engine) -> None:
    follow(engine, "acme", "globex", staff=STAFF)
    put_at(engine, "acme", staffed_group("acme", ANN))
    move(engine)
    [change] = put_at(engine, "acme", staffed_group("acme"))
    assert (change.kind, change.cause) == ("left", "left")


def test_a_dismissed_person_is_told_as_dismissed(staffed: Engine) -> None:
    put(staffed, group(ANN))
    with writing(staffed) as connection:
        decide(
            connection,
            "acme",
            "default",
            Decision(person_id="p-ann", kind="dismissed"),
            "Sam",
            "no",
        )
    [change] = put(staffed, group())["default"]
    assert (change.kind, change.cause) == ("dropped", "dismissed")
