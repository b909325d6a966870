"""POST of a signal or an opt-out by Lusha, signed; GET of a challenge when it checks the address.

Documentation: https://docs.lusha.com/webhooks/overview. An answer has to come within 10 s and to
acknowledge the delivery; after three that do not, Lusha disables the subscription. So what verifies
is stored even if we cannot read it: it shows as dead, and can be handled again by a later version.
"""

import hashlib
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import read_json
from bg_orchestration.intake.inbox import (
    NO_COMPANY,
    NOBODY,
    NewEvent,
)
from bg_orchestration.intake.lusha_pushes import (
    OPT_OUT,
    SOURCE,
    OptOut,
    read_push,
)
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.webhooks.bodies import RETRY, RequestBody
from bg_orchestration.webhooks.commits import GroupCommit
from bg_orchestration.webhooks.refusals import SIGNATURE, Refusals
from bg_orchestration.webhooks.responses import answer, problem
from bg_orchestration.webhooks.signatures import (
    LUSHA,
    Keyring,
    Match,
    match_for,
    read_hex_claim,
)
from bg_orchestration.webhooks.traceparent import trace_of

UNREADABLE: Final = "lusha.unreadable"

_CHALLENGE = re.compile(r"[!-~]{1,512}")

log = structlog.stdlib.get_logger(__name__)


async def show_challenge(request: Request) -> Response:
    """Echo the challenge by which Lusha checks that the address is ours."""
    challenges = request.query_params.getlist("challenge")
    if len(challenges) != 1 or not _CHALLENGE.fullmatch(challenges[0]):
        return problem(400, "Send one challenge of 1 to 512 visible ASCII characters.")
    return answer(200, {"challenge": challenges[0]})


class LushaIntake:
    """Takes pushes in."""

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
        """Answer one push; never raises for what a sender or the database can do."""
        body = RequestBody(request)
        return await self._refusals.answering(request, body, SIGNATURE, self._take(request, body))

    async def _take(self, request: Request, body: RequestBody) -> Response:
        began = time.perf_counter()
        claim = read_hex_claim(request.headers.raw, int(self._now() * 1000), LUSHA)
        content = await body.read()
        match = match_for(self._keyring.verify((claim,), content), SOURCE)
        received = datetime.fromtimestamp(self._now(), UTC)
        row = to_row(content, match, received, trace_of(request))
        [outcome] = await self._commits.commit(row)
        skew, seconds = self._now() - claim.sent_ms / 1000, time.perf_counter() - began
        self._metrics.count_event(SOURCE, outcome, match.key.fingerprint, skew, seconds)
        known = outcome in ("accepted", "duplicate")
        tell = log.info if known and row.type != UNREADABLE else log.warning
        tell(f"event_{outcome}", source=SOURCE, event_id=row.event_id, type=row.type)
        if outcome == "unstorable":
            return problem(503, "The event could not be stored now. Send it again.", RETRY)
        acknowledged = {
            "received": True,
            "timestamp": received.isoformat(),
            "webhookId": row.event_id,
        }
        return answer(202 if outcome == "accepted" else 200, acknowledged)


def to_row(content: bytes, match: Match, received: datetime, traceparent: str) -> NewEvent:
    """A push as it stands in the inbox.

    Raises:
        UnreadableBodyError: it is no JSON.
    """
    digest = hashlib.sha256(content).hexdigest()
    event_id, type_, who, happened_at = f"unreadable:{digest}", UNREADABLE, NOBODY, received
    document = read_json(content)
    try:
        push = read_push(document)
    except ValueError as fault:
        log.warning("push_unreadable", source=SOURCE, fault=str(fault))
    else:
        event_id = push.event_id
        type_ = OPT_OUT if isinstance(push, OptOut) else push.type
        who = f"{SOURCE}:{push.source_id}" if push.source_id else NOBODY
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
