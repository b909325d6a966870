"""Companies that are archived, renamed and merged, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.importing.importer import import_file
from bg_orchestration.intake.company_merges import (
    MergeError,
    merge_companies,
    rename_company,
    set_followed,
)
from bg_orchestration.refreshes.life_cycle import LeaseLostError, Refresh, renew, start
from bg_orchestration.refreshes.planning import emit, plan
from bg_orchestration.store.companies import company, people_of
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import webhook_event_companies as routes
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.refreshes.lives import done, handed_over, taken
from bg_orchestration_tests.store.rows import (
    HAPPENED,
    HOUR,
    LIMITS,
    POLICY,
    STAFF,
    event_states,
    follow,
    let_pass,
    push,
    rows,
)


def merged(engine: Engine, old: str, new: str) -> None:
    with writing(engine) as connection:
        merge_companies(connection, old, new)


def test_people_events_and_history_move_and_the_old_key_answers(engine: Engine) -> None:
    follow(engine, "old", staff=STAFF[:3])
    follow(engine, "new", staff=STAFF[2:])
    push(engine, "old")
    [due] = handed_over(engine)
    done(engine, taken(engine, "old", "run-1", due))
    push(engine, "old")
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    merged(engine, "old", "new")
    with reading(engine) as connection:
        assert company(connection, "old") == company(connection, "new")
        assert {person.person_id for person in people_of(connection, "new")} == {
            person.person_id for person in STAFF
        }
        assert people_of(connection, "old") == []
    for table in (logs, routes, tables.employments, webhook_events):
        assert {row["company_id"] for row in rows(engine, table)} <= {"new"}, table.name
    # The event that waited is handled by a refresh of the company that stayed, after the cool-down
    # that moved too.
    let_pass(engine, HOUR)
    [due] = handed_over(engine)
    assert due.company_id == "new"
    done(engine, taken(engine, "new", "run-2", due))
    assert {state for state, _ in event_states(engine).values()} == {"handled"}
    # A later event of the old key too.
    push(engine, "old")
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    [route] = [row for row in rows(engine, routes) if row["state"] == "pending"]
    assert route["company_id"] == "new"


def test_a_file_with_the_old_key_writes_to_the_company_that_stayed(
    engine: Engine, tmp_path: Path
) -> None:
    follow(engine, "old", "new")
    merged(engine, "old", "new")
    before = rows(engine, tables.companies)
    file = tmp_path / "people.csv"
    file.write_text("company_id,company,name,title\nold,old,Ada Example,CFO\n")
    import_file(engine, file)
    with reading(engine) as connection:
        assert [person.name for person in people_of(connection, "new")] == ["Ada Example"]
        assert people_of(connection, "old") == []
    assert {row["company_id"] for row in rows(engine, tables.companies)} == {"old", "new"}
    [old] = [row for row in before if row["company_id"] == "old"]
    assert old in rows(engine, tables.companies)


def test_a_running_refresh_of_the_old_company_writes_nothing(engine: Engine) -> None:
    follow(engine, "old", "new", staff=STAFF)
    with writing(engine) as connection:
        refresh = start(connection, "old", "run-1", LIMITS)
    assert isinstance(refresh, Refresh)
    merged(engine, "old", "new")
    with pytest.raises(LeaseLostError), writing(engine) as connection:
        renew(connection, refresh)


def test_a_merge_follows_chains_and_refuses_circles(engine: Engine) -> None:
    follow(engine, "a", "b", "c")
    merged(engine, "a", "b")
    merged(engine, "b", "c")
    with reading(engine) as connection:
        found = company(connection, "a")
    assert found is not None
    assert found.company_id == "c"
    for old, new in (("c", "a"), ("a", "c"), ("c", "c"), ("nobody", "c"), ("c", "nobody")):
        with pytest.raises(MergeError):
            merged(engine, old, new)


def merge_event(**more: Any) -> bytes:
    return json.dumps(
        {
            "id": "e1", "source": "crm", "type": "company.merged",
            "timestamp": HAPPENED.isoformat(), "company": {"id": "new", "name": "New Inc"},
            "changes": {"company_id": {"old": "old", "new": "new"}}, **more,
        }
    ).encode()  # fmt: skip


@pytest.mark.parametrize(
    ("event", "state", "reason"),
    [
        (merge_event(), "pending", None),
        (merge_event(changes={}), "dead", "changes.company_id.old names no company id"),
        (merge_event(changes={"company_id": {"old": "x"}}), "ignored", "No company x is known"),
    ],
)
def test_the_event_company_merged(
    engine: Engine, event: bytes, state: str, reason: str | None
) -> None:
    assert PersonChangeEvent.model_validate_json(event).person.id == "-"
    follow(engine, "old", "new", staff=STAFF)
    push(engine, "new", type_="company.merged")
    with writing(engine) as connection:
        connection.execute(webhook_events.update().values(body=event))
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
    [(found, why)] = event_states(engine).values()
    assert found == state
    assert (why or "").startswith(reason or "")
    with reading(engine) as connection:
        kept = company(connection, "old")
    assert kept is not None
    assert kept.company_id == ("new" if state == "pending" else "old")


def test_an_archived_company_is_not_refreshed_and_keeps_its_history(engine: Engine) -> None:
    follow(engine, "acme", "globex", staff=STAFF)
    push(engine, "acme")
    [due] = handed_over(engine)
    done(engine, taken(engine, "acme", "run-1", due))
    push(engine, "acme")
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        assert set_followed(connection, ["acme"], followed=False) == 1
    assert [row["state"] for row in rows(engine, logs)].count("completed") == 1
    assert sorted(state for state, _ in event_states(engine).values()) == ["handled", "ignored"]
    push(engine, "acme")
    with writing(engine) as connection:
        plan(connection, POLICY, LIMITS)
        assert emit(connection, LIMITS) == ()
        assert set_followed(connection, ["acme"], followed=True) == 1
    push(engine, "acme")
    with writing(engine) as connection:
        assert plan(connection, POLICY, LIMITS) == 1


def test_a_new_name_is_found_and_the_key_stays(engine: Engine) -> None:
    follow(engine, "acme")
    with writing(engine) as connection:
        rename_company(connection, "acme", "Zenith Ltd")
    with reading(engine) as connection:
        row = connection.execute(select(tables.companies)).one()
    assert (row.company_id, row.name, row.folded_name) == ("acme", "Zenith Ltd", "zenith")
