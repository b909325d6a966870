"""`bg status` and `bg doctor` against what is really there, and really is not."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from bg_orchestration import names
from bg_orchestration.cli import bg
from bg_orchestration.intake import subscriptions
from bg_orchestration.ops import addresses, inspection
from bg_orchestration.ops.addresses import RunningSystem
from bg_orchestration.privacy.suppression import Identifier, Suppressions
from bg_orchestration.refreshes.failed_attempts import defer
from bg_orchestration.settings import settings
from bg_orchestration.store import outbox
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import notification_outbox, provider_subscriptions
from bg_orchestration_tests.ledger.paid import fail
from bg_orchestration_tests.refreshes.lives import taken
from bg_orchestration_tests.store.rows import HOUR, follow, push


def run(*arguments: str, code: int) -> Result:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(bg, arguments)
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def checks() -> dict[str, str]:
    """Severity by check, as `bg doctor --json` tells them."""
    result = CliRunner().invoke(bg, ["doctor", "--json"])
    return {one["check"]: one["severity"] for one in json.loads(result.output)}


def set_variables(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    set_variables(monkeypatch, BG_RECEIVER_PORT="1", BG_DAGIT_PORT="1")
    # Another `dagster dev` of this machine, such as that of another test, is not ours.
    monkeypatch.setattr(inspection, "_runs_dagster_dev", lambda: False)


def test_where_nothing_ever_ran_both_say_so_and_create_nothing(tmp_path: Path) -> None:
    output = run("status", code=1).output
    assert "There is no database" in output
    assert "bg doctor" in output
    output = run("doctor", code=1).output
    assert "`bg db upgrade`" in output
    assert "export BG_WEBHOOK_SECRETS=" in output
    assert not (tmp_path / "home").exists()


def test_a_database_that_cannot_be_reached_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_variables(monkeypatch, BG_DATABASE_URL="postgresql://me:hidden@127.0.0.1:1/bg")
    output = run("doctor", code=1).output
    assert "The database cannot be reached" in output
    assert "Start PostgreSQL" in output
    assert "hidden" not in output
    set_variables(monkeypatch, BG_DATABASE_URL="oracle://x")
    assert "neither sqlite nor postgresql" in run("doctor", code=1).output


def test_a_part_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    monkeypatch.setattr(inspection, "_SECONDS", 2.0)
    over = threading.Event()
    monkeypatch.setattr(inspection, "_dagster", lambda _home: over.wait(120))
    began = time.monotonic()
    facts = inspection.inspect(settings())
    over.set()
    assert time.monotonic() - began < 60
    assert facts.dagster_fault == "it does not answer in time"
    assert facts.database is not None


def test_an_old_schema_a_wrong_key_and_dead_letters_are_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(engine, "acme")
    push(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE webhook_events SET state = 'dead'"))
        Suppressions(b"the first key").suppress(connection, [Identifier("person", "p1")])
    set_variables(monkeypatch, BG_SUPPRESSION_KEY="another key", BG_COOLDOWN="1h")
    found = checks()
    assert found["dead_events"] == found["suppression_key"] == "problem"
    assert found["nothing_runs"] == "advice"
    assert found["unknown_variable"] == "advice"
    assert "schema" not in found
    set_variables(monkeypatch, BG_SUPPRESSION_KEY="the first key")
    assert "suppression_key" not in checks()
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert checks()["schema"] == "problem"


def test_a_broker_that_cannot_be_written_to_is_found(tmp_path: Path) -> None:
    home = tmp_path / "home" / "dagster"
    home.mkdir(parents=True)
    queue = home / "queue"
    for folder in ("messages", "control"):
        (queue / folder).mkdir(parents=True)
    options = {"data_folder_in": str(queue / "messages"), "control_folder": str(queue / "control"),
               "data_folder_out": str(queue / "messages")}  # fmt: skip
    config = {"config_source": {"broker_transport_options": options}}
    (home / "dagster.yaml").write_text(json.dumps({"run_launcher": {"config": config}}))
    assert "broker" not in checks()
    assert list((queue / "messages").iterdir()) == []
    (queue / "messages").rmdir()
    (queue / "messages").touch()
    assert checks()["broker"] == "problem"


def _running(tmp_path: Path, **changes: Any) -> RunningSystem:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    told = {
        "pid": os.getpid(),
        "born": addresses.born(os.getpid()),
        "receiver": "http://127.0.0.1:1",
        "metrics": "http://127.0.0.1:1/metrics",
        "dagit": "http://127.0.0.1:1",
        "exporter": "http://127.0.0.1:1/metrics",
        "parts": {"workers": 0, "receiver": os.getpid()},
        "ends": {"workers": [time.time() - 30]},
    }
    running = RunningSystem(**(told | changes))
    addresses.tell(home, running)
    return running


def test_a_running_system_is_found_by_its_folder_and_a_killed_one_is_not(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert addresses.find(home) is None
    running = _running(tmp_path)
    assert addresses.find(home) == running
    assert addresses.part_states(running) == {"workers": "ended", "receiver": "running"}
    assert addresses.ended_ago(running)["workers"][0] == pytest.approx(30, abs=5)
    # The same number, given to another process later.
    _running(tmp_path, born=addresses.born(1) - 1_000)
    assert addresses.find(home) is None
    (home / "up.json").write_text("{")
    assert addresses.find(home) is None
    addresses.untell(home)
    addresses.untell(home)


def test_a_dead_part_of_a_running_system_is_found(tmp_path: Path) -> None:
    _running(tmp_path)
    found = checks()
    assert found["workers_down"] == "problem"
    assert "nothing_runs" not in found


def test_status_for_programs_holds_facts_findings_and_versions(engine: Engine) -> None:
    told = json.loads(run("status", "--json", code=0).output)
    assert told["database"]["stages"]["received"] == {"events": 0, "oldest_seconds": 0.0}
    assert told["versions"].keys() == {"bg_orchestration", "dagster", "python"}
    assert [one["check"] for one in told["findings"]] == ["nothing_runs"]


def test_a_clean_stop_is_no_fault_and_a_kill_is(tmp_path: Path, engine: Engine) -> None:
    follow(engine, "acme")
    assert "Nothing needs a person" in run("status", code=0).output
    (tmp_path / "home").mkdir(exist_ok=True)
    left = RunningSystem(2**22, 0.0, "http://a", "http://a", "http://a", "http://a", {}, {})
    addresses.tell(tmp_path / "home", left)
    assert "Nothing runs in" in run("status", code=1).output
    addresses.untell(tmp_path / "home")
    push(engine)
    assert "Nothing runs in" in run("status", code=1).output


def test_after_a_demo_nothing_is_wrong(tmp_path: Path) -> None:
    demo = tmp_path / "home" / "demo"
    demo.mkdir(parents=True)
    (demo / names.DEMO_MARKER).touch()
    assert "Nothing needs a person" in run("status", code=0).output
    assert "Only the demo ran here" in run("doctor", code=0).output


def test_providers_money_pushes_and_messages_are_asked_about(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_variables(
        monkeypatch,
        BG_PROVIDER="pdl",
        BG_CONTACT_PROVIDERS="pdl,apollo",
        BG_PDL_KEY="a-key",
        BG_NOTIFY_SLACK_URLS="sales=https://hooks.example.com/x",
    )
    follow(engine, "acme")
    refresh = taken(engine, "acme", "run-1")
    fail(engine, "pdl", "no_credit", "HTTP 402")
    with writing(engine) as connection:
        now = clock(connection)
        defer(connection, refresh.refresh_id, refresh.attempt, "It is spent.", now + HOUR)
        outbox.note(connection, "group.changed", "acme", "r1", now)
        connection.execute(notification_outbox.update().values(state="dead"))
        subscription_id, _token = subscriptions.open_address(connection, "coresignal", "acme")
        subscriptions.confirm(connection, subscription_id, "cs-1")
    found = checks()
    assert found["provider_key_missing"] == found["provider_stopped"] == "problem"
    assert found["dead_notifications"] == "problem"
    assert found["budget_spent"] == "advice"
    # It was ordered just now.
    assert "subscription_ending" not in found
    with writing(engine) as connection:
        soon = clock(connection) + 24 * HOUR
        connection.execute(provider_subscriptions.update().values(expires_at=soon))
    assert checks()["subscription_ending"] == "problem"
    output = run("status", code=1).output
    assert "pdl stopped" in output
    assert "$0.00 of $10.00" in output
    assert "0 pending, 1 dead" in output
    output = run("doctor", code=1).output
    assert "apollo is to be asked, and no key for it is set here." in output
    assert "pdl answers nobody until a person acts: no_credit: HTTP 402." in output
    assert "bg refresh acme --over-budget" in output
    assert "a-key" not in output

    # Where none of them is asked, what they did is of no interest.
    set_variables(monkeypatch, BG_PROVIDER="files", BG_CONTACT_PROVIDERS="")
    assert not {"provider_key_missing", "provider_stopped"} & checks().keys()
