"""What makes two calls the same question, and what the ledger has to know of one."""

import hashlib
import json
from datetime import timedelta

from bg_orchestration.ledger.operations import Question
from bg_orchestration.providers.http import longest
from bg_orchestration.providers.protocols import Call


def key_of(call: Call, base_url: str) -> str:
    """The key of a call: the same for the same question, whoever asks it for whatever purpose.

    The base URL belongs to it: a sandbox answers the same question with made-up people. The order
    of parameters and of fields does not matter. Only the hash is stored, since the parameters may
    be personal.
    """
    question = [
        call.provider,
        base_url,
        call.endpoint,
        call.method,
        call.path,
        sorted(call.params.items()),
        call.json,
        call.version,
    ]
    canonical = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def question_of(call: Call, base_url: str, usd_per_credit: float, remember: timedelta) -> Question:
    """The question that a paid call is.

    `remember` is how long a request without an answer counts as one that may have been charged.
    """
    return Question(
        key=key_of(call, base_url),
        capability=call.capability,
        provider=call.provider,
        endpoint=call.endpoint,
        credits=call.credits,
        usd=call.credits * usd_per_credit,
        repeat_charged=call.repeat_charged,
        claim=longest(call),
        remember=remember,
    )
