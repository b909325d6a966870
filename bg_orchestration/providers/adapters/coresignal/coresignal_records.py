"""Maps the fields of Coresignal's multi-source records to ours.

The vendor's schema calls a LinkedIn link `linkedin_url`, its documentation and previews
`professional_network_url`: both are read. Records hold no phones and no private addresses.
"""

from typing import Final

from bg_orchestration.domain.web_domains import registrable_domain
from bg_orchestration.providers.answers import Fields
from bg_orchestration.providers.contact_values import read_email
from bg_orchestration.providers.protocols import FoundCompany, FoundContact, FoundPerson

# Coresignal's word for the origin of an address: our word for its quality, and a weight of ours.
_EMAIL_QUALITY: Final = {
    "verified": ("deliverable", 0.95),
    "matched_email": ("risky", 0.8),
    "matched_pattern": ("risky", 0.6),
    "guessed_common_pattern": ("unknown", 0.3),
}


def read_company(record: Fields) -> FoundCompany:
    """Return a company by its record."""
    others = [
        record.domain("unique_domain"),
        *map(registrable_domain, record.texts("website_alias")),
    ]
    return FoundCompany(
        source_id=record.need_id("id"),
        name=record.need_text("company_name"),
        domain=record.domain("website", "unique_domain"),
        aliases=tuple(dict.fromkeys(other for other in others if other)),
        employee_count=record.count("employees_count"),
        industry=record.text("industry"),
        country=record.text("hq_country_iso2"),
        linkedin_url=record.company_page("linkedin_url", "professional_network_url"),
        as_of=record.date("last_updated_at"),
    )


def read_person(record: Fields, job: Fields) -> FoundPerson | None:
    """Return a person by their record and one of its jobs; `None` for a hidden name."""
    name = record.person_name()
    if name is None:
        return None
    year, month = job.count("date_from_year"), job.count("date_from_month")
    started = f"{year:04}-{month:02}" if year and month and month <= 12 else year and f"{year:04}"
    return FoundPerson(
        source_id=record.need_id("id"),
        name=name,
        title=job.text("position_title", "active_experience_title") or "",
        department=job.text("department", "active_experience_department"),
        country=record.text("location_country_iso2", "location_country"),
        started_on=started or job.date("date_from"),
        linkedin_url=record.profile("linkedin_url", "professional_network_url"),
        contacts=emails_in(record),
        as_of=record.date("checked_at", "updated_at"),
    )


def read_preview(preview: Fields) -> FoundPerson | None:
    """Return a person by a preview, without addresses and start; `None` for a hidden name."""
    name = preview.person_name()
    if name is None:
        return None
    return FoundPerson(
        source_id=preview.need_id("id"),
        name=name,
        title=preview.text("active_experience_title") or "",
        department=preview.text("active_experience_department"),
        country=preview.text("location_country_iso2", "location_country"),
        linkedin_url=preview.profile("linkedin_url", "professional_network_url"),
        whole=False,
    )


def job_at(record: Fields, company_id: str) -> Fields | None:
    """Return the current job at the company; searches find former jobs, too."""
    jobs = record.children("experience")
    here = [
        job for job in jobs if job.flag("active_experience") and job.id("company_id") == company_id
    ]
    if here:
        return min(here, key=lambda job: job.number("order_in_profile") or 0)
    at_work = not jobs and record.id("active_experience_company_id") == company_id
    return record if at_work else None


def emails_in(record: Fields) -> tuple[FoundContact, ...]:
    """Return the addresses of a record, the best first, each once."""
    entries = record.children("professional_emails_collection")
    entries.sort(key=lambda other: other.number("order_of_priority") or 0)
    stated = [
        (record.raw("primary_professional_email"), record, "primary_professional_email_status"),
        *(
            (entry.raw("professional_email"), entry, "professional_email_status")
            for entry in entries
        ),
    ]
    found: dict[str, FoundContact] = {}
    as_of = record.date("checked_at", "updated_at")
    for value, place, status_field in stated:
        email = read_email(value)
        if email and email.casefold() not in found:
            quality = _EMAIL_QUALITY.get(place.text(status_field) or "", ("unknown", None))
            found[email.casefold()] = FoundContact(
                "email", email, "work", quality[0], quality[1], as_of=as_of
            )
    return tuple(found.values())
