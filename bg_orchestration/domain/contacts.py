"""How to reach people: which addresses are fit for use, and whom to ask what next.

An address is a fact about the day it was seen, so each carries two: when its source last said it,
and when a verifier last tried it. Both count for 90 days: people change jobs, and mailboxes end.
Dates are `YYYY-MM-DD`, so they compare as text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bg_orchestration.domain.model import ContactPoint, Correction

# 90 days: the age from which providers' users are told to verify again before use.
FRESH = timedelta(days=90)

# The source of what somebody put right.
PERSON: Final = "person"

# What an address is worth, the best first; verifiers and providers share these words.
_WORTH = {"deliverable": 0, "risky": 1}
_DEAD = frozenset({"undeliverable", "invalid", "bounced", "do_not_call"})


@dataclass(frozen=True, slots=True)
class Step:
    """One question to one provider.

    Attributes:
        kind: `verify` addresses, or `find` contacts.
        provider: who is asked.
        items: the addresses to verify, or the ids of the people to find, sorted.
    """

    kind: Literal["verify", "find"]
    provider: str
    items: tuple[str, ...]


def next_step(
    held: Mapping[str, Sequence[ContactPoint]],
    finders: Sequence[str],
    verifiers: Sequence[str],
    asked: AbstractSet[tuple[str, str]],
    today: date,
) -> Step | None:
    """What to ask next; `None` when nothing is missing, or nobody is left to ask.

    The best address of each person is verified before a provider is paid for another one, and the
    next finder is asked only for those who still have none that is fit. Nobody is asked twice, and
    nobody about an address that a person put right.

    Args:
        held: what is known of each person who is to be reached, by person id.
        finders: who finds contacts, the first to ask in front.
        verifiers: who verifies addresses, likewise.
        asked: who was asked for what already: a provider with a person id or an address.
        today: in UTC.
    """
    due = sorted(
        point.value
        for points in held.values()
        if (point := best(points, today)) is not None
        and point.source != PERSON
        and not _is_recent(point.verified_on, today)
    )
    lacking = sorted(person_id for person_id, points in held.items() if _lacks(points, today))
    for kind, providers, items in (("verify", verifiers, due), ("find", finders, lacking)):
        for provider in providers:
            left = tuple(item for item in items if (provider, item) not in asked)
            if left:
                return Step("verify" if kind == "verify" else "find", provider, left)
    return None


def best(points: Iterable[ContactPoint], today: date) -> ContactPoint | None:
    """The address to use: what a person put right, else the one that was seen or verified lately.

    Of several those that were verified stand first, and of these the deliverable ones.
    """
    usable = [point for point in points if point.kind == "email" and _is_usable(point)]
    return min(usable, key=lambda point: _rank(point, today), default=None)


def fit(points: Iterable[ContactPoint], today: date) -> Iterator[ContactPoint]:
    """What may be handed out of one person's contact points.

    Nothing that is known to be dead or not to be used. No address that nobody has verified beside
    one that somebody has. What has not been seen or verified for 90 days only where nothing
    younger stands beside it, and then as `stale`.
    """
    usable = [point for point in points if _is_usable(point)]
    young = {point.kind for point in usable if _is_young(point, today)}
    verified = {point.kind for point in usable if _is_recent(point.verified_on, today)}
    for point in usable:
        if point.kind in verified and not _is_recent(point.verified_on, today):
            continue
        if _is_young(point, today):
            yield point
        elif point.kind not in young:
            yield point.model_copy(update={"status": "stale"})


def told(
    held: Collection[ContactPoint], found: Collection[ContactPoint], source: str | None = None
) -> list[ContactPoint]:
    """What is known of one person after a provider has told what it finds.

    What a verifier said of an address stands against what a provider says of it.

    Args:
        held: what was known.
        found: what is told.
        source: a provider that told all it knows: what it told before and tells no more is gone.
    """
    said = {_key(point): point for point in reversed(list(found))}
    kept = [
        point
        for point in held
        if point.source != source or _key(point) in said or point.verified_on is not None
    ]
    known = {_key(point) for point in kept}
    return [_renewed(point, said.get(_key(point))) for point in kept] + [
        point for key, point in reversed(said.items()) if key not in known
    ]


def verified(
    points: Iterable[ContactPoint], statuses: Mapping[str, str], on: date
) -> list[ContactPoint]:
    """What is known after a verifier has judged addresses, given in lower case."""
    return [
        point.model_copy(update={"status": status, "verified_on": on.isoformat()})
        if point.kind == "email" and (status := statuses.get(point.value.casefold()))
        else point
        for point in points
    ]


def corrected(
    points: Iterable[ContactPoint], corrections: Iterable[Correction]
) -> list[ContactPoint]:
    """One person's contact points as somebody put them right.

    What is wrong is left out, and a right value stands alone: it outranks all others of its kind.
    """
    said = list(corrections)
    right = {(one.kind, one.value.casefold()): one for one in said if one.value}
    wrong = {(one.kind, one.wrong.casefold()) for one in said if one.wrong} - right.keys()
    settled = {kind for kind, _ in right}
    left = [one for one in points if one.kind not in settled and _key(one) not in wrong]
    return left + [
        ContactPoint(
            person_id=one.person_id,
            kind=one.kind,
            value=one.value or "",
            source=PERSON,
            status="corrected",
        )
        for one in right.values()
    ]


def _renewed(point: ContactPoint, said: ContactPoint | None) -> ContactPoint:
    if said is None:
        return point
    facts: dict[str, object] = {
        "seen_on": max(filter(None, (point.seen_on, said.seen_on)), default=None),
        "do_not_contact": said.do_not_contact or point.do_not_contact,
        "type": said.type or point.type,
    }
    if point.verified_on is None and said.status is not None:
        facts["status"] = said.status
    return point.model_copy(update=facts)


def _lacks(points: Sequence[ContactPoint], today: date) -> bool:
    point = best(points, today)
    return point is None or not _is_young(point, today)


def _is_usable(point: ContactPoint) -> bool:
    return not point.do_not_contact and (point.status or "").casefold() not in _DEAD


def _is_young(point: ContactPoint, today: date) -> bool:
    # Nobody verifies phones, and files do not say when they were true: only what tells its age
    # can be too old.
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
        _WORTH.get(point.status or "", len(_WORTH)),
        point.value,
    )


def _key(point: ContactPoint) -> tuple[str, str]:
    return point.kind, point.value.casefold()
