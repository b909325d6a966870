"""What must hold whoever was killed, read from the tables when everything has settled.

Each check returns a sentence for each fault it finds.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from dagster import DagsterInstance, DagsterRunStatus
from sqlalchemy import Connection, Row, select

from bg_orchestration.domain.admission import RATE_WINDOW, Limits
from bg_orchestration.domain.model import Group
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    refresh_attempts,
    webhook_event_companies,
    webhook_events,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration_tests.crash.clean import Groups

_ENDED = {DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}


def nothing_lost(connection: Connection, stored: Collection[str], limits: Limits) -> Iterator[str]:
    """Every event that a provider was told is stored ended handled, ignored or dead."""
    states = dict(
        connection.execute(select(webhook_events.c.event_id, webhook_events.c.state)).all()
    )
    for event_id in stored:
        if states.get(event_id) not in ("handled", "ignored", "dead"):
            yield f"event {event_id} was answered 202 and is {states.get(event_id, 'not there')}"
    if strangers := len(states) - len(stored):
        yield f"{strangers} events are stored that no provider knows to be stored"
    ended_by = {"handled": "completed", "dead": "dead"}
    pairs = select(webhook_event_companies, logs.c.state.label("refresh"), logs.c.attempt)
    for pair in connection.execute(
        pairs.outerjoin(logs, logs.c.refresh_id == webhook_event_companies.c.refresh_id)
    ):
        if ended_by.get(pair.state) != pair.refresh:
            yield (
                f"event {pair.event} at {pair.company_id} is {pair.state}, "
                f"its refresh {pair.refresh_id} {pair.refresh}"
            )
        if pair.state == "dead" and pair.attempt < limits.max_attempts:
            yield f"event {pair.event} is dead after {pair.attempt} attempts"


def limits_held(connection: Connection, limits: Limits) -> Iterator[str]:
    """No company was refreshed by two runs at once, and no limit was passed."""
    attempts = _attempts(connection)
    yield from _one_at_a_time(attempts)
    starts = [one.started_at for one in attempts]
    for earlier, later in zip(starts, starts[limits.starts_per_minute :], strict=False):
        if later - earlier < RATE_WINDOW:
            yield f"more than {limits.starts_per_minute} starts in the minute after {earlier}"
    yield from _not_too_many(attempts, limits.concurrency)
    yield from _cooled_down(attempts, limits.cooldown)


def peaks(connection: Connection) -> dict[str, int]:
    """How near the limits came to be passed: most starts in a minute, most at once."""
    attempts = _attempts(connection)
    starts = [one.started_at for one in attempts]
    ended = [one for one in attempts if one.ended_at is not None]
    return {
        "most starts in 60 s": max(
            (sum(at <= one < at + RATE_WINDOW for one in starts) for at in starts), default=0
        ),
        "most at once": max(
            (sum(one.started_at <= at < one.ended_at for one in ended) for at in starts), default=0
        ),
    }


def nothing_twice(connection: Connection, groups: Groups) -> Iterator[str]:
    """A refresh published once: its changes, replayed, lead to the published group."""
    attempts = _attempts(connection)
    good = Counter(one.refresh_id for one in attempts if one.error is None)
    completed = {
        row.refresh_id: json.loads(row.summary)
        for row in connection.execute(select(logs).where(logs.c.state == "completed"))
    }
    for refresh_id in completed.keys() | good.keys():
        if good[refresh_id] != (refresh_id in completed):
            yield f"refresh {refresh_id} ended well {good[refresh_id]} times"
    pairs = connection.execute(
        select(webhook_event_companies.c.refresh_id).where(
            webhook_event_companies.c.state == "handled"
        )
    ).scalars()
    handled = Counter(pairs)
    changes = connection.execute(
        select(buyer_group_changes).order_by(buyer_group_changes.c.id)
    ).all()
    told = Counter(change.refresh_id for change in changes)
    for refresh_id, summary in completed.items():
        if (summary["events"], summary["changes"]) != (handled[refresh_id], told[refresh_id]):
            yield (
                f"refresh {refresh_id} says {summary}: {handled[refresh_id]} events, "
                f"{told[refresh_id]} changes are there"
            )
    if strangers := told.keys() - completed.keys():
        yield f"changes of refreshes that did not complete: {sorted(strangers)}"
    yield from _replayed(changes, groups)


def groups_equal(connection: Connection, found: Groups, clean: Groups) -> Iterator[str]:
    """The published groups are what one clean refresh gives, but where the last refresh is dead."""
    last = dict(
        connection.execute(
            select(logs.c.company_id, logs.c.state).order_by(logs.c.finished_at)
        ).all()
    )
    for key in sorted(found.keys() | clean.keys()):
        if found.get(key) != clean.get(key) and last.get(key[0]) != "dead":
            yield f"group {key} differs from that of a clean refresh: " + _difference(
                found.get(key), clean.get(key)
            )


def dagster_settled(instance: DagsterInstance) -> Iterator[str]:
    """Dagster has no run left open, and one run for each run key."""
    runs = instance.get_runs()
    for run in runs:
        if run.status not in _ENDED:
            yield f"run {run.run_id} of {run.tags.get('dagster/run_key')} is {run.status.value}"
    keys = Counter(run.tags.get("dagster/run_key", run.run_id) for run in runs)
    for key, count in keys.items():
        if count > 1:
            yield f"{count} runs have the run key {key}"


def _attempts(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(
        select(refresh_attempts, logs.c.company_id, logs.c.reason)
        .join(logs, logs.c.refresh_id == refresh_attempts.c.refresh_id)
        .order_by(refresh_attempts.c.started_at)
    ).all()


def _one_at_a_time(attempts: Sequence[Row[Any]]) -> Iterator[str]:
    for company_id in {one.company_id for one in attempts}:
        for earlier, later in pairwise(one for one in attempts if one.company_id == company_id):
            if earlier.ended_at is None or earlier.ended_at > later.started_at:
                yield f"{company_id} had runs {earlier.run_id} and {later.run_id} at once"


def _not_too_many(attempts: Sequence[Row[Any]], concurrency: int) -> Iterator[str]:
    running: list[Row[Any]] = []
    for one in attempts:
        if one.ended_at is None:
            yield f"attempt {one.attempt} of {one.refresh_id} never ended"
            continue
        running = [other for other in running if other.ended_at > one.started_at]
        running.append(one)
        if len(running) > concurrency:
            yield f"{len(running)} refreshes were running at {one.started_at}"


def _cooled_down(attempts: Sequence[Row[Any]], cooldown: timedelta) -> Iterator[str]:
    firsts: dict[str, Row[Any]] = {}
    for one in attempts:
        if one.reason != "manual":
            firsts.setdefault(one.refresh_id, one)
    for company_id in {one.company_id for one in firsts.values()}:
        of_company = [one for one in firsts.values() if one.company_id == company_id]
        for earlier, later in pairwise(of_company):
            if later.started_at - earlier.started_at < cooldown:
                yield f"{company_id} was refreshed at {earlier.started_at} and {later.started_at}"


def _replayed(changes: Sequence[Row[Any]], groups: Groups) -> Iterator[str]:
    members: dict[tuple[str, str], dict[str, str]] = {}
    for change in changes:
        group = members.setdefault((change.company_id, change.profile_id), {})
        before = group.get(change.person_id)
        if change.kind in ("joined", "left", "dropped", "role_changed") and before != change.old:
            yield f"change {change.id} {change.kind} from {change.old}, but the role was {before}"
        if change.kind in ("left", "dropped"):
            group.pop(change.person_id, None)
        elif change.kind in ("joined", "role_changed"):
            group[change.person_id] = change.new
    for key, found in groups.items():
        published = {member.person_id: member.role for member in found.group.members}
        if members.get(key, {}) != published:
            yield f"the changes of {key} do not lead to its group"


def _difference(found: Group | None, clean: Group | None) -> str:
    if found is None or clean is None:
        return f"published {found is not None}, clean {clean is not None}"
    ours, theirs = set(found.group.members), set(clean.group.members)
    return f"{len(ours - theirs)} members only here, {len(theirs - ours)} only there"
