"""Apply and undo: write proposals into the CRM, and take writes back.

The path of a write: claim its row, read the cell, write it, end the row. A claim ends by itself
after `CLAIM`; then the next call reads the CRM to learn whether the write was made.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine

from bg_orchestration.crm_settings import CRM_FIELDS
from bg_orchestration.destinations.crm.crm_people import new_contacts
from bg_orchestration.destinations.crm.proposals import (
    BATCH,
    CrmConflict,
    WantedValues,
    describe_conflict,
    wanted_values,
)
from bg_orchestration.destinations.crm.protocol import Crm, CrmError, UnclearWriteError
from bg_orchestration.destinations.crm.recovery import confirm_writes, recover_writes, store_ends
from bg_orchestration.domain.crm_cells import compare_values
from bg_orchestration.store.crm_outbox import (
    CONTACT,
    CrmRowEnd,
    CrmWrite,
    claim_undo,
    claim_writes,
    proposals,
    undoable_writes,
)
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import remove_id, system_of

# Longer than a read and a write of a batch with their repetitions.
CLAIM: Final = timedelta(minutes=5)
# A batch that is not sent by then leaves its claim unused.
_UNSENT: Final = 0.25
_PASSES: Final = 3

Decide = Callable[[CrmWrite, str], CrmRowEnd | None]


@dataclass(slots=True)
class Applied:
    """The result of an apply or an undo.

    Attributes:
        ends: how many rows ended how: done, failed, dropped, or proposed again.
        conflicts: what was kept, and what failed, each a sentence.
        held: how many rows another process holds, or a killed one left less than `CLAIM` ago.
    """

    ends: Counter[str] = field(default_factory=Counter)
    conflicts: list[CrmConflict] = field(default_factory=list)
    held: int = 0

    def count(self, writes: Sequence[CrmWrite], ends: dict[int, CrmRowEnd]) -> None:
        """Add the ends of these rows."""
        self.ends.update(end.state for end in ends.values())
        for write in writes:
            end = ends.get(write.key)
            if end is not None and end.error:
                self.conflicts.append(CrmConflict(write.person_id, end.error, write.cell))


def apply_proposals(
    engine: Engine,
    crm: Crm,
    *,
    create: bool = False,
    fields: Collection[str] | None = None,
    claim: timedelta = CLAIM,
) -> Applied:
    """Write the proposals that still hold; what a person changed meanwhile is kept.

    Args:
        engine: our database.
        crm: the CRM.
        create: whether to create contacts.
        fields: which fields; by default all of the CRM.
        claim: how long a batch stays claimed if this process is killed.

    Raises:
        CrmError: the CRM cannot be used; what is not written stays proposed.
    """
    crm.check()
    applied = Applied(held=recover_writes(engine, crm))
    chosen = [*(CRM_FIELDS[crm.name] if fields is None else fields), *([CONTACT] if create else ())]
    apply_id = uuid4().hex
    for _ in range(_PASSES):
        with reading(engine) as connection:
            writes = proposals(connection, crm.name, chosen)
        if not writes:
            break
        wanted = wanted_values(engine, crm)
        for batch in _batches(writes):
            with writing(engine) as connection:
                claimed = claim_writes(connection, batch, apply_id, claim)
            if claimed and claimed[0].cell.field == CONTACT:
                _create(engine, crm, claimed, applied)
            elif claimed:
                decide = _still_wanted(crm, wanted)
                _write(engine, crm, claimed, decide, claim, applied)
    return applied


def undo_writes(
    engine: Engine, crm: Crm, *, everything: bool = False, claim: timedelta = CLAIM
) -> Applied:
    """Take back the writes of the newest apply, or all; what a person changed since is kept.

    Raises:
        CrmError: the CRM cannot be used.
    """
    applied = Applied(held=recover_writes(engine, crm))
    with reading(engine) as connection:
        writes = undoable_writes(connection, crm.name)
    undo_id = uuid4().hex
    for _, of_apply in groupby(writes, key=lambda write: write.apply_id):
        for batch in _batches(list(of_apply)):
            with writing(engine) as connection:
                claimed = claim_undo(connection, crm.name, batch, undo_id, claim)
            if claimed and claimed[0].cell.field == CONTACT:
                _archive(engine, crm, claimed, applied)
            elif claimed:
                _write(engine, crm, claimed, _still_ours, claim, applied)
        if not everything:
            break
    return applied


def _batches(writes: Sequence[CrmWrite]) -> Iterator[list[CrmWrite]]:
    """Yield batches of one field each, in the order of the rows."""
    for name in dict.fromkeys(write.cell.field for write in writes):
        of_field = [write for write in writes if write.cell.field == name]
        for start in range(0, len(of_field), BATCH):
            yield of_field[start : start + BATCH]


def _still_wanted(crm: Crm, wanted: WantedValues) -> Decide:
    def decide(write: CrmWrite, current: str) -> CrmRowEnd | None:
        value = wanted.values.get(write.person_id, {}).get(write.cell)
        if value != write.after:
            return CrmRowEnd("dropped", "the group has changed since the proposal: bg crm diff")
        last = wanted.last.get(write.cell)
        # A value of ours that was undone is proposed on demand only, so it may be written.
        match compare_values(value, current, last):
            case "same":
                return CrmRowEnd("dropped")
            case "conflict":
                text = describe_conflict(crm, write.cell, value, current, last)
                return CrmRowEnd("dropped", text)
        return None

    return decide


def _still_ours(write: CrmWrite, current: str) -> CrmRowEnd | None:
    if current == write.before:
        return None
    if current == write.after:
        return CrmRowEnd("done")
    return CrmRowEnd(
        "dropped",
        f"{write.cell.field} of contact {write.cell.record}: a person set {current!r} after our "
        f"{write.before!r}. It stays",
    )


def _write(
    engine: Engine,
    crm: Crm,
    claimed: Sequence[CrmWrite],
    decide: Decide,
    claim: timedelta,
    applied: Applied,
) -> None:
    """Read the claimed cells, write what `decide` leaves, and end the rows."""
    until = time.monotonic() + claim.total_seconds() * _UNSENT
    try:
        found = crm.read([write.cell for write in claimed])
    except CrmError:
        _release(engine, crm, claimed)
        raise
    ends: dict[int, CrmRowEnd] = {}
    for write in claimed:
        current = found.values.get(write.cell)
        if current is None:
            problem = found.problems.get(write.cell.record, "it cannot be read")
            ends[write.key] = CrmRowEnd("dropped", problem)
        elif (end := decide(write, current)) is not None:
            ends[write.key] = end
    store_ends(engine, crm, claimed, ends)
    applied.count(claimed, ends)
    rest = [write for write in claimed if write.key not in ends]
    if time.monotonic() > until:
        # The claim may end before the answer, and another process would write as well.
        _release(engine, crm, rest)
    elif rest:
        _send(engine, crm, rest, applied)


def _send(engine: Engine, crm: Crm, writes: Sequence[CrmWrite], applied: Applied) -> None:
    try:
        faults = crm.write({write.cell: write.after for write in writes})
    except (CrmError, UnclearWriteError) as error:
        # A batch before the one that failed may have been written.
        applied.count(writes, confirm_writes(engine, crm, writes))
        if isinstance(error, CrmError):
            raise
        return
    ends = {write.key: CrmRowEnd("done") for write in writes}
    for write in writes:
        if fault := faults.get(write.cell):
            text = f"contact {write.cell.record}: {crm.label} refuses {write.cell.field}: {fault}"
            ends[write.key] = CrmRowEnd("failed", text)
    store_ends(engine, crm, writes, ends)
    applied.count(writes, ends)


def _release(engine: Engine, crm: Crm, claimed: Sequence[CrmWrite]) -> None:
    """Propose claimed rows again; nothing was sent. An undo ends instead."""
    store_ends(
        engine,
        crm,
        claimed,
        {
            write.key: CrmRowEnd("proposed" if write.undoes is None else "dropped")
            for write in claimed
        },
    )


def _create(engine: Engine, crm: Crm, claimed: Sequence[CrmWrite], applied: Applied) -> None:
    """Create contacts, each after a last look for its address; one fault stops no other."""
    with reading(engine) as connection:
        contacts = new_contacts(connection, {write.person_id for write in claimed})
    rest = list(claimed)
    while rest:
        write = rest[0]
        contact = contacts.get(write.person_id)
        try:
            if contact is None:
                end = CrmRowEnd("dropped", f"{write.person_id} has no usable address any more")
            elif there := crm.contacts_with([contact.email]):
                record = next(iter(there))
                end = CrmRowEnd("dropped", f"contact {record} exists by now: bg crm diff")
            else:
                end = CrmRowEnd("done", record=crm.create(contact))
        except ValueError as error:
            end = CrmRowEnd("failed", f"{write.person_id}: {crm.label} refuses it: {error}")
        except UnclearWriteError:
            # It may exist now: the row stays pending until its claim ends, then we look again.
            applied.held += 1
            rest.pop(0)
            continue
        except CrmError:
            _release(engine, crm, rest)
            raise
        store_ends(engine, crm, [write], {write.key: end})
        applied.count([write], {write.key: end})
        rest.pop(0)


def _archive(engine: Engine, crm: Crm, claimed: Sequence[CrmWrite], applied: Applied) -> None:
    """Delete contacts that we created."""
    for write in claimed:
        try:
            crm.archive(write.cell.record)
            with writing(engine) as connection:
                remove_id(connection, system_of(crm.name, "person"), write.cell.record)
            end = CrmRowEnd("done")
        except UnclearWriteError:
            end = CrmRowEnd("dropped", f"contact {write.cell.record}: no clear answer; undo again")
        store_ends(engine, crm, [write], {write.key: end})
        applied.count([write], {write.key: end})
