"""The people of a company at an earlier instant, as far as events tell.

Events since then are undone, the newest first, by the old values that they state. Values that an
event does not state, and values from imports, keep the later value. The start of a job that an
event has ended stays unknown.
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
        people: the employees at that instant, by person_id.
        unknown_values: how many later changes of title or department do not state the old value.
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
    """Undo `events` in the list of employees of `company`.

    Args:
        company: the company.
        people: the current employees.
        former: former employees, each with the last stored job.
        events: the events of the company since the instant, the newest first.
        at: the day of the instant in UTC; a later start of a job is removed.
    """
    current_people = {person.person_id: person for person in people}
    former_people = {person.person_id: person for person in former}
    unknown_values = 0
    for event in events:
        person_id = event.person.id
        for fact in reversed(employment_facts(event)):
            if not _means(fact.company, company):
                continue
            after = current_people.pop(person_id, None) or former_people.pop(person_id, None)
            after = after or Person(person_id=person_id, name=event.person.name)
            if event.type == COMPANY_CHANGE and fact.kind == "works_at":
                blank = {"title": "", "department": None}
                former_people[person_id] = after.model_copy(
                    update={name: blank[name] for name in _fields_of(fact)}
                )
            else:
                current_people[person_id], unknown = _before(after, event, fact)
                unknown_values += unknown
    return PastPeople(
        tuple(_at_day(current_people[person_id], at) for person_id in sorted(current_people)),
        unknown_values,
    )


def _at_day(person: Person, at: date) -> Person:
    """Return the person, without a start of the job after `at`."""
    start = person.started_on or ""
    later = start > at.isoformat()[: len(start)]
    return person.model_copy(update={"started_on": None}) if later else person


def _means(reference: CompanyRef, company: Company) -> bool:
    """Whether an event's reference means this company, by id or else by name."""
    if reference.company_id == company.company_id:
        return True
    only_name = reference.company_id in (None, reference.name)
    return only_name and fold_name(reference.name) == fold_name(company.name)


def _before(after: Person, event: PersonChangeEvent, fact: EmploymentFact) -> tuple[Person, int]:
    """Return the person before the event, and the number of unstated old values."""
    old_values = _old_values(event)
    if fact.kind == "left":
        # Leaving writes no title, so the stored title is used if the event states none.
        before = after.model_copy(update=old_values)
        return before, 0 if before.title else 1
    written = _fields_of(fact)
    before = after.model_copy(
        update={name: old_values[name] for name in written & old_values.keys()}
    )
    return before, len(written - old_values.keys())


def _fields_of(fact: EmploymentFact) -> set[str]:
    """Return the fields of a job that the fact wrote."""
    values = {"title": fact.title, "department": fact.department}
    return {name for name, value in values.items() if value is not None}


def _old_values(event: PersonChangeEvent) -> dict[str, str | None]:
    """Return the old values that the event states; an explicit null means no value."""
    values: dict[str, str | None] = {}
    for field, empty in (("title", ""), ("department", None)):
        change = event.changed(field)
        if "old" in change.model_fields_set:
            values[field] = _text(change.old) or empty
    if title := _text(event.person.oldTitle):
        values["title"] = title
    return values


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
