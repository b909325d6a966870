"""POST of one event: verify, parse, commit, answer, in this order."""

import hashlib
import time
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from structlog.contextvars import bound_contextvars

from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.observability.traces import (
    span,
    tell_status,
    trace_id_in,
    traceparent_now,
)
from bg_orchestration.store.inbox import NewEvent, Outcome
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.answers import answer, problem
from bg_orchestration.webhooks.bodies import RETRY, BodyError, RequestBody
from bg_orchestration.webhooks.commits import GroupCommit, NotStoredError
from bg_orchestration.webhooks.parsing import InvalidEventError, UnreadableBodyError, parse_event
from bg_orchestration.webhooks.signatures import (
    Keyring,
    Match,
    RefusedError,
    match_for,
    read_claims,
)
from bg_orchestration.webhooks.suspects import Suspects
from bg_orchestration.webhooks.traceparent import own_context, sent_context

log = structlog.stdlib.get_logger(__name__)


class Intake:
    """Takes events in."""

    def __init__(
        self,
        keyring: Keyring,
        commits: GroupCommit,
        metrics: ReceiverMetrics,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._keyring = keyring
        self._commits = commits
        self._metrics = metrics
        self._now = now
        self._suspects = Suspects()

    async def receive(self, request: Request) -> Response:
        """Answer one request, in the sender's trace; never raises for what others can do."""
        sent = sent_context(
            [value.encode("latin-1") for value in request.headers.getlist("traceparent")]
        )
        facts = {"http.request.method": "POST", "http.route": PATH, "url.path": PATH}
        with span(f"POST {PATH}", "server", facts, parent=sent) as made:
            traceparent = traceparent_now() or own_context(sent)
            with bound_contextvars(trace_id=trace_id_in(traceparent)):
                response = await self._receive(request, traceparent)
            if made is not None:
                tell_status(made, response.status_code)
            return response

    async def _receive(self, request: Request, traceparent: str) -> Response:
        began = time.perf_counter()
        body = RequestBody(request)
        try:
            event, match, content = await self._verified_event(request, body)
            with span("INSERT webhook_events", "client", {"db.collection.name": "webhook_events"}):
                outcome = await self._commits.commit(_row(event, match, content, traceparent))
        except RefusedError as refused:
            return self._unverified(request, refused.reason, await body.discard())
        except BodyError as fault:
            self._count_refusal(request, fault.reason)
            return problem(fault.status, fault.detail, await body.discard())
        except UnreadableBodyError as fault:
            self._count_refusal(request, "unreadable")
            return problem(400, str(fault))
        except InvalidEventError as fault:
            self._count_refusal(request, "invalid", fields=[each.field for each in fault.faults])
            errors = [{"field": each.field, "message": each.message} for each in fault.faults]
            return problem(422, str(fault), errors=errors)
        except NotStoredError as fault:
            self._count_refusal(request, fault.reason)
            return problem(503, "The event could not be stored now. Send it again.", RETRY)
        self._count_event(event, match, outcome, time.perf_counter() - began)
        return _answer_to(event, outcome)

    async def _verified_event(
        self, request: Request, body: RequestBody
    ) -> tuple[PersonChangeEvent, Match, bytes]:
        claims = read_claims(request.headers.raw, int(self._now() * 1000))
        content = await body.read()
        matches = self._keyring.verify(claims, content)
        event = parse_event(content)
        return event, match_for(matches, event.source), content

    def _unverified(self, request: Request, reason: str, headers: dict[str, str]) -> Response:
        """One answer for every fault of a signature; its reason goes to log and metrics only."""
        wait = self._suspects.failed(_address(request), time.monotonic())
        self._count_refusal(request, reason, quiet=wait is not None)
        if wait is None:
            headers = {**headers, "www-authenticate": "HMAC-SHA256"}
            return problem(401, "The signature could not be verified.", headers)
        self._metrics.throttled.inc()
        headers = {**headers, "retry-after": str(wait)}
        return problem(429, "Too many requests failed verification. Slow down.", headers)

    def _count_refusal(
        self, request: Request, reason: str, *, quiet: bool = False, **facts: object
    ) -> None:
        self._metrics.refused.labels(reason).inc()
        tell = log.debug if quiet else log.warning
        tell("event_refused", reason=reason, address=_address(request), **facts)

    def _count_event(
        self, event: PersonChangeEvent, match: Match, outcome: Outcome, seconds: float
    ) -> None:
        source = self._metrics.label(event.source)
        self._metrics.events.labels(source, outcome).inc()
        self._metrics.key_matches.labels(match.key.fingerprint).inc()
        self._metrics.clock_skew.labels(source).observe(self._now() - match.claim.sent_ms / 1000)
        self._metrics.answer_seconds.observe(seconds)
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


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
