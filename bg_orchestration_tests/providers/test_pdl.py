"""People Data Labs' adapter against its stub: what it finds, and what it pays for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderStoppedError,
    SchemaDriftError,
)
from bg_orchestration.providers.adapters.pdl.pdl import PeopleDataLabs
from bg_orchestration.providers.adapters.pdl.pdl_changes import release_at
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)
from bg_orchestration_tests.stubs.plain_request import PlainRequest, answering
from bg_orchestration_tests.stubs.server import Stubs
from bg_orchestration_tests.stubs.world import Human


@pytest.fixture
def pdl(stubs: Stubs) -> PeopleDataLabs:
    return PeopleDataLabs(stubs.key, stubs.base_url("pdl"))


@pytest.fixture
def ask(pdl: PeopleDataLabs, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(pdl)


def anybody(title: str, department: str | None) -> bool:
    return True


def query_of(stubs: Stubs, at: int = 4, **more: object) -> PeopleQuery:
    company = stubs.site.world.companies[at]
    found = FoundCompany(f"company-{at}", company.name, company.domain)
    return PeopleQuery(found, anybody, **more)  # type: ignore[arg-type]


def above_entry(stubs: Stubs, at: int = 4) -> dict[str, Human]:
    here = stubs.site.world.at(stubs.site.world.companies[at])
    return {f"pdl-{one.number}": one for one in here if one.job.level != "entry"}


def test_a_company_is_flat(stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest) -> None:
    company = stubs.site.world.companies[2]
    assert pdl.company(ask, company.domain) == FoundCompany(
        source_id="company-2",
        name=company.name,
        domain=company.domain,
        employee_count=42,
        industry=company.industry.lower(),
        country=company.country_name,
        linkedin_url=f"https://www.linkedin.com/company/{company.domain.split('.')[0]}",
    )
    assert pdl.company(ask, "nobody.example") is None
    assert stubs.site.books.tell()["credits"] == {"pdl": 1.0}


def test_a_listing_costs_each_record_above_the_entry_level(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    wanted = above_entry(stubs)
    assert len(wanted) > 20, "so that there are two pages"
    people = list(pdl.people(ask, query_of(stubs)))
    assert {one.source_id for one in people} == wanted.keys()
    assert stubs.site.books.tell()["credits"] == {"pdl": float(len(wanted))}
    assert [call.credits for call in ask.calls] == [20.0, float(min(20, len(wanted) - 20))]
    for one in people:
        human = wanted[one.source_id]
        assert isinstance(one, FoundPerson)
        assert (one.title, one.started_on) == (human.job.title, human.job.start)
        assert one.linkedin_url == f"https://www.linkedin.com/in/{human.slug}"
        emails = [contact.value for contact in one.contacts if contact.kind == "email"]
        assert emails == ([human.email] if human.email and human.number % 4 != 3 else [])


def test_a_last_page_that_is_full_leads_to_a_404(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "bg_orchestration.providers.adapters.pdl.pdl._PAGE", len(above_entry(stubs))
    )
    people = list(pdl.people(ask, query_of(stubs)))
    assert {one.source_id for one in people} == above_entry(stubs).keys()
    assert [classification.kind for classification in ask.classifications] == ["ok", "not_found"]


@pytest.mark.parametrize("kind", ["empty_page", "repeated_page"])
def test_an_incomplete_listing_makes_no_leavers(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest, kind: str
) -> None:
    stubs.control("fail", kind="none", path="person/search")
    stubs.control("fail", kind=kind, path="person/search")
    with pytest.raises(ProviderAwayError, match=r"gave \d+ of \d+ people"):
        list(pdl.people(ask, query_of(stubs)))


def test_a_refresh_asks_the_free_changelog_first(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    before, now = above_entry(stubs), datetime.now(UTC)
    world = stubs.site.world
    while not any(one.job.company is not world.companies[4] for one in before.values()):
        world.advance(now)
    query = query_of(stubs, known_ids=frozenset(before), since=now - timedelta(hours=1))
    people = {one.source_id: one for one in pdl.people(ask, query)}
    for source_id, human in before.items():
        if human.job.company is not world.companies[4]:
            assert source_id not in people
        elif human.experience_changed_at is None:
            assert people[source_id] == UnchangedPerson(source_id)
        else:
            found = people[source_id]
            assert isinstance(found, FoundPerson)
            assert found.title == human.job.title
    paid = stubs.site.books.tell()["credits"]["pdl"]
    assert paid < len(before) / 2
    assert {call.version for call in ask.calls if call.endpoint == "person/enrich"} == {
        f"{release_at(now)}.0"
    }


def test_without_news_a_refresh_costs_nothing(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    known = frozenset(above_entry(stubs))
    query = query_of(stubs, known_ids=known, since=datetime.now(UTC))
    assert set(pdl.people(ask, query)) == {UnchangedPerson(one) for one in known}
    assert stubs.site.books.tell()["paid"] == 0


def test_who_opted_out_is_gone_without_a_question(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    known = above_entry(stubs)
    stubs.site.suppressed.add(next(iter(known.values())).number)
    query = query_of(stubs, known_ids=frozenset(known), since=datetime.now(UTC))
    assert {one.source_id for one in pdl.people(ask, query)} == set(list(known)[1:])
    assert stubs.site.books.tell()["paid"] == 0


def test_a_changelog_that_refuses_is_not_used(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    known = frozenset(above_entry(stubs))
    stubs.control("fail", kind="invalid", path="changelog")
    query = query_of(stubs, known_ids=known, since=datetime.now(UTC))
    people = list(pdl.people(ask, query))
    assert all(isinstance(one, FoundPerson) for one in people)
    assert {one.source_id for one in people} == known


def test_contacts_are_found_by_id_profile_or_name(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    people = stubs.site.world.people
    by_id = next(one for one in people if one.number % 4 == 0 and one.email and one.phone)
    by_profile = next(one for one in people if one.number % 4 == 1 and one.email)
    by_name = next(one for one in people if one.number % 4 == 2 and one.email)
    hidden = next(one for one in people if one.number % 4 == 3 and one.email)
    silent = next(one for one in people if one.email is None and one.phone is None)
    wanted = [
        ContactQuery("p-1", by_id.name, "Acme", ids={"pdl": f"pdl-{by_id.number}"}),
        ContactQuery("p-2", "?", "Acme", linkedin_url=f"https://linkedin.com/in/{by_profile.slug}"),
        ContactQuery("p-3", by_name.name, "Acme", by_name.job.company.domain),
        ContactQuery("p-4", hidden.name, "Acme", ids={"pdl": f"pdl-{hidden.number}"}),
        ContactQuery("p-5", silent.name, "Acme", ids={"pdl": f"pdl-{silent.number}"}),
        ContactQuery("p-6", "", "Acme"),
    ]
    found = {one.person_id: one for one in pdl.contacts(ask, wanted)}
    assert found.keys() == {"p-1", "p-2", "p-3"}
    values = {contact.kind: contact.value for contact in found["p-1"].contacts}
    assert values == {"email": by_id.email, "phone": (by_id.phone or "").replace(" ", "")}
    assert found["p-3"].source_id == f"pdl-{by_name.number}"
    assert stubs.site.books.tell()["credits"] == {"pdl": 4.0}, "the miss was free"


def test_a_namesake_elsewhere_is_not_meant(pdl: PeopleDataLabs, stubs: Stubs) -> None:
    record = {"id": "x", "full_name": "bob example", "work_email": "bob@acme.example"}
    ask = answering({"status": 200, "data": record})
    wanted = ContactQuery("p-1", "Ada Example", "Acme", "acme.example")
    assert list(pdl.contacts(ask, [wanted])) == []


def test_the_meter_is_believed(stubs: Stubs, pdl: PeopleDataLabs) -> None:
    check = pdl.check()
    assert check.credits == 0
    assert pdl.credits_charged(check, {"x-call-credits-spent": "3"}, b"{}") == 3.0
    assert pdl.credits_charged(check, {}, b"{}") is None


def test_a_changed_schema_names_the_field(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="drift", path="person/search")
    with pytest.raises(SchemaDriftError, match="pdl: person/search: data is missing"):
        list(pdl.people(ask, query_of(stubs)))


def test_a_stopped_provider_and_a_full_window(
    stubs: Stubs, pdl: PeopleDataLabs, ask: PlainRequest
) -> None:
    stranger = PlainRequest(PeopleDataLabs("wrong", pdl.base_url), ask.client)
    with pytest.raises(ProviderStoppedError, match="bad_key: authentication_error"):
        stranger(pdl.check())
    assert not ask(pdl.check()).found
    stubs.control("fail", kind="rate_limited", provider="pdl", seconds=20)
    with pytest.raises(ProviderAwayError, match="rate_limited"):
        ask(pdl.check())
    wait = ask.classifications[-1].wait
    assert wait is not None
    assert 17 <= wait <= 21
    stubs.control("fail", kind="invalid", provider="pdl")
    with pytest.raises(CallRefusedError, match="invalid_request_error"):
        ask(pdl.check())


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"status":200}', "ok"),
        (404, b'{"status":404,"error":{"type":"not_found"}}', "not_found"),
        (402, b'{"error":{"type":"payment_required"}}', "no_credit"),
        (429, b'{"error":{"type":"rate_limit_error"}}', "rate_limited"),
        (401, b'{"error":{"type":"authentication_error"}}', "bad_key"),
        (403, b"", "forbidden"),
        (400, b'{"error":{"type":"invalid_request_error"}}', "invalid"),
        (405, b'{"error":{"type":"invalid_request_error"}}', "invalid"),
        (500, b'{"error":{"type":"api_error"}}', "transient"),
        (502, b"<html>", "transient"),
        (200, b'{"error":{"type":"payment_required"}}', "no_credit"),
        (200, b'{"error":{"type":["odd"]}}', "ok"),
        (200, b"<html>", "transient"),
    ],
)
def test_what_answers_mean(status: int, body: bytes, outcome: str) -> None:
    assert PeopleDataLabs("k").classify(status, {}, body).kind == outcome


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        ("1767225620", 20.0),
        ("2026-01-01T00:00:20+00:00", 20.0),
        ("2026-01-01 00:00:20", 20.0),
        ("2026-01-02T00:00:00", 60.0),
        ("2025-12-31T00:00:00", 0.0),
        ("soon", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_the_window_ends_when_the_header_says(reset: str, wait: float | None) -> None:
    headers = {"x-ratelimit-reset": reset, "date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    classification = PeopleDataLabs("k").classify(429, headers, b"")
    assert classification.wait == wait
