"""What goes wrong in a fleet: a schedule that the seed decides, and how each is done."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from bg_orchestration_tests.production.fleet import Fleet, Member

Fault = Callable[[Fleet, float], None]

# Where a run dies: after it took the lease, while it judges, before and after it publishes.
_POINTS_OF_RUNS = (
    "start-after-commit",
    "mid-asset",
    "publish-before-commit",
    "publish-after-commit",
)
_DEATH_SECONDS = 60.0


def _kill(prefix: str) -> Fault:
    def kill(fleet: Fleet, choice: float) -> None:
        members = [member for name, member in fleet.members.items() if name.startswith(prefix)]
        members[int(choice * len(members))].kill()

    return kill


def _kill_run(fleet: Fleet, choice: float) -> None:
    """Let the next run that gets to a point of its refresh die there."""
    armed = fleet.points / _POINTS_OF_RUNS[int(choice * len(_POINTS_OF_RUNS))]
    armed.with_suffix(".fired").unlink(missing_ok=True)
    armed.write_text("self")
    give_up = time.monotonic() + _DEATH_SECONDS
    while armed.exists() and time.monotonic() < give_up:
        time.sleep(0.05)
    armed.unlink(missing_ok=True)


def _restart(name: str) -> Fault:
    def restart(fleet: Fleet, choice: float) -> None:
        fleet.servers[name].kill()
        time.sleep(choice)
        fleet.servers[name].start()

    return restart


def _lose_messages(fleet: Fleet, _choice: float) -> None:
    broker = fleet.servers["broker"]
    broker.kill()
    broker.lose_data()
    broker.start()


def _away(name: str, seconds: float) -> Fault:
    def away(fleet: Fleet, _choice: float) -> None:
        fleet.servers[name].kill()
        time.sleep(seconds)
        fleet.servers[name].start()

    return away


def _freeze(name: str, seconds: float) -> Fault:
    def freeze(fleet: Fleet, _choice: float) -> None:
        fleet.servers[name].freeze()
        time.sleep(seconds)
        fleet.servers[name].thaw()

    return freeze


def _kill_database(fleet: Fleet, choice: float) -> None:
    fleet.postgres.kill()
    time.sleep(choice)
    fleet.postgres.restart()


def _read_only(fleet: Fleet, choice: float) -> None:
    with read_only(fleet):
        time.sleep(2 + 3 * choice)


@contextmanager
def read_only(fleet: Fleet) -> Iterator[None]:
    """Make the server refuse to write, as a standby does after a failover."""
    fleet.postgres.set_read_only(on=True)
    try:
        yield
    finally:
        fleet.postgres.set_read_only(on=False)


def _second_daemon(fleet: Fleet, choice: float) -> None:
    """A second daemon stands by, takes over when the first one dies, and dies itself."""
    daemon = fleet.members["daemon"]
    second = Member("second-daemon", daemon.command, daemon.environment, daemon.log)
    second.start()
    try:
        time.sleep(5 + 5 * choice)
        daemon.kill()
        time.sleep(15 + 5 * choice)
    finally:
        second.kill()


def faults(away_seconds: float) -> Mapping[str, Fault]:
    """All kinds of faults by name; the broker and the database are away for so many seconds."""
    return {
        "run killed in a worker": _kill_run,
        "worker machine lost": _kill("worker"),
        "receiver killed": _kill("receiver"),
        "daemon killed": _kill("daemon"),
        "code server killed": _kill("code-server"),
        "broker killed": _restart("broker"),
        "broker killed, data lost": _lose_messages,
        "broker away": _away("broker", away_seconds),
        "broker frozen": _freeze("broker", away_seconds / 3),
        "PgBouncer killed": _restart("pgbouncer"),
        "PostgreSQL killed": _kill_database,
        "PostgreSQL read-only": _read_only,
        "second daemon": _second_daemon,
    }


def schedule(seed: int, kinds: Mapping[str, Fault]) -> Iterator[tuple[float, str, float]]:
    """Pauses in seconds, kinds and choices without end; each kind equally often."""
    chance = random.Random(f"{seed} fleet")
    while True:
        for kind in chance.sample(list(kinds), len(kinds)):
            yield chance.uniform(4, 16), kind, chance.random()


def carry_out(
    fleet: Fleet,
    plan: Iterable[tuple[float, str, float]],
    kinds: Mapping[str, Fault],
    seconds: float,
    say: Callable[[str], None],
) -> Counter[str]:
    """Do the faults of a plan, for so many seconds at most; return how many of each kind."""
    done: Counter[str] = Counter()
    until = time.monotonic() + seconds
    for pause, kind, choice in plan:
        time.sleep(min(pause, max(0.0, until - time.monotonic())))
        if time.monotonic() >= until:
            return done
        say(kind)
        kinds[kind](fleet, choice)
        done[kind] += 1
    return done
