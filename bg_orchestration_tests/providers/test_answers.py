"""Reading answers: forms that differ are read, broken promises are named, nothing crashes."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzz_settings
from hypothesis import strategies as st

from bg_orchestration.ledger.calls import Answer, Call, Request, classify_status, read_amount
from bg_orchestration.ledger.errors import ProviderError, SchemaDriftError
from bg_orchestration.providers.adapters.apollo.apollo import Apollo
from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal
from bg_orchestration.providers.adapters.lusha.lusha import Lusha
from bg_orchestration.providers.adapters.pdl.pdl import PeopleDataLabs
from bg_orchestration.providers.adapters.research.research import Research, Subject
from bg_orchestration.providers.adapters.zerobounce.zerobounce import ZeroBounce
from bg_orchestration.providers.answers import Fields, read, read_ids, read_objects
from bg_orchestration.providers.contact_values import read_email, read_phone
from bg_orchestration.providers.protocols import ContactQuery, FoundCompany, PeopleQuery

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CALL = Call("people", "pdl", "person/search", "POST", "person/search")
SUBJECT = Subject("Ada Example", "CTO", "Acme")


def fields(**values: Any) -> Fields:
    return Fields(values, "pdl", "person/search")


def test_forms_that_differ_are_read() -> None:
    record = fields(
        number="41", point=2.0, text=" VP \x00 Sales\ud800 ", flag=1, word="true", empty="",
        date="March 2023", stamp="2024-07-27T01:56:27.000", site="https://www.acme.example/de",
        list=None, one="http://a.example",
    )  # fmt: skip
    assert record.id("missing", "number") == "41"
    assert record.id("point") == "2"
    assert record.count("number") == 41
    assert record.number("empty") is None
    assert record.text("missing", "empty", "text") == "VP Sales"
    assert (record.flag("flag"), record.flag("word"), record.flag("missing")) == (True, True, None)
    assert record.date("text", "date") == "2023-03"
    assert record.date("stamp") == "2024-07-27"
    assert record.domain("missing", "site") == "acme.example"
    assert record.children("list") == []
    assert record.texts("one") == ["http://a.example"]
    assert fields(jobs=[None, {"id": 1}]).children("jobs")[0].id("id") == "1"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda: fields().need_id("id"), "id is missing"),
        (lambda: fields(id=None).need_id("id"), "id is missing"),
        (lambda: fields(id=True).need_id("id"), "id is a truth value, no id"),
        (lambda: fields(id=1.5).id("id"), "id is a number, no id"),
        (lambda: fields(title=["secret"]).text("title"), "title is an array, no text"),
        (lambda: fields(title=False).text("title"), "title is a truth value, no text"),
        (lambda: fields(n="secret").number("n"), "n is text, no number"),
        (lambda: fields(n=float("inf")).number("n"), "n is no finite number"),
        (lambda: fields(n={}).flag("n"), "n is an object, no truth value"),
        (lambda: fields(job="secret").child("job"), "job is text, no object"),
        (lambda: fields(jobs={}).children("jobs"), "jobs is an object, no array"),
        (lambda: fields(jobs=[["secret"]]).children("jobs"), r"jobs\[0\] is an array, no object"),
        (lambda: fields(a=[{"b": {"c": []}}]).children("a")[0].child("b").text("c"),  # type: ignore[union-attr]
         r"a\[0\]\.b\.c is an array, no text"),
        (lambda: fields(id=1).person_name(), "full_name is missing"),
        (lambda: read(Answer(True, {}, b'"secret"', NOW), CALL), "the answer is text, no object"),
        (lambda: read(Answer(True, {}, b"secret", NOW), CALL), "the answer is no JSON"),
        (lambda: read_ids(Answer(True, {}, b'[1, "2", null]', NOW), CALL), r"\[2\] is no id"),
        (lambda: read_objects(Answer(True, {}, b"{}", NOW), CALL), "is an object, no array"),
    ],
)  # fmt: skip
def test_a_broken_promise_names_the_field_and_no_value(
    broken: Callable[[], object], said: str
) -> None:
    with pytest.raises(SchemaDriftError, match=f"pdl: person/search: .*{said}") as error:
        broken()
    assert "secret" not in str(error.value)


def test_names_are_put_together_from_what_there_is() -> None:
    assert fields(full_name="Ada  Example").person_name() == "Ada Example"
    assert fields(first_name="Ada", last_name=None).person_name() == "Ada"
    assert fields(full_name=None).person_name() is None


@pytest.mark.parametrize(
    ("given_value", "email"),
    [
        (" Ada.Example@ACME.Example ", "Ada.Example@acme.example"),
        ("email_not_unlocked@domain.com", None),
        ("a***@acme.example", None),
        ("not an address", None),
        ("a\x00b@acme.example", None),
        (True, None),
        (None, None),
        (["ada@acme.example"], None),
    ],
)
def test_addresses(given_value: object, email: str | None) -> None:
    assert read_email(given_value) == email


@pytest.mark.parametrize(
    ("number", "country", "phone"),
    [
        ("+49 30 23125 007", None, "+493023125007"),
        ("030 23125007", "DE", "+493023125007"),
        ("(202) 555-0107", "us", "+12025550107"),
        ("030 23125007", None, None),
        ("030 23125007", "Germany", None),
        ("12", "DE", None),
        ("call me", "DE", None),
        (True, "DE", None),
        (4930, "DE", None),
    ],
)
def test_phones(number: object, country: str | None, phone: str | None) -> None:
    assert read_phone(number, country) == phone


def test_only_a_repeatable_status_asks_to_wait() -> None:
    headers = {"retry-after": "7"}
    assert classify_status(429, headers, b"").wait == 7.0
    assert classify_status(503, headers, b"").wait == 7.0
    assert classify_status(401, headers, b"").wait is None


@pytest.mark.parametrize(
    ("value", "read_as"),
    [(3, 3.0), (0.5, 0.5), (True, None), ("3", None), (-1, None), (1e99, None)],
)
def test_amounts(value: object, read_as: float | None) -> None:
    assert read_amount(value) == read_as


# Every name that an adapter reads, so that what is random meets the code that reads it.
_NAMES = [
    "id", "status", "error", "data", "people", "person", "organization", "results", "name",
    "full_name", "fullName", "first_name", "website", "primary_domain", "domain", "company",
    "company_name", "display_name", "location", "country", "countryIso2", "employee_count",
    "employees", "total", "total_entries", "pagination", "scroll_token", "experience",
    "active_experience", "company_id", "date_from_year", "parent_id", "is_deleted", "job_title",
    "job_company_id", "work_email", "mobile_phone", "phone_numbers", "linkedin_url", "emails",
    "email", "confidence", "phones", "number", "doNotCall", "jobTitle", "title", "departments",
    "socialLinks", "linkedin", "employment_history", "current", "organization_id", "contact",
    "sanitized_number", "dnc_status", "last_refreshed_at", "sub_status", "processed_at", "updated",
    "merged", "output", "content", "text", "type", "choices", "message", "citations",
    "search_results", "url", "usage", "cost", "billing", "code", "clientReferenceId",
    "professional_emails_collection", "order_of_priority", "website_alias", "Credits",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6)
    ),
    max_leaves=25,
)


def _questions(ask: Request) -> Iterator[Callable[[], object]]:
    """Everything that every adapter can be asked."""
    query = PeopleQuery(FoundCompany("1", "A"), lambda _title, _department: True)
    again = PeopleQuery(query.company, query.eligible, frozenset({"1", "2"}), NOW)
    for adapter in (Coresignal("k"), PeopleDataLabs("k"), Apollo("k"), Lusha("k")):
        wanted = [ContactQuery("p", "Ada Example", "B", "b.example", ids={adapter.name: "5"})]
        named = [ContactQuery("p", "Ada Example", "B", "b.example")]
        yield lambda one=adapter: one.company(ask, "acme.example")  # type: ignore[misc]
        for which in (query, again):
            yield lambda one=adapter, it=which: list(one.people(ask, it))  # type: ignore[misc]
        for whom in (wanted, named):
            yield lambda one=adapter, it=whom: list(one.contacts(ask, it))  # type: ignore[misc]
    yield lambda: list(ZeroBounce("k").verify(ask, ["a@b.example"]))
    yield lambda: Research("k").research(ask, SUBJECT)


@fuzz_settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(JSON, min_size=1, max_size=4))
def test_no_answer_is_too_strange(contents: list[Any]) -> None:
    """Whatever JSON comes, only our own errors are raised, and no listing goes on for ever."""
    asked = 0

    def ask(_call: Call) -> Answer:
        nonlocal asked
        asked += 1
        assert asked < 5_000
        body = json.dumps(contents[asked % len(contents)]).encode()
        return Answer(True, {"x-next-page-after": "1"}, body, NOW)

    for question in _questions(ask):
        with suppress(ProviderError):
            question()


@fuzz_settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [200, 202, 301, 400, 401, 402, 403, 404, 408, 410, 422, 429, 451, 499, 500, 524]
    ),
    st.binary(max_size=30) | JSON.map(lambda content: json.dumps(content).encode()),
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "x-ratelimit-reset", "x-call-credits-spent"]),
        st.text(max_size=8),
    ),
)
def test_every_answer_means_something(status: int, body: bytes, headers: dict[str, str]) -> None:
    for make in (Coresignal, PeopleDataLabs, Apollo, Lusha, ZeroBounce, Research):
        adapter = make("secret")
        classification = adapter.classify(status, headers, body)
        assert classification.wait is None or classification.wait >= 0
        if status >= 300:
            assert classification.kind != "ok"
        charged = adapter.credits_charged(adapter.check(), headers, body)
        assert charged is None or charged >= 0
        assert "secret" not in repr(adapter)
        rate, at_once = adapter.rate_limit(adapter.check().endpoint)
        assert rate > 0
        assert at_once >= 1
