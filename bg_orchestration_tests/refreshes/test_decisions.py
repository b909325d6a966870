"""People's decisions on both databases: in force once, kept for ever, applied soon."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from bg_orchestration.domain.model import ROLES, Decision
from bg_orchestration.refreshes.decisions import (
    decide,
    decided_during,
    decisions_of,
    listing,
    plan_to_apply,
    take_back,
)
from bg_orchestration.refreshes.planning import (
    emit,
    plan,
    plan_manual,
)
from bg_orchestration.refreshes.retention import RetentionPeriods, delete_old_rows
from bg_orchestration.store.companies import end_jobs
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import buyer_group_decisions, people
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.refreshes.lives import (
    done,
    failed,
    taken,
)
from bg_orchestration_tests.store.rows import (
    HOUR,
    LIMITS,
    POLICY,
    STAFF,
    follow,
    push,
    rows,
    statements,
)

ANN_DECIDES = Decision(person_id="p-ann", kind="confirmed", role="decision")
ANN_CHAMPIONS = Decision(person_id="p-ann", kind="assigned", role="champion")
ANN_IS_OUT = Decision(person_id="p-ann", kind="dismissed")
BOB_IS_OUT = Decision(person_id="p-bob", kind="dismissed")


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    follow(engine, "acme", "globex", staff=STAFF)
    return engine


def say(
    engine: Engine, decision: Decision, by: str = "kim", profile: str = "default", **more: str
) -> bool:
    where = more.get("company", "acme")
    with writing(engine) as connection:
        return decide(connection, where, profile, decision, by, more.get("why", "they said so"))


def unsay(engine: Engine, person_id: str, by: str = "lou", why: str | None = None) -> bool:
    with writing(engine) as connection:
        return take_back(connection, "acme", "default", person_id, by, why)


def in_force(engine: Engine, company_id: str = "acme") -> dict[str, tuple[Decision, ...]]:
    with reading(engine) as connection:
        return decisions_of(connection, company_id)


def test_decisions_come_by_profile_and_person(staffed: Engine) -> None:
    assert say(staffed, BOB_IS_OUT)
    assert say(staffed, ANN_DECIDES)
    assert say(staffed, ANN_CHAMPIONS, profile="hr")
    assert say(staffed, ANN_IS_OUT, company="globex")
    assert in_force(staffed) == {
        "default": (ANN_DECIDES, BOB_IS_OUT),
        "hr": (ANN_CHAMPIONS,),
    }
    assert in_force(staffed, "globex") == {"default": (ANN_IS_OUT,)}
    assert in_force(staffed, "initech") == {}


def test_the_same_again_writes_nothing_whoever_says_it(staffed: Engine) -> None:
    say(staffed, ANN_DECIDES, by="kim", why="signed")
    before = rows(staffed, buyer_group_decisions)
    assert not say(staffed, ANN_DECIDES, by="lou", why="signed again")
    assert rows(staffed, buyer_group_decisions) == before


def test_replacing_and_taking_back_keep_history(staffed: Engine) -> None:
    say(staffed, ANN_DECIDES, by="kim", why="signed the contract")
    say(staffed, ANN_CHAMPIONS, by="lou", why="signs no more")
    assert unsay(staffed, "p-ann", by="max", why="moved")
    assert not unsay(staffed, "p-ann")
    assert not unsay(staffed, "p-bob")
    assert in_force(staffed) == {}
    with reading(staffed) as connection:
        assert listing(connection, "acme") == []
        first, second = listing(connection, "acme", history=True)
    assert (first.decision, first.decided_by, first.why) == (
        ANN_DECIDES,
        "kim",
        "signed the contract",
    )
    assert (first.taken_back_by, first.taken_back_why) == ("lou", None)
    assert first.taken_back_at is not None
    assert first.taken_back_at <= second.decided_at
    assert (second.decision, second.name) == (ANN_CHAMPIONS, "Ann Lee")
    assert (second.taken_back_by, second.taken_back_why) == ("max", "moved")


def test_the_list_is_narrowed(staffed: Engine) -> None:
    say(staffed, BOB_IS_OUT)
    say(staffed, ANN_DECIDES, profile="hr")
    say(staffed, ANN_IS_OUT, company="globex")

    def people_of(connection: Connection, *company: str, **which: Any) -> list[str]:
        return [line.person_id for line in listing(connection, *company, **which)]

    with reading(staffed) as connection:
        assert people_of(connection) == ["p-bob", "p-ann", "p-ann"]
        assert people_of(connection, "acme") == ["p-bob", "p-ann"]
        assert people_of(connection, "acme", profile_id="hr") == ["p-ann"]
        assert people_of(connection, "acme", person_id="p-bob") == ["p-bob"]


def test_decisions_outlive_imports_and_retention(staffed: Engine) -> None:
    say(staffed, ANN_DECIDES)
    say(staffed, BOB_IS_OUT)
    unsay(staffed, "p-bob")
    before = rows(staffed, buyer_group_decisions)
    with writing(staffed) as connection:
        end_jobs(connection, "acme", ["p-ann"])
    follow(staffed, "acme", staff=STAFF)
    done(staffed, taken(staffed, "acme", "run"))
    delete_old_rows(staffed, RetentionPeriods(*[timedelta(0)] * 5))
    assert rows(staffed, buyer_group_decisions) == before


def test_an_erased_person_takes_every_decision_along(staffed: Engine) -> None:
    say(staffed, ANN_DECIDES)
    say(staffed, ANN_CHAMPIONS)
    say(staffed, BOB_IS_OUT)
    with writing(staffed) as connection:
        connection.execute(people.delete().where(people.c.person_id == "p-ann"))
    assert [row["person_id"] for row in rows(staffed, buyer_group_decisions)] == ["p-bob"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dismissed", "role": "champion"},
        {"kind": "assigned", "role": None},
        {"kind": "assigned", "role": "president"},
        {"kind": "praised", "role": "champion"},
        {"kind": "dismissed", "role": None, "person_id": "nobody"},
    ],
)
def test_the_database_refuses_what_is_no_decision(staffed: Engine, wrong: dict[str, Any]) -> None:
    row = {
        "company_id": "acme", "profile_id": "default", "person_id": "p-ann",
        "decided_by": "kim", "why": "so",
    }  # fmt: skip
    with pytest.raises(IntegrityError), writing(staffed) as connection:
        connection.execute(
            buyer_group_decisions.insert().values(row | {"decided_at": clock(connection)} | wrong)
        )


def test_the_database_lets_one_decision_about_a_person_be_in_force(staffed: Engine) -> None:
    say(staffed, ANN_DECIDES)
    with pytest.raises(IntegrityError), writing(staffed) as connection:
        connection.execute(
            buyer_group_decisions.insert().values(
                company_id="acme", profile_id="default", person_id="p-ann", kind="dismissed",
                decided_by="kim", why="so", decided_at=clock(connection),
            )
        )  # fmt: skip


def test_the_index_of_those_in_force_is_used(staffed: Engine) -> None:
    with writing(staffed) as connection:
        with statements(connection) as seen:
            decisions_of(connection, "acme")
            take_back(connection, "acme", "default", "p-ann", "kim")
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
        asked = [one for one in seen if "UPDATE" in one[0] or "profile_id" in one[0]]
        assert len(asked) == 2
        for statement, parameters in asked:
            steps = connection.exec_driver_sql(explain + statement, parameters)
            assert "uq_buyer_group_decisions_in_force" in str(steps.all())


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p-ann", "p-bob"]),
            st.sampled_from(["confirmed", "assigned", "dismissed", None]),
            st.sampled_from(ROLES),
        ),
        max_size=8,
    )
)
def test_what_was_said_last_is_in_force(staffed: Engine, steps: list[tuple[str, Any, Any]]) -> None:
    with writing(staffed) as connection:
        connection.execute(buyer_group_decisions.delete())
    with writing(staffed) as connection:
        expected: dict[str, Decision] = {}
        made = 0
        for person_id, kind, role in steps:
            if kind is None:
                had = expected.pop(person_id, None)
                assert take_back(connection, "acme", "default", person_id, "kim") == bool(had)
                continue
            role = None if kind == "dismissed" else role
            said = Decision(person_id=person_id, kind=kind, role=role)
            changed = decide(connection, "acme", "default", said, "kim", "so")
            assert changed == (expected.get(person_id) != said)
            made += changed
            expected[person_id] = said
        found = decisions_of(connection, "acme").get("default", ())
        assert found == tuple(expected[person_id] for person_id in sorted(expected))
        assert len(listing(connection, "acme", history=True)) == made


def due(engine: Engine) -> tuple[str, str, bool]:
    """Reason and state of the last refresh, and whether it is due."""
    with reading(engine) as connection:
        now = clock(connection)
    row = sorted(rows(engine, logs), key=lambda one: one["planned_at"])[-1]
    return row["reason"], row["state"], row["due_at"] <= now


def test_a_decision_gets_a_refresh_of_its_own(staffed: Engine) -> None:
    with writing(staffed) as connection:
        at = plan_to_apply(connection, "acme")
        assert at is not None
        assert at <= clock(connection)
        assert plan_to_apply(connection, "acme") is not None
    assert due(staffed) == ("manual", "planned", True)
    assert len(rows(staffed, logs)) == 1


def test_a_decision_waits_for_no_cool_down(staffed: Engine) -> None:
    push(staffed)
    for _ in range(2):
        with writing(staffed) as connection:
            plan(connection, POLICY, LIMITS)
            emitted = emit(connection, LIMITS)
        if emitted:
            done(staffed, taken(staffed, "acme", "run", emitted[0]))
            push(staffed)
    assert due(staffed) == ("event", "planned", False)
    with writing(staffed) as connection:
        plan_to_apply(connection, "acme")
    assert due(staffed) == ("manual", "planned", True)


def test_a_decision_does_not_cut_a_backoff_short(staffed: Engine) -> None:
    with writing(staffed) as connection:
        plan_manual(connection, ["acme"])
        [first] = emit(connection, LIMITS)
    taken(staffed, "acme", "run", first)
    assert failed(staffed, first.refresh_id, 1) == "failed"
    with writing(staffed) as connection:
        at = plan_to_apply(connection, "acme")
        assert at is not None
        assert at > clock(connection)


def test_what_is_decided_during_a_refresh_gets_another_one(staffed: Engine) -> None:
    say(staffed, BOB_IS_OUT)
    let_decisions_age(staffed)
    refresh = taken(staffed, "acme", "run-1")
    with writing(staffed) as connection:
        assert not decided_during(connection, refresh.refresh_id)
    say(staffed, ANN_DECIDES)
    say(staffed, ANN_DECIDES, company="globex")
    with writing(staffed) as connection:
        assert plan_to_apply(connection, "acme") is None
    done(staffed, refresh)
    assert due(staffed) == ("manual", "planned", True)
    done(staffed, taken(staffed, "acme", "run-2"))
    assert [row["state"] for row in rows(staffed, logs)] == ["completed"] * 2


def test_what_is_taken_back_during_a_refresh_gets_another_one(staffed: Engine) -> None:
    say(staffed, BOB_IS_OUT)
    let_decisions_age(staffed)
    refresh = taken(staffed, "acme", "run-1")
    unsay(staffed, "p-bob")
    done(staffed, refresh)
    assert due(staffed) == ("manual", "planned", True)


def let_decisions_age(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(
            buyer_group_decisions.update().values(decided_at=clock(connection) - HOUR)
        )
