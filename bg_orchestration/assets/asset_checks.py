"""The asset checks, and the decision against publishing a group."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.partitions import companies
from bg_orchestration.domain.anomalies import K, findings, in_words
from bg_orchestration.domain.checks import CHECKS, faults
from bg_orchestration.domain.model import BuyerGroup
from bg_orchestration.refreshes.history import History

# The tag and value of a run in which a person accepts an empty group.
TAG_ACCEPT: Final = "bg/accept"
EMPTY_GROUP: Final = "empty_group"

GROUP_IS_SOUND: Final = "group_is_sound"
MEMBERS_REACHABLE: Final = "members_reachable"
USUAL_REFRESH: Final = "usual_refresh"

with warnings.catch_warnings():
    # Checks by partition are a preview; without them Dagit shows only the last company's answer.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    GROUP_SPEC: Final = dg.AssetCheckSpec(
        GROUP_IS_SOUND,
        asset=names.BUYER_GROUP,
        description="The group keeps every rule. The metadata has one line a rule: `ok`, or what "
        "is wrong. A failure (red) blocks publishing, a warning does not.\n\n"
        + "\n".join(
            f"- `{check.name}`{' (blocks)' if check.blocking else ''}: {check.passes}"
            for check in CHECKS
        ),
        blocking=True,
        partitions_def=companies,
    )
    REACHABLE_SPEC: Final = dg.AssetCheckSpec(
        MEMBERS_REACHABLE,
        asset=names.CONTACTS,
        description="An email or phone is known for at least half of the members. At the "
        "enrichment level `identify` nothing is looked for, and the check passes.",
        partitions_def=companies,
    )
    USUAL_REFRESH_SPEC: Final = dg.AssetCheckSpec(
        USUAL_REFRESH,
        asset=names.PUBLISHED_BUYER_GROUP,
        description="Duration, people found, group size, confidence and cost are as usual: within "
        f"{K:g} robust standard deviations of the median of the company's last refreshes, or of "
        "all companies' where it has too few. The metadata has each figure with its bounds.",
        partitions_def=companies,
    )

# Our own rule: with fewer, a caller reaches the group only by chance.
_LEAST_REACHABLE = 0.5


def reachable_result(
    company_id: str, reachable: int, members: int, *, wanted: bool
) -> dg.AssetCheckResult:
    """Return whether enough members are reachable; `wanted`: whether contacts are enriched."""
    return dg.AssetCheckResult(
        passed=not wanted or reachable >= members * _LEAST_REACHABLE,
        check_name=MEMBERS_REACHABLE,
        asset_key=names.CONTACTS,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{company_id}: {reachable} of {members} members can be reached"
        if wanted
        else None,
    )


def usual_refresh(company_id: str, new: Mapping[str, float], past: History) -> dg.AssetCheckResult:
    """Return whether the figures of a refresh are usual, else a warning.

    The metadata holds each figure with its median and bounds, under steady names.
    """
    metadata: dict[str, float | int | str] = {}
    unusual = []
    for finding in findings(new, past.company, past.fleet):
        metadata[finding.figure] = round(finding.value, 4)
        if finding.bounds is not None:
            metadata[f"{finding.figure}_median"] = round(finding.bounds.median, 4)
            metadata[f"{finding.figure}_high"] = round(finding.bounds.high, 4)
            if finding.bounds.low is not None:
                metadata[f"{finding.figure}_low"] = round(finding.bounds.low, 4)
            metadata[f"{finding.figure}_compared_with"] = (
                f"{finding.refreshes} of the {finding.whose}"
            )
        if finding.unusual:
            unusual.append(in_words(finding))
    return dg.AssetCheckResult(
        passed=not unusual,
        check_name=USUAL_REFRESH,
        asset_key=names.PUBLISHED_BUYER_GROUP,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{company_id}: {'; '.join(unusual)}" if unusual else None,
        metadata=metadata,
    )


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """The result of the rules for the new groups of a company.

    Attributes:
        result: the answer of the check `group_is_sound`.
        refusal: why the groups must not be published and what to do; `None` if they may be.
    """

    result: dg.AssetCheckResult
    refusal: str | None


def group_answer(
    groups: Sequence[BuyerGroup],
    published: Mapping[str, BuyerGroup],
    tags: Mapping[str, str],
    company_id: str,
) -> GroupAnswer:
    """Apply every rule to the new groups of a company.

    Args:
        groups: the new groups, one for each seller profile.
        published: the groups as published, by seller profile.
        tags: those of the run: a person may accept an empty group, which is then only warned of.
        company_id: for the advice.
    """
    sentences = {check.name: "; ".join(faults(check, groups, published)) for check in CHECKS}
    accepted = "possible_group" if tags.get(TAG_ACCEPT) == EMPTY_GROUP else None
    if accepted and sentences[accepted]:
        sentences[accepted] = f"accepted by a person: {sentences[accepted]}"
    failures = {name: sentence for name, sentence in sentences.items() if sentence}
    blocking = [
        check.name
        for check in CHECKS
        if check.blocking and check.name in failures and check.name != accepted
    ]
    result = dg.AssetCheckResult(
        passed=not failures,
        check_name=GROUP_IS_SOUND,
        asset_key=names.BUYER_GROUP,
        severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
        description=_description(company_id, failures, blocking),
        metadata={name: sentence or "ok" for name, sentence in sentences.items()},
    )
    if not blocking:
        return GroupAnswer(result, None)
    words = "; ".join(f"{name}: {failures[name]}" for name in blocking)
    advice = _advice(company_id, blocking)
    return GroupAnswer(result, f"Not published, what was published stays. {words}. {advice}")


def _description(
    company_id: str, failures: Mapping[str, str], blocking: Collection[str]
) -> str | None:
    """Name the company and its failed rules: Dagit shows the newest answer for all companies."""
    if not failures:
        return None
    if not blocking:
        return f"{company_id} is published, with warnings: {', '.join(failures)}"
    words = "; ".join(f"{name}: {failures[name]}" for name in blocking)
    return f"{company_id} is not published. {words}"


def _advice(company_id: str, blocking: Collection[str]) -> str:
    if "possible_group" not in blocking:
        return "The rules have a fault: look at the seller profile and the policy"
    return (
        "Import the missing people with `bg import` and refresh again. If they have all left, "
        f"accept it: `bg refresh {company_id} --accept-empty`, or materialize all assets of the "
        f"company in Dagit with the tag {TAG_ACCEPT} = {EMPTY_GROUP}"
    )
