"""How a request ended: what it cost, what everybody should know of it, whether to ask again.

Pure, and the one place where an `Outcome` becomes money and patience.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bg_orchestration.ledger.rate_limit import Left
from bg_orchestration.ledger.settlements import Charge
from bg_orchestration.providers.http import Fault, Response
from bg_orchestration.providers.protocols import Adapter, Call, Outcome, Verdict

_FREE: Final = Charge(0.0, 0.0, "listed")
_STOPPING: Final = ("bad_key", "forbidden", "no_credit")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended.

    Attributes:
        verdict: what the answer means; a fault on the way is `transient`.
        charge: what it cost, `None` if it may have been charged and nobody knows.
        response: what came back, `None` if nothing did.
    """

    verdict: Verdict
    charge: Charge | None
    response: Response | None = None

    @property
    def outcome(self) -> Outcome:
        """What the answer means."""
        return self.verdict.outcome

    @property
    def answered(self) -> bool:
        """Whether it brought an answer; a miss is one."""
        return self.outcome in ("ok", "not_found")

    @property
    def may_pass(self) -> bool:
        """Whether asking again may help."""
        return self.outcome in ("transient", "rate_limited", "pending")

    @property
    def in_vain(self) -> bool:
        """Whether it was charged, or may have been, although it has to be asked again."""
        return self.charge is None or (self.may_pass and self.charge.credits > 0)

    @property
    def stops(self) -> bool:
        """Whether the provider answers nobody until a person acts."""
        return self.outcome in _STOPPING

    def kept(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the headers of these names that came."""
        headers = self.response.headers if self.response else {}
        return {name: headers[name] for name in names if name in headers}

    def left(self, backoff: float) -> Left:
        """What everybody who asks this provider should know.

        One that is asked too often without saying for how long is left alone for `backoff` seconds.
        """
        why, wait = self.verdict.why, self.verdict.wait
        if self.stops:
            return Left("stopped", f"{self.outcome}: {why}")
        if self.outcome == "rate_limited":
            return Left("slower", why, backoff if wait is None else wait)
        if self.outcome == "transient":
            return Left("fault", why, wait)
        return Left("worked")


def ending_of(
    adapter: Adapter, call: Call, sent: Response | Fault, usd_per_credit: float
) -> Ending:
    """How a request ended, by its provider's own reading of the answer.

    The meter tells what it cost. Where it is silent, an answer with a 2xx costs what the call costs
    at most, a 2xx that nobody can read may have cost it, and anything else costs nothing. What was
    charged although asking again may help is `in_vain`, and repeated once at most.
    """
    if isinstance(sent, Fault):
        if sent.kind == "unsendable":
            return Ending(Verdict("bad_key", sent.why), _FREE)
        return Ending(Verdict("transient", sent.why), None if sent.kind == "unclear" else _FREE)
    verdict = adapter.classify(sent.status, sent.headers, sent.body)
    metered = adapter.credits_charged(call, sent.headers, sent.body)
    if metered is not None:
        return Ending(verdict, Charge(metered, metered * usd_per_credit, "metered"), sent)
    if not 200 <= sent.status < 300:
        return Ending(verdict, _FREE, sent)
    if verdict.outcome in ("ok", "not_found"):
        return Ending(verdict, Charge(call.credits, call.credits * usd_per_credit, "listed"), sent)
    return Ending(verdict, None if verdict.outcome == "transient" else _FREE, sent)
