import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.cli.job_titles import titles

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CALL = "from bg_orchestration.cli.job_titles import titles; titles()"


def run(content: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(titles, ["-", *options], input=content)


def rows_of(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout_bytes.decode(), newline="")))


def test_each_row_is_answered_in_order(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        'name,Title,department\nAda Example,"VP, Sales",Legal\nBo Example,,HR\n'
        "Cy Example,Geschäftsführer,IT\nDi Example\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(titles, [str(file)])
    assert result.stdout == (
        'title,seniority,function\n"VP, Sales",vp,sales\n,individual,other\n'
        "Geschäftsführer,c_suite,executive\n,individual,other\n"
    )


def test_a_pipe_without_odd_bytes_has_no_note_on_them() -> None:
    assert run("title\nCFO\nLeiterin Einkauf Süd\n").stderr == ""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_usual_forms_of_csv_are_read(separator: str, mark: str, end: str) -> None:
    lines = [separator.join(row) for row in (("id", " TITLE "), ("1", "CFO"), ("2", "Nurse"))]
    rows = rows_of(run(mark + end.join(lines) + end))
    assert [row["seniority"] for row in rows] == ["c_suite", "individual"]


def test_another_column_may_hold_the_titles() -> None:
    assert rows_of(run("Job Title\nCTO\n", "--column", "job title"))[0]["function"] == "engineering"


@pytest.mark.parametrize("content", ["name,rank\nAda Example,CEO\n", "Chief Nurse\nCEO\n", ""])
def test_a_file_without_titles_is_refused(content: str) -> None:
    result = run(content)
    assert result.exit_code == 2
    assert "no column 'title'" in result.stderr
    assert "--column" in result.stderr
    assert (content.partition("\n")[0] or "nothing").replace(",", ", ") in result.stderr


@pytest.mark.parametrize(
    "content",
    ["title\nCEO\nCFO\n".encode("utf-16"), b"title\rCEO\rCFO\r", b"sep=;\ntitle;x\nCEO;1\nCFO;2\n",
     b"My list\n\nName;Job Title\nAda;CEO\nBo;CFO\n", b"Title,Job Title\nDr.,CEO\nMr.,CFO\n",
     b'[{"title": "CEO"}, {"title": "CFO"}]', b"Name|Titel\nAda|CEO\nBo|CFO\n"],
)  # fmt: skip
def test_the_files_of_the_other_commands_are_read(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / ("people.json" if content.startswith(b"[") else "people.csv")
    file.write_bytes(content)
    rows = rows_of(CliRunner().invoke(titles, [str(file)]))
    assert [(row["title"], row["function"]) for row in rows] == [
        ("CEO", "executive"), ("CFO", "finance"),
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_title_is_a_formula_in_a_spreadsheet(start: str) -> None:
    content = f'title\n"{start}CFO"\n'
    assert rows_of(run(content))[0]["title"] == f"'{start}CFO"
    assert json.loads(run(content, "--json").stdout)[0]["title"] == f"{start}CFO"


def test_json_tells_how_sure_the_reading_is() -> None:
    result = run("title\nSales Director\n🎉\n", "--json")
    sure, unsure = json.loads(result.stdout)
    assert sure == {
        "title": "Sales Director",
        "seniority": "director",
        "function": "sales",
        "confidence": 1.0,
        "rank": "director",
        "second_function": None,
        "traits": [],
    }
    assert (unsure["confidence"], unsure["traits"]) == (0, ["silent"])
    assert json.loads(run("title\n", "--json").stdout) == []


def test_bytes_that_are_no_utf_8_are_read_and_kept() -> None:
    content = "title\nGeschäftsführer\nLeiter Einkauf\n".encode("cp1252")
    result = run(content)
    assert result.stdout_bytes == (
        b"title,seniority,function\nGesch\xe4ftsf\xfchrer,c_suite,executive\n"
        b"Leiter Einkauf,director,procurement\n"
    )
    assert json.loads(run(content, "--json").stdout)[0]["title"] == "Geschäftsführer"


# A file with many controls or characters that Unicode does not know is refused as no text.
TEXT = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cn", "Co"), include_characters="\t\r\n"
)
# Spaces between a separator and an unquoted cell are no part of the cell.
TITLES = st.text(TEXT, max_size=40).map(lambda text: text.lstrip(" "))


@given(st.lists(TITLES, max_size=5))
def test_titles_come_back_as_they_went_in(titles: list[str]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([["title", "id"], *([title, "1"] for title in titles)])
    shown = [f"'{title}" if title.startswith(FORMULA) else title for title in titles]
    assert [row["title"] for row in rows_of(run(file.getvalue()))] == shown


def test_a_blank_line_is_an_empty_title_where_there_is_one_column() -> None:
    assert [row["title"] for row in rows_of(run("title\nCEO\n\nCFO\n"))] == ["CEO", "", "CFO"]
    assert len(rows_of(run("title,id\nCEO,1\n\nCFO,2\n"))) == 2


def test_it_streams_into_a_pipe_that_closes_and_imports_nothing_heavy() -> None:
    head = subprocess.Popen(
        [sys.executable, "-c", CALL, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert head.stdin is not None
    assert head.stdout is not None
    assert head.stderr is not None
    head.stdin.write(b"title\n" + b"CEO\n" * 3_000)
    head.stdin.flush()
    assert head.stdout.readline() == b"title,seniority,function\n"
    head.stdout.close()
    _, errors = head.communicate(b"CEO\n" * 20_000)
    assert errors == b""
    heavy = (
        "import sys, bg_orchestration.cli.job_titles; "
        "sys.exit(bool({'dagster', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0
