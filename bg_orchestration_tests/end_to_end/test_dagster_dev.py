"""Plain `dagster dev` in a checkout, by somebody who never heard of `bg`."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bg_orchestration import names
from bg_orchestration.ops.processes import free_port
from bg_orchestration_tests.end_to_end import dagit
from bg_orchestration_tests.end_to_end.system import (
    BG,
    bg_json,
    environment,
    graphql,
    started,
    until,
)

ROOT = Path(__file__).parents[2]


def test_dagster_dev_alone_shows_companies_and_materializes_one(tmp_path: Path) -> None:
    for name in ("workspace.yaml", "dagster.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    env = environment(tmp_path / ".bg")
    # The default folder is `.bg` where the command is run.
    dev = {name: value for name, value in env.items() if not name.startswith("BG_")}
    port = free_port()
    ask = partial(graphql, f"http://127.0.0.1:{port}")
    dagster_dev = [sys.executable, "-m", "dagster", "dev", "--port", str(port)]
    with (
        (tmp_path / "dev.log").open("w") as log,
        started(dagster_dev, dev, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT),
    ):
        until(
            "the companies are partitions",
            lambda: len(dagit.partitions(ask, names.COMPANY)[0]) >= 15,
        )
        run_id = dagit.materialize(ask, "harrowlane-bindery")
        until("run ends", lambda: dagit.status(ask, run_id) == "SUCCESS")
        assert bg_json(env, "show", "harrowlane-bindery")["company_size"] == 1
        # A run of a terminal, which waits for the limit of one start a minute, is cancelled too.
        slow = env | {"BG_REFRESHES_PER_MINUTE": "1"}
        with subprocess.Popen([*BG, "refresh", "kiekeboe-data"], env=slow) as terminal:
            run_id = until("the run waits", lambda: _started_run(ask))
            assert dagit.terminate(ask, run_id) == "TerminateRunSuccess"
            assert terminal.wait() == 1
        assert dagit.status(ask, run_id) == "CANCELED"
    # The storage that the repository's dagster.yaml names is the one that `bg up` goes on with.
    assert (tmp_path / ".bg" / "dagster" / "storage" / "history" / "runs.db").is_file()


def _started_run(ask: Callable[..., Any]) -> str | None:
    query = "{ runsOrError(filter: {statuses: [STARTED]}) { ... on Runs { results { runId } } } }"
    runs = ask(query)["runsOrError"]["results"]
    return runs[0]["runId"] if runs else None
