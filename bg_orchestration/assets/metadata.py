"""The metadata of a group in Dagit: numbers under steady names, ids, reasons, nothing personal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.company_ids import report_file_of
from bg_orchestration.domain.model import ROLES, BuyerGroup, Change, Gap, Member
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.settings import Settings

_CHANGE_KINDS = ("joined", "left", "dropped", "role_changed", "title_changed", "contact_changed")
# Dagit hides Markdown of 1,000 characters or more behind a click.
_MOST_CHARACTERS = 940


def group_metadata(groups: Sequence[BuyerGroup], reachable: int) -> dict[str, Any]:
    """Return counts over all seller profiles, mean figures from 0 to 1, gaps and members.

    Args:
        groups: the groups of one company.
        reachable: how many different members have a contact point.
    """
    members = [member for group in groups for member in group.members]
    roles = Counter(member.role for member in members)
    return {
        "group": member_table(groups),
        "size": len(members),
        **{f"role_{role}": roles[role] for role in ROLES},
        "completeness": _mean([group.completeness for group in groups]),
        "confidence": _mean([group.confidence for group in groups]),
        "people_known": max((group.people_known for group in groups), default=0),
        "share_reachable": share(reachable, len({member.person_id for member in members})),
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
    }


def member_table(groups: Sequence[BuyerGroup]) -> dg.TableMetadataValue:
    """Return the members of all groups by profile, role and score; few columns, so lines are short.

    `decided` and `profile` are columns only where they distinguish members.
    """
    rows: list[dict[str, str | float]] = [
        {
            "role": member.role,
            "person_id": member.person_id,
            "score": round(member.score, 2),
            "reason": _short_reason(member),
            "decided": member.decided or "",
            "profile": group.profile_id,
        }
        for group in groups
        for member in sorted(
            group.members,
            key=lambda each: (ROLES.index(each.role), -each.score, each.person_id),
        )
    ]
    left_out = set()
    if not any(row["decided"] for row in rows):
        left_out.add("decided")
    if len(groups) < 2:
        left_out.add("profile")
    return dg.TableMetadataValue(
        records=[
            dg.TableRecord({name: row[name] for name in row if name not in left_out})
            for row in rows
        ],
        schema=dg.TableSchema(
            columns=[column for column in _MEMBER_COLUMNS if column.name not in left_out]
        ),
    )


def _short_reason(member: Member) -> str:
    """Return why the role, without the reading of the title before it and what follows."""
    clauses = member.reasons[0].split("; ") if member.reasons else [""]
    return clauses[min(1, len(clauses) - 1)]


_MEMBER_COLUMNS = (
    dg.TableColumn("role", "string", description="The part in the purchase."),
    dg.TableColumn("person_id", "string", description="`bg show COMPANY` has the name."),
    dg.TableColumn("score", "float", description="How much the person matters to it, 0 to 1."),
    dg.TableColumn(
        "reason", "string", description="Why this role; `bg show COMPANY` has all reasons."
    ),
    dg.TableColumn(
        "decided",
        "string",
        description="confirmed or assigned: a user gave the role; empty: the rules did.",
    ),
    dg.TableColumn("profile", "string", description="The seller profile: what is sold."),
)


def links(
    config: Settings, company_id: str, refresh_id: str, trace_id: str, page: Path | None = None
) -> dict[str, Any]:
    """Return the links to the trace and the company's report, or the commands that show them.

    `page` is the file of the report, if this refresh wrote it.
    """
    places = {
        "company_id": company_id,
        "refresh_id": refresh_id,
        "trace_id": trace_id,
        "report_file": report_file_of(company_id),
    }
    return {
        "trace": dg.MetadataValue.url(config.trace_url.format(**places))
        if config.trace_url
        else f"bg trace {refresh_id}",
        "report": _report_link(config, page, places),
    }


def _report_link(config: Settings, page: Path | None, places: Mapping[str, str]) -> Any:
    # With a folder for pages, a link without its page would lead nowhere.
    if config.report_url and (page is not None or config.reports is None):
        return dg.MetadataValue.url(config.report_url.format(**places))
    if page is not None:
        return dg.MetadataValue.path(page)
    return f"bg show {places['company_id']}"


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
        "what_changed": _markdown(list(_sentences(changes, on))),
        "changes": kinds.total(),
        **{kind: kinds[kind] for kind in _CHANGE_KINDS},
    }


def _sentences(changes: Mapping[str, Sequence[Change]], on: date) -> Iterator[str]:
    for profile_id, of_profile in sorted(changes.items()):
        if of_profile and all(change.cause == "first" for change in of_profile):
            # The table of members says who.
            yield f"**{profile_id}**: the first published group, "
            f"{quantity(len(of_profile), 'member')}"
            continue
        for change in of_profile:
            words = in_words(change, change.person_id, on, personal=False)
            yield f"**{profile_id}**: {words}"


def _missing(gap: Gap) -> str:
    return f"{gap.look_for}; nearest: {', '.join(gap.nearest)}" if gap.nearest else gap.look_for


def _markdown(lines: Sequence[str]) -> dg.MarkdownMetadataValue:
    shown, left = [], _MOST_CHARACTERS
    for line in lines:
        left -= len(line) + len("- \n")
        if left < 0:
            break
        shown.append(f"- {line}")
    if len(shown) < len(lines):
        shown.append(f"- and {len(lines) - len(shown)} more")
    return dg.MetadataValue.md("\n".join(shown) or "nothing")


def members_of(groups: Iterable[BuyerGroup]) -> list[str]:
    """Return the ids of the members of these groups, each once, sorted."""
    return sorted({member.person_id for group in groups for member in group.members})


def share(part: int, whole: int) -> float:
    """Return `part` of `whole` from 0 to 1; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
