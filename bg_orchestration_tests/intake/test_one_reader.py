"""What the receiver accepts the planner takes: the same bytes, through the inbox."""

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzz_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from bg_orchestration.intake.event_reader import (
    InvalidEventError,
    UnreadableBodyError,
    read_event,
)
from bg_orchestration.intake.inbox import NewEvent, record
from bg_orchestration.intake.routing import route_received
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.store.rows import POLICY

# Raw JSON, as no library would write it: surrogates in halves, depth, and numbers of any size.
STRINGS = st.one_of(
    st.text().map(json.dumps),
    st.text().map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(
        [r'"\ud800"', r'"a\udfffb"', r'"\ud83d\ude00"', r'"\u0000"', '" "', '""', '"é"']
    ),
)
SCALARS = st.one_of(
    STRINGS,
    st.sampled_from(["null", "true", "1e999", "-0.0", "9" * 400, "1E+2", "NaN", "01", "'x'"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(STRINGS, inner), max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items) + "}"
        ),
        st.tuples(inner, st.integers(1, 400)).map(
            lambda pair: "[" * pair[1] + pair[0] + "]" * pair[1]
        ),
    ),
    max_leaves=5,
)
EVENT = {
    "id": '"evt"', "source": '"crm"', "type": '"person.promotion"',
    "timestamp": '"2026-01-31T09:30:00Z"', "person": None, "company": None, "changes": None,
}  # fmt: skip
PERSON = {"id": '"p-1"', "name": '"Mara"', "email": '"m@example.com"', "newTitle": '"VP"'}
COMPANY = {"id": '"acme"', "name": '"Acme"'}
MOVE = '{"title": {"old": "x", "new": "y"}, "company": {"old": "Acme", "new": "Beta"}}'


def _object(members: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in members.items()) + "}"


@st.composite
def bodies(draw: Callable[..., str]) -> bytes:
    """An event of which a few values, known or unknown, are any JSON."""
    person, company, event = dict(PERSON), dict(COMPANY), {}
    changes = MOVE
    for _ in range(draw(st.integers(0, 3))):
        target = draw(st.sampled_from(["event", "person", "company", "changes"]))
        value = draw(VALUES)
        if target == "changes":
            side = draw(st.sampled_from(["old", "new"]))
            changes = (
                "{" + f'{draw(STRINGS)}: {{"{side}": {value}}}, "title": {{"new": {value}}}' + "}"
            )
        else:
            members = {"event": event, "person": person, "company": company}[target]
            known = {"event": EVENT, "person": PERSON, "company": COMPANY}[target]
            members[draw(st.sampled_from([*known, "unknown"]))] = value
    whole = {**EVENT, "person": _object(person), "company": _object(company), "changes": changes}
    text = _object({**whole, **event})
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode("utf-8", "surrogatepass")


@pytest.fixture
def numbers() -> dict[str, int]:
    return {"events": 0}


@fuzz_settings(max_examples=150, suppress_health_check=[*HealthCheck])
@given(body=bodies())
def test_what_is_accepted_is_never_dead(
    engine: Engine, numbers: dict[str, int], body: bytes
) -> None:
    try:
        event = read_event(body)
    except (UnreadableBodyError, InvalidEventError):
        return
    numbers["events"] += 1
    row = NewEvent(
        source=event.source,
        event_id=f"{numbers['events']}",
        type=event.type,
        company_id=event.company.id,
        person_id=event.person.id,
        happened_at=event.timestamp,
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        scheme="hex",
        key_fingerprint="12345678",
        webhook_id=None,
        traceparent="",
    )
    with writing(engine) as connection:
        assert record(connection, [row]) == ["accepted"]
        route_received(connection, POLICY, clock(connection))
        key = webhook_events.c.event_id == row.event_id
        query = select(webhook_events.c.state, webhook_events.c.reason).where(key)
        state, reason = connection.execute(query).one()
        assert state in {"pending", "ignored"}, reason
