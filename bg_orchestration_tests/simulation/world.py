"""One simulation: senders, receivers, sensor, run queue, runs, people, and trouble."""

import hashlib
import itertools
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import dagster as dg
from dagster import DagsterRunStatus as Status
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.assets import refresh_step
from bg_orchestration.assets.refresh_config import RefreshConfig
from bg_orchestration.automation import reconciliation, sensors
from bg_orchestration.domain.admission import DueRefresh, Limits
from bg_orchestration.domain.model import BuyerGroup, Company, Group, Member
from bg_orchestration.intake.inbox import NewEvent
from bg_orchestration.ledger import client as client_module
from bg_orchestration.ledger import ledger
from bg_orchestration.ledger.errors import ProviderError
from bg_orchestration.ledger.ledger import Purpose
from bg_orchestration.observability.metrics import ReceiverMetrics
from bg_orchestration.provider_settings import ProviderSettings
from bg_orchestration.refreshes import life_cycle, planning, publishing
from bg_orchestration.refreshes.life_cycle import LEASE, LeaseBusy, LeaseLostError, Refresh
from bg_orchestration.store.companies import company as stored_company
from bg_orchestration.store.companies import people_of, save_companies
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import OPEN, pipeline_operations, webhook_events
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.webhooks import commits
from bg_orchestration_tests.ledger.scripted_provider import call
from bg_orchestration_tests.simulation.database import (
    Rates,
    SimulatedDatabase,
    changed,
    driver,
    references,
)
from bg_orchestration_tests.simulation.history import History, SentEvent
from bg_orchestration_tests.simulation.provider import ADAPTER, Provider
from bg_orchestration_tests.simulation.run_queue import Run, RunQueue
from bg_orchestration_tests.simulation.scheduler import Process, Scheduler, VirtualTime
from bg_orchestration_tests.store.rows import POLICY

LIMITS = Limits(timedelta(minutes=2), starts_per_minute=3, concurrency=2, max_attempts=3)
_COMPANIES = ("a", "b", "c", "d", "e")
_PEOPLE = 8
_EVENTS = 14
_TROUBLED_SECONDS = 300.0
# Backoffs, cool-downs and steps of the clock are over in this time, but not two hours set back.
_SETTLE_SECONDS = 2_000.0
_STEPS = (1, 30, 90, 700, 7_200)
_HAPPENED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """What a simulation found.

    Attributes:
        digest: the hash of the history; equal for each replay.
    """

    seed: str
    database: str
    digest: str
    faults: tuple[str, ...]
    figures: dict[str, int]


