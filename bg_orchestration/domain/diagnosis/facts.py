"""Facts about the running system, which `bg status` shows and `bg doctor` judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from bg_orchestration.domain.admission import Limits

# Daemons say that they live every 30 s, and look at the clock once a minute.
HEARTBEAT_SECONDS: Final = 180.0

PartState = Literal["running", "stopped", "ended"]


@dataclass(frozen=True, slots=True)
class Stage:
    """The events of one stage: how many, and for how many seconds the longest has waited."""

    events: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class OpenRefreshes:
    """Refreshes that have not ended, by where they stand.

    Attributes:
        held_back_seconds: how long the first of those has been due that the limits hold back.
        handed_over_seconds: how long ago the first of those was handed over that has not started.
    """

    deferred: int
    held_back: int
    held_back_seconds: float
    handed_over: int
    handed_over_seconds: float
    running: int


@dataclass(frozen=True, slots=True)
class DeadRefresh:
    """A company's newest refresh, which was given up."""

    refresh_id: str
    company_id: str
    finished_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The health of a data provider.

    Attributes:
        provider: its name.
        calls: requests sent, free ones included; it only grows, as do the next two.
        errors: those of them that brought no answer.
        ledger_hits: paid questions that the ledger answered.
        today_usd: what today has cost, with the most that calls under way may cost.
        open_until: it gets no request before; then one request tries. `None` if it works.
        stopped: whether it gets no request until a person acts.
        why: what it failed with.
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
    """The refreshes that a spent budget defers: how many, and the companies of the first."""

    refreshes: int = 0
    companies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages to others: how many wait, for how long the oldest, how many are dead by address.

    `oldest_seconds` is 0 if none waits.
    """

    pending: int = 0
    oldest_seconds: float = 0.0
    dead: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadEvent:
    """An event that was given up, and why."""

    source: str
    event_id: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Database:
    """Facts from our tables.

    Attributes:
        newest_dead_event: the one that was received last, `None` if no event is dead.
        providers: those in use that were ever asked.
        spent_today_usd: what today has cost with all of them.
        ending: seconds until each subscription to pushes ends that should have been renewed by
            now, by our id; below 0 if it is over.
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


@dataclass(frozen=True, slots=True)
class Daemons:
    """Facts from Dagster's storage.

    Attributes:
        heartbeats: seconds since each daemon last said that it lives.
        runs: runs that have not ended, by status.
        sensor: the name of the sensor that reads the inbox.
        stopped: the sensor and schedules that a person has switched off.
        sensor_error: why the sensor's last tick failed.
    """

    heartbeats: Mapping[str, float]
    runs: Mapping[str, int]
    sensor: str
    stopped: tuple[str, ...]
    sensor_error: str | None


@dataclass(frozen=True, slots=True)
class Signatures:
    """Counts of the receiver since its start: verified requests, and failed ones."""

    verified: int
    mismatched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was asked. A `..._fault` is a sentence on what did not answer, or `None`.

    Attributes:
        home: BG_HOME.
        programs: the folder of the commands `bg` and `dagster`.
        keyless: data providers that are to be asked without a key.
        daily_budget_usd: what a day may cost; `None` for no limit.
        started: whether a `bg up` runs in this folder.
        parts: its processes by name.
        ends: how many seconds ago parts ended by themselves, oldest first.
        receiver: where the receiver was looked for.
        signatures: `None` where its metrics could not be read.
        dagit: where Dagit was looked for.
        code_location_fault: `None` also where Dagit does not answer, which alone knows it.
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
    broker_fault: str | None = None

    @property
    def nothing_runs(self) -> bool:
        """Whether no part of the system was found, here or elsewhere."""
        if self.started or not self.receiver_fault:
            return False
        ages = self.daemons.heartbeats if self.daemons else {}
        return not any(age <= HEARTBEAT_SECONDS for age in ages.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or could be better, and the command that mends it.

    A problem needs a person; an advice can wait.
    """

    check: str
    severity: Literal["problem", "advice"]
    what: str
    fix: str


def problem(check: str, what: str, fix: str) -> Finding:
    """A finding that needs a person."""
    return Finding(check, "problem", what, fix)


def advice(check: str, what: str, fix: str) -> Finding:
    """A finding that can wait."""
    return Finding(check, "advice", what, fix)


def span(seconds: float) -> str:
    """`seconds` as people say it: 90 s, 5 min, 3 h, 2 days."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
