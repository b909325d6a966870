"""Posting an event as a provider does: signed when it is sent, repeated after a 429 or 503."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from bg_orchestration.domain.retry_after import retry_after
from bg_orchestration.webhooks.signatures import Key

_TRIES = 5
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_TRY_AGAIN = (429, 502, 503, 504)

TIMEOUT = httpx.Timeout(15.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """The last response of the receiver.

    Attributes:
        status: the HTTP status; 0 without a response.
        outcome: `accepted` or `duplicate` from the answer's body, else its `detail`, in words.
        tries: number of requests.
    """

    status: int
    outcome: str
    tries: int

    @property
    def stored(self) -> bool:
        """Whether the receiver holds the event."""
        return self.status in (200, 202)


def post_event(
    client: httpx.Client,
    url: str,
    body: bytes,
    key: Key,
    *,
    tries: int = _TRIES,
    signed_at: float | None = None,
) -> ReceiverAnswer:
    """Send `body`, signed with `key`, to the receiver at `url`; never raises for what it answers.

    A request that fails for a while (429, 502, 503, 504, no response) is repeated, `tries` requests
    in all, after its Retry-After or 0.5, 1, 2, 4 s, at most 30 s. Each request is signed anew. To
    forge, sign with a key that the receiver does not have, or as of another time.

    Args:
        client: reuses its connections; should have `TIMEOUT`.
        url: the whole URL, path included.
        body: sent as it is.
        key: the secret and its scheme.
        tries: 1 to send once.
        signed_at: epoch seconds; now if left out.
    """
    # The same in each request and run, as the specification of webhook-id asks.
    webhook_id = "msg_" + hashlib.sha256(body).hexdigest()[:27]
    for attempt in range(1, tries + 1):
        now = time.time() if signed_at is None else signed_at
        headers = key.headers(body, int(now * 1000), webhook_id)
        headers["content-type"] = "application/json"
        wait = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT)
        try:
            response = client.post(url, content=body, headers=headers)
        except httpx.TransportError as error:
            answer = ReceiverAnswer(0, f"{type(error).__name__}: {error}".rstrip(": "), attempt)
        else:
            answer = ReceiverAnswer(response.status_code, _outcome(response), attempt)
            seconds = retry_after(response.headers, datetime.now(UTC))
            wait = wait if seconds is None else min(seconds, _LONGEST_WAIT)
        if attempt == tries or answer.status not in (0, *_TRY_AGAIN):
            break
        time.sleep(wait)
    return answer


def _outcome(response: httpx.Response) -> str:
    try:
        content = response.json()
    except ValueError:
        content = None
    if isinstance(content, dict):
        outcome = content.get("status") if response.is_success else content.get("detail")
        if isinstance(outcome, str):
            return outcome
    return response.reason_phrase
