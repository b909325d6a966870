"""`bg demo` as a newcomer runs it, and what `bg up` says when it cannot start."""

import socket
import subprocess
import sys
from pathlib import Path

import psutil

from bg_orchestration_tests.end_to_end.system import BG, bg, environment


def test_the_demo_shows_what_became_of_each_event_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    before = {process.pid for process in psutil.process_iter()}
    done = subprocess.run(
        [*BG, "demo"],
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (
        "202 accepted",
        "200 duplicate",
        "401 The signature could not be verified.",
        "type person.profile_viewed is not significant",
        "not stored",
        "joined as ",
        "moved to Waterlinde Logistiek B.V. (waterlinde-logistiek), was ",
        "still works there",
        "BG_HOME=",
    ):
        assert words in done.stdout, done.stdout
    # Two screens.
    assert sum(-(-len(line) // 80) or 1 for line in done.stdout.splitlines()) <= 48
    assert "BG_WEBHOOK_SECRETS=" in done.stdout.splitlines()[-3]
    home = str(tmp_path)
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.pid not in before and home in " ".join(process.info["cmdline"] or [])
    ]
    assert left == []


def test_the_demo_deletes_no_folder_that_it_did_not_make(tmp_path: Path) -> None:
    kept = tmp_path / "home" / "demo" / "precious.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("mine")
    output = bg(environment(tmp_path / "home"), "demo", code=1)
    assert "was not made by the demo" in output
    assert kept.read_text() == "mine"


def test_up_names_the_profile_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\ncategory: crm\ndeal_size_usd: much\n")
    output = bg(environment(tmp_path / "home", BG_PROFILES=str(tmp_path)), "up", code=1)
    assert "bad.yaml" in output
    assert "deal_size_usd" in output


def test_up_names_the_port_that_is_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for variable in ("BG_RECEIVER_PORT", "BG_EXPORTER_PORT", "BG_DAGIT_PORT"):
            output = bg(environment(tmp_path / "home", **{variable: port}), "up", code=1)
            assert f"Port {port} is in use" in output
            assert variable in output


def test_up_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    env = environment(tmp_path / "home")
    del env["BG_WEBHOOK_SECRETS"]
    output = bg(env, "up", code=2)
    assert "BG_WEBHOOK_SECRETS" in output
    assert "WEBHOOK_SECRET" in output


def test_a_wrong_setting_is_wrong_use_in_a_process_too(tmp_path: Path) -> None:
    output = bg(environment(tmp_path / "home", BG_STALE_AFTER="old"), "stats", code=2)
    assert output.startswith("Error: BG_STALE_AFTER:")
    assert "Traceback" not in output


def test_the_receiver_and_the_command_s_help_do_not_import_dagster() -> None:
    code = (
        "import sys, bg_orchestration.cli, bg_orchestration.cli.system,"
        "bg_orchestration.webhooks.server; print('dagster' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
