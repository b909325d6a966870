"""The receiver's metrics. Labels come from the configuration or a fixed list, never a request."""

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)

# No second series with the time of its beginning.
disable_created_metrics()  # type: ignore[no-untyped-call]

EVENT_OUTCOMES = ("accepted", "duplicate", "conflict", "unstorable")
# The reasons of requests without a row; logs use the same words, answers do not.
REFUSALS = (
    "missing",
    "malformed",
    "repeated_header",
    "stale",
    "ahead",
    "wrong_unit",
    "mismatch",
    "wrong_source",
    "wrong_token",
    "framing",
    "media_type",
    "too_large",
    "slow_body",
    "bodies_full",
    "hung_up",
    "unreadable",
    "invalid",
    "queue_full",
    "database",
    "deadline",
    "stopping",
)
OTHER_SOURCE = "*"
# The reasons that are known only with the body, which names a source.
SOURCE_REFUSALS = ("mismatch", "wrong_source")

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SKEW = (-300, -240, -120, -60, -10, -2, 0, 2, 10, 60, 120, 240, 300)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class ReceiverMetrics:
    """The metrics of one receiver, in a registry of their own; times in seconds.

    Args:
        sources: the configured sources, the only ones that become labels.
        fingerprints: those of the live keys.
    """

    def __init__(self, sources: Iterable[str], fingerprints: Iterable[str]) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter(
            "bg_webhook_events",
            "Verified events by source and by what became of them.",
            ["source", "outcome"],
            registry=self.registry,
        )
        self.refused = Counter(
            "bg_webhook_refused",
            "Requests that stored nothing, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.refused_of_source = Counter(
            "bg_webhook_refused_of_source",
            "Requests with a wrong signature that name a configured source: anyone can send them.",
            ["source", "reason"],
            registry=self.registry,
        )
        self.unreadable = Counter(
            "bg_webhook_unreadable",
            "Verified bodies that are no event, by the source of their key; they are kept.",
            ["source"],
            registry=self.registry,
        )
        self.unusable_entries = Counter(
            "bg_webhook_unusable_entries",
            "Entries of providers' arrays without a person; the others were stored.",
            ["source"],
            registry=self.registry,
        )
        self.throttled = Counter(
            "bg_webhook_throttled",
            "Failed verifications answered 429, from addresses that keep failing.",
            registry=self.registry,
        )
        self.key_matches = Counter(
            "bg_webhook_key_matches",
            "Signatures by the key that proved them: a key at rest can be removed.",
            ["fingerprint"],
            registry=self.registry,
        )
        self.clock_skew = Histogram(
            "bg_webhook_clock_skew_seconds",
            "Our clock minus the signature's timestamp; beyond 300 either way is refused.",
            ["source"],
            buckets=_SKEW,
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "bg_webhook_answer_seconds",
            "From the request's head to its answer, verified events only.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.commit_seconds = Histogram(
            "bg_webhook_commit_seconds",
            "One transaction of the group commit.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.batch_rows = Histogram(
            "bg_webhook_batch_rows",
            "Events in one transaction.",
            buckets=_ROWS,
            registry=self.registry,
        )
        self.queued_rows = Gauge(
            "bg_webhook_queued_events", "Events that wait for a commit.", registry=self.registry
        )
        self.queued_bytes = Gauge(
            "bg_webhook_queued_bytes", "Size of the bodies that wait.", registry=self.registry
        )
        self._sources = frozenset(sources)
        # Every series exists from the start: no request can add another.
        for source in self._sources | {OTHER_SOURCE}:
            self.clock_skew.labels(source)
            self.unreadable.labels(source)
            for reason in SOURCE_REFUSALS:
                self.refused_of_source.labels(source, reason)
            self.unusable_entries.labels(source)
            for outcome in EVENT_OUTCOMES:
                self.events.labels(source, outcome)
        for reason in REFUSALS:
            self.refused.labels(reason)
        for fingerprint in fingerprints:
            self.key_matches.labels(fingerprint)

    def count_event(
        self, source: str, outcome: str, fingerprint: str, skew: float, seconds: float
    ) -> None:
        """Count a signed event: its key, our clock minus its own, and the durations."""
        label = self.label(source)
        self.events.labels(label, outcome).inc()
        self.key_matches.labels(fingerprint).inc()
        self.clock_skew.labels(label).observe(skew)
        self.answer_seconds.observe(seconds)

    def label(self, source: str) -> str:
        """Return `source` if it is configured, else `*`."""
        return source if source in self._sources else OTHER_SOURCE
