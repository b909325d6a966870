"""Diagnose the system from facts: causes first, each with its remedy.

A finding that only follows from another finding is left out.
"""

from collections.abc import Iterator
from typing import Final

from bg_orchestration.domain.diagnosis.dependencies import diagnose_dependencies
from bg_orchestration.domain.diagnosis.facts import (
    CLOCK_SECONDS,
    HEARTBEAT_SECONDS,
    Daemons,
    Facts,
    Finding,
    advice,
    problem,
    span,
)
from bg_orchestration.domain.diagnosis.workload import advise, diagnose_workload

# The space for a day of events and runs on a busy machine.
_DISK_BYTES: Final = 1_000_000_000
# Fewer failed signatures may come from a stranger who guesses.
_MISMATCHES: Final = 3
_MISMATCH_SHARE: Final = 0.1
_REQUIRED: Final = ("SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR")
_RECENTLY: Final = 600.0
_TOO_OFTEN: Final = 3


def diagnose(facts: Facts) -> list[Finding]:
    """Return all findings, problems first, in the order in which to fix them."""
    findings = [
        *_clock(facts),
        *_machine(facts),
        *_database(facts),
        *_running(facts),
        *_receiver(facts),
        *_dagster(facts),
        *diagnose_workload(facts),
        *diagnose_dependencies(facts),
        *advise(facts),
    ]
    return sorted(findings, key=lambda finding: finding.severity != "problem")


def _clock(facts: Facts) -> Iterator[Finding]:
    skipped = facts.daemons.ahead_seconds if facts.daemons else 0.0
    step = max(skipped, facts.database.ahead_seconds if facts.database else 0.0)
    if skipped > CLOCK_SECONDS:
        again = (
            "`bg up` notices it within seconds. If this stays, stop `bg up` and start it again."
            if facts.started
            else f"`DAGSTER_HOME={facts.home}/dagster {facts.programs}/python -m "
            "bg_orchestration.ops.instigators`, then start the Dagster daemon again"
        )
        yield problem(
            "clock_step",
            f"The clock was set back by about {span(step)}: Dagster skips the sensor, whose last "
            "tick lies in the future, so no event becomes a run.",
            again,
        )
    elif step > CLOCK_SECONDS:
        yield advice(
            "clock_step",
            f"The clock was set back by about {span(step)}: the newest records lie in the future. "
            "Their starts, leases and due times count as now.",
            "Nothing has to be done. See that the clock is right now: `timedatectl`, or `date`",
        )


def _machine(facts: Facts) -> Iterator[Finding]:
    for what, command in facts.unmet_needs:
        yield problem("unmet_need", f"{what}.", f"`{command}`, then start again")
    free = facts.disk_free_bytes
    if free is not None and free < _DISK_BYTES:
        yield problem(
            "disk",
            f"Only {free / 1e6:.0f} MB are free on the disk of {facts.home}.",
            f"Free space: `du -sh {facts.home}/*` shows what takes it; shorter BG_KEEP_RUNS and "
            "BG_KEEP_EVENTS keep less, from the next 04:30 UTC on.",
        )
    if facts.broker_fault:
        yield problem(
            "broker",
            f"Runs cannot be handed to the workers: {facts.broker_fault}",
            "Start the broker, or correct BG_CELERY_BROKER. Nothing accepted is lost: all parts go "
            "on by themselves when it is back."
            if facts.broker_server
            else f"Let the user that runs `bg up` write there: "
            f"`chown -R $(whoami) {facts.home}/dagster/queue`",
        )


def _database(facts: Facts) -> Iterator[Finding]:
    if facts.database_fault:
        fix = (
            f"See whether the file can be read and written: `ls -l {facts.home}`"
            if facts.database_kind == "sqlite"
            else "Start PostgreSQL, or mend BG_DATABASE_URL: `bg settings` shows it. Nothing "
            "accepted is lost; all parts go on by themselves when it is back."
        )
        yield problem("database", facts.database_fault, fix)
    elif facts.schema_fault and facts.demo and facts.nothing_runs:
        yield advice(
            "only_demo",
            f"Only the demo ran here, in {facts.demo}.",
            f"See it again with `BG_HOME={facts.demo} bg up`; your own system: {_start(facts)}",
        )
    elif facts.schema_fault:
        yield problem("schema", facts.schema_fault, "`bg db upgrade`, then `bg up`")
    if facts.database and facts.database.suppression_fault:
        yield problem(
            "suppression_key",
            facts.database.suppression_fault,
            "Set BG_SUPPRESSION_KEY to the first key, or put the first suppression.key back into "
            f"{facts.home}. Until then the sensor takes no event.",
        )


def _running(facts: Facts) -> Iterator[Finding]:
    if facts.nothing_runs and not (facts.demo and facts.schema_fault):
        if facts.killed or facts.work_waits:
            yield problem("nothing_runs", f"Nothing runs in {facts.home}.", _start(facts))
        else:
            yield advice(
                "nothing_runs", f"Nothing runs in {facts.home}, and nothing waits.", _start(facts)
            )
    elif facts.database is not None and facts.database.last_completed is None:
        yield advice(
            "nothing_published",
            "No buyer group was published yet.",
            "`bg refresh COMPANY`, or send an event; `bg companies` lists the companies",
        )
    for name, state in facts.parts.items():
        if state == "ended":
            yield problem(
                f"{name}_down",
                f"The part {name} is not running.",
                "`bg up` starts it again within 30 s. If it ends again and again, read "
                f"{facts.home}/logs/{name}.log, or stop `bg up` and start it again.",
            )
        elif state == "stopped":
            yield problem(
                f"{name}_stopped",
                f"The part {name} was stopped by a signal and does not run.",
                "Stop `bg up` and start it again.",
            )
    for name, ends in facts.ends.items():
        recent = [ago for ago in ends if ago < _RECENTLY]
        if recent and facts.parts.get(name) == "running":
            say = problem if len(recent) >= _TOO_OFTEN else advice
            times = "once" if len(recent) == 1 else f"{len(recent)} times"
            yield say(
                f"{name}_restarted",
                f"The part {name} ended {times} in the last {span(_RECENTLY)}, the last time "
                f"{span(recent[-1])} ago, and was started again.",
                f"Nothing is lost. Why it ended: {facts.home}/logs/"
                f"{name}.log, or the kernel's log where memory ran out, `dmesg`",
            )


