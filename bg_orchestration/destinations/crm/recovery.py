"""After a kill or an unclear answer: read the CRM to learn which writes it has made."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Engine

from bg_orchestration.destinations.crm.crm_people import new_contacts
from bg_orchestration.destinations.crm.protocol import Crm
from bg_orchestration.store.crm_outbox import (
    CONTACT,
    CREATED,
    CrmRowEnd,
    CrmWrite,
    end_writes,
    left_writes,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids, remove_id, system_of
from bg_orchestration.store.locks import Lock, acquire_lock


def recover_writes(engine: Engine, crm: Crm) -> int:
    """End the rows that a killed process left; return how many another process still holds."""
    with reading(engine) as connection:
        left, claimed = left_writes(connection, crm.name)
    if left:
        confirm_writes(engine, crm, left)
    return claimed


def confirm_writes(engine: Engine, crm: Crm, writes: Sequence[CrmWrite]) -> dict[int, CrmRowEnd]:
    """Read the cells of pending rows and end the rows by what the CRM holds.

    The new value there: it was written. The old value: it was not, and is proposed again.
    """
    found = crm.read([write.cell for write in writes if write.cell.field != CONTACT])
    contacts = _contact_ids(
        engine, crm, {write.person_id for write in writes if write.cell.field == CONTACT}
    )
    ends = {}
    for write in writes:
        current, record = found.values.get(write.cell), None
        if write.cell.field == CONTACT:
            record = contacts.get(write.person_id)
            current = CREATED if record else ""
        if current == write.after:
            ends[write.key] = CrmRowEnd("done", record=record)
        elif current == write.before:
            # An undo is not proposed; the user calls it again.
            ends[write.key] = CrmRowEnd("proposed" if write.undoes is None else "dropped")
        else:
            problem = found.problems.get(write.cell.record)
            text = problem or "a person changed it while it was written"
            ends[write.key] = CrmRowEnd("failed", text)
    store_ends(engine, crm, writes, ends)
    return ends


def _contact_ids(engine: Engine, crm: Crm, person_ids: Collection[str]) -> dict[str, str]:
    """Return the contacts with the addresses of people, by person_id."""
    with reading(engine) as connection:
        contacts = new_contacts(connection, crm, person_ids)
    found = crm.contacts_with({contact.email for contact in contacts.values()})
    by_email = {email.lower(): record for record, emails in found.items() for email in emails}
    return {
        person_id: by_email[contact.email]
        for person_id, contact in contacts.items()
        if contact.email in by_email
    }


def store_ends(
    engine: Engine, crm: Crm, writes: Sequence[CrmWrite], ends: Mapping[int, CrmRowEnd]
) -> None:
    """Store the ends of rows; map the contacts that were created, no longer those archived."""
    system = system_of(crm.name, "person")
    with writing(engine) as connection:
        # Before the first write: ids are claimed under this lock.
        acquire_lock(connection, Lock.DIRECTORY)
        ended = end_writes(connection, ends)
        for write in writes:
            if write.cell.field == CONTACT and write.key in ended:
                end = ends[write.key]
                if end.state == "done" and write.undoes is not None:
                    remove_id(connection, system, write.cell.record)
                elif end.state == "done" and end.record is not None:
                    created = ExternalId(system, end.record, "person", write.person_id)
                    claim_ids(connection, [created], f"created:{crm.name}")
