"""Coresignal's adapter against its stub, over real HTTP: what it finds, and what it pays for it."""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzz_settings
from hypothesis import strategies as st

from bg_orchestration.ledger.calls import Answer, Call
from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderError,
    ProviderStoppedError,
    SchemaDriftError,
)
from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)
from bg_orchestration_tests.stubs.coresignal import COMPANY_IDS, EMPLOYEE_IDS
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def senior(title: str, department: str | None) -> bool:
    return title.startswith(("Chief", "VP"))


def anybody(title: str, department: str | None) -> bool:
    return True


@pytest.fixture
def coresignal(stubs: Stubs) -> Coresignal:
    return Coresignal(stubs.key, stubs.base_url("coresignal"))


@pytest.fixture
def ask(coresignal: Coresignal, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(coresignal)


def company_of(stubs: Stubs, at: int = 0) -> FoundCompany:
    company = stubs.site.world.companies[at]
    return FoundCompany(str(COMPANY_IDS + at), company.name, company.domain)


def ids_of(people: list[FoundPerson | UnchangedPerson]) -> set[str]:
    return {one.source_id for one in people}


def test_a_company_costs_one_record(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    company = stubs.site.world.companies[1]
    found = coresignal.company(ask, company.domain)
    assert found == FoundCompany(
        source_id=str(COMPANY_IDS + 1),
        name=company.name,
        domain=company.domain,
        aliases=(company.domain, company.domain.replace(".", "-group.")),
        employee_count=41,
        industry=company.industry,
        country=company.country,
        linkedin_url=f"https://www.linkedin.com/company/{company.domain.split('.')[0]}",
        as_of="2026-01-05",
    )
    assert stubs.site.books.tell()["credits"] == {"coresignal": 20.0}


def test_an_unknown_company_costs_nothing(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    assert coresignal.company(ask, "nobody.example") is None
    assert stubs.site.books.tell()["paid"] == 0


def test_a_record_with_another_domain_is_refused(coresignal: Coresignal) -> None:
    record = {"id": 1, "company_name": "Other", "website": "https://linkedin.com/company/x"}

    def ask(call: Call) -> Answer:
        body = [1] if call.method == "POST" else record
        return Answer(True, {}, json.dumps(body).encode(), NOW)

    assert coresignal.company(ask, "acme.example") is None


def test_the_first_listing_collects_only_those_likely(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    company = stubs.site.world.companies[4]
    here = stubs.site.world.at(company)
    wanted = {one for one in here if one.job.level in ("cxo", "vp")}
    assert len(here) == 40, "so that there are two full previews"
    people = list(coresignal.people(ask, PeopleQuery(company_of(stubs, 4), senior)))
    assert ids_of(people) == {str(EMPLOYEE_IDS + one.number) for one in wanted}
    for person in people:
        human = stubs.site.world.people[int(person.source_id) - EMPLOYEE_IDS]
        assert isinstance(person, FoundPerson)
        assert (person.name, person.title) == (human.name, human.job.title)
        assert person.started_on == human.job.start
        assert person.linkedin_url == f"https://www.linkedin.com/in/{human.slug}"
        assert person.country == human.country
        assert [one.value for one in person.contacts][:1] == ([human.email] if human.email else [])
    assert stubs.site.books.tell()["credits"] == {"coresignal": 2 * 20.0 + 20.0 * len(wanted)}


def test_former_employees_are_not_listed(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    here = {str(EMPLOYEE_IDS + one.number) for one in stubs.site.world.at(_company(stubs))}
    people = list(coresignal.people(ask, PeopleQuery(company_of(stubs), anybody)))
    assert ids_of(people) == here


def _company(stubs: Stubs) -> Any:
    return stubs.site.world.companies[0]


def test_a_record_that_tells_of_another_employer_is_passed_over(coresignal: Coresignal) -> None:
    """The search may be behind the record."""
    job = {"active_experience": 0, "company_id": 1, "position_title": "CTO"}
    record = {"id": 5, "full_name": "Ada Example", "experience": [job],
              "active_experience_company_id": 1}  # fmt: skip

    def ask(call: Call) -> Answer:
        body = [5] if call.method == "POST" else record
        return Answer(True, {}, json.dumps(body).encode(), NOW)

    query = PeopleQuery(FoundCompany("1", "Acme"), anybody)
    assert list(coresignal.people(ask, query)) == []
    record["experience"] = [job | {"active_experience": 1, "company_id": "1"}]
    (person,) = coresignal.people(ask, query)
    assert isinstance(person, FoundPerson)
    assert person.title == "CTO"
    record["experience"] = None
    record["active_experience_title"] = "CFO"
    (person,) = coresignal.people(ask, query)
    assert isinstance(person, FoundPerson)
    assert (person.title, person.started_on) == ("CFO", None)


def test_a_refresh_pays_only_for_what_changed(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    world, company = stubs.site.world, _company(stubs)
    before = world.at(company)
    known = frozenset(
        str(EMPLOYEE_IDS + one.number) for one in before if one.job.level in ("cxo", "vp")
    )
    assert known
    while not any(
        change.kind == "left" and str(EMPLOYEE_IDS + change.person) in known
        for change in world.advance(NOW)
    ):
        pass
    query = PeopleQuery(company_of(stubs), senior, known, NOW - timedelta(hours=1))
    people = list(coresignal.people(ask, query))
    here = world.at(company)
    for one in people:
        human = world.people[int(one.source_id) - EMPLOYEE_IDS]
        assert human in here
        assert isinstance(one, FoundPerson) == (human.updated_at == NOW)
    assert known - ids_of(people) == {
        str(EMPLOYEE_IDS + one.number)
        for one in before
        if one not in here and str(EMPLOYEE_IDS + one.number) in known
    }
    collected = [call for call in ask.calls if call.endpoint.endswith("collect")]
    assert {call.version for call in collected} == {"2026-06-01"}
    assert len(collected) == sum(isinstance(one, FoundPerson) for one in people)


def test_nothing_changed_costs_nothing(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    known = frozenset(
        str(EMPLOYEE_IDS + one.number) for one in stubs.site.world.at(_company(stubs))
    )
    query = PeopleQuery(company_of(stubs), senior, known, NOW)
    assert set(coresignal.people(ask, query)) == {UnchangedPerson(one) for one in known}
    assert stubs.site.books.tell()["paid"] == 0


def test_only_those_worth_it_are_collected_and_the_others_known_by_their_previews(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    chosen: set[str] = set()

    def worth(seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
        assert not gone
        chosen.update(sorted(one.source_id for one in seen)[:2])
        return frozenset(chosen)

    query = PeopleQuery(company_of(stubs, 4), anybody, shortlist=worth)
    found = {one.source_id: one for one in coresignal.people(ask, query)}
    assert len(found) == 40
    for source_id, person in found.items():
        human = stubs.site.world.people[int(source_id) - EMPLOYEE_IDS]
        assert isinstance(person, FoundPerson)
        assert person.whole == (source_id in chosen) == (person.started_on is not None)
        assert (person.name, person.title) == (human.name, human.job.title)
        assert person.linkedin_url == f"https://www.linkedin.com/in/{human.slug}"
        assert person.whole or not person.contacts
    assert stubs.site.books.tell()["credits"] == {"coresignal": 2 * 20.0 + 2 * 20.0}


def test_whoever_was_known_by_a_preview_and_counts_now_is_collected_once(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    here = [str(EMPLOYEE_IDS + one.number) for one in stubs.site.world.at(_company(stubs))]
    shown, read, left = here[0], here[1], "900999"
    told: list[Collection[str]] = []

    def worth(seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
        told.append(frozenset(gone))
        return frozenset({shown, read, left})

    query = PeopleQuery(
        company_of(stubs), senior, frozenset({*here, left}), NOW, shortlist=worth,
        read_ids=frozenset({read}),
    )  # fmt: skip
    found = {one.source_id: one for one in coresignal.people(ask, query)}
    assert isinstance(found.pop(shown), FoundPerson)
    assert found == {one: UnchangedPerson(one) for one in here[1:]}
    assert set(told) == {frozenset({left})}
    assert stubs.site.books.tell()["credits"] == {"coresignal": 20.0}


def test_for_whoever_turns_out_to_have_left_the_next_one_is_collected(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    gone = EMPLOYEE_IDS + stubs.site.world.at(_company(stubs))[0].number
    stubs.control("fail", kind="miss", path=f"collect/{gone}", detail="1", times=2)

    def worth(seen: Sequence[FoundPerson], _gone: Collection[str]) -> frozenset[str]:
        return frozenset(sorted(one.source_id for one in seen)[:1])

    query = PeopleQuery(company_of(stubs), anybody, shortlist=worth)
    found = {one.source_id: one for one in coresignal.people(ask, query)}
    assert str(gone) not in found
    assert sum(isinstance(one, FoundPerson) and one.whole for one in found.values()) == 1


def test_what_was_read_is_not_asked_for_again(coresignal: Coresignal, ask: PlainRequest) -> None:
    ids = {"coresignal": str(EMPLOYEE_IDS)}
    wanted = [ContactQuery("p-1", "Ada", "Acme", ids=ids, read=frozenset({"coresignal"}))]
    assert list(coresignal.contacts(ask, wanted)) == []
    assert ask.calls == []


def test_pages_follow_every_form_of_the_token(
    stubs: Stubs,
    coresignal: Coresignal,
    ask: PlainRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bg_orchestration.providers.adapters.coresignal.coresignal._PAGE", 4)
    here = {str(EMPLOYEE_IDS + one.number) for one in stubs.site.world.at(_company(stubs))}
    query = PeopleQuery(company_of(stubs), senior, frozenset(here), NOW)
    assert ids_of(list(coresignal.people(ask, query))) == here
    tokens = {call.params["after"] for call in ask.calls if "after" in call.params}
    assert {"12", '"2025-03-03",4', '26.806067,"2025-02-25",8'} <= tokens


@pytest.mark.parametrize("kind", ["empty_page", "repeated_page"])
def test_an_incomplete_search_never_makes_leavers(
    stubs: Stubs,
    coresignal: Coresignal,
    ask: PlainRequest,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setattr("bg_orchestration.providers.adapters.coresignal.coresignal._PAGE", 4)
    if kind == "repeated_page":
        stubs.control("fail", kind="none", provider="coresignal")
    stubs.control("fail", kind=kind, provider="coresignal")
    with pytest.raises(ProviderAwayError, match=r"gave \d+ of \d+ ids"):
        list(coresignal.people(ask, PeopleQuery(company_of(stubs), senior, frozenset({"1"}), NOW)))


def test_everybody_gone_at_once_is_not_believed(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    query = PeopleQuery(FoundCompany("499999", "Gone"), senior, frozenset({"1", "2"}), NOW)
    with pytest.raises(ProviderAwayError, match="where 2 people are known to work: not believed"):
        list(coresignal.people(ask, query))
    assert list(coresignal.people(ask, PeopleQuery(FoundCompany("499999", "New"), senior))) == []


def test_a_merged_record_is_followed_to_its_parent(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    here = [EMPLOYEE_IDS + one.number for one in stubs.site.world.at(_company(stubs))]
    first, parent = here[0], here[1]
    stubs.site.world.people[first - EMPLOYEE_IDS].updated_at = NOW
    stubs.control("fail", kind="miss", path=f"collect/{first}", detail=str(parent))
    query = PeopleQuery(company_of(stubs), senior, frozenset({str(first)}), NOW)
    assert ids_of(list(coresignal.people(ask, query))) == {str(parent)}


@pytest.mark.parametrize("kind", ["miss", "invalid"])
def test_a_record_that_cannot_be_read_makes_no_leaver(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest, kind: str
) -> None:
    human = stubs.site.world.at(_company(stubs))[0]
    human.updated_at = NOW
    stubs.control("fail", kind=kind, path=f"collect/{EMPLOYEE_IDS + human.number}")
    known = frozenset({str(EMPLOYEE_IDS + human.number)})
    query = PeopleQuery(company_of(stubs), senior, known, NOW)
    assert list(coresignal.people(ask, query)) == [UnchangedPerson(*known)]


def test_previews_that_are_refused_are_not_passed_over(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="invalid", path="preview")
    with pytest.raises(CallRefusedError, match="HTTP 422"):
        list(coresignal.people(ask, PeopleQuery(company_of(stubs), senior)))


def test_the_record_of_somebody_listed_elsewhere_is_found_by_their_profile(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    human = next(one for one in stubs.site.world.people if one.number % 4 == 0 and one.email)
    silent = next(one for one in stubs.site.world.people if one.email is None)
    wanted = [
        ContactQuery(
            "p-1", human.name, "Acme", linkedin_url=f"https://linkedin.com/in/{human.slug}/"
        ),
        ContactQuery(
            "p-2", silent.name, "Acme", ids={"coresignal": str(EMPLOYEE_IDS + silent.number)}
        ),
        ContactQuery("p-3", "Nobody", "Acme", linkedin_url="https://linkedin.com/in/nobody"),
        ContactQuery("p-4", "Unknown", "Acme"),
    ]
    reached, nowhere = coresignal.contacts(ask, wanted)
    assert (reached.person_id, reached.source_id) == ("p-1", str(EMPLOYEE_IDS + human.number))
    # A record without any address was paid for too: who asked has to know that it was read.
    assert nowhere == FoundContacts("p-2", (), str(EMPLOYEE_IDS + silent.number))
    best = reached.contacts[0]
    assert (best.value, best.status, best.confidence) == (human.email, "deliverable", 0.95)
    assert len(ask.calls) == 3


def test_unknown_words_are_kept_out_of_the_way(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest
) -> None:
    human = stubs.site.world.people[0]
    stubs.control("fail", kind="unknown_values", path="collect")
    wanted = [ContactQuery("p-1", human.name, "Acme", ids={"coresignal": str(EMPLOYEE_IDS)})]
    (reached,) = coresignal.contacts(ask, wanted)
    assert [one.status for one in reached.contacts] == ["unknown"]


@pytest.mark.parametrize("lost", ["id", "company_name"])
def test_a_changed_schema_names_the_field(
    stubs: Stubs, coresignal: Coresignal, ask: PlainRequest, lost: str
) -> None:
    stubs.control("fail", kind="drift", path="company_multi_source/collect", detail=lost)
    with pytest.raises(
        SchemaDriftError, match=rf"coresignal: company_multi_source/collect: {lost} is missing"
    ):
        coresignal.company(ask, _company(stubs).domain)


@pytest.mark.parametrize(
    ("kind", "detail", "error", "said"),
    [
        ("bad_key", "", ProviderStoppedError, "bad_key: HTTP 401"),
        ("no_credit", "", ProviderStoppedError, "no_credit: HTTP 402"),
        ("forbidden", "", ProviderStoppedError, "forbidden: HTTP 403"),
        ("invalid", "", CallRefusedError, "HTTP 422"),
        ("rate_limited", "", ProviderAwayError, "rate_limited: HTTP 429"),
        ("server_error", "", ProviderAwayError, "transient: HTTP 500"),
        ("server_error", "503", ProviderAwayError, "transient: HTTP 503"),
        ("html", "524", ProviderAwayError, "transient: HTTP 524"),
        ("html", "200", ProviderAwayError, "transient: HTTP 200 without JSON"),
        ("not_json", "", ProviderAwayError, "transient: HTTP 200 without JSON"),
        ("empty_body", "", ProviderAwayError, "transient: HTTP 200 without JSON"),
        ("cut_before", "", ProviderAwayError, "ReadError|RemoteProtocolError|WriteError"),
        ("cut_after", "", ProviderAwayError, "ReadError|RemoteProtocolError"),
        ("cut_body", "", ProviderAwayError, "ReadError|RemoteProtocolError"),
    ],
)
def test_faults_are_told_apart(
    stubs: Stubs,
    coresignal: Coresignal,
    ask: PlainRequest,
    kind: str,
    detail: str,
    error: type[ProviderError],
    said: str,
) -> None:
    stubs.control("fail", kind=kind, provider="coresignal", detail=detail, path="collect")
    with pytest.raises(error, match=said):
        coresignal.company(ask, _company(stubs).domain)
    paid = kind in ("not_json", "empty_body", "cut_after", "cut_body")
    assert stubs.site.books.tell()["paid"] == int(paid)


def test_slow_bytes_are_waited_for(stubs: Stubs, coresignal: Coresignal, ask: PlainRequest) -> None:
    stubs.control("fail", kind="slow", path="collect", seconds=0.05)
    assert coresignal.company(ask, _company(stubs).domain) is not None


def test_a_wrong_key_and_a_wrong_verb(
    stubs: Stubs, coresignal: Coresignal, plain_ask: Callable[..., PlainRequest]
) -> None:
    stranger = Coresignal("wrong", stubs.base_url("coresignal"))
    with pytest.raises(ProviderStoppedError, match="bad_key"):
        plain_ask(stranger)(stranger.check())
    ask = plain_ask(coresignal)
    assert not ask(coresignal.check()).found
    check = coresignal.check()
    wrong = Call("company", "coresignal", check.endpoint, "GET", check.path)
    with pytest.raises(ProviderAwayError, match="HTTP 500"):
        ask(wrong)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"{}", "ok"),
        (200, b"[1]", "ok"),
        (200, b" [] ", "not_found"),
        (404, b'{"detail":"Not found"}', "not_found"),
        (402, b'{"detail":"Insufficient credits"}', "no_credit"),
        (429, b"", "rate_limited"),
        (401, b"", "bad_key"),
        (403, b"", "forbidden"),
        (453, b"", "compliance"),
        (400, b"", "invalid"),
        (422, b'{"detail":[{"loc":[]}]}', "invalid"),
        (307, b"", "invalid"),
        *((status, b"<html>", "transient") for status in (500, 502, 503, 504, 524, 408, 200)),
    ],
)
def test_what_answers_mean(status: int, body: bytes, outcome: str) -> None:
    assert Coresignal("k").classify(status, {}, body).kind == outcome


def test_errors_are_known_to_cost_nothing() -> None:
    adapter = Coresignal("k")
    call = adapter.check()
    assert adapter.credits_charged(call, {}, b'{"detail":"Not found"}') == 0
    assert adapter.credits_charged(call, {}, b'{"id":1}') is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "company_name", "website", "website_alias", "full_name", "experience",
             "active_experience", "company_id", "date_from_year", "date_from", "parent_id",
             "professional_emails_collection", "professional_email", "order_of_priority",
             "primary_professional_email", "linkedin_url", "employees_count", "is_deleted"]
        ),
        inner,
        max_size=8,
    ),
    max_leaves=20,
)  # fmt: skip


@fuzz_settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(JSON, JSON)
def test_no_answer_is_too_strange(search: Any, record: Any) -> None:
    """Whatever JSON comes, only our own errors are raised."""
    adapter = Coresignal("k")

    def ask(call: Call) -> Answer:
        content = record if call.method == "GET" else search
        return Answer(True, {}, json.dumps(content).encode("utf-8", "surrogatepass"), NOW)

    questions: list[Callable[[], Any]] = [
        lambda: adapter.company(ask, "acme.example"),
        lambda: list(adapter.people(ask, PeopleQuery(FoundCompany("1", "A"), anybody))),
        lambda: list(adapter.contacts(ask, [ContactQuery("p", "A", "B", ids={"coresignal": "5"})])),
    ]
    for question in questions:
        with suppress(ProviderError):
            question()
