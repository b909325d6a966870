"""The weekly digest as a notification, once for each week and address."""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from bg_orchestration import names
from bg_orchestration.domain.digest import week_days
from bg_orchestration.refreshes.digest_reading import read_digest
from bg_orchestration.report.digest_words import People, digest_as_dict, digest_as_text
from bg_orchestration.store.database import clock
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.outbox import addresses_of, note

# The company and the refresh of a digest's row: it concerns none, and its week.
NO_COMPANY: Final = "-"
_PREFIX: Final = "digest-"
# Standard Webhooks asks for messages under about 20 kB, Slack for 40,000 characters.
_MOST_CHANGES: Final = 40
_MOST_LINES: Final = 60


def queue_digest(connection: Connection, monday: date) -> tuple[str, ...]:
    """Write the digest of a week into the outbox; return the addresses that did not have it."""
    acquire_lock(connection, Lock.ADMISSION)
    year, week, _ = monday.isocalendar()
    key = f"{_PREFIX}{year}-W{week:02}"
    return note(
        connection,
        names.DIGEST,
        NO_COMPANY,
        key,
        clock(connection),
        besides=addresses_of(connection, key),
    )


def last_week(today: date) -> date:
    """Return the Monday of the last whole week before `today`."""
    return today - timedelta(days=today.weekday() + 7)


def digest_content(
    connection: Connection, key: str, people: People
) -> tuple[dict[str, Any], str] | None:
    """Return the digest of an outbox row as JSON and text; `None` if nothing changed."""
    found = read_digest(connection, *week_days(key.removeprefix(_PREFIX)))
    if not found.sections:
        return None
    data = digest_as_dict(found, people)
    left = _MOST_CHANGES
    left_out = 0
    for section in data["sections"]:
        left_out += max(0, len(section["changes"]) - left)
        section["changes"] = section["changes"][:left]
        left -= len(section["changes"])
    return data | {"changes_left_out": left_out}, digest_as_text(found, people, _MOST_LINES)
