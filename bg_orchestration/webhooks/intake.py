"""POST of one event: verify, parse, commit, answer, in this order."""

import hashlib
import time
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.intake.event_reader import read_event
from bg_orchestration.intake.inbox import NewEvent, Outcome
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.webhooks.bodies import RETRY, RequestBody
from bg_orchestration.webhooks.commits import GroupCommit
from bg_orchestration.webhooks.refusals import SIGNATURE, Refusals
from bg_orchestration.webhooks.responses import answer, problem
from bg_orchestration.webhooks.signatures import Keyring, Match, match_for, read_claims
from bg_orchestration.webhooks.traceparent import trace_of

log = structlog.stdlib.get_logger(__name__)


class Intake:
    """Takes events in."""

    def __init__(
        self,
        keyring: Keyring,
        commits: GroupCommit,
        metrics: ReceiverMetrics,
        refusals: Refusals,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._keyring = keyring
        self._commits = commits
        self._metrics = metrics
        self._refusals = refusals
        self._now = now

    async def receive(self, request: Request) -> Response:
        """Answer one request; never raises for what a sender or the database can do."""
        body = RequestBody(request)
        return await self._refusals.answering(request, body, SIGNATURE, self._take(request, body))

    async def _take(self, request: Request, body: RequestBody) -> Response:
        began = time.perf_counter()
        event, match, content = await self._verified_event(request, body)
        [outcome] = await self._commits.commit(_row(event, match, content, trace_of(request)))
        self._count_event(event, match, outcome, time.perf_counter() - began)
        return _answer_to(event, outcome)

    async def _verified_event(
        self, request: Request, body: RequestBody
    ) -> tuple[PersonChangeEvent, Match, bytes]:
        claims = read_claims(request.headers.raw, int(self._now() * 1000))
        content = await body.read()
        matches = self._keyring.verify(claims, content)
        event = read_event(content)
        return event, match_for(matches, event.source), content

    def _count_event(
        self, event: PersonChangeEvent, match: Match, outcome: Outcome, seconds: float
    ) -> None:
        skew = self._now() - match.claim.sent_ms / 1000
        self._metrics.count_event(event.source, outcome, match.key.fingerprint, skew, seconds)
        tell = log.info if outcome in ("accepted", "duplicate") else log.warning
        tell(f"event_{outcome}", source=event.source, event_id=event.id, type=event.type)


def _row(event: PersonChangeEvent, match: Match, body: bytes, traceparent: str) -> NewEvent:
    return NewEvent(
        source=event.source,
        event_id=event.id,
        type=event.type,
        company_id=event.company.id,
        person_id=event.person.id,
        happened_at=event.timestamp,
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        scheme=match.claim.scheme,
        key_fingerprint=match.key.fingerprint,
        webhook_id=match.claim.webhook_id,
        traceparent=traceparent,
    )


def _answer_to(event: PersonChangeEvent, outcome: Outcome) -> Response:
    if outcome == "accepted":
        return answer(202, {"status": "accepted", "eventId": event.id})
    if outcome == "unstorable":
        # Our checks let it through and the database did not: ours to mend, the sender's to keep.
        return problem(503, "The event could not be stored now. Send it again.", RETRY)
    return answer(200, {"status": "duplicate", "eventId": event.id})
