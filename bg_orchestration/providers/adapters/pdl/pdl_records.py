"""Maps the fields of People Data Labs' person records to ours."""

from bg_orchestration.providers.answers import Fields
from bg_orchestration.providers.contact_values import read_email, read_phone
from bg_orchestration.providers.protocols import FoundContact, FoundPerson


def read_person(record: Fields) -> FoundPerson | None:
    """Return a person by their record; `None` for a hidden name."""
    name = record.person_name()
    if name is None:
        return None
    return FoundPerson(
        source_id=record.need_id("id"),
        name=name,
        title=record.text("job_title") or "",
        department=record.text("job_title_role"),
        country=_text(record, "location_country"),
        started_on=record.date("job_start_date"),
        linkedin_url=record.profile("linkedin_url"),
        contacts=contacts_in(record),
        as_of=record.date("job_last_verified"),
    )


def contacts_in(record: Fields) -> tuple[FoundContact, ...]:
    """Return the work address and phones of a record, each once, without private addresses."""
    as_of = record.date("job_last_verified")
    found = {}
    if email := read_email(record.raw("work_email")):
        found[email.casefold()] = FoundContact("email", email, "work", as_of=as_of)
    numbers = record.raw("phone_numbers")
    others = numbers if isinstance(numbers, list) else []
    for kind, value in (("mobile", record.raw("mobile_phone")), *(("other", it) for it in others)):
        if number := read_phone(value):
            found.setdefault(number, FoundContact("phone", number, kind, as_of=as_of))
    return tuple(found.values())


def _text(record: Fields, name: str) -> str | None:
    """The text of a field; `None` for the truth value that lesser plans have there."""
    return None if isinstance(record.raw(name), bool) else record.text(name)
