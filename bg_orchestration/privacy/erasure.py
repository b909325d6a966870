"""Erase people from every table in batches, a transaction each, the oldest request first."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, delete, select, update

from bg_orchestration.privacy.answer_erasure import (
    ErasureSearch,
    cut_of,
    delete_notes,
    position_of,
    stored_answers,
    write_cuts,
)
from bg_orchestration.privacy.directory_erasure import delete_rows, people_with_pages
from bg_orchestration.privacy.event_erasure import empty_events, events_about
from bg_orchestration.privacy.requests import (
    DataSubject,
    ErasureRequest,
    ErasureTarget,
    chunks,
    expand,
    find_people,
    hide,
    request_erasure,
)
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    erasure_people,
    erasure_requests,
    pipeline_operations,
    research_notes,
    webhook_events,
)

_EVENTS: Final = 1_000
_SCRUB_SECONDS: Final = 10.0
# What a person reads when a reader keeps the deleted content.
STILL_READ: Final = (
    "Another process still reads the database as it was before, so deleted bytes stay in the file "
    "ending in -wal until it ends. The next erasure or a restart removes them."
)
_ANSWERS: Final = 100
_REQUESTS: Final = 500
Transaction = Callable[[], AbstractContextManager[Connection]]
# Erases people from values outside the database. It takes the ids of companies and people, and
# returns the number of rewritten values.
Rewrite = Callable[[Collection[str], Collection[str]], int]


@dataclass(slots=True)
class Erasure:
    """The result of an erasure request.

    Attributes:
        people: the ids of the stored people.
        companies: their companies, whose groups need a refresh.
        rows: how many rows of each table were deleted or, of `webhook_events` and
            `pipeline_operations`, emptied or cut.
        stale_companies: the companies without the start of a refresh since the request.
        suppressed: how many ids, addresses and pages are new on the suppression list.
        values: how many values outside the database were rewritten.
        is_open: whether it waits for a refresh or an import; the erasure job ends it later.
    """

    people: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    stale_companies: set[str] = field(default_factory=set)
    suppressed: int = 0
    values: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A completed batch.

    Attributes:
        stage: `people`, `events`, `answers` or `values`.
        rows: how many rows the batch read.
        finished: the requests that this batch completed, by id.
    """

    stage: str
    rows: int
    finished: dict[int, Erasure] = field(default_factory=dict)


@dataclass(slots=True)
class _OpenRequest:
    """An open request with its progress."""

    request_id: int
    requested_at: Any
    target: ErasureTarget
    rows: dict[str, int]

    def count(self, table: str, rows: int) -> None:
        self.rows[table] = self.rows.get(table, 0) + rows


class _BusyError(Exception):
    """An import holds the lock of the same rows."""


class _OvertakenError(Exception):
    """Another eraser has completed this batch."""


