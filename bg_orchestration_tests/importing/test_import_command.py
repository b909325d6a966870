"""`bg import` and `bg companies` as they are called."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bg_orchestration.cli import bg
from bg_orchestration.settings import settings

PEOPLE = "Full Name,Job Title,Company,Shoe Size\n"


@pytest.fixture(autouse=True)
def _database(fresh_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_DATABASE_URL", f"sqlite:///{fresh_sqlite}")
    settings.cache_clear()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(bg, [str(argument) for argument in arguments])


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE + "Ann Lee,CFO,Acme [UK],39\n,CTO,Acme [UK],40\n", "utf-8")
    return path


def test_an_import_shows_what_it_did(people: Path) -> None:
    result = run("import", people)
    assert result.exit_code == 0
    assert f"{people}: people, utf-8" in result.output
    assert "title <- Job Title" in result.output
    assert "not used: Shoe Size" in result.output
    assert "line 3 skipped: no name" in result.output
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 skipped" in result.output
    assert "companies new: 1" in result.output
    listed = run("companies")
    assert "acme-uk" in listed.output
    assert "Acme [UK]" in listed.output


def test_json_for_programs(people: Path, tmp_path: Path) -> None:
    assert json.loads(run("companies", "--json").output) == []
    result = run("import", people, tmp_path / "people.csv", "--json")
    assert result.exit_code == 0
    first, second = json.loads(result.output)["files"]
    assert (first["new"], second["unchanged"]) == (1, 1)
    assert first["skipped"] == [{"line": 3, "reason": "no name"}]
    assert first["mapping"]["name"] == ["Full Name"]
    [company] = json.loads(run("companies", "--json").output)
    assert company.items() >= {
        "company_id": "acme-uk", "name": "Acme [UK]", "domain": None, "employee_count": None,
        "people": 1, "followed": True, "size": 1,
    }.items()  # fmt: skip


def test_a_dry_run_keeps_nothing(people: Path) -> None:
    result = run("import", people, "--dry-run")
    assert (result.exit_code, "1 would be new" in result.output) == (0, True)
    assert "No companies yet" in run("companies").output


def test_a_complete_file_ends_the_jobs_of_others(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE + "Ann Lee,CFO,Acme,\nBob Ray,CTO,Acme,\n", "utf-8")
    assert run("import", path).exit_code == 0
    path.write_text(PEOPLE + "Ann Lee,CFO,Acme,\n", "utf-8")
    assert "1 known people of these companies are not in the file" in run("import", path).output
    assert "their jobs would end" in run("import", path, "--complete", "--dry-run").output
    assert "their jobs ended" in run("import", path, "--complete").output
    assert json.loads(run("companies", "--json").output)[0]["people"] == 1


def test_a_header_without_rows_is_done_and_rows_without_use_have_failed(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    result = run("import", path)
    assert (result.exit_code, "0 rows" in result.output) == (0, True)
    path.write_text(PEOPLE + ",CFO,Acme,\n", "utf-8")
    assert run("import", path).exit_code == 1
    path.write_text("", "utf-8")
    result = run("import", path)
    assert (result.exit_code, "the file is empty" in result.output) == (1, True)


def test_one_unreadable_file_does_not_keep_the_others_out(people: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("colour,taste\nred,sweet\n", "utf-8")
    result = run("import", broken, people)
    assert result.exit_code == 1
    assert f"Error: {broken}: no column is known" in result.output
    assert "1 new" in result.output


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--map", "shoes=Shoe Size"], "'shoes' is no field of ours. Fields: company,"),
        (["--map", "title"], "is not of the form"),
        (["--company", "no, id"], "1 to 128 letters"),
        (["--company", "acme", "--kind", "companies"], "--company is for files of people"),
        (["--kind", "dogs"], "'dogs' is not one of"),
    ],
)
def test_wrong_use(people: Path, options: list[str], complaint: str) -> None:
    result = run("import", people, *options)
    assert (result.exit_code, complaint in " ".join(result.output.split())) == (2, True)


def test_a_settled_header_and_a_missing_one(people: Path, tmp_path: Path) -> None:
    assert (
        "department <- Shoe Size" in run("import", people, "--map", "department=Shoe Size").output
    )
    result = run("import", people, "--map", "department=Team")
    assert (result.exit_code, "no column is called 'Team'" in result.output) == (1, True)
    assert run("import", tmp_path / "missing.csv").exit_code == 2
