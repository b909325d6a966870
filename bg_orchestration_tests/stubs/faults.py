"""Faults on demand: planned ones for tests, random ones by seed for rehearsals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

# What may pass, so that a rehearsal can end well. The last five happen after the charge.
PASSING = (
    "rate_limited",
    "retry_after",
    "server_error",
    "html",
    "cut_before",
    "slow",
    "cut_after",
    "cut_body",
    "not_json",
    "empty_body",
)
# What stops a provider, and what answers with something odd instead of an error.
STOPPING = ("no_credit", "bad_key", "forbidden", "invalid", "hang")
VARIANTS = ("empty_page", "repeated_page", "unknown_values", "drift", "miss", "odd")
# `none` lets a request pass, so that a later one meets what is planned after it.
KINDS = ("none", *PASSING, *STOPPING, *VARIANTS)


@dataclass
class Fault:
    """One kind of fault for the next `times` requests whose path contains `path`.

    `detail` chooses among a provider's forms of it; `seconds` is how long a slow or hanging answer
    takes, or what `retry-after` asks for.
    """

    kind: str
    provider: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 0.3
    detail: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")


@dataclass
class Faults:
    """Which request goes wrong, and how.

    `probability` applies to each request by itself; which ones it hits depends on the seed, the
    question and how often it was asked, not on the order in which requests come. A question that
    contains `poisoned` always fails.
    """

    probability: float = 0.0
    seed: int = 7
    kinds: Sequence[str] = PASSING
    planned: list[Fault] = field(default_factory=list)
    poisoned: str = ""

    def planned_for(self, provider: str, path: str) -> Fault | None:
        """The planned fault that this request meets, if any; it is used up."""
        for fault in self.planned:
            if fault.times > 0 and fault.provider in ("", provider) and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def drawn_for(self, provider: str, question: str, before: int) -> Fault | None:
        """The random fault of the `before`-th repetition of a question, if any."""
        if self.poisoned and self.poisoned in question:
            return Fault("server_error")
        drawn = sha256(f"{self.seed}/{provider}/{question}/{before}".encode()).digest()
        if int.from_bytes(drawn[:4]) / 2**32 >= self.probability:
            return None
        return Fault(self.kinds[int.from_bytes(drawn[4:8]) % len(self.kinds)])
