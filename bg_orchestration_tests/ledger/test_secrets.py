"""Neither keys nor people in what is logged, raised or stored in the clear."""

import logging
import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from bg_orchestration.ledger import rate_limit
from bg_orchestration.ledger.calls import Answer, Call
from bg_orchestration.ledger.client import provider_client
from bg_orchestration.ledger.errors import CallRefusedError, ProviderError, ProviderStoppedError
from bg_orchestration.settings import read_settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import pipeline_operations as operations
from bg_orchestration_tests.ledger.scripted_provider import (
    KEY,
    PERSON,
    Said,
    ScriptedAdapter,
    ScriptedProvider,
    call,
)
from bg_orchestration_tests.store.rows import rows


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """One database: what is tested here does not depend on its kind."""
    return sqlite_engine


@pytest.mark.parametrize(
    "said",
    [
        Said(),
        Said(401, b"{}"),
        Said(422, b"{}"),
        Said(404, b"{}"),
        Said(cut=True),
        Said(500, b"{}"),
        Said(302, b"", headers={"location": "http://127.0.0.1:1/elsewhere"}),
    ],
)
def test_neither_key_nor_person_is_logged_or_raised(
    ask: Callable[..., Answer],
    provider: ScriptedProvider,
    caplog: pytest.LogCaptureFixture,
    said: Said,
) -> None:
    for name in ("", "httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, name)
    provider.say(*[said] * 4)
    told = ""
    try:
        ask(read_timeout_question())
    except ProviderError as error:
        told = "".join(traceback.format_exception(error, chain=True)) + repr(error.__context__)
    assert any(KEY in query for query in provider.seen_keys)
    logged = caplog.text + " ".join(str(record.__dict__) for record in caplog.records)
    assert "provider_asked" in logged
    for secret in (KEY, PERSON, PERSON.replace("@", "%40")):
        assert secret not in logged
        assert secret not in told


def read_timeout_question() -> Call:
    return call(read_seconds=2.0)


def test_a_key_that_no_request_may_hold_is_not_quoted(
    engine: Engine, provider: ScriptedProvider
) -> None:
    class InHeader(ScriptedAdapter):
        def headers(self) -> dict[str, str]:
            return {"apikey": self.key}

    for key in ("open\nsesame", "\u20ac open sesame"):
        with (
            provider_client(engine, [InHeader(provider.url, key=key)], read_settings()) as one,
            pytest.raises(ProviderStoppedError) as raised,
        ):
            one(call())
        told = "".join(traceback.format_exception(raised.value))
        assert "key or URL holds" in told
        assert "sesame" not in told
        with writing(engine) as connection:
            rate_limit.close_circuit(connection, "zerobounce")
    assert provider.asked == 0


def test_the_ledger_holds_nothing_personal_but_the_answer(
    engine: Engine, provider: ScriptedProvider, ask: Callable[..., Answer]
) -> None:
    provider.say(
        Said(body=PERSON.encode().join([b'"', b'"'])), Said(cut=True), Said(), Said(422, b"{}")
    )
    ask(call(1))
    ask(call(2))
    with pytest.raises(CallRefusedError):
        ask(call(3, params={"email": PERSON, "name": "Ada"}))
    for row in rows(engine, operations):
        row.pop("answer")
        assert PERSON not in str(row)
        assert KEY not in str(row)
