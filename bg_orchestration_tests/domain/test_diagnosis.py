"""From facts to findings: each cause is told with its remedy, and its consequences are not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.diagnosis.causes import diagnose
from bg_orchestration.domain.diagnosis.facts import (
    Daemons,
    Database,
    DeadEvent,
    DeadRefresh,
    Facts,
    OpenRefreshes,
    Outbox,
    OverBudget,
    ProviderHealth,
    Signatures,
    Stage,
    span,
)

DAY = 86_400.0
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
PARTS = ("receiver", "exporter", "code-server", "workers", "daemon", "dagit")
IDLE = OpenRefreshes(0, 0, 0.0, 0, 0.0, 0)
DATABASE = Database(
    stages={name: Stage(0, 0.0) for name in ("received", "due", "under_way", "deferred")},
    refreshes=IDLE,
    dead_events=0,
    dead_refreshes=(),
    last_completed=NOW,
    suppression_fault=None,
)
DAEMONS = Daemons(
    heartbeats={"SENSOR": 12.0, "SCHEDULER": 61.0, "QUEUED_RUN_COORDINATOR": 8.0},
    runs={},
    sensor="webhook_inbox",
    stopped=(),
    sensor_error=None,
)
WELL = Facts(
    home="/var/bg",
    programs="/opt/bg/bin",
    limits=Limits(timedelta(hours=1), starts_per_minute=10, concurrency=3, max_attempts=3),
    database_kind="sqlite",
    dagster_kind="sqlite",
    file_system="ext4",
    started=True,
    parts=dict.fromkeys(PARTS, "running"),
    schema_version="0008",
    database=DATABASE,
    daemons=DAEMONS,
    receiver="http://127.0.0.1:8080",
    signatures=Signatures(verified=100, mismatched=0),
    dagit="http://127.0.0.1:3000",
    disk_free_bytes=50_000_000_000,
)
NOTHING_RUNS: dict[str, Any] = {
    "started": False,
    "parts": {},
    "receiver_fault": "nothing listens there",
    "dagit_fault": "nothing listens there",
    "signatures": None,
    "daemons": replace(DAEMONS, heartbeats={"SENSOR": 9_999.0}),
}


def database(**changes: Any) -> dict[str, Any]:
    return {"database": replace(DATABASE, **changes)}


def providers(*, stopped: bool) -> dict[str, Any]:
    one = ProviderHealth("pdl", 9, 5, open_until=NOW, stopped=stopped, why="HTTP 402")
    return database(providers=(ProviderHealth("apollo", 3, 1), one))


def daemons(**changes: Any) -> dict[str, Any]:
    return {"daemons": replace(DAEMONS, **changes)}


def part(name: str, state: str) -> dict[str, Any]:
    return {"parts": {**WELL.parts, name: state}}


def waiting(stage: str, seconds: float) -> dict[str, Any]:
    return database(stages={**DATABASE.stages, stage: Stage(1, seconds)})


def refreshes(**changes: Any) -> dict[str, Any]:
    return database(refreshes=replace(IDLE, **changes))


def found(changes: Mapping[str, Any]) -> dict[str, str]:
    """Severity by check."""
    return {one.check: one.severity for one in diagnose(replace(WELL, **changes))}


def test_a_system_that_is_well_needs_nothing() -> None:
    assert diagnose(WELL) == []


@pytest.mark.parametrize(
    ("changes", "check", "severity", "remedy"),
    [
        (NOTHING_RUNS, "nothing_runs", "advice", "`bg up`"),
        (NOTHING_RUNS | {"killed": True}, "nothing_runs", "problem", "`bg up`"),
        (
            NOTHING_RUNS | database(refreshes=replace(IDLE, deferred=1)),
            "nothing_runs", "problem", "`bg up`",
        ),
        (
            NOTHING_RUNS | {"database": None, "schema_fault": "none", "demo": "/var/bg/demo"},
            "only_demo", "advice", "BG_HOME=/var/bg/demo",
        ),
        (
            {"started": False, "parts": {}, "receiver_fault": "no", "dagster_dev": True},
            "no_receiver", "advice", "`bg receiver`",
        ),
        (database(last_completed=None), "nothing_published", "advice", "bg refresh COMPANY"),
        ({"database_fault": "It is gone", "database": None}, "database", "problem", "/var/bg"),
        (
            {"database_fault": "It is gone", "database": None, "database_kind": "postgresql",
             "dagster_kind": "postgresql"},
            "database", "problem", "Start PostgreSQL",
        ),
        ({"schema_fault": "It is old", "database": None}, "schema", "problem", "`bg db upgrade`"),
        (database(suppression_fault="Another key"), "suppression_key", "problem",
         "BG_SUPPRESSION_KEY"),
        ({"disk_free_bytes": 200_000_000}, "disk", "problem", "du -sh /var/bg"),
        ({"broker_fault": "/q: Read-only file system"}, "broker", "problem", "chown"),
        (part("workers", "ended"), "workers_down", "problem", "/var/bg/logs/workers.log"),
        (part("daemon", "stopped"), "daemon_stopped", "problem", "bg up"),
        ({"ends": {"workers": [40.0]}}, "workers_restarted", "advice", "workers.log"),
        ({"ends": {"workers": [300.0, 90.0, 5.0]}}, "workers_restarted", "problem", "dmesg"),
        ({"receiver_fault": "nothing listens there"}, "receiver", "problem", "bg receiver"),
        ({"not_ready": "No tables"}, "receiver_not_ready", "problem", "BG_DATABASE_URL"),
        ({"signatures": Signatures(3, 4)}, "wrong_secret", "problem", "BG_WEBHOOK_SECRETS"),
        ({"dagster_fault": "gone", "daemons": None}, "dagster_storage", "problem", "DAGSTER_HOME"),
        (daemons(heartbeats={}), "daemon", "problem", "daemon.log"),
        (daemons(heartbeats={**DAEMONS.heartbeats, "SENSOR": 200.0}), "daemon", "problem",
         "daemon.log"),
        (daemons(stopped=("webhook_inbox",)), "webhook_inbox_switched_off", "problem",
         "/opt/bg/bin/dagster sensor start webhook_inbox"),
        (daemons(stopped=("retention_daily",)), "retention_daily_switched_off", "advice",
         "dagster schedule start retention_daily"),
        (daemons(sensor_error="Boom"), "sensor_failing", "problem", "http://127.0.0.1:3000"),
        ({"code_location_fault": "SyntaxError"}, "code_location", "problem", "code-server.log"),
        (database(dead_events=2), "dead_events", "problem", "`bg replay --dead`"),
        (database(dead_refreshes=(DeadRefresh("r1", "acme", NOW, "Boom\nTrace"),)),
         "dead_refreshes", "problem", "`bg refresh acme`"),
        (refreshes(handed_over=2, handed_over_seconds=120.0), "not_taken", "problem",
         "workers.log"),
        (refreshes(held_back=9, held_back_seconds=400.0), "limits", "advice",
         "BG_REFRESHES_PER_MINUTE"),
        (waiting("received", 301.0), "waiting", "problem", "bg refresh --why"),
        (database(outbox=Outbox(dead={"sales": 3, "crm": 1})), "dead_notifications", "problem",
         "`bg notifications --test crm`"),
        ({"keyless": ("pdl",)}, "provider_key_missing", "problem", "BG_PDL_KEY"),
        # Without a key it is refused by itself: the cause is told.
        ({"keyless": ("pdl",)} | providers(stopped=True), "provider_key_missing", "problem",
         "BG_PDL_KEY"),
        (providers(stopped=True), "provider_stopped", "problem", "`bg providers check`"),
        (providers(stopped=False), "provider_failing", "advice", "`bg providers check`"),
        (database(over_budget=OverBudget(7, ("a", "b"))), "budget_spent", "advice",
         "`bg refresh a --over-budget`"),
        (database(ending={"s1": 13 * DAY, "s2": 10 * DAY}), "subscription_ending", "advice",
         "`bg subscriptions renew`"),
        (database(ending={"s1": 2.9 * DAY}), "subscription_ending", "problem",
         "`bg subscriptions renew`"),
        (database(ending={"s1": -DAY}), "subscription_ending", "problem",
         "`bg subscriptions renew`"),
        ({"unknown_variables": ("BG_COOLDOWN",)}, "unknown_variable", "advice", "bg settings"),
        ({"file_system": "nfs4"}, "network_disk", "problem", "BG_DATABASE_URL"),
        ({"dagster_kind": "postgresql"}, "sqlite", "advice", "BG_DATABASE_URL"),
        ({"database_kind": "postgresql"}, "dagster_sqlite", "advice", "deploy/dagster.yaml"),
    ],
)  # fmt: skip
def test_each_fault_is_found_alone_and_told_with_its_remedy(
    changes: dict[str, Any], check: str, severity: str, remedy: str
) -> None:
    [finding] = diagnose(replace(WELL, **changes))
    assert (finding.check, finding.severity) == (check, severity)
    assert remedy in finding.fix


@pytest.mark.parametrize(
    "changes",
    [
        # Deferred by a cool-down: nothing is wrong, however long.
        waiting("deferred", 3_500.0),
        waiting("due", 299.0),
        # Handed over, but the limit is reached: it has to wait.
        refreshes(handed_over=2, handed_over_seconds=120.0, running=3),
        refreshes(handed_over=2, handed_over_seconds=30.0),
        refreshes(held_back=9, held_back_seconds=100.0),
        # A stranger who guesses, and some among thousands.
        {"signatures": Signatures(0, 2)},
        {"signatures": Signatures(10_000, 50)},
        # Somewhere else it may run: its secrets are not ours to see.
        {"secrets_fault": "No webhook secret is set."},
        {"dagit_fault": "nothing listens there"},
        {"ends": {"workers": [4_000.0]}},
        {"disk_free_bytes": None},
        # One fault is none, and most of a budget is a budget.
        database(providers=(ProviderHealth("pdl", 100, 7, today_usd=9.9),), spent_today_usd=9.9),
        database(outbox=Outbox(pending=50, oldest_seconds=9_000.0)),
    ],
)
def test_what_is_as_it_should_be_is_not_told(changes: dict[str, Any]) -> None:
    assert diagnose(replace(WELL, **changes)) == []


def test_consequences_are_not_told_beside_their_cause() -> None:
    gone = {"database_fault": "It is gone", "database": None, "not_ready": "It is gone",
            **daemons(sensor_error="It is gone")}  # fmt: skip
    assert found(gone) == {"database": "problem"}
    dead_daemon = part("daemon", "ended") | daemons(heartbeats={"SENSOR": 400.0})
    assert found(dead_daemon) == {"daemon_down": "problem"}
    dead_receiver = part("receiver", "ended") | {"receiver_fault": "nothing listens there"}
    assert found(dead_receiver) == {"receiver_down": "problem"}
    no_workers = part("workers", "ended") | refreshes(handed_over=2, handed_over_seconds=120.0)
    assert found(no_workers) == {"workers_down": "problem"}
    wrong_key = database(suppression_fault="Another key") | daemons(sensor_error="Another key")
    assert found(wrong_key) == {"suppression_key": "problem"}
    held = database(
        refreshes=replace(IDLE, held_back=9, held_back_seconds=400.0),
        stages={**DATABASE.stages, "due": Stage(9, 400.0)},
    )
    assert found(held) == {"limits": "advice"}


def test_nothing_runs_and_no_secret_is_one_finding_with_both_commands() -> None:
    [finding] = diagnose(replace(WELL, **NOTHING_RUNS, secrets_fault="No webhook secret is set."))
    assert finding.check == "nothing_runs"
    assert "export BG_WEBHOOK_SECRETS=" in finding.fix
    assert "`bg up`" in finding.fix


def test_a_receiver_that_runs_alone_without_a_secret_says_so() -> None:
    alone = {"started": False, "parts": {}, "receiver_fault": "nothing listens there",
             "secrets_fault": "No webhook secret is set."}  # fmt: skip
    assert found(alone) == {"no_secret": "problem", "receiver": "problem"}


def test_problems_come_before_advice_and_long_lists_are_cut() -> None:
    many = tuple(DeadRefresh(f"r{n}", f"c{n}", NOW, None) for n in range(7))
    findings = diagnose(replace(WELL, **database(dead_refreshes=many), unknown_variables=("BG_X",)))
    assert [one.severity for one in findings] == ["problem", "advice"]
    assert "c4 and 2 more" in findings[0].what
    assert "c5" not in findings[0].fix


def test_a_spent_budget_tells_what_it_is_and_who_waits() -> None:
    waits = database(over_budget=OverBudget(7, ("a", "b")), spent_today_usd=9.5)
    [finding] = diagnose(replace(WELL, **waits, daily_budget_usd=10.0))
    assert "7 refreshes wait" in finding.what
    assert "($9.50 of $10.00 are spent or reserved): a, b and more." in finding.what
    [finding] = diagnose(replace(WELL, **database(over_budget=OverBudget(1, ("a",)))))
    assert "1 refresh waits" in finding.what
    assert finding.what.endswith("spent: a.")


def test_of_several_subscriptions_the_first_to_end_is_told() -> None:
    [finding] = diagnose(replace(WELL, **database(ending={"s1": 13 * DAY, "s2": -3 * DAY})))
    assert "ended 3 days ago" in finding.what
    assert "1 more" in finding.what


def test_spans_read_as_people_say_them() -> None:
    said = [span(seconds) for seconds in (0, 119, 120, 7_199, 7_200, 200_000)]
    assert said == ["0 s", "119 s", "2 min", "120 min", "2 h", "2 days"]


def test_the_newest_dead_event_is_named_with_its_error() -> None:
    newest = DeadEvent("crm", "evt-1", "could not be taken: DataError")
    [finding] = diagnose(replace(WELL, **database(dead_events=2, newest_dead_event=newest)))
    assert finding.what == (
        "2 events were given up. Newest: crm evt-1: could not be taken: DataError"
    )
