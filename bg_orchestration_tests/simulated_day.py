"""A day of 10,000 companies under a virtual clock: events all day, the schedule, and a new list.

    python -m bg_orchestration_tests.simulated_day --companies 10000

The real planning, admission and life cycle on a real SQLite database; only the runs and the clock
are simulated. The day is simulated twice, with and without the schedule. Exit code 0 if every tier
was met, no limit was passed, and events did not start later than without the schedule.
"""

import bisect
import heapq
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, event, insert, select, update

from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.domain.freshness import TIERS, Tier
from bg_orchestration.refreshes.life_cycle import Refresh, complete, start
from bg_orchestration.refreshes.planning import emit, plan, plan_stale
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import companies
from bg_orchestration.store.upserts import chunks
from bg_orchestration_tests.store.rows import LIMITS, POLICY, follow, push

_BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
# The share of each tier; the rest of the companies is green.
_SHARES: dict[Tier, float] = {"red": 0.02, "orange": 0.15}
_CHANGES: dict[Tier, int] = {"red": 3, "orange": 1, "green": 0}


@dataclass
class Day:
    """What happened: starts with their reason, and how long each waited."""

    starts: list[tuple[datetime, datetime, str, str]] = field(default_factory=list)
    event_waits: list[float] = field(default_factory=list)
    overdue: dict[Tier, list[float]] = field(default_factory=lambda: {tier: [] for tier in TIERS})
    backlog: int = 0

    def faults(self) -> list[str]:
        """Return the limits that were passed."""
        begun = sorted(begin for begin, *_ in self.starts)
        found = []
        most = max(
            (n + 1 - bisect.bisect_right(begun, at - _MINUTE) for n, at in enumerate(begun)),
            default=0,
        )
        if most > LIMITS.starts_per_minute:
            found.append(f"{most} starts in a minute")
        steps = sorted(
            [(begin, 1) for begin, *_ in self.starts] + [(end, -1) for _, end, *_ in self.starts]
        )
        at_once = running = 0
        for _, step in steps:
            running += step
            at_once = max(at_once, running)
        if at_once > LIMITS.concurrency:
            found.append(f"{at_once} at once")
        last: dict[str, datetime] = {}
        for begin, _, company_id, _ in sorted(self.starts):
            if company_id in last and begin - last[company_id] < LIMITS.cooldown:
                found.append(f"{company_id} twice within the cool-down")
            last[company_id] = begin
        return found


