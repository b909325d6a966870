"""Maps the fields of Apollo's person records to ours."""

from typing import Final

from bg_orchestration.providers.answers import Fields
from bg_orchestration.providers.contact_values import read_email, read_phone
from bg_orchestration.providers.protocols import FoundContact, FoundPerson

_EMAIL_STATUSES: Final = {
    "verified": "deliverable",
    "likely to engage": "risky",
    "guessed": "risky",
    "unavailable": "undeliverable",
}
# Any other value of `dnc_status` forbids calls.
_CALLABLE: Final = frozenset({"", "none", "no", "false", "not_dnc", "clear"})


def read_person(record: Fields, job: Fields, name: str) -> FoundPerson:
    """Return a person by their record and one of its jobs."""
    departments = record.texts("departments")
    return FoundPerson(
        source_id=record.need_id("id"),
        name=name,
        title=job.text("title") or "",
        department=_plain(departments[0]) if departments else None,
        country=record.text("country"),
        started_on=job.date("start_date"),
        linkedin_url=record.profile("linkedin_url"),
        contacts=contacts_in(record),
        as_of=record.date("last_refreshed_at"),
    )


def job_at(record: Fields, company_id: str) -> Fields | None:
    """Return the current job at the company."""
    history = record.children("employment_history")
    here = [
        job for job in history if job.flag("current") and job.id("organization_id") == company_id
    ]
    if here:
        return here[0]
    return record if not history and record.id("organization_id") == company_id else None


def contacts_in(record: Fields) -> tuple[FoundContact, ...]:
    """Return the contacts of a record without the placeholders of locked addresses."""
    found: list[FoundContact] = []
    if email := read_email(record.raw("email")):
        status = record.code("email_status")
        confidence = record.number("extrapolated_email_confidence")
        found.append(
            FoundContact(
                "email",
                email,
                "work",
                _EMAIL_STATUSES.get(status, "unknown"),
                confidence if confidence is not None and 0 <= confidence <= 1 else None,
            )
        )
    holder = record.child("contact")
    for phone in holder.children("phone_numbers") if holder else ():
        number = read_phone(phone.raw("sanitized_number")) or read_phone(phone.raw("raw_number"))
        if number:
            silent = phone.code("dnc_status") not in _CALLABLE
            found.append(FoundContact("phone", number, phone.text("type"), do_not_contact=silent))
    return tuple(found)


def _plain(department: str) -> str:
    """`master_engineering_technical` in plain words."""
    return department.removeprefix("master_").replace("_", " ")
