from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bg_orchestration.domain.model import Company, ContactPoint, Person
from bg_orchestration.providers.listing import store_company, store_listing
from bg_orchestration.providers.protocols import FoundCompany, FoundContact, FoundPerson
from bg_orchestration.providers.waterfall import Listing
from bg_orchestration.store import companies as directory
from bg_orchestration.store.companies import Employee, save_companies, save_employees
from bg_orchestration.store.contact_points import (
    add_contacts,
    contacts_of,
    replace_contacts,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.provider_records import (
    company_record,
    employees_of,
    ids_of,
    match_candidates,
    note_record,
    read_at,
)
from bg_orchestration.store.schema.tables import (
    contact_points,
    people,
    provider_records,
)
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, jobs, rows

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ACME = FoundCompany("77", "Acme Inc", "acme.example", employee_count=120, industry="Software")


def listing(
    *found: FoundPerson, unchanged: frozenset[str] = frozenset(), unread: int = 0
) -> Listing:
    return Listing("coresignal", ACME, found, unchanged, unread, NOW)


def someone(source_id: str, name: str, title: str = "VP Sales", **facts: object) -> FoundPerson:
    return FoundPerson(source_id, name, title, **facts)  # type: ignore[arg-type]


def take(engine: Engine, found: Listing, company_id: str = "acme") -> tuple[int, int, int, int]:
    with writing(engine) as connection:
        store_company(connection, company_id, "coresignal", ACME, NOW)
        taken = store_listing(connection, company_id, found, SUPPRESSIONS, NOW, "what is sold")
    return taken.new, taken.changed, taken.left, taken.suppressed


def test_a_listing_makes_people_known_once_and_the_same_again_changes_nothing(
    engine: Engine,
) -> None:
    follow(engine, "acme")
    email = FoundContact("email", "ada@acme.example", status="deliverable")
    found = listing(
        someone("1", "Ada Example", linkedin_url="https://www.linkedin.com/in/ada-example"),
        someone("2", "Bo Example", contacts=(email,), started_on="2024-03"),
    )
    assert take(engine, found) == (2, 0, 0, 0)
    assert set(jobs(engine)) == {("li-ada-example", "acme"), ("coresignal-2", "acme")}
    tables = (people, contact_points, provider_records)
    before = [rows(engine, table) for table in tables]
    assert take(engine, found) == (0, 0, 0, 0)
    assert [rows(engine, table) for table in tables] == before
    with reading(engine) as connection:
        assert employees_of(connection, "coresignal", "acme") == {
            "1": "li-ada-example",
            "2": "coresignal-2",
        }
        record = company_record(connection, "coresignal", "acme")
        assert ids_of(connection, ["coresignal-2"]) == {"coresignal-2": {"coresignal": "2"}}
    assert record is not None
    assert (record.source_id, record.listed_at, record.listed_for) == ("77", NOW, "what is sold")


def test_leavers_are_those_of_the_same_provider_that_it_lists_no_more(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF[:1])
    take(engine, listing(someone("1", "Ada Example"), someone("2", "Bo Example")))
    assert take(engine, listing(unchanged="1")) == (0, 0, 1, 0)
    current = {person_id: job[2] for (person_id, _), job in jobs(engine).items()}
    assert current == {"coresignal-1": True, "coresignal-2": False, "p-ann": True}
    # They come back, as the same person.
    assert take(engine, listing(someone("2", "Bo Example", "CRO"), unchanged="1"))[2] == 0
    assert jobs(engine)["coresignal-2", "acme"] == ("CRO", None, True)


def test_a_record_that_says_they_left_ends_their_job(engine: Engine) -> None:
    follow(engine, "acme")
    take(engine, listing(someone("1", "Ada Example")))
    assert take(engine, listing(someone("1", "Ada Example", present=False)))[2] == 1


def test_an_unread_question_has_the_list_made_from_the_same_day_again(engine: Engine) -> None:
    follow(engine, "acme")
    take(engine, listing(someone("1", "Ada Example"), unread=1))
    with reading(engine) as connection:
        record = company_record(connection, "coresignal", "acme")
    assert record is not None
    assert record.listed_at is None


def test_what_was_read_stands_until_a_preview_tells_of_another_job(engine: Engine) -> None:
    follow(engine, "acme")

    def read() -> dict[tuple[str, str], datetime]:
        with reading(engine) as connection:
            return read_at(connection, ["coresignal-1", "coresignal-2"])

    preview = someone("1", "Ada Example", whole=False, country="Germany")
    take(engine, listing(preview, someone("2", "Bo Example", country="DE", started_on="2024")))
    assert read() == {("coresignal-2", "coresignal"): NOW}
    # The same job, and another name of the country: nothing is news.
    same = someone("2", "Bo Example", whole=False, country="Germany")
    assert take(engine, listing(same, unchanged=frozenset("1"))) == (0, 0, 0, 0)
    assert read() == {("coresignal-2", "coresignal"): NOW}
    with reading(engine) as connection:
        assert [one.country for one in directory.people_of(connection, "acme")] == ["Germany", "DE"]
    assert take(engine, listing(someone("2", "Bo Example", "CRO", whole=False),
                                someone("1", "Ada Example"))) == (0, 1, 0, 0)  # fmt: skip
    assert read() == {("coresignal-1", "coresignal"): NOW}


def test_people_of_files_are_recognized_by_address_page_and_name(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    known = [
        Employee("acme", Person(person_id="crm-1", name="A. Example"), contacts=(
            ContactPoint(person_id="crm-1", kind="email", value="Ada@acme.example", source="x"),)),
        Employee("globex", Person(person_id="crm-2", name="B. Example"),
                 "https://www.linkedin.com/in/bo"),
        Employee("acme", Person(person_id="crm-3", name="CY EXAMPLE")),
        Employee("globex", Person(person_id="crm-4", name="Di Example")),
    ]  # fmt: skip
    with writing(engine) as connection:
        save_employees(connection, known, "file:x")
    found = listing(
        someone("1", "Ada Example", contacts=(FoundContact("email", "Ada@acme.example"),)),
        someone("2", "Bo Example", linkedin_url="https://linkedin.com/in/bo"),
        someone("3", "Cy Example"),
        someone("4", "Di Example"),
    )
    take(engine, found)
    with reading(engine) as connection:
        assert employees_of(connection, "coresignal", "acme") == {
            "1": "crm-1",
            "2": "crm-2",
            "3": "crm-3",
            "4": "coresignal-4",
        }
    # Whoever moved keeps the old job until the old company's list ends it.
    assert jobs(engine)["crm-2", "globex"][2]


def test_what_a_file_said_of_a_company_stands_and_what_the_provider_said_is_renewed(
    engine: Engine,
) -> None:
    with writing(engine) as connection:
        own = Company(company_id="acme", name="Acme", domain="acme.example", industry="Freight")
        save_companies(connection, [own], "file:x")
    for employees in (120, 150):
        with writing(engine) as connection:
            found = FoundCompany(
                "77", "Acme Holding", "acme.example", employee_count=employees, industry="Software"
            )
            store_company(connection, "acme", "coresignal", found, NOW)
        with reading(engine) as connection:
            company = directory.company(connection, "acme")
        assert company is not None
        assert (company.name, company.industry) == ("Acme", "Freight")
        assert company.employee_count == employees


def test_two_of_our_companies_may_be_one_of_the_providers(engine: Engine) -> None:
    follow(engine, "acme", "acme-2")
    for company_id in ("acme", "acme-2"):
        take(engine, listing(someone("1", "Ada Example")), company_id)
    with reading(engine) as connection:
        for company_id in ("acme", "acme-2"):
            assert employees_of(connection, "coresignal", company_id) == {"1": "coresignal-1"}


@pytest.mark.parametrize("number", [0, 2_500])
def test_many_at_once(engine: Engine, number: int) -> None:
    follow(engine, "acme")
    pairs = [(str(n), f"p-{n}") for n in range(number)]
    with writing(engine) as connection:
        for as_of in (NOW, NOW + timedelta(days=1)):
            note_record(connection, "person", "pdl", pairs, as_of)
        assert len(ids_of(connection, [ours for _, ours in pairs])) == number
        assert match_candidates(
            connection, "pdl", "acme", source_ids=[one for one, _ in pairs], slugs=(), emails=()
        ) == []  # fmt: skip


def test_kept_contacts_are_exactly_those(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)

    def point(value: str, **facts: object) -> ContactPoint:
        told: dict[str, object] = {"source": "pdl", "kind": "email", "person_id": "p-ann", **facts}
        return ContactPoint.model_validate({"value": value, **told})

    first = [point("a@x.example", seen_on="2026-11-01"), point("b@x.example")]
    other = point("c@x.example", person_id="p-bob")
    with writing(engine) as connection:
        add_contacts(connection, [other])
        replace_contacts(connection, {"p-ann": first})
    before = rows(engine, contact_points)
    with writing(engine) as connection:
        replace_contacts(connection, {"p-ann": first})
    assert rows(engine, contact_points) == before
    changed = point("A@x.example", verified_on="2026-11-20", status="risky", do_not_contact=True)
    with writing(engine) as connection:
        replace_contacts(connection, {"p-ann": [changed]})
        assert contacts_of(connection, ["p-ann", "p-bob"]) == [changed, other]
