"""The metadata of a group in Dagit: numbers under steady names, ids, reasons, nothing personal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.model import ROLES, BuyerGroup, Change, Gap

_CHANGE_KINDS = ("joined", "left", "dropped", "role_changed", "title_changed", "contact_changed")
_MOST_LINES = 50


def group_metadata(groups: Sequence[BuyerGroup], reachable: int) -> dict[str, Any]:
    """Return counts over all seller profiles, mean figures from 0 to 1, gaps and members.

    Args:
        groups: the groups of one company.
        reachable: how many different members have a contact point.
    """
    members = [(group, member) for group in groups for member in group.members]
    roles = Counter(member.role for _, member in members)
    return {
        "size": len(members),
        **{f"role_{role}": roles[role] for role in ROLES},
        "completeness": _mean([group.completeness for group in groups]),
        "confidence": _mean([group.confidence for group in groups]),
        "people_known": max((group.people_known for group in groups), default=0),
        "share_reachable": share(reachable, len({member.person_id for _, member in members})),
        "way_in": _markdown(
            [
                f"**{group.profile_id}**: {each.person_id} screens {each.guards}"
                for group in groups
                for each in group.gatekeepers
            ]
        ),
        "missing": _markdown(
            [f"**{group.profile_id}**: {_missing(gap)}" for group in groups for gap in group.gaps]
        ),
        "group": dg.TableMetadataValue(
            records=[
                dg.TableRecord(
                    {
                        "profile": group.profile_id,
                        "person_id": member.person_id,
                        "role": member.role,
                        "decided": member.decided or "",
                        "score": member.score,
                        "reasons": "; ".join(member.reasons),
                    }
                )
                for group, member in members
            ],
            schema=_MEMBER_COLUMNS,
        ),
    }


_MEMBER_COLUMNS = dg.TableSchema(
    columns=[
        dg.TableColumn("profile", "string", description="The seller profile: what is sold."),
        dg.TableColumn("person_id", "string", description="`bg show COMPANY` has the name."),
        dg.TableColumn("role", "string", description="The part in the purchase."),
        dg.TableColumn(
            "decided",
            "string",
            description="confirmed or assigned: a person gave the role; empty: the rules did.",
        ),
        dg.TableColumn("score", "float", description="How much the person matters to it, 0 to 1."),
        dg.TableColumn("reasons", "string", description="Why this role, in one sentence."),
    ]
)


def change_metadata(changes: Mapping[str, Sequence[Change]], on: date) -> dict[str, Any]:
    """Return the published changes, with counts by kind, over all seller profiles.

    Args:
        changes: by seller profile.
        on: the day on which they were published, in UTC.
    """
    kinds: Counter[str] = Counter(
        change.kind for of_profile in changes.values() for change in of_profile
    )
    return {
        "changes": kinds.total(),
        **{kind: kinds[kind] for kind in _CHANGE_KINDS},
        "what_changed": _markdown(list(_sentences(changes, on))),
    }


def _sentences(changes: Mapping[str, Sequence[Change]], on: date) -> Iterator[str]:
    for profile_id, of_profile in sorted(changes.items()):
        for change in of_profile:
            words = in_words(change, change.person_id, on, personal=False)
            yield f"**{profile_id}**: {words}"


def _missing(gap: Gap) -> str:
    return f"{gap.look_for}; nearest: {', '.join(gap.nearest)}" if gap.nearest else gap.look_for


def _markdown(lines: Sequence[str]) -> dg.MarkdownMetadataValue:
    shown = [f"- {line}" for line in lines[:_MOST_LINES]]
    more = [f"- and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return dg.MetadataValue.md("\n".join(shown + more) or "nothing")


def members_of(groups: Iterable[BuyerGroup]) -> list[str]:
    """Return the ids of the members of these groups, each once, sorted."""
    return sorted({member.person_id for group in groups for member in group.members})


def share(part: int, whole: int) -> float:
    """Return `part` of `whole` from 0 to 1; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