def _receiver(facts: Facts) -> Iterator[Finding]:
    down = facts.parts.get("receiver", "running") != "running"
    if facts.receiver_fault and facts.dagster_dev and not facts.started:
        yield advice(
            "no_receiver",
            "`dagster dev` runs without a receiver: no event can arrive.",
            f"For events start {_start(facts)} instead, or `bg receiver` beside it.",
        )
    elif facts.receiver_fault and not down and not facts.nothing_runs:
        if facts.secrets_fault:
            yield problem("no_secret", facts.secrets_fault, _secret())
        yield problem(
            "receiver",
            f"The receiver does not answer at {facts.receiver}: {facts.receiver_fault}",
            "`bg up`, or `bg receiver` where it runs alone. If it listens elsewhere, set "
            "BG_RECEIVER_HOST and BG_RECEIVER_PORT here as well.",
        )
    if facts.not_ready and not facts.database_fault and not facts.schema_fault:
        yield problem(
            "receiver_not_ready",
            f"The receiver cannot store events: {facts.not_ready}",
            "Its log has the reason: a full disk, a server that became read-only after a failover, "
            "or another BG_DATABASE_URL than `bg settings` shows here.",
        )
    signatures = facts.signatures
    if signatures and signatures.mismatched >= _MISMATCHES:
        share = signatures.mismatched / (signatures.mismatched + signatures.verified)
        if share >= _MISMATCH_SHARE:
            yield problem(
                "wrong_secret",
                f"{signatures.mismatched} signatures did not match and {signatures.verified} did "
                "since the receiver started: most likely a sender signs with another secret.",
                "Compare the sender's secret with BG_WEBHOOK_SECRETS, which the receiver reads "
                "when it starts; while a secret changes, set both: source=old,source=new. Try it "
                "with `bg send-event`.",
            )


def _dagster(facts: Facts) -> Iterator[Finding]:
    if facts.nothing_runs:
        return
    if facts.dagster_fault:
        yield problem(
            "dagster_storage",
            f"Dagster's storage cannot be read: {facts.dagster_fault}",
            "See that DAGSTER_HOME here is the one of the daemon, and that its database runs.",
        )
    if facts.daemons:
        if facts.parts.get("daemon", "running") == "running":
            yield from _heartbeats(facts, facts.daemons)
        yield from _instigators(facts, facts.daemons)
    if facts.code_location_fault and facts.parts.get("code-server", "running") == "running":
        yield problem(
            "code_location",
            f"Dagster has not loaded our definitions: {facts.code_location_fault}",
            f"Read {facts.home}/logs/code-server.log; `{facts.programs}/dagster definitions "
            "validate -m bg_orchestration.definitions` shows the same error.",
        )


def _heartbeats(facts: Facts, daemons: Daemons) -> Iterator[Finding]:
    ages = {name: daemons.heartbeats.get(name) for name in _REQUIRED}
    late_daemons = [name for name, age in ages.items() if age is None or age > HEARTBEAT_SECONDS]
    if late_daemons:
        worst = max((age for age in ages.values() if age is not None), default=None)
        since = "has never run" if worst is None else f"sent its last heartbeat {span(worst)} ago"
        yield problem(
            "daemon",
            f"The Dagster daemon {since} ({', '.join(late_daemons)}): no event becomes a run.",
            f"Read {facts.home}/logs/daemon.log, stop `bg up` and start it again."
            if facts.started
            else _start(facts),
        )


def _instigators(facts: Facts, daemons: Daemons) -> Iterator[Finding]:
    for name in daemons.stopped:
        sensor = name == daemons.sensor
        say = problem if sensor else advice
        yield say(
            f"{name}_switched_off",
            f"{name} was switched off in Dagit"
            + (": events are stored and wait." if sensor else "."),
            f"Switch it on under Automation in Dagit, {facts.dagit}, or `DAGSTER_HOME={facts.home}"
            f"/dagster {facts.programs}/dagster {'sensor' if sensor else 'schedule'} start {name} "
            f"-w {facts.home}/workspace.yaml`",
        )
    # A missing database and a wrong key are separate findings.
    cause = facts.database_fault or (facts.database and facts.database.suppression_fault)
    if daemons.sensor_error and not cause:
        yield problem(
            "sensor_failing",
            f"The last tick of {daemons.sensor} failed: {daemons.sensor_error}",
            f"Its tick in Dagit, {facts.dagit}, has the whole error.",
        )


def _start(facts: Facts) -> str:
    if facts.secrets_fault is None:
        return "`bg up`"
    return f"{facts.secrets_fault} {_secret()}, then `bg up`"


def _secret() -> str:
    return (
        '`export BG_WEBHOOK_SECRETS="*=$(python3 -c '
        "'import secrets; print(secrets.token_hex(32))')\"`"
    )
