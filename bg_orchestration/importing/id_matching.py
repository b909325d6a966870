"""Match records of another tool with our companies by domain and our people by email."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bg_orchestration.store.companies import company_identities
from bg_orchestration.store.external_ids import ExternalId, IdConflict, IdKind, claim_ids
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.erasure_tables import visible
from bg_orchestration.store.schema.tables import contact_points
from bg_orchestration.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class IdMatches:
    """The result of a match.

    Attributes:
        matched: our id of each record with exactly one match, by the record's id.
        ambiguous: our ids of each record with several matches; none of them is stored.
        conflicts: matches against an existing mapping.
    """

    matched: dict[str, str]
    ambiguous: dict[str, tuple[str, ...]]
    conflicts: list[IdConflict]


def match_companies(
    connection: Connection, system: str, domains: Mapping[str, Iterable[str]]
) -> IdMatches:
    """Map the records of a system to our companies by registrable domain, and store the mapping.

    Args:
        connection: a writing transaction.
        system: the tool and its kind of record, such as `hubspot:company`.
        domains: the registrable domains of each record, by the id there.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    by_domain: dict[str, set[str]] = defaultdict(set)
    for company in company_identities(connection):
        if company.domain:
            by_domain[company.domain].add(company.merged_into or company.company_id)
    return _match(connection, system, "company", domains, by_domain)


def match_people(
    connection: Connection, system: str, emails: Mapping[str, Iterable[str]]
) -> IdMatches:
    """Map the records of a system to our people by email address, and store the mapping.

    Args:
        connection: a writing transaction.
        system: the tool and its kind of record, such as `hubspot:contact`.
        emails: the addresses of each record, by the id there.
    """
    acquire_lock(connection, Lock.DIRECTORY)
    lower = {record: [email.lower() for email in each] for record, each in emails.items()}
    by_email: dict[str, set[str]] = defaultdict(set)
    value = func.lower(contact_points.c.value)
    for chunk in chunks(sorted({email for each in lower.values() for email in each})):
        rows = connection.execute(
            select(value, contact_points.c.person_id).where(
                value.in_(chunk),
                contact_points.c.kind == "email",
                visible(contact_points.c.person_id),
            )
        )
        for email, person_id in rows:
            by_email[email].add(person_id)
    return _match(connection, system, "person", lower, by_email)


def _match(
    connection: Connection,
    system: str,
    kind: IdKind,
    keys: Mapping[str, Iterable[str]],
    by_key: Mapping[str, set[str]],
) -> IdMatches:
    matched: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for record, values in keys.items():
        found = sorted({our_id for value in values for our_id in by_key.get(value, ())})
        if len(found) == 1:
            matched[record] = found[0]
        elif found:
            ambiguous[record] = tuple(found)
    claims = [ExternalId(system, record, kind, our_id) for record, our_id in matched.items()]
    source = "domain" if kind == "company" else "email"
    return IdMatches(matched, ambiguous, claim_ids(connection, claims, source))
