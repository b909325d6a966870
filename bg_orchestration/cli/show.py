"""`bg show`: a published buyer group."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import click
from rich.console import Group as Lines
from rich.text import Text
from sqlalchemy import Connection

from bg_orchestration.cli.common import database
from bg_orchestration.cli.deciding import because, decision_words, profile_option
from bg_orchestration.cli.group_text import as_text as group_as_text
from bg_orchestration.cli.lookup import company_named, group_named
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.domain.model import ROLES, Group, Member
from bg_orchestration.refreshes.decisions import DecisionLine, listing
from bg_orchestration.refreshes.overview import names_of, titles_of
from bg_orchestration.store.database import reading
from bg_orchestration.store.research_notes import notes_of


@click.command()
@click.argument("company")
@profile_option
@as_json
def command(company: str, profile: str | None, json_: bool) -> None:
    """Show COMPANY's buyer group: who decides, champions, blocks; how to reach them, and why.

    It also says what the purchase needs and nobody covers, whom people dismissed, and how far the
    group can be trusted. Figures go from 0 to 1.

    \b
    bg show acme
    bg show acme --profile security --json
    """
    with database() as engine, reading(engine) as connection:
        group = group_named(connection, company, profile)
        facts = group.group
        decisions = listing(connection, company, profile_id=facts.profile_id)
        known_as = company_named(connection, company).name
        people = called(connection, group)
        notes = notes_of(connection, company, (member.person_id for member in facts.members))
    if json_:
        print_json(as_dict(group, people, decisions, notes))
    else:
        console().print(as_text(known_as, group, people, decisions, notes=notes))


def called(connection: Connection, group: Group) -> dict[str, str]:
    """What to call members, and with their title those who come nearest to filling a gap."""
    facts = group.group
    members = {member.person_id for member in facts.members}
    nearest = {person_id for gap in facts.gaps for person_id in gap.nearest} - members
    titles = titles_of(connection, facts.company_id, sorted(nearest))
    return {
        person_id: f"{name} ({titles[person_id]})" if titles.get(person_id) else name
        for person_id, name in names_of(connection, sorted(members | nearest)).items()
    }


def as_dict(
    group: Group,
    people: Mapping[str, str],
    decisions: Sequence[DecisionLine],
    notes: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The group for programs: its facts, its members in order of role, decisions about anybody.

    `notes` are what research found out, as JSON text by person id: `research` of those members.
    """
    return group.group.model_dump(exclude={"members"}) | {
        "members": [
            {
                "person_id": member.person_id,
                "name": people.get(member.person_id),
                **member.model_dump(exclude={"person_id"}),
                "contacts": [
                    contact.model_dump(exclude={"person_id"})
                    for contact in group.contacts
                    if contact.person_id == member.person_id
                ],
                **_research(notes, member.person_id),
            }
            for member in _in_order(group)
        ],
        "decisions": [{name: getattr(line, name) for name in _OF_DECISION} for line in decisions],
    }


def as_text(
    company_name: str,
    group: Group,
    people: Mapping[str, str],
    decisions: Sequence[DecisionLine] = (),
    reasons: int | None = None,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Lines:
    """The group for people; at most `reasons` reasons for each member, all if not said."""
    facts = group.group
    members = {member.person_id: member for member in _in_order(group)}
    heading = f"{company_name} ({facts.company_id}), profile {facts.profile_id}"
    beside = {
        person_id: [
            *_ways(group, person_id),
            *_marks(decisions, member),
            *_summary(notes, person_id),
        ]
        for person_id, member in members.items()
    }
    in_order = facts.model_copy(update={"members": tuple(members.values())})
    return Lines(
        group_as_text(heading, in_order, people, beside=beside, reasons=reasons),
        *(Text(_outside(line)) for line in decisions if line.person_id not in members),
    )


# What the JSON of a group tells of a decision: not what the group itself tells.
_OF_DECISION = ("person_id", "name", "kind", "role", "decided_by", "why", "decided_at")


def _research(notes: Mapping[str, str], person_id: str) -> dict[str, Any]:
    return {"research": json.loads(notes[person_id])} if person_id in notes else {}


def _summary(notes: Mapping[str, str], person_id: str) -> list[str]:
    """What research found, in one line: commentary, to be checked at its sources."""
    if person_id not in notes:
        return []
    found = json.loads(notes[person_id])
    sources = f"{len(found['sources'])} sources, see --json"
    return [f"research: {found['summary'] or 'no summary'} ({sources})"]


def _ways(group: Group, person_id: str) -> list[str]:
    ways = [contact.value for contact in group.contacts if contact.person_id == person_id]
    return [", ".join(ways)] if ways else []


def _marks(decisions: Sequence[DecisionLine], member: Member) -> list[str]:
    return [
        f"{line.kind} {because(line)}"
        if (line.kind, line.role) == (member.decided, member.role)
        else f"{decision_words(line)} {because(line)}, from the next refresh on"
        for line in decisions
        if line.person_id == member.person_id
    ]


def _outside(line: DecisionLine) -> str:
    """A decision about somebody who is no member: dismissed, not yet in, or gone."""
    told = f"{line.name} ({line.person_id}), {decision_words(line)} {because(line)}"
    return told if line.kind == "dismissed" else f"{told}, not in the group as published"


def _in_order(group: Group) -> list[Member]:
    return sorted(
        group.group.members,
        key=lambda member: (ROLES.index(member.role), -member.score, member.person_id),
    )
