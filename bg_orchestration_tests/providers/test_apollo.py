"""Apollo's adapter against its stub: what it finds, and what it pays for it."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bg_orchestration.ledger.errors import (
    CallRefusedError,
    ProviderAwayError,
    ProviderStoppedError,
    SchemaDriftError,
)
from bg_orchestration.providers.adapters.apollo.apollo import Apollo
from bg_orchestration.providers.protocols import (
    ContactQuery,
    FoundCompany,
    FoundContacts,
    FoundPerson,
    PeopleQuery,
    UnchangedPerson,
)
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def apollo(stubs: Stubs) -> Apollo:
    return Apollo(stubs.key, stubs.base_url("apollo"))


@pytest.fixture
def ask(apollo: Apollo, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(apollo)


def senior(title: str, department: str | None) -> bool:
    return title.startswith(("Chief", "VP"))


def anybody(title: str, department: str | None) -> bool:
    return True


def ap(number: int) -> str:
    return f"ap-{number:06x}"


def query_of(stubs: Stubs, likely: Callable[..., bool] = senior, **more: object) -> PeopleQuery:
    company = stubs.site.world.companies[1]
    found = FoundCompany("org-1", company.name, company.domain, employee_count=41)
    return PeopleQuery(found, likely, **more)  # type: ignore[arg-type]


def test_a_company(stubs: Stubs, apollo: Apollo, ask: PlainRequest) -> None:
    company = stubs.site.world.companies[1]
    found = apollo.company(ask, company.domain)
    assert found is not None
    assert (found.source_id, found.name, found.domain) == ("org-1", company.name, company.domain)
    assert found.employee_count == 41
    assert apollo.company(ask, "nobody.example") is None
    assert stubs.site.books.tell()["credits"] == {"apollo": 1.0}


def test_only_those_likely_are_matched(stubs: Stubs, apollo: Apollo, ask: PlainRequest) -> None:
    world = stubs.site.world
    found = {one.source_id: one for one in apollo.people(ask, query_of(stubs))}
    here = {ap(one.number): one for one in world.at(world.companies[1])}
    wanted = {key: one for key, one in here.items() if one.job.level in ("cxo", "vp")}
    assert found.keys() == wanted.keys()
    for source_id, person in found.items():
        human = wanted[source_id]
        assert isinstance(person, FoundPerson)
        assert (person.name, person.title) == (human.name, human.job.title)
        assert person.started_on == f"{human.job.start}-01"
        assert person.department == human.job.department.lower()
    matches = [call for call in ask.calls if call.endpoint == "people/match"]
    assert stubs.site.books.tell()["credits"] == {"apollo": float(len(matches))}


def test_former_employees_are_found_and_filtered(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    world = stubs.site.world
    company = world.companies[1]
    former = {
        ap(one.number)
        for one in world.people
        if one.job.company is not company and any(job.company is company for job in one.jobs)
    }
    assert former
    found = {one.source_id for one in apollo.people(ask, query_of(stubs, anybody))}
    assert found == {ap(one.number) for one in world.at(company)}
    asked = {call.json["id"] for call in ask.calls if call.endpoint == "people/match"}
    assert former <= asked, "they were in the search"


def test_a_refresh_matches_only_those_refreshed_since(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    world = stubs.site.world
    before = world.at(world.companies[1])
    known = frozenset(ap(one.number) for one in before)
    query = query_of(stubs, known_ids=known, since=NOW - timedelta(hours=1))
    assert set(apollo.people(ask, query)) == {UnchangedPerson(one) for one in known}
    assert stubs.site.books.tell()["paid"] == 0
    while not any(one.job.company is not world.companies[1] for one in before):
        world.advance(NOW)
    found = {one.source_id: one for one in apollo.people(ask, query)}
    for one in before:
        if one.job.company is not world.companies[1]:
            assert ap(one.number) not in found
        else:
            assert isinstance(found[ap(one.number)], FoundPerson) == (one.updated_at == NOW)
    versions = {call.version for call in ask.calls if call.endpoint == "people/match"}
    assert versions == {"2026-06-01"}


@pytest.mark.parametrize("kind", ["miss", "invalid", "odd"])
def test_a_record_that_cannot_be_read_makes_no_leaver(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest, kind: str
) -> None:
    human = stubs.site.world.at(stubs.site.world.companies[1])[0]
    human.updated_at = NOW
    stubs.control("fail", kind=kind, path="people/match")
    known = frozenset({ap(human.number)})
    # Of the others, whom the search shows too, nobody is worth a record here.
    query = query_of(stubs, known_ids=known, since=NOW, shortlist=lambda _seen, _gone: frozenset())
    assert list(apollo.people(ask, query)) == [UnchangedPerson(*known)]


def test_only_those_worth_it_are_matched_and_later_whoever_counts_then(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    """The search hides names: who is not worth a record stays unknown, and is seen again."""
    chosen = 2

    def worth(seen: Sequence[FoundPerson], _gone: Collection[str]) -> frozenset[str]:
        return frozenset(sorted(one.source_id for one in seen)[:chosen])

    world = stubs.site.world
    here = {ap(one.number) for one in world.at(world.companies[1])}
    first = {one.source_id for one in apollo.people(ask, query_of(stubs, anybody, shortlist=worth))}
    assert len(first) == 2
    assert first <= here
    spent = stubs.site.books.tell()["paid"]
    chosen = 1
    query = query_of(stubs, anybody, known_ids=frozenset(first), since=NOW, shortlist=worth)
    found = {one.source_id: one for one in apollo.people(ask, query)}
    assert {one for one in found.values() if isinstance(one, UnchangedPerson)} == {
        UnchangedPerson(one) for one in first
    }
    [new] = found.keys() - first
    assert new in here
    assert stubs.site.books.tell()["paid"] == spent + 1


def test_an_ignored_filter_is_noticed_before_anybody_is_paid_for(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="odd", path="api_search")
    with pytest.raises(SchemaDriftError, match="total_entries is 230000000 at one company"):
        list(apollo.people(ask, query_of(stubs)))
    assert stubs.site.books.tell()["paid"] == 0


def test_an_incomplete_listing_makes_no_leavers(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="empty_page", path="api_search")
    with pytest.raises(ProviderAwayError, match=r"gave 0 of \d+ people"):
        list(apollo.people(ask, query_of(stubs)))


def test_contacts(stubs: Stubs, apollo: Apollo, ask: PlainRequest) -> None:
    people = stubs.site.world.people
    by_id = next(one for one in people if one.number % 2 and one.email and one.phone)
    by_name = next(one for one in people if one.number % 5 == 0 and one.email and not one.phone)
    locked = next(one for one in people if one.number % 9 == 8 and not one.phone)
    wanted = [
        ContactQuery("p-1", by_id.name, "Acme", ids={"apollo": ap(by_id.number)}),
        ContactQuery("p-2", by_name.name, "Acme", by_name.job.company.domain),
        ContactQuery(
            "p-3", locked.name, "Acme", linkedin_url=f"https://linkedin.com/in/{locked.slug}"
        ),
        ContactQuery("p-4", "Nobody Atall", "Acme", "acme.example"),
        ContactQuery("p-5", "", "Acme"),
    ]
    found = {one.person_id: one for one in apollo.contacts(ask, wanted)}
    # A record without contacts was paid for too: who asked has to know that it was read.
    assert found.pop("p-3") == FoundContacts("p-3", (), ap(locked.number))
    assert found.keys() == {"p-1", "p-2"}
    phone = next(one for one in found["p-1"].contacts if one.kind == "phone")
    assert phone.value == (by_id.phone or "").replace(" ", "")
    assert phone.do_not_contact
    assert found["p-2"].contacts[0].status == "deliverable"
    assert stubs.site.books.tell()["credits"] == {"apollo": 3.0}


def test_somebody_elses_record_is_not_taken(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    human = next(one for one in stubs.site.world.people if one.email)
    stubs.control("fail", kind="odd", path="people/match", times=2)
    wanted = ContactQuery("p-1", human.name, "Acme", ids={"apollo": ap(human.number)})
    assert list(apollo.contacts(ask, [wanted])) == []


@pytest.mark.parametrize("form", ["", "braces"])
def test_a_miss_is_a_success_that_costs_nothing(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest, form: str
) -> None:
    human = next(one for one in stubs.site.world.people if one.email)
    stubs.control("fail", kind="miss", path="people/match", detail=form)
    wanted = ContactQuery("p-1", human.name, "Acme", ids={"apollo": ap(human.number)})
    assert list(apollo.contacts(ask, [wanted])) == []
    assert ask.classifications[-1].kind == "not_found"


def test_unknown_words_are_kept_out_of_the_way(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest
) -> None:
    human = next(one for one in stubs.site.world.people if one.email and one.number % 9 != 8)
    stubs.control("fail", kind="unknown_values", path="people/match")
    wanted = ContactQuery("p-1", human.name, "Acme", ids={"apollo": ap(human.number)})
    (reached,) = apollo.contacts(ask, [wanted])
    assert reached.contacts[0].status == "unknown"


@pytest.mark.parametrize(
    ("kind", "error", "said"),
    [
        ("bad_key", ProviderStoppedError, "bad_key"),
        ("forbidden", ProviderStoppedError, "forbidden"),
        ("no_credit", ProviderStoppedError, "no_credit: HTTP 422"),
        ("invalid", CallRefusedError, "HTTP 422"),
        ("retry_after", ProviderAwayError, "rate_limited"),
        ("server_error", ProviderAwayError, "transient"),
    ],
)
def test_faults_are_told_apart(
    stubs: Stubs, apollo: Apollo, ask: PlainRequest, kind: str, error: type[Exception], said: str
) -> None:
    stubs.control("fail", kind=kind, provider="apollo", seconds=7)
    with pytest.raises(error, match=said):
        ask(apollo.check())
    assert ask.classifications[-1].wait == (7.0 if kind == "retry_after" else None)
    assert ask(apollo.check()).found


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"person":{"id":1}}', "ok"),
        (200, b'{"person":null}', "not_found"),
        (200, b'{"person":null,"request_id":5}', "not_found"),
        (200, b"{}", "not_found"),
        (200, b'{"organization":{}}', "not_found"),
        (422, b'{"error_details":{"code":"BILLING.LIMIT.CREDITS_EXHAUSTED"}}', "no_credit"),
        (422, b'{"error":"You have insufficient credits!"}', "no_credit"),
        (422, b'{"error":"Value is invalid"}', "invalid"),
        (400, b'{"error_code":"RECORD_LIMIT_EXCEEDED"}', "invalid"),
        (401, b"Invalid access credentials.", "bad_key"),
        (403, b'{"error_code":"API_INACCESSIBLE"}', "forbidden"),
        (404, b'{"error_code":"result_pending","retry_after_seconds":10}', "pending"),
        (404, b'{"error":"Not found"}', "not_found"),
        (429, b'{"message":"The maximum number"}', "rate_limited"),
        (503, b"", "transient"),
    ],
)
def test_what_answers_mean(status: int, body: bytes, outcome: str) -> None:
    adapter = Apollo("k")
    assert adapter.classify(status, {}, body).kind == outcome
    if status == 200:
        charged = adapter.credits_charged(adapter.check(), {}, body)
        assert charged == (0.0 if outcome == "not_found" else None)
