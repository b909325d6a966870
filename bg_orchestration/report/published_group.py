"""A published group as text and as JSON, with the decisions about it."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich.console import Group as Lines
from rich.text import Text

from bg_orchestration.domain.change_words import role_words
from bg_orchestration.domain.model import ROLES, Group, Member
from bg_orchestration.refreshes.decisions import DecisionLine
from bg_orchestration.report.group_text import as_text as group_text


def published_as_dict(
    group: Group,
    people: Mapping[str, str],
    decisions: Sequence[DecisionLine],
    notes: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the group as a dictionary for JSON: facts, members by role, decisions.

    `notes` are the research findings, as JSON text by person id: `research` of these members.
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


def published_as_text(
    company_name: str,
    group: Group,
    people: Mapping[str, str],
    decisions: Sequence[DecisionLine] = (),
    reasons: int | None = None,
    notes: Mapping[str, str] = MappingProxyType({}),
    *,
    employee_count: int | None = None,
    news: Sequence[str] = (),
) -> Lines:
    """Return the group as text, with at most `reasons` reasons a member; all by default.

    `employee_count` and `news` are those of `group_text.as_text`.
    """
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
        group_text(
            heading,
            in_order,
            people,
            employee_count=employee_count,
            news=news,
            beside=beside,
            reasons=reasons,
        ),
        *(Text(_outside(line)) for line in decisions if line.person_id not in members),
    )


# The fields of a decision in the JSON of a group, without the fields of the group.
_OF_DECISION = ("person_id", "name", "kind", "role", "decided_by", "why", "decided_at")


def _research(notes: Mapping[str, str], person_id: str) -> dict[str, Any]:
    return {"research": json.loads(notes[person_id])} if person_id in notes else {}


def _summary(notes: Mapping[str, str], person_id: str) -> list[str]:
    """Return the research findings in one line: commentary, to be checked at its sources."""
    if person_id not in notes:
        return []
    findings = json.loads(notes[person_id])
    sources = f"{len(findings['sources'])} sources, see --json"
    return [f"research: {findings['summary'] or 'no summary'} ({sources})"]


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
    """Return a decision about a person outside the group: dismissed, new or gone."""
    line_text = f"{line.name} ({line.person_id}), {decision_words(line)} {because(line)}"
    return line_text if line.kind == "dismissed" else f"{line_text}, not in the group as published"


def _in_order(group: Group) -> list[Member]:
    return sorted(
        group.group.members,
        key=lambda member: (ROLES.index(member.role), -member.score, member.person_id),
    )


def decision_words(line: DecisionLine) -> str:
    """Return the decision in words: `confirmed as decision maker`, `dismissed`."""
    return line.kind if line.role is None else f"{line.kind} as {role_words(line.role)}"


def because(line: DecisionLine) -> str:
    """Return the author and the reason of a decision."""
    return f"by {line.decided_by}: {line.why}"
