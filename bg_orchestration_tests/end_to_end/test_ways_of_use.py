"""The four ways in which people use the system, each for real, on one running system."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bg_orchestration import names
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import BG, Up, bg, environment, running, until
from bg_orchestration_tests.stubs.server import serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A system on the sample companies, in a folder whose name is not plain ASCII.

    Only the starts per minute are raised.
    """
    home = tmp_path_factory.mktemp("system") / "a höme"
    with running(environment(home, BG_REFRESHES_PER_MINUTE="1000")) as up:
        dagit.stop_schedule(up.graphql)
        yield up


def _send(up: Up, company: str, *more: str) -> None:
    up.bg("send-event", "--company", company, "--person", f"{company}-new", *more)


def _events(up: Up, company: str) -> list[str]:
    return [event["state"] for event in up.json("inbox", "--company", company)]


def test_the_sensor_refreshes_on_an_event_and_defers_what_comes_in_the_cool_down(up: Up) -> None:
    company = "tesselloft-cloudworks"
    title = "Sales Operations Manager"
    _send(up, company, "--new-title", title, "--person-name", "Noor Example")
    until("event handled", lambda: _events(up, company) == ["handled"])
    group = up.json("show", company)
    assert group["company_id"] == company
    members = {member["person_id"]: member for member in group["members"]}
    assert members[f"{company}-new"]["role"] == "champion"
    assert members[f"{company}-new"]["reasons"]

    runs = dagit.statuses(up.graphql, names.TAG_COMPANY, company)
    assert runs == ["SUCCESS"]
    _send(up, company, "--new-title", "Intern")
    deferred = until(
        "the second event waits for the end of the cool-down",
        lambda: [one for one in up.json("inbox", "--company", company) if one["due_at"]],
    )
    assert deferred[0]["state"] == "pending"
    assert dagit.statuses(up.graphql, names.TAG_COMPANY, company) == ["SUCCESS"]

    # A person's own run takes the deferred refresh over, with its event.
    up.bg("refresh", company)
    assert _events(up, company) == ["handled", "handled"]
    dropped = [one for one in up.json("changes", company) if one["kind"] == "dropped"]
    assert f"{company}-new" in {one["person_id"] for one in dropped}


def test_materialize_of_one_partition_in_dagit(up: Up) -> None:
    run_id = dagit.materialize(up.graphql, "kiekeboe-data")
    until("run ends", lambda: dagit.status(up.graphql, run_id) == "SUCCESS")
    assert up.json("show", "kiekeboe-data")["members"]
    keys, made = dagit.partitions(up.graphql, names.PUBLISHED_BUYER_GROUP)
    assert len(keys) >= 15
    assert "kiekeboe-data" in made


def test_a_second_system_on_the_same_folder_is_refused(up: Up) -> None:
    ports = {"BG_RECEIVER_PORT": "0", "BG_DAGIT_PORT": "0", "BG_EXPORTER_PORT": "0"}
    assert "already, as process" in bg(up.env | ports, "up", code=1)


def test_publishing_alone_handles_no_event(up: Up) -> None:
    company = "vetralba-farmaceutici"
    up.bg("refresh", company)
    _send(up, company, "--new-title", "VP Sales")
    until("the first event is handled", lambda: _events(up, company) == ["handled"])
    _send(up, company, "--new-title", "Intern")
    until(
        "the second event is deferred",
        lambda: [one for one in up.json("inbox", "--company", company) if one["due_at"]],
    )
    run_id = dagit.materialize(up.graphql, company, [{"path": [names.PUBLISHED_BUYER_GROUP]}])
    until("run ends", lambda: dagit.status(up.graphql, run_id) == "SUCCESS")
    assert _events(up, company) == ["pending", "handled"]


def test_materialize_of_some_assets_publishes_nothing(up: Up) -> None:
    company = "molino-santelvo"
    some = [{"path": [names.COMPANY]}, {"path": [names.PEOPLE]}]
    run_id = dagit.materialize(up.graphql, company, some)
    until("run ends", lambda: dagit.status(up.graphql, run_id) == "SUCCESS")
    assert "no published group" in up.bg("show", company, code=1)