class Eraser:
    """The eraser of open requests; it may stop anywhere and goes on at the same place.

    Requests at the same position go through history together. Two erasers may run at once: the
    second to finish a batch drops it.
    """

    def __init__(
        self,
        read: Transaction,
        write: Transaction,
        suppressions: Suppressions,
        rewrite: Rewrite = lambda _companies, _people: 0,
    ) -> None:
        """Create it with transactions of an engine, or with one connection for a rehearsal."""
        self._read = read
        self._write = write
        self._suppressions = suppressions
        self._rewrite = rewrite
        self._batches = {
            "people": self._erase_directory,
            "events": self._erase_events,
            "answers": self._erase_answers,
            "values": self._finish,
        }

    @classmethod
    def of(cls, engine: Engine, *args: Any) -> Self:
        """Create the eraser of a database; `args` follow the transactions."""
        return cls(partial(reading, engine), partial(writing, engine), *args)

    def run(self) -> Iterator[Progress]:
        """Erase while a request can be worked on, and yield each batch.

        A request stays open while a refresh from before it runs, because that run may still write
        the people.
        """
        while (progress := self._next()) is not None:
            yield progress

    def finish(
        self, request: ErasureRequest, report: Callable[[Progress], None] = lambda _progress: None
    ) -> Erasure:
        """Erase until this request is done, or waits for a refresh or an import."""
        for progress in self.run():
            report(progress)
            if (erasure := progress.finished.get(request.request_id)) is not None:
                break
        else:
            erasure = self._interim_erasure(request)
        erasure.suppressed = request.suppressed
        return erasure

    def _interim_erasure(self, request: ErasureRequest) -> Erasure:
        of_request = erasure_requests.c.id == request.request_id
        with self._read() as connection:
            row = connection.execute(select(erasure_requests).where(of_request)).one()
        rows = json.loads(row.erased)
        if row.wanted is None:
            # Another eraser has completed the request.
            return Erasure(set(request.people), set(request.companies), rows)
        target = ErasureTarget.read(row.wanted)
        return Erasure(target.people, target.companies, rows, is_open=True)

    def _next(self) -> Progress | None:
        with self._read() as connection:
            cohorts = _cohorts(connection)
        for (stage, position), requests in cohorts.items():
            try:
                progress = self._batches[stage](requests, position)
            except _BusyError:
                continue
            except _OvertakenError:
                return Progress(stage, 0)
            if progress is not None:
                return progress
        return None

    def _erase_directory(self, requests: Sequence[_OpenRequest], position: str) -> Progress:
        """Delete the people's own rows."""
        with self._read() as connection:
            pages = {slug for request in requests for slug in request.target.pages}
            by_page = list(people_with_pages(connection, pages)) if pages else []
        with self._batch_transaction(
            requests, "people", position, "events", "0", locks=True
        ) as connection:
            for request in requests:
                target = request.target
                target.people |= {person_id for person_id, slug in by_page if slug in target.pages}
                find_people(connection, target)
                self._suppressions.suppress(connection, expand(connection, target))
                hide(connection, request.request_id, target.people)
                delete_rows(connection, request.target, request.count)
        return Progress("people", sum(len(request.target.people) for request in requests))

    def _erase_events(self, requests: Sequence[_OpenRequest], position: str) -> Progress:
        """Empty the received events about the people, a batch of the inbox at a time."""
        with self._read() as connection:
            rows = connection.execute(
                select(
                    webhook_events.c.id,
                    webhook_events.c.type,
                    webhook_events.c.person_id,
                    webhook_events.c.state,
                    webhook_events.c.body,
                )
                .where(webhook_events.c.id > int(position))
                .order_by(webhook_events.c.id)
                .limit(_EVENTS)
            ).all()
        keys_by_request = events_about(rows, [request.target for request in requests])
        after = ("events", str(rows[-1].id)) if rows else ("answers", "")
        with self._batch_transaction(requests, "events", position, *after) as connection:
            for request, keys in zip(requests, keys_by_request, strict=True):
                request.target.companies |= empty_events(connection, keys)
                request.count(webhook_events.name, len(keys))
        return Progress("events", len(rows))

    def _erase_answers(self, requests: Sequence[_OpenRequest], position: str) -> Progress:
        """Erase the people from providers' answers, then delete research that names them."""
        search = ErasureSearch([request.target for request in requests])
        with self._read() as connection:
            rows = stored_answers(connection, position, _ANSWERS)
        cuts = [cut for row in rows if (cut := cut_of(row, search.at(row))) is not None]
        after = ("answers", position_of(rows[-1])) if rows else ("values", "")
        # The oldest request counts the answers of all requests.
        oldest = requests[0]
        with self._batch_transaction(requests, "answers", position, *after) as connection:
            write_cuts(connection, cuts)
            oldest.count(pipeline_operations.name, len(cuts))
            if not rows:
                oldest.count(research_notes.name, delete_notes(connection, search))
        return Progress("answers", len(rows))

    @contextmanager
    def _batch_transaction(
        self,
        requests: Sequence[_OpenRequest],
        stage: str,
        position: str,
        next_stage: str,
        next_position: str,
        *,
        locks: bool = False,
    ) -> Iterator[Connection]:
        """Open the transaction of a batch and advance the requests, unless another eraser has.

        With `locks` it excludes publishing and imports. An import may take minutes, and the planner
        must not wait for the eraser meanwhile.
        """
        with self._write() as connection:
            if locks:
                acquire_lock(connection, Lock.ADMISSION)
                if not acquire_lock(connection, Lock.DIRECTORY, wait=False):
                    raise _BusyError
            if connection.dialect.name == "sqlite":
                # SQLite then overwrites deleted content instead of only unlinking it.
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            ids = [request.request_id for request in requests]
            moved = connection.execute(
                update(erasure_requests)
                .where(erasure_requests.c.id.in_(ids), erasure_requests.c.stage == stage)
                .where(erasure_requests.c.position == position)
                .values(stage=next_stage, position=next_position)
            )
            if moved.rowcount != len(ids):
                raise _OvertakenError
            yield connection
            for request in requests:
                connection.execute(
                    update(erasure_requests)
                    .where(erasure_requests.c.id == request.request_id)
                    .values(
                        wanted=None if next_stage == "done" else request.target.json(),
                        erased=json.dumps(request.rows),
                    )
                )

    def _finish(self, requests: Sequence[_OpenRequest], position: str) -> Progress | None:
        """Rewrite the values outside the database, and close the requests."""
        with self._read() as connection:
            ready = [
                request for request in requests if not _has_run_from_before(connection, request)
            ]
        if not ready:
            return None
        values = {
            request.request_id: self._rewrite(request.target.companies, request.target.people)
            for request in ready
            if request.target.people
        }
        with self._batch_transaction(ready, "values", position, "done", "") as connection:
            ids = [request.request_id for request in ready]
            connection.execute(delete(erasure_people).where(erasure_people.c.request.in_(ids)))
            stale_companies = {
                request.request_id: _stale_companies(connection, request) for request in ready
            }
            closing = {"finished_at": clock(connection)}
            connection.execute(
                update(erasure_requests).where(erasure_requests.c.id.in_(ids)).values(closing)
            )
        finished = {
            request.request_id: Erasure(
                request.target.people,
                request.target.companies,
                request.rows,
                stale_companies[request.request_id],
                values=values.get(request.request_id, 0),
            )
            for request in ready
        }
        return Progress("values", sum(values.values()), finished)


