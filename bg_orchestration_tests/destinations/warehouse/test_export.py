"""The exported tables: their content, their bytes, what kills and erasures leave."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update

from bg_orchestration.cli import bg
from bg_orchestration.destinations.warehouse.export import (
    ExportReport,
    export,
    export_without_erased,
    is_current,
)
from bg_orchestration.destinations.warehouse.targets import (
    ExportError,
    staging_folder,
    target_of,
)
from bg_orchestration.domain.model import Group
from bg_orchestration.domain.warehouse_tables import TABLES, VERSION
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import buyer_group_changes, people
from bg_orchestration_tests.destinations.warehouse.conftest import COMPANIES, Publish, first_group
from bg_orchestration_tests.refreshes.test_publishing import group, member
from bg_orchestration_tests.store.rows import SUPPRESSIONS

COLUMNS = Path(__file__).with_name("columns_v1.json")


def write(engine: Engine, address: Path | str, home: Path) -> ExportReport:
    return export(engine, target_of(str(address), home))


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / "current" / f"{name}.parquet").to_pylist()
    return found


def content(folder: Path) -> dict[str, bytes]:
    """Every file by its path, links left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and "current/" not in str(path)
    }


def text_of(folder: Path) -> str:
    """Everything that a reader can find in any file of the folder: bytes, and decoded values."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        texts.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            texts.append(str(pq.read_table(path).to_pylist()))
            texts.append(str(pq.read_metadata(path).to_dict()))
    return "\n".join(texts)


def test_the_tables_hold_the_published_groups(
    engine: Engine, published_groups: Publish, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    report = write(engine, folder, tmp_path)
    assert report.changed
    groups = table(folder, "buyer_groups")
    assert [row["company_id"] for row in groups] == sorted(COMPANIES)
    acme = groups[1]
    assert acme["company_name"] == "acme Inc"
    assert acme["covered"] == ["decision", "function sales"]
    assert acme["gaps"][0] == {
        "need": "blocker",
        "look_for": "Nobody from procurement: Einkäufer.",
        "nearest": ["p-eve"],
    }
    assert acme["gatekeepers"] == [{"person_id": "p-eve", "guards": "p-ann"}]
    members = [row for row in table(folder, "members") if row["company_id"] == "acme"]
    assert [(row["person_id"], row["name"], row["role"]) for row in members] == [
        ("p-ann", "Ann Lee", "decision"),
        ("p-bob", "Bob Ray", "stakeholder"),
    ]
    assert members[0]["reasons"] == [
        "Vice president", "in the department that buys: Vertrieb für Öl",
    ]  # fmt: skip
    assert members[0]["email"] == "a.lee@mail.example"
    assert len(members[0]["contacts"]) == 2
    assert (members[1]["email"], members[1]["contacts"]) == (None, [])
    ids = table(folder, "external_ids")
    assert [(row["system"], row["our_id"]) for row in ids] == [
        ("salesforce:account", "acme"), ("hubspot:contact", "p-ann"),
    ]  # fmt: skip
    assert report.rows == {each.name: len(table(folder, each.name)) for each in TABLES}


def test_a_change_is_valid_until_the_next_of_its_aspect(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path
) -> None:
    """The row of each aspect that is valid last says what the published group says."""
    engine, published_groups = published_sqlite
    published_groups("acme", group(member("p-ann", "champion", title="Chief Sales Officer")))
    published_groups("acme", group(member("p-ann", "decision", title="Chief Sales Officer")))
    published_groups("acme", group(member("p-bob")))
    published_groups("acme", group(member("p-ann", "blocker")))
    write(engine, tmp_path / "out", tmp_path)
    changes = [row for row in table(tmp_path / "out", "changes") if row["company_id"] == "acme"]
    of_ann = [row for row in changes if row["person_id"] == "p-ann"]
    roles = [row for row in of_ann if row["aspect"] == "membership"]
    for row, following in itertools.pairwise(roles):
        assert row["valid_to"] == following["valid_from"]
    assert roles[-1]["valid_to"] is None
    assert (roles[-1]["kind"], roles[-1]["new"]) == ("joined", "blocker")
    [title] = [row for row in of_ann if row["aspect"] == "title"]
    end = next(row for row in roles if row["kind"] in ("left", "dropped"))
    assert title["valid_to"] == end["valid_from"]
    present = {row["person_id"] for row in changes if row["valid_to"] is None and row["new"]}
    assert present == {"p-ann"}


@pytest.mark.parametrize("kind", ["folder", "duckdb"])
def test_the_same_rows_give_the_same_bytes(
    engine: Engine, published_groups: Publish, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "one"
    address = folder / "groups.duckdb" if kind == "duckdb" else folder
    write(engine, address, tmp_path)
    before = content(folder)
    assert write(engine, address, tmp_path).changed is False
    assert content(folder) == before
    if kind == "folder":
        # Two fresh folders too; DuckDB stamps a random id into each new file.
        write(engine, tmp_path / "two", tmp_path)
        assert content(tmp_path / "two") == before
    with reading(engine) as connection:
        assert is_current(connection, target_of(str(address), tmp_path))
    published_groups("acme", group(member("p-cyd")))
    with reading(engine) as connection:
        assert not is_current(connection, target_of(str(address), tmp_path))
    assert write(engine, address, tmp_path).changed


def test_duckdb_holds_the_same_tables(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path
) -> None:
    engine, _ = published_sqlite
    write(engine, tmp_path / "out", tmp_path)
    report = write(engine, tmp_path / "groups.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "groups.duckdb"), read_only=True) as database:
        for each in TABLES:
            rows = database.execute(f"SELECT * FROM {each.name}").fetchall()
            parquet = [tuple(row.values()) for row in table(tmp_path / "out", each.name)]
            assert rows == parquet
            assert report.rows[each.name] == len(rows)
        facts = dict(database.execute("SELECT * FROM export_facts").fetchall())
    assert facts["schema_version"] == str(VERSION)
    assert sorted(path.name for path in tmp_path.glob("groups*")) == [
        "groups.duckdb", "groups.duckdb.staging.lock",
    ]  # fmt: skip


@pytest.mark.parametrize("hidden_only", [True, False])
def test_an_erased_person_is_in_no_byte(
    engine: Engine, published_groups: Publish, tmp_path: Path, hidden_only: bool
) -> None:
    """At once when the erasure is requested, and in no former version."""
    folder = tmp_path / "out"
    write(engine, folder, tmp_path)
    published_groups("acme", first_group("acme"), first_group_of_other())
    write(engine, folder, tmp_path)
    assert len(list((folder / "versions").iterdir())) == 2
    traces = ("p-ann", "Ann Lee", "ann@acme.example", "Chief Revenue Officer")
    assert all(trace in text_of(folder) for trace in traces)
    (folder / ".staging").mkdir()
    (folder / ".staging" / "members.parquet").write_bytes(b"Ann Lee of a killed export")

    with writing(engine) as connection:
        if hidden_only:
            request_erasure(connection, [DataSubject(("p-ann",))], SUPPRESSIONS)
        else:
            erase(connection, ["p-ann"], SUPPRESSIONS)
    write(engine, folder, tmp_path)
    text = text_of(folder)
    assert [trace for trace in traces if trace in text] == []
    assert "p-bob" in text
    assert len(list((folder / "versions").iterdir())) == 1


def first_group_of_other() -> Group:
    return group(member("p-ann", "champion"), profile_id="other")


def test_an_erasure_exports_the_configured_target_again(
    engine: Engine, published_groups: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    monkeypatch.setenv("BG_WAREHOUSE", str(folder))
    monkeypatch.setenv("BG_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    assert export_without_erased(engine, settings()) is None
    assert CliRunner().invoke(bg, ["export"]).exit_code == 0
    assert export_without_erased(engine, settings()) is None
    result = CliRunner().invoke(bg, ["forget", "p-ann", *_yes()])
    assert result.exit_code == 0, result.output
    assert "are without these people" in result.output
    assert "p-ann" not in text_of(folder)


def test_an_erasure_removes_what_a_killed_first_export_left(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _ = published_sqlite
    folder, home = tmp_path / "out", tmp_path / "home"
    monkeypatch.setenv("BG_WAREHOUSE", str(folder))
    monkeypatch.setenv("BG_HOME", str(home))
    settings.cache_clear()
    with writing(engine) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
    assert export_without_erased(engine, settings()) is None
    assert not folder.exists(), "without an export nothing is made"
    for left in (folder / ".staging", folder / "versions" / ("0a" * 8), home / "export.staging"):
        left.mkdir(parents=True)
        (left / "members.parquet").write_bytes(b"Ann Lee")
        if left.parent.name != "versions":
            left.with_name(f"{left.name}.lock").touch()
    assert export_without_erased(engine, settings()) is None
    assert "Ann Lee" not in text_of(folder) + text_of(home)


def _yes() -> list[str]:
    """`--yes`, if this version of the command knows it."""
    known = CliRunner().invoke(bg, ["forget", "--help"]).output
    return ["--yes"] if "--yes" in known else []


@pytest.mark.parametrize("kind", ["folder", "duckdb"])
def test_a_kill_at_any_step_leaves_a_whole_export(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path, kind: str
) -> None:
    engine, published_groups = published_sqlite
    folder = tmp_path / "out"
    address = folder / "groups.duckdb" if kind == "duckdb" else folder
    first = write(engine, address, tmp_path).version
    published_groups("acme", group(member("p-cyd")))
    url = engine.url.render_as_string(hide_password=False)
    module = "bg_orchestration_tests.destinations.warehouse.kill_steps"
    result = subprocess.run(
        [sys.executable, "-m", module, url, str(address), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in result.stdout.splitlines()]
    second = write(engine, address, tmp_path)
    assert second.changed is False
    assert [outcome for _, outcome, _ in lines] == [*["killed"] * (len(lines) - 1), "done"], (
        result.stderr
    )
    assert len(lines) > (3 if kind == "duckdb" else 10)
    assert {version for _, _, version in lines} <= {first, second.version}
    assert lines[0][2] == first
    names = {path.name for path in folder.iterdir()}
    assert names <= {
        "current", "current.json", "versions", ".staging.lock",
        "groups.duckdb", "groups.duckdb.staging.lock",
    }  # fmt: skip


def test_two_exports_to_one_target_exclude_each_other(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path
) -> None:
    engine, _ = published_sqlite
    target = target_of(str(tmp_path / "out"), tmp_path)
    with staging_folder(target), pytest.raises(ExportError, match="Another export"):
        write(engine, tmp_path / "out", tmp_path)
    write(engine, tmp_path / "out", tmp_path)


def test_a_large_export_has_row_groups_of_one_size(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of another size leave no mark in the bytes."""
    engine, _ = published_sqlite
    write(engine, tmp_path / "one", tmp_path)
    monkeypatch.setattr("bg_orchestration.destinations.warehouse.warehouse_rows._COMPANIES", 1)
    monkeypatch.setattr("bg_orchestration.destinations.warehouse.warehouse_rows._IDS", 1)
    write(engine, tmp_path / "two", tmp_path)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_a_version_of_the_schema_loses_no_column() -> None:
    """A column may be added to the file; a change of another line needs a new VERSION."""
    columns = {each.name: {column.name: column.type for column in each.columns} for each in TABLES}
    stated = json.loads(COLUMNS.read_text())
    assert stated["version"] == VERSION
    for name, of_table in stated["tables"].items():
        assert of_table.items() <= columns[name].items(), name
    assert stated["tables"] == columns, f"write the new columns into {COLUMNS.name}"


