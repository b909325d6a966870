import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.intake.event_reader import (
    MAX_DEPTH,
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration_tests.webhooks.conftest import body, event

NOON = datetime(2026, 11, 28, 13, tzinfo=UTC)


def field_at_fault(content: bytes) -> str:
    with pytest.raises(InvalidEventError) as caught:
        read_event(content)
    return caught.value.faults[0].field


def test_reads_an_event_with_unknown_fields() -> None:
    parsed = read_event(body(note="é🎉", changes={"title": {"old": None, "new": "VP"}}))
    assert (parsed.id, parsed.source, parsed.company.id) == ("evt-1", "crm", "example.com")


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
        b"\xef\xbb\xbf\xef\xbb\xbf" + body(),
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
        read_event(content)


def test_a_byte_order_mark_is_dropped() -> None:
    assert read_event(b"\xef\xbb\xbf" + body()).id == "evt-1"


def nested(levels: int) -> bytes:
    """An event whose deepest array stands on this level, the event itself being the first."""
    inner = "[" * (levels - 1) + "]" * (levels - 1)
    # Brackets in text are none.
    return body(deep=0, note="[{\\" * 300).replace(b'"deep": 0', f'"deep": {inner}'.encode())


def _below(frames: int, content: bytes) -> str:
    return _below(frames - 1, content) if frames else read_event(content).id


@pytest.mark.parametrize("frames", [0, 500])
def test_nesting_is_limited_alike_on_every_stack(frames: int) -> None:
    assert _below(frames, nested(MAX_DEPTH)) == "evt-1"
    for levels in (MAX_DEPTH + 1, 900, 5_000):
        with pytest.raises(UnreadableBodyError, match="200 levels"):
            _below(frames, nested(levels))


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"null", b"1", b"true", b"[[]]", b"1e999"])
def test_only_an_object_is_an_event(content: bytes) -> None:
    assert field_at_fault(content) == "body"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": 7.5}, "id"),
        ({"id": True}, "id"),
        ({"id": 10**300}, "id"),
        ({"id": None}, "id"),
        ({"id": "x" * 256}, "id"),
        ({"id": "a\u0000b"}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"id": " \t\u3000"}, "id"),
        ({"source": ["crm"]}, "source"),
        ({"source": "  "}, "source"),
        ({"type": "\u200b"}, "type"),
        ({"timestamp": 1_769_851_800}, "timestamp"),
        ({"timestamp": 1_769_851_800_000.5}, "timestamp"),
        ({"timestamp": "1769851800"}, "timestamp"),
        ({"timestamp": " -17.5e8"}, "timestamp"),
        ({"timestamp": True}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": None}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"person": None}, "person"),
        ({"person": {"name": "Mara"}}, "person.id"),
        ({"person": {"id": " ", "name": "Mara"}}, "person.id"),
        ({"company": {"id": " ", "name": "x"}}, "company.id"),
        ({"changes": {"title": {"new": "\ud800"}}}, "changes.title.new"),
        ({"changes": {"title": {"old": "\u0000"}}}, "changes.title.old"),
        ({"person": {"id": "p-1", "name": "a\u0000"}}, "person.name"),
        ({"company": {"id": "../etc", "name": "x"}}, "company.id"),
        ({"company": {"id": "a,b", "name": "x"}}, "company.id"),
        ({"changes": ["title"]}, "changes"),
        ({"changes": 0}, "changes"),
        ({"person": {"id": "p-1", "name": ["Mara"]}}, "person.name"),
        ({"person": {"id": "p-1", "name": "a" * 1_001}}, "person.name"),
        ({"person": {"id": "p-1", "name": "Mara", "email": "a" * 9_000 + "@b.de"}}, "person.email"),
        ({"person": {"id": "p-1", "name": "Mara", "newTitle": "a" * 200_000}}, "person.newTitle"),
        ({"company": {"id": "acme", "name": "\ufdfa" * 200}}, "company.name"),
        ({"timestamp": "2026-11-28" + " " * 100_000 + "x"}, "timestamp"),
        ({"timestamp": "2026-11-28 13:00:00 CET"}, "timestamp"),
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
        read_event(body(timestamp="Mara Beispiel", person={"id": 4711, "name": ["Mara"]}))
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
        {"changes": {"title": {"old": ["\ud800"], "new": {"\udfff": "\u0000"}}}},
        {"many": {str(n): n for n in range(50_000)}},
        {"big": 10**4000},
    ],
    ids=range(8),
)
def test_oddities_outside_our_fields_are_taken(extra: dict[str, Any]) -> None:
    assert read_event(body(**extra)).id == "evt-1"


def test_a_path_of_a_fault_can_be_written_anywhere() -> None:
    path = field_at_fault(body(changes={"\ud800\x00\n" + "x" * 999: 5}))
    assert path.isprintable()
    assert len(path) == 200


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with pytest.raises((UnreadableBodyError, InvalidEventError)):
        read_event(content)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(event())), JSON_VALUES)
def test_no_value_of_a_field_raises_anything_else(field: str, value: Any) -> None:
    with suppress(InvalidEventError, UnreadableBodyError):
        read_event(json.dumps({**event(), field: value}).encode())


def test_tells_a_bounded_number_of_faults() -> None:
    with pytest.raises(InvalidEventError) as caught:
        read_event(body(changes={str(n): n for n in range(5_000)}))
    assert len(caught.value.faults) == 20


@pytest.mark.parametrize(
    ("changed", "means"),
    [
        ({"id": 7}, {"id": "7"}),
        ({"source": 12}, {"source": "12"}),
        ({"person": {"id": 4711, "name": "Mara"}}, {"person.id": "4711"}),
        ({"person": {"id": " p-z\t", "name": "Mara"}}, {"person.id": "p-z"}),
        ({"company": {"id": 42, "name": "Acme"}}, {"company.id": "42"}),
        ({"company": {"id": " acme ", "name": "Acme"}}, {"company.id": "acme"}),
        ({"changes": []}, {"changes": {}}),
        ({"changes": None}, {"changes": {}}),
        ({"person": {"id": "p-1", "name": None}}, {"person.label": "p-1"}),
        ({"person": {"id": "p-1", "name": " "}}, {"person.label": "p-1"}),
        ({"company": {"id": "acme", "name": None}}, {"company.label": "acme"}),
        ({"timestamp": "2026-11-28 13:00:00 UTC"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28 13:00:00 +0000 UTC"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28T13:00:00Z[UTC]"}, {"timestamp": NOON}),
        (
            {"timestamp": "2026-11-28T14:00:00.5+01"},
            {"timestamp": NOON.replace(microsecond=500_000)},
        ),
        ({"timestamp": "Sat, 28 Nov 2026 13:00:00 GMT"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28 13:00:00 utc"}, {"timestamp": NOON}),
        ({"timestamp": " 2026-11-28T13:00:00 GMT "}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28T13:00:00 Z"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28 15:00:00 +0200"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28 15:00:00 +02:00"}, {"timestamp": NOON}),
        ({"timestamp": "2026-11-28T13:00:00"}, {"timestamp": NOON}),
    ],
)
def test_a_plain_meaning_is_read(changed: dict[str, Any], means: dict[str, Any]) -> None:
    read = read_event(body(**changed))
    for path, value in means.items():
        found: Any = read
        for name in path.split("."):
            found = getattr(found, name)
        assert found == value
