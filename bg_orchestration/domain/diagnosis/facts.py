"""Facts about the running system, which `bg status` shows and `bg doctor` diagnoses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from bg_orchestration.domain.admission import Limits

# Daemons send a heartbeat every 30 s, and check the clock once a minute.
HEARTBEAT_SECONDS: Final = 180.0

# Clocks of two machines may differ by less; an instant further in the future shows a step.
CLOCK_SECONDS: Final = 30.0

PartState = Literal["running", "stopped", "ended"]


@dataclass(frozen=True, slots=True)
class Stage:
    """The number of events in a stage, and the longest wait in seconds."""

    events: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class OpenRefreshes:
    """Counts of refreshes that have not ended, by stage.

    Attributes:
        held_back: due refreshes of users and events that wait for the limits.
        held_back_seconds: how long the first of them has waited.
        stale: due refreshes of the schedule, which are worked off in the background.
        handed_over_seconds: how long ago the first unstarted refresh was enqueued.
    """

    deferred: int
    held_back: int
    held_back_seconds: float
    handed_over: int
    handed_over_seconds: float
    running: int
    stale: int = 0


@dataclass(frozen=True, slots=True)
class DeadRefresh:
    """A company whose newest refresh is dead."""

    refresh_id: str
    company_id: str
    finished_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The health of a data provider.

    Attributes:
        provider: the provider's name.
        calls: sent requests, free ones included; this and the next two only grow.
        errors: requests without an answer.
        ledger_hits: paid requests that the ledger answered.
        today_usd: today's cost, with the most that calls in flight may cost.
        open_until: no request before this time, then one trial request; `None` if it works.
        stopped: whether all requests wait until a person acts.
        why: the last failure.
    """

    provider: str
    calls: int = 0
    errors: int = 0
    ledger_hits: int = 0
    today_usd: float = 0.0
    open_until: datetime | None = None
    stopped: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class OverBudget:
    """The refreshes that a spent budget defers: their number, and the first companies."""

    refreshes: int = 0
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbox:
    """Counts of notifications: pending, age of the oldest, dead by address.

    `oldest_seconds` is 0 without a pending message.
    """

    pending: int = 0
    oldest_seconds: float = 0.0
    dead: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadEvent:
    """A dead event and its reason."""

    source: str
    event_id: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Database:
    """Facts from our tables.

    Attributes:
        newest_dead_event: the dead event that was received last, or `None`.
        providers: configured providers with at least one request.
        spent_today_usd: today's cost of all providers.
        ending: subscriptions that are due for renewal: seconds until the end by our id, below 0
            after it.
        unreadable_events: dead events whose verified body could not be read.
        newest_unreadable: the newest of them, or `None`.
        ahead_seconds: how far the newest record lies in the future, or 0.
        followed: how many companies are followed.
        refreshed: those of them with at least one completed refresh.
        refresh_seconds: how long a refresh takes on average.
    """

    stages: Mapping[str, Stage]
    refreshes: OpenRefreshes
    dead_events: int
    dead_refreshes: tuple[DeadRefresh, ...]
    last_completed: datetime | None
    suppression_fault: str | None
    providers: tuple[ProviderHealth, ...] = ()
    spent_today_usd: float = 0.0
    over_budget: OverBudget = field(default_factory=OverBudget)
    outbox: Outbox = field(default_factory=Outbox)
    ending: Mapping[str, float] = field(default_factory=dict)
    newest_dead_event: DeadEvent | None = None
    ahead_seconds: float = 0.0
    followed: int = 0
    refreshed: int = 0
    refresh_seconds: float = 1.0
    unreadable_events: int = 0
    newest_unreadable: DeadEvent | None = None


