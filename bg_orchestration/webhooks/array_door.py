"""POST of ids by Coresignal or People Data Labs: fanned out into the inbox in one transaction.

Neither provider sends again what was refused, so an entry that cannot be used does not refuse the
others, and a delivery may be larger than an event. The delivery itself, byte for byte, is one row;
each entry is another, which makes us look at the people it concerns and says nothing of its own.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bg_orchestration.intake.event_reader import InvalidEventError, UnreadableBodyError
from bg_orchestration.intake.id_pushes import PushProvider, fan_out
from bg_orchestration.intake.inbox import Outcome
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.webhooks.bodies import BodyError, RequestBody
from bg_orchestration.webhooks.door import TOKEN, Delivery, Door, Services, not_stored
from bg_orchestration.webhooks.responses import answer
from bg_orchestration.webhooks.signatures import RefusedError
from bg_orchestration.webhooks.tokens import Tokens

# An entry of Coresignal's has some 100 bytes; 10,000 of them are 1 MB and take one transaction of
# about 2 s on two shared cores, for which other senders wait. More is refused, and left to the
# sweep.
MAX_DELIVERY: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 10_000

log = structlog.stdlib.get_logger(__name__)


class ArrayDoor(Door):
    """Takes deliveries of one provider: its token stands in the path or in `Authorization`."""

    proof = TOKEN
    max_body = MAX_DELIVERY

    def __init__(
        self, route: str, services: Services, source: PushProvider, tokens: Tokens
    ) -> None:
        super().__init__(route, services)
        self._source: PushProvider = source
        self._tokens = tokens

    async def read(self, request: Request, body: RequestBody, traceparent: str) -> Delivery:
        """Look the token up, then read the entries."""
        address = await self._tokens.address(self._source, _token(request))
        content = await body.read()
        # Off the loop: a large delivery takes a moment, and others must not wait for it.
        try:
            rows, unusable = await asyncio.to_thread(
                fan_out,
                self._source,
                address.subscription_id,
                address.company_id,
                content,
                self.received_at(),
                traceparent,
            )
        except (UnreadableBodyError, InvalidEventError):
            await self.keep_unreadable(
                content, self._source, self._source, address.subscription_id, traceparent
            )
            raise
        if len(rows) + unusable > MAX_ENTRIES + 1:  # one row is the delivery itself
            sentence = f"The array may have at most {MAX_ENTRIES} entries."
            raise BodyError(413, "too_large", sentence)
        return Delivery(rows, unusable=unusable)

    def reply(self, delivery: Delivery, outcomes: Sequence[Outcome]) -> Response:
        """202 if any row is new, 200 if the whole delivery is known."""
        if "unstorable" in outcomes:
            # Our checks let it through and the database did not: the sender has to keep it.
            return not_stored()
        new = "accepted" in outcomes
        facts = {
            "deliveryId": delivery.rows[0].event_id,
            "entries": len(outcomes) - 1,
            "new": outcomes[1:].count("accepted"),
            "unusable": delivery.unusable,
        }
        return answer(202 if new else 200, {"status": "accepted" if new else "duplicate", **facts})

    def count(self, delivery: Delivery, outcomes: Sequence[Outcome], seconds: float) -> None:
        """Count the entries; the delivery's own row is no event."""
        metrics = self._services.metrics
        counts: Counter[str] = Counter(outcomes[1:])
        for outcome, count in counts.items():
            metrics.events.labels(self._source, outcome).inc(count)
        metrics.unusable_entries.labels(self._source).inc(delivery.unusable)
        metrics.answer_seconds.observe(seconds)
        write = log.warning if delivery.unusable else log.info
        write(
            "delivery_taken",
            source=self._source,
            subscription=delivery.rows[0].key_fingerprint,
            trace_id=trace_id_in(delivery.rows[0].traceparent),
            unusable=delivery.unusable,
            **counts,
        )


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
