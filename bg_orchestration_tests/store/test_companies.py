"""The directory on both databases."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from bg_orchestration.domain.model import Company, ContactPoint, Person
from bg_orchestration.store import companies as directory
from bg_orchestration.store.companies import Employee
from bg_orchestration.store.company_search import ListedCompany, listing
from bg_orchestration.store.contact_points import contacts_of
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.store.schema.tables import (
    companies,
    contact_points,
    employments,
    metadata,
    people,
)

ACME = Company(company_id="acme", name="Acme, Inc.", domain="acme.example", employee_count=50)
ANN = Person(person_id="p-ann", name="Ann Lee", title="CFO", department="Finance", country="GB")
BOB = Person(person_id="P-bob", name="Bob Ray", started_on="2021-03")


def email(person_id: str, value: str, **more: Any) -> ContactPoint:
    return ContactPoint(person_id=person_id, kind="email", value=value, source="test", **more)


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=str)
            for table in metadata.sorted_tables
        }


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with writing(engine) as connection:
        assert directory.save_companies(connection, [ACME], "test") == ["new"]
        employees = [
            Employee(
                "acme", ANN, "https://www.linkedin.com/in/ann", (email("p-ann", "a@x.example"),)
            ),
            Employee("acme", BOB),
        ]
        assert directory.save_employees(connection, employees, "test") == ["new", "new"]
    return engine


def test_what_was_saved_is_read(filled: Engine) -> None:
    with reading(filled) as connection:
        assert directory.company(connection, "acme") == ACME
        assert directory.company(connection, "other") is None
        # Capitals first, whatever the database's collation says.
        assert directory.people_of(connection, "acme") == [BOB, ANN]
        assert directory.people_of(connection, "other") == []
        assert contacts_of(connection, ["p-ann", "P-bob", "nobody"]) == [
            email("p-ann", "a@x.example")
        ]
        assert contacts_of(connection, []) == []
        assert [tuple(vars_of) for vars_of in _listed(listing(connection))] == [
            ("acme", "Acme, Inc.", "acme.example", 50, 2, True)
        ]


def _listed(found: list[ListedCompany]) -> list[tuple[Any, ...]]:
    return [
        (one.company_id, one.name, one.domain, one.employee_count, one.people, one.followed)
        for one in found
    ]


def test_contacts_come_by_person_kind_and_value(filled: Engine) -> None:
    points = (
        ContactPoint(person_id="p-ann", kind="phone", value="+12025550112", source="test"),
        email("p-ann", "b@x.example", type="work", status="verified"),
    )
    with writing(filled) as connection:
        directory.save_employees(connection, [Employee("acme", ANN, None, points)], "test")
        found = contacts_of(connection, ["p-ann"])
    assert found == [email("p-ann", "a@x.example"), points[1], points[0]]


def test_saving_the_same_again_writes_nothing(filled: Engine) -> None:
    before = everything(filled)
    with writing(filled) as connection:
        assert directory.save_companies(connection, [ACME], "other") == ["unchanged"]
        assert directory.save_employees(
            connection,
            [Employee("acme", ANN, None, (email("p-ann", "A@x.example"),)), Employee("acme", BOB)],
            "other",
        ) == ["unchanged", "unchanged"]
    assert everything(filled) == before


def test_what_is_not_said_leaves_what_is_known(filled: Engine) -> None:
    before = everything(filled)
    with writing(filled) as connection:
        bare = Company(company_id="acme", name="Acme, Inc.")
        assert directory.save_companies(connection, [bare], "test") == ["unchanged"]
        ann = Person(person_id="p-ann", name="Ann Lee")
        assert directory.save_employees(connection, [Employee("acme", ann)], "test") == [
            "unchanged"
        ]
    assert everything(filled) == before


def test_what_differs_is_replaced_or_only_added(filled: Engine) -> None:
    said = Company(company_id="acme", name="ACME Group", domain="acme.test", industry="Food")
    with writing(filled) as connection:
        assert directory.save_companies(connection, [said], "b", replace=False) == ["changed"]
        added = ACME.model_copy(update={"industry": "Food"})
        assert directory.company(connection, "acme") == added
        assert directory.save_companies(connection, [said], "b") == ["changed"]
        assert directory.company(connection, "acme") == said.model_copy(
            update={"employee_count": 50}
        )
        assert [one.folded_name for one in directory.company_identities(connection)] == [
            "acmegroup"
        ]


def test_only_the_rows_that_differ_are_told_as_changed(filled: Engine) -> None:
    promoted = Employee("acme", BOB.model_copy(update={"title": "CEO"}))
    reached = Employee("acme", ANN, None, (email("p-ann", "new@x.example"),))
    renamed = Employee("acme", ANN.model_copy(update={"name": "Ann Day"}))
    with writing(filled) as connection:
        for one in (promoted, reached, renamed):
            assert directory.save_employees(connection, [one], "test") == ["changed"]
            assert directory.save_employees(connection, [one], "test") == ["unchanged"]
        names = {one.name: one.title for one in directory.people_of(connection, "acme")}
    assert names == {"Ann Day": "CFO", "Bob Ray": "CEO"}


def test_a_job_that_a_file_changes_no_longer_reflects_an_event(filled: Engine) -> None:
    with writing(filled) as connection:
        connection.execute(update(employments).values(as_of=clock(connection)))
        directory.save_employees(connection, [Employee("acme", BOB)], "file")
        stamps = select(employments.c.as_of).where(employments.c.person_id == "P-bob")
        assert connection.scalar(stamps) is not None
        back = Employee("acme", BOB.model_copy(update={"title": "CEO"}))
        directory.save_employees(connection, [back], "file")
        assert connection.scalar(stamps) is None


def test_a_job_ends_and_begins_again(filled: Engine) -> None:
    with writing(filled) as connection:
        directory.end_jobs(connection, "acme", {"p-ann"})
        assert directory.people_of(connection, "acme") == [BOB]
        assert list(directory.current_jobs(connection, ["acme", "x"])) == [("acme", "P-bob")]
        assert _listed(listing(connection))[0][4] == 1
        again = directory.save_employees(connection, [Employee("acme", ANN)], "test")
        assert again == ["changed"]
        assert directory.people_of(connection, "acme") == [BOB, ANN]


def test_one_person_at_two_companies_is_one_person(filled: Engine) -> None:
    with writing(filled) as connection:
        directory.save_companies(connection, [Company(company_id="beta", name="Beta")], "test")
        twice = [Employee("beta", ANN), Employee("acme", ANN)]
        assert directory.save_employees(connection, twice, "test") == ["new", "unchanged"]
        assert directory.people_of(connection, "beta") == [ANN]
        assert len(connection.execute(select(people)).all()) == 2


def test_followed_ids_leave_out_the_archived(filled: Engine) -> None:
    with writing(filled) as connection:
        named = [Company(company_id=name, name=name) for name in ("b", "A", "c")]
        directory.save_companies(connection, named, "test")
        connection.execute(update(companies).where(companies.c.name == "b").values(followed=False))
        assert directory.followed_ids(connection) == ["A", "acme", "c"]
        directory.save_companies(
            connection, [Company(company_id="b", name="b", country="DE")], "test"
        )
        assert "b" not in directory.followed_ids(connection)


def test_many_people_go_in_and_come_out_in_pieces(engine: Engine) -> None:
    crowd = [
        Employee(
            "acme",
            Person(person_id=f"p{n:05}", name=f"Person {n}"),
            None,
            (email(f"p{n:05}", f"p{n}@x.example"),),
        )
        for n in range(2_500)
    ]
    with writing(engine) as connection:
        directory.save_companies(connection, [ACME], "test")
        assert set(directory.save_employees(connection, crowd, "test")) == {"new"}
        assert set(directory.save_employees(connection, crowd, "test")) == {"unchanged"}
        found = directory.people_of(connection, "acme")
        assert found == [one.person for one in crowd]
        assert len(contacts_of(connection, (one.person_id for one in found))) == 2_500
        directory.end_jobs(connection, "acme", {one.person_id for one in found[1:]})
        assert directory.people_of(connection, "acme") == found[:1]


def test_a_contact_of_an_event_keeps_its_place(filled: Engine) -> None:
    with writing(filled) as connection:
        connection.execute(
            insert(contact_points),
            {"person_id": "P-bob", "kind": "email", "value": "Bob@x.example", "source": "event"},
        )
        told = email("P-bob", "bob@x.example", status="verified")
        saved = directory.save_employees(connection, [Employee("acme", BOB, None, (told,))], "test")
        assert saved == ["changed"]
        assert contacts_of(connection, ["P-bob"]) == [
            email("P-bob", "Bob@x.example", status="verified")
        ]
