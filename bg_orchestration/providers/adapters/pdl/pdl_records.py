"""People Data Labs' person records in our words: which of their fields is which of ours."""

from bg_orchestration.providers.answers import Fields
from bg_orchestration.providers.contact_values import read_email, read_phone
from bg_orchestration.providers.protocols import FoundContact, FoundPerson


def read_person(record: Fields) -> FoundPerson | None:
    """A person's record in our words; `None` where their name is hidden."""
    name = record.person_name()
    if name is None:
        return None
    return FoundPerson(
        source_id=record.need_id("id"),
        name=name,
        title=record.text("job_title") or "",
        department=record.text("job_title_role"),
        country=_said(record, "location_country"),
        started_on=record.date("job_start_date"),
        linkedin_url=record.profile("linkedin_url"),
        contacts=contacts_in(record),
        as_of=record.date("job_last_verified"),
    )


def contacts_in(record: Fields) -> tuple[FoundContact, ...]:
    """The work address and the phones of a record, each once; private addresses are left out."""
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


def _said(record: Fields, name: str) -> str | None:
    """A text of a field that is a truth value on plans that do not include it."""
    return None if isinstance(record.raw(name), bool) else record.text(name)
