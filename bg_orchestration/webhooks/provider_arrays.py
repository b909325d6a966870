"""POST of ids by Coresignal or People Data Labs: fanned out into the inbox in one transaction.

Neither provider sends again what was refused, so an entry that cannot be used does not refuse the
others, and a delivery may be larger than an event. The delivery itself, byte for byte, is one row;
each entry is another, which makes us look at the people it concerns and says nothing of its own.
"""

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import (
    Fault,
    InvalidEventError,
    read_json,
)
from bg_orchestration.intake.id_pushes import (
    DELIVERY,
    Entry,
    PushProvider,
    read_entries,
)
from bg_orchestration.intake.inbox import (
    NO_COMPANY,
    NOBODY,
    NewEvent,
    Outcome,
)
from bg_orchestration.intake.subscriptions import Address
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.webhooks.bodies import BodyError, RequestBody
from bg_orchestration.webhooks.commits import GroupCommit, NotStoredError
from bg_orchestration.webhooks.provider_tokens import Tokens
from bg_orchestration.webhooks.refusals import TOKEN, Refusals
from bg_orchestration.webhooks.responses import answer
from bg_orchestration.webhooks.signatures import RefusedError
from bg_orchestration.webhooks.traceparent import trace_of

# An entry of Coresignal's has some 100 bytes; 10,000 of them are 1 MB and take one transaction of
# about 2 s on two shared cores, for which other senders wait. More is refused, and left to the
# sweep.
MAX_DELIVERY: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 10_000

log = structlog.stdlib.get_logger(__name__)


class ArrayIntake:
    """Takes deliveries in."""

    def __init__(
        self,
        tokens: Tokens,
        commits: GroupCommit,
        metrics: ReceiverMetrics,
        refusals: Refusals,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tokens = tokens
        self._commits = commits
        self._metrics = metrics
        self._refusals = refusals
        self._now = now

    async def receive_coresignal(self, request: Request) -> Response:
        """Answer Coresignal, whose token stands in the path."""
        return await self._receive(request, "coresignal")

    async def receive_pdl(self, request: Request) -> Response:
        """Answer People Data Labs, whose token stands in the path or in `Authorization`."""
        return await self._receive(request, "pdl")

    async def _receive(self, request: Request, source: PushProvider) -> Response:
        body = RequestBody(request, MAX_DELIVERY)
        taken = self._take(request, source, body)
        return await self._refusals.answering(request, body, TOKEN, taken)

    async def _take(self, request: Request, source: PushProvider, body: RequestBody) -> Response:
        began = time.perf_counter()
        address = await self._tokens.address(source, _token(request))
        content = await body.read()
        received = datetime.fromtimestamp(self._now(), UTC)
        # Off the loop: a large delivery takes a moment, and others must not wait for it.
        rows, unusable = await asyncio.to_thread(
            fan_out, source, address, content, received, trace_of(request)
        )
        outcomes = await self._commits.commit(*rows)
        self._count(source, address, outcomes[1:], unusable, time.perf_counter() - began)
        if "unstorable" in outcomes:
            # Our checks let it through and the database did not: ours to mend.
            raise NotStoredError("database")
        new = outcomes.count("accepted")
        facts = {
            "deliveryId": rows[0].event_id,
            "entries": len(rows) - 1,
            "new": outcomes[1:].count("accepted"),
            "unusable": unusable,
        }
        return answer(202 if new else 200, {"status": "accepted" if new else "duplicate", **facts})

    def _count(
        self,
        source: PushProvider,
        address: Address,
        outcomes: Sequence[Outcome],
        unusable: int,
        seconds: float,
    ) -> None:
        counts: Counter[str] = Counter(outcomes)
        for outcome, count in counts.items():
            self._metrics.events.labels(source, outcome).inc(count)
        self._metrics.unusable_entries.labels(source).inc(unusable)
        self._metrics.answer_seconds.observe(seconds)
        tell = log.warning if unusable else log.info
        tell(
            "delivery_taken",
            source=source,
            subscription=address.subscription_id,
            unusable=unusable,
            **counts,
        )


def fan_out(
    source: PushProvider, address: Address, content: bytes, received: datetime, traceparent: str
) -> tuple[list[NewEvent], int]:
    """The rows of a delivery, its own first, and how many of its entries name nobody.

    Raises:
        UnreadableBodyError: it is no JSON.
        InvalidEventError: it is no array, or an array of which no entry can be used.
        BodyError: it has too many entries.
    """
    array = read_json(content)
    if not isinstance(array, list):
        raise InvalidEventError((Fault("body", "must be a JSON array"),))
    if len(array) > MAX_ENTRIES:
        sentence = f"The array may have at most {MAX_ENTRIES} entries."
        raise BodyError(413, "too_large", sentence)
    entries = read_entries(source, array)
    usable = [(entry, value) for entry, value in zip(entries, array, strict=True) if entry]
    if array and not usable:
        raise InvalidEventError((Fault("0", "names nobody: neither an id nor an object of one"),))
    digest = hashlib.sha256(content).hexdigest()
    day = received.date()
    parts = f"{source}:{address.subscription_id}:{day.isoformat()}:{digest}"
    delivery_id = f"delivery:{hashlib.sha256(parts.encode()).hexdigest()}"

    def row(event_id: str, type_: str, person_id: str, body: bytes) -> NewEvent:
        return NewEvent(
            source=source,
            event_id=event_id,
            type=type_,
            company_id=address.company_id or NO_COMPANY,
            person_id=person_id,
            happened_at=received,
            body=body,
            body_sha256=hashlib.sha256(body).hexdigest(),
            scheme=source,
            key_fingerprint=address.subscription_id,
            webhook_id=delivery_id,
            traceparent=traceparent,
        )

    def row_of(entry: Entry, value: Any) -> NewEvent:
        event_id = entry.event_id(source, address.subscription_id, day)
        who = f"{source}:{entry.source_id}"
        return row(event_id, entry.type, who, json.dumps(value).encode())

    rows = [row(delivery_id, DELIVERY, NOBODY, content)]
    rows += [row_of(entry, value) for entry, value in usable]
    return rows, len(array) - len(usable)


def _token(request: Request) -> str:
    token: str | None = request.path_params.get("token")
    if token is not None:
        return token
    lines = request.headers.getlist("authorization")
    if not lines:
        raise RefusedError("missing")
    if len(lines) > 1:
        raise RefusedError("repeated_header")
    scheme, _, token = lines[0].partition(" ")
    if scheme.lower() != "bearer":
        raise RefusedError("malformed")
    return token.strip()
