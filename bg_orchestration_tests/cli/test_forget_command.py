"""`bg forget` after a real import and a real refresh: nothing personal is left in any file."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bg_orchestration.cli import bg
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import people

# A fictional company.
PEOPLE = """Person ID,Full Name,Job Title,Email,LinkedIn URL,Company,Company Domain
p-zo,Zorana Exampleova,VP Sales,zorana@acme.example,https://www.linkedin.com/in/zorana-x,Acme,acme.example
p-yo,Yorick Exampleson,Sales Manager,yorick@acme.example,https://www.linkedin.com/in/yorick-x,Acme,acme.example
p-xi,Xia Examplemann,Head of Procurement,xia@acme.example,,Acme,acme.example
"""
PERSONAL = ("zorana", "exampleova")


def bg_run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bg_orchestration", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "BG_PROVIDER": "files"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_with(word: str) -> list[str]:
    """The files below BG_HOME that hold a word, in any case."""
    return sorted(
        str(path.relative_to(settings().home))
        for path in settings().home.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes().lower()
    )


def test_a_person_is_forgotten_everywhere_and_stays_out(tmp_path: Path) -> None:
    export = tmp_path / "people.csv"
    export.write_text(PEOPLE)
    bg_run("db", "upgrade")
    bg_run("import", str(export))
    bg_run("refresh", "acme.example")
    known = files_with("zorana")
    assert "bg.sqlite3" in known
    assert [name for name in known if name.startswith("artifacts/")] == [
        "artifacts/contacts/acme.example.json",
        "artifacts/people/acme.example.json",
        "artifacts/scored_people/acme.example.json",
    ]
    assert not [name for name in known if name.startswith("dagster")]

    rehearsed = bg_run("forget", "p-zo", "--dry-run")
    assert "would be deleted" in rehearsed
    assert "bg.sqlite3" in files_with("zorana")

    told = json.loads(bg_run("forget", "p-zo", "--json"))
    assert (told["people"], told["companies"]) == (["p-zo"], ["acme.example"])
    assert told["stored_values"] == 4
    assert (told["rows"]["people"], told["suppressed"], told["refreshes"]) == (1, 3, 1)
    for word in PERSONAL:
        assert files_with(word) == []
    # Dagster's own history holds the id, which names nobody, and nothing else of the person.
    assert all(name.startswith("dagster") for name in files_with("p-zo"))

    assert "1 row left out" in bg_run("import", str(export))
    bg_run("refresh", "acme.example")
    group = json.loads(bg_run("show", "acme.example", "--json"))
    assert {member["person_id"] for member in group["members"]} == {"p-xi", "p-yo"}
    assert [files_with(word) for word in PERSONAL] == [[], []]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(bg, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def _database() -> None:
    assert run("db", "upgrade")[0] == 0


@pytest.mark.usefixtures("_database")
@pytest.mark.parametrize(
    ("text", "kept_out"),
    [
        ("email,why\na@x.example,asked\nb@x.example,asked\n", 4),
        ("a@x.example\nb@x.example\nb@x.example\n", 4),
        ("Person_ID,Email\np-1,a@x.example\n,b@x.example\n", 5),
        ("LinkedIn URL,Coresignal ID,Name\nhttps://www.linkedin.com/in/ann-x/,900001,A\n", 2),
        ("https://www.linkedin.com/in/ann-x?trk=y\ncoresignal:900001\n", 2),
        ("", 0),
    ],
)
def test_a_do_not_contact_list_is_taken(tmp_path: Path, text: str, kept_out: int) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(text)
    code, output = run("forget", "--file", str(listed), "--json")
    if not kept_out:
        assert code == 2
        return
    assert (code, json.loads(output)["suppressed"]) == (0, kept_out)


@pytest.mark.usefixtures("_database")
def test_wrong_use_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("forget")[0] == 2
    listed = tmp_path / "list.csv"
    listed.write_text("name,phone\nA,1\n")
    code, output = run("forget", "--file", str(listed))
    assert (code, "none of its columns is person_id, email" in output) == (1, True)
    assert run("forget", "p-1")[0] == 0
    monkeypatch.setenv("BG_SUPPRESSION_KEY", "another")
    settings.cache_clear()
    code, output = run("forget", "p-2")
    assert (code, "BG_SUPPRESSION_KEY" in output) == (1, True)


@pytest.mark.usefixtures("_database")
def test_the_list_is_counted_and_exported_as_hashes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("suppressions") == (0, "Suppressed: 0 ids, addresses and pages\n")
    assert run("forget", "coresignal:900001", "mara@example.com")[0] == 0
    assert run("suppressions") == (0, "Suppressed: 3 ids, addresses and pages\n")
    code, output = run("suppressions", "--export", "--json")
    told = json.loads(output)
    assert (code, told["marks"], len(told["list"])) == (0, 3, 3)
    assert all(re.fullmatch("[0-9a-f]{64}", one["mark"]) for one in told["list"])
    assert len(run("suppressions", "--export")[1].splitlines()) == 3
    monkeypatch.setenv("BG_SUPPRESSION_KEY", "another")
    settings.cache_clear()
    code, output = run("suppressions")
    assert (code, "BG_SUPPRESSION_KEY" in output) == (1, True)


NAMES = """Person ID,Full Name,Job Title,Email,Company,Company Domain
p-1,Ada Exámple,VP Sales,ada@acme.example,Acme,acme.example
p-2,Ben Example,CFO,,Acme,acme.example
p-3,Ben Example,Buyer,,Acme,acme.example
"""


@pytest.fixture
def _people(_database: None, tmp_path: Path) -> None:
    export = tmp_path / "people.csv"
    export.write_text(NAMES)
    assert run("import", str(export))[0] == 0


def stored() -> set[str]:
    with reading(engine_for(settings().url)) as connection:
        return set(connection.scalars(select(people.c.person_id)))


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    ("text", "erased"), [("p-1", "p-1"), ("ADA@acme.example", "p-1"), ("ada example", "p-1")]
)
def test_a_person_is_named_by_id_address_or_a_name_of_their_own(text: str, erased: str) -> None:
    assert run("forget", text)[0] == 0
    assert stored() == {"p-1", "p-2", "p-3"} - {erased}


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ben Example", ["2 people are called Ben Example", "p-2: Ben Example, CFO", "p-3: "]),
        ("Ad Exam", ["Did you mean", "p-1: Ada Exámple, VP Sales at acme.example"]),
        ("Zoe Nobody", ["No stored person has the id, address, page or name Zoe Nobody"]),
        ("Ben", ["Did you mean", "p-2: ", "p-3: "]),
    ],
)
def test_a_name_of_nobody_or_of_several_erases_nobody(text: str, words: list[str]) -> None:
    code, output = run("forget", text)
    assert code == 1
    for word in words:
        assert word in output
    assert stored() == {"p-1", "p-2", "p-3"}
    assert run("suppressions")[1].startswith("Suppressed: 0 ids")


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    ("options", "answer", "erased"),
    [((), "n\n", False), ((), "y\n", True), (("--yes",), "", True), (("--dry-run",), "", False)],
)
def test_a_terminal_is_asked_first(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], answer: str, erased: bool
) -> None:
    monkeypatch.setattr("bg_orchestration.cli.personal_data._on_terminal", lambda: True)
    result = CliRunner().invoke(bg, ["forget", "p-1", *options], input=answer)
    assert ("Erase 1 person for ever?" in result.output) == bool(answer)
    assert ("p-1" not in stored()) == erased
    assert result.exit_code == int(answer == "n\n")
