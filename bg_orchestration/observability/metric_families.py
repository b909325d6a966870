"""The metrics of the pipeline: names, meanings and labels, in one place.

Names follow Prometheus' conventions: base units, `_seconds`, counters end in `_total`. A label
holds words of ours only, never a company, a person or text that a sender chose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from bg_orchestration.provider_settings import PROVIDERS

REASONS: Final = ("event", "manual", "scheduled")
ROLES: Final = ("decision", "champion", "stakeholder", "blocker", "introducer")
# The outcomes of an attempt: done; repeated later; given up; cancelled by a person; deferred to the
# next day by the budget.
OUTCOMES: Final = ("completed", "failed", "dead", "cancelled", "deferred")
# The stages of an open event, see `store.waiting`.
STAGES: Final = ("received", "due", "under_way", "deferred")
# The causes of a wait before an event's refresh: none; a cool-down; a failed attempt.
WAITS: Final = ("no", "cooldown", "retry")
# The daemons that a refresh depends on; Dagster has more.
DAEMONS: Final = ("SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR", "MONITORING")
OPEN_RUNS: Final = ("not_started", "queued", "starting", "started", "canceling")
ENDED_RUNS: Final = ("success", "failure", "canceled")
COLLECTORS: Final = ("schema", "pipeline", "census", "dagster")


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name without suffix, its meaning, and the values of each label.

    A label without listed values takes the values of the counting code, which must be bounded.
    """

    name: str
    help: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label_sets(self) -> Iterator[dict[str, str]]:
        """Return every combination of the listed values: these series exist from the start.

        None, if a label has no listed values.
        """
        for values in product(*self.labels.values()):
            yield dict(zip(self.labels, values, strict=True))


@dataclass(frozen=True, slots=True)
class Histogram(Family):
    """A histogram with these upper bounds, in seconds."""

    bounds: tuple[float, ...] = ()


# Counted in the transactions in which it happens, see `store.counters`.
REFRESH_ATTEMPTS: Final = Family(
    "bg_refresh_attempts",
    "Ended attempts at a refresh, by the refresh's reason and the outcome.",
    {"reason": REASONS, "outcome": OUTCOMES},
)
EVENT_TO_PUBLISHED: Final = Histogram(
    "bg_event_to_published_seconds",
    "From an event's commit to the published group, once for each company, by cause of a wait.",
    {"waited": WAITS},
    (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 86_400),
)
PROVIDER_SECONDS: Final = Histogram(
    "bg_provider_call_seconds",
    "Duration of a request to a data provider, without the wait for the rate limit.",
    {"provider": PROVIDERS},
    (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
)
PROVIDER_COST: Final = Family(
    "bg_provider_cost_usd",
    "Charges of data providers, by meter or price list; ambiguous requests are not included.",
    {"provider": PROVIDERS},
)
COUNTED: Final[tuple[Family, ...]] = (
    REFRESH_ATTEMPTS,
    EVENT_TO_PUBLISHED,
    PROVIDER_SECONDS,
    PROVIDER_COST,
)

# Read from the tables at each scrape.
PENDING: Final = Family(
    "bg_events_pending",
    "Open events, once for each company they concern, by stage.",
    {"stage": STAGES},
)
PENDING_AGE: Final = Family(
    "bg_oldest_pending_event_age_seconds",
    "Age of the longest waiting event: since its receipt or, if later, since its company's "
    "refresh was due; for a deferred event since its receipt. 0 without a pending event.",
    {"stage": STAGES},
)
DEAD_EVENTS: Final = Family("bg_events_dead", "Events given up; a person may replay them.")
DEAD_COMPANIES: Final = Family(
    "bg_companies_dead", "Companies whose newest refresh was given up; at most 1000 are counted."
)
REFRESHES: Final = Family(
    "bg_refreshes_open",
    "Open refreshes: deferred, held back by the limits, stale (in the backlog of the schedule), "
    "enqueued in Dagster, running.",
    {"stage": ("deferred", "held_back", "stale", "handed_over", "running")},
)
LAST_COMPLETED: Final = Family(
    "bg_last_completed_refresh_timestamp_seconds",
    "The end of the last successful refresh, among the newest 1000 attempts.",
)

PROVIDER_CALLS: Final = Family(
    "bg_provider_calls",
    "Requests sent to data providers, free ones included: answered, a miss too, or failed.",
    {"provider": PROVIDERS, "outcome": ("answered", "failed")},
)
LEDGER_HITS: Final = Family(
    "bg_provider_ledger_hits",
    "Paid calls that the ledger answered without a request.",
    {"provider": PROVIDERS},
)
CIRCUIT_OPEN: Final = Family(
    "bg_provider_circuit_open",
    "1 while the circuit of a provider in use is open: it failed repeatedly, or it is stopped "
    "until a person acts. 0 again after a successful request.",
    {"provider": PROVIDERS, "cause": ("failing", "stopped")},
)
SPENT_TODAY: Final = Family(
    "bg_provider_spent_today_usd",
    "The cost of the UTC day, with the highest possible cost of calls without an answer.",
    {"provider": PROVIDERS},
)
BUDGET: Final = Family("bg_daily_budget_usd", "The budget of a UTC day; absent without a limit.")
BUDGET_LEFT: Final = Family(
    "bg_daily_budget_left_usd", "The rest of today's budget; absent without a limit."
)
OVER_BUDGET: Final = Family(
    "bg_refreshes_over_budget", "Refreshes that wait for the next day because the budget is spent."
)
NOTIFICATIONS_PENDING: Final = Family(
    "bg_notifications_pending", "Messages in the outbox that are not delivered yet."
)
NOTIFICATION_AGE: Final = Family(
    "bg_oldest_pending_notification_age_seconds",
    "Age of the oldest pending message's change; 0 without a pending message.",
)
NOTIFICATIONS_DEAD: Final = Family(
    "bg_notifications_dead", "Messages given up; a person may send them again."
)

# Counted over all rows, seldom where that takes long.
MEMBERS: Final = Family(
    "bg_group_members",
    "Members of published groups by role, with or without a known contact.",
    {"role": ROLES, "reachable": ("true", "false")},
)
GROUPS: Final = Family("bg_groups", "Published buyer groups.")
COMPANIES: Final = Family("bg_companies_followed", "Companies that are followed.")

# Read from Dagster's storage.
RUNS: Final = Family(
    "bg_dagster_runs", "Runs without an end, by Dagster's status.", {"status": OPEN_RUNS}
)
RUNS_LAST_DAY: Final = Family(
    "bg_dagster_runs_last_day",
    "Runs that ended in the last 24 hours, by Dagster's status.",
    {"status": ENDED_RUNS},
)
HEARTBEAT_AGE: Final = Family(
    "bg_dagster_daemon_heartbeat_age_seconds",
    "Age of the daemon's last heartbeat; absent without any.",
    {"daemon": DAEMONS},
)

# About the exporter itself.
SCHEMA: Final = Family(
    "bg_schema_info",
    "The database's schema version, and the version that this release needs.",
    {"version": (), "needed": ()},
)
BUILD: Final = Family("bg_build_info", "The installed versions.", {"version": (), "python": ()})
SUCCESS: Final = Family(
    "bg_scrape_collector_success",
    "1 if the exporter read this part in time; at 0 its metrics are missing.",
    {"collector": COLLECTORS},
)
DURATION: Final = Family(
    "bg_scrape_collector_duration_seconds",
    "Time to read this part.",
    {"collector": COLLECTORS},
)
