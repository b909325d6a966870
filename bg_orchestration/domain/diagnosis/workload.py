"""Diagnose the work itself: dead, waiting or not started; and advise."""

from collections.abc import Iterator
from typing import Final

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.diagnosis.facts import (
    Database,
    Facts,
    Finding,
    advice,
    problem,
    span,
)

# As in the alert rules: an event that waits longer than this waits for something broken.
WAITING_SECONDS: Final = 300.0
# A worker takes a run within a second; a slow start of the pool takes half a minute.
TAKING_SECONDS: Final = 90.0
# Locks of files are not kept there, and SQLite depends on them.
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "efs"})
_NAMED: Final = 5


def judge_work(facts: Facts) -> Iterator[Finding]:
    """Dead letters, refreshes that no worker takes, events that wait too long."""
    if facts.database is None:
        return
    yield from _dead(facts.database)
    refreshes = facts.database.refreshes
    workers_known_down = facts.parts.get("workers", "running") != "running"
    not_taken = refreshes.handed_over and refreshes.handed_over_seconds > TAKING_SECONDS
    free = refreshes.running < facts.limits.concurrency
    if not_taken and free and not workers_known_down and not facts.nothing_runs:
        yield problem(
            "not_taken",
            f"{refreshes.handed_over} refreshes were handed over and not started, the first "
            f"{span(refreshes.handed_over_seconds)} ago: no worker takes them.",
            f"Read {facts.home}/logs/workers.log and start `bg up` anew; where workers run "
            "elsewhere, see that they run and reach the broker that dagster.yaml names.",
        )
    if refreshes.held_back and refreshes.held_back_seconds > WAITING_SECONDS:
        yield advice(
            "limits",
            f"{refreshes.held_back} refreshes are due and held back by the limits, the first for "
            f"{span(refreshes.held_back_seconds)}: {_limits(facts.limits)}.",
            "Nothing is lost: they start one after the other. Raise BG_REFRESHES_PER_MINUTE or "
            "BG_REFRESH_CONCURRENCY and start `bg up` anew if that is too slow.",
        )
    elif (late := _waiting(facts.database)) > WAITING_SECONDS:
        yield problem(
            "waiting",
            f"The oldest event that nothing defers has waited for {span(late)}.",
            "`bg inbox --state pending` shows which, `bg refresh --why COMPANY` why.",
        )


def _dead(database: Database) -> Iterator[Finding]:
    if database.dead_events:
        yield problem(
            "dead_events",
            f"{database.dead_events} events were given up.{_newest(database)}",
            "`bg inbox --dead` shows why; when the cause is mended, `bg replay --dead`",
        )
    dead = database.dead_refreshes
    if dead:
        named = [one.company_id for one in dead[:_NAMED]]
        more = f" and {len(dead) - _NAMED} more" if len(dead) > _NAMED else ""
        yield problem(
            "dead_refreshes",
            f"The last refresh was given up of {', '.join(named)}{more}. Newest error: "
            f"{_first_line(dead[0].error)}",
            f"When the cause is mended: `bg refresh {' '.join(named)}`",
        )


def _newest(database: Database) -> str:
    event = database.newest_dead_event
    if event is None:
        return ""
    return f" Newest: {event.source} {event.event_id}: {_first_line(event.reason)}"


def advise(facts: Facts) -> Iterator[Finding]:
    """Advise on unknown variables, and on where data should be."""
    for name in facts.unknown_variables:
        yield advice(
            "unknown_variable",
            f"{name} is set, but no setting of that name exists.",
            "`bg settings` lists them; a value from dagster.yaml may bear any name.",
        )
    if facts.file_system in _NETWORK:
        yield problem(
            "network_disk",
            f"The SQLite database lies on a network file system ({facts.file_system}), where its "
            "locks do not hold.",
            "Put BG_HOME on a local disk, or set BG_DATABASE_URL=postgresql://...",
        )
    if facts.database_kind == "sqlite" and facts.dagster_kind == "postgresql":
        yield advice(
            "sqlite",
            "Dagster's storage is in PostgreSQL, our tables are in a SQLite file: workers on "
            "other machines would not see them.",
            "Set BG_DATABASE_URL=postgresql://... and `bg db upgrade`",
        )
    if facts.database_kind == "postgresql" and facts.dagster_kind == "sqlite":
        yield advice(
            "dagster_sqlite",
            "Our tables are in PostgreSQL, Dagster's storage is in SQLite: well on one machine, "
            "not for workers on others.",
            "For more machines follow docs/operations.md, deploy/dagster.yaml.",
        )


def _waiting(database: Database) -> float:
    """The age of the oldest event that no cool-down and no backoff defers, in seconds."""
    return max(
        (one.oldest_seconds for name, one in database.stages.items() if name != "deferred"),
        default=0.0,
    )


def _limits(limits: Limits) -> str:
    return f"{limits.starts_per_minute} starts a minute, {limits.concurrency} at once"


def _first_line(text: str | None) -> str:
    return (text or "unknown").strip().splitlines()[0][:200]
