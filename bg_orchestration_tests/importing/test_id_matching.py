import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.cli import bg
from bg_orchestration.domain.model import Company, ContactPoint
from bg_orchestration.importing.id_matching import match_companies, match_people
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.contact_points import add_contacts
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import our_ids
from bg_orchestration_tests.store.rows import STAFF, follow


@pytest.fixture
def directory(engine: Engine) -> Engine:
    follow(engine, "acme", staff=STAFF)
    points = (
        ("p-ann", "ann@acme.example"),
        ("p-bob", "Bob@acme.example"),
        ("p-ann", "sales@acme.example"),
        ("p-bob", "sales@acme.example"),
    )
    with writing(engine) as connection:
        save_companies(
            connection,
            [
                Company(company_id="globex.com", name="Globex", domain="globex.com"),
                Company(company_id="initech", name="Initech", domain="initech.com"),
                Company(company_id="initech-emea", name="Initech EMEA", domain="initech.com"),
            ],
            "test",
        )
        add_contacts(
            connection,
            [
                ContactPoint(person_id=person_id, kind="email", value=email, source="test")
                for person_id, email in points
            ],
        )
    return engine


def test_people_match_by_email_and_companies_by_domain(directory: Engine) -> None:
    with writing(directory) as connection:
        people = match_people(
            connection,
            "hubspot:contact",
            {
                "1": ["ANN@acme.example"],
                "2": ["bob@ACME.example", "other@acme.example"],
                "3": ["sales@acme.example"],
                "4": ["stranger@acme.example"],
                "5": [],
            },
        )
        companies = match_companies(
            connection, "salesforce:account", {"A": ["globex.com"], "B": ["initech.com"], "C": []}
        )
    assert people.matched == {"1": "p-ann", "2": "p-bob"}
    assert people.ambiguous == {"3": ("p-ann", "p-bob")}
    assert companies.matched == {"A": "globex.com"}
    assert companies.ambiguous == {"B": ("initech", "initech-emea")}
    with reading(directory) as connection:
        assert our_ids(connection, "hubspot:contact", "12345") == people.matched


def test_a_match_against_a_mapping_is_a_conflict(directory: Engine) -> None:
    with writing(directory) as connection:
        match_people(connection, "hubspot:contact", {"1": ["ann@acme.example"]})
        again = match_people(connection, "hubspot:contact", {"1": ["bob@acme.example"]})
    [conflict] = again.conflicts
    assert conflict.our_ids == ("p-ann", "p-bob")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(bg, ["external-ids", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_matches_a_file_lists_and_settles(directory: Engine, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Record ID,First Name,Last Name,Email\n"
        "101,Ann,Lee,ann@acme.example\n102,Bob,Ray,bob@acme.example\n"
        "103,Any,Body,sales@acme.example\n,No,Id,ann@acme.example\n104,Gone,Away,not an address\n"
    )
    options = ("match", str(file), "--system", "hubspot:contact", "--id", "record id")
    assert "4 records: 2 mapped, 1 ambiguous, 1 without a match" in run(*options)
    file.write_text("Record ID,Email\n101,bob@acme.example\n", "utf-16-le")
    assert "1 conflict;" in run(*options, "--encoding", "utf-16-le")
    [claimed] = json.loads(run("conflicts", "--json"))
    assert claimed["our_ids"] == ["p-ann", "p-bob"]
    run("set", "hubspot:contact", "101", "p-bob")
    conflicts = json.loads(run("conflicts", "--json"))
    assert [(each["problem"], each["our_ids"]) for each in conflicts] == [("several", ["p-bob"])]
    run("remove", "hubspot:contact", "102")
    [line] = json.loads(run("list", "--json"))
    assert (line["external_id"], line["our_id"], line["source"]) == ("101", "p-bob", "user")


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        (["set", "hubspot", "1", "p-ann"], 2, "TOOL:RECORD"),
        (["set", "hubspot:contact", "1", "p-nobody"], 1, "bg show COMPANY"),
        (["set", "hubspot:company", "1", "nothing"], 1, "bg companies"),
        (["remove", "hubspot:contact", "1"], 1, "external-ids list"),
    ],
)
def test_wrong_use_is_refused_with_a_hint(
    directory: Engine, arguments: list[str], code: int, hint: str
) -> None:
    result = CliRunner().invoke(bg, ["external-ids", *arguments])
    assert result.exit_code == code
    assert hint in result.output
