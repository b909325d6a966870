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


@contextmanager
def set_aside() -> Iterator["Differences"]:
    """Make room for differences: in memory, else in a nameless file that ends with the block."""
    with SpooledTemporaryFile(_KEPT_IN_MEMORY) as file:
        yield Differences(file)


class Differences:
    """The batches of rows that differ from the database."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._batches = 0

    def add(self, companies: list[Company], jobs: list[Employee], ids: list[ExternalId]) -> None:
        """Set a batch aside."""
        if companies or jobs or ids:
            pickle.dump((companies, jobs, ids), self._file, pickle.HIGHEST_PROTOCOL)
            self._batches += 1

    def batches(
        self,
    ) -> Iterator[tuple[list[Company], list[Employee], list[ExternalId], float]]:
        """Yield the batches in order, each with the share that is done with it."""
        self._file.seek(0)
        for at in range(1, self._batches + 1):
            companies, jobs, ids = pickle.load(self._file)  # noqa: S301 - written above, unreachable
            yield companies, jobs, ids, at / self._batches
