"""ZeroBounce's adapter against its stub: what an address is, and what it costs to know."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bg_orchestration.ledger.calls import Answer, Call
from bg_orchestration.ledger.errors import ProviderAwayError, ProviderStoppedError, SchemaDriftError
from bg_orchestration.providers.adapters.zerobounce.zerobounce import ZeroBounce
from bg_orchestration_tests.stubs.plain_request import PlainRequest
from bg_orchestration_tests.stubs.server import Stubs
from bg_orchestration_tests.stubs.zerobounce import MAGIC


@pytest.fixture
def zerobounce(stubs: Stubs) -> ZeroBounce:
    return ZeroBounce(stubs.key, stubs.base_url("zerobounce"))


@pytest.fixture
def ask(zerobounce: ZeroBounce, plain_ask: Callable[..., PlainRequest]) -> PlainRequest:
    return plain_ask(zerobounce)


def test_every_address_of_the_sandbox(zerobounce: ZeroBounce, ask: PlainRequest) -> None:
    found = {one.email.split("@")[0]: one for one in zerobounce.verify(ask, list(MAGIC))}
    assert {name: one.status for name, one in found.items()} == {
        "valid": "deliverable",
        "alias_address": "deliverable",
        "invalid": "undeliverable",
        "catch_all": "risky",
        "accept_all": "risky",
        "donotmail": "risky",
        "role_based": "risky",
        "disposable": "undeliverable",
        "toxic": "undeliverable",
        "spamtrap": "undeliverable",
        "abuse": "undeliverable",
        "global_suppression": "undeliverable",
    }
    suppressed = {name for name, one in found.items() if one.suppress}
    assert suppressed == {"spamtrap", "abuse", "global_suppression"}
    assert found["role_based"].raw == "do_not_mail/role_based"
    assert abs(found["valid"].checked_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_each_address_is_a_question_of_its_own(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest
) -> None:
    emails = [one.email for one in stubs.site.world.people if one.email][:5]
    assert len(list(zerobounce.verify(ask, [*emails, *emails]))) == 5
    tell = stubs.site.books.tell()
    assert (tell["paid"], tell["credits"]) == (5, {"zerobounce": 5.0})
    assert stubs.key not in json.dumps(tell)
    assert stubs.key not in str(ask.calls)


def test_who_left_has_no_address_any_more(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest
) -> None:
    human = next(one for one in stubs.site.world.people if one.email and one.number % 4 == 0)
    email = human.email or ""
    assert [one.status for one in zerobounce.verify(ask, [email])] == ["deliverable"]
    human.versions += 1
    assert [one.status for one in zerobounce.verify(ask, [email])] == ["undeliverable"]


@pytest.mark.parametrize(
    ("age", "versions"), [(timedelta(hours=1), [""]), (timedelta(days=2), ["", "again"])]
)
def test_what_was_not_told_is_asked_once_more_a_day_later(
    age: timedelta, versions: list[str]
) -> None:
    asked = []

    def ask(call: Call) -> Answer:
        asked.append(call.version)
        body = json.dumps({"status": "valid" if call.version else "unknown", "sub_status": ""})
        return Answer(True, {}, body.encode(), datetime.now(UTC) - age)

    found = list(ZeroBounce("k").verify(ask, ["a@acme.example"]))
    assert asked == versions
    assert len(found) == len(versions) - 1


def test_unknown_words_judge_nothing(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="unknown_values", path="validate")
    assert list(zerobounce.verify(ask, ["valid@example.com"])) == []
    stubs.control("fail", kind="odd", path="validate", detail="valid/brand_new")
    assert [one.status for one in zerobounce.verify(ask, ["a@b.example"])] == ["deliverable"]


def test_a_changed_schema_names_the_field(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest
) -> None:
    stubs.control("fail", kind="drift", path="validate")
    with pytest.raises(SchemaDriftError, match="zerobounce: validate: status is missing"):
        list(zerobounce.verify(ask, ["valid@example.com"]))


def test_the_check_tells_a_wrong_key_from_an_empty_wallet(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest
) -> None:
    assert ask(zerobounce.check()).found
    stranger = ZeroBounce("wrong", zerobounce.base_url)
    with pytest.raises(ProviderStoppedError, match="bad_key: Credits: -1"):
        PlainRequest(stranger, ask.client)(zerobounce.check())
    with pytest.raises(ProviderStoppedError, match="the key is wrong, or no credit is left"):
        list(stranger.verify(PlainRequest(stranger, ask.client), ["a@b.example"]))
    stubs.control("wallet", provider="zerobounce", credits=0)
    with pytest.raises(ProviderStoppedError, match="no_credit: Credits: 0"):
        ask(zerobounce.check())


@pytest.mark.parametrize("kind", ["forbidden", "rate_limited", "server_error"])
def test_blocks_and_faults_pass(
    stubs: Stubs, zerobounce: ZeroBounce, ask: PlainRequest, kind: str
) -> None:
    stubs.control("fail", kind=kind, provider="zerobounce")
    with pytest.raises(ProviderAwayError):
        list(zerobounce.verify(ask, ["valid@example.com"]))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"status":"valid"}', "ok"),
        (200, b'{"error":"Invalid API key or your account ran out of credits"}', "no_credit"),
        (200, b'{"error":"Invalid API key"}', "bad_key"),
        (200, b'{"error":"email is missing"}', "invalid"),
        (200, b'{"Credits":"-1"}', "bad_key"),
        (200, b'{"Credits":-1}', "bad_key"),
        (200, b'{"Credits":"0"}', "no_credit"),
        (200, b'{"Credits":"12"}', "ok"),
        (400, b"", "invalid"),
        (403, b"", "rate_limited"),
        (429, b"", "rate_limited"),
        (500, b"", "transient"),
        (520, b"", "transient"),
        (524, b"<html>", "transient"),
    ],
)
def test_what_answers_mean(status: int, body: bytes, outcome: str) -> None:
    adapter = ZeroBounce("k")
    assert adapter.classify(status, {}, body).kind == outcome
    charged = adapter.credits_charged(adapter.check(), {}, body)
    assert charged == (0.0 if b"error" in body else None)
