"""One row of an export as a company, or as a person in a job with the ways to reach them."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from bg_orchestration.domain.company_ids import fold_name
from bg_orchestration.domain.model import Company, ContactPoint, Person
from bg_orchestration.domain.web_domains import MAIL_HOSTS, registrable_domain
from bg_orchestration.importing import cells
from bg_orchestration.importing.files import Row
from bg_orchestration.importing.headers import Columns, Kind
from bg_orchestration.importing.identity import CompanyKeys, person_id_of
from bg_orchestration.store.companies import Employee

_T = TypeVar("_T")

# Neither database stores NUL in text, and half of a surrogate pair is no text at all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PHONES = {"mobile": "mobile", "phone": "direct", "other_phone": "other"}


class Record:
    """A row's cells by the field they hold.

    Attributes:
        unread: fields that were left empty since their cell could not be read, and why.

    Raises:
        ValueError: a cell holds what no database stores.
    """

    def __init__(self, columns: Columns, row: Row) -> None:
        if any(_UNSTORABLE.search(cell) for cell in row.cells):
            raise ValueError("a cell holds a NUL or half of a character: is the file damaged?")
        self._columns = columns
        self._cells = row.cells
        self.unread: list[tuple[str, str]] = []

    def filled(self, field: str) -> Iterator[str]:
        """The cells of a field that say something, the preferred column first."""
        for at in self._columns.fields.get(field, ()):
            if at < len(self._cells) and cells.read_text(self._cells[at]):
                yield self._cells[at]

    def text(self, field: str) -> str | None:
        """What a field says."""
        return next((cells.read_text(cell) for cell in self.filled(field)), None)

    def read(self, field: str, reading: Callable[[str], _T | None]) -> _T | None:
        """What `reading` makes of the first cell of a field that it can read."""
        for cell in self.filled(field):
            try:
                value = reading(cell)
            except ValueError as error:
                self.unread.append((field, str(error)))
            else:
                if value is not None:
                    return value
        return None

    def source_id(self, field: str) -> str | None:
        """The id that a source gives, with the source's name before it: `hubspot-51`."""
        for name in self._columns.fields:
            kind, _, source = name.partition("@")
            if kind == field and source and (values := cells.split_values(self.text(name) or "")):
                return f"{source}-{values[0]}"
        return None


def company_keys(record: Record) -> CompanyKeys:
    """Which company a row means."""
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
    """What a row says of its company; in a file of people a plain `country` is the person's."""
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
    """A row as a person in a job at a company.

    Raises:
        ValueError: it names nobody, or by an id that is too long.
    """
    name = record.text("name") or " ".join(
        part for part in (record.text("first_name"), record.text("last_name")) if part
    )
    if not fold_name(name):
        raise ValueError("no name")
    profiles = [cells.read_profile(cell) for cell in record.filled("linkedin_url")]
    slug = next((slug for slug, _ in profiles if slug), None)
    member = next((member for _, member in profiles if member), None)
    emails = list(_emails(record))
    person_id = person_id_of(
        person_id=record.text("person_id"),
        slug=slug,
        provider_id=record.source_id("person_id") or (f"linkedin-{member}" if member else None),
        email=emails[0] if emails else None,
        name=name,
        company_id=company_id,
    )
    person = Person(
        person_id=person_id,
        name=name,
        title=record.text("title") or "",
        department=record.text("department"),
        country=record.text("country"),
        started_on=_started_on(record),
    )
    url = f"https://www.linkedin.com/in/{slug}" if slug else None
    contacts = _contacts(record, person_id, emails, source)
    return Employee(company_id, person, url, tuple(contacts))


def _started_on(record: Record) -> str | None:
    exported_at = record.text("exported_at")
    lasted = record.text("duration_in_role")
    return record.read("started_at", cells.read_start) or (
        cells.read_start_from_duration(lasted, exported_at) if lasted and exported_at else None
    )


def _emails(record: Record) -> Iterator[str]:
    for field in ("email", "other_email"):
        for cell in record.filled(field):
            for value in cells.split_values(cell):
                try:
                    if email := cells.read_email(value):
                        yield email
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
