"""Rows of an export as companies, or as people with job and contacts."""

import re
from collections.abc import Iterator, Sequence

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Company, ContactPoint, Person
from bg_orchestration.domain.web_domains import MAIL_HOSTS, registrable_domain
from bg_orchestration.importing import cells
from bg_orchestration.importing.csv_tables import BadRow, Row
from bg_orchestration.importing.headers import Columns, Kind, fold_header
from bg_orchestration.importing.identity import CompanyKeys, person_id_of
from bg_orchestration.importing.record import Record, full_name, job_title, started_on
from bg_orchestration.store.companies import Employee

_ROW_NUMBERS = {"id", "no", "nr", "number", "row", "index", "lfdnr", "unnamed0"}
_NUMBER = re.compile(r"0*(\d{1,9})(?:\.0?)?")  # `007`, `7.` and `7.0` are 7
_PHONES = {"mobile": "mobile", "phone": "direct", "other_phone": "other"}


def company_keys(record: Record) -> CompanyKeys:
    """Return the keys of a row's company."""
    return CompanyKeys(
        company_id=record.text("company_id"),
        domain=record.read("domain", _domain),
        page=record.read("company_linkedin_url", cells.read_company_page),
        provider_id=record.source_id("company_id"),
        name=record.text("company"),
    )


def _domain(cell: str) -> str | None:
    """Return the domain of the first web address in a cell."""
    return registrable_domain(next(iter(cells.split_values(cell)), ""))


def read_company(record: Record, company_id: str, keys: CompanyKeys, kind: Kind) -> Company:
    """Return a row's company; in a file of people a plain `country` is the person's."""
    country = record.text("country") if kind == "companies" else None
    return Company(
        company_id=company_id,
        name=keys.name or keys.domain or company_id,
        domain=keys.domain,
        employee_count=record.read("employee_count", cells.read_count),
        industry=record.text("industry"),
        country=country or record.text("company_country"),
    )


def read_employee(record: Record, company_id: str, source: str) -> Employee:
    """Return a row's person with the job at a company.

    Raises:
        ValueError: it names no person, or the id is too long.
    """
    name = full_name(record)
    if not fold_name(name):
        raise ValueError("no name")
    profiles = [cells.read_profile(cell) for cell in record.filled("linkedin_url")]
    slug = next((slug for slug, _ in profiles if slug), None)
    member = next((member for _, member in profiles if member), None)
    emails = list(_emails(record))
    person_id = person_id_of(
        person_id=record.id("person_id"),
        slug=slug,
        provider_id=record.source_id("person_id") or (f"linkedin-{member}" if member else None),
        email=emails[0] if emails else None,
        name=name,
        company_id=company_id,
    )
    person = Person(
        person_id=person_id,
        name=name,
        title=job_title(record),
        department=record.text("department"),
        country=record.text("country"),
        started_on=started_on(record),
    )
    url = f"https://www.linkedin.com/in/{slug}" if slug else None
    contacts = _contacts(record, person_id, emails, source)
    return Employee(company_id, person, url, tuple(contacts))


def _emails(record: Record) -> Iterator[str]:
    for field in ("email", "other_email"):
        for cell in record.filled(field):
            try:
                yield from cells.read_emails(cell)
            except ValueError as error:
                record.unread.append((field, str(error)))


def _contacts(
    record: Record, person_id: str, emails: list[str], source: str
) -> Iterator[ContactPoint]:
    status = record.text("email_status")
    for at, email in enumerate(dict.fromkeys(emails)):
        private = email.rpartition("@")[2] in MAIL_HOSTS
        yield ContactPoint(
            person_id=person_id,
            kind="email",
            value=email,
            source=source,
            type="personal" if private else "work",
            status=status if at == 0 else None,
        )
    silent = cells.read_flag(record.text("do_not_call") or "")
    for field, kind in _PHONES.items():
        for cell in record.filled(field):
            for phone in cells.read_phones(cell):
                yield ContactPoint(
                    person_id=person_id,
                    kind="phone",
                    value=phone.value,
                    source=source,
                    type=kind,
                    status="do_not_call" if silent else phone.status,
                )


def are_numbered(columns: Columns, rows: Sequence[Row | BadRow]) -> bool:
    """Return whether a column such as `id` counts the rows, from 0 or 1, also when sorted anew."""
    if columns.kind != "people" or columns.ids != "unqualified" or len(rows) < 2:
        return False
    place = columns.fields["person_id"][0]
    if fold_header(columns.header[place]) not in _ROW_NUMBERS:
        return False
    found = [
        _NUMBER.fullmatch(row.cells[place].strip())
        for row in rows
        if isinstance(row, Row) and place < len(row.cells)
    ]
    numbers = sorted(int(match[1]) for match in found if match)
    return any(numbers == [*range(start, start + len(rows))] for start in (0, 1))
