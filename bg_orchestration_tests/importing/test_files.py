"""Files in the encodings, separators and states of repair that people have them in."""

import codecs
import csv
import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.importing.csv_tables import BadRow, Row, find_header, read_records
from bg_orchestration.importing.files import open_table
from bg_orchestration.importing.headers import FileError, load_aliases
from bg_orchestration.importing.json_tables import flatten
from bg_orchestration.importing.text_encoding import Encoding, find_encoding

KNOWN = load_aliases().known_headers()
HEADER = "First Name,Last Name,Title,Company"


def rows_of(path: Path) -> tuple[list[str], list[Row | BadRow]]:
    with open_table(path, KNOWN) as table:
        return table.header, list(table.rows)


def written(tmp_path: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    content = f"{HEADER}\nJosé,Müller,Leiter Einkauf,Süßwaren AG\n".replace(",", separator)
    header, rows = rows_of(written(tmp_path, "people.csv", content, encoding))
    assert header == HEADER.split(",")
    assert rows == [Row(2, ["José", "Müller", "Leiter Einkauf", "Süßwaren AG"])]


def test_utf_16_with_the_other_mark(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + f"{HEADER}\nA,B,C,D\n".encode("utf-16-be"))
    assert rows_of(path) == (HEADER.split(","), [Row(2, ["A", "B", "C", "D"])])


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_utf_8_is_found_as_such(text: str) -> None:
    data = text.encode()
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert find_encoding(io.BytesIO(data)) == Encoding("utf-8-sig")


def test_a_late_byte_that_is_not_utf_8_decides_for_cp1252() -> None:
    found = find_encoding(io.BytesIO(b"a" * 3_000_000 + b"\xfc"))
    assert (found.label, found.odd_bytes, found.repair("\udcfc")) == ("cp1252", 1, "ü")


def test_what_stands_above_the_header_is_skipped(tmp_path: Path) -> None:
    content = (
        'Notes:\n"When exporting your data, you may notice, that\nsome addresses are missing."\n'
        "\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ann,Lee,https://www.linkedin.com/in/ann-lee,,Acme,Buyer,15 Mar 2024\n"
    )
    header, rows = rows_of(written(tmp_path, "Connections.csv", content))
    assert header[:3] == ["First Name", "Last Name", "URL"]
    assert [row.line for row in rows] == [6]


def test_lines_are_those_of_the_file_with_quoted_breaks(tmp_path: Path) -> None:
    content = f'{HEADER}\r\nAnn,Lee,"Head\r\nof\r\nIT",Acme\r\n\r\nBob,Ray,CFO,Acme\r\n'
    _, rows = rows_of(written(tmp_path, "people.csv", content))
    assert rows == [
        Row(2, ["Ann", "Lee", "Head\r\nof\r\nIT", "Acme"]),
        Row(6, ["Bob", "Ray", "CFO", "Acme"]),
    ]


def test_an_open_quote_costs_one_row(tmp_path: Path) -> None:
    many = "".join(f"P{n},Q,Buyer,Acme\n" for n in range(20_000))
    content = f'{HEADER}\nAnn,"Lee,CEO,Acme\n{many}Bob,Ray,"CFO,Acme\nCy,Day,COO,Acme\n'
    _, rows = rows_of(written(tmp_path, "people.csv", content))
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [row.line for row in bad] == [2, 20_003]
    assert "never closed" in bad[1].reason
    assert rows[-1] == Row(20_004, ["Cy", "Day", "COO", "Acme"])
    assert len(rows) == 20_003


def test_a_quote_that_is_not_doubled_and_a_comma_that_is_not_quoted(tmp_path: Path) -> None:
    content = f'{HEADER}\nAnn,Lee,"Head of "Global" IT",Acme\nBob,Ray,VP, Sales,Acme\nCy,Day\n'
    _, rows = rows_of(written(tmp_path, "people.csv", content))
    quote, comma, short = rows
    assert isinstance(quote, BadRow)
    assert (quote.line, "doubled" in quote.reason) == (2, True)
    assert isinstance(comma, BadRow)
    assert (comma.line, "has 5 cells where the header has 4" in comma.reason) == (3, True)
    assert short == Row(4, ["Cy", "Day"])


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def stripped(cells: list[str]) -> list[str]:
    """A blank before a cell belongs to the separator."""
    return [cell.lstrip(" ") for cell in cells]


@given(
    st.lists(st.lists(_CELL, min_size=3, max_size=3), max_size=8), st.sampled_from([",", ";", "\t"])
)
def test_what_csv_writes_comes_back_with_its_lines(rows: list[list[str]], separator: str) -> None:
    text, lines = io.StringIO(newline=""), []
    writer = csv.writer(text, delimiter=separator)
    for row in rows:
        start = text.getvalue()
        lines.append(len(list(io.StringIO(start, newline=""))) + 1)
        writer.writerow(row)
    text.seek(0)
    kept = [
        Row(line, stripped(row))
        for line, row in zip(lines, rows, strict=True)
        if any(cell.strip() for cell in row)
    ]
    found = [Row(row.line, stripped(row.cells)) for row in read_records(text, separator)]  # type: ignore[union-attr]
    assert found == kept


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    records = list(read_records(io.StringIO(text, newline=""), ","))
    lines = [one.line for one in records]
    assert lines == sorted(set(lines))
    assert len(lines) <= len(list(io.StringIO(text, newline="")))


def test_the_header_without_known_names_is_the_first_record() -> None:
    assert find_header("\n\nfoo;bar\n1;2\n", KNOWN) == (";", ["foo", "bar"], 3)


@pytest.mark.parametrize("name", ["people.csv", "people.json", "people.jsonl"])
@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_says_so(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(FileError, match="the file is empty"):
        rows_of(written(tmp_path, name, content))


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        rows_of(tmp_path / "missing.csv")
    workbook = tmp_path / "people.csv"
    workbook.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00abc")
    with pytest.raises(FileError, match="Save the sheet as CSV"):
        rows_of(workbook)
    torn = tmp_path / "torn.csv.gz"
    torn.write_bytes(gzip.compress(f"{HEADER}\n".encode() * 1000)[:-20])
    with pytest.raises(FileError, match="cannot be read"):
        rows_of(torn)


def test_compressed_text(tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\nA,B,C,D\n".encode("utf-16")))
    assert rows_of(path)[1] == [Row(2, ["A", "B", "C", "D"])]


PERSON = {"name": "Ann", "job": {"title": "CFO", "levels": ["cxo", "vp"]}, "active": True, "n": 3.0}
FLAT = {"name": "Ann", "job.title": "CFO", "job.levels": "cxo;vp", "active": "true", "n": "3"}


def test_json_array_and_lines(tmp_path: Path) -> None:
    records = [PERSON, {"name": "Bob", "more": [{"a": 1}, {"a": None}]}]
    array = written(tmp_path, "a.json", json.dumps(records, indent=2))
    lines = written(tmp_path, "a.jsonl", "\n" + "\n\n".join(map(json.dumps, records)), "utf-8-sig")
    header, rows = rows_of(array)
    assert header == [*FLAT, "more.0.a", "more.1.a"]
    assert rows == [Row(1, [*FLAT.values(), "", ""]), Row(2, ["Bob", "", "", "", "", "1", ""])]
    assert rows_of(lines) == (header, [Row(2, rows[0].cells), Row(4, rows[1].cells)])  # type: ignore[union-attr]


def test_a_bad_json_line_costs_one_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a.ndjson", '{"name": "Ann"}\n{"name": \n[1]\n{"name": "Bob"}\n')
    _, rows = rows_of(path)
    assert [(row.line, isinstance(row, BadRow)) for row in rows] == [
        (1, False), (2, True), (3, True), (4, False),
    ]  # fmt: skip
    with pytest.raises(FileError, match="is not JSON"):
        rows_of(written(tmp_path, "b.json", "[{]"))


@given(st.dictionaries(st.text("abc", min_size=1), st.integers() | st.text()))
def test_flattening_a_flat_object_changes_only_types(value: dict[str, int | str]) -> None:
    assert dict(flatten(value)) == {key: str(inner) for key, inner in value.items()}
    assert dict(flatten({"x": value})) == {f"x.{key}": str(inner) for key, inner in value.items()}


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "people.parquet"
    rows = [{"name": "Ann", "job": {"start": date(2024, 3, 1)}}, {"name": "Bob", "job": None}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    header, found = rows_of(path)
    assert header == ["name", "job.start", "job"]
    assert found == [Row(1, ["Ann", "2024-03-01", ""]), Row(2, ["Bob", "", ""])]
    with pytest.raises(FileError, match="is not Parquet"):
        rows_of(written(tmp_path, "b.parquet", "name\nAnn\n"))
