"""The checks of `buyer_group` as Dagit shows them, and what keeps a group from being published."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import dagster as dg

from bg_orchestration import names
from bg_orchestration.assets.partitions import companies
from bg_orchestration.domain.anomalies import K, findings, in_words
from bg_orchestration.domain.checks import CHECKS, Check, faults
from bg_orchestration.domain.model import BuyerGroup
from bg_orchestration.refreshes.figures import History
from bg_orchestration.settings import settings

# The tag, and its value, of a run whose group a person wants published even if it is empty.
TAG_ACCEPT: Final = "bg/accept"
EMPTY_GROUP: Final = "empty_group"

USUAL_REFRESH: Final = "usual_refresh"

with warnings.catch_warnings():
    # Checks by partition are a preview; without them Dagit shows those of the last company alone.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    CHECK_SPECS: Final = tuple(
        dg.AssetCheckSpec(
            check.name,
            asset=names.BUYER_GROUP,
            description=check.passes + (" Blocks publishing." if check.blocking else ""),
            blocking=check.blocking,
            partitions_def=companies,
        )
        for check in CHECKS
    )

    REACHABLE_SPEC: Final = dg.AssetCheckSpec(
        "members_reachable",
        asset=names.CONTACTS,
        description="An email or phone is known of at least half of the members; of none it need "
        "be at the level identify.",
        partitions_def=companies,
    )

    USUAL_REFRESH_SPEC: Final = dg.AssetCheckSpec(
        USUAL_REFRESH,
        asset=names.PUBLISHED_BUYER_GROUP,
        description="Duration, people found, group size, confidence and cost are as usual: within "
        f"{K:g} robust standard deviations of the median of the company's last refreshes, or of "
        "all companies' where it has too few.",
        partitions_def=companies,
    )

# Our own rule: with fewer, whoever calls reaches the group only by chance.
_LEAST_REACHABLE = 0.5


def reachable_result(reachable: int, members: int) -> dg.AssetCheckResult:
    """Whether enough of the members can be reached."""
    asked = settings().enrichment != "identify"
    told = f"{reachable} of {members} members can be reached"
    passed = not asked or reachable >= members * _LEAST_REACHABLE
    return dg.AssetCheckResult(
        passed=passed,
        check_name=REACHABLE_SPEC.name,
        asset_key=names.CONTACTS,
        severity=dg.AssetCheckSeverity.WARN,
        description=told if asked else None,
    )


def usual_refresh(found: Mapping[str, float], past: History) -> dg.AssetCheckResult:
    """Whether the figures of a refresh are as usual: a warning where they are not.

    The metadata holds each figure with its median and bounds, under steady names.
    """
    judged = findings(found, past.company, past.fleet)
    figures: dict[str, float | int | str] = {}
    for one in judged:
        figures[one.figure] = round(one.value, 4)
        if one.bounds is not None:
            figures[f"{one.figure}_median"] = round(one.bounds.median, 4)
            figures[f"{one.figure}_high"] = round(one.bounds.high, 4)
            if one.bounds.low is not None:
                figures[f"{one.figure}_low"] = round(one.bounds.low, 4)
            figures[f"{one.figure}_compared_with"] = f"{one.refreshes} of the {one.whose}"
    told = "; ".join(in_words(one) for one in judged if one.unusual)
    return dg.AssetCheckResult(
        passed=not told,
        check_name=USUAL_REFRESH,
        asset_key=names.PUBLISHED_BUYER_GROUP,
        severity=dg.AssetCheckSeverity.WARN,
        description=told or None,
        metadata=figures,
    )


def check_results(
    groups: Sequence[BuyerGroup], published: Mapping[str, BuyerGroup], tags: Mapping[str, str]
) -> list[dg.AssetCheckResult]:
    """What each check finds in the new groups of a company.

    Args:
        groups: the new groups, one for each seller profile.
        published: the groups as published, by seller profile.
        tags: those of the run: a person may accept an empty group, which is then only warned of.
    """
    return [_result(check, faults(check, groups, published), tags) for check in CHECKS]


def _result(check: Check, found: Sequence[str], tags: Mapping[str, str]) -> dg.AssetCheckResult:
    accepted = check.name == "possible_group" and tags.get(TAG_ACCEPT) == EMPTY_GROUP
    stops = check.blocking and not accepted
    told = "; ".join(found)
    return dg.AssetCheckResult(
        passed=not found,
        check_name=check.name,
        asset_key=names.BUYER_GROUP,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        description=f"accepted by a person: {told}" if told and accepted else told or None,
    )


def refusal(company_id: str, results: Iterable[dg.AssetCheckResult]) -> str | None:
    """Why the groups must not be published and what to do; `None` if nothing speaks against it."""
    failed = [
        result
        for result in results
        if not result.passed and result.severity is dg.AssetCheckSeverity.ERROR
    ]
    if not failed:
        return None
    told = "; ".join(f"{result.check_name}: {result.description}" for result in failed)
    return f"Not published, what was published stays. {told}. {_advice(company_id, failed)}"


def _advice(company_id: str, failed: Iterable[dg.AssetCheckResult]) -> str:
    if all(result.check_name != "possible_group" for result in failed):
        return "The rules have a fault: look at the seller profile and the policy"
    return (
        "Import the missing people with `bg import` and refresh again. If they have all left, "
        f"accept it: `bg refresh {company_id} --accept-empty`, or materialize all assets of the "
        f"company in Dagit with the tag {TAG_ACCEPT} = {EMPTY_GROUP}"
    )
