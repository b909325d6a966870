"""One endpoint for POST: prove the sender, read the body, commit its events, answer."""

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import InvalidEventError, UnreadableBodyError
from bg_orchestration.intake.inbox import NO_COMPANY, NO_PERSON, UNREADABLE, NewEvent, Outcome
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.webhooks.bodies import (
    MAX_BODY,
    RETRY,
    BodyError,
    BodyMemory,
    RequestBody,
)
from bg_orchestration.webhooks.commits import GroupCommit, NotStoredError
from bg_orchestration.webhooks.responses import problem
from bg_orchestration.webhooks.signatures import Match, RefusedError
from bg_orchestration.webhooks.suspects import Suspects
from bg_orchestration.webhooks.traceparent import request_span

# Lines about stored events in a second of the clock; the metrics count every event.
MAX_LINES_A_SECOND: Final = 20

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """How an endpoint answers a request whose sender it cannot verify.

    Attributes:
        sentence: the detail of the 401.
        challenge: the value of its `WWW-Authenticate`.
    """

    sentence: str
    challenge: str


SIGNATURE: Final = Proof("The signature could not be verified.", "HMAC-SHA256")
TOKEN: Final = Proof("The token could not be verified.", "Bearer")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one verified request brings.

    Attributes:
        rows: its events; they are committed together.
        match: the signature that proves it, `None` where a token does.
        unusable: entries of an array that name no person.
    """

    rows: Sequence[NewEvent]
    match: Match | None = None
    unusable: int = 0


class LineSample:
    """Lets the first `MAX_LINES_A_SECOND` log lines of each second through, and counts the rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._second = 0
        self._lines = 0

    def left_out(self) -> int | None:
        """`None`: leave this line out. Otherwise the lines left out since the last one written."""
        second = int(self._clock())
        before = 0
        if second != self._second:
            before = max(0, self._lines - MAX_LINES_A_SECOND)
            self._second, self._lines = second, 0
        self._lines += 1
        return before if self._lines <= MAX_LINES_A_SECOND else None


@dataclass(frozen=True, slots=True)
class Services:
    """What all endpoints share, so that one limit and one count hold for all of them.

    Attributes:
        now: epoch seconds; signatures are judged by it.
    """

    commits: GroupCommit
    metrics: ReceiverMetrics
    suspects: Suspects
    bodies: BodyMemory
    lines: LineSample
    now: Callable[[], float]


