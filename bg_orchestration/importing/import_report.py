"""The report on an imported file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bg_orchestration.importing.headers import Kind
from bg_orchestration.store.companies import Outcome

_REACH = {"email", "other_email", "mobile", "phone", "other_phone", "linkedin_url"}


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was not imported: its first line in the file, and the reason."""

    line: int
    reason: str


@dataclass(slots=True)
class UnreadCells:
    """Unreadable cells of one field: their number, and the first of them."""

    cells: int
    line: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        mapping: our fields with their headers.
        unmatched: headers that mean nothing to us.
        repeated: headers that stand several times; the first filled cell counted.
        rows: rows below the header.
        new: rows with a new person (or company).
        changed: rows that changed a stored fact.
        unchanged: rows without a new fact.
        new_companies: new companies from a file of people.
        skipped: rows that were not imported.
        unread: fields with cells that were left empty.
        absent: known people of these companies who are not in the file.
        suppressed: rows of people who asked to be forgotten; nothing of them is kept.
        notes: sentences on guesses and omissions.
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
        """Return the number of rows with a usable fact."""
        return self.new + self.changed + self.unchanged

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add the counts of some rows."""
        found = Counter(outcomes)
        self.new += found["new"]
        self.changed += found["changed"]
        self.unchanged += found["unchanged"]

    def note(self, line: int, unread: Iterable[tuple[str, str]]) -> None:
        """Add unreadable fields of a row, with the reasons."""
        for name, reason in unread:
            self.unread.setdefault(name, UnreadCells(0, line, reason)).cells += 1


def missing_facts(fields: Mapping[str, object], filled: Mapping[str, int]) -> Iterator[str]:
    """Yield warnings on facts that no row has.

    Args:
    fields: the fields with a column.
    filled: rows with a `title`, and those that are `reachable`.
    """
    if not filled["title"]:
        where = "no row has" if "title" in fields else "no column is known to hold"
        yield (
            f"Warning: {where} a job title: no person can get a role in a group. Say which column "
            'holds titles, as in --map title="..."'
        )
    if not filled["reachable"]:
        where = "no row has" if fields.keys() & _REACH else "no column is known to hold"
        yield (
            f"Warning: {where} an address, phone or profile page: nobody can be reached. Say "
            'which column does, as in --map email="..."'
        )
