"""What Dagit shows of a group: numbers under steady names, ids and reasons, nothing personal."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from bg_orchestration import names
from bg_orchestration.domain.model import ROLES, BuyerGroup, Change

_CHANGE_KINDS = ("joined", "left", "role_changed", "title_changed", "contact_changed")


def group_metadata(groups: Sequence[BuyerGroup]) -> dict[str, Any]:
    """Counts over all seller profiles, mean figures from 0 to 1, and the table of members."""
    members = [(group, member) for group in groups for member in group.members]
    roles = Counter(member.role for _, member in members)
    return {
        "members": len(members),
        **{f"role_{role}": roles[role] for role in ROLES},
        "completeness": _mean([group.completeness for group in groups]),
        "cohesion": _mean([group.cohesion for group in groups]),
        "missing": dg.MetadataValue.md(
            "\n".join(f"- {gap}" for group in groups for gap in group.gaps) or "nothing"
        ),
        "group": dg.TableMetadataValue(
            records=[
                dg.TableRecord(
                    {
                        "profile": group.profile_id,
                        "person_id": member.person_id,
                        "role": member.role,
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
        dg.TableColumn("profile", "string", description="Seller profile"),
        dg.TableColumn("person_id", "string", description="`bg show COMPANY` has the name"),
        dg.TableColumn("role", "string"),
        dg.TableColumn("score", "float", description="0 to 1"),
        dg.TableColumn("reasons", "string"),
    ]
)


def group_checks(groups: Sequence[BuyerGroup]) -> Iterator[dg.AssetCheckResult]:
    """The checks of `buyer_group`, for all seller profiles at once."""
    undecided = [
        group.profile_id
        for group in groups
        if group.members and all(member.role != "decision" for member in group.members)
    ]
    yield _check("decision_maker_known", undecided)
    unfit = [
        group.profile_id
        for group in groups
        if not group.size_range[0] <= len(group.members) <= group.size_range[1]
    ]
    yield _check("size_in_range", unfit)
    unexplained = [
        member.person_id
        for group in groups
        for member in group.members
        if not member.reasons
        or [one.person_id for one in group.members].count(member.person_id) > 1
    ]
    yield _check("members_explained", unexplained, dg.AssetCheckSeverity.ERROR)


def _check(
    name: str,
    faults: Sequence[str],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.WARN,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not faults,
        check_name=name,
        asset_key=names.BUYER_GROUP,
        severity=severity,
        metadata={"at": ", ".join(faults)} if faults else {},
    )


def change_metadata(changes: Mapping[str, Sequence[Change]]) -> dict[str, Any]:
    """How many changes of each kind were published, over all seller profiles."""
    kinds: Counter[str] = Counter(
        change.kind for of_profile in changes.values() for change in of_profile
    )
    return {"changes": kinds.total(), **{kind: kinds[kind] for kind in _CHANGE_KINDS}}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
