"""The people of a company as they were at an earlier instant, as far as events tell.

The events since then are undone, the newest first, each by the old values that it states. What an
event does not state, and what imports wrote, cannot be known: there the later value stands. When a
job began that an event has ended is not known either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.events import (
    COMPANY_CHANGE,
    CompanyRef,
    EmploymentFact,
    PersonChangeEvent,
    employment_facts,
)
from bg_orchestration.domain.model import Company, Person


@dataclass(frozen=True, slots=True)
class PastPeople:
    """The people of a company at an instant.

    Attributes:
        people: who worked there, by person_id.
        unknown_values: how many titles and departments changed since by events that do not state
            the old value.
    """

    people: tuple[Person, ...]
    unknown_values: int


def people_as_of(
    company: Company,
    people: Iterable[Person],
    former: Iterable[Person],
    events: Iterable[PersonChangeEvent],
    at: date,
) -> PastPeople:
    """Undo `events` in the list of who works at `company`.

    Args:
        company: the company.
        people: who works there now.
        former: who did once, each with the last job known.
        events: what happened there since the instant, the newest first.
        at: the day of the instant in UTC; a job that began later was another one then.
    """
    here = {person.person_id: person for person in people}
    gone = {person.person_id: person for person in former}
    unknown_values = 0
    for event in events:
        who = event.person.id
        for fact in reversed(employment_facts(event)):
            if not _is(fact.company, company):
                continue
            after = here.pop(who, None) or gone.pop(who, None)
            after = after or Person(person_id=who, name=event.person.name)
            if event.type == COMPANY_CHANGE and fact.kind == "works_at":
                blank = {"title": "", "department": None}
                gone[who] = after.model_copy(update={name: blank[name] for name in _written(fact)})
            else:
                here[who], missing = _before(after, event, fact)
                unknown_values += missing
    return PastPeople(tuple(_on(here[who], at) for who in sorted(here)), unknown_values)


def _on(person: Person, at: date) -> Person:
    """The person without a start of job that lies after `at`."""
    start = person.started_on or ""
    later = start > at.isoformat()[: len(start)]
    return person.model_copy(update={"started_on": None}) if later else person


def _is(named: CompanyRef, company: Company) -> bool:
    """Whether an event of this company means it, by its id or else by its name."""
    if named.company_id == company.company_id:
        return True
    only_name = named.company_id in (None, named.name)
    return only_name and fold_name(named.name) == fold_name(company.name)


def _before(after: Person, event: PersonChangeEvent, fact: EmploymentFact) -> tuple[Person, int]:
    """The person before the event, and how many old values it should tell and does not."""
    old = _old_values(event)
    if fact.kind == "left":
        # Leaving writes no title: the one on record serves where the event tells none.
        before = after.model_copy(update=old)
        return before, 0 if before.title else 1
    written = _written(fact)
    before = after.model_copy(update={name: old[name] for name in written & old.keys()})
    return before, len(written - old.keys())


def _written(fact: EmploymentFact) -> set[str]:
    """The fields of a job that the fact wrote."""
    said = {"title": fact.title, "department": fact.department}
    return {name for name, value in said.items() if value is not None}


def _old_values(event: PersonChangeEvent) -> dict[str, str | None]:
    """The old values that the event states; that there was none is stated by an explicit null."""
    old: dict[str, str | None] = {}
    for field, none in (("title", ""), ("department", None)):
        change = event.changed(field)
        if "old" in change.model_fields_set:
            old[field] = _stripped(change.old) or none
    if title := _stripped(event.person.oldTitle):
        old["title"] = title
    return old


def _stripped(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