class World:
    """The processes of one simulation."""

    def __init__(
        self, engine: Engine, scheduler: Scheduler, provider: Provider, rates: Rates
    ) -> None:
        self.engine = engine
        self.scheduler = scheduler
        self.chance = scheduler.chance
        self.provider = provider
        provider.may_die = self.may_die
        self.rates = rates
        self.history = History(scheduler, LIMITS)
        self.queue = RunQueue(scheduler.now)
        self.group_commits = [commits.GroupCommit(engine, ReceiverMetrics((), ())) for _ in "12"]
        self.work_seconds = self.chance.choice((2.0, 20.0, 70.0))
        self.breaks = self.chance.choice((0.0, 0.1, 0.5))
        self.troubled = True
        self._quiet_seconds = self.chance.choice((4.0, 20.0))
        self._versions = itertools.count(1)
        self._employers: dict[str, str] = {}
        self._senders = 0

    # Providers of events and receivers.

    def send_events(self, name: str) -> None:
        """Push events until each is stored, some of them twice or to both receivers at once."""
        sent: list[NewEvent] = []
        for number in range(_EVENTS // 2):
            # In bursts, so that receivers work side by side.
            burst = self.chance.choice((10, 40))
            pause = burst - self.scheduler.elapsed % burst
            self.scheduler.pause(pause + self.chance.random() * 0.2)
            batch = [self._event(f"{name}-{number}-{part}") for part in "ab"[: self._few()]]
            if sent and self.chance.random() < 0.2:
                batch.append(self.chance.choice(sent))
            sent += batch
            if self.chance.random() < 0.3:
                self._receive(batch, 1)
            while not self._deliver(batch):
                self.scheduler.pause(0.5)
        self._senders -= 1

    def _few(self) -> int:
        return 1 + (self.chance.random() < 0.2)

    def _deliver(self, batch: list[NewEvent]) -> bool:
        answers = self._receive(batch, 0)
        deadline = self.scheduler.elapsed + 10
        while not answers and self.scheduler.elapsed < deadline:
            self.scheduler.pause(0.05)
        if not answers or answers[0] is None:
            return False
        self.history.stored |= {event.event_id for event in batch}
        return True

    def _receive(self, batch: list[NewEvent], receiver: int) -> list[Any]:
        answers: list[Any] = []
        self.scheduler.spawn(
            f"receiver-{receiver}",
            lambda: answers.append(self.group_commits[receiver]._try_to_store(batch)),
        )
        return answers

    def _event(self, event_id: str) -> NewEvent:
        version = next(self._versions)
        person_id = f"p-{self.chance.randrange(_PEOPLE)}"
        old = self._employers.get(person_id)
        company_id = old if old and self.chance.random() < 0.8 else self.chance.choice(_COMPANIES)
        self._employers[person_id] = company_id
        self.history.sent[event_id] = SentEvent(event_id, company_id, person_id, version)
        happened = _HAPPENED + timedelta(minutes=version)
        person = {"id": person_id, "name": "Sample Person", "newTitle": f"Title {version}"}
        if old is None or old != company_id:
            kind = "person.company_change"
            person["newCompany"] = f"{company_id} Inc"
            if old:
                person["oldCompany"] = f"{old} Inc"
        else:
            kind = "person.promotion"
        body = json.dumps(
            {
                "id": event_id,
                "source": "crm",
                "type": kind,
                "timestamp": happened.isoformat(),
                "person": person,
                "company": {"id": company_id, "name": f"{company_id} Inc"},
                "changes": {},
            }
        ).encode()
        return NewEvent(
            source="crm",
            event_id=event_id,
            type=kind,
            company_id=company_id,
            person_id=person_id,
            happened_at=happened,
            body=body,
            body_sha256=hashlib.sha256(body).hexdigest(),
            scheme="hex",
            key_fingerprint="12345678",
            webhook_id=None,
            traceparent="",
        )

    # The sensor, Dagster's daemon and its queue.

    def run_sensor(self) -> None:
        """Evaluate the sensor again and again; each evaluation may be killed."""
        while True:
            requests: list[list[DueRefresh]] = []
            self.scheduler.spawn("code server", lambda found=requests: found.append(self._tick()))
            deadline = self.scheduler.elapsed + 60
            while not requests and self.scheduler.elapsed < deadline:
                self.scheduler.pause(0.5)
            if requests:
                handover = self.scheduler.spawn("daemon", lambda r=requests[0]: self._submit(r))
                self.scheduler.pause(0.1, waits=lambda task=handover: task.fiber.dead)
            if not (requests and requests[0]):
                self.scheduler.pause(self.chance.random() * self._quiet_seconds)

    def _tick(self) -> list[DueRefresh]:
        try:
            again = reconciliation.reconcile(self.queue, self.engine, LIMITS)  # type: ignore[arg-type]
            with writing(self.engine) as connection:
                planning.plan(connection, POLICY, LIMITS)
                chosen = planning.emit(connection, LIMITS)
        except SQLAlchemyError:
            return []
        return [*again, *chosen]

    def _submit(self, requests: list[DueRefresh]) -> None:
        """As Dagster's daemon: one run for each run key, for ever."""
        for due in requests:
            request = sensors._request(due)
            assert request.run_key is not None
            run = self.queue.with_key(request.run_key)
            if run is None:
                tags = {
                    **request.tags,
                    "dagster/partition": due.company_id,
                    "dagster/run_key": request.run_key,
                    "bg/attempt": str(due.attempt),
                }
                self.may_die()
                run = self.queue.create(tags)
            if run.status is Status.NOT_STARTED:
                self.may_die()
                self.queue.move(run, Status.QUEUED)

    def run_queue(self) -> None:
        """Launch queued runs: one a company, three at once; end runs that never start."""
        while True:
            self.scheduler.pause(1.0)
            for run in self.queue.in_status(Status.STARTING):
                if (self.scheduler.now() - run.updated).total_seconds() > 180:
                    self.queue.move(run, Status.FAILURE)
            in_progress = self.queue.in_status(Status.STARTING, Status.STARTED)
            busy = {run.company_id for run in in_progress}
            for run in self.queue.in_status(Status.QUEUED):
                if len(busy) < 3 and run.company_id not in busy:
                    busy.add(run.company_id)
                    self.queue.move(run, Status.STARTING)
                    process = Process(run.run_id)
                    self.history.processes[run.run_id] = process
                    self.scheduler.spawn(run.run_id, lambda run=run: self._execute(run), process)

    def may_die(self) -> None:
        """A moment at which a process may die."""
        self.scheduler.pause()
        task = self.scheduler.current
        assert task is not None
        if self.chance.random() < self.rates.kill * 10:
            task.process.killed = True
        self.scheduler.pause()

    # Runs.

    def _execute(self, run: Run) -> None:
        """A run with the code's own step: lease, retries, endings."""
        self.may_die()
        if run.status is not Status.STARTING:
            return
        self.queue.move(run, Status.STARTED)
        self.may_die()
        status = Status.FAILURE
        for retry in range(refresh_step.STEP_RETRIES + 1):
            context: Any = self._context(run, retry)
            try:
                with refresh_step.refresh_step(context, [], RefreshConfig()) as step:
                    self._refresh(step)
                status = Status.SUCCESS
                break
            except dg.RetryRequested as again:
                self.scheduler.pause(again.seconds_to_wait)
            except Exception as error:  # noqa: BLE001 - as Dagster ends a run
                self.scheduler.note(f"{run.run_id} failed: {type(error).__name__}")
                break
        self.may_die()
        self.queue.move(run, status)
        self.history.processes[run.run_id].killed = True

    def _refresh(self, step: refresh_step.RefreshStep) -> None:
        if step.refresh is None:
            return
        with reading(self.engine) as connection:
            people = people_of(connection, step.company.company_id)
        self.scheduler.pause(self.chance.random() * self.work_seconds)
        if self.troubled and self.chance.random() < self.breaks:
            raise ValueError("simulated fault of an asset")
        self._ask(step.refresh)
        members = tuple(
            Member(
                person_id=person.person_id,
                title=person.title,
                seniority="vp",
                function="sales",
                role="stakeholder",
                score=0.5,
                reasons=("in the department that buys",),
            )
            for person in people
        )
        group = Group(
            group=BuyerGroup(
                company_id=step.company.company_id,
                profile_id="default",
                company_size=80,
                size_range=(3, 7),
                people_known=len(people),
                members=members,
                covered=(),
                gaps=(),
                gatekeepers=(),
                completeness=1.0,
                confidence=1.0,
            ),
            contacts=(),
        )
        versions = {person.person_id: int(person.title.split()[-1]) for person in people}
        with writing(self.engine) as connection:
            publishing.publish(connection, step.refresh, [group])
            self._note(connection, lambda: self.history.publish(step.refresh, versions))

    def _ask(self, refresh: Refresh) -> None:
        """Ask the provider about one person; a provider that is away fails nothing here."""
        config = ProviderSettings.model_construct(daily_budget_usd=None)
        purpose = Purpose(refresh.company_id, refresh.refresh_id)
        # Others ask the same in the same minute.
        question = call(self.chance.randrange(3) + 10 * int(self.scheduler.elapsed // 60))
        with client_module.provider_client(self.engine, [ADAPTER], config, purpose) as request:
            try:
                request(question)
            except ProviderError as error:
                self.scheduler.note(type(error).__name__)

    def _context(self, run: Run, retry: int) -> SimpleNamespace:
        return SimpleNamespace(
            run=run,
            retry_number=retry,
            instance=self.queue,
            log=SimpleNamespace(info=_ignore, warning=_ignore),
            log_event=_ignore,
            selected_asset_keys={dg.AssetKey(name) for name in names.ASSETS},
            selected_asset_check_keys=set(),
            resources=SimpleNamespace(
                configuration=SimpleNamespace(
                    engine=self.engine, settings=SimpleNamespace(limits=LIMITS)
                ),
                trace=SimpleNamespace(step=lambda _context: nullcontext(), describe=_ignore),
            ),
        )

    @contextmanager
    def _watch(self, step: refresh_step.RefreshStep) -> Iterator[None]:
        """As the code's own, which has a thread for it."""
        over: list[bool] = []

        def watch_until_over() -> None:
            while not over:
                self.scheduler.pause(LEASE.total_seconds() / 4)
                if over:
                    return
                if step.refresh is not None:
                    try:
                        with writing(self.engine) as connection:
                            life_cycle.renew(connection, step.refresh)
                    except LeaseLostError:
                        return
                    except (OperationalError, InterfaceError):
                        continue

        task = self.scheduler.current
        assert task is not None
        self.scheduler.spawn(f"{task.name} watch", watch_until_over, task.process)
        try:
            yield
        finally:
            over.append(True)

    def _require_company(self, context: Any) -> Company:
        with reading(self.engine) as connection:
            company = stored_company(connection, context.run.company_id)
        assert company is not None
        return company

    # People and trouble.

    def press_materialize(self) -> None:
        """A person starts a run now and then."""
        while self.troubled:
            self.scheduler.pause(20 + self.chance.random() * 200)
            run = self.queue.create({"dagster/partition": self.chance.choice(_COMPANIES)})
            self.queue.move(run, Status.QUEUED)

    def make_trouble(self) -> None:
        """Kill and stop processes, and step the clock."""
        kinds = ("kill", "stop", "clock", "nothing")
        while self.troubled:
            self.scheduler.pause(self.chance.random() * 60)
            kind = self.chance.choice(kinds)
            victims = [
                task.process
                for task in self.scheduler.tasks
                if task.name not in ("sensor", "queue", "trouble", "person", "sender")
                and not task.name.startswith("sender")
            ]
            if kind == "clock":
                step = self.chance.choice(_STEPS) * self.chance.choice((-1, 1))
                self.scheduler.note(f"clock {step}")
                self.scheduler.step_clock(step)
            elif victims and kind == "kill":
                self.chance.choice(victims).killed = True
            elif victims and kind == "stop":
                until = self.scheduler.elapsed + self.chance.choice((5, 30, 60, 150))
                self.chance.choice(victims).stopped_until = until

    # Notes of the history, taken when a transaction commits.

    def _note(self, connection: Connection, note: Callable[[], None]) -> None:
        task = self.scheduler.current
        if task is not None:
            task.notes.setdefault(driver(connection.connection), []).append(note)

    @property
    def _clock_read(self) -> float:
        assert self.scheduler.current is not None
        return self.scheduler.current.clock_read

    def _record(self, record: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(connection: Any, batch: Any) -> Any:
            outcomes = record(connection, batch)
            for event, outcome in zip(batch, outcomes, strict=True):
                if outcome == "accepted":
                    self._note(connection, lambda event=event: self.history.take(event.event_id))
            return outcomes

        return recorded

    def _start(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def started(connection: Connection, *more: Any, **named: Any) -> Any:
            taken = start(connection, *more, **named)
            at = self._clock_read
            if isinstance(taken, Refresh):
                self._note(connection, lambda: self.history.start(taken, at))
            elif isinstance(taken, LeaseBusy):
                self._note(connection, lambda: self.history.refuse(taken))
            return taken

        return started

    def _renew(self, renew: Callable[..., Any]) -> Callable[..., Any]:
        def renewed(connection: Any, refresh: Refresh) -> None:
            renew(connection, refresh)
            at = self._clock_read
            self._note(connection, lambda: self.history.renew(refresh.run_id, at))

        return renewed

    def _end(self, end: Callable[..., Any]) -> Callable[..., Any]:
        def ended(connection: Any, refresh_id: str, attempt: int, *more: Any) -> Any:
            state = end(connection, refresh_id, attempt, *more)
            at = self._clock_read
            self._note(connection, lambda: self.history.end(refresh_id, attempt, str(more[0]), at))
            return state

        return ended

    def _book(self, book: Callable[..., Any]) -> Callable[..., Any]:
        """Note which rows of the ledger are ambiguous after `book`, in its transaction."""

        def booked(connection: Connection, *more: Any) -> Any:
            result = book(connection, *more)
            rows = connection.execute(
                select(pipeline_operations.c.key, pipeline_operations.c.attempt).where(
                    pipeline_operations.c.state == "ambiguous"
                )
            ).all()
            found = {(row.key, row.attempt) for row in rows}
            self._note(connection, lambda: self.history.ambiguous.update(found))
            return result

        return booked

    def changes(self) -> list[tuple[Any, str, Any]]:
        """Return what is set in the code's modules: time, ids, and the notes of the history."""
        time = VirtualTime(self.scheduler)
        numbers = itertools.count(1)
        timed = (ledger, client_module, refresh_step, reconciliation, commits)
        return [
            *references(clock, lambda _connection: self.scheduler.now()),
            *((module, "time", time) for module in timed),
            *((module, "random", self.chance) for module in (ledger, client_module)),
            *references(planning.new_refresh_id, lambda: f"{next(numbers):032d}"),
            # Polls cost real time here: they are rarer.
            (reconciliation, "_AHEAD_SINCE", {}),
            (refresh_step, "_ASK_SECONDS", 5.0),
            (ledger, "_POLL_SECONDS", (1.0, 5.0)),
            (client_module, "Ledger", self.provider.ledger()),
            (client_module, "HttpClient", lambda: self.provider),
            (commits, "log", SimpleNamespace(info=_ignore, error=_ignore)),
            (refresh_step, "require_company", self._require_company),
            (refresh_step, "_watch", self._watch),
            *references(ledger.close_abandoned, self._book(ledger.close_abandoned)),
            *references(ledger.release_requests, self._book(ledger.release_requests)),
            (commits, "record", self._record(commits.record)),
            (refresh_step, "start", self._start(refresh_step.start)),
            (life_cycle, "renew", self._renew(life_cycle.renew)),
            (publishing, "renew", self._renew(publishing.renew)),
            *(
                (module, name, self._end(getattr(module, name)))
                for module, name in (
                    (refresh_step, "fail"),
                    (refresh_step, "defer"),
                    (refresh_step, "cancel"),
                    (reconciliation, "fail"),
                )
            ),
        ]

    def begin(self) -> None:
        """Start every process."""
        self._senders = 2
        for number in range(self._senders):
            name = f"sender-{number}"
            self.scheduler.spawn(name, lambda name=name: self.send_events(name))
        self.scheduler.spawn("sensor", self.run_sensor)
        self.scheduler.spawn("queue", self.run_queue)
        self.scheduler.spawn("person", self.press_materialize)
        self.scheduler.spawn("trouble", self.make_trouble)

    def is_settled(self) -> bool:
        """Whether every event, refresh and run has come to an end."""
        if self._senders or self.queue.in_status(
            Status.NOT_STARTED, Status.QUEUED, Status.STARTING, Status.STARTED
        ):
            return False
        with self.engine.connect() as connection:
            open_events = select(webhook_events.c.id).where(
                webhook_events.c.state.in_(("received", "pending"))
            )
            open_refreshes = select(logs.c.refresh_id).where(OPEN)
            return not any(
                connection.execute(query.limit(1)).first()
                for query in (open_events, open_refreshes)
            )


def simulate(
    engine: Engine,
    database: str,
    seed: int,
    monitor: Any = None,
    bug: Callable[[], list[tuple[Any, str, Any]]] | None = None,
) -> Result:
    """Simulate once on an empty database with the tables, and check the history.

    Args:
        engine: of the database.
        database: `sqlite` or `postgres`.
        seed: decides everything.
        monitor: a further connection to PostgreSQL, which sees who waits for whom.
        bug: makes the changes that put a known bug back.
    """
    name = f"{database}-{seed}"
    scheduler = Scheduler(name)
    chance = scheduler.chance
    rates = Rates(
        turn=chance.choice((0.1, 0.3, 0.6)),
        commit_fault=chance.choice((0.0, 0.05, 0.2)),
        kill=chance.choice((0.0, 0.002, 0.006)),
        stall=chance.choice((0.0, 0.01)),
    )
    provider = Provider(scheduler, faults=chance.choice((0.0, 0.3, 0.7)))
    with writing(engine) as connection:
        named = [
            Company(company_id=one, name=f"{one} Inc", employee_count=80) for one in _COMPANIES
        ]
        save_companies(connection, named, "test")
    world = World(engine, scheduler, provider, rates)
    logging.disable(logging.CRITICAL)
    # The notes of the history are put around the bug.
    with changed(bug() if bug else []), ExitStack() as stack:
        stack.enter_context(changed(world.changes()))
        hooked = SimulatedDatabase(engine, scheduler, rates, monitor)
        try:
            world.begin()
            scheduler.run(lambda: False, _TROUBLED_SECONDS)
            world.troubled = False
            provider.faults = 0.0
            rates.end_trouble()
            settled = scheduler.run(_every_second(scheduler, world.is_settled), _SETTLE_SECONDS)
            if not settled:
                world.history.fault(f"not settled {_SETTLE_SECONDS:.0f} s after the last trouble")
            # What rests in the middle of a transaction would hold its locks.
            scheduler.end()
            faults = _check(world)
        finally:
            scheduler.end()
            hooked.close()
            logging.disable(logging.NOTSET)
    for words in (*faults, *_states(engine)):
        scheduler.note(words)
    figures = {
        "events": len(world.history.stored),
        "starts": len(world.history.starts),
        "published": len(world.history.published),
        "charges": len(provider.charges),
        "commits": hooked.commits,
        "commit faults": sum(hooked.faults.values()),
        "turns": scheduler.steps,
    }
    return Result(str(seed), database, scheduler.digest, tuple(faults), figures)


def _check(world: World) -> list[str]:
    engine = world.engine
    with writing(engine) as connection:
        ledger.close_abandoned(connection, world.scheduler.now() + timedelta(days=1))
    with reading(engine) as connection:
        directory = {
            company_id: {
                person.person_id: int(person.title.split()[-1])
                for person in people_of(connection, company_id)
            }
            for company_id in _COMPANIES
        }
        groups = {
            (company_id, "default"): group
            for company_id in _COMPANIES
            if (group := publishing.published(connection, company_id, "default")) is not None
        }
        ambiguous = select(pipeline_operations.c.key, pipeline_operations.c.attempt).where(
            pipeline_operations.c.state == "ambiguous"
        )
        world.history.ambiguous |= {tuple(row) for row in connection.execute(ambiguous)}
        return world.history.check(connection, world.queue, world.provider, groups, directory)


def _states(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        events = select(webhook_events.c.event_id, webhook_events.c.state).order_by(
            webhook_events.c.event_id
        )
        refreshes = select(logs.c.refresh_id, logs.c.state, logs.c.attempt).order_by(
            logs.c.refresh_id
        )
        return [
            str(tuple(row)) for query in (events, refreshes) for row in connection.execute(query)
        ]


def _every_second(scheduler: Scheduler, done: Callable[[], bool]) -> Callable[[], bool]:
    """Ask `done` once in ten simulated seconds, since it reads the tables."""
    last = [scheduler.elapsed]

    def asked() -> bool:
        if scheduler.elapsed - last[0] < 10:
            return False
        last[0] = scheduler.elapsed
        return done()

    return asked


def _ignore(*_arguments: Any, **_named: Any) -> None:
    """Logs and traces of a simulation."""