class Door(ABC):
    """One endpoint. A subclass reads the request; this class commits, counts and answers."""

    proof: ClassVar = SIGNATURE
    max_body: ClassVar = MAX_BODY

    def __init__(self, route: str, services: Services) -> None:
        """Make the endpoint of `route`, its path with parameters as `{name}`."""
        self._route = route
        self._services = services

    async def post(self, request: Request) -> Response:
        """Answer one request; raises for no fault of a sender or of the database."""
        body = RequestBody(request, self._services.bodies, self.max_body)
        with request_span(self._route, request) as traced:
            try:
                response = await self._accept(request, body, traced.traceparent)
            except RefusedError as refused:
                response = self._unverified(request, refused.reason, await body.discard())
            except BodyError as fault:
                self._count_refusal(request, fault.reason)
                headers = RETRY if fault.status == 503 else {}
                response = problem(fault.status, fault.detail, headers | await body.discard())
            except UnreadableBodyError as fault:
                self._count_refusal(request, "unreadable")
                response = problem(400, str(fault))
            except InvalidEventError as fault:
                fields = [each.field for each in fault.faults]
                self._count_refusal(request, "invalid", fields=fields)
                errors = [{"field": each.field, "message": each.message} for each in fault.faults]
                response = problem(422, str(fault), errors=errors)
            except NotStoredError as fault:
                self._count_refusal(request, fault.reason)
                response = not_stored(await body.discard())
            traced.end(response.status_code)
        return response

    async def _accept(self, request: Request, body: RequestBody, traceparent: str) -> Response:
        began = time.perf_counter()
        delivery = await self.read(request, body, traceparent)
        outcomes = await self._services.commits.commit(*delivery.rows)
        self.count(delivery, outcomes, time.perf_counter() - began)
        return self.reply(delivery, outcomes)

    @abstractmethod
    async def read(self, request: Request, body: RequestBody, traceparent: str) -> Delivery:
        """Verify the headers, read the body, verify it, and parse it: in this order.

        Raises:
            RefusedError: the sender is not proven.
            BodyError: the body cannot be taken.
            UnreadableBodyError: it is not JSON.
            InvalidEventError: it is not what the sender's contract says.
            NotStoredError: the database, which would know the sender, does not answer.
        """

    @abstractmethod
    def reply(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
        """The answer to a delivery whose transaction has ended."""

    def count(self, delivery: Delivery, outcomes: Sequence[Outcome], seconds: float) -> None:
        """Count and log a delivery of one signed event that took `seconds` to answer."""
        [row], [outcome], match = delivery.rows, outcomes, delivery.match
        assert match is not None
        skew = self._services.now() - match.claim.sent_ms / 1000
        self._services.metrics.count_event(
            row.source, outcome, match.key.fingerprint, skew, seconds
        )
        facts = {
            "source": row.source,
            "event_id": row.event_id,
            "type": row.type,
            "trace_id": trace_id_in(row.traceparent),
        }
        name = f"event_{outcome}"
        if outcome not in ("accepted", "duplicate"):
            log.warning(name, **facts)
        elif (left_out := self._services.lines.left_out()) is not None:
            log.info(name, **facts, **({"lines_left_out": left_out} if left_out else {}))

    async def keep_unreadable(
        self, content: bytes, source: str, scheme: str, key: str, traceparent: str
    ) -> None:
        """Store a verified body that is no event: the sender takes its refusal as final.

        The planner marks it dead with the reader's fault; a later version can replay it. `source`
        is that of the key: the body's own is not read.

        Raises:
            NotStoredError: the database does not take it now; the sender sends it again.
        """
        digest = hashlib.sha256(content).hexdigest()
        row = NewEvent(
            source=source,
            event_id=f"{UNREADABLE}:{digest}",
            type=UNREADABLE,
            company_id=NO_COMPANY,
            person_id=NO_PERSON,
            happened_at=self.received_at(),
            body=content,
            body_sha256=digest,
            scheme=scheme,
            key_fingerprint=key,
            webhook_id=None,
            traceparent=traceparent,
        )
        await self._services.commits.commit(row)
        self._services.metrics.unreadable.labels(self._services.metrics.label(source)).inc()

    def received_at(self) -> datetime:
        """The instant of now by the receiver's clock."""
        return datetime.fromtimestamp(self._services.now(), UTC)

    def _unverified(self, request: Request, reason: str, headers: dict[str, str]) -> Response:
        """One answer for every fault of a proof; its reason goes to log and metrics only."""
        wait = self._services.suspects.failed(_address(request), time.monotonic())
        self._count_refusal(request, reason, quiet=wait is not None)
        if wait is None:
            challenge = {"www-authenticate": self.proof.challenge}
            return problem(401, self.proof.sentence, headers | challenge)
        self._services.metrics.throttled.inc()
        sentence = "Too many requests failed verification. Slow down."
        return problem(429, sentence, headers | {"retry-after": str(wait)})

    def _count_refusal(
        self, request: Request, reason: str, *, quiet: bool = False, **facts: object
    ) -> None:
        self._services.metrics.refused.labels(reason).inc()
        write = log.debug if quiet else log.warning
        write("event_refused", reason=reason, address=_address(request), **facts)


def not_stored(headers: dict[str, str] | None = None) -> Response:
    """The answer to an event that is not stored, or not known to be: send it again."""
    sentence = "The event could not be stored now. Send it again."
    return problem(503, sentence, RETRY | (headers or {}))


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
