"""What refreshes of a company of 200 people cost at the stubs, in whole runs over real HTTP."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.domain.model import Decision
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.providers.adapters.apollo.apollo import Apollo
from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal
from bg_orchestration.refreshes.decisions import decide
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.schema.tables import people, provider_records
from bg_orchestration_tests.assets.asked import with_setting, worth_a_record
from bg_orchestration_tests.assets.conftest import Run, of, why
from bg_orchestration_tests.store.rows import jobs, rows
from bg_orchestration_tests.stubs.coresignal import EMPLOYEE_IDS
from bg_orchestration_tests.stubs.server import Stubs
from bg_orchestration_tests.stubs.world import Human, Job

# The largest group of a company of 200 people has eleven members.
MOST = 22
PRICE = 20.0


@pytest.fixture
def large(asked: Engine, stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The database; `acme` has 200 people, and nobody waits for a turn."""
    world = stubs.site.world
    world.grow(world.companies[0], 200)
    for adapter in (Coresignal, Apollo):
        monkeypatch.setattr(adapter, "rate_limit", lambda _self, _endpoint: RateLimit(10_000.0, 5))
    return asked


def refresh(run: Run) -> dict[str, dict[str, object]]:
    """A run that succeeds, and what it says of people and contacts."""
    result = run("acme")
    assert result.success, why(result)
    return {asset: of(result, asset) for asset in (names.PEOPLE, names.CONTACTS)}


def bought(stubs: Stubs) -> Counter[int]:
    """How often the record of each human was paid for at Coresignal, by number."""
    collect = "employee_multi_source/collect/"
    found: Counter[int] = Counter()
    for one in stubs.ledger()["questions"]:
        _, _, source_id = f"{one['endpoint']} {one['question']}".partition(collect)
        digits = "".join(c for c in source_id if c.isdigit())[:6]
        if one["paid"] and digits:
            found[int(digits) - EMPLOYEE_IDS] += one["paid"]
    return found


def credits_of(stubs: Stubs, provider: str = "coresignal") -> float:
    return float(stubs.ledger()["credits"].get(provider, 0.0))