def test_backfill_of_several_partitions(up: Up) -> None:
    companies = ["gruenspecht-solar", "calderazul-energia", "harrowlane-bindery"]
    backfill_id = dagit.backfill(up.graphql, companies)
    named = ["brannock-vale-bank", "orsalune-studio"]
    by_command = up.json("backfill", *named)["backfill_id"]
    until(
        "all runs of the backfill by command succeed",
        lambda: dagit.statuses(up.graphql, "dagster/backfill", by_command) == ["SUCCESS"] * 2,
    )
    until(
        "all runs of the backfill succeed",
        lambda: dagit.statuses(up.graphql, "dagster/backfill", backfill_id) == ["SUCCESS"] * 3,
    )
    for company in [*companies, *named]:
        assert up.json("show", company)["company_id"] == company


def test_a_company_that_fails_in_a_backfill_fails_alone_and_dagit_names_it(up: Up) -> None:
    keys, _ = dagit.partitions(up.graphql, names.PUBLISHED_BUYER_GROUP)
    sound, ghost = sorted(keys)[:11], "ghost-holdings"
    dagit.add_partition(up.graphql, ghost)
    backfill_id = dagit.backfill_job(up.graphql, [*sound[:5], ghost, *sound[5:]])
    status = until(
        "the backfill ends",
        lambda: (found := dagit.backfill_status(up.graphql, backfill_id)) != "REQUESTED" and found,
    )
    assert status == "COMPLETED_FAILED"
    statuses = dagit.statuses_by_partition(up.graphql, backfill_id)
    assert statuses == dict.fromkeys(sound, "SUCCESS") | {ghost: "FAILURE"}
    for company in sound:
        assert up.json("show", company)["company_id"] == company


def test_an_event_merges_two_companies(up: Up) -> None:
    old, new = "ouroserra-energia", "waterlinde-logistiek"
    # Both have a group, so `show` answers before the merge too.
    up.bg("refresh", old, new)
    up.bg("send-event", "--company", new, "--merged-company", old)
    until("the old key means the other company", lambda: up.json("show", old)["company_id"] == new)


def _execute(up: Up, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable, "-m", "dagster", "job", "execute",
            "-m", "bg_orchestration.definitions", "-j", names.JOB, *arguments,
        ],
        env=up.env, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_dagster_job_execute(up: Up) -> None:
    company = "kestrelthorn-advisory"
    done = _execute(up, "--tags", f'{{"dagster/partition": "{company}"}}')
    assert done.returncode == 0, done.stderr
    assert up.json("show", company)["members"]


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ('{"dagster/partition": "nobody-knows-it"}', "No company nobody-knows-it is known"),
        ('{"dagster/partition": "a..b"}', "no company id"),
        ("{}", "exactly one company"),
        (
            (
                '{"dagster/asset_partition_range_start": "kiekeboe-data",'
                ' "dagster/asset_partition_range_end": "molino-santelvo"}'
            ),
            "exactly one company",
        ),
    ],
)
def test_a_wrong_partition_stops_with_one_sentence_and_writes_nothing(
    up: Up, tags: str, sentence: str
) -> None:
    before = _manual_refreshes(up)
    done = _execute(up, "--tags", tags)
    assert done.returncode == 1
    assert sentence in done.stderr + done.stdout
    assert _manual_refreshes(up) == before


def _manual_refreshes(up: Up) -> int:
    """The number of refreshes that a person began; the schedule may add others at any time."""
    engine = engine_for(f"sqlite:///{Path(up.env['BG_HOME']) / 'bg.sqlite3'}")
    query = select(func.count()).where(buyer_group_refresh_logs.c.reason == "manual")
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def test_a_run_cancelled_in_dagit_ends_at_any_moment_and_is_not_started_again(up: Up) -> None:
    rng = random.Random(7)
    company = "lumivere-assurances"
    cancelled = []
    for _ in range(6):
        run_id = dagit.materialize(up.graphql, company)
        time.sleep(rng.uniform(0, 0.6))
        if dagit.terminate(up.graphql, run_id) == "TerminateRunSuccess":
            cancelled.append(run_id)
    ends = {"CANCELED", "SUCCESS"}
    until("runs end", lambda: {dagit.status(up.graphql, run_id) for run_id in cancelled} <= ends)
    # A refresh that a person cancelled is given up; a run that had published already is a success.
    states = up.bg("refresh", "--why", company)
    assert "failed" not in states
    assert "No event is pending." in states


