"""Contact points: which ones are usable, and which call finds or verifies the next one.

A contact point has two dates: when its source last reported it, and when a verifier last checked
it. Both count for 90 days, because people change jobs and mailboxes end. Dates are `YYYY-MM-DD`, so
they compare as text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bg_orchestration.domain.model import ContactPoint, Correction

# Providers recommend to verify addresses older than 90 days again before use.
FRESH = timedelta(days=90)

# The source of a correction.
PERSON: Final = "person"

# The rank of a status, the best first; verifiers and providers share these words.
_RANKS = {"deliverable": 0, "risky": 1}
_DEAD = frozenset({"undeliverable", "invalid", "bounced", "do_not_call"})


@dataclass(frozen=True, slots=True)
class Step:
    """The next calls to one provider.

    Attributes:
        kind: `verify` addresses, or `find` contacts.
        provider: the provider.
        items: the addresses to verify, or the ids of the people to find, sorted.
    """

    kind: Literal["verify", "find"]
    provider: str
    items: tuple[str, ...]


def next_step(
    points_by_person: Mapping[str, Sequence[ContactPoint]],
    finders: Sequence[str],
    verifiers: Sequence[str],
    calls: AbstractSet[tuple[str, str]],
    today: date,
) -> Step | None:
    """Return the next step; `None` when no contact is missing or no provider is left.

    The best address of each person is verified before another address is paid for. The next finder
    is called only for people who still have no usable address. No provider is called twice for one
    item, and none for a corrected address.

    Args:
        points_by_person: the contact points of each person, by person id.
        finders: the contact finders in their order.
        verifiers: the verifiers in their order.
        calls: past calls: a provider with a person id or an address.
        today: in UTC.
    """
    to_verify = sorted(
        point.value
        for points in points_by_person.values()
        if (point := best_email(points, today)) is not None
        and point.source != PERSON
        and not _is_recent(point.verified_on, today)
    )
    lacking = sorted(
        person_id for person_id, points in points_by_person.items() if _lacks_email(points, today)
    )
    for kind, providers, items in (("verify", verifiers, to_verify), ("find", finders, lacking)):
        for provider in providers:
            open_items = tuple(item for item in items if (provider, item) not in calls)
            if open_items:
                return Step("verify" if kind == "verify" else "find", provider, open_items)
    return None


def best_email(points: Iterable[ContactPoint], today: date) -> ContactPoint | None:
    """Return the email address to use: a correction, else a recently seen or verified one.

    Verified addresses go first, and of these the deliverable ones.
    """
    usable = [point for point in points if point.kind == "email" and _is_usable(point)]
    return min(usable, key=lambda point: _rank(point, today), default=None)


def usable_points(points: Iterable[ContactPoint], today: date) -> Iterator[ContactPoint]:
    """Yield the contact points of one person that may be published.

    Dead points and points with `do_not_contact` are left out. So is an unverified address beside
    a verified address. A point that was not seen or verified for 90 days is yielded as `stale`,
    and only without a younger point of its kind.
    """
    usable = [point for point in points if _is_usable(point)]
    young = {point.kind for point in usable if _is_young(point, today)}
    verified_kinds = {point.kind for point in usable if _is_recent(point.verified_on, today)}
    for point in usable:
        if point.kind in verified_kinds and not _is_recent(point.verified_on, today):
            continue
        if _is_young(point, today):
            yield point
        elif point.kind not in young:
            yield point.model_copy(update={"status": "stale"})


def merge_points(
    stored: Collection[ContactPoint], reported: Collection[ContactPoint], source: str | None = None
) -> list[ContactPoint]:
    """Merge one person's contact points with those that a provider found.

    A verifier's status outranks a provider's.

    Args:
        stored: the stored points.
        reported: the found points.
        source: a provider that reported all its points; its earlier points that are missing now
            are dropped.
    """
    new_points = {_key(point): point for point in reversed(list(reported))}
    kept_points = [
        point
        for point in stored
        if point.source != source or _key(point) in new_points or point.verified_on is not None
    ]
    keys = {_key(point) for point in kept_points}
    return [_renew(point, new_points.get(_key(point))) for point in kept_points] + [
        point for key, point in reversed(new_points.items()) if key not in keys
    ]


def apply_verifications(
    points: Iterable[ContactPoint], statuses: Mapping[str, str], on: date
) -> list[ContactPoint]:
    """Return the points with the statuses of verified addresses, given in lower case."""
    return [
        point.model_copy(update={"status": status, "verified_on": on.isoformat()})
        if point.kind == "email" and (status := statuses.get(point.value.casefold()))
        else point
        for point in points
    ]


def apply_corrections(
    points: Iterable[ContactPoint], corrections: Iterable[Correction]
) -> list[ContactPoint]:
    """Return one person's contact points with users' corrections.

    A wrong value is left out. A right value replaces all others of its kind.
    """
    listed = list(corrections)
    right = {
        (correction.kind, correction.value.casefold()): correction
        for correction in listed
        if correction.value
    }
    wrong = {
        (correction.kind, correction.wrong.casefold()) for correction in listed if correction.wrong
    } - right.keys()
    kinds = {kind for kind, _ in right}
    other_points = [
        point for point in points if point.kind not in kinds and _key(point) not in wrong
    ]
    return other_points + [
        ContactPoint(
            person_id=correction.person_id,
            kind=correction.kind,
            value=correction.value or "",
            source=PERSON,
            status="corrected",
        )
        for correction in right.values()
    ]


def _renew(point: ContactPoint, new: ContactPoint | None) -> ContactPoint:
    if new is None:
        return point
    facts: dict[str, object] = {
        "seen_on": max(filter(None, (point.seen_on, new.seen_on)), default=None),
        "do_not_contact": new.do_not_contact or point.do_not_contact,
        "type": new.type or point.type,
    }
    if point.verified_on is None and new.status is not None:
        facts["status"] = new.status
    return point.model_copy(update=facts)


def _lacks_email(points: Sequence[ContactPoint], today: date) -> bool:
    point = best_email(points, today)
    return point is None or not _is_young(point, today)


def _is_usable(point: ContactPoint) -> bool:
    return not point.do_not_contact and (point.status or "").casefold() not in _DEAD


def _is_young(point: ContactPoint, today: date) -> bool:
    # Phones are not verified, and files have no date: a point without a date is never too old.
    if point.source == PERSON or (point.kind == "phone" and point.seen_on is None):
        return True
    return _is_recent(point.verified_on, today) or _is_recent(point.seen_on, today)


def _is_recent(day: str | None, today: date) -> bool:
    return day is not None and day > (today - FRESH).isoformat()


def _rank(point: ContactPoint, today: date) -> tuple[bool, bool, bool, int, str]:
    return (
        point.source != PERSON,
        not _is_young(point, today),
        not _is_recent(point.verified_on, today),
        _RANKS.get(point.status or "", len(_RANKS)),
        point.value,
    )


def _key(point: ContactPoint) -> tuple[str, str]:
    return point.kind, point.value.casefold()
