"""What happened in a simulation, in the order of the commits, and what must hold of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import Connection, select

from bg_orchestration.domain.admission import RATE_WINDOW, Limits
from bg_orchestration.refreshes.life_cycle import LEASE, LeaseBusy, Refresh
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    pipeline_operations,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration_tests.crash import checks
from bg_orchestration_tests.crash.clean import Groups
from bg_orchestration_tests.simulation.provider import Provider
from bg_orchestration_tests.simulation.run_queue import ENDED, RunQueue
from bg_orchestration_tests.simulation.scheduler import Process, Scheduler

# Instants are kept to the microsecond.
_SLACK = 0.001


@dataclass(frozen=True)
class SentEvent:
    """An event of the simulated provider: version `version` of the title of `person_id`."""

    event_id: str
    company_id: str
    person_id: str
    version: int


@dataclass(frozen=True)
class Start:
    """The committed start of an attempt, at a time with all forward steps of the clock."""

    refresh: Refresh
    at: float


@dataclass
class History:
    """The log of a simulation; a fault that shows at once is noted at once."""

    scheduler: Scheduler
    limits: Limits
    sent: dict[str, SentEvent] = field(default_factory=dict)
    accepted: Counter[str] = field(default_factory=Counter)
    stored: set[str] = field(default_factory=set)
    starts: list[Start] = field(default_factory=list)
    running: dict[str, Start] = field(default_factory=dict)
    renewed: dict[str, float] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    # The versions of the titles that a refresh published, by person.
    published: dict[str, Mapping[str, int]] = field(default_factory=dict)
    # Rows of the ledger that were ambiguous; an answer that comes late ends that.
    ambiguous: set[tuple[str, int]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def fault(self, words: str) -> None:
        """Note what must not happen."""
        self.faults.append(words)

    def take(self, event_id: str) -> None:
        """An event was committed as new."""
        self.accepted[event_id] += 1
        if self.accepted[event_id] > 1:
            self.fault(f"event {event_id} was accepted twice")

    def start(self, refresh: Refresh, at: float) -> None:
        """An attempt has started."""
        old = self.running.get(refresh.refresh_id)
        if old is not None and old.refresh.token == refresh.token:
            return
        if old is not None:
            self._check_rescue(old, at)
        self.renewed[refresh.run_id] = at
        self.running[refresh.refresh_id] = Start(refresh, at)
        self.starts.append(self.running[refresh.refresh_id])
        self.scheduler.note(f"start {refresh.refresh_id} {refresh.attempt} {refresh.run_id}")
        if len(self.running) > self.limits.concurrency:
            self.fault(f"{len(self.running)} refreshes were running at {at:.0f} s")
        of_company = [
            start
            for start in self.running.values()
            if start.refresh.company_id == refresh.company_id
        ]
        if len(of_company) > 1:
            self.fault(f"{refresh.company_id} had {len(of_company)} live attempts")

    def refuse(self, busy: LeaseBusy) -> None:
        """A run found the lease of its company taken."""
        if busy.refresh_id not in self.running:
            self.fault(f"refresh {busy.refresh_id} held its lease after its end")

    def renew(self, run_id: str, at: float) -> None:
        """A run has renewed its lease."""
        self.renewed[run_id] = at

    def end(self, refresh_id: str, attempt: int, error: str, at: float) -> None:
        """An attempt has ended without publishing."""
        self.scheduler.note(f"end {refresh_id} {attempt} {error}")
        held = self.running.get(refresh_id)
        if held is None or held.refresh.attempt != attempt:
            return
        del self.running[refresh_id]
        if "vanished" in error:
            self._check_rescue(held, at)

    def publish(self, refresh: Refresh, versions: Mapping[str, int]) -> None:
        """A refresh has published and is complete."""
        self.scheduler.note(f"publish {refresh.refresh_id} {refresh.attempt} {refresh.token}")
        held = self.running.pop(refresh.refresh_id, None)
        if held is None or held.refresh.token != refresh.token:
            self.fault(f"refresh {refresh.refresh_id} was published by an attempt that was over")
        if refresh.token <= self.tokens.get(refresh.company_id, 0):
            self.fault(f"{refresh.company_id}: token {refresh.token} published too late")
        self.tokens[refresh.company_id] = refresh.token
        self.published[refresh.refresh_id] = versions

    def _check_rescue(self, held: Start, at: float) -> None:
        run_id = held.refresh.run_id
        alive = not self.processes[run_id].killed
        if alive and at - self.renewed[run_id] < LEASE.total_seconds() - _SLACK:
            self.fault(f"{run_id} was alive, and its refresh was taken away")

    def check(
        self,
        connection: Connection,
        queue: RunQueue,
        provider: Provider,
        groups: Groups,
        directory: Mapping[str, Mapping[str, int]],
    ) -> list[str]:
        """Return every fault, after everything has come to rest."""
        return [
            *self.faults,
            *checks.nothing_lost(connection, sorted(self.stored | set(self.accepted)), self.limits),
            *checks.nothing_twice(connection, groups),
            *self._rate(),
            *self._cool_downs(connection),
            *self._attempts(connection),
            *self._handled(connection),
            *self._newest(connection, groups, directory),
            *_runs(queue),
            *_paid(connection, provider, self.ambiguous),
        ]

    def _rate(self) -> Iterator[str]:
        starts = [start.at for start in self.starts]
        window = RATE_WINDOW.total_seconds() - _SLACK
        for earlier, later in zip(starts, starts[self.limits.starts_per_minute :], strict=False):
            if later - earlier < window:
                yield f"{self.limits.starts_per_minute + 1} starts in {later - earlier:.1f} s"

    def _cool_downs(self, connection: Connection) -> Iterator[str]:
        automatic = set(
            connection.scalars(select(logs.c.refresh_id).where(logs.c.reason != "manual"))
        )
        firsts: dict[str, Start] = {}
        for start in self.starts:
            if start.refresh.refresh_id in automatic:
                firsts.setdefault(start.refresh.refresh_id, start)
        by_company: dict[str, list[float]] = defaultdict(list)
        for start in firsts.values():
            by_company[start.refresh.company_id].append(start.at)
        for company_id, instants in by_company.items():
            for earlier, later in pairwise(instants):
                if later - earlier < self.limits.cooldown.total_seconds() - _SLACK:
                    yield f"{company_id} was refreshed again after {later - earlier:.0f} s"

    def _attempts(self, connection: Connection) -> Iterator[str]:
        rows = connection.execute(
            select(refresh_attempts, logs.c.state)
            .join(logs, logs.c.refresh_id == refresh_attempts.c.refresh_id)
            .where(refresh_attempts.c.deferred.is_(False))
        ).all()
        counts = Counter(row.refresh_id for row in rows)
        states = {row.refresh_id: row.state for row in rows}
        # A person's run may follow as one more.
        persons = Counter(
            start.refresh.refresh_id for start in self.starts if start.refresh.reason == "manual"
        )
        for refresh_id, count in counts.items():
            if count - persons[refresh_id] > self.limits.max_attempts:
                yield f"refresh {refresh_id} was tried {count} times"
            if states[refresh_id] == "dead" and count < self.limits.max_attempts:
                yield f"refresh {refresh_id} is dead after {count} starts"
        dead = connection.scalars(select(logs.c.refresh_id).where(logs.c.state == "dead"))
        for refresh_id in set(dead) - counts.keys():
            yield f"refresh {refresh_id} is dead and was never started"
        for row in rows:
            if row.ended_at is None:
                yield f"attempt {row.attempt} of {row.refresh_id} never ended"

    def _handled(self, connection: Connection) -> Iterator[str]:
        """An event is handled by a refresh that read the people after it."""
        routes = webhook_event_companies
        query = (
            select(webhook_events.c.event_id, routes.c.refresh_id)
            .join(routes, routes.c.event == webhook_events.c.id)
            .where(routes.c.state == "handled")
        )
        for event_id, refresh_id in connection.execute(query):
            event = self.sent[event_id]
            versions = self.published.get(refresh_id)
            if versions is None:
                yield f"event {event_id} is handled by {refresh_id}, which published nothing"
            elif versions.get(event.person_id, event.version) < event.version:
                yield f"event {event_id} is handled by {refresh_id}, which did not know it"

    def _newest(
        self, connection: Connection, groups: Groups, directory: Mapping[str, Mapping[str, int]]
    ) -> Iterator[str]:
        """The published groups show the people as they are now, unless the last refresh died."""
        last = dict(
            connection.execute(
                select(logs.c.company_id, logs.c.state).order_by(logs.c.finished_at)
            ).all()
        )
        for company_id, versions in directory.items():
            group = groups.get((company_id, "default"))
            if group is not None and last.get(company_id) == "completed":
                found = {member.person_id: _version(member.title) for member in group.group.members}
                if found != versions:
                    yield f"the group of {company_id} is not the newest"


def _version(title: str) -> int:
    return int(title.rpartition(" ")[2])


def _runs(queue: RunQueue) -> Iterator[str]:
    for run in queue.runs:
        if run.status not in ENDED:
            yield f"{run.run_id} is {run.status.value} for ever"
    attempts = Counter(run.attempt for run in queue.runs if run.attempt)
    for (refresh_id, attempt), count in attempts.items():
        if count > 1:
            yield f"attempt {attempt} of {refresh_id} got {count} runs"


def _paid(
    connection: Connection, provider: Provider, ambiguous: Set[tuple[str, int]]
) -> Iterator[str]:
    """Each charge has its row; a question has one answer beside those once booked as ambiguous."""
    rows = connection.execute(select(pipeline_operations)).all()
    states = {(row.key, row.attempt): row.state for row in rows}
    counts = Counter(states.values())
    answered = Counter[str]()
    charged_answers = 0
    for question, *reservation in provider.charges:
        state = states.get(tuple(reservation), "not in the ledger")
        charged_answers += state == "answered"
        if state not in ("answered", "ambiguous"):
            yield f"a charge is not booked: {state}"
        elif tuple(reservation) not in ambiguous:
            answered[question] += 1
    for question, count in answered.items():
        if count > 1:
            yield f"question {question} was answered and paid {count} times"
    if counts["answered"] != charged_answers:
        yield f"{counts['answered']} answers are booked, {charged_answers} were charged"
    if counts["started"]:
        yield "a reservation is open for ever"
    if len(provider.charges) > len(answered) + len(ambiguous):
        yield f"{len(provider.charges)} charges, {len(ambiguous)} of them ambiguous"
