import random
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from bg_orchestration.privacy.erasure import erase
from bg_orchestration.privacy.suppression import identifiers_of
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import (
    ExternalId,
    IdConflict,
    claim_ids,
    id_conflicts,
    id_lines,
    ids_in,
    move_ids,
    note_owners,
    our_ids,
    remove_id,
    set_id,
    system_of,
)
from bg_orchestration.store.schema.tables import companies, external_ids
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow, rows

CONTACT = "hubspot:contact"


def contact(external_id: str, our_id: str) -> ExternalId:
    return ExternalId(CONTACT, external_id, "person", our_id)


def test_an_id_of_theirs_never_means_two_of_ours(engine: Engine) -> None:
    """Random claims in random batches, against a model of dictionaries."""
    dice = random.Random(17)
    mapped: dict[str, str] = {}
    refused: set[tuple[str, str]] = set()
    for _ in range(30):
        batch = [
            contact(str(dice.randrange(12)), f"p-{dice.randrange(5)}")
            for _ in range(dice.randrange(6))
        ]
        expected = []
        for claim in dict.fromkeys(batch):
            first = mapped.setdefault(claim.external_id, claim.our_id)
            if first != claim.our_id:
                refused.add((claim.external_id, claim.our_id))
                expected.append(((claim.external_id,), (first, claim.our_id)))
        with writing(engine) as connection:
            conflicts = claim_ids(connection, batch, "file:random.csv")
        assert [(each.external_ids, each.our_ids) for each in conflicts] == expected
        stored = rows(engine, external_ids)
        states = {(row["external_id"], row["our_id"]): row["state"] for row in stored}
        assert states == {
            **dict.fromkeys(mapped.items(), "mapped"),
            **dict.fromkeys(refused, "conflict"),
        }
    with reading(engine) as connection:
        claimed = [each for each in id_conflicts(connection) if each.problem == "claimed"]
    assert {each.external_ids[0]: each.our_ids[0] for each in claimed} == {
        external_id: mapped[external_id] for external_id, _ in refused
    }


def test_the_same_claim_again_renews_only_when_it_was_seen(engine: Engine) -> None:
    with writing(engine) as connection:
        claim_ids(connection, [contact("51", "p-ann")], "file:a.csv")
    [before] = rows(engine, external_ids)
    with writing(engine) as connection:
        earlier = before["last_seen"] - timedelta(days=9)
        connection.execute(update(external_ids).values(last_seen=earlier))
    with writing(engine) as connection:
        assert claim_ids(connection, [contact("51", "p-ann")], "file:b.csv") == []
    [after] = rows(engine, external_ids)
    assert after["last_seen"] >= before["last_seen"]
    assert {**after, "last_seen": None} == {**before, "last_seen": None}


def test_a_user_settles_a_conflict_for_good(engine: Engine) -> None:
    with writing(engine) as connection:
        claim_ids(connection, [contact("51", "p-ann"), contact("51", "p-bob")], "file:a.csv")
        set_id(connection, contact("51", "p-bob"))
    with writing(engine) as connection:
        assert claim_ids(connection, [contact("51", "p-ann")], "file:a.csv") == []
    with reading(engine) as connection:
        assert our_ids(connection, CONTACT, ["51", "52"]) == {"51": "p-bob"}
        assert id_conflicts(connection) == []
    with writing(engine) as connection:
        assert remove_id(connection, CONTACT, "51") == 1
        assert remove_id(connection, CONTACT, "51") == 0


def test_several_ids_of_a_tool_for_one_of_ours_are_listed(engine: Engine) -> None:
    with writing(engine) as connection:
        claim_ids(connection, [contact("52", "p-ann"), contact("51", "p-ann")], "email")
        claim_ids(connection, [ExternalId("apollo:contact", "9", "person", "p-ann")], "email")
    with reading(engine) as connection:
        assert id_conflicts(connection) == [
            IdConflict(CONTACT, "several", ("51", "52"), ("p-ann",))
        ]
        assert ids_in(connection, CONTACT, "person", ["p-ann", "p-bob"]) == {"p-ann": ("51", "52")}
        lines = id_lines(connection, ours=["p-ann"])
    assert [(line.system, line.external_id) for line in lines] == [
        ("apollo:contact", "9"), (CONTACT, "51"), (CONTACT, "52"),
    ]  # fmt: skip


def test_an_erased_person_leaves_no_id_and_is_erased_by_it(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    company = ExternalId("hubspot:company", "7", "company", "acme")
    with writing(engine) as connection:
        claim_ids(connection, [contact("51", "p-ann"), contact("52", "p-bob"), company], "email")
    with writing(engine) as connection:
        erasure = erase(connection, ["hubspot:contact:51"], SUPPRESSIONS)
    assert erasure.people == {"p-ann"}
    assert erasure.rows["external_ids"] == 1
    assert [row["our_id"] for row in rows(engine, external_ids)] == ["p-bob", "acme"]
    with reading(engine) as connection:
        again = {1: identifiers_of(ids=[(CONTACT, "51")]), 2: identifiers_of(ids=[(CONTACT, "52")])}
        assert SUPPRESSIONS.suppressed(connection, again) == {1}


@pytest.mark.parametrize("first", ["old", "new"])
def test_merged_companies_share_their_ids(engine: Engine, first: str) -> None:
    claims = [ExternalId("hubspot:company", "7", "company", each) for each in ("old", "new")]
    with writing(engine) as connection:
        claim_ids(connection, claims if first == "old" else claims[::-1], "domain")
        claim_ids(connection, [ExternalId("hubspot:company", "8", "company", "old")], "domain")
    with writing(engine) as connection:
        move_ids(connection, "company", "old", "new")
    with reading(engine) as connection:
        assert our_ids(connection, "hubspot:company", ["7", "8"]) == {"7": "new", "8": "new"}
    assert {row["state"] for row in rows(engine, external_ids)} == {"mapped"}


def test_owners_are_written_where_they_differ(engine: Engine) -> None:
    follow(engine, "acme", "globex")
    with writing(engine) as connection:
        note_owners(connection, {"acme": "Kim Seller", "nobody": "Kim Seller"})
        save_companies(connection, [], "test")
    owners = {row["company_id"]: row["owner"] for row in rows(engine, companies)}
    assert owners == {"acme": "Kim Seller", "globex": None}


def test_a_system_has_the_words_of_its_tool() -> None:
    assert system_of("hubspot", "person") == "hubspot:contact"
    assert system_of("salesforce", "company") == "salesforce:account"
    assert system_of("zoominfo", "company") == "zoominfo:company"
