"""The content of a message, read from the tables when it is sent.

For programs it is JSON of version 1 (`docs/notifications.md`): within a version, fields are added
but never changed or removed. For Slack it is text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection

from bg_orchestration import names
from bg_orchestration.destinations.notifications.digests import digest_content
from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.overview import (
    ChangeLine,
    as_change,
    changes,
    other_ends,
    refreshes,
)
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.outbox import Message, will_show

VERSION: Final = 1
# Standard Webhooks and its users ask for messages under about 20 kB.
_MOST_CHANGES: Final = 50
_MOST_LINES: Final = 15

People = Literal["names", "ids"]


@dataclass(frozen=True, slots=True)
class Content:
    """A message in both forms: `data` for programs, `text` for people.

    `text` is empty if another message has told people everything, see `_told_elsewhere`.
    """

    message_id: str
    type: str
    happened_at: datetime
    data: dict[str, Any]
    text: str

    def as_webhook(self) -> bytes:
        """Return the body of a Standard Webhook."""
        return _json(
            {
                "id": self.message_id,
                "type": self.type,
                "version": VERSION,
                "timestamp": self.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                "data": self.data,
            }
        )

    def as_slack(self) -> bytes:
        """Return the body for Slack, where `<`, `>` and `&` would be commands."""
        escaped = self.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return _json({"text": escaped})


def render(connection: Connection, message: Message, people: People) -> Content | None:
    """Return the content of `message` now; `None` if its changes are erased.

    Args:
        connection: a reading transaction.
        message: the row of the outbox.
        people: `names` includes names and titles of people, `ids` only their ids.
    """
    if message.type == names.DIGEST:
        summary = digest_content(connection, message.refresh_id, people)
        if summary is None:
            return None
        return Content(message.message_id, message.type, message.happened_at, *summary)
    found = find_company(connection, message.company_id)
    company = {"id": message.company_id, "name": found.name if found else message.company_id}
    content_of = _group_changed if message.type == names.GROUP_CHANGED else _refresh_dead
    content = content_of(connection, message, company["name"], people)
    if content is None:
        return None
    data, text = content
    whole = {"company": company, "refresh_id": message.refresh_id, **data}
    return Content(message.message_id, message.type, message.happened_at, whole, text)


def test_message(now: datetime) -> Content:
    """Return a message without data, to test an address."""
    return Content(
        f"msg_test_{uuid4().hex}", "test", now, {}, "A test: notifications reach this address."
    )


def _group_changed(
    connection: Connection, message: Message, company: str, people: People
) -> tuple[dict[str, Any], str] | None:
    lines = changes(
        connection,
        company_id=message.company_id,
        since=message.happened_at,
        refresh_id=message.refresh_id,
        limit=10_000,
    )
    if not lines:
        return None
    ends = other_ends(connection, lines)
    data = {
        "changes": [_change(line, ends.get(line), people) for line in lines[:_MOST_CHANGES]],
        "changes_left_out": max(0, len(lines) - _MOST_CHANGES),
    }
    in_text = [line for line in lines if not _told_elsewhere(connection, message, line, ends)]
    return data, _in_text(company, in_text, ends, people) if in_text else ""


def _told_elsewhere(
    connection: Connection,
    message: Message,
    line: ChangeLine,
    ends: Mapping[ChangeLine, ChangeLine],
) -> bool:
    """Whether a move is in the text on the company that the person left: it has both ends."""
    end = ends.get(line)
    if end is None or line.kind != "joined":
        return False
    if other_ends(connection, [end]).get(end) != line:
        return False
    return will_show(connection, message.address, end.refresh_id, line.changed_at)


def _change(line: ChangeLine, end: ChangeLine | None, people: People) -> dict[str, Any]:
    """One change. Roles are our own words; the rest is personal and follows `people`."""
    personal = people == "names"
    of_role = line.kind in ("joined", "left", "dropped", "role_changed")
    followed = line.other_company_id is not None
    return {
        "profile_id": line.profile_id,
        "kind": line.kind,
        "cause": line.cause,
        "person": {"id": line.person_id, "name": line.name if personal else None},
        "old": line.old if of_role or personal else None,
        "new": line.new if of_role or personal else None,
        "title": line.title if personal else None,
        "since": line.since,
        "gaps_opened": line.gaps_opened,
        "gaps_closed": line.gaps_closed,
        "other_company": {
            "id": line.other_company_id,
            # The name of a company that is not followed is free text of an event.
            "name": line.other_company if personal or followed else None,
        }
        if line.other_company
        else None,
        "other_end": {
            "refresh_id": end.refresh_id,
            "kind": end.kind,
            "old": end.old,
            "new": end.new,
            "gaps_opened": end.gaps_opened,
            "gaps_closed": end.gaps_closed,
        }
        if end
        else None,
        "text": _sentence(line, end, people),
    }


def _sentence(line: ChangeLine, end: ChangeLine | None, people: People) -> str:
    personal = people == "names"
    label = line.name if personal and line.name else line.person_id
    on = line.changed_at.date()
    return in_words(
        as_change(line), label, on, personal=personal, other_end=as_change(end) if end else None
    )


def _in_text(
    company: str,
    lines: Sequence[ChangeLine],
    ends: Mapping[ChangeLine, ChangeLine],
    people: People,
) -> str:
    several = len({line.profile_id for line in lines}) > 1
    sentences = [
        f"• {_sentence(line, ends.get(line), people)}{f' [{line.profile_id}]' if several else ''}"
        for line in sorted(lines, key=_weight)
    ]
    more = [f"• and {len(sentences) - _MOST_LINES} more"] if len(sentences) > _MOST_LINES else []
    first = all(line.cause == "first" for line in lines)
    heading = (
        f"First buyer group of {company}: {quantity(len(lines), 'member')}"
        if first
        else f"Buyer group of {company} changed:"
    )
    return "\n".join([heading, *sentences[:_MOST_LINES], *more])


def _weight(line: ChangeLine) -> bool:
    """Changes of decision makers come first, the others in their own order."""
    return "decision" not in (line.old, line.new)


def _refresh_dead(
    connection: Connection, message: Message, company: str, _people: People
) -> tuple[dict[str, Any], str] | None:
    rows = refreshes(connection, [message.refresh_id])
    if not rows:
        return None
    [line] = rows
    data = {"reason": line.reason, "attempts": line.attempt, "error": line.error}
    text = (
        f"Refresh of {company} was given up after {line.attempt} attempts: {line.error}\n"
        f"The published group stays as it was. Once the cause is mended: bg replay --dead "
        f"--company {message.company_id}, or bg refresh {message.company_id}"
    )
    return data, text


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
