"""Diagnose events and refreshes (dead, waiting, not started), and advise on the setup."""

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

# As in the alert rules: after this wait something is broken.
WAITING_SECONDS: Final = 300.0
# A worker starts a run within a second; a slow start of the pool takes half a minute.
TAKING_SECONDS: Final = 90.0
# These file systems do not keep file locks, which SQLite needs.
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "efs"})
_NAMED: Final = 5


def diagnose_workload(facts: Facts) -> Iterator[Finding]:
    """Yield findings on dead work, refreshes without a worker, and long waits."""
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
            f"{refreshes.handed_over} refreshes are enqueued but not started, the first "
            f"{span(refreshes.handed_over_seconds)} ago: no worker starts them.",
            f"Read {facts.home}/logs/workers.log and start `bg up` again; where workers run "
            "elsewhere, see that they run and reach the broker that dagster.yaml names.",
        )
    if refreshes.held_back and refreshes.held_back_seconds > WAITING_SECONDS:
        yield advice(
            "limits",
            f"{refreshes.held_back} refreshes are due and held back by the limits, the first for "
            f"{span(refreshes.held_back_seconds)}: {_limits(facts.limits)}.",
            "Nothing is lost: they start one after the other. Raise BG_REFRESHES_PER_MINUTE or "
            "BG_REFRESH_CONCURRENCY and start `bg up` again if that is too slow.",
        )
    elif (oldest_seconds := _waiting(facts.database)) > WAITING_SECONDS:
        yield problem(
            "waiting",
            f"The oldest event that nothing defers has waited for {span(oldest_seconds)}.",
            "`bg inbox --state pending` shows which, `bg refresh --why COMPANY` why.",
        )


def _dead(database: Database) -> Iterator[Finding]:
    newest = database.newest_unreadable
    if database.unreadable_events and newest is not None:
        yield problem(
            "unreadable_events",
            f"{database.unreadable_events} verified events could not be read. The newest is from "
            f"{newest.source}: {_first_line(newest.reason)}",
            "Compare what the sender sends with the contract: `bg inbox --dead --json`. The bodies "
            "are kept for BG_KEEP_EVENTS; after a fix, `bg replay --dead`",
        )
    if database.dead_events:
        yield problem(
            "dead_events",
            f"{database.dead_events} events were given up.{_newest(database)}",
            "`bg inbox --dead` shows why; when the cause is mended, `bg replay --dead`",
        )
    dead = database.dead_refreshes
    if dead:
        company_ids = [refresh.company_id for refresh in dead[:_NAMED]]
        more = f" and {len(dead) - _NAMED} more" if len(dead) > _NAMED else ""
        yield problem(
            "dead_refreshes",
            f"The last refresh is dead of {', '.join(company_ids)}{more}. Newest error: "
            f"{_first_line(dead[0].error)}",
            f"When the cause is mended: `bg refresh {' '.join(company_ids)}`",
        )


def _newest(database: Database) -> str:
    event = database.newest_dead_event
    if event is None:
        return ""
    return f" Newest: {event.source} {event.event_id}: {_first_line(event.reason)}"


def advise(facts: Facts) -> Iterator[Finding]:
    """Advise on unknown variables, and on the place of the data."""
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
    """Return the age in seconds of the oldest event without cool-down or backoff."""
    return max(
        (stage.oldest_seconds for name, stage in database.stages.items() if name != "deferred"),
        default=0.0,
    )


def _limits(limits: Limits) -> str:
    return f"{limits.starts_per_minute} starts a minute, {limits.concurrency} at once"


def _first_line(text: str | None) -> str:
    return (text or "unknown").strip().splitlines()[0][:200]