def test_a_run_of_a_terminal_is_cancelled_and_executed_again_in_dagit(up: Up) -> None:
    company = "fjordlicht-software"
    with serving(Site(World(1, 1), latency=300.0)) as stubs:
        # It waits for an answer that does not come, with the lease of the company.
        slow = {
            "BG_PROVIDER": "coresignal",
            "BG_CORESIGNAL_KEY": stubs.key,
            "BG_CORESIGNAL_URL": stubs.base_url("coresignal"),
        }
        terminal = subprocess.Popen(
            [*BG, "refresh", company], env=up.env | slow, stdout=subprocess.PIPE, text=True
        )
        try:
            run_id = until("the run holds the lease", lambda: _running(up, company))
            assert dagit.terminate(up.graphql, run_id) == "TerminateRunSuccess"
            output, _ = terminal.communicate()
        finally:
            terminal.kill()
            terminal.wait()
    assert "cancelled" in output
    assert dagit.status(up.graphql, run_id) == "CANCELED"
    [line] = [each for each in up.bg("refresh", "--why", company).splitlines() if run_id in each]
    assert "dead, reason manual" in line
    again = dagit.execute_again(up.graphql, run_id)
    until("run ends", lambda: dagit.status(up.graphql, again) == "SUCCESS")


def _running(up: Up, company_id: str) -> str | None:
    engine = engine_for(f"sqlite:///{Path(up.env['BG_HOME']) / 'bg.sqlite3'}")
    refreshes = buyer_group_refresh_logs.c
    with reading(engine) as connection:
        found = connection.execute(
            select(refreshes.run_id).where(
                refreshes.company_id == company_id, refreshes.state == "running"
            )
        )
        return found.scalar()


def test_the_daemons_are_healthy(up: Up) -> None:
    answer = up.graphql("{instance{daemonHealth{allDaemonStatuses{daemonType healthy required}}}}")
    daemons = answer["instance"]["daemonHealth"]["allDaemonStatuses"]
    assert all(daemon["healthy"] for daemon in daemons if daemon["required"])


def test_what_dies_is_started_again(up: Up, tmp_path: Path) -> None:
    import psutil

    receivers = [
        child
        for child in psutil.Process(up.process.pid).children()
        if "receiver" in child.cmdline()
    ]
    assert len(receivers) == 1
    receivers[0].kill()
    company = "brightmoss-outfitters"
    _send(up, company, "--new-title", "Head of Sales")
    until("event handled", lambda: _events(up, company) == ["handled"])


def test_status_doctor_and_metrics_tell_of_the_running_system(up: Up) -> None:
    company = "fjordlicht-software"
    file = Path(up.env["BG_HOME"]) / "up.json"
    told = json.loads(file.read_text())
    assert "code location   loaded" in up.bg("status")
    _send(up, company, "--new-title", "VP Sales")
    until("event handled", lambda: _events(up, company) == ["handled"])
    metrics = httpx.get(told["exporter"], timeout=10).text
    assert 'bg_scrape_collector_success{collector="dagster"} 1.0' in metrics
    completed = r'bg_refresh_attempts_total\{outcome="completed",reason="event"\} [1-9]'
    assert re.search(completed, metrics)

    killed = told["parts"]["workers"]
    os.kill(killed, signal.SIGKILL)
    until(
        "the workers are started again",
        lambda: json.loads(file.read_text())["parts"]["workers"] not in (0, killed),
    )
    assert "workers_restarted" in {one["check"] for one in up.json("doctor")}

    wrong = up.env | {"BG_WEBHOOK_SECRETS": "*=some-other-secret-than-theirs"}
    for _ in range(3):
        bg(wrong, "send-event", "--company", company, "--person", "p-1", code=1)
    assert "BG_WEBHOOK_SECRETS, which the receiver reads" in up.bg("doctor", code=1)
    assert "did not match" in up.bg("status", code=1)
