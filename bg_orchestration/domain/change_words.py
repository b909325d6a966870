"""A change in one sentence, for terminal, messages and Dagit."""

import re
from datetime import date, timedelta

from bg_orchestration.domain.model import Change

# A job is new for half a year. Our own rule: a seller can still use the news of the start.
_NEW = timedelta(days=183)
_START = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# Not from the module `calendar`, which uses the machine's language.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def in_words(
    change: Change, who: str, on: date, *, personal: bool = True, other_end: Change | None = None
) -> str:
    """Describe a change of the day `on` in one sentence, without a full stop.

    "Ada Example joined as champion (new Director of Procurement since March)". A job is new for
    183 days. The year of its start is named if it differs from that of `on`.

    Args:
        change: what changed.
        who: the name of the person in the sentence.
        on: the day of the change in UTC.
        personal: whether titles may appear. If not, as in Dagit, `who` should be an id: "p-12
            joined as champion (new since March)".
        other_end: of a move, the change at the other company, if it is published.
    """
    title = change.title if personal else None
    job = _bracketed(_job(title, change.since, on))
    match change.kind:
        case "joined":
            return f"{who} {_joined(change, personal)}{job}{_gaps(change)}{_end(other_end)}"
        case "left":
            last = _bracketed(title or "")
            return f"{who} {_left(change, personal)}{last}{_gaps(change)}{_end(other_end)}"
        case "dropped":
            was = f"{who} is out of the group, was {role_words(change.old)}"
            return f"{was}{_why_dropped(change, title)}{_gaps(change)}"
        case "role_changed":
            return (
                f"{who} is now {role_words(change.new)}{job}, was {role_words(change.old)}"
                f"{_gaps(change)}"
            )
        case "title_changed":
            since = _since(change.since, on) if is_new(change.since, on) else ""
            if not personal:
                return f"{who} has a new title{_bracketed(since)}"
            return (
                f"{who} has a new title: {change.new or 'none'}{_bracketed(since)}, "
                f"before: {change.old or 'none'}"
            )
        case "contact_changed":
            return f"{who} can be reached otherwise than before"


def role_words(role: str | None) -> str:
    """Return the words for a role in a sentence."""
    return "decision maker" if role == "decision" else str(role)


def _joined(change: Change, personal: bool) -> str:
    role = role_words(change.new)
    match change.cause:
        case "first":
            return f"is {role} in the first published group"
        case "moved":
            return f"moved here from {_other(change, personal)}, joined as {role}"
        case "ranked":
            return f"joined the group as {role}"
        case _:
            return f"joined as {role}"


def _left(change: Change, personal: bool) -> str:
    role = role_words(change.old)
    match change.cause:
        case "moved":
            return f"moved to {_other(change, personal)}, was {role}"
        case "left":
            return f"left the company, was {role}"
        case _:
            return f"is out of the group or left the company, was {role}"


def _other(change: Change, personal: bool) -> str:
    if change.other_company_id is None:
        # An event names it in free text, which may name the person.
        name = change.other_company if personal else "a company"
        return f"{name}, which is not followed"
    return f"{change.other_company} ({change.other_company_id})"


def _why_dropped(change: Change, title: str | None) -> str:
    job = _bracketed(title or "")
    match change.cause:
        case "ranked":
            return f"{job}: still works there, but others come first"
        case "retitled":
            return f": still works there, {f'now {title}' if title else 'with a new title'}"
        case "dismissed":
            return f"{job}: still works there, but a user dismissed them"
        case "unlisted":
            return f"{job}: no source lists the job any more"
        case "profile":
            return f"{job}: the seller profile was removed"
        case _:
            return job


def _gaps(change: Change) -> str:
    parts = [
        f"{verb}: {', '.join(map(role_words, needs))}"
        for verb, needs in (("fills", change.gaps_closed), ("opens a gap", change.gaps_opened))
        if needs
    ]
    return "".join(f"; {part}" for part in parts)


def _end(other_end: Change | None) -> str:
    """Return the role at the other company of a move, with its gap; empty if unknown."""
    if other_end is None:
        return ""
    if other_end.kind == "joined":
        return f"; there {role_words(other_end.new)} now{_gaps(other_end)}"
    return f"; was {role_words(other_end.old)} there{_gaps(other_end)}"


def _job(title: str | None, started_on: str | None, on: date) -> str:
    since = _since(started_on, on)
    if not since:
        return title or ""
    if is_new(started_on, on):
        return " ".join(filter(None, ("new", title, since)))
    return f"{title or 'in the job'} {since}"


def _bracketed(words: str) -> str:
    return f" ({words})" if words else ""


def is_new(started_on: str | None, on: date) -> bool:
    """Return whether a job that started then is new on the day `on`: for 183 days."""
    start = _first_day(started_on)
    return start is not None and on - start <= _NEW


def _since(started_on: str | None, on: date) -> str:
    """Return since when, with the precision of `started_on`; empty if unknown."""
    start = _first_day(started_on)
    if start is None or started_on is None:
        return ""
    preposition = "since" if start <= on else "from"
    if len(started_on) == len("YYYY"):
        return f"{preposition} {start.year}"
    month = _MONTHS[start.month - 1]
    return (
        f"{preposition} {month}" if start.year == on.year else f"{preposition} {month} {start.year}"
    )


def _first_day(started_on: str | None) -> date | None:
    """Return the first day that `started_on` may mean, or `None`."""
    match = _START.fullmatch(started_on) if started_on else None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1)) if match else None
    except ValueError:
        return None