class Simulation:
    """One day on one database."""

    def __init__(self, folder: Path, count: int, seed: int, *, with_schedule: bool) -> None:
        self.rng = random.Random(seed)
        self.now = _BEGINNING
        self.day = Day()
        self._schedule = with_schedule
        self._count = count
        self._tiers: dict[str, Tier] = {}
        self._new: set[str] = set()
        self._running: list[tuple[datetime, str, Refresh]] = []
        self._arrived: dict[str, list[datetime]] = {}
        self.engine = self._database(folder)

    def _database(self, folder: Path) -> Engine:
        engine = engine_for(f"sqlite:///{folder / 'day.sqlite3'}")

        @event.listens_for(engine, "connect")
        def set_clock(connection: Any, _record: Any) -> None:
            # The clock of the tables is SQLite's; a day on disk needs no durability.
            connection.create_function("strftime", 2, lambda *_: f"{self.now:%Y-%m-%dT%H:%M:%S.%f}")
            connection.execute("PRAGMA synchronous=OFF")

        upgrade_schema(engine)
        return engine

    def fill(self) -> None:
        """Companies in the steady state: each was refreshed within the age of its tier."""
        ids = [f"c{number:06}" for number in range(self._count)]
        for chunk in chunks(ids):
            follow(self.engine, *chunk)
        ages = settings().freshness.ages
        rows, changes = [], []
        for number, company_id in enumerate(ids):
            share = number / len(ids)
            tier: Tier = (
                "red"
                if share < _SHARES["red"]
                else "orange"
                if share < _SHARES["red"] + _SHARES["orange"]
                else "green"
            )
            self._tiers[company_id] = tier
            rows.append((company_id, _BEGINNING - ages[tier] * self.rng.random()))
            changes += [company_id] * _CHANGES[tier]
        group = {
            "profile_id": "default", "company_size": 80, "size_low": 51, "size_high": 200,
            "completeness": 1.0, "gaps": "[]", "created_at": _BEGINNING, "changed_at": _BEGINNING,
        }  # fmt: skip
        with writing(self.engine) as connection:
            for company_id, at in rows:
                connection.execute(
                    update(companies)
                    .where(companies.c.company_id == company_id)
                    .values(refreshed_at=at)
                )
            connection.execute(
                insert(tables.buyer_groups), [group | {"company_id": each} for each, _ in rows]
            )
            refresh_ids = {each: f"r{each}" for each in dict.fromkeys(changes)}
            if refresh_ids:
                connection.execute(
                    insert(logs),
                    [
                        {
                            "refresh_id": refresh_id, "company_id": each, "reason": "event",
                            "state": "completed", "planned_at": _BEGINNING, "due_at": _BEGINNING,
                        }
                        for each, refresh_id in refresh_ids.items()
                    ],
                )  # fmt: skip
                connection.execute(
                    insert(tables.buyer_group_changes),
                    [
                        {
                            "company_id": each, "profile_id": "default", "person_id": "p",
                            "refresh_id": refresh_ids[each], "kind": "joined",
                            "changed_at": _BEGINNING - timedelta(hours=1),
                        }
                        for each in changes
                    ],
                )  # fmt: skip

    def run(self, hours: float, events_an_hour: float, new_companies: int) -> Day:
        """Simulate the hours; a list of new companies arrives after five sixths of them."""
        end = _BEGINNING + timedelta(hours=hours)
        list_at = _BEGINNING + timedelta(hours=hours * 5 / 6)
        arrivals = self._arrivals(end, events_an_hour)
        marks = [_BEGINNING + 10 * _MINUTE * n for n in range(int(hours * 6))]
        while True:
            self.now = min(self._next(), *(queue[0] for queue in (arrivals, marks) if queue), end)
            if self.now >= end:
                break
            if new_companies and self.now >= list_at:
                self._new = {f"new{number:06}" for number in range(new_companies)}
                for chunk in chunks(sorted(self._new)):
                    follow(self.engine, *chunk)
                new_companies = 0
            while arrivals and arrivals[0] <= self.now:
                heapq.heappop(arrivals)
                self._push()
            if marks and marks[0] <= self.now:
                marks.pop(0)
                if self._schedule:
                    plan_stale(self.engine, settings().freshness, (), LIMITS)
            self._end_runs()
            self._tick()
        self._count_backlog()
        self.engine.dispose()
        return self.day

    def _arrivals(self, end: datetime, an_hour: float) -> list[datetime]:
        """The times of events: all day, and up to 30 in the same minute at its half."""
        found = []
        at = _BEGINNING
        while (at := at + timedelta(hours=self.rng.expovariate(an_hour))) < end:
            found.append(at)
        half = _BEGINNING + (end - _BEGINNING) / 2
        found += [
            half + timedelta(seconds=self.rng.uniform(0, 60))
            for _ in range(min(30, self._count // 10))
        ]
        heapq.heapify(found)
        return found

    def _push(self) -> None:
        company_id = f"c{self.rng.randrange(self._count):06}"
        push(self.engine, company_id, at=self.now)
        self._arrived.setdefault(company_id, []).append(self.now)

    def _next(self) -> datetime:
        """The next instant at which a start may become possible without an arrival."""
        instants = [self._running[0][0]] if self._running else []
        recent = [begin for begin, *_ in self.day.starts[-LIMITS.starts_per_minute :]]
        instants += [begin + _MINUTE for begin in recent if begin + _MINUTE > self.now]
        return min(instants, default=self.now + _MINUTE)

    def _tick(self) -> None:
        with writing(self.engine) as connection:
            plan(connection, POLICY, LIMITS)
            due = emit(connection, LIMITS)
        for each in due:
            self._start(each)

    def _start(self, due: DueRefresh) -> None:
        run_id = f"run-{due.refresh_id}-{due.attempt}"
        with writing(self.engine) as connection:
            refresh = start(
                connection, due.company_id, run_id, LIMITS, (due.refresh_id, due.attempt)
            )
        if not isinstance(refresh, Refresh):
            # The run waits for the limits; the simulation starts it with the next tick instead.
            with writing(self.engine) as connection:
                connection.execute(
                    update(logs).where(logs.c.refresh_id == due.refresh_id).values(emitted_at=None)
                )
            return
        ends = self.now + timedelta(seconds=min(30.0, self.rng.lognormvariate(1.0, 0.7)))
        heapq.heappush(self._running, (ends, run_id, refresh))
        self.day.starts.append((self.now, ends, due.company_id, due.reason))
        arrived = self._arrived.pop(due.company_id, [])
        if due.reason == "event" and due.due_at <= arrived[-1] + timedelta(seconds=1):
            # Events in a cool-down wait for its end by design, with and without the schedule.
            self.day.event_waits += [(self.now - at).total_seconds() for at in arrived]
        if due.reason == "scheduled" and due.company_id not in self._new:
            late = (self.now - due.due_at).total_seconds()
            self.day.overdue[self._tiers[due.company_id]].append(late)
        if due.company_id in self._new:
            self._new.discard(due.company_id)

    def _end_runs(self) -> None:
        while self._running and self._running[0][0] <= self.now:
            _, _, refresh = heapq.heappop(self._running)
            with writing(self.engine) as connection:
                complete(connection, refresh, {})

    def _count_backlog(self) -> None:
        with writing(self.engine) as connection:
            waiting = connection.execute(
                select(logs.c.refresh_id).where(logs.c.state == "planned")
            ).all()
        self.day.backlog = len(waiting)


def simulate(
    count: int, hours: float, events_an_hour: float, new_companies: int, seed: int
) -> tuple[Day, Day]:
    """Simulate the same day with the schedule and without it."""
    days: list[Day] = []
    for with_schedule in (True, False):
        with tempfile.TemporaryDirectory(prefix="bg-day-") as folder:
            simulation = Simulation(Path(folder), count, seed, with_schedule=with_schedule)
            simulation.fill()
            days.append(simulation.run(hours, events_an_hour, new_companies))
    return days[0], days[1]


def table(day: Day, quiet: Day) -> str:
    """Return the summary of both days."""
    reasons = [reason for *_, reason in day.starts]
    lines = [
        (
            f"starts {len(day.starts)}: {reasons.count('event')} by events, "
            f"{reasons.count('scheduled')} by the schedule; {day.backlog} wait at the end"
        ),
        "",
        "| tier | refreshed by the schedule | median wait after due | longest |",
        "|---|---|---|---|",
    ]
    for tier, waits in day.overdue.items():
        middle, most = (statistics.median(waits), max(waits)) if waits else (0.0, 0.0)
        lines.append(f"| {tier} | {len(waits)} | {middle / 60:.1f} min | {most / 60:.1f} min |")
    lines += ["", "| event to start | events | median | 95 % | longest |", "|---|---|---|---|---|"]
    for name, each in (("with the schedule", day), ("without", quiet)):
        waits = sorted(each.event_waits)
        lines.append(
            f"| {name} | {len(waits)} | {statistics.median(waits):.2f} s "
            f"| {_quantile(waits, 0.95):.2f} s | {waits[-1]:.1f} s |"
        )
    faults = [*day.faults(), *quiet.faults()]
    lines += ["", f"limits passed: {', '.join(faults) if faults else 'none'}"]
    return "\n".join(lines)


def is_good(day: Day, quiet: Day, patience: timedelta) -> bool:
    """Whether the promises held; `patience` is how long a due company may wait."""
    longest = max((late for waits in day.overdue.values() for late in waits), default=0.0)
    return (
        not day.faults()
        and not quiet.faults()
        and longest <= patience.total_seconds()
        and statistics.median(day.event_waits) <= statistics.median(quiet.event_waits) + 0.05
    )


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


@click.command()
@click.option("--companies", default=10_000, type=click.IntRange(10), help="How many companies.")
@click.option("--hours", default=24.0, help="The length of the day.")
@click.option("--events", default=90.0, help="Events in an hour.")
@click.option("--new", default=1_000, help="Companies of a new list in the evening.")
@click.option("--seed", default=7, help="What the day is made from.")
def main(companies: int, hours: float, events: float, new: int, seed: int) -> None:
    """Simulate a day, and print its summary."""
    day, quiet = simulate(companies, hours, events, new, seed)
    click.echo(table(day, quiet))
    sys.exit(not is_good(day, quiet, timedelta(hours=3)))


if __name__ == "__main__":
    main()
