"""`bg show`, `bg changes` and `bg companies`: published groups and followed companies."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, Self

import click
from rich.console import Group as Lines
from rich.text import Text
from sqlalchemy import Connection

from bg_orchestration.cli.lookup import company_named, database, groups_named
from bg_orchestration.cli.printing import (
    ago,
    as_json,
    console,
    duration,
    print_json,
    print_table,
)
from bg_orchestration.cli.selection import keys_of_profiles
from bg_orchestration.domain.change_words import in_words as sentence
from bg_orchestration.domain.freshness import Freshness
from bg_orchestration.domain.model import Company, Group
from bg_orchestration.refreshes.decisions import DecisionLine
from bg_orchestration.refreshes.decisions import listing as decision_listing
from bg_orchestration.refreshes.explanations import open_refresh_words
from bg_orchestration.refreshes.history import GroupDates, group_dates
from bg_orchestration.refreshes.overview import (
    ChangeLine,
    as_change,
    names_of,
    other_ends,
    titles_of,
)
from bg_orchestration.refreshes.overview import changes as read_changes
from bg_orchestration.refreshes.staleness import freshness_by_id
from bg_orchestration.report.published_group import published_as_dict, published_as_text
from bg_orchestration.report.terminal import Table
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading
from bg_orchestration.store.research_notes import notes_of

_MOST_NEWS: Final = 5


@click.command()
@click.argument("company")
@click.option("--profile", help="Only the group for this seller profile.  [default: all]")
@as_json
def show(company: str, profile: str | None, json_: bool) -> None:
    """Show COMPANY's buyer group: who decides, champions, blocks; how to reach them, and why.

    It begins with size, gaps, date and the last changes. COMPANY is an id, a domain or a name. A
    company with several seller profiles has several groups; all are shown. Figures go from 0 to 1.

    \b
    bg show acme
    bg show acme --profile security --json
    """
    with database() as engine, reading(engine) as connection:
        facts = company_named(connection, company, beginning=True)
        try:
            groups = groups_named(connection, facts.company_id, profile)
        except click.ClickException as error:
            open_refresh = open_refresh_words(connection, facts.company_id)
            if not open_refresh:
                raise
            raise click.ClickException(f"{error.message.split('.')[0]}. {open_refresh}") from None
        shown = [_ShownGroup.read(connection, facts, group) for group in groups]
    if json_:
        dictionaries = [each.as_dict() for each in shown]
        several = {"company_id": facts.company_id, "groups": dictionaries}
        print_json(dictionaries[0] if len(shown) == 1 else several)
        return
    for place, each in enumerate(shown):
        console().print(*([""] if place else []), each.as_text(), sep="\n")


@dataclass(frozen=True, slots=True)
class _ShownGroup:
    """A published group with all that `bg show` prints."""

    company: Company
    group: Group
    dates: GroupDates
    decisions: list[DecisionLine]
    people: dict[str, str]
    notes: dict[str, str]
    changes: list[ChangeLine]
    open_refresh: str
    freshness: Freshness | None

    @classmethod
    def read(cls, connection: Connection, company: Company, group: Group) -> Self:
        """Read what belongs to a published group."""
        company_id, profile_id = company.company_id, group.group.profile_id
        members = (member.person_id for member in group.group.members)
        lines = read_changes(connection, company_id=company_id, profile_id=profile_id, limit=20)
        return cls(
            company,
            group,
            group_dates(connection, company_id, profile_id),
            decision_listing(connection, company_id, profile_id=profile_id),
            member_labels(connection, group),
            notes_of(connection, company_id, members),
            [line for line in lines if line.refresh_id == lines[-1].refresh_id],
            open_refresh_words(connection, company_id),
            _freshness(connection, company_id),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the group as JSON has it."""
        return published_as_dict(self.group, self.people, self.decisions, self.notes) | {
            "employee_count": self.company.employee_count,
            "refreshed_at": self.dates.refreshed_at,
            "changed_at": self.dates.changed_at,
            "open_refresh": self.open_refresh or None,
            "freshness": None if self.freshness is None else asdict(self.freshness),
        }

    def as_text(self) -> Lines:
        """Return the group as text."""
        return published_as_text(
            self.company.name,
            self.group,
            self.people,
            self.decisions,
            notes=self.notes,
            employee_count=self.company.employee_count,
            news=[
                *self._dates(),
                *self._news(),
                *filter(None, [self.open_refresh]),
                _freshness_line(self.freshness),
            ],
        )

    def _dates(self) -> Iterator[str]:
        dates = self.dates
        as_of = dates.refreshed_at or dates.changed_at
        yield f"As of {as_of:%Y-%m-%d %H:%M} UTC, {ago(dates.now - as_of)} ago."

    def _news(self) -> Iterator[str]:
        if not self.changes:
            return
        day = f"{self.changes[-1].changed_at:%Y-%m-%d}"
        if all(line.cause == "first" for line in self.changes):
            yield f"First published on {day}; no change since."
            return
        yield f"Changed on {day}:"
        for line in self.changes[:_MOST_NEWS]:
            yield f"  {change_sentence(line)}"
        if len(self.changes) > _MOST_NEWS:
            yield f"  and more: bg changes {self.company.company_id}"


