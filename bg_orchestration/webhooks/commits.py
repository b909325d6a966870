"""Group commit: events that arrive together share a transaction, and nobody is told too early."""

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
    """The event was not committed, or nobody knows yet: the sender has to come again.

    `reason` is one of `queue_full`, `database`, `deadline`, `stopping`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False, slots=True)
class _Waiting:
    events: Sequence[NewEvent]
    answer: asyncio.Future[list[Outcome]]

    @property
    def bytes(self) -> int:
        return sum(len(event.body) for event in self.events)


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
        self._queue: deque[_Waiting] = deque()
        self._bytes = 0
        self._rows = 0
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
        """Wait until `events` are committed together, and tell what became of each.

        Raises:
            NotStoredError: they are not, or not known to be.
        """
        waiting = _Waiting(events, self._loop.create_future())
        with span("INSERT webhook_events", "client", {"db.collection.name": "webhook_events"}):
            self._enqueue(waiting)
            return await self._outcomes(waiting)

    async def _outcomes(self, waiting: _Waiting) -> list[Outcome]:
        try:
            return await asyncio.wait_for(asyncio.shield(waiting.answer), self.patience)
        except TimeoutError:
            if self._take_back(waiting):
                raise NotStoredError("deadline") from None
        try:
            return await asyncio.wait_for(waiting.answer, self.last_patience)
        except TimeoutError:
            raise NotStoredError("deadline") from None

    def _enqueue(self, waiting: _Waiting) -> None:
        with self._changed:
            if self._closing:
                raise NotStoredError("stopping")
            full = len(self._queue) >= self.max_requests
            if full or self._bytes + waiting.bytes > self.max_bytes:
                raise NotStoredError("queue_full")
            self._queue.append(waiting)
            self._count(waiting, 1)
            self._changed.notify()

    def _take_back(self, waiting: _Waiting) -> bool:
        with self._changed:
            try:
                self._queue.remove(waiting)
            except ValueError:
                return False
            self._count(waiting, -1)
            return True

    def _count(self, waiting: _Waiting, sign: int) -> None:
        self._bytes += sign * waiting.bytes
        self._rows += sign * len(waiting.events)
        self._metrics.queued_bytes.set(self._bytes)
        self._metrics.queued_rows.set(self._rows)

    def _write(self) -> None:
        while batch := self._next_batch():
            outcomes = self._try_to_store([event for waiting in batch for event in waiting.events])
            # When the loop is closed, nobody waits.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_answer, batch, outcomes)

    def _next_batch(self) -> list[_Waiting]:
        """What to write next, at least one request; none when closed and drained."""
        batch: list[_Waiting] = []
        rows = size = 0
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            while self._queue and rows < self.batch_rows and size < self.batch_bytes:
                waiting = self._queue.popleft()
                batch.append(waiting)
                rows += len(waiting.events)
                size += waiting.bytes
                self._count(waiting, -1)
        return batch

    def _try_to_store(self, events: Sequence[NewEvent]) -> list[Outcome] | None:
        began = time.perf_counter()
        try:
            with writing(self._engine) as connection:
                outcomes = record(connection, events)
        except SQLAlchemyError as error:
            self._failed(describe_outage(error))
            return None
        except Exception as error:  # noqa: BLE001 - the thread must live, and senders be told
            self._failed(type(error).__name__)
            return None
        self._metrics.commit_seconds.observe(time.perf_counter() - began)
        self._metrics.batch_rows.observe(len(events))
        if self._failing:
            self._failing = False
            log.info("commits_recovered")
        return outcomes

    def _failed(self, error: str) -> None:
        # Told once an outage: under load there are hundreds of failed batches a second.
        if not self._failing:
            self._failing = True
            log.error("commits_failing", error=error)


def _answer(batch: Sequence[_Waiting], outcomes: Sequence[Outcome] | None) -> None:
    place = 0
    for waiting in batch:
        own = slice(place, place + len(waiting.events))
        place = own.stop
        if waiting.answer.done():
            continue
        if outcomes is None:
            waiting.answer.set_exception(NotStoredError("database"))
        else:
            waiting.answer.set_result(list(outcomes[own]))
