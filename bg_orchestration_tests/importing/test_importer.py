"""Exports of the known tools, with invented people, on their way into the database."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bg_orchestration.domain.model import Company
from bg_orchestration.importing.headers import FileError
from bg_orchestration.importing.importer import import_file
from bg_orchestration.store.companies import company, followed_ids, people_of
from bg_orchestration.store.contact_points import contacts_of
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.schema.tables import (
    employments,
    metadata,
    people,
)

APOLLO = """\
First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Seniority,\
Departments,Mobile Phone,Work Direct Phone,Do Not Call,# Employees,Industry,Person Linkedin Url,\
Website,Company Linkedin Url,City,Country,Company Country,Annual Revenue,Apollo Contact Id,\
Apollo Account Id
Ann,Lee,Chief Financial Officer,Acme Inc,Acme,Ann.Lee@Acme.example,Verified,C suite,Finance,\
'+1 202 555 0112,,true,"1,200",mining,http://www.linkedin.com/in/Ann-Lee,https://www.acme.example,\
http://www.linkedin.com/company/acme,Leeds,United Kingdom,United States,9000000,c1,a1
Bob,Ray,VP Sales,Acme Inc,Acme,email_not_unlocked@domain.com,,Vp,Sales,,202-555-0113,,"1,200",\
mining,,https://www.acme.example,,,,,,c2,a1
"""
ZOOMINFO = """\
ZoomInfo Contact ID,Last Name,First Name,Job Title,Management Level,Department,Email Address,\
Direct Phone Number,Job Start Date,Country,ZoomInfo Company ID,Company Name,Website,\
Revenue (in 000s USD),Employees,Employee Range,Primary Industry,LinkedIn Contact Profile URL
77,Lee,Ann,CFO,C-Level,Finance,ann.lee@acme.example,(0044) 20 7946 0123,2021-05-01,United Kingdom,\
9,Acme,www.acme.example,"45,000",1200,"1,000 - 5,000",Mining,
"""
HUBSPOT_ES = """\
ID de registro,Nombre,Apellidos,Correo,Cargo,Número de teléfono,País/región,Nombre de la empresa,\
Nombre de dominio de la empresa,Sector,Associated Company IDs,Zapatos
51,Lucía,Peñafiel,lucia@acme.example;l.p@gmail.com,Directora de compras,,España,Acme,acme.example,\
Minería,901;902,38
"""
EVABOOT = (
    "Matches Filters\tFirst Name\tLast Name\tFull Name\tCurrent Job\tEmail\tEmail Status\t"
    "Linkedin URL Unique ID\tLinkedin URL Public\tCompany Name\tCompany Domain\t"
    "Company Employee Exact Count\tDepartment Headcounts\tYears in Position\n"
    "YES\tAnn\tLee\tAnn Lee\tCFO\tann@acme.example\tsafe\t"
    "https://www.linkedin.com/in/ACwAAB12345abcde\thttps://www.linkedin.com/in/ann-lee\tAcme\t"
    'acme.example\t1200\t"Sales: 5\nIT: 3"\t2\n'
    "NO\tBob\tRay\tBob Ray\tCTO\t\t\t\t\tOther\tother.example\t5\t\t1\n"
)
PHANTOM = """\
vmid,firstName,lastName,fullName,title,companyName,companyId,companyUrl,regularCompanyUrl,summary,\
durationInRole,industry,location,linkedInProfileUrl,profileUrl,timestamp
ACwAAB12345abcde,Ann,Lee,Ann Lee,CFO,Acme,4242,https://www.linkedin.com/sales/company/4242,\
https://www.linkedin.com/company/4242,"Hi,
I count",2 years 3 months,Mining,Leeds,,\
"https://www.linkedin.com/sales/lead/ACwAAB12345abcde,NAME_SEARCH,x",2026-06-30T10:00:00.000Z
"""
CONNECTIONS = """\
Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ann,Lee,https://www.linkedin.com/in/ann-lee,,Acme,CFO,15 Mar 2024
"""
PRONTO = """\
first name,last name,linkedin profile url,job title,company cleaned name,company linkedin id url,\
company domain,start date job,employee count,all phones
Ann,Lee,https://www.linkedin.com/in/ann-lee,CFO,Acme,https://www.linkedin.com/company/4242,\
acme.example,03/2021,1200,"+12025550112, +12025550113"
"""


@pytest.fixture
def sqlite(fresh_sqlite: Path) -> Any:
    engine = engine_for(f"sqlite:///{fresh_sqlite}")
    yield engine
    engine.dispose()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(content: str, name: str = "people.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return written


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
            for table in metadata.sorted_tables
        }


def told(engine: Engine, company_id: str) -> list[tuple[str, str, str, str | None]]:
    with reading(engine) as connection:
        return [
            (one.person_id, one.name, one.title, one.started_on)
            for one in people_of(connection, company_id)
        ]


def points(engine: Engine, person_id: str) -> list[tuple[str, str | None, str | None]]:
    with reading(engine) as connection:
        return [(p.value, p.type, p.status) for p in contacts_of(connection, [person_id])]


def test_apollo(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write(APOLLO))
    assert (report.kind, report.new, report.skipped, report.unmatched) == ("people", 2, [], [])
    assert told(sqlite, "acme.example") == [
        ("apollo-c2", "Bob Ray", "VP Sales", None),
        ("li-ann-lee", "Ann Lee", "Chief Financial Officer", None),
    ]
    assert points(sqlite, "li-ann-lee") == [
        ("Ann.Lee@acme.example", "work", "Verified"),
        ("+12025550112", "mobile", "do_not_call"),
    ]
    assert points(sqlite, "apollo-c2") == [("202-555-0113", "direct", "not_e164")]
    with reading(sqlite) as connection:
        assert company(connection, "acme.example") == Company(
            company_id="acme.example", name="Acme Inc", domain="acme.example",
            employee_count=1200, industry="mining", country="United States",
        )  # fmt: skip
        url = select(people.c.linkedin_url).where(people.c.person_id == "li-ann-lee")
        assert connection.scalar(url) == "https://www.linkedin.com/in/ann-lee"


def test_zoominfo_revenue_in_thousands_is_no_head_count(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write(ZOOMINFO))
    assert report.unmatched == []
    assert told(sqlite, "acme.example") == [("zoominfo-77", "Ann Lee", "CFO", "2021-05-01")]
    assert points(sqlite, "zoominfo-77")[1] == ("+442079460123", "direct", None)
    with reading(sqlite) as connection:
        found = company(connection, "acme.example")
    assert found is not None
    assert (found.employee_count, found.industry) == (1200, "Mining")


def test_hubspot_in_spanish(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write(HUBSPOT_ES, encoding="utf-8-sig"))
    assert report.unmatched == ["Zapatos"]
    assert told(sqlite, "acme.example")[0][:3] == (
        "hubspot-51", "Lucía Peñafiel", "Directora de compras",
    )  # fmt: skip
    assert points(sqlite, "hubspot-51") == [
        ("l.p@gmail.com", "personal", None),
        ("lucia@acme.example", "work", None),
    ]


def test_evaboot_in_utf_16_with_tabs(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write(EVABOOT, encoding="utf-16"))
    assert (report.encoding, report.rows, report.new) == ("utf-16", 2, 1)
    assert [(one.line, "Matches Filters is NO" in one.reason) for one in report.skipped] == [
        (4, True)
    ]
    assert told(sqlite, "acme.example") == [("li-ann-lee", "Ann Lee", "CFO", None)]
    with reading(sqlite) as connection:
        assert followed_ids(connection) == ["acme.example"]


def test_phantombuster(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write(PHANTOM))
    assert (report.new, report.unmatched) == (1, [])
    assert told(sqlite, "li-4242") == [("linkedin-ACwAAB12345abcde", "Ann Lee", "CFO", "2024-03")]


def test_linkedin_connections_and_pronto_know_one_another(sqlite: Engine, write: Any) -> None:
    first = import_file(sqlite, write(PRONTO))
    second = import_file(sqlite, write(CONNECTIONS))
    assert (first.new, second.new, second.unchanged) == (1, 0, 1)
    assert told(sqlite, "acme.example") == [("li-ann-lee", "Ann Lee", "CFO", "2021-03")]
    assert [value for value, _, _ in points(sqlite, "li-ann-lee")] == [
        "+12025550112", "+12025550113",
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing(engine: Engine, write: Any) -> None:
    for at, content in enumerate((APOLLO, ZOOMINFO, HUBSPOT_ES, EVABOOT, PHANTOM)):
        path = write(content, f"{at}.csv")
        first = import_file(engine, path)
        before = everything(engine)
        again = import_file(engine, path.rename(path.with_suffix(".tsv")))
        assert (again.new, again.changed) == (0, 0), path
        assert again.unchanged == first.used > 0
        assert everything(engine) == before


OURS = "person_id,name,title,company_id,company\n"


def test_bad_rows_are_reported_and_the_rest_imported(engine: Engine, write: Any) -> None:
    content = (
        OURS + '1,Ann,"CFO\nand more",acme,Acme\n'  # lines 2 and 3
        "2,,CTO,acme,Acme\n"
        "3,Bob,COO,,\n"
        '4,"Cy,CEO,acme,Acme\n'
        "1,Ann,CEO,acme,Acme\n"
        "6,Di,VP, Sales,acme,Acme\n"
        "7,E\x00d,VP,acme,Acme\n"
        "8,Flo,VP,acme,Acme\n"
    )
    report = import_file(engine, write(content))
    assert {one.line: one.reason.split(":")[0] for one in report.skipped} == {
        4: "no name",
        5: "no company",
        6: "a quote opens here and is never closed",
        7: "the same person and company as line 2, which counts",
        8: "has 6 cells where the header has 5",
        9: "a cell holds a NUL or half of a character",
    }
    assert (report.rows, report.new, report.used) == (8, 2, 2)
    assert [one[1:3] for one in told(engine, "acme")] == [("Ann", "CFO and more"), ("Flo", "VP")]


def test_cells_that_cannot_be_read_stay_empty_and_are_told(sqlite: Engine, write: Any) -> None:
    content = "name,title,email,started_at,company,employees\nAnn,CFO,ann@,soon,Acme,51-200\n"
    report = import_file(sqlite, write(content + "Bob,CTO,bob@,2021,Acme,7\n"))
    assert {field: (one.cells, one.line) for field, one in report.unread.items()} == {
        "email": (2, 2),
        "started_at": (1, 2),
        "employee_count": (1, 2),
    }
    with reading(sqlite) as connection:
        found = company(connection, "acme")
    assert found is not None
    assert found.employee_count == 7


def test_missing_people_keep_their_job_unless_the_file_is_complete(
    engine: Engine, write: Any
) -> None:
    both = OURS + "1,Ann,CFO,acme,Acme\n2,Bob,CTO,acme,Acme\n"
    one = OURS + "1,Ann,CFO,acme,Acme\n"
    elsewhere = import_file(engine, write(OURS + "9,Zoe,CEO,beta,Beta\n"))
    import_file(engine, write(both))
    report = import_file(engine, write(one))
    assert (elsewhere.absent, report.absent, report.ended) == (0, 1, 0)
    torn = import_file(engine, write(one + "2,,CTO,acme,Acme\n"), complete=True)
    assert (torn.absent, torn.ended, len(told(engine, "acme"))) == (1, 0, 2)
    report = import_file(engine, write(one + one.splitlines()[1]), complete=True)
    assert (report.absent, report.ended, len(told(engine, "acme"))) == (1, 1, 1)
    assert len(told(engine, "beta")) == 1
    assert import_file(engine, write(both)).changed == 1
    nobody = import_file(engine, write(OURS), company_id=None, complete=True)
    assert (nobody.rows, nobody.ended, len(told(engine, "acme"))) == (0, 0, 2)


def test_a_dry_run_counts_and_keeps_nothing(engine: Engine, write: Any) -> None:
    before = everything(engine)
    dry = import_file(engine, write(APOLLO), dry_run=True)
    assert (dry.dry_run, dry.new, dry.new_companies) == (True, 2, 1)
    assert everything(engine) == before
    assert import_file(engine, write(APOLLO)).new == 2


def test_an_error_on_the_way_keeps_nothing(engine: Engine, write: Any) -> None:
    before = everything(engine)
    content = OURS + "".join(f"{n},P,CFO,acme,Acme\n" for n in range(2_500))

    def fail(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(engine, write(content), progress=fail)
    assert everything(engine) == before


def test_one_company_for_a_file_that_names_none(sqlite: Engine, write: Any) -> None:
    report = import_file(sqlite, write("name,title\nAnn,CFO\n"), company_id="acme")
    assert (report.new, report.new_companies, len(told(sqlite, "acme"))) == (1, 1, 1)
    with pytest.raises(FileError, match="leave out --company"):
        import_file(sqlite, write(OURS), company_id="acme")


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("title,company\n", "no column holds names"),
        ("name,title\n", "no column names the company"),
        ("colour,taste\n", "no column is known to name a company"),
    ],
)
def test_columns_that_do_not_do(sqlite: Engine, write: Any, header: str, complaint: str) -> None:
    with pytest.raises(FileError, match=rf"people\.csv: {complaint}.*--map.*Columns: {header[:4]}"):
        import_file(sqlite, write(header))


def test_a_file_of_companies_replaces_and_one_of_people_only_adds(
    sqlite: Engine, write: Any
) -> None:
    companies = "id,name,domain,employee_count,industry,country\nacme,Acme,acme.example,50,,GB\n"
    assert import_file(sqlite, write(companies)).kind == "companies"
    import_file(sqlite, write("name,title,company,website,industry,employees\n"
                              "Ann,CFO,ACME Group,acme.example,Mining,70\n"))  # fmt: skip
    with reading(sqlite) as connection:
        known = company(connection, "acme")
        assert known == Company(
            company_id="acme", name="Acme", domain="acme.example", employee_count=50,
            industry="Mining", country="GB",
        )  # fmt: skip
    report = import_file(sqlite, write(companies.replace("50,,GB", "60,,")))
    assert (report.changed, report.new) == (1, 0)
    with reading(sqlite) as connection:
        assert company(connection, "acme") == known.model_copy(update={"employee_count": 60})


def test_json_with_nested_objects(sqlite: Engine, write: Any) -> None:
    content = (
        '[{"name": "Ann Lee", "title": "CFO", "organization": {"name": "Acme", '
        '"primary_domain": "acme.example"}, "emails": null},\n 7]'
    )
    report = import_file(sqlite, write(content, "people.json"))
    assert (report.new, [one.reason for one in report.skipped]) == (1, ["is not a JSON object"])
    assert told(sqlite, "acme.example")[0][1:3] == ("Ann Lee", "CFO")


def test_a_person_at_two_companies_is_told_of_once(sqlite: Engine, write: Any) -> None:
    filler = "".join(f"x{n},P,CFO,acme,Acme\n" for n in range(1_000))
    content = OURS + "1,Ann Lee,CFO,acme,Acme\n" + filler + "1,Ann Day,Board,beta,Beta\n"
    import_file(sqlite, write(content))
    before = everything(sqlite)
    assert import_file(sqlite, write(content)).changed == 0
    assert everything(sqlite) == before
    assert told(sqlite, "beta") == [("1", "Ann Lee", "Board", None)]


def test_an_event_that_agrees_with_the_file_stays_known(sqlite: Engine, write: Any) -> None:
    import_file(sqlite, write(OURS + "1,Ann,CFO,acme,Acme\n"))
    with writing(sqlite) as connection:
        connection.execute(update(employments).values(source="event"))
    before = everything(sqlite)
    assert import_file(sqlite, write(OURS + "1,Ann,CFO,acme,Acme\n")).unchanged == 1
    assert everything(sqlite) == before


def test_headers_of_the_users_own(sqlite: Engine, write: Any, tmp_path: Path) -> None:
    content = "Nimi,Asema,Talo\nAnn,CFO,Acme\n"
    with pytest.raises(FileError, match="Columns: Nimi, Asema, Talo"):
        import_file(sqlite, write(content))
    settled = {"name": "Nimi", "title": "Asema", "company": "Talo"}
    assert import_file(sqlite, write(content), settled=settled, dry_run=True).new == 1
    above = "My list\nof,three,things\n" + content
    assert import_file(sqlite, write(above), settled=settled, dry_run=True).new == 1
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "headers.yaml").write_text(
        "people: {name: [nimi], title: [asema], company: [talo]}", "utf-8"
    )
    assert import_file(sqlite, write(content)).new == 1
    assert told(sqlite, "acme")[0][1:3] == ("Ann", "CFO")


@pytest.mark.parametrize("suffix", ["ltd.uk", "pages.dev", "github.io", "com.au", "example"])
def test_companies_below_one_suffix_stay_apart(sqlite: Engine, write: Any, suffix: str) -> None:
    rows = f"Ann Lee,CFO,https://www.acme.{suffix}/team\nBob Ray,CTO,beta.{suffix}\n"
    report = import_file(sqlite, write(f"Name,Title,Website\n{rows}"))
    assert (report.new, report.new_companies) == (2, 2)
    assert [name for _, name, _, _ in told(sqlite, f"acme.{suffix}")] == ["Ann Lee"]
    assert [name for _, name, _, _ in told(sqlite, f"beta.{suffix}")] == ["Bob Ray"]
