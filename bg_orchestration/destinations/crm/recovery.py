"""After a kill or an unclear answer: read the CRM to learn which writes it has made."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from bg_orchestration.destinations.crm.crm_people import new_contacts
from bg_orchestration.destinations.crm.protocol import Crm
from bg_orchestration.store.crm_outbox import (
    CONTACT,
    CrmRowEnd,
    CrmWrite,
    end_writes,
    left_writes,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids, system_of
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
    created = [write for write in writes if write.cell.field == CONTACT]
    values = [write for write in writes if write.cell.field != CONTACT]
    ends = _confirm_created(engine, crm, created) if created else {}
    if values:
        found = crm.read([write.cell for write in values])
        for write in values:
            current = found.values.get(write.cell)
            if current == write.after:
                ends[write.key] = CrmRowEnd("done")
            elif current == write.before:
                # An undo is not proposed; the user calls it again.
                ends[write.key] = CrmRowEnd("proposed" if write.undoes is None else "dropped")
            else:
                problem = found.problems.get(write.cell.record)
                text = problem or "a person changed it while it was written"
                ends[write.key] = CrmRowEnd("failed", text)
    store_ends(engine, crm, writes, ends)
    return ends


def _confirm_created(engine: Engine, crm: Crm, writes: Sequence[CrmWrite]) -> dict[int, CrmRowEnd]:
    with reading(engine) as connection:
        contacts = new_contacts(connection, crm, {write.person_id for write in writes})
    found = crm.contacts_with({contact.email for contact in contacts.values()})
    by_email = {email.lower(): record for record, emails in found.items() for email in emails}
    ends = {}
    for write in writes:
        contact = contacts.get(write.person_id)
        record = by_email.get(contact.email) if contact else None
        if write.undoes is not None:
            # A second archive changes nothing, so an undo is simply called again.
            ends[write.key] = CrmRowEnd("dropped")
        elif record is not None:
            ends[write.key] = CrmRowEnd("done", record=record)
        else:
            ends[write.key] = CrmRowEnd("proposed")
    return ends


def store_ends(
    engine: Engine, crm: Crm, writes: Sequence[CrmWrite], ends: Mapping[int, CrmRowEnd]
) -> None:
    """Store the ends of rows, and the ids of contacts that were created."""
    system = system_of(crm.name, "person")
    person_of = {write.key: write.person_id for write in writes}
    with writing(engine) as connection:
        # Before the first write: ids are claimed under this lock.
        acquire_lock(connection, Lock.DIRECTORY)
        ended = end_writes(connection, ends)
        ids = [
            ExternalId(system, end.record, "person", person_of[key])
            for key, end in ends.items()
            if end.record and end.state == "done" and key in ended
        ]
        if ids:
            claim_ids(connection, ids, f"created:{crm.name}")
