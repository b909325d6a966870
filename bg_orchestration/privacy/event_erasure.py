"""Empty received events of erased people; their rows stay as tombstones."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from bg_orchestration.domain.identifiers import identifiers_in_text
from bg_orchestration.intake.event_states import close_erased
from bg_orchestration.intake.id_pushes import DELIVERY
from bg_orchestration.intake.lusha_pushes import OPT_OUT
from bg_orchestration.privacy.requests import ErasureTarget, chunks
from bg_orchestration.store.schema.tables import webhook_event_companies
from bg_orchestration.store.schema.tables import webhook_events as events


def events_about(
    rows: Sequence[Row[Any, Any, Any, Any, Any]], requests: Sequence[ErasureTarget]
) -> list[list[int]]:
    """Return the keys of the events about each request's people, or that name them.

    The planner handles an opt-out that is not routed yet, because it names more of its person.
    """
    keys_by_request: list[list[int]] = [[] for _ in requests]
    of_provider = [
        {source_id.partition(":")[2] for source_id in target.ids if ":" in source_id}
        for target in requests
    ]
    bodies_count = any(target.contact_identifiers for target in requests) or any(of_provider)
    for row in rows:
        if row.state == "received" and row.type == OPT_OUT:
            continue
        text = _text(row.body) if row.body and bodies_count else ""
        identifiers = identifiers_in_text(text)
        for target, source_ids, keys in zip(requests, of_provider, keys_by_request, strict=True):
            # A delivery names its people only by id.
            listed = row.type == DELIVERY and any(source_id in text for source_id in source_ids)
            about = row.person_id in target.people or row.person_id in target.ids
            if about or listed or identifiers & target.contact_identifiers:
                keys.append(row.id)
    return keys_by_request


def empty_events(connection: Connection, keys: Collection[int]) -> set[str]:
    """Empty these events; return the companies that they concern."""
    companies: set[str] = set()
    for chunk in chunks(keys):
        companies |= set(
            connection.scalars(
                select(webhook_event_companies.c.company_id).where(
                    webhook_event_companies.c.event.in_(chunk)
                )
            )
        )
        close_erased(connection, events.c.id.in_(chunk))
    return companies


def _text(body: bytes) -> str:
    """Return a body as plain text, with JSON's escapes resolved."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
