"""A request hides a person at once, and is worked off in batches: on both databases."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine, func, select

from bg_orchestration.domain.model import Decision, Group
from bg_orchestration.intake.event_states import ERASED
from bg_orchestration.privacy import directory_erasure, erasure
from bg_orchestration.privacy.erasure import Eraser, has_work
from bg_orchestration.privacy.requests import DataSubject, ErasureRequest, request_erasure
from bg_orchestration.refreshes.decisions import decide, listing
from bg_orchestration.refreshes.overview import changes, employees_called, names_of, titles_of
from bg_orchestration.refreshes.publishing import publish, published
from bg_orchestration.store.companies import pages_of, people_of
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    erasure_people,
    erasure_requests,
    webhook_events,
)
from bg_orchestration_tests.privacy.conftest import EMAIL, PAGE, PERSONAL, everything
from bg_orchestration_tests.privacy.test_answer_erasure import ANN as ANSWER
from bg_orchestration_tests.privacy.test_answer_erasure import answer
from bg_orchestration_tests.refreshes.lives import taken
from bg_orchestration_tests.refreshes.test_publishing import group, member
from bg_orchestration_tests.store.rows import SUPPRESSIONS, push, rows, statements

HISTORY = re.compile(
    r"webhook_events|webhook_event_companies|pipeline_operations|research_notes|buyer_group_changes"
)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short history takes many batches."""
    for name in ("_EVENTS", "_ANSWERS"):
        monkeypatch.setattr(erasure, name, 2)
    monkeypatch.setattr(directory_erasure, "_PEOPLE", 2)


def requested(engine: Engine, *who: str) -> ErasureRequest:
    with writing(engine) as connection:
        subjects = [DataSubject.parse(one) for one in who]
        return request_erasure(connection, subjects, SUPPRESSIONS)


def erase_all(engine: Engine) -> list[str]:
    return [batch.stage for batch in Eraser.of(engine, SUPPRESSIONS).run()]


def members(found: Group | None) -> set[str]:
    assert found is not None
    return {one.person_id for one in found.group.members}


@pytest.mark.parametrize("who", ["p-ann", EMAIL.upper(), PAGE])
def test_from_the_request_on_the_person_is_shown_nowhere(staffed: Engine, who: str) -> None:
    with writing(staffed) as connection:
        decision = Decision(person_id="p-ann", kind="confirmed", role="decision")
        assert decide(connection, "acme", "default", decision, "ops", "asked them")
    assert requested(staffed, who).people == {"p-ann"}
    with reading(staffed) as connection:
        assert "p-ann" not in {one.person_id for one in people_of(connection, "acme")}
        assert pages_of(connection, ["p-ann", "p-bob"]).keys() == {"p-bob"}
        assert members(published(connection, "acme", "default")) == {"p-bob"}
        assert {one.person_id for one in changes(connection)} == {"p-bob"}
        assert names_of(connection, ["p-ann", "p-bob"]).keys() == {"p-bob"}
        assert titles_of(connection, "acme", ["p-ann", "p-bob"]).keys() == {"p-bob"}
        assert employees_called(connection, "acme", "Ann Lee") == []
        assert listing(connection, person_id="p-ann", history=True) == []
        assert SUPPRESSIONS.suppressed_people(connection, ["p-ann", "p-bob"]) == {"p-ann"}


def test_a_request_reads_no_history_whatever_its_length(staffed: Engine) -> None:
    push(staffed, id="p-x", name="Cyd Moe", newTitle="CTO")
    counts = []
    for who in ("p-ann", "p-bob"):
        with writing(staffed) as connection, statements(connection) as seen:
            request_erasure(connection, [DataSubject.parse(who)], SUPPRESSIONS)
        assert [text for text, _ in seen if HISTORY.search(text)] == []
        counts.append(len(seen))
    assert max(counts) < 30


def test_a_run_that_read_the_person_before_does_not_publish_them(staffed: Engine) -> None:
    refresh = taken(staffed, "acme", "run-2")
    request = requested(staffed, "p-ann")
    with writing(staffed) as connection:
        acquire_lock(connection, Lock.ADMISSION)
        publish(connection, refresh, [group(member("p-ann", "decision"), member("p-bob"))])
        assert members(published(connection, "acme", "default")) == {"p-bob"}
    assert request.companies == {"acme"}
    assert erase_all(staffed)[-1] == "values"
    assert [row["person_id"] for row in rows(staffed, buyer_group_members)] == ["p-bob"]


