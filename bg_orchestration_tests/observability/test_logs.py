"""How lines look where, which are written, and which ids they carry."""

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest

from bg_orchestration.settings import Settings, SettingsError, read_settings

SAY = """
import logging, structlog
from structlog.contextvars import bound_contextvars
from bg_orchestration.observability.logs import configure_hosted_logs, configure_logs
from bg_orchestration.settings import settings
{configure}(settings().log_level, settings().log_levels)
for room in ("webhooks", "store"):
    log = structlog.stdlib.get_logger(f"bg_orchestration.{room}.part")
    with bound_contextvars(trace_id="t1", step="people"):
        log.debug("quiet"), log.info("said", seconds=0.5), log.warning("loud")
logging.getLogger("thirdparty").warning("theirs %s", 1)
"""


def said(configure: str = "configure_logs", **environment: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", SAY.replace("{configure}", configure)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]


def test_each_line_is_an_object_with_the_ids_that_are_bound() -> None:
    line = said()[0]
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "said",
        "level": "info",
        "logger": "bg_orchestration.webhooks.part",
        "seconds": 0.5,
        "trace_id": "t1",
        "step": "people",
    }


def test_rooms_have_levels_of_their_own() -> None:
    found = said(BG_LOG_LEVEL="info", BG_LOG_LEVELS="webhooks=debug, store=WARNING")
    assert [(line["logger"].split(".")[-2:][0], line["event"]) for line in found] == [
        ("webhooks", "quiet"),
        ("webhooks", "said"),
        ("webhooks", "loud"),
        ("store", "loud"),
        ("thirdparty", "theirs 1"),
    ]


def test_a_hosts_own_lines_are_left_alone() -> None:
    assert {line["logger"].partition(".")[0] for line in said("configure_hosted_logs")} == {
        "bg_orchestration"
    }


def test_lines_are_written_in_a_host_that_has_structlog_for_itself() -> None:
    """As Dagster's code server does."""
    code = "from dagster._utils.log import configure_loggers\nconfigure_loggers()\n" + SAY.replace(
        "{configure}", "configure_hosted_logs"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines] == ["said", "loud", "said", "loud"]
    assert lines[0]["trace_id"] == "t1"


def test_dagsters_own_lines_keep_the_place_of_an_error() -> None:
    """In the daemon that we start; its JSON has the traceback's address instead."""
    code = """
import logging
from dagster._utils import log
from bg_orchestration.observability.logs import lines
log.get_structlog_json_formatter = lambda: lines(terminal=False)
log.configure_loggers(formatter="json")
def failing():
    raise KeyError(" ".join(["Ann", "Lee"]))
try:
    failing()
except KeyError:
    logging.getLogger("dagster").exception("caught an error, email=%s", "ann@x.example")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    [line] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (line["event"], line["level"]) == ("caught an error, email=[redacted]", "error")
    assert "in failing" in line["exception"]
    assert line["exception"].endswith("builtins.KeyError")


def test_a_terminal_gets_colours_and_no_json() -> None:
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SAY.replace("{configure}", "configure_logs")], stderr=writer
    )
    os.close(writer)
    output = b""
    while True:
        try:
            chunk = os.read(reader, 65_536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(reader)
    assert process.wait(20) == 0
    assert b"\x1b[" in output
    assert b"said" in output
    assert b"trace_id" in output
    assert b'{"' not in output


@pytest.mark.parametrize("value", ["webhooks", "kitchen=debug", "store=loud", "store=debug=x"])
def test_a_wrong_level_is_told_with_what_may_be_written(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_LOG_LEVELS", value)
    with pytest.raises(SettingsError, match="BG_LOG_LEVELS"):
        read_settings()


def test_levels_are_shown_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_LOG_LEVELS", "store=warning,webhooks=debug")
    assert Settings().model_dump(mode="json")["log_levels"] == "store=warning,webhooks=debug"
