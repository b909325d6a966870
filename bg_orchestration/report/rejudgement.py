"""What `bg replay-judgement` tells: of each company as it comes, and in the end of all."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import click

from bg_orchestration.domain.changes import in_words
from bg_orchestration.domain.model import BuyerGroup, Change, Company


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """One group as published and as judged again, with what would change and for whom."""

    published: BuyerGroup
    judged: BuyerGroup
    changes: tuple[Change, ...]
    people: dict[str, str]


@dataclass(slots=True)
class Tally:
    """What came out over all companies, and what could not be known of an earlier date."""

    companies: int = 0
    unchanged: int = 0
    without_group: int = 0
    groups: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    completeness_published: float = 0.0
    completeness_judged: float = 0.0
    newcomers: int = 0
    forgotten: int = 0
    untold: int = 0
    other_profiles: set[str] = field(default_factory=set)

    def count(self, found: Sequence[GroupComparison], other_profiles: Iterable[str]) -> None:
        """Count the groups of one company; where none compares, those of which it has some."""
        self.companies += 1
        self.without_group += not found
        self.other_profiles.update(other_profiles)
        self.unchanged += bool(found) and not any(group.changes for group in found)
        for group in found:
            self.groups += 1
            self.changes.update(change.kind for change in group.changes)
            self.completeness_published += group.published.completeness
            self.completeness_judged += group.judged.completeness

    @property
    def mean_completeness(self) -> tuple[float, float]:
        """The mean over all groups, as published and as judged again; 0 of none."""
        groups = self.groups or 1
        return self.completeness_published / groups, self.completeness_judged / groups


class AsText:
    """For people: the companies whose groups would differ, and a summary."""

    def __init__(self, on: datetime) -> None:
        self._on = on.date()

    def company(self, company: Company, found: Sequence[GroupComparison]) -> None:
        """Print what would differ in the groups of one company."""
        for group in found:
            if not group.changes:
                continue
            click.echo(
                f"{company.name} ({company.company_id}), profile {group.published.profile_id}: "
                f"{len(group.published.members)} -> {len(group.judged.members)} members, complete "
                f"{group.published.completeness:.0%} -> {group.judged.completeness:.0%}"
            )
            for change in group.changes:
                name = group.people.get(change.person_id, change.person_id)
                click.echo(f"  {in_words(change, name, self._on)}")

    def end(self, tally: Tally, since: datetime | None) -> None:
        """Print the summary."""
        kinds = tally.changes
        as_of = f" as of {since:%Y-%m-%d %H:%M} UTC" if since else ""
        click.echo(
            f"{tally.companies:,} companies judged{as_of}: {tally.unchanged:,} unchanged, "
            f"{tally.without_group:,} without a published group to compare with"
        )
        click.echo(
            f"Members: {kinds['joined']:,} joined, {kinds['left']:,} left, "
            f"{kinds['role_changed']:,} changed role"
        )
        if tally.groups:
            before, after = tally.mean_completeness
            click.echo(f"Completeness: {before:.1%} as published, {after:.1%} judged again (mean)")
        for note in _unknown(tally, since):
            click.echo(f"Not known: {note}")
        click.echo("Nothing was stored or published.")


class AsJson:
    """For programs: one document with `companies`, those that would differ, and `summary`."""

    def __init__(self, on: datetime) -> None:
        self._on = on.date()
        self._told = 0
        # Written as it comes: the differences of 100,000 companies need not be held.
        click.echo('{"companies": [', nl=False)

    def company(self, company: Company, found: Sequence[GroupComparison]) -> None:
        """Print what would differ in the groups of one company."""
        for group in found:
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
            **{kind: tally.changes[kind] for kind in ("joined", "left", "role_changed")},
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
    """What no source says of the people at `since`."""
    if since is None:
        return
    yield "what imports overwrote since; it stands as it is today"
    if tally.newcomers:
        yield f"when {tally.newcomers:,} people joined who were imported since; they count as there"
    if tally.forgotten:
        yield f"what {tally.forgotten:,} events since told, which are no longer stored"
    if tally.untold:
        yield f"{tally.untold:,} old titles and departments that events changed and do not tell"
