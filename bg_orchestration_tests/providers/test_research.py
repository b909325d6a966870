"""Research against a server that speaks both dialects: what is kept of what a model says."""

from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.ledger.errors import CallRefusedError, ProviderAwayError, ProviderStoppedError
from bg_orchestration.providers.adapters.research.research import (
    PROMPT_VERSION,
    Research,
    Subject,
)
from bg_orchestration.providers.adapters.research.research_answers import (
    Findings,
    Source,
    read_findings,
)
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs

SUBJECT = Subject("Ada Example", "Plant Manager", "Example GmbH")


@pytest.fixture(params=["responses", "chat"])
def research(request: pytest.FixtureRequest, stubs: Stubs) -> Research:
    return Research(stubs.key, stubs.base_url("research"), "sonar", request.param)


@pytest.fixture
def ask(research: Research, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(research)


def test_findings_come_with_their_sources_and_nobodys_contacts(
    stubs: Stubs, research: Research, ask: PlainRequest
) -> None:
    found = research.research(ask, SUBJECT)
    assert found is not None
    assert found.summary == "Ada Example leads."
    assert found.responsibilities == ("Budget of the plant",)
    assert found.recent == ("Spoke at a fair on 2026-03-01",)
    assert (found.model, found.prompt) == ("sonar", PROMPT_VERSION)
    interview = Source(url="https://news.example/interview", title="Interview", date="2026-03-01")
    blog = Source(url="https://blog.example/", title="Blog")
    in_both = {"responses": (interview, blog), "chat": (interview,)}
    assert found.sources == in_both[research.dialect]
    assert "@" not in found.model_dump_json()
    assert "30 23125" not in found.model_dump_json()
    assert Findings.model_validate_json(found.model_dump_json()) == found


def test_the_prompt_holds_name_title_and_company_only(
    research: Research, ask: PlainRequest
) -> None:
    research.research(ask, SUBJECT)
    (call,) = ask.calls
    body = call.json
    said = body["input"] if research.dialect == "responses" else body["messages"][1]["content"]
    assert said.splitlines()[:3] == [
        "Name: Ada Example",
        "Title: Plant Manager",
        "Company: Example GmbH",
    ]
    assert call.params == {}
    assert call.version == PROMPT_VERSION


@pytest.mark.parametrize("form", ["fence", "think", "null"])
def test_wrapped_answers_are_unwrapped(
    stubs: Stubs, research: Research, ask: PlainRequest, form: str
) -> None:
    stubs.control("fail", kind="odd", provider="research", detail=form)
    found = research.research(ask, SUBJECT)
    assert found is not None
    assert found.responsibilities == ("Budget of the plant",)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("prose", "no JSON"),
        ("broken", "no JSON"),
        ("shape", "other fields"),
    ],
)
def test_what_cannot_be_read_is_said_without_a_word_of_it(
    stubs: Stubs, research: Research, ask: PlainRequest, form: str, said: str
) -> None:
    stubs.control("fail", kind="odd", provider="research", detail=form)
    with pytest.raises(CallRefusedError, match=said) as error:
        research.research(ask, SUBJECT)
    assert error.value.kind == "invalid"
    assert "Ada" not in str(error.value)


def test_a_truncated_answer_is_not_parsed(
    stubs: Stubs, research: Research, ask: PlainRequest
) -> None:
    cut = "incomplete" if research.dialect == "responses" else "length"
    stubs.control("fail", kind="odd", provider="research", detail=cut)
    with pytest.raises(CallRefusedError, match="cut off"):
        research.research(ask, SUBJECT)


def test_nothing_found_and_a_refusal_are_misses(
    stubs: Stubs, research: Research, ask: PlainRequest
) -> None:
    for form in ("empty", "refusal"):
        stubs.control("fail", kind="odd", provider="research", detail=form)
        assert research.research(ask, SUBJECT) is None
    assert ask.classifications[-1].kind == "not_found", "nobody objected: the model did"


