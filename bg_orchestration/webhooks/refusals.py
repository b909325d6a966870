"""What is answered to a request that stored nothing: the same at each door, and never why."""

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import InvalidEventError, UnreadableBodyError
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.webhooks.bodies import RETRY, BodyError, RequestBody
from bg_orchestration.webhooks.commits import NotStoredError
from bg_orchestration.webhooks.responses import problem
from bg_orchestration.webhooks.signatures import RefusedError
from bg_orchestration.webhooks.suspects import Suspects

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """How a door is told who comes: the sentence of its 401, and the header beside it."""

    sentence: str
    challenge: str


SIGNATURE: Final = Proof("The signature could not be verified.", "HMAC-SHA256")
TOKEN: Final = Proof("The token could not be verified.", "Bearer")


class Refusals:
    """Answers, counts and logs refusals. One for all doors, so that a suspect is one at each."""

    def __init__(self, metrics: ReceiverMetrics) -> None:
        self._metrics = metrics
        self._suspects = Suspects()

    async def answering(
        self, request: Request, body: RequestBody, proof: Proof, taken: Awaitable[Response]
    ) -> Response:
        """The answer that `taken` gives, or the one to what it raises."""
        try:
            return await taken
        except RefusedError as refused:
            return self._unverified(request, refused.reason, proof, await body.discard())
        except BodyError as fault:
            self._count(request, fault.reason)
            return problem(fault.status, fault.detail, await body.discard())
        except UnreadableBodyError as fault:
            self._count(request, "unreadable")
            return problem(400, str(fault))
        except InvalidEventError as fault:
            self._count(request, "invalid", fields=[each.field for each in fault.faults])
            errors = [{"field": each.field, "message": each.message} for each in fault.faults]
            return problem(422, str(fault), errors=errors)
        except NotStoredError as fault:
            self._count(request, fault.reason)
            headers = {**RETRY, **await body.discard()}
            return problem(503, "The event could not be stored now. Send it again.", headers)

    def _unverified(
        self, request: Request, reason: str, proof: Proof, headers: dict[str, str]
    ) -> Response:
        """One answer for every fault of a proof; its reason goes to log and metrics only."""
        wait = self._suspects.failed(_address(request), time.monotonic())
        self._count(request, reason, quiet=wait is not None)
        if wait is None:
            return problem(401, proof.sentence, {**headers, "www-authenticate": proof.challenge})
        self._metrics.throttled.inc()
        headers = {**headers, "retry-after": str(wait)}
        return problem(429, "Too many requests failed verification. Slow down.", headers)

    def _count(
        self, request: Request, reason: str, *, quiet: bool = False, **facts: object
    ) -> None:
        self._metrics.refused.labels(reason).inc()
        tell = log.debug if quiet else log.warning
        tell("event_refused", reason=reason, address=_address(request), **facts)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
