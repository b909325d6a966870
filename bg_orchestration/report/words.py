"""The figures and roles of a group in words, for terminal and page."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bg_orchestration.domain.model import BuyerGroup, Role
from bg_orchestration.domain.quantities import quantity

# The lowest value of each word for a figure.
_LEVELS = ((0.75, "high"), (0.5, "fair"), (0.0, "low"))
_NAMED = 3
_IN_HEADLINE: tuple[Role, ...] = ("decision", "champion", "blocker", "introducer")


class RoleWords(NamedTuple):
    """The words for a role."""

    heading: str
    meaning: str
    does: str


ROLE_WORDS: dict[Role, RoleWords] = {
    "decision": RoleWords("Decision makers", "can approve this purchase", "can approve it"),
    "champion": RoleWords(
        "Champions", "lead the work that it changes, and are heard", "would champion it"
    ),
    "stakeholder": RoleWords("Stakeholders", "have to live with it", "would feel the change"),
    "blocker": RoleWords(
        "Possible blockers", "guard what the product touches, and can object", "could block it"
    ),
    "introducer": RoleWords(
        "Introducers", "open the door, without a stake of their own", "could make the introduction"
    ),
}


class GroupFigure(NamedTuple):
    """A figure of a group: name, displayed value and meaning."""

    name: str
    value: str
    meaning: str


def figures(group: BuyerGroup) -> tuple[GroupFigure, ...]:
    """Return the figures of `group` with their meanings."""
    needs = len(group.covered) + len(group.gaps)
    return (
        GroupFigure(
            "complete",
            f"{group.completeness:.0%}",
            f"{len(group.covered)} of the {needs} needs of this purchase are covered",
        ),
        GroupFigure(
            "confidence",
            f"{group.confidence:.2f}",
            f"{level(group.confidence)}: how probable it is that decision and champion are right",
        ),
    )


def level(value: float) -> str:
    """Return a figure of 0..1 as a word."""
    return next(word for least, word in _LEVELS if value >= least)


def fit_words(group: BuyerGroup) -> str:
    """Return the most members that fit."""
    return f"at most {group.size_range[1]} fit"


def size_words(group: BuyerGroup, employee_count: int | None) -> str:
    """Return the size of the company in words; stored people are no head count.

    Args:
        group: the group.
        employee_count: the head count that a source states, or `None`.
    """
    known = f"{quantity(group.people_known, 'person', 'people')} known"
    if employee_count is None:
        return f"number of employees unknown, judged as {group.company_size:,}; {known}"
    return f"{quantity(employee_count, 'employee')} stated, {known}"


def headline(group: BuyerGroup, labels: Mapping[str, str]) -> str:
    """Return the roles in a few sentences, without stakeholders."""
    if not group.members:
        return "No known person would take part in this purchase."
    sentences = []
    for role in _IN_HEADLINE:
        names = [labels[each.person_id] for each in group.members if each.role == role]
        if names:
            sentences.append(f"{_names(names)} {ROLE_WORDS[role].does}.")
        elif role == "decision":
            sentences.append("No known person can approve it.")
    return " ".join(sentences)


def _names(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
