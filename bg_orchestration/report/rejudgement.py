"""The output of `bg replay-judgement`: each company, and a summary at the end."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click

from bg_orchestration.domain.change_words import in_words
from bg_orchestration.domain.model import BuyerGroup, Change, Company
from bg_orchestration.report.terminal import echo


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """A published group beside its new judgement, with the changes."""

    published: BuyerGroup
    judged: BuyerGroup
    changes: tuple[Change, ...]
    people: dict[str, str]


@dataclass(slots=True)
class Tally:
    """The sums over all companies, and the unknown facts of an earlier date."""

    companies: int = 0
    unchanged: int = 0
    without_group: int = 0
    groups: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    completeness_published: float = 0.0
    completeness_judged: float = 0.0
    newcomers: int = 0
    forgotten: int = 0
    unknown_values: int = 0
    other_profiles: set[str] = field(default_factory=set)

    def count(self, groups: Sequence[GroupComparison], other_profiles: Iterable[str]) -> None:
        """Count the groups of one company, or its other groups if none compares."""
        self.companies += 1
        self.without_group += not groups
        self.other_profiles.update(other_profiles)
        self.unchanged += bool(groups) and not any(group.changes for group in groups)
        for group in groups:
            self.groups += 1
            self.changes.update(change.kind for change in group.changes)
            self.completeness_published += group.published.completeness
            self.completeness_judged += group.judged.completeness

    @property
    def mean_completeness(self) -> tuple[float, float]:
        """The mean over all groups, published and judged again; 0 without groups."""
        groups = self.groups or 1
        return self.completeness_published / groups, self.completeness_judged / groups


class AsText:
    """Output as text: companies with differing groups, and a summary."""

    def __init__(self, on: datetime) -> None:
        self._on = on.date()

    def company(self, company: Company, groups: Sequence[GroupComparison]) -> None:
        """Print the differences in the groups of one company."""
        for group in groups:
            if not group.changes:
                continue
            click.echo(
                f"{company.name} ({company.company_id}), profile {group.published.profile_id}: "
                f"{len(group.published.members)} -> {len(group.judged.members)} members, complete "
                f"{group.published.completeness:.0%} -> {group.judged.completeness:.0%}"
            )
            for change in group.changes:
                name = group.people.get(change.person_id, change.person_id)
                echo(f"  {in_words(change, name, self._on)}")

    def end(self, tally: Tally, since: datetime | None) -> None:
        """Print the summary."""
        kinds = tally.changes
        as_of = f" as of {since:%Y-%m-%d %H:%M} UTC" if since else ""
        click.echo(
            f"{tally.companies:,} companies judged{as_of}: {tally.unchanged:,} unchanged, "
            f"{tally.without_group:,} without a published group to compare with"
        )
        click.echo(
            f"Members: {kinds['joined']:,} joined, {kinds['dropped']:,} dropped, "
            f"{kinds['role_changed']:,} changed role"
        )
        if tally.groups:
            before, after = tally.mean_completeness
            click.echo(f"Completeness: {before:.1%} as published, {after:.1%} judged again (mean)")
        for note in _unknown(tally, since):
            click.echo(f"Not known: {note}")
        click.echo("Nothing was stored or published.")


class AsJson:
    """Output as JSON: `companies` with differing groups, and `summary`."""

    def __init__(self, on: datetime) -> None:
        self._on = on.date()
        self._told = 0
        # Written company by company: the differences of 100,000 companies would fill the memory.
        click.echo('{"companies": [', nl=False)

    def company(self, company: Company, groups: Sequence[GroupComparison]) -> None:
        """Print the differences in the groups of one company."""
        for group in groups:
            if group.changes:
                click.echo(",\n" if self._told else "\n", nl=False)
                click.echo(json.dumps(self._as_dict(company, group), ensure_ascii=False), nl=False)
                self._told += 1

    def end(self, tally: Tally, since: datetime | None) -> None:
        """Print the summary and close the document."""
        before, after = tally.mean_completeness
        summary = {
            "companies": tally.companies,
            "unchanged": tally.unchanged,
            "without_group": tally.without_group,
            **{kind: tally.changes[kind] for kind in ("joined", "dropped", "role_changed")},
            "completeness_published": before,
            "completeness_judged": after,
            "since": since.isoformat() if since else None,
            "not_known": list(_unknown(tally, since)),
        }
        click.echo(f'\n], "summary": {json.dumps(summary)}}}')

    def _as_dict(self, company: Company, group: GroupComparison) -> dict[str, Any]:
        return {
            "company_id": company.company_id,
            "profile_id": group.published.profile_id,
            "published": _figures(group.published),
            "judged": _figures(group.judged),
            "changes": [
                change.model_dump() | {"in_words": in_words(change, name, self._on)}
                for change in group.changes
                for name in [group.people.get(change.person_id, change.person_id)]
            ],
        }


def _figures(group: BuyerGroup) -> Mapping[str, float]:
    return {
        "size": len(group.members),
        **group.model_dump(include={"people_known", "completeness", "confidence"}),
    }


def _unknown(tally: Tally, since: datetime | None) -> Iterator[str]:
    """Yield the facts that no source states for `since`."""
    if since is None:
        return
    yield "what imports overwrote since; it stands as it is today"
    if tally.newcomers:
        yield f"when {tally.newcomers:,} people joined who were imported since; they count as there"
    if tally.forgotten:
        yield f"the content of {tally.forgotten:,} events since, which are no longer stored"
    if tally.unknown_values:
        yield f"{tally.unknown_values:,} old titles and departments that events replaced silently"
