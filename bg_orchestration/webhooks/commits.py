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

from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.store.database import describe_outage, writing
from bg_orchestration.store.inbox import NewEvent, Outcome, record

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
    event: NewEvent
    answer: asyncio.Future[Outcome]


class GroupCommit:
    """A bounded queue and one thread that writes what is in it, a transaction at a time.

    There is no timer: while one transaction is under way the next batch gathers, so a lone event
    is written at once and a burst in few transactions. Everything but the thread runs on the
    event loop that called `start`.

    Attributes:
        patience: seconds after which an event that is still queued is taken back.
        last_patience: further seconds for one whose transaction has begun. Its outcome is then
            unknown; if it was stored, the sender's next try is a duplicate.
    """

    max_rows = 2_000
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

    async def commit(self, event: NewEvent) -> Outcome:
        """Wait until `event` is committed, and tell what became of it.

        Raises:
            NotStoredError: it is not, or not known to be.
        """
        waiting = _Waiting(event, self._loop.create_future())
        self._enqueue(waiting)
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
        size = len(waiting.event.body)
        with self._changed:
            if self._closing:
                raise NotStoredError("stopping")
            if len(self._queue) >= self.max_rows or self._bytes + size > self.max_bytes:
                raise NotStoredError("queue_full")
            self._queue.append(waiting)
            self._count(size)
            self._changed.notify()

    def _take_back(self, waiting: _Waiting) -> bool:
        with self._changed:
            try:
                self._queue.remove(waiting)
            except ValueError:
                return False
            self._count(-len(waiting.event.body))
            return True

    def _count(self, size: int) -> None:
        self._bytes += size
        self._metrics.queued_bytes.set(self._bytes)
        self._metrics.queued_rows.set(len(self._queue))

    def _write(self) -> None:
        while batch := self._next_batch():
            outcomes = self._try_to_store([waiting.event for waiting in batch])
            # When the loop is closed, nobody waits.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_answer, batch, outcomes)

    def _next_batch(self) -> list[_Waiting]:
        """What to write next, at least one event; none when closed and drained."""
        batch: list[_Waiting] = []
        size = 0
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            while self._queue and len(batch) < self.batch_rows and size < self.batch_bytes:
                batch.append(self._queue.popleft())
                size += len(batch[-1].event.body)
            self._count(-size)
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
    for place, waiting in enumerate(batch):
        if waiting.answer.done():
            continue
        if outcomes is None:
            waiting.answer.set_exception(NotStoredError("database"))
        else:
            waiting.answer.set_result(outcomes[place])
