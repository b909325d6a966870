"""Lusha's adapter against its stub: what it finds, and what it pays for it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderStoppedError,
    SchemaDriftError,
)
from bg_orchestration.providers.adapters.lusha.lusha import Lusha
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundPerson,
    PeopleQuery,
)
from bg_orchestration_tests.stubs.plain_request import PlainRequest, answering
from bg_orchestration_tests.stubs.server import Stubs


@pytest.fixture
def lusha(stubs: Stubs) -> Lusha:
    return Lusha(stubs.key, stubs.base_url("lusha"))


@pytest.fixture
def ask(lusha: Lusha, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(lusha)


def senior(title: str, department: str | None) -> bool:
    return title.startswith(("Chief", "VP"))


def query_of(stubs: Stubs, **more: object) -> PeopleQuery:
    company = stubs.site.world.companies[4]
    return PeopleQuery(
        FoundCompany("40004", company.name, company.domain),
        senior,
        **more,  # type: ignore[arg-type]
    )


def test_a_company(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    company = stubs.site.world.companies[4]
    found = lusha.company(ask, company.domain)
    assert found is not None
    assert (found.source_id, found.domain) == ("40004", company.domain)
    assert (found.employee_count, found.country) == (44, company.country)
    ranged = lusha.company(ask, stubs.site.world.companies[1].domain)
    assert ranged is not None
    assert ranged.employee_count is None, "a range states no number"
    assert lusha.company(ask, "nobody.example") is None


def test_a_listing_costs_its_pages(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    here = stubs.site.world.at(stubs.site.world.companies[4])
    known = next(one for one in here if one.job.level == "entry")
    query = query_of(stubs, known_ids=frozenset({str(700_000 + known.number)}))
    found = {one.source_id: one for one in lusha.people(ask, query)}
    wanted = {
        str(700_000 + one.number): one
        for one in here
        if one is known or one.job.level in ("cxo", "vp")
    }
    assert found.keys() == wanted.keys()
    for source_id, person in found.items():
        assert isinstance(person, FoundPerson)
        assert person.title == wanted[source_id].job.title
        assert person.linkedin_url == f"https://www.linkedin.com/in/{wanted[source_id].slug}"
    assert len(here) == 40
    assert stubs.site.books.tell()["credits"] == {"lusha": 2.0}


def test_a_refresh_asks_anew(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    list(lusha.people(ask, query_of(stubs, since=datetime(2026, 6, 1, tzinfo=UTC))))
    assert {call.version for call in ask.calls} == {"2026-06-01"}


@pytest.mark.parametrize(
    ("employer", "listed"),
    [
        (None, True),
        ({"name": "Acme"}, True),
        ({"id": "7", "domain": "other.example"}, True),
        ({"id": "5", "domain": "acme.example"}, True),
        ({"id": "5", "domain": "other.example"}, False),
    ],
)
def test_who_works_elsewhere_by_now_is_not_listed(
    lusha: Lusha, employer: dict[str, str] | None, listed: bool
) -> None:
    row = {"id": 1, "fullName": "Ada Example", "company": employer}
    ask = answering({"results": [row], "pagination": {"total": 1}})
    query = PeopleQuery(FoundCompany("7", "Acme", "acme.example"), lambda _title, _of: True)
    assert len(list(lusha.people(ask, query))) == listed


@pytest.mark.parametrize("kind", ["empty_page", "repeated_page"])
def test_an_incomplete_listing_makes_no_leavers(
    stubs: Stubs, lusha: Lusha, ask: PlainRequest, kind: str
) -> None:
    stubs.control("fail", kind="none", path="prospecting")
    stubs.control("fail", kind=kind, path="prospecting")
    with pytest.raises(ProviderAwayError, match=r"gave \d+ of 40 people"):
        list(lusha.people(ask, query_of(stubs)))


def test_what_was_revealed_is_free(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    human = next(one for one in stubs.site.world.people if one.email and one.phone)
    wanted = [ContactQuery("p-1", human.name, "Acme", ids={"lusha": str(700_000 + human.number)})]
    (reached,) = lusha.contacts(ask, wanted)
    email, phone = reached.contacts
    assert (email.value, email.status, email.as_of) == (human.email, "deliverable", "2026-01-05")
    assert phone.value == (human.phone or "").replace(" ", "")
    assert phone.do_not_contact == (human.number % 2 == 1)
    assert stubs.site.books.tell()["credits"] == {"lusha": 6.0}
    list(lusha.contacts(ask, wanted))
    assert stubs.site.books.tell()["credits"] == {"lusha": 6.0}
    assert not ask.calls[0].repeat_charged


def test_people_are_found_by_profile_or_name(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    one, other = [human for human in stubs.site.world.people if human.email][:2]
    wanted = [
        ContactQuery("p-1", "?", "Acme", linkedin_url=f"https://linkedin.com/in/{one.slug}"),
        ContactQuery("p-2", other.name, "Acme", other.job.company.domain),
        ContactQuery("p-3", "Cher", "Acme", "acme.example"),
        ContactQuery("p-4", "Nobody Atall", "Acme", "acme.example"),
    ]
    assert [found.person_id for found in lusha.contacts(ask, wanted)] == ["p-1", "p-2"]
    assert len(ask.calls) == 3, "a single name is nobody"
    assert "p-" not in str([call.json for call in ask.calls])


def test_somebody_who_objected_is_protected(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    human = stubs.site.world.people[0]
    stubs.site.suppressed.add(human.number)
    wanted = [ContactQuery("p-1", human.name, "Acme", ids={"lusha": "700000"})]
    with pytest.raises(CallRefusedError, match="COMPLIANCE_RESTRICTED") as error:
        list(lusha.contacts(ask, wanted))
    assert error.value.kind == "compliance"
    stubs.control("fail", kind="invalid", provider="lusha", detail="451")
    with pytest.raises(CallRefusedError, match="HTTP 451") as error:
        list(lusha.contacts(ask, wanted))
    assert error.value.kind == "compliance"


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("bad_key", ProviderStoppedError, "bad_key"),
        ("forbidden", ProviderStoppedError, "forbidden"),
        ("no_credit", ProviderStoppedError, "no_credit: HTTP 402"),
        ("rate_limited", ProviderAwayError, "rate_limited"),
        ("server_error", ProviderAwayError, "transient"),
        ("invalid", CallRefusedError, "HTTP 422"),
    ],
)
def test_faults_are_told_apart(
    stubs: Stubs, lusha: Lusha, ask: PlainRequest, kind: str, error: type[Exception], said: str
) -> None:
    stubs.control("fail", kind=kind, provider="lusha")
    with pytest.raises(error, match=said):
        ask(lusha.check())
    assert ask(lusha.check()).found


def test_a_changed_schema_names_the_field(stubs: Stubs, lusha: Lusha, ask: PlainRequest) -> None:
    human = next(one for one in stubs.site.world.people if one.email)
    wanted = [ContactQuery("p-1", human.name, "Acme", ids={"lusha": str(700_000 + human.number)})]
    stubs.control("fail", kind="drift", path="enrich")
    with pytest.raises(SchemaDriftError, match=r"search-and-enrich: results\[0\].id is missing"):
        list(lusha.contacts(ask, wanted))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"results":[{"id":1}]}', "ok"),
        (200, b'{"results":[]}', "not_found"),
        (200, b'{"results":[{"error":{"code":"NOT_FOUND"}}]}', "not_found"),
        (200, b'{"results":[{"error":{"code":"NO_SCORE"}}]}', "not_found"),
        (200, b'{"results":[{"error":{"code":"COMPLIANCE_RESTRICTED"}}]}', "compliance"),
        (200, b'{"results":[{"error":{"code":"ENRICH_FAILED"}}]}', "transient"),
        (200, b'{"results":[{"error":{"code":"NEW_ONE"}}]}', "invalid"),
        (200, b'{"results":[{"error":{"code":"NOT_FOUND"}},{"id":1}]}', "ok"),
        (200, b'{"credits":{}}', "ok"),
        (402, b"", "no_credit"),
        (404, b"", "not_found"),
        (451, b"", "compliance"),
        (499, b"", "transient"),
        (429, b"", "rate_limited"),
        (401, b"", "bad_key"),
        (403, b"", "forbidden"),
        (400, b"", "invalid"),
        (410, b"", "invalid"),
        (422, b"", "invalid"),
        (500, b"", "transient"),
    ],
)
def test_what_answers_mean(status: int, body: bytes, outcome: str) -> None:
    assert Lusha("k").classify(status, {}, body).kind == outcome


def test_the_meter_is_believed() -> None:
    adapter = Lusha("k")
    assert adapter.credits_charged(adapter.check(), {}, b'{"billing":{"creditsCharged":6}}') == 6.0
    assert adapter.credits_charged(adapter.check(), {}, b'{"billing":null}') is None
