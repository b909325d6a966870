"""Group commit: events that arrive together share one transaction, and wait for its end."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration.intake.inbox import (
    NewEvent,
    Outcome,
    record,
)
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.observability.traces import span
from bg_orchestration.store.database import describe_outage, writing

log = structlog.stdlib.get_logger(__name__)


class NotStoredError(Exception):
    """The event is not committed, or not known to be: the sender has to send it again.

    `reason` is one of `queue_full`, `database`, `deadline`, `stopping`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False, slots=True)
class _Request:
    events: Sequence[NewEvent]
    bytes: int
    answer: asyncio.Future[list[Outcome]]

    def fail(self, reason: str) -> None:
        """Answer with an error, unless an answer came before."""
        if not self.answer.done():
            self.answer.set_exception(NotStoredError(reason))


class GroupCommit:
    """A bounded queue and one thread that writes what is in it, a transaction at a time.

    There is no timer: while one transaction is under way the next batch gathers, so a lone event
    is written at once and a burst in few transactions. Events that came in one request share a
    transaction, however many they are. Everything but the thread runs on the event loop that
    called `start`.

    Attributes:
        patience: seconds after which an event that is still queued is taken back.
        last_patience: further seconds for one whose transaction has begun. Its outcome is then
            unknown; if it was stored, the sender's next try is a duplicate.
    """

    max_requests = 2_000
    max_bytes = 64 * 1024 * 1024
    batch_rows = 256
    batch_bytes = 4 * 1024 * 1024
    patience = 3.0
    last_patience = 7.0

    def __init__(self, engine: Engine, metrics: ReceiverMetrics) -> None:
        self._engine = engine
        self._metrics = metrics
        self._queue: deque[_Request] = deque()
        self._bytes = 0
        self._rows = 0
        metrics.queued_bytes.set_function(lambda: self._bytes)
        metrics.queued_rows.set_function(lambda: self._rows)
        self._changed = Condition()
        self._closing = False
        self._failing = False
        # A daemon: a database that never answers must not keep the process from ending.
        self._writer = Thread(target=self._write, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to write; called once, on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._writer.start()

    async def close(self) -> None:
        """Take nothing more, and write what is queued, for as long as a sender would wait."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        deadline = time.monotonic() + self.patience + self.last_patience
        while self._writer.is_alive() and time.monotonic() < deadline:
            # The thread hands its answers to this loop: it must go on turning.
            await asyncio.sleep(0.01)

    async def commit(self, *events: NewEvent) -> list[Outcome]:
        """Wait until `events` are committed together; gives the outcome of each.

        Raises:
            NotStoredError: they are not, or not known to be.
        """
        size = sum(len(event.body) for event in events)
        request = _Request(events, size, self._loop.create_future())
        with span("INSERT webhook_events", "client", {"db.collection.name": "webhook_events"}):
            self._enqueue(request)
            deadline = self._loop.call_later(self.patience, self._expire, request)
            try:
                return await request.answer
            finally:
                deadline.cancel()

    def _expire(self, request: _Request) -> None:
        if self._take_back(request):
            request.fail("deadline")
        else:
            # Its transaction has begun: the outcome may still come.
            self._loop.call_later(self.last_patience, request.fail, "deadline")

    def _enqueue(self, request: _Request) -> None:
        with self._changed:
            if self._closing:
                raise NotStoredError("stopping")
            full = len(self._queue) >= self.max_requests
            if full or self._bytes + request.bytes > self.max_bytes:
                raise NotStoredError("queue_full")
            self._queue.append(request)
            self._count(request, 1)
            self._changed.notify()

    def _take_back(self, request: _Request) -> bool:
        with self._changed:
            try:
                self._queue.remove(request)
            except ValueError:
                return False
            self._count(request, -1)
            return True

    def _count(self, request: _Request, sign: int) -> None:
        self._bytes += sign * request.bytes
        self._rows += sign * len(request.events)

    def _write(self) -> None:
        while batch := self._next_batch():
            outcomes = self._try_to_store([event for request in batch for event in request.events])
            # When the loop is closed, no request waits.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_answer, batch, outcomes)

    def _next_batch(self) -> list[_Request]:
        """What to write next, at least one request; none when closed and drained."""
        batch: list[_Request] = []
        rows = size = 0
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            while self._queue and rows < self.batch_rows and size < self.batch_bytes:
                request = self._queue.popleft()
                batch.append(request)
                rows += len(request.events)
                size += request.bytes
                self._count(request, -1)
        return batch

    def _try_to_store(self, events: Sequence[NewEvent]) -> list[Outcome] | None:
        began = time.perf_counter()
        try:
            with writing(self._engine) as connection:
                outcomes = record(connection, events)
        except SQLAlchemyError as error:
            self._failed(describe_outage(error))
            return None
        except Exception as error:  # noqa: BLE001 - the thread must live on, and every sender gets an answer
            self._failed(type(error).__name__)
            return None
        self._metrics.commit_seconds.observe(time.perf_counter() - began)
        self._metrics.batch_rows.observe(len(events))
        if self._failing:
            self._failing = False
            log.info("commits_recovered")
        return outcomes

    def _failed(self, error: str) -> None:
        # One line for each outage: under load hundreds of batches fail in a second.
        if not self._failing:
            self._failing = True
            log.error("commits_failing", error=error)


def _answer(batch: Sequence[_Request], outcomes: Sequence[Outcome] | None) -> None:
    place = 0
    for request in batch:
        own = slice(place, place + len(request.events))
        place = own.stop
        if outcomes is None:
            request.fail("database")
        elif not request.answer.done():
            request.answer.set_result(list(outcomes[own]))