def test_a_request_stays_open_while_a_run_from_before_it_may_still_write(staffed: Engine) -> None:
    refresh = taken(staffed, "acme", "run-2")
    requested(staffed, "p-ann")
    erase_all(staffed)
    with reading(staffed) as connection:
        assert not has_work(connection)
    [row] = rows(staffed, erasure_requests)
    assert (row["stage"], row["finished_at"]) == ("values", None)
    with writing(staffed) as connection:
        publish(connection, refresh, [group(member("p-bob"))])
    with reading(staffed) as connection:
        assert has_work(connection)
    assert erase_all(staffed) == ["values"]
    assert rows(staffed, erasure_people) == []


def test_an_erased_request_keeps_numbers_only(staffed: Engine) -> None:
    request = requested(staffed, "p-ann")
    answer(staffed, "one", ANSWER)
    eraser = Eraser.of(staffed, SUPPRESSIONS, lambda companies, people: len(companies | people))
    done = eraser.finish(request)
    assert (done.people, done.companies, done.values) == ({"p-ann"}, {"acme"}, 2)
    assert (done.rows["webhook_events"], done.rows["pipeline_operations"]) == (2, 1)
    [row] = rows(staffed, erasure_requests)
    assert (row["stage"], row["wanted"], json.loads(row["erased"])) == ("done", None, done.rows)
    left = everything(staffed)
    assert [value for value in PERSONAL if value in left] == []


class KilledError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("commits", range(9))
@pytest.mark.parametrize("after", [True, False], ids=["committed", "rolled back"])
def test_an_eraser_that_was_killed_goes_on_where_it_was(
    staffed: Engine, commits: int, *, after: bool
) -> None:
    for number in range(5):
        push(staffed, id=f"p-{number}", name=f"Person {number}", email=EMAIL)
        answer(staffed, f"key-{number}", [ANSWER, {"full_name": "Bob Ray", "id": number}])
    requested(staffed, "p-ann")
    left = commits

    @contextmanager
    def write() -> Iterator[Connection]:
        nonlocal left
        left -= 1
        with writing(staffed) as connection:
            yield connection
            if left < 0 and not after:
                raise KilledError
        if left < 0:
            raise KilledError

    with pytest.raises(KilledError):
        for _ in Eraser(partial(reading, staffed), write, SUPPRESSIONS).run():
            pass
    erase_all(staffed)
    text = everything(staffed)
    assert [value for value in PERSONAL if value in text] == []
    [row] = rows(staffed, erasure_requests)
    counts = json.loads(row["erased"])
    assert (counts["webhook_events"], counts["pipeline_operations"]) == (7, 5)


def test_two_erasers_and_requests_that_come_meanwhile(staffed: Engine) -> None:
    for number in range(20):
        push(staffed, id="p-bob" if number % 2 else "p-cyd", name="Bob Ray")
    requested(staffed, "p-ann")
    both = Barrier(2)
    failed: list[BaseException] = []

    def work(who: str) -> None:
        try:
            both.wait()
            run = Eraser.of(staffed, SUPPRESSIONS).run()
            next(run)
            requested(staffed, who)
            for _ in run:
                pass
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    threads = [Thread(target=work, args=(who,)) for who in ("p-bob", "p-cyd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    erase_all(staffed)
    assert {row["stage"] for row in rows(staffed, erasure_requests)} == {"done"}
    with reading(staffed) as connection:
        kept = select(func.count()).where(webhook_events.c.person_id != ERASED)
        assert connection.execute(kept).scalar_one() == 0
    assert rows(staffed, buyer_group_members) == []


def test_an_import_makes_the_eraser_wait_and_not_the_planner(
    engine: Engine, staffed: Engine
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    requested(staffed, "p-ann")
    with writing(staffed) as importing:
        acquire_lock(importing, Lock.DIRECTORY)
        assert erase_all(staffed) == []
        with writing(staffed) as planner:
            assert acquire_lock(planner, Lock.ADMISSION, wait=False)
    assert erase_all(staffed)[-1] == "values"