def _freshness(connection: Connection, company_id: str) -> Freshness | None:
    config = settings()
    keys = keys_of_profiles(config)
    return freshness_by_id(connection, config.freshness, keys, [company_id]).get(company_id)


def _freshness_line(found: Freshness | None) -> str:
    if found is None:
        return "Not followed: nothing refreshes it by itself."
    return f"Tier {found.tier} ({found.reason}): refreshed by {found.due_at:%Y-%m-%d %H:%M} UTC."


def member_labels(connection: Connection, group: Group) -> dict[str, str]:
    """Return the names of members, and names with titles of people near a gap or a member."""
    facts = group.group
    members = {member.person_id for member in facts.members}
    nearest = {person_id for gap in facts.gaps for person_id in gap.nearest}
    nearest |= {each.person_id for each in facts.gatekeepers}
    nearest -= members
    titles = titles_of(connection, facts.company_id, sorted(nearest))
    return {
        person_id: f"{name} ({titles[person_id]})" if titles.get(person_id) else name
        for person_id, name in names_of(connection, sorted(members | nearest)).items()
    }


@click.command()
@click.argument("company", required=False)
@click.option("--since", callback=duration, help="Only the last 7d, 12h, 30m ...")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def changes(company: str | None, since: timedelta | None, limit: int, json_: bool) -> None:
    """List the changes in published groups, of COMPANY or of all companies, newest last.

    \b
    bg changes acme --since 7d
    """
    with database() as engine, reading(engine) as connection:
        if company is not None:
            company = company_named(connection, company, beginning=True).company_id
        after = None if since is None else clock(connection) - since
        lines = read_changes(connection, company_id=company, since=after, limit=limit)
        ends = other_ends(connection, lines)
    if json_:
        print_json([_change_as_dict(line, ends.get(line)) for line in lines])
        return
    shown = set(lines)
    # A move is told once, with both ends, at the company that the person left.
    lines = [line for line in lines if line.kind != "joined" or ends.get(line) not in shown]
    table = Table("When (UTC)", "Company", "What changed", box=None)
    for line in lines:
        table.add_row(
            f"{line.changed_at:%Y-%m-%d %H:%M}",
            line.company_id,
            Text(change_sentence(line, ends.get(line))),
        )
    if not lines:
        click.echo("Nothing changed.")
        return
    print_table(table, whole=("When (UTC)", "Company"), prose=("What changed",))


def _change_as_dict(line: ChangeLine, end: ChangeLine | None) -> dict[str, Any]:
    return asdict(line) | {
        "other_end": asdict(end) if end else None,
        "text": change_sentence(line, end),
    }


def change_sentence(line: ChangeLine, end: ChangeLine | None = None) -> str:
    """Return one sentence on a change, with the name of the person if it is stored.

    `end` is the change at the other end of a move.
    """
    return sentence(
        as_change(line),
        line.name or line.person_id,
        line.changed_at.date(),
        other_end=as_change(end) if end else None,
    )
