"""Shapes of files that people have been seen with: each is a class, not one file."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bg_orchestration.importing.cells import (
    clean,
    read_emails,
    read_job_title,
    read_profile,
)
from bg_orchestration.importing.csv_tables import Row
from bg_orchestration.importing.dates import is_ambiguous_date, read_start
from bg_orchestration.importing.files import open_table
from bg_orchestration.importing.headers import FileError, load_aliases, match_columns
from bg_orchestration.importing.importer import import_file
from bg_orchestration.importing.people_file import PeopleFile, read_people
from bg_orchestration.importing.text_encoding import find_encoding
from bg_orchestration.store.database import engine_for, reading
from bg_orchestration.store.schema.tables import companies, contact_points, people

ALIASES = load_aliases()
NOWHERE = Path("/nonexistent/headers.yaml")


@pytest.fixture
def sqlite(fresh_sqlite: Path) -> Any:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    yield engine
    engine.dispose()


def write(tmp_path: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path: Path, content: str | bytes, name: str = "people.csv") -> PeopleFile:
    return read_people(write(tmp_path, content, name), NOWHERE)


def titles_of(file: PeopleFile) -> list[tuple[str, str]]:
    return [(person.name, person.title) for person in file.people]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("above", ["", "Contacts export 28.11.2026\n\n", "sep=X\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_line_end_and_line_above(
    tmp_path: Path, separator: str, above: str, end: str
) -> None:
    rows = separator.join(("Name", "Title")) + "\n" + separator.join(("Ann Lee", "CFO")) + "\n"
    content = (above.replace("X", separator) + rows).replace("\n", end)
    assert titles_of(read(tmp_path, content)) == [("Ann Lee", "CFO")]


HEADERS = {
    "de": "Anrede;Vorname;Nachname;Firma;Abteilung;Position;E-Mail geschäftlich",
    "fr": "Titre;Prénom;Nom;Société;Service;Titre/fonction;Adresse de messagerie",
    "it": "Titolo;Nome;Cognome;Società;Reparto;Posizione;Indirizzo posta elettronica",
    "nl": "Titel;Voornaam;Achternaam;Bedrijf;Afdeling;Functie;E-mailadres",
    "es": "Tratamiento;Nombre;Apellidos;Empresa;Departamento;Puesto;Correo electrónico",
    "pt": "Título;Nome;Apelido;Empresa;Departamento;Cargo;Endereço de e-mail",
    "en": "Title;First Name;Last Name;Company;Department;Job Title;E-mail Address",
}


@pytest.mark.parametrize("language", HEADERS)
def test_headers_in_seven_languages_with_a_form_of_address(
    sqlite: Engine, tmp_path: Path, language: str
) -> None:
    content = f"{HEADERS[language]}\nDr.;Noor;Exemplar;Quill;Finance;CFO;noor@quill.example\n"
    report = import_file(sqlite, write(tmp_path, content))
    assert report.new == 1
    assert {"title", "company", "email", "department"} <= report.mapping.keys()
    assert titles_of(read(tmp_path, content)) == [("Noor Exemplar", "CFO")]


@pytest.mark.parametrize("cell", ["Dr.", "Mr.", "Mme", "Prof. Dr.", "Frau", "Sig.ra", " M. "])
def test_a_form_of_address_is_no_title(tmp_path: Path, cell: str) -> None:
    assert read_job_title(cell) is None
    rows = f"Name,Title,Position\nAnn,{cell},\nBob,{cell},CFO\n"
    assert titles_of(read(tmp_path, rows)) == [("Ann", ""), ("Bob", "CFO")]


@given(st.sampled_from("\u200b\ufeff\u00ad\u200e\u2060"), st.integers(0, 12))
def test_invisible_characters_change_nothing(mark: str, at: int) -> None:
    title = "Head of IT"
    assert read_job_title(title[:at] + mark + title[at:]) == title
    address = "noor@quill.example"
    assert list(read_emails(address[:at] + mark + address[at:])) == [address]


def test_people_with_invisible_characters_are_the_same_people(
    sqlite: Engine, tmp_path: Path
) -> None:
    header = "Name,Title,Company,Email\n"
    import_file(sqlite, write(tmp_path, header + "Pia Muster,CEO,Quill,pia@quill.example\n"))
    again = "Pia\u200b Mus\u00adter,C\u200bEO,Quill,\ufeffpia@quill.example\u00a0\n"
    assert import_file(sqlite, write(tmp_path, header + again)).unchanged == 1


def test_html_entities_are_decoded_once(sqlite: Engine, tmp_path: Path) -> None:
    content = (
        "Name,Title,Company\nJ&uuml;rgen M&#252;ller,Gesch&auml;ftsf&uuml;hrer,Smith &amp; Sons\n"
        "Max Muster,VP&nbsp;Sales,Smith & Sons\n"
        "Pia O&#39;Sample,R&amp;D Lead,Smith &amp; Sons\n"
    )
    report = import_file(sqlite, write(tmp_path, content))
    assert (report.new, report.new_companies) == (3, 1)
    assert titles_of(read(tmp_path, content))[:2] == [
        ("Jürgen Müller", "Geschäftsführer"), ("Max Muster", "VP Sales"),
    ]  # fmt: skip
    assert clean("AT&T; R&D &amp;lt;") == "AT&T; R&D &lt;"


NAMES = {
    "cp1252": ["Zoë Müller", "François Lefèvre", "Iñaki Núñez", "Søren Åkesson"],
    "cp1250": ["Jiří Dvořák", "Łukasz Wójcik", "Černý Šťastný", "Kovács Ödön Szűcs"],
    "mac_roman": ["Zoë Müller", "François Lefèvre", "Iñaki Núñez"],
    "cp1251": ["Иван Петров", "Ольга Щукина"],
}


@pytest.mark.parametrize("code_page", NAMES)
def test_an_old_code_page_is_found_by_its_letters(tmp_path: Path, code_page: str) -> None:
    content = "Name,Title\n" + "".join(f"{name},CFO\n" for name in NAMES[code_page])
    file = read(tmp_path, content.encode(code_page))
    assert [person.name for person in file.people] == NAMES[code_page]
    assert f"read as {code_page}" in file.notes[0]
    forced = read_people(write(tmp_path, content.encode(code_page)), NOWHERE, code_page)
    assert [person.name for person in forced.people] == NAMES[code_page]


@given(st.lists(st.sampled_from(NAMES["cp1252"] + NAMES["cp1250"]), min_size=1))
def test_utf_8_stays_utf_8_beside_odd_bytes(names: list[str]) -> None:
    good = ",".join(names).encode()
    found = find_encoding(io.BytesIO(good + b",Ren\xe9 Exemple"))
    text = (good + b",Ren\xe9 Exemple").decode("utf-8", "surrogateescape")
    assert (found.label, found.mixed, found.odd_bytes) == ("utf-8", True, 1)
    assert found.repair(text).startswith(",".join(names))


def test_a_file_that_was_cut_off_says_so(tmp_path: Path) -> None:
    file = read(tmp_path, "Name,Title\nBjörn Beispiel,CFO\nJö".encode()[:-1])
    assert file.people[0].name == "Björn Beispiel"
    assert any("cut off" in note for note in file.notes)


FOOTER = (
    '\n\n"Contacts by account"\n"Copyright (c) 2000-2026 vendor, inc."\n'
    '"Confidential Information - Do Not Distribute"\n"Quillfern Robotics"\n'
)


@pytest.mark.parametrize("footer", [FOOTER, "Total,2,\nGrand Total (2 records),,\n", "Summe,2,\n"])
def test_a_footer_is_no_person(sqlite: Engine, tmp_path: Path, footer: str) -> None:
    content = f"Name,Title,Email\nNoor Exemplar,CFO,n@quill.example\nIan Total,CTO,\n{footer}"
    file = read(tmp_path, content)
    assert titles_of(file) == [("Noor Exemplar", "CFO"), ("Ian Total", "CTO")]
    assert "footer" in file.notes[0]
    report = import_file(sqlite, write(tmp_path, content), company_id="quill")
    assert (report.rows, report.new, len(report.notes)) == (2, 2, 1)


def test_a_gap_between_people_is_no_footer(tmp_path: Path) -> None:
    content = "Name,Title\nAnn,CFO\n\nBob,\n\nCy,CTO\n"
    assert [name for name, _ in titles_of(read(tmp_path, content))] == ["Ann", "Bob", "Cy"]


PERSON = {"full_name": "Noor Exemplar", "job_title": "CFO", "job_company_name": "Quill"}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "document",
    [PERSON, [PERSON], {"data": [PERSON], "status": 200}, {"people": [PERSON], "pagination": {}},
     {"hits": [{"_source": PERSON}]},
     {"full_name": "Noor Exemplar", "experience": [
         {"active_experience": 0, "position_title": "Analyst", "company_name": "Old Co"},
         {"active_experience": 1, "position_title": "CFO", "company_name": "Quill"}]},
     {"full_name": "Noor Exemplar", "experience": [
         {"title": {"name": "Analyst"}, "company": {"name": "Old Co"}, "end_date": "2021"},
         {"title": {"name": "CFO"}, "company": {"name": "Quill"}, "end_date": None}]}],
)  # fmt: skip
def test_json_as_providers_answer(tmp_path: Path, document: Any, indent: int | None) -> None:
    file = read(tmp_path, json.dumps(document, indent=indent), "people.json")
    assert titles_of(file) == [("Noor Exemplar", "CFO")]
    assert file.name == "Quill"


@pytest.mark.parametrize(
    "url",
    ["https://www.LinkedIn.com/in/noor-exemplar",
     "linkedin.com/in/noor-exemplar?trk=public_profile",
     "https://linkedin.com/mwlite/in/noor-exemplar", "https://www.linkedin.com//in/noor-exemplar/",
     "http://de.linkedin.com/in/Noor-Exemplar/en", "linkedin.com/comm/in/noor%2Dexemplar#about",
     " https://m.linkedin.com/in/noor-exemplar ", "\u200bhttps://linkedin.com/in/noor-exemplar",
     "<https://www.linkedin.com/in/noor-exemplar>", "[Noor](https://linkedin.com/in/noor-exemplar)",
     "linkedin.com/in/noor-exemplar; x.com/noor", "linkedin.com/in/noor-exemplar&trk=x",
     "/in/noor-exemplar", "https://www.linkedin.com/#!/in/noor-exemplar",
     "linkedin.com/in/@noor-exemplar",
     "https%3A%2F%2Fwww.linkedin.com%2Fin%2Fnoor-exemplar", "linkedin.cn/incareer/in/noor-exemplar",
     "https://www.google.com/url?q=https://www.linkedin.com/in/noor-exemplar&sa=D",
     "linkedin.com/in/noor%252Dexemplar", "linkedin.com/mynetwork/in/noor-exemplar."],
)  # fmt: skip
def test_a_profile_is_one_in_every_spelling(url: str) -> None:
    assert read_profile(url) == ("noor-exemplar", None)


def test_old_profile_links_of_namesakes_stay_apart() -> None:
    slug, _ = read_profile("https://uk.linkedin.com/pub/ann-lee/1a/2b3/4c5")
    assert slug == "ann-lee-4c52b31a"
    assert read_profile("https://uk.linkedin.com/pub/ann-lee/1a/2b3/4c6")[0] != slug


@pytest.mark.parametrize(
    ("cell", "start"),
    [("Jan 2021 - Present", "2021-01"), ("45678.0", "2025-01-21"), ("März 2021", "2021-03"),
     ("Dez. 2020", "2020-12"), ("févr. 2022", "2022-02"), ("enero de 2021", "2021-01"),
     ("gennaio 2021", "2021-01"), ("1er août 2020", "2020-08-01"), ("maart 2021", "2021-03"),
     ("15 de março de 2021", "2021-03-15"), ("2021/03/15", "2021-03-15"), ("Mar-21", "2021-03"),
     ("03/15/21", "2021-03-15"), ("2021年3月", "2021-03"), ("since 2019", "2019"),
     ("Q1 2021", "2021"), ("March 15th, 2021", "2021-03-15"), ("15-Mar-2021", "2021-03-15"),
     ("1614556800", "2021-03-01"), ("1614556800000", "2021-03-01"), ("20210315", "2021-03-15"),
     ("2021-03-15 00:00:00 UTC", "2021-03-15"), ("Sept 2021", "2021-09"), ("current", None),
     ("0000-00-00", None), ("1900-01-00", None), ("January, 2021", "2021-01"),
     ("Mar 15 2021", "2021-03-15"), ("15 Mar 21", "2021-03-15"), ("15/Mar/2021", "2021-03-15"),
     ("2021-Mar-15", "2021-03-15"), ("Monday, March 15, 2021", "2021-03-15"),
     ("lundi 15 mars 2021", "2021-03-15"),
     ("Mon Mar 15 2021 00:00:00 GMT+0000 (UTC)", "2021-03-15"),
     ("1º de março de 2021", "2021-03-01"), ("1 de marzo del 2021", "2021-03-01"),
     ("da gennaio 2019", "2019-01"), ("2019-2021", "2019"), ("202103", "2021-03"),
     ("2021-03-00", "2021-03"), ("2021 Q2", "2021"), ("H1 2021", "2021"), ("ca. 2021", "2021"),
     ("Anfang 2021", "2021"), ("2021\u201103\u201115", "2021-03-15"), ("2021 年 3 月", "2021-03"),
     ("0001-01-01", None), ("9999-12-31", None), ("1970-01-01", None)],
)  # fmt: skip
def test_dates_as_tools_and_people_write_them(cell: str, start: str | None) -> None:
    assert read_start(cell) == start


@given(st.dates())
def test_the_day_goes_first_where_both_can(day: Any) -> None:
    cell = f"{day.day:02}/{day.month:02}/{day.year:04}"
    assert read_start(cell) == day.isoformat()
    assert is_ambiguous_date(cell) is (day.day <= 12 and day.day != day.month)


def test_an_ambiguous_date_is_reported(sqlite: Engine, tmp_path: Path) -> None:
    content = "Name,Title,Company,Start Date\nAnn,CFO,Acme,03/04/2021\nBob,CTO,Acme,2020\n"
    note, _warning = import_file(sqlite, write(tmp_path, content)).notes
    assert "'03/04/2021' in line 2 is 2021-04-03" in note
    assert any("the day was taken first" in note for note in read(tmp_path, content).notes)


@pytest.mark.parametrize(
    "cell",
    ["a@quill.example ::: b@quill.example", "a@quill.example\nb@quill.example",
     "a@quill.example / b@quill.example", "a@quill.example|b@quill.example",
     "Ann Lee <a@quill.example>; b@quill.example", "a@quill.example b@quill.example",
     "work:a@quill.example und 'b@quill.example'", "a@quill.example/b@quill.example",
     "MAILTO:a@quill.example?subject=x; b@quill.example.", "a@quill.example · b@quill.example"],
)  # fmt: skip
def test_every_address_of_a_cell_is_kept(sqlite: Engine, tmp_path: Path, cell: str) -> None:
    assert list(read_emails(cell)) == ["a@quill.example", "b@quill.example"]
    content = f'Name,Title,Company,Email,Email\nAnn,CFO,Quill,,"{cell}"\n'
    assert not import_file(sqlite, write(tmp_path, content)).unread
    with reading(sqlite) as connection:
        values = connection.scalars(select(contact_points.c.value)).all()
    assert sorted(values) == ["a@quill.example", "b@quill.example"]


def test_the_table_in_a_zip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Connections.csv", "First Name,Last Name,Position\nAnn,Lee,CFO\n")
        archive.writestr("messages.csv", "a,b\n")
    assert titles_of(read_people(path, NOWHERE)) == [("Ann Lee", "CFO")]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "a\n")
        archive.writestr("two.csv", "a\n")
    with pytest.raises(FileError, match=r"holds one\.csv, two\.csv\. Unpack it"):
        read_people(path, NOWHERE)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"<html><head></head><body><table>", "web page"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
     (b"%PDF-1.7", "PDF"), (b"PK\x03\x04\x14\x00", "workbook")],
)  # fmt: skip
def test_what_is_no_table_gets_one_sentence(tmp_path: Path, content: bytes, complaint: str) -> None:
    with pytest.raises(FileError, match=complaint) as raised:
        read(tmp_path, content, "report.xls")
    assert str(raised.value).isprintable()


def test_a_long_cell_is_read_and_a_longer_one_says_why(tmp_path: Path) -> None:
    content = f"Name,Title\nAnn,{'x' * 200_000}\nBob,CFO\n"
    with open_table(write(tmp_path, content), ALIASES.known_headers()) as table:
        rows = list(table.rows)
    assert all(isinstance(row, Row) for row in rows)
    longer = read(tmp_path, f"Name,Title\nAnn,{'x' * 5_000_000}\nBob,CFO\n")
    assert [name for name, _ in titles_of(longer)] == ["Bob"]
    assert "a cell has more than 4,194,304 characters" in longer.notes[0]


@pytest.mark.parametrize("column", ["id", "ID", "Contact ID"])
def test_an_id_of_another_tool_overwrites_nobody(
    sqlite: Engine, tmp_path: Path, column: str
) -> None:
    import_file(sqlite, write(tmp_path, f"{column},Name,Title,Company\n17,Noor Exemplar,CFO,A\n"))
    renamed = f"{column},Name,Title,Company\n17,Noor Exemplar-Berg,CFO,A\n"
    assert import_file(sqlite, write(tmp_path, renamed)).changed == 1
    other = f"{column},Name,Title,Company\n17,Ian Sampleton,CTO,B\n18,Mara Probst,CHRO,B\n"
    report = import_file(sqlite, write(tmp_path, other))
    assert (report.new, [one.line for one in report.skipped]) == (1, [2])
    assert (
        "17 is known as Noor Exemplar-Berg, and here as Ian Sampleton" in report.skipped[0].reason
    )
    ours = "person_id,Name,Title,Company\n17,Ian Sampleton,CTO,B\n"
    assert import_file(sqlite, write(tmp_path, ours)).new == 1
    with reading(sqlite) as connection:
        assert len(connection.execute(select(people)).all()) == 2
        assert len(connection.execute(select(companies)).all()) == 2


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    content = "My list\n\nName;Title\nAnn;CFO\n".encode("utf-16")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert titles_of(read_people(Path("-"), NOWHERE)) == [("Ann", "CFO")]


def test_google_contacts_in_both_forms() -> None:
    new = "First Name,Last Name,Organization Name,Organization Title"
    old = "Given Name,Family Name,Organization 1 - Name,Organization 1 - Title"
    for header in (new, old):
        columns = match_columns(f"{header},E-mail 1 - Value,Phone 1 - Value".split(","), ALIASES)
        assert columns.fields.keys() >= {"title", "company", "email", "phone", "last_name"}
        assert not columns.unmatched
