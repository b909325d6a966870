"""Rows that differ from the database, set aside until all are known."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from bg_orchestration.domain.model import Company
from bg_orchestration.store.companies import Employee
from bg_orchestration.store.external_ids import ExternalId

_KEPT_IN_MEMORY = 64 << 20  # bytes
# Rows that are written in some hundredths of a second.
_PIECE = 100


@contextmanager
def set_aside() -> Iterator["Differences"]:
    """Make room for differences: in memory, else in a nameless file that ends with the block."""
    with SpooledTemporaryFile(_KEPT_IN_MEMORY) as file:
        yield Differences(file)


class Differences:
    """The rows that differ from the database, in pieces that are written fast."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._pieces = 0

    def add(self, companies: list[Company], jobs: list[Employee], ids: list[ExternalId]) -> None:
        """Set rows aside, in pieces: companies come before their jobs."""
        for at in range(0, len(companies), _PIECE):
            self._add(companies[at : at + _PIECE], [], [])
        for at in range(0, len(jobs), _PIECE):
            self._add([], jobs[at : at + _PIECE], [])
        for at in range(0, len(ids), _PIECE):
            self._add([], [], ids[at : at + _PIECE])

    def pieces(
        self,
    ) -> Iterator[tuple[list[Company], list[Employee], list[ExternalId], float]]:
        """Yield the pieces in order, each with the share that is done with it."""
        self._file.seek(0)
        for at in range(1, self._pieces + 1):
            companies, jobs, ids = pickle.load(self._file)  # noqa: S301 - from `_add`, unreachable
            yield companies, jobs, ids, at / self._pieces

    def _add(self, *rows: list[Company] | list[Employee] | list[ExternalId]) -> None:
        pickle.dump(rows, self._file, pickle.HIGHEST_PROTOCOL)
        self._pieces += 1
