"""Erasing need not reach into Dagster's history: nothing in it names anybody."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.model import ContactPoint, Person
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import (
    contact_points,
    employments,
    people,
)
from bg_orchestration_tests.assets.conftest import Run, handed_over, why
from bg_orchestration_tests.store.rows import follow, push, rows
from bg_orchestration_tests.stubs.server import Stubs

# Fictional, and found nowhere by chance.
ZORANA = Person(
    person_id="p-zo", name="Zorana Exampleova", title="VP Sales of Quuxland", department="Sales"
)
YORICK = Person(person_id="p-yo", name="Yorick Exampleson", title="Grand Vizier of Procurement")
PERSONAL = ("zorana", "exampleova", "quuxland", "yorick", "exampleson", "grand vizier", "+4930")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance whose whole storage lies below `tmp_path`."""
    folder = tmp_path / "dagster"
    folder.mkdir()
    with dg.DagsterInstance.local_temp(str(folder)) as made:
        yield made


def history(folder: Path) -> str:
    """Every file and every row below a folder, as one text in lower case."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        found.append(content.decode(errors="replace"))
        if content.startswith(b"SQLite format 3"):
            found += _cells(path)
    return "\n".join(found).casefold()


def _cells(path: Path) -> Iterator[str]:
    with sqlite3.connect(path) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for cell in row:
                    yield cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)


@pytest.mark.usefixtures("database")
def test_a_materialization_leaves_no_name_title_or_address(
    database: Engine, run: Run, tmp_path: Path
) -> None:
    follow(database, "quux", staff=[ZORANA, YORICK])
    points = (
        ContactPoint(person_id="p-zo", kind="email", value="zorana@quux.example", source="test"),
        ContactPoint(person_id="p-zo", kind="phone", value="+493000000", source="test"),
    )
    with writing(database) as connection:
        save_employees(connection, [Employee("quux", ZORANA, None, points)], "test")
    push(database, "quux", id="p-yo", name="Yorick Exampleson", newTitle="Grand Vizier of Quuxland")
    for tags in (handed_over(database), {}):
        result = run("quux", tags=tags)
        assert result.success, why(result)
    told = history(tmp_path / "dagster")
    # It is the whole history: it holds the company and, in the table of members, ids.
    assert "quux" in told
    assert "p-zo" in told
    assert [word for word in PERSONAL if word in told] == []


def test_neither_do_runs_that_ask_providers(
    asked: Engine, run: Run, stubs: Stubs, tmp_path: Path
) -> None:
    result = run("acme")
    assert result.success, why(result)
    told = history(tmp_path / "dagster")
    assert "coresignal" in told
    known = [row["name"] for row in rows(asked, people)]
    known += [row["value"] for row in rows(asked, contact_points)]
    known += [one.email for one in stubs.site.world.people if one.email]
    titles = {row["title"] for row in rows(asked, employments) if row["title"]}
    assert len(known) > 20
    assert [one for one in known if one.casefold() in told] == []
    assert [one for one in titles if one.casefold() in told] == []