def members(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    return {member.person_id for member in group.group.members}


def human_of(stubs: Stubs, number: int) -> Human:
    return stubs.site.world.people[number]


def id_of(human: Human) -> str:
    return f"li-{human.slug}"


def test_a_first_listing_buys_the_records_of_likely_members_only(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    records = bought(stubs)
    assert set(records.values()) == {1}
    assert 11 <= len(records) <= MOST
    # The company, ten pages of previews, the records: not those of all who are likely.
    assert credits_of(stubs) == PRICE * (1 + 10 + len(records))
    known = {row["person_id"] for row in rows(large, people)}
    assert known == {id_of(one) for one in worth_a_record(stubs)}
    assert len(known) > 3 * MOST
    read = {row["our_id"] for row in rows(large, provider_records) if row["read_at"]}
    assert read == {id_of(human_of(stubs, number)) for number in records}
    assert members(large) <= read


def test_a_repeat_buys_nothing(large: Engine, run: Run, stubs: Stubs) -> None:
    refresh(run)
    before = stubs.ledger()["paid"]
    said = refresh(run)
    assert stubs.ledger()["paid"] == before
    assert said[names.CONTACTS]["calls"] == 0


def test_whoever_changed_is_looked_at_and_bought_only_if_a_likely_member(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    before, spent, titles = bought(stubs), credits_of(stubs), jobs(large)
    now = datetime.now(UTC)
    here = worth_a_record(stubs)
    changed = [one for one in here if one.number in before][:3]
    changed += [one for one in here if one.number not in before and one.job.level != "cxo"][:15]
    for human in changed:
        human.job.department = "Sales"
        human.updated_at = now
    refresh(run)
    again = bought(stubs) - before
    assert set(again) & {one.number for one in changed if one.number in before}
    for number, times in again.items():
        assert times == 1
        assert number not in before or human_of(stubs, number) in changed
    # One page of previews shows all of them.
    assert credits_of(stubs) - spent == PRICE * (1 + len(again))
    after = jobs(large)
    for human in changed:
        assert after[id_of(human), "acme"][0] == human.job.title
    assert after.keys() == titles.keys()


def test_whoever_moves_up_for_those_who_left_is_bought_once(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    before, spent, group = bought(stubs), credits_of(stubs), members(large)
    now, elsewhere = datetime.now(UTC), stubs.site.world.companies[1]
    gone = [human_of(stubs, number) for number in before]
    for human in gone:
        human.job.end = f"{now:%Y-%m}"
        human.jobs.insert(0, Job(elsewhere, "vp", "Sales", f"{now:%Y-%m}"))
        human.updated_at = human.experience_changed_at = now
    said = refresh(run)
    assert said[names.PEOPLE]["left"] == len(gone)
    moved_up = bought(stubs) - before
    assert set(moved_up.values()) == {1}
    assert 0 < len(moved_up) <= MOST
    # Nobody who stayed has changed: there is nothing to look at again.
    assert credits_of(stubs) - spent == PRICE * len(moved_up)
    new = members(large)
    assert not new & group
    assert new <= {id_of(human_of(stubs, number)) for number in moved_up}
    paid = stubs.ledger()["paid"]
    refresh(run)
    assert stubs.ledger()["paid"] == paid


def test_a_record_without_an_address_is_not_bought_again_for_contacts(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    before = bought(stubs)
    silent = [human_of(stubs, number) for number in before if human_of(stubs, number).email is None]
    assert silent, "somebody whose record has no address was read"
    now = datetime.now(UTC)
    for human in silent:
        human.updated_at = now
    said = refresh(run)
    assert bought(stubs) - before == Counter({one.number: 1 for one in silent})
    assert said[names.CONTACTS]["calls"] == 0


def test_a_member_known_by_a_preview_alone_is_bought_for_contacts_and_never_again(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    before = bought(stubs)
    human = next(one for one in worth_a_record(stubs) if one.number not in before and one.email)
    with writing(large) as connection:
        assert decide(
            connection, "acme", "default",
            Decision(person_id=id_of(human), kind="assigned", role="champion"), "kim", "she said",
        )  # fmt: skip
    result = run("acme", only=[names.BUYER_GROUP, names.CONTACTS])
    assert result.success, why(result)
    assert bought(stubs) - before == Counter({human.number: 1})
    refresh(run)
    assert bought(stubs) - before == Counter({human.number: 1})
    with reading(large) as connection:
        group = published(connection, "acme", "default")
    assert group is not None
    assert human.email in {point.value for point in group.contacts}


def test_whom_people_gave_a_role_is_bought_and_whom_they_dismissed_is_not(
    large: Engine, run: Run, stubs: Stubs
) -> None:
    refresh(run)
    before = bought(stubs)
    now = datetime.now(UTC)
    given = next(one for one in worth_a_record(stubs) if one.number not in before)
    dismissed = human_of(stubs, min(before))
    dismissed.updated_at = now
    wanted = {
        given: Decision(person_id=id_of(given), kind="assigned", role="champion"),
        dismissed: Decision(person_id=id_of(dismissed), kind="dismissed"),
    }
    other = human_of(stubs, max(before))
    other.updated_at = now
    with writing(large) as connection:
        for decision in wanted.values():
            decide(connection, "acme", "default", decision, "kim", "they said")
    refresh(run)
    again = bought(stubs) - before
    assert again[given.number] == again[other.number] == 1
    assert dismissed.number not in again


def test_something_else_that_is_sold_buys_only_whom_it_needs(
    large: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refresh(run)
    before, spent = bought(stubs), credits_of(stubs)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "hr.yaml").write_text("id: hr\ncategory: hr\n", "utf-8")
    with_setting(monkeypatch, PROFILES=str(tmp_path / "profiles"))
    refresh(run)
    again = bought(stubs) - before
    assert set(again.values()) == {1}
    assert not again.keys() & before.keys(), "their records were read already"
    assert PRICE * len(again) <= credits_of(stubs) - spent <= PRICE * (MOST + 10)


def test_apollo_matches_likely_members_only_and_repeats_nothing(
    large: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, PROVIDER="apollo")
    refresh(run)
    ledger = stubs.ledger()
    matches = [one for one in ledger["questions"] if "match" in one["endpoint"] and one["paid"]]
    # Former employees whom the search finds are paid for before they are known as such.
    assert 11 <= len(matches) <= 2 * MOST
    assert ledger["paid"] == ledger["distinct"]
    refresh(run)
    assert stubs.ledger()["paid"] == ledger["paid"]
