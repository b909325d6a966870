"""What became of an imported file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bg_orchestration.importing.headers import Kind
from bg_orchestration.store.companies import Outcome


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was not imported: its first line in the file, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class UnreadCells:
    """Cells of one field that could not be read and were left empty: how many, and the first."""

    cells: int
    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of a file.

    Attributes:
        mapping: our fields with the headers that were taken for them.
        unmatched: headers that mean nothing to us.
        repeated: headers that stand several times; the first filled cell counted.
        rows: rows below the header.
        new: rows that told of a person (or company) not known there before.
        changed: rows that changed something known.
        unchanged: rows that said nothing new.
        new_companies: companies that a file of people made known.
        skipped: rows that were not imported.
        unread: fields with cells that were left empty.
        absent: people known at these companies who are not in the file.
        suppressed: rows of people who asked to be forgotten; nothing of them is kept.
        notes: sentences on what was guessed or left out of the file.
        ended: how many of the absent had their job ended, since the file is complete.
    """

    path: str
    kind: Kind
    encoding: str
    mapping: dict[str, list[str]]
    unmatched: list[str]
    repeated: list[str]
    dry_run: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    new_companies: int = 0
    skipped: list[SkippedRow] = field(default_factory=list)
    unread: dict[str, UnreadCells] = field(default_factory=dict)
    absent: int = 0
    ended: int = 0
    suppressed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def used(self) -> int:
        """How many rows said something that could be kept."""
        return self.new + self.changed + self.unchanged

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add what became of some rows."""
        found = Counter(outcomes)
        self.new += found["new"]
        self.changed += found["changed"]
        self.unchanged += found["unchanged"]

    def note(self, line: int, unread: Iterable[tuple[str, str]]) -> None:
        """Add fields of a row that could not be read, and why."""
        for name, reason in unread:
            self.unread.setdefault(name, UnreadCells(0, line, reason)).cells += 1
