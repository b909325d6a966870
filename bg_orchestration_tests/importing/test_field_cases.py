"""Inputs from the field, one row each, as `docs/field-cases.md` lists them: input, now.

The files lie in `data/field_cases`; people and companies are invented.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bg_orchestration.domain.spreadsheets import as_spreadsheet_text
from bg_orchestration.domain.titles.title_reader import read_title
from bg_orchestration.importing import importer
from bg_orchestration.importing.csv_tables import Row
from bg_orchestration.importing.files import open_table
from bg_orchestration.importing.headers import FileError, load_aliases, match_columns
from bg_orchestration.importing.importer import import_file
from bg_orchestration.importing.people_file import read_people
from bg_orchestration.importing.record import Record
from bg_orchestration.importing.rows import read_employee
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.schema.tables import (
    companies,
    contact_points,
    employments,
    external_ids,
    people,
)

FILES = Path(__file__).parent.parent / "data" / "field_cases"
TABLE = Path(__file__).parents[2] / "docs" / "field-cases.md"
NOWHERE = Path("/nonexistent/headers.yaml")
NOOR, IAN = ("Noor Exemplar", "Chief Financial Officer"), ("Ian Sampleton", "Head of IT")
TOVE = ("Tove Musterlund", "VP Sales")
FIVE = [("François Lefèvre", "Head of Sales"), ("Iñaki Núñez", "Head of Sales"),
        ("Søren Åkesson", "Head of Sales"), ("Zoë Müller", "Head of Sales"),
        ("Łukasz Wójcik", "Head of Sales")]  # fmt: skip

# Each file, imported into an empty database: the people, and words of the notes.
GIVEN: dict[str, tuple[list[tuple[str, str]], str]] = {
    "01-linkedin-connections/Connections.csv": (
        [("Ian Sampleton", "IT Director"), NOOR, ("Tove Musterlund", "VP Sales, EMEA")], ""),
    "02-outlook-salutation/outlook.csv": ([IAN, NOOR, TOVE], ""),
    "03-google-contacts/google_new.csv": ([IAN, NOOR], ""),
    "03-google-contacts/google_old.csv": ([NOOR], ""),
    "04-localized-headers/outlook_fr.csv": (
        [("Ian Sampleton", "Directeur des systèmes d'information"),
         ("Noor Exemplar", "Directrice financière")], ""),
    "04-localized-headers/outlook_it.csv": ([("Noor Exemplar", "Direttrice finanziaria")], ""),
    "04-localized-headers/xing_de.csv": ([("Noor Exemplar", "Leiterin Einkauf")], ""),
    "06-separators/pipe.csv": ([NOOR], ""),
    "06-separators/two_columns.csv": ([IAN, NOOR], "nobody can be reached"),
    "07-mixed-encoding/clean_utf8.csv": (FIVE, ""),
    "07-mixed-encoding/one_latin1_row.csv": (
        sorted([*FIVE, ("René Exemple", "Head of Finance")]), "were read as cp1252"),
    "07-mixed-encoding/truncated.csv": (
        sorted([*FIVE, ("Björn Beispiel", "Head of IT")]), "ends inside a character"),
    "09-invisible-chars/clean.csv": (
        [IAN, ("Mara Probst", "Head of HR"), NOOR, ("Pia Musterfrau", "CEO"), TOVE], ""),
    "09-invisible-chars/import.csv": (
        [IAN, ("Mara Probst", "Head of HR"), NOOR, ("Pia Musterfrau", "CEO"), TOVE], ""),
    "11-salesforce/report.csv": ([IAN, NOOR], "lines of a footer left out"),
    "11-salesforce/report_nocompany.csv": ([IAN, NOOR], "lines of a footer left out"),
    "13-json-shapes/apollo_response.json": ([NOOR], ""),
    "13-json-shapes/coresignal_record_pretty.json": ([NOOR], ""),
    "13-json-shapes/pdl_one_pretty.json": ([("noor exemplar", "chief financial officer")], ""),
    "13-json-shapes/pdl_search_response.json": (
        [("ian sampleton", "head of it"), ("noor exemplar", "chief financial officer")], ""),
    "14-linkedin-url-forms/first.csv": ([NOOR], ""),
    "15-html-entities/entities.csv": (
        [("Jürgen Müller", "Geschäftsführer"), ("Max Muster", "VP Sales"),
         ("Pia O'Sample", "Director, R&D")], ""),
    "18-footers/totals.csv": ([IAN, NOOR], "lines of a footer left out"),
    "19-csv-shapes/dup_email.csv": ([("Noor Exemplar", "CFO")], ""),
    "19-csv-shapes/linkedin_export.zip": (
        [("Ian Sampleton", "IT Director"), NOOR, ("Tove Musterlund", "VP Sales, EMEA")], ""),
    "19-csv-shapes/title_line_above.csv": ([IAN, NOOR], ""),
    "21-id-collision/crm_one.csv": ([NOOR, TOVE], ""),
    "21-id-collision/sheet_rows_monday.csv": ([NOOR, TOVE], "only numbers the rows"),
}  # fmt: skip


@pytest.fixture
def sqlite(fresh_sqlite: Path) -> Any:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    yield engine
    engine.dispose()


def stored(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(
            select(people.c.name, employments.c.title).join_from(people, employments)
        )
        return sorted((row.name, row.title) for row in rows)


def values(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.scalars(select(contact_points.c.value)))


def take(engine: Engine, path: Path, **options: Any) -> Any:
    """Import a file; its people belong to one company where it names none."""
    try:
        return import_file(engine, path, **options)
    except FileError:
        return import_file(engine, path, company_id="quill", **options)


@pytest.mark.parametrize("name", GIVEN)
def test_a_file_is_read_alike_by_import_assess_and_titles(sqlite: Engine, name: str) -> None:
    wanted, note = GIVEN[name]
    report = take(sqlite, FILES / name)
    assert stored(sqlite) == wanted
    assert note in " ".join(report.notes)
    # The last line of one file is half a row.
    assert len(report.skipped) == (name == "07-mixed-encoding/truncated.csv")
    assessed = read_people(FILES / name, NOWHERE).people
    found = sorted((person.name, person.title) for person in assessed if person.title)
    assert found == wanted
    with open_table(FILES / name, load_aliases().known_headers()) as table:
        assert len(list(table.rows)) == len(wanted) + len(report.skipped)


def test_every_file_has_a_row_in_the_table() -> None:
    rows = TABLE.read_text("utf-8")
    folders = {path.name for path in FILES.iterdir() if path.is_dir()}
    assert {folder for folder in folders if f"`{folder}" not in rows} == set()


def test_the_same_people_with_invisible_characters_and_other_links(sqlite: Engine) -> None:
    import_file(sqlite, FILES / "09-invisible-chars/clean.csv")
    assert import_file(sqlite, FILES / "09-invisible-chars/import.csv").unchanged == 5
    import_file(sqlite, FILES / "14-linkedin-url-forms/first.csv")
    for path in sorted((FILES / "14-linkedin-url-forms").glob("again_*.csv")):
        assert import_file(sqlite, path).new == 0


def test_good_names_stay_beside_a_row_of_another_encoding(sqlite: Engine) -> None:
    import_file(sqlite, FILES / "07-mixed-encoding/clean_utf8.csv")
    report = import_file(sqlite, FILES / "07-mixed-encoding/one_latin1_row.csv")
    assert (report.new, report.changed, report.unchanged) == (1, 0, 5)


def test_several_addresses_are_all_kept(sqlite: Engine) -> None:
    import_file(sqlite, FILES / "19-csv-shapes/several_emails.csv")
    assert len(values(sqlite)) == 9
    import_file(sqlite, FILES / "03-google-contacts/google_new.csv")
    assert {"n.exemplar@quillfern.example", "+49307654321"} <= set(values(sqlite))


def test_dates_are_read_and_two_are_no_dates(sqlite: Engine) -> None:
    report = import_file(sqlite, FILES / "17-dates/dates.csv")
    with reading(sqlite) as connection:
        found = [date for date in connection.scalars(select(employments.c.started_on)) if date]
    assert (report.new, len(found), report.unread["started_at"].cells) == (32, 26, 2)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("11-salesforce/report.xls", "web page"), ("06-separators/titles_sep.csv", "holds names")],
)
def test_a_file_without_people_gets_one_sentence(sqlite: Engine, name: str, complaint: str) -> None:
    with pytest.raises(FileError, match=complaint):
        import_file(sqlite, FILES / name)


@pytest.mark.parametrize(
    ("title", "seniority", "function"),
    [("CRO (Chief Risk Officer)", "c_suite", "finance"),
     ("CRO / Chief Revenue Officer", "c_suite", "sales"),
     ("CPO, Chief People Officer", "c_suite", "hr"),
     ("CIO (Chief Investment Officer)", "c_suite", "finance"),
     ("CEO (former)", "individual", "other"), ("Aspiring CFO", "individual", "other"),
     ("CEO until 2020", "individual", "other"), ("open to CFO roles", "individual", "other"),
     ("seeking a CFO position", "individual", "other"),
     ("available as CFO", "individual", "other"),
     ("Office Manager to CEO", "manager", "admin"), ("Recruiting a CFO", "individual", "other"),
     ("MD", "c_suite", "executive"), ("PRES/TREAS", "c_suite", "finance"),
     ("COB", "c_suite", "executive"),
     ("Fin. Dir.", "director", "finance"), ("Dir. of Mktg", "director", "marketing")],
)  # fmt: skip
def test_titles_of_the_table(title: str, seniority: str, function: str) -> None:
    reading_ = read_title(title)
    assert (reading_.seniority, reading_.function) == (seniority, function)


def test_no_title_of_someone_out_of_office_is_an_officer() -> None:
    lines = (FILES / "22-titles/not_in_office.csv").read_text("utf-8").splitlines()[1:]
    found = {line: read_title(line.strip('"')).seniority for line in lines}
    assert not [line for line, seniority in found.items() if seniority in ("c_suite", "vp")]


@pytest.mark.parametrize("name", ["a?b", "a%41b", "a#b", "a b", "a&b;c=d", "ü"])
def test_each_home_has_its_own_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("BG_DATABASE_URL", raising=False)
    monkeypatch.setenv("BG_HOME", str(tmp_path / name))
    settings.cache_clear()
    with reading(engine_for(settings().url)):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "bg.sqlite3").exists()
    settings.cache_clear()


@pytest.mark.parametrize(
    "cell",
    ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n1", "\uff1d1", "\uff0b1", " =1", "\u200b=1"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert as_spreadsheet_text(cell) == f"'{cell}"
    assert as_spreadsheet_text(f"CFO {cell}") == f"CFO {cell}"


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_writer_gets_its_turn_while_an_import_runs(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    """An event is stored between any two transactions of an import, and none is a long one."""
    monkeypatch.setattr(importer, "_WRITING_SECONDS", 0.0)
    rows = [f"P{n} Q{n},CFO,C{n // 9},p{n}@q.example" for n in range(1_200)]
    (tmp_path / "people.csv").write_text(table("Name,Title,Company,Email", *rows))
    turns = []

    def write_an_event(share: float) -> None:
        with writing(sqlite) as connection:
            connection.execute(update(companies).values(industry=str(share)))
        turns.append(share)

    options: Any = {"dry_run": dry_run, "progress": write_an_event}
    report = import_file(sqlite, tmp_path / "people.csv", **options)
    assert report.new == 1_200
    # 1,000 rows are compared at once, and written in steps of 100.
    assert len(turns) == 1 if dry_run else len(turns) > 5
    assert len(stored(sqlite)) == (0 if dry_run else 1_200)


def test_an_interrupted_import_is_completed_by_the_same_file(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "_WRITING_SECONDS", 0.0)
    rows = [f"P{n} Q{n},CFO,Quill,p{n}@q.example" for n in range(600)]
    (tmp_path / "people.csv").write_text(table("Name,Title,Company,Email", *rows))

    def interrupt(share: float) -> None:
        if share > 0.5 and stored(sqlite):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(sqlite, tmp_path / "people.csv", progress=interrupt)
    done = len(stored(sqlite))
    assert 0 < done < 600
    report = import_file(sqlite, tmp_path / "people.csv")
    assert (report.new, report.unchanged, len(stored(sqlite))) == (600 - done, done, 600)


# Ids


@pytest.mark.parametrize("scopes", [(None, None), ("crm1", "crm2"), ("none", "none")])
def test_ids_of_two_tools_overwrite_no_one(
    sqlite: Engine, scopes: tuple[str | None, str | None]
) -> None:
    import_file(sqlite, FILES / "21-id-collision/crm_one.csv", id_scope=scopes[0])
    report = import_file(sqlite, FILES / "21-id-collision/crm_two.csv", id_scope=scopes[1])
    refused = scopes[0] is None
    assert (report.new, len(report.skipped)) == ((0, 2) if refused else (2, 0))
    assert {NOOR, TOVE} <= set(stored(sqlite))
    assert all("--id-scope" in row.reason for row in report.skipped)


def test_row_numbers_are_no_ids(sqlite: Engine) -> None:
    import_file(sqlite, FILES / "21-id-collision/sheet_rows_monday.csv")
    report = import_file(sqlite, FILES / "21-id-collision/sheet_rows_tuesday.csv")
    assert (report.new, report.unchanged) == (1, 1)
    assert stored(sqlite) == [IAN, NOOR, TOVE]
    kept = import_file(sqlite, FILES / "21-id-collision/sheet_rows_monday.csv", id_scope="sheet")
    assert kept.mapping["person_id"] == ["id"]


def table(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def test_a_changed_name_under_a_known_id_is_refused_or_reported(
    sqlite: Engine, tmp_path: Path
) -> None:
    def read(content: str, name: str = "people.csv") -> Any:
        (tmp_path / name).write_text(content)
        return import_file(sqlite, tmp_path / name)

    header = "ID,Name,Title,Company,LinkedIn URL"
    read(table(header, "17,Noor Exemplar,CFO,Quill,", ",Ann Lee,CTO,Quill,linkedin.com/in/ann"))
    married = read(
        table(header, "17,Noor Berg,CFO,Quill,", ",Ann Day,CTO,Quill,linkedin.com/in/ann")
    )
    assert "2 known ids have another name" in " ".join(married.notes)
    # A shared word is enough at the same company only: the next `Noor` is another person.
    other = read(table(header, "17,Noor Lee,CFO,Bramblewick,"))
    assert [row.line for row in other.skipped] == [2]
    twice = read(table(header, "30,Ian Day,CFO,Quill,", "30,Pia Ray,CFO,Bramblewick,"))
    assert "is of Ian Day in an earlier row" in twice.skipped[0].reason
    shared = "Name,Title,Company,Email"
    desk = read(
        table(
            shared, "Tom Low,CFO,Quill,desk@quill.example", "Eva Mai,CTO,Quill,desk@quill.example"
        )
    )
    assert "this address is of Tom Low" in desk.skipped[0].reason


def test_ids_of_tools_are_mapped_to_ours(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(table(*HEADERS["hubspot"]))
    import_file(sqlite, path)
    import_file(sqlite, FILES / "21-id-collision/crm_one.csv", id_scope="crm1")
    with reading(sqlite) as connection:
        before = connection.execute(select(external_ids)).all()
    assert {(row.system, row.external_id, row.our_id) for row in before} == {
        ("hubspot:contact", "51", "hubspot-51"), ("hubspot:company", "900", "hubspot-900"),
        ("crm1:person", "17", "crm1-17"), ("crm1:person", "18", "crm1-18"),
    }  # fmt: skip
    import_file(sqlite, path)
    with reading(sqlite) as connection:
        assert connection.execute(select(external_ids)).all() == before


def test_ids_of_companies_overwrite_no_company(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    for content in (
        "id,name,domain\n17,Quillfern,q.example\n",
        "id,name,domain\n17,Bramble,b.example\n",
    ):
        path.write_text(content)
        report = import_file(sqlite, path)
    assert "17 is known as Quillfern" in report.skipped[0].reason
    assert import_file(sqlite, path, id_scope="crm2").new == 1
    with reading(sqlite) as connection:
        assert set(connection.scalars(select(companies.c.name))) == {"Quillfern", "Bramble"}


# Inputs of the same kinds, invented for this project: each names Ann Lee, a head of finance.

ANN = {"CFO", "Finanzleiterin", "Leiterin Finanzen", "Directora financiera", "Diretora financeira",
       "Financieel directeur", "Direttrice finanziaria", "Directrice financière"}  # fmt: skip
BY_TOOL: dict[str, Any] = json.loads((FILES / "by_tool.json").read_text("utf-8"))
HEADERS: dict[str, list[str]] = BY_TOOL["tables"]


@pytest.mark.parametrize("tool", HEADERS)
def test_headers_of_tools_and_people(tmp_path: Path, tool: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(table(*HEADERS[tool]), "utf-8")
    with open_table(path, load_aliases().known_headers()) as opened:
        columns = match_columns(opened.header, load_aliases())
        [row] = opened.rows
    assert isinstance(row, Row)
    record = Record(columns, row)
    found = read_employee(record, "quill", "file")
    assert (found.person.name, record.text("company")) == ("Ann Lee", "Quill")
    assert found.person.title in ANN
    assert "ann@quill.example" in [point.value for point in found.contacts]
    assert not record.unread


PERSON = {"name": "Ann Lee", "title": "CFO", "company": "Quill"}
DOCUMENTS: dict[str, Any] = BY_TOOL["documents"]


@pytest.mark.parametrize("shape", DOCUMENTS)
def test_json_in_wrappers_whatever_the_name(sqlite: Engine, tmp_path: Path, shape: str) -> None:
    for at, name in enumerate(("people.JSON", "people.csv")):
        (tmp_path / name).write_text(json.dumps(DOCUMENTS[shape], indent=at))
        assert import_file(sqlite, tmp_path / name).new == 1 - at
    assert stored(sqlite) == [("Ann Lee", "CFO")]


CODE_PAGES = {
    "iso8859_2": "Łukasz Wąsik", "cp852": "Jiří Šťastný", "cp1254": "Şükrü Gökçeoğlu",
    "koi8_r": "Иван Петров",
    "iso8859_5": "Иван Петров", "cp1253": "Γιώργος Παπαδόπουλος",
}  # fmt: skip


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_further_code_pages(tmp_path: Path, code_page: str) -> None:
    name = CODE_PAGES[code_page]
    path = tmp_path / "people.csv"
    path.write_bytes(f"Name,Title\n{name},CFO\n".encode(code_page))
    assert [person.name for person in read_people(path, NOWHERE).people] == [name]


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [("MÃ¼ller", "Müller"), ("M√ºller", "Müller"), ("MÃƒÂ¼ller", "Müller"), ("M├╝ller", "Müller"),
     ("FranÃ§ois", "François"), ("JosÃ© MarÃ\u00ada", "José María"),
     ("\u00d0\u0178\u00d1\u2018\u00d1\u201a\u00d1\u20ac", "Пётр"),
     ("Åkesson", "Åkesson"), ("São Paulo", "São Paulo"), ("ÃO JOÃO", "ÃO JOÃO")],
)  # fmt: skip
def test_garbled_text_is_repaired_where_that_is_certain(
    tmp_path: Path, garbled: str, meant: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Title\nAnn {garbled},CFO\nBob M\ufffdller,CTO\n", "utf-8")
    file = read_people(path, NOWHERE)
    assert file.people[0].name == f"Ann {meant}"
    assert any("garbled cells repaired: 1;" in note for note in file.notes) == (garbled != meant)
    assert "cells that lost letters: 1; the first in line 3" in file.notes[-1]


@pytest.mark.parametrize(
    "ids", [("1", "2"), ("0", "1"), ("001", "002"), ("1.0", "2.0"), ("2", "1")]
)
def test_numbers_of_rows_in_other_spellings(
    sqlite: Engine, tmp_path: Path, ids: tuple[str, str]
) -> None:
    path = tmp_path / "people.csv"
    for people_ in (("Ann Lee", "Bob Day"), ("Bob Day", "Cy Ray")):
        rows = (f"{id_},{name},CFO,Quill" for id_, name in zip(ids, people_, strict=True))
        path.write_text(table("id,Name,Title,Company", *rows))
        report = import_file(sqlite, path)
    assert (report.new, report.unchanged) == (1, 1)


@pytest.mark.parametrize("cell", ["#N/A", "nan", "NULL", "unknown", "--", "#WERT!", "\\N", "?"])
def test_a_mark_of_no_value_is_no_value(sqlite: Engine, tmp_path: Path, cell: str) -> None:
    path = tmp_path / "people.csv"
    header = "person_id,Name,Title,Company,Email,LinkedIn"
    rows = (f"{cell},{name},{cell},Quill,{cell},{cell}" for name in ("Ann Lee", "Bob Day"))
    path.write_text(table(header, *rows))
    assert import_file(sqlite, path).new == 2
    assert stored(sqlite) == [("Ann Lee", ""), ("Bob Day", "")]


def test_an_id_of_two_people_in_one_file_names_both(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(table("person_id,Name,Title,Company", "7,Ann Lee,CFO,Q", "7.0,Bob Day,CTO,Q"))
    report = import_file(sqlite, path)
    assert [row.reason for row in report.skipped] == [
        "id 7 is of Ann Lee in line 2, here of Bob Day"
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_records_one_after_another(sqlite: Engine, tmp_path: Path, indent: int | None) -> None:
    other = PERSON | {"name": "Ian Day"}
    text = "\n".join(json.dumps(record, indent=indent) for record in (PERSON, other))
    (tmp_path / "people.json").write_text(f"\ufeff{text}\n", "utf-8")
    assert import_file(sqlite, tmp_path / "people.json").new == 2
    (tmp_path / "people.json").write_text(json.dumps({"p1": PERSON, "p2": other}))
    assert import_file(sqlite, tmp_path / "people.json").unchanged == 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16", "utf-32", "cp850", "mac_roman"])
def test_encodings_of_whole_files(sqlite: Engine, tmp_path: Path, encoding: str) -> None:
    text = "Name\tTitle\tCompany\r\nZoë Müller\tGeschäftsführerin\tQuill\r\n"
    (tmp_path / "people.txt").write_bytes(text.encode(encoding))
    import_file(sqlite, tmp_path / "people.txt")
    assert stored(sqlite) == [("Zoë Müller", "Geschäftsführerin")]


def test_what_is_no_table_is_named(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "Name,Title\n")
        archive.writestr("b.csv", "Name,Title\n")
    for content, complaint in (
        (b"BEGIN:VCARD\nVERSION:3.0\n", "business cards"),
        (b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(range(32)) * 40, "old Excel"),
        (bytes([1, 2, 3, 200]) * 200, "is no text"),
        (b"SQLite format 3\0" + bytes(600), "is a database"),
        (b"BZh91AY&SY" + bytes(range(99)), "is packed"),
        (b"MIME-Version: 1.0\n\n<html>", "no list of people"),
        (b"  <!-- list --><div>", "web page"),
        (packed.getvalue(), r"holds a\.csv, b\.csv"),
    ):
        (tmp_path / "people.csv").write_bytes(content)
        with pytest.raises(FileError, match=complaint) as raised:
            read_people(tmp_path / "people.csv", NOWHERE)
        assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("content", "warning"),
    [("Name,Company,Email\nAnn,Quill,a@q.example\n", "a job title"),
     ("Name,Title,Company\nAnn,CFO,Quill\n", "nobody can be reached"),
     ("Name,Title,Company,Email\nAnn,Dr.,Quill,a@q.example\n", "no row has a job title"),
     ("Firma,Wer,Was\nQuill,Ann,CFO\n", "taken for a list of companies")],
)  # fmt: skip
def test_a_file_that_lacks_something_is_warned_about(
    sqlite: Engine, tmp_path: Path, content: str, warning: str
) -> None:
    (tmp_path / "people.csv").write_text(content)
    report = import_file(sqlite, tmp_path / "people.csv")
    assert any(note.startswith("Warning") and warning in note for note in report.notes)