def test_a_failed_answer_may_come_another_time(
    stubs: Stubs, plain_ask: Callable[..., PlainRequest]
) -> None:
    research = Research(stubs.key, stubs.base_url("research"))
    stubs.control("fail", kind="odd", provider="research", detail="failed")
    with pytest.raises(ProviderAwayError, match="status failed"):
        research.research(plain_ask(research), SUBJECT)


@pytest.mark.parametrize(
    ("kind", "detail", "error", "said"),
    [
        ("bad_key", "", ProviderStoppedError, "bad_key"),
        ("no_credit", "402", ProviderStoppedError, "no_credit"),
        ("no_credit", "401", ProviderStoppedError, "no_credit: HTTP 401: quota"),
        ("no_credit", "429", ProviderStoppedError, "no_credit: HTTP 429: quota"),
        ("forbidden", "", ProviderStoppedError, "forbidden"),
        ("rate_limited", "", ProviderAwayError, "rate_limited"),
        ("server_error", "", ProviderAwayError, "transient"),
        ("invalid", "", CallRefusedError, "HTTP 422"),
        ("cut_after", "", ProviderAwayError, "ReadError|RemoteProtocolError"),
    ],
)
def test_faults_are_told_apart(
    stubs: Stubs,
    research: Research,
    ask: PlainRequest,
    kind: str,
    detail: str,
    error: type[Exception],
    said: str,
) -> None:
    stubs.control("fail", kind=kind, provider="research", detail=detail)
    with pytest.raises(error, match=said):
        research.research(ask, SUBJECT)
    assert stubs.site.books.tell()["paid"] == int(kind == "cut_after")
    assert ask(research.check()).found


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (b'{"usage":{"cost":{"total_cost":0.02}}}', 0.02),
        (b'{"usage":{"cost":0.03,"prompt_tokens":1,"completion_tokens":1}}', 0.03),
        (b'{"usage":{"prompt_tokens":1000,"completion_tokens":2000}}', 1 * 0.001 + 2 * 0.002 + 0.5),
        (b'{"usage":{"input_tokens":1000,"output_tokens":2000}}', 1 * 0.001 + 2 * 0.002 + 0.5),
        (b'{"usage":null}', None),
    ],
)
def test_what_it_cost(usage: bytes, usd: float | None) -> None:
    adapter = Research("k", input_usd=1.0, output_usd=2.0, request_usd=0.5)
    charged = adapter.credits_charged(adapter.check(), {}, usage)
    assert charged == (None if usd is None else pytest.approx(usd))


@pytest.mark.parametrize("dialect", ["responses", "chat"])
def test_a_server_that_costs_nothing_is_remembered_too(
    dialect: Literal["responses", "chat"], stubs: Stubs, plain_ask: Callable[..., PlainRequest]
) -> None:
    free = Research(stubs.key, stubs.base_url("research"), "m", dialect, 0, 0, 0)
    ask = plain_ask(free)
    free.research(ask, SUBJECT)
    assert 0 < ask.calls[0].credits < 0.001


@given(
    st.sampled_from(["Write to ada@acme.example today.", "Call +49 30 23125 007.",
                     "ada (at) acme dot example", "Dial 030/23125-007 8.", "020 7946 0123 rings."]),
    st.text(alphabet="abc .", max_size=20),
)  # fmt: skip
def test_contact_details_never_pass(contact: str, around: str) -> None:
    text = f"{around}. {contact} {around}"
    found = Findings(summary=text, recent=[text])
    told = found.model_dump_json()
    assert "acme" not in told
    assert not any(digits in told for digits in ("23125", "7946"))


def test_years_and_amounts_are_no_phones() -> None:
    text = "Since 2019-2023 they led 1,200 people and spent 30 000 000 EUR on 2026-03-01."
    assert Findings(summary=text).summary == text


def test_an_answer_in_no_dialect_is_unreadable() -> None:
    from bg_orchestration.providers.adapters.research.research_answers import (
        UnreadableFindingsError,
    )

    with pytest.raises(UnreadableFindingsError):
        read_findings({}, "m", "1")
