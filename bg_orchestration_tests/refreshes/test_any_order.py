"""Events, runs of sensor and people, crashes and passing time in any order keep every promise.

The machine drives the real store on SQLite. What must hold is checked from the rows alone, by
counting, after every step; at the end everything that was accepted must have come to an end.
"""

import itertools
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bg_orchestration.domain.admission import RATE_WINDOW, DueRefresh, Limits
from bg_orchestration.refreshes import life_cycle, planning
from bg_orchestration.refreshes.failed_attempts import fail
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    LeaseLostError,
    Refresh,
    complete,
    renew,
    start,
)
from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration_tests.store.rows import POLICY, follow, let_pass, push, rows

COOLDOWN = timedelta(minutes=10)
LIMITS = Limits(COOLDOWN, starts_per_minute=4, concurrency=2, max_attempts=3)
COMPANIES = ("a", "b", "c")
# A row's instants are read a moment after they were written.
SLACK = timedelta(seconds=2)

companies = st.sampled_from(COMPANIES)
places = st.integers(0, 11)


@cache
def _migrated() -> bytes:
    """A database file with our tables: migrating takes as long as many steps."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.sqlite3"
        engine = engine_for(f"sqlite:///{file}")
        upgrade_schema(engine)
        engine.dispose()
        return file.read_bytes()


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "any.sqlite3").write_bytes(_migrated())
        self.engine = engine_for(f"sqlite:///{self.folder / 'any.sqlite3'}")
        self.queued: list[DueRefresh] = []
        self.held: list[Refresh] = []
        self.runs = 0
        # What really passed. The clock is set back, too, and what is on record is then rewritten.
        self.passed = timedelta(0)
        self.begun = time.monotonic()
        # When attempts really started; and refreshes, in this order.
        self.starts: list[timedelta] = []
        self.first_starts: dict[str, timedelta] = {}
        # Ties are broken by id: a repeated sequence of steps must meet the same ids.
        numbers = itertools.count()
        self.patch = pytest.MonkeyPatch()
        for module in (planning, life_cycle):
            self.patch.setattr(module, "new_refresh_id", lambda: f"{next(numbers):032d}")

    @initialize()
    def follow_them(self) -> None:
        follow(self.engine, *COMPANIES)

    @rule(company=companies)
    def event(self, company: str) -> None:
        push(self.engine, company)

    @rule()
    def tick(self) -> None:
        with writing(self.engine) as connection:
            planning.plan(connection, POLICY, LIMITS)
            self.queued += planning.emit(connection, LIMITS)

    @rule(company=companies)
    def event_and_its_refresh(self, company: str) -> None:
        """The usual way, as often as everything else together."""
        self.event(company)
        self.tick()
        for due in [due for due in self.queued if due.company_id == company]:
            if self._start(company, (due.refresh_id, due.attempt)):
                self.queued.remove(due)
        for place, refresh in enumerate(self.held):
            if refresh.company_id == company:
                self.run_ends(place, publishes=True)
                break

    @rule(company=companies)
    def person(self, company: str) -> None:
        self._start(company, None)

    @precondition(lambda self: self.queued)
    @rule(place=places)
    def queued_run(self, place: int) -> None:
        due = self.queued[place % len(self.queued)]
        if self._start(due.company_id, (due.refresh_id, due.attempt)):
            self.queued.remove(due)

    @precondition(lambda self: self.queued)
    @rule(place=places)
    def queued_run_is_lost(self, place: int) -> None:
        due = self.queued.pop(place % len(self.queued))
        with writing(self.engine) as connection:
            fail(connection, due.refresh_id, due.attempt, "never started", LIMITS)

    @precondition(lambda self: self.held)
    @rule(place=places, publishes=st.booleans())
    def run_ends(self, place: int, publishes: bool) -> None:
        refresh = self.held.pop(place % len(self.held))
        with writing(self.engine) as connection:
            if not publishes:
                fail(connection, refresh.refresh_id, refresh.attempt, "broken", LIMITS)
                return
            try:
                renew(connection, refresh)
            except LeaseLostError:
                return
            complete(connection, refresh, {})

    @precondition(lambda self: self.held)
    @rule(place=places)
    def run_is_killed(self, place: int) -> None:
        """Nothing is written; its lease runs out, and the sensor notices."""
        refresh = self.held.pop(place % len(self.held))
        self.time_passes(LEASE * 2)
        with writing(self.engine) as connection:
            fail(connection, refresh.refresh_id, refresh.attempt, "vanished", LIMITS)

    @rule(span=st.sampled_from([1, 15, 59, 61, 300, 601]).map(lambda s: timedelta(seconds=s)))
    def time_passes(self, span: timedelta) -> None:
        let_pass(self.engine, span)
        self.passed += max(span, timedelta(0))
        # Runs that live renew their leases, unless somebody has taken their company.
        with writing(self.engine) as connection:
            for refresh in list(self.held):
                try:
                    renew(connection, refresh)
                except LeaseLostError:
                    self.held.remove(refresh)

    @rule(seconds=st.sampled_from([1, 30, 90, 700, 86_400]))
    def clock_is_set_back(self, seconds: int) -> None:
        """What has happened lies in the future now; nothing may start the earlier for it."""
        self.time_passes(timedelta(seconds=-seconds))

    @precondition(lambda self: self.queued)
    @rule(seconds=st.sampled_from([30, 700]), place=places)
    def clock_is_set_back_before_a_start(self, seconds: int, place: int) -> None:
        """Between the sensor and the run; what was due by the later clock is not due now."""
        self.clock_is_set_back(seconds)
        self.queued_run(place)

    @invariant()
    def one_open_refresh_a_company(self) -> None:
        if not self.runs:
            return
        open_ones = Counter(
            row["company_id"]
            for row in self._rows(logs)
            if row["state"] in ("planned", "running", "failed")
        )
        assert all(count == 1 for count in open_ones.values())

    @invariant()
    def never_more_at_once_than_allowed(self) -> None:
        running = [row for row in self._rows(logs) if row["state"] == "running"]
        assert len(running) <= LIMITS.concurrency

    @invariant()
    def never_more_starts_in_a_minute_than_allowed(self) -> None:
        for first, last in zip(self.starts, self.starts[LIMITS.starts_per_minute :], strict=False):
            assert last - first > RATE_WINDOW - SLACK

    @invariant()
    def one_automatic_refresh_a_company_in_its_cool_down(self) -> None:
        automatic = {
            row["refresh_id"]: row["company_id"]
            for row in self._rows(logs)
            if row["reason"] != "manual"
        }
        starts: dict[str, list[timedelta]] = defaultdict(list)
        for refresh_id, at in self.first_starts.items():
            if refresh_id in automatic:
                starts[automatic[refresh_id]].append(at)
        for instants in starts.values():
            for earlier, later in pairwise(instants):
                assert later - earlier > COOLDOWN - SLACK

    def teardown(self) -> None:
        """Everything that was accepted comes to an end, once the world is quiet again."""
        for _ in range(60):
            if all(row["state"] in ("handled", "dead") for row in self._rows(webhook_events)):
                break
            self.tick()
            for due in list(self.queued):
                if self._start(due.company_id, (due.refresh_id, due.attempt)):
                    self.queued.remove(due)
            for refresh in list(self.held):
                self.held.remove(refresh)
                with writing(self.engine) as connection:
                    complete(connection, refresh, {})
            let_pass(self.engine, timedelta(minutes=5))
        states = Counter(row["state"] for row in self._rows(webhook_events))
        assert states.keys() <= {"handled", "dead"}, states
        routes = Counter(row["state"] for row in self._rows(webhook_event_companies))
        assert routes.keys() <= {"handled", "dead"}, routes
        self.patch.undo()
        self.engine.dispose()
        shutil.rmtree(self.folder)

    def _start(self, company: str, planned: tuple[str, int] | None) -> bool:
        """Let a run try once; whether it need not try again."""
        self.runs += 1
        with writing(self.engine) as connection:
            taken = start(connection, company, f"run-{self.runs}", LIMITS, planned)
        if isinstance(taken, Refresh):
            self.held.append(taken)
            [row] = [row for row in self._rows(logs) if row["refresh_id"] == taken.refresh_id]
            early = row["due_at"] > row["started_at"] + SLACK
            assert not early or planned is None, "started before it was due"
            at = self.passed + timedelta(seconds=time.monotonic() - self.begun)
            self.starts.append(at)
            self.first_starts.setdefault(taken.refresh_id, at)
            return True
        return type(taken).__name__ in ("AttemptOver", "LeaseBusy")

    def _rows(self, table: Any) -> list[dict[str, Any]]:
        return rows(self.engine, table)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=20,
    stateful_step_count=40,
    # Shrinking takes minutes here; the steps that failed are printed as they were.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
