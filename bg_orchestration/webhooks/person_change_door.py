"""POST of one person change in the form of our own contract."""

import hashlib
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.domain.events import PersonChangeEvent
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.inbox import NO_COMPANY, NO_PERSON, UNREADABLE, NewEvent, Outcome
from bg_orchestration.webhooks.bodies import RequestBody
from bg_orchestration.webhooks.door import Delivery, Door, Services, not_stored
from bg_orchestration.webhooks.responses import answer
from bg_orchestration.webhooks.signatures import Keyring, Match, match_for, read_claims


class PersonChangeDoor(Door):
    """Takes one signed event a request."""

    def __init__(self, route: str, services: Services, keyring: Keyring) -> None:
        super().__init__(route, services)
        self._keyring = keyring

    async def read(self, request: Request, body: RequestBody, traceparent: str) -> Delivery:
        """Verify the signature over the exact bytes, then parse them."""
        claims = read_claims(request.headers.raw, int(self._services.now() * 1000))
        content = await body.read()
        matches = self._keyring.verify(claims, content)
        try:
            event = read_event(content)
        except (UnreadableBodyError, InvalidEventError):
            # The sender takes the answer as final: a later version can still replay the event.
            await self._services.commits.commit(self._unreadable(content, matches[0], traceparent))
            raise
        match = match_for(matches, event.source)
        return Delivery((_row(event, match, content, traceparent),), match)

    def _unreadable(self, content: bytes, match: Match, traceparent: str) -> NewEvent:
        """A verified body that is no event: the planner marks it dead with the reader's fault."""
        digest = hashlib.sha256(content).hexdigest()
        return NewEvent(
            source=match.key.source,
            event_id=f"{UNREADABLE}:{digest}",
            type=UNREADABLE,
            company_id=NO_COMPANY,
            person_id=NO_PERSON,
            happened_at=self.received_at(),
            body=content,
            body_sha256=digest,
            scheme=match.claim.scheme,
            key_fingerprint=match.key.fingerprint,
            webhook_id=match.claim.webhook_id,
            traceparent=traceparent,
        )

    def reply(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
        """202 for a new event, 200 for a known one."""
        [row], [outcome] = delivery.rows, outcomes
        if outcome == "accepted":
            return answer(202, {"status": "accepted", "eventId": row.event_id})
        if outcome == "unstorable":
            # Our checks let it through and the database did not: the sender has to keep it.
            return not_stored()
        return answer(200, {"status": "duplicate", "eventId": row.event_id})


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