@dataclass(frozen=True, slots=True)
class Daemons:
    """Facts from Dagster's storage.

    Attributes:
        heartbeats: seconds since each daemon's last heartbeat.
        runs: runs that have not ended, by status.
        sensor: the name of the sensor that reads the inbox.
        stopped: the sensor and schedules that a person has switched off.
        sensor_error: why the sensor's last tick failed.
        ahead_seconds: how far the sensor's last tick lies in the future, or 0: Dagster skips the
            sensor for so long.
    """

    heartbeats: Mapping[str, float]
    runs: Mapping[str, int]
    sensor: str
    stopped: tuple[str, ...]
    sensor_error: str | None
    ahead_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Signatures:
    """Counts of the receiver since its start: verified requests, and failed ones."""

    verified: int
    mismatched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts of a diagnosis. A `..._fault` is a sentence on a failed check, or `None`.

    Attributes:
        home: BG_HOME.
        programs: the folder of the commands `bg` and `dagster`.
        keyless: configured data providers without a key.
        daily_budget_usd: the budget of a day; `None` for no limit.
        started: whether a `bg up` runs in this folder.
        killed: whether a `bg up` ended here without stopping its parts, as by a kill or a reboot.
        demo: the folder of a demo in `home`, if only the demo ran.
        dagster_dev: whether `dagster dev` runs on this machine, which starts no receiver.
        parts: its processes by name.
        ends: how many seconds ago parts ended by themselves, oldest first.
        receiver: the address of the receiver.
        signatures: `None` if the receiver's metrics could not be read.
        dagit: the address of Dagit.
        code_location_fault: `None` also without an answer of Dagit, its only source.
        unmet_needs: what the settings need and is missing, each with the command that mends it.
        broker_server: whether the broker is a server, not a folder.
        file_system: the kind of file system that holds the database, if that is a file.
    """

    home: str
    programs: str
    limits: Limits
    database_kind: Literal["sqlite", "postgresql"]
    dagster_kind: Literal["sqlite", "postgresql"] | None = None
    file_system: str | None = None
    unknown_variables: tuple[str, ...] = ()
    secrets_fault: str | None = None
    keyless: tuple[str, ...] = ()
    daily_budget_usd: float | None = None
    started: bool = False
    killed: bool = False
    demo: str | None = None
    dagster_dev: bool = False
    parts: Mapping[str, PartState] = field(default_factory=dict)
    ends: Mapping[str, Sequence[float]] = field(default_factory=dict)
    database_fault: str | None = None
    schema_fault: str | None = None
    schema_version: str | None = None
    database: Database | None = None
    dagster_fault: str | None = None
    daemons: Daemons | None = None
    receiver: str = ""
    receiver_fault: str | None = None
    not_ready: str | None = None
    signatures: Signatures | None = None
    dagit: str = ""
    dagit_fault: str | None = None
    code_location_fault: str | None = None
    disk_free_bytes: int | None = None
    unmet_needs: tuple[tuple[str, str], ...] = ()
    broker_fault: str | None = None
    broker_server: bool = False

    @property
    def nothing_runs(self) -> bool:
        """Whether no part of the system was found, here or elsewhere."""
        if self.started or not self.receiver_fault:
            return False
        ages = self.daemons.heartbeats if self.daemons else {}
        return not any(age <= HEARTBEAT_SECONDS for age in ages.values())

    @property
    def work_waits(self) -> bool:
        """Whether an event or a refresh waits, or nothing is known of them."""
        if self.database is None:
            return True
        open_ = self.database.refreshes
        return any(stage.events for stage in self.database.stages.values()) or any(
            (open_.running, open_.handed_over, open_.held_back, open_.deferred)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem or an advice, with the command that fixes it.

    A problem needs a person; an advice can wait.
    """

    check: str
    severity: Literal["problem", "advice"]
    what: str
    fix: str


def problem(check: str, sentence: str, fix: str) -> Finding:
    """Make a finding that needs a person."""
    return Finding(check, "problem", sentence, fix)


def advice(check: str, sentence: str, fix: str) -> Finding:
    """Make a finding that can wait."""
    return Finding(check, "advice", sentence, fix)


def span(seconds: float) -> str:
    """Format `seconds` for people: 90 s, 5 min, 3 h, 2 days."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
