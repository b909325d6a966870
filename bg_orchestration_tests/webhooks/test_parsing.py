import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.webhooks.parsing import (
    InvalidEventError,
    UnreadableBodyError,
    parse_event,
)
from bg_orchestration_tests.webhooks.conftest import body, event


def field_at_fault(content: bytes) -> str:
    with pytest.raises(InvalidEventError) as caught:
        parse_event(content)
    return caught.value.faults[0].field


def test_reads_an_event_and_keeps_unknown_fields() -> None:
    parsed = parse_event(body(note="é🎉", changes={"title": {"old": None, "new": "VP"}}))
    assert (parsed.id, parsed.source, parsed.company.id) == ("evt-1", "crm", "example.com")
    assert parsed.model_extra == {"note": "é🎉"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"hello",
        body()[:-1],
        body() + body(),
        body() + b"x",
        b"// comment\n" + body(),
        body().replace(b'"VP Sales"', b"NaN"),
        body().replace(b'"VP Sales"', b"-Infinity"),
        body().replace(b'"id": "evt-1"', b'"id": "evt-1", "id": "evt-2"'),
        body().replace(b'"id": "p-1"', b'"id": "p-1", "id": "p-2"'),
        b"\xef\xbb\xbf" + body(),
        json.dumps(event()).encode("utf-16"),
        json.dumps(event()).encode("utf-32"),
        body().replace(b"Mara", b"M\xe4ra"),
        body().replace(b"Mara", b"M\x00ra"),
        body(number=1)[:-1] + b', "n": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=range(20),
)
def test_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableBodyError):
        parse_event(content)


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"null", b"1", b"true", b"[[]]", b"1e999"])
def test_only_an_object_is_an_event(content: bytes) -> None:
    assert field_at_fault(content) == "body"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"id": None}, "id"),
        ({"id": "x" * 256}, "id"),
        ({"id": "a\u0000b"}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"source": ["crm"]}, "source"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": None}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"person": None}, "person"),
        ({"person": {"name": "Mara"}}, "person.id"),
        ({"person": {"id": "p-1", "name": "a\u0000"}}, "person.name"),
        ({"company": {"id": "../etc", "name": "x"}}, "company.id"),
        ({"company": {"id": "a,b", "name": "x"}}, "company.id"),
        ({"changes": []}, "changes"),
        ({"changes": {"title": "VP"}}, "changes.title"),
    ],
)
def test_names_the_field_at_fault(changed: dict[str, Any], field: str) -> None:
    assert field_at_fault(body(**changed)).startswith(field)


@pytest.mark.parametrize("key", ["id", "source", "type", "timestamp", "person", "company"])
def test_names_the_missing_field(key: str) -> None:
    content = event()
    del content[key]
    assert field_at_fault(json.dumps(content).encode()) == key


def test_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(InvalidEventError) as caught:
        parse_event(body(timestamp="Mara Beispiel", person={"id": 4711, "name": ["Mara"]}))
    assert "Mara" not in str(caught.value)
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize(
    "extra",
    [
        {"note": "\u0000"},
        {"note": "\ud800"},
        {"\ud800": 1},
        {"person": {"id": "p-1", "name": "Mara", "\udfff": "x"}},
        {"changes": {"\ud800": {"old": 1, "new": 2}}},
        {"many": {str(n): n for n in range(50_000)}},
        {"deep": json.loads("[" * 400 + "]" * 400)},
        {"big": 10**4000},
    ],
    ids=range(8),
)
def test_oddities_outside_our_fields_are_taken_or_told(extra: dict[str, Any]) -> None:
    try:
        assert parse_event(body(**extra)).id == "evt-1"
    except InvalidEventError as fault:
        json.dumps(str(fault))


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with pytest.raises((UnreadableBodyError, InvalidEventError)):
        parse_event(content)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(event())), JSON_VALUES)
def test_no_value_of_a_field_raises_anything_else(field: str, value: Any) -> None:
    with suppress(InvalidEventError, UnreadableBodyError):
        parse_event(json.dumps({**event(), field: value}).encode())


def test_tells_a_bounded_number_of_faults() -> None:
    with pytest.raises(InvalidEventError) as caught:
        parse_event(body(changes={str(n): n for n in range(5_000)}))
    assert len(caught.value.faults) == 20
