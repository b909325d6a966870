"""Any bytes at the doors: the reader ends, says why, and takes time in proportion to their size."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.identifiers import identifiers_in_text
from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.report.terminal import one_line
from bg_orchestration.webhooks.bodies import MAX_BODY
from bg_orchestration.webhooks.person_change_door import _SOURCE
from bg_orchestration.webhooks.signatures import (
    Keyring,
    RefusedError,
    SecretsError,
    read_claims,
)
from bg_orchestration_tests.webhooks.conftest import body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
FIELDS = ("id", "source", "type", "timestamp", "person", "company", "changes")
NAMES = [
    name.encode()
    for name in (
        "x-timestamp", "x-signature", "webhook-id", "webhook-timestamp", "webhook-signature",
        "svix-id", "svix-timestamp", "svix-signature",
    )
]  # fmt: skip


def _read(content: bytes) -> None:
    try:
        event = read_event(content)
    except (UnreadableBodyError, InvalidEventError):
        return
    for text in (event.id, event.person.id, event.person.label, event.company.label):
        assert not re.search("[\x00\ud800-\udfff]", text)
        assert text.strip()
        text.encode()


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _read(content)


@given(st.sampled_from(FIELDS), JSON)
def test_any_value_of_a_field_is_read_or_refused(field: str, value: Any) -> None:
    _read(body(**{field: value}))


@given(
    st.sampled_from(["person", "company"]),
    st.dictionaries(st.sampled_from(["id", "name", "email", "newTitle", "oldCompany"]), JSON),
)
def test_any_person_and_company_are_read_or_refused(of: str, value: dict[str, Any]) -> None:
    _read(body(**{of: value}))


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=100))))
def test_any_headers_are_claims_or_refused(headers: list[tuple[bytes, bytes]]) -> None:
    try:
        claims = read_claims(headers, 1_769_851_800_000)
    except RefusedError:
        return
    assert claims


@given(st.text(max_size=200))
def test_any_secrets_are_keys_of_16_bytes_or_refused(text: str) -> None:
    try:
        keys = Keyring.parse(text).keys
    except SecretsError:
        return
    assert all(len(key.secret) >= 16 and not key.source.startswith("whsec_") for key in keys)


def _seconds(act: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


SHAPES = {
    "unbroken": lambda size: "x" * size,
    "dots": lambda size: "a." * (size // 2),
    "at signs": lambda size: "@" * size,
    "addresses": lambda size: "a@b.c " * (size // 6),
    "spaces": lambda size: " " * (size - 1) + "x",
    "pages": lambda size: "/in/a" * (size // 5),
    "brackets": lambda size: "[" * size,
    "quotes": lambda size: '"\\' * (size // 2),
    "sources": lambda size: '"source" ' * (size // 9),
    "escapes": lambda size: "\x1b[2J" * (size // 4),
    "folds": lambda size: "\ufdfa" * (size // 18),
}
READERS: dict[str, Callable[[str], object]] = {
    "the event": lambda text: _read(
        body(note=text, timestamp=text, person={"id": text, "name": text, "email": text})
    ),
    "the company": lambda text: _read(body(company={"id": text, "name": text})),
    "no JSON": lambda text: _read(text.encode()),
    "identifiers": identifiers_in_text,
    "the source": lambda text: _SOURCE.search(text.encode()),
    "a cell": one_line,
    "JSON": lambda text: _read(json.dumps([text]).encode()),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_sixteen_times_the_size_takes_no_sixteen_squared_of_the_time(
    reader: str, shape: str
) -> None:
    """Linear is a factor of 16, quadratic one of 256; CPU time, so that load does not count."""
    small, large = (SHAPES[shape](MAX_BODY // parts) for parts in (16, 1))
    least = 0.002
    before = max(least, _seconds(lambda: READERS[reader](small)))
    assert _seconds(lambda: READERS[reader](large)) < 80 * before
