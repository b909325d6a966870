"""Apply and undo: write proposals into the CRM, and take writes back.

The path of a write: claim its row, read the cell, write it, end the row. A claim ends by itself
after `CLAIM`; then the next call reads the CRM to learn whether the write was made.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine

from bg_orchestration.crm_settings import CRM_FIELDS
from bg_orchestration.destinations.crm.crm_people import new_contacts
from bg_orchestration.destinations.crm.proposals import (
    CrmConflict,
    WantedValues,
    describe_cell,
    describe_conflict,
    wanted_values,
)
from bg_orchestration.destinations.crm.protocol import (
    BATCH,
    Crm,
    CrmError,
    NewContact,
    UnclearWriteError,
)
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
from bg_orchestration.store.upserts import chunks

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
    writer = _Writer(engine, crm, claim, Applied(held=recover_writes(engine, crm)))
    chosen = [*(CRM_FIELDS[crm.name] if fields is None else fields), *([CONTACT] if create else ())]
    apply_id = uuid4().hex
    for _ in range(_PASSES):
        with reading(engine) as connection:
            writes = proposals(connection, crm.name, chosen)
        if not writes:
            break
        decide = _still_wanted(crm, wanted_values(engine, crm))
        for batch in _batches(writes):
            with writing(engine) as connection:
                claimed = claim_writes(connection, batch, apply_id, claim)
            writer.work(claimed, decide, writer.create)
    return writer.applied


def undo_writes(
    engine: Engine, crm: Crm, *, everything: bool = False, claim: timedelta = CLAIM
) -> Applied:
    """Take back the writes of the newest apply, or all; what a person changed since is kept.

    Raises:
        CrmError: the CRM cannot be used.
    """
    writer = _Writer(engine, crm, claim, Applied(held=recover_writes(engine, crm)))
    with reading(engine) as connection:
        writes = undoable_writes(connection, crm.name)
    undo_id = uuid4().hex
    for _, of_apply in groupby(writes, key=lambda write: write.apply_id):
        for batch in _batches(list(of_apply)):
            with writing(engine) as connection:
                claimed = claim_undo(connection, crm.name, batch, undo_id, claim)
            writer.work(claimed, _still_ours, writer.archive)
        if not everything:
            break
    return writer.applied


def _batches(writes: Sequence[CrmWrite]) -> Iterator[Sequence[CrmWrite]]:
    """Yield batches of one field each, in the order of the rows."""
    for name in dict.fromkeys(write.cell.field for write in writes):
        yield from chunks([write for write in writes if write.cell.field == name], BATCH)


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
    did = f"set {current!r}" if current else "emptied it"
    where = describe_cell(write.cell)
    return CrmRowEnd("dropped", f"{where}: a person {did} after our {write.before!r}. It stays")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Works off claimed rows, and counts their ends."""

    engine: Engine
    crm: Crm
    claim: timedelta
    applied: Applied

    def work(
        self,
        claimed: Sequence[CrmWrite],
        decide: Decide,
        on_contact: Callable[[CrmWrite], CrmRowEnd],
    ) -> None:
        """Write a batch of one field, or create or archive its contacts."""
        if claimed and claimed[0].cell.field == CONTACT:
            self._contacts(claimed, on_contact)
        elif claimed:
            self._values(claimed, decide)

    def _values(self, claimed: Sequence[CrmWrite], decide: Decide) -> None:
        """Read the cells, write what `decide` leaves, and end the rows."""
        until = time.monotonic() + self.claim.total_seconds() * _UNSENT
        try:
            found = self.crm.read([write.cell for write in claimed])
        except CrmError:
            self._release(claimed)
            raise
        ends: dict[int, CrmRowEnd] = {}
        for write in claimed:
            current = found.values.get(write.cell)
            if current is None:
                problem = found.problems.get(write.cell.record, "it cannot be read")
                ends[write.key] = CrmRowEnd("dropped", problem)
            elif (end := decide(write, current)) is not None:
                ends[write.key] = end
        self._end(claimed, ends)
        rest = [write for write in claimed if write.key not in ends]
        if time.monotonic() > until:
            # The claim may end before the answer, and another process would write as well.
            self._release(rest)
        elif rest:
            self._send(rest)

    def _send(self, writes: Sequence[CrmWrite]) -> None:
        try:
            faults = self.crm.write({write.cell: write.after for write in writes})
        except UnclearWriteError:
            self._count(writes, confirm_writes(self.engine, self.crm, writes))
            return
        except CrmError:
            # A request before the one that failed may have been written. If the CRM cannot be read
            # either, the rows stay pending and the next call reads it.
            with suppress(CrmError):
                self._count(writes, confirm_writes(self.engine, self.crm, writes))
            raise
        ends = {write.key: CrmRowEnd("done") for write in writes}
        for write in writes:
            if fault := faults.get(write.cell):
                where = describe_cell(write.cell)
                value = repr(write.after) if write.after else "to empty it"
                text = f"{where}: {self.crm.label} refuses {value}: {fault}"
                ends[write.key] = CrmRowEnd("failed", text)
        self._end(writes, ends)

    def _contacts(
        self, claimed: Sequence[CrmWrite], on_contact: Callable[[CrmWrite], CrmRowEnd]
    ) -> None:
        """Create or archive contacts; one fault stops no other."""
        for at, write in enumerate(claimed):
            try:
                end = on_contact(write)
            except UnclearWriteError:
                # The row stays pending until its claim ends; then we look for the contact.
                self.applied.held += 1
            except CrmError:
                self._release(claimed[at:])
                raise
            else:
                self._end([write], {write.key: end})

    def create(self, write: CrmWrite) -> CrmRowEnd:
        """Create a contact, after a last look for its address."""
        with reading(self.engine) as connection:
            contacts = new_contacts(connection, self.crm, [write.person_id])
        contact: NewContact | None = contacts.get(write.person_id)
        if contact is None:
            return CrmRowEnd("dropped", f"{write.person_id} has no usable address any more")
        if there := self.crm.contacts_with([contact.email]):
            return CrmRowEnd("dropped", f"contact {next(iter(there))} exists by now: bg crm diff")
        try:
            return CrmRowEnd("done", record=self.crm.create(contact))
        except ValueError as error:
            return CrmRowEnd("failed", f"{write.person_id}: {self.crm.label} refuses it: {error}")

    def archive(self, write: CrmWrite) -> CrmRowEnd:
        """Delete a contact that we created, unless a person worked on it since."""
        if self.crm.is_changed(write.cell.record):
            text = f"contact {write.cell.record}: a person worked on it after we created it"
            return CrmRowEnd("dropped", f"{text}. It stays; delete it in {self.crm.label}")
        self.crm.archive(write.cell.record)
        return CrmRowEnd("done")

    def _release(self, claimed: Sequence[CrmWrite]) -> None:
        """Propose claimed rows again; nothing was sent. An undo ends instead."""
        again = {
            write.key: CrmRowEnd("proposed" if write.undoes is None else "dropped")
            for write in claimed
        }
        store_ends(self.engine, self.crm, claimed, again)

    def _end(self, writes: Sequence[CrmWrite], ends: Mapping[int, CrmRowEnd]) -> None:
        store_ends(self.engine, self.crm, writes, ends)
        self._count(writes, ends)

    def _count(self, writes: Sequence[CrmWrite], ends: Mapping[int, CrmRowEnd]) -> None:
        self.applied.ends.update(end.state for end in ends.values())
        for write in writes:
            end = ends.get(write.key)
            if end is not None and end.error:
                self.applied.conflicts.append(CrmConflict(write.person_id, end.error, write.cell))
