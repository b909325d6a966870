"""How members are reached, in whole runs against providers' stubs over real HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.domain.model import ContactPoint, Correction
from bg_orchestration.refreshes.corrections import correct, take_back
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.research_notes import notes_of
from bg_orchestration.store.schema.tables import (
    buyer_group_changes,
    buyer_group_members,
    contact_points,
    research_notes,
)
from bg_orchestration_tests.assets.asked import with_setting
from bg_orchestration_tests.assets.conftest import Run, of, why
from bg_orchestration_tests.store.rows import jobs, rows
from bg_orchestration_tests.stubs.server import Stubs

TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def waterfall(asked: Engine, stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """People from Coresignal; contacts from PDL, then Lusha; ZeroBounce verifies."""
    with_setting(monkeypatch, CONTACT_PROVIDERS="pdl,lusha", ZEROBOUNCE_KEY=stubs.key)
    return asked


def handed_out(engine: Engine) -> list[ContactPoint]:
    with reading(engine) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    return list(group.contacts)


def questions_to(stubs: Stubs, provider: str) -> list[dict[str, Any]]:
    return [one for one in stubs.ledger()["questions"] if one["provider"] == provider]


def test_addresses_are_verified_and_dead_ones_replaced(
    waterfall: Engine, run: Run, stubs: Stubs
) -> None:
    stubs.control("fail", kind="odd", detail="invalid/mailbox_not_found", path="validate", times=2)
    result = run("acme")
    assert result.success, why(result)
    points = handed_out(waterfall)
    emails = [point for point in points if point.kind == "email"]
    assert emails
    for point in emails:
        assert point.status in ("deliverable", "risky")
        assert point.verified_on == TODAY
    # Their owners were asked for at the next providers.
    dead = [row for row in rows(waterfall, contact_points) if row["status"] == "undeliverable"]
    assert len(dead) >= 2
    assert {row["value"] for row in dead}.isdisjoint(point.value for point in points)
    members = {row["person_id"] for row in rows(waterfall, buyer_group_members)}
    asked = [one for one in questions_to(stubs, "pdl") if "enrich" in one["endpoint"]]
    assert 0 < len(asked) < len(members)
    for point in points:
        if point.kind == "phone":
            assert point.value.startswith("+")
            assert point.value[1:].isdigit()
            assert point.source in ("pdl", "lusha")
    said = of(result, names.CONTACTS)
    assert said["verified"] == len(emails)
    assert "zerobounce: verified" in said["providers"]
    assert "pdl: found" in said["providers"]
    paid = stubs.ledger()
    assert paid["paid"] == paid["distinct"]


def test_a_repeat_pays_for_nothing_and_changes_nothing(
    waterfall: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    before, paid = rows(waterfall, contact_points), stubs.ledger()["paid"]
    result = run("acme")
    assert result.success, why(result)
    assert stubs.ledger()["paid"] == paid
    assert rows(waterfall, contact_points) == before
    assert of(result, names.PUBLISHED_BUYER_GROUP)["changes"] == 0


def test_identify_asks_nothing_about_contacts(
    waterfall: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, ENRICHMENT="identify")
    result = run("acme")
    assert result.success, why(result)
    assert handed_out(waterfall) == []
    for provider in ("pdl", "lusha", "zerobounce"):
        assert questions_to(stubs, provider) == []
    [check] = [
        one for one in result.get_asset_check_evaluations() if one.check_name == "members_reachable"
    ]
    assert check.passed


def test_a_verification_of_long_ago_is_renewed_and_no_news(
    waterfall: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    long_ago = datetime.now(UTC) - timedelta(days=100)
    with writing(waterfall) as connection:
        connection.execute(contact_points.update().values(verified_at=long_ago))
    changes = len(rows(waterfall, buyer_group_changes))
    result = run("acme")
    assert result.success, why(result)
    # The ledger answers, whose answer is of today.
    assert {point.verified_on for point in handed_out(waterfall) if point.kind == "email"} == {
        TODAY
    }
    assert len(rows(waterfall, buyer_group_changes)) == changes


def test_a_verifier_that_is_away_leaves_what_providers_say(
    waterfall: Engine, run: Run, stubs: Stubs
) -> None:
    stubs.control("fail", kind="bad_key", provider="zerobounce", times=99)
    result = run("acme")
    assert result.success, why(result)
    assert "zerobounce: stopped" in of(result, names.CONTACTS)["providers"]
    emails = [point for point in handed_out(waterfall) if point.kind == "email"]
    assert emails
    assert all(point.verified_on is None for point in emails)


def test_whom_a_provider_may_not_tell_of_is_left_out_and_kept_out(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, ENRICHMENT="identify")
    assert run("acme").success
    person_id = rows(asked, buyer_group_members)[0]["person_id"]
    [human] = [one for one in stubs.site.world.people if person_id == f"li-{one.slug}"]
    with writing(asked) as connection:
        connection.execute(contact_points.delete())
    stubs.site.suppressed.add(human.number)
    with_setting(monkeypatch, ENRICHMENT="enrich", CONTACT_PROVIDERS="lusha")
    result = run("acme")
    assert result.success, why(result)
    assert of(result, names.CONTACTS)["protected"] == 1
    reachable = {point.person_id for point in handed_out(asked)}
    assert reachable
    assert person_id not in reachable

    result = run("acme")
    assert result.success, why(result)
    assert not jobs(asked)[person_id, "acme"][2]
    assert person_id not in {row["person_id"] for row in rows(asked, buyer_group_members)}
    times = [one["asked"] for one in questions_to(stubs, "lusha") if human.slug in str(one)]
    assert times in ([], [1])


def test_what_a_person_puts_right_outranks_every_provider(
    waterfall: Engine, run: Run, stubs: Stubs
) -> None:
    assert run("acme").success
    point = next(one for one in handed_out(waterfall) if one.kind == "email")
    right = Correction(person_id=point.person_id, kind="email", value="right@x.example")
    wrong = Correction(person_id=point.person_id, kind="email", wrong=point.value)
    with writing(waterfall) as connection:
        assert correct(connection, right, "kim", "they told me")
        assert correct(connection, wrong, "kim", "they told me")
    paid = stubs.ledger()["paid"]
    for _ in range(2):
        result = run("acme")
        assert result.success, why(result)
        mine = [one for one in handed_out(waterfall) if one.person_id == point.person_id]
        emails = [one for one in mine if one.kind == "email"]
        assert [(one.value, one.source) for one in emails] == [("right@x.example", "person")]
    assert stubs.ledger()["paid"] == paid
    with writing(waterfall) as connection:
        assert take_back(connection, right, "kim") == 1
        assert take_back(connection, wrong, "kim") == 1
    assert run("acme").success
    assert point.value in {one.value for one in handed_out(waterfall)}


def test_research_is_kept_apart_with_its_sources(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("acme").success
    before = rows(asked, buyer_group_members)
    with_setting(monkeypatch, ENRICHMENT="deep_research")
    result = run("acme")
    assert result.success, why(result)
    told = {row["person_id"]: row["role"] for row in before}
    notes = rows(asked, research_notes)
    assert notes
    assert {told[note["person_id"]] for note in notes} <= {"decision", "champion"}
    assert of(result, names.CONTACTS)["researched"] == len(notes)
    assert rows(asked, buyer_group_members) == before
    with reading(asked) as connection:
        found = notes_of(connection, "acme", [notes[0]["person_id"]])
    assert "http" in found[notes[0]["person_id"]]
    paid = stubs.ledger()["paid"]
    assert run("acme").success
    assert stubs.ledger()["paid"] == paid
    assert rows(asked, research_notes) == notes
