"""The search: all values in one pass over each file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ahocorasick_rs import BytesAhoCorasick

from bg_orchestration_tests.privacy.values import Values, spellings


@dataclass
class Found:
    """How many values were looked for, in how many files, and where how many of a kind stood."""

    values: int
    files: int = 0
    places: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many different values were found, each counted once for each file."""
        return self.places.total()

    def lines(self) -> Iterator[str]:
        """The report: file and kind of what was found, never the value; then the one line."""
        for (place, kind), count in sorted(self.places.items()):
            yield f"{place}: {count} of kind {kind}"
        yield f"{self.values} values, {self.total} found in {self.files} files"


def search(values: Values, contents: Iterable[tuple[str, Iterable[bytes]]]) -> Found:
    """Look for every spelling of `values` in `contents`, whatever the case of ASCII letters."""
    owners = [
        (spelling, (kind, value))
        for kind, of_kind in sorted(values.items())
        for value in sorted(of_kind)
        for spelling in spellings(kind, value)
    ]
    machine = BytesAhoCorasick([spelling for spelling, _ in owners])
    found = Found(sum(map(len, values.values())))
    for place, parts in contents:
        found.files += 1
        here = {
            owners[match[0]][1]
            for part in parts
            for match in machine.find_matches_as_indexes(part.lower())
        }
        found.places.update((place, kind) for kind, _ in here)
    return found