def test_names_are_those_of_the_directory(
    published_sqlite: tuple[Engine, Publish], tmp_path: Path
) -> None:
    engine, _ = published_sqlite
    with writing(engine) as connection:
        connection.execute(
            update(people).where(people.c.person_id == "p-ann").values(name='Änn "Quote" \x1b Lee')
        )
        connection.execute(update(buyer_group_changes).values(title=None))
    write(engine, tmp_path / "out", tmp_path)
    assert table(tmp_path / "out", "members")[0]["name"] == 'Änn "Quote" \x1b Lee'
    assert {row["title"] for row in table(tmp_path / "out", "changes")} == {None}


def test_the_command_reports_and_refuses(
    engine: Engine, published_groups: Publish, tmp_path: Path
) -> None:
    result = CliRunner().invoke(bg, ["export", str(tmp_path / "out"), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["rows"]["members"] == 6
    assert "unchanged" in CliRunner().invoke(bg, ["export", str(tmp_path / "out")]).output
    file = tmp_path / "file"
    file.write_text("")
    refused = CliRunner().invoke(bg, ["export", str(file / "below")])
    assert refused.exit_code == 1
    assert "cannot be written" in refused.output
    foreign = tmp_path / "foreign.duckdb"
    foreign.write_bytes(b"not a database")
    refused = CliRunner().invoke(bg, ["export", str(foreign)])
    assert refused.exit_code == 1
    assert "Name another file" in refused.output
    assert foreign.read_bytes() == b"not a database"
    other = tmp_path / "other" / "versions" / "of-another-tool"
    other.mkdir(parents=True)
    assert CliRunner().invoke(bg, ["export", str(tmp_path / "other")]).exit_code == 0
    assert other.is_dir(), "only our own versions are deleted"
    (tmp_path / "other" / "current.json").write_text("[1, 2]")
    refused = CliRunner().invoke(bg, ["export", str(tmp_path / "other")])
    assert refused.exit_code == 1
    assert "no export of ours" in refused.output
