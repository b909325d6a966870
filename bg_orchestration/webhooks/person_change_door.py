"""POST of one person change in the form of our own contract."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.inbox import NewEvent, Outcome
from bg_orchestration.webhooks.bodies import RequestBody
from bg_orchestration.webhooks.door import Delivery, Door, Services, not_stored
from bg_orchestration.webhooks.responses import answer
from bg_orchestration.webhooks.signatures import (
    Keyring,
    RefusedError,
    match_for,
    read_claims,
)

# The first one, without parsing what nobody has proven.
_SOURCE = re.compile(rb'"source"\s{0,9}:\s{0,9}"([ -~]{1,64}?)"')


class PersonChangeDoor(Door):
    """Takes one signed event a request."""

    def __init__(self, route: str, services: Services, keyring: Keyring) -> None:
        super().__init__(route, services)
        self._keyring = keyring

    async def read(self, request: Request, body: RequestBody, traceparent: str) -> Delivery:
        """Verify the signature over the exact bytes, then parse them."""
        claims = read_claims(request.headers.raw, int(self._services.now() * 1000))
        content = await body.read()
        try:
            matches = self._keyring.verify(claims, content)
        except RefusedError as refused:
            self._count_claimed(content, refused.reason)
            raise
        key = matches[0].key
        try:
            event = read_event(content)
        except (UnreadableBodyError, InvalidEventError):
            await self.keep_unreadable(
                content, key.source, key.scheme, key.fingerprint, traceparent
            )
            raise
        try:
            match = match_for(matches, event.source)
        except RefusedError as refused:
            self._count_claimed(content, refused.reason)
            raise
        row = NewEvent.of(
            event,
            content,
            scheme=match.claim.scheme,
            key_fingerprint=match.key.fingerprint,
            webhook_id=match.claim.webhook_id,
            traceparent=traceparent,
        )
        return Delivery((row,), match)

    def _count_claimed(self, content: bytes, reason: str) -> None:
        """Count a refusal for the source that an unproven body names, if it is configured."""
        named = _SOURCE.search(content)
        label = self._services.metrics.label(named[1].decode() if named else "")
        self._services.metrics.refused_of_source.labels(label, reason).inc()

    def reply(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
        """202 for a new event, 200 for a known one."""
        [row], [outcome] = delivery.rows, outcomes
        if outcome == "accepted":
            return answer(202, {"status": "accepted", "eventId": row.event_id})
        if outcome == "unstorable":
            # Our checks let it through and the database did not: the sender has to keep it.
            return not_stored()
        return answer(200, {"status": "duplicate", "eventId": row.event_id})