def erase(
    connection: Connection, people: Iterable[str | DataSubject], suppressions: Suppressions
) -> Erasure:
    """Request and erase in the caller's transaction, without values outside the database.

    The row of a received event stays as a tombstone, without its body and its person. A provider's
    answer keeps its other people. An answer about no other person becomes a miss, which is not
    requested again while it is fresh.

    Raises:
        SuppressionKeyError: the list was made with another key; nothing was erased.
    """
    # The planner, the publisher and imports write the same rows under these locks.
    acquire_lock(connection, Lock.ADMISSION)
    acquire_lock(connection, Lock.DIRECTORY)
    subjects = [
        DataSubject.parse(subject) if isinstance(subject, str) else subject for subject in people
    ]
    request = request_erasure(connection, subjects, suppressions)

    def same() -> AbstractContextManager[Connection]:
        return nullcontext(connection)

    return Eraser(same, same, suppressions).finish(request)


def has_work(connection: Connection) -> bool:
    """Whether a request is open and does not wait for a running refresh."""
    return any(
        stage != "values" or not _has_run_from_before(connection, request)
        for (stage, _), requests in _cohorts(connection).items()
        for request in requests
    )


def _cohorts(connection: Connection) -> dict[tuple[str, str], list[_OpenRequest]]:
    """Return the open requests by stage and position, the oldest first."""
    rows = connection.execute(
        select(erasure_requests)
        .where(erasure_requests.c.finished_at.is_(None))
        .order_by(erasure_requests.c.id)
        .limit(_REQUESTS)
    )
    cohorts: dict[tuple[str, str], list[_OpenRequest]] = {}
    for row in rows:
        request = _OpenRequest(
            row.id, row.requested_at, ErasureTarget.read(row.wanted), json.loads(row.erased)
        )
        cohorts.setdefault((row.stage, row.position), []).append(request)
    return cohorts


def _has_run_from_before(connection: Connection, request: _OpenRequest) -> bool:
    """Whether a running refresh may have read these people before they were hidden."""
    running_refreshes = select(logs.c.refresh_id).where(
        logs.c.state == "running", logs.c.started_at <= request.requested_at
    )
    return any(
        connection.execute(running_refreshes.where(logs.c.company_id.in_(chunk)).limit(1)).first()
        for chunk in chunks(request.target.companies)
    )


def _stale_companies(connection: Connection, request: _OpenRequest) -> set[str]:
    refreshed: set[str] = set()
    for chunk in chunks(request.target.companies):
        since = select(logs.c.company_id).where(
            logs.c.company_id.in_(chunk), logs.c.started_at > request.requested_at
        )
        refreshed |= set(connection.scalars(since))
    return request.target.companies - refreshed


def scrub(engine: Engine, patience: float = _SCRUB_SECONDS) -> bool:
    """Rewrite SQLite's file, whose free pages still hold deleted content, and empty its log.

    A reader with an older snapshot keeps the deleted content in the log file. The log is tried
    again for `patience` seconds. Returns whether the content is gone from all files.
    PostgreSQL removes deleted content itself with the next vacuum.

    Raises:
        OperationalError: another process has been using the file for too long.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        # Otherwise one try waits as long as a writer does.
        cursor.execute("PRAGMA busy_timeout = 100")
        deadline = time.monotonic() + patience
        while True:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_pages = cursor.fetchone() or (0,)
            if not busy:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
    finally:
        # Its short time-out must not come back to the pool.
        connection.invalidate()
