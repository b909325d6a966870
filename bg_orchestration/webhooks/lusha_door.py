"""POST of a signal or an opt-out by Lusha, signed; GET of a challenge when it checks the address.

Documentation: https://docs.lusha.com/webhooks/overview. An answer has to come within 10 s and to
acknowledge the delivery; after three that do not, Lusha disables the subscription. So a push that
verifies is stored even if its form is unknown: it shows as dead, and a later version can replay it.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import UnreadableBodyError, read_json
from bg_orchestration.intake.inbox import (
    LUSHA_UNREADABLE,
    NO_COMPANY,
    NO_PERSON,
    NewEvent,
    Outcome,
)
from bg_orchestration.intake.lusha_pushes import (
    OPT_OUT,
    SOURCE,
    OptOut,
    read_push,
)
from bg_orchestration.webhooks.bodies import RequestBody
from bg_orchestration.webhooks.door import Delivery, Door, Services, not_stored
from bg_orchestration.webhooks.responses import answer, problem
from bg_orchestration.webhooks.signatures import (
    LUSHA,
    Keyring,
    Match,
    match_for,
    read_hex_claim,
)

_CHALLENGE = re.compile(r"[!-~]{1,512}")

log = structlog.stdlib.get_logger(__name__)


async def show_challenge(request: Request) -> Response:
    """Echo the challenge by which Lusha checks that the address is ours."""
    challenges = request.query_params.getlist("challenge")
    if len(challenges) != 1 or not _CHALLENGE.fullmatch(challenges[0]):
        return problem(400, "Send one challenge of 1 to 512 visible ASCII characters.")
    return answer(200, {"challenge": challenges[0]})


class LushaDoor(Door):
    """Takes one signed push a request."""

    def __init__(self, route: str, services: Services, keyring: Keyring) -> None:
        super().__init__(route, services)
        self._keyring = keyring

    async def read(self, request: Request, body: RequestBody, traceparent: str) -> Delivery:
        """Verify the signature over the exact bytes, then parse them."""
        claim = read_hex_claim(request.headers.raw, int(self._services.now() * 1000), LUSHA)
        content = await body.read()
        match = match_for(self._keyring.verify((claim,), content), SOURCE)
        try:
            row = to_row(content, match, self.received_at(), traceparent)
        except UnreadableBodyError:
            await self.keep_unreadable(content, SOURCE, SOURCE, match.key.fingerprint, traceparent)
            raise
        return Delivery((row,), match)

    def reply(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
        """Acknowledge the push in the form that Lusha documents."""
        [row], [outcome] = delivery.rows, outcomes
        if outcome == "unstorable":
            return not_stored()
        acknowledged = {
            "received": True,
            "timestamp": self.received_at().isoformat(),
            "webhookId": row.event_id,
        }
        return answer(202 if outcome == "accepted" else 200, acknowledged)


def to_row(content: bytes, match: Match, received: datetime, traceparent: str) -> NewEvent:
    """A push as it stands in the inbox.

    Raises:
        UnreadableBodyError: it is not JSON.
    """
    digest = hashlib.sha256(content).hexdigest()
    event_id, type_ = f"unreadable:{digest}", LUSHA_UNREADABLE
    who, happened_at = NO_PERSON, received
    document = read_json(content)
    try:
        push = read_push(document)
    except ValueError as fault:
        log.warning("push_unreadable", source=SOURCE, fault=str(fault))
    else:
        event_id = push.event_id
        type_ = OPT_OUT if isinstance(push, OptOut) else push.type
        who = f"{SOURCE}:{push.source_id}" if push.source_id else NO_PERSON
        happened_at = push.happened_at or received
    return NewEvent(
        source=SOURCE,
        event_id=event_id,
        type=type_,
        company_id=NO_COMPANY,
        person_id=who,
        happened_at=happened_at,
        body=content,
        body_sha256=digest,
        scheme=SOURCE,
        key_fingerprint=match.key.fingerprint,
        webhook_id=None,
        traceparent=traceparent,
    )
