"""Text that a tool before us decoded wrongly: `MÃ¼ller` is repaired, `M\ufffdller` is named.

`ftfy` repairs what is certain. It is imported with the first text that is not ASCII.
"""

import re
from functools import lru_cache

# UTF-8 that was read as the code page of DOS; `ftfy` does not know it.
_DOS = re.compile("[\u2500-\u259f]")


class GarbledCells:
    """Count of the cells of a file that were garbled."""

    def __init__(self) -> None:
        self._repaired: list[tuple[int, str, str]] = []
        self._lost: list[tuple[int, str]] = []
        self._counts = [0, 0]

    def repair(self, line: int, cell: str) -> str:
        """Return a cell as it was meant; count it if it was garbled."""
        text = repair_garbled(cell)
        if text != cell:
            self._counts[0] += 1
            self._repaired = self._repaired or [(line, cell, text)]
        if "\ufffd" in text:
            self._counts[1] += 1
            self._lost = self._lost or [(line, text)]
        return text

    def notes(self) -> list[str]:
        """Return sentences on the garbled cells."""
        notes = []
        for line, cell, text in self._repaired:
            notes.append(
                f"garbled cells repaired: {self._counts[0]:,}; the first in line {line}: "
                f"{cell[:80]!r} is {text[:80]!r}"
            )
        for line, text in self._lost:
            notes.append(
                f"Warning: cells that lost letters: {self._counts[1]:,}; the first in line {line}: "
                f"{text[:80]!r}. Export the file again as UTF-8"
            )
        return notes


@lru_cache(maxsize=4_096)
def repair_garbled(text: str) -> str:
    """Return a text as it was before UTF-8 was read as another code page, if that is certain."""
    if text.isascii():
        return text
    import ftfy

    fixed = ftfy.fix_encoding(text)
    if not _DOS.search(fixed):
        return fixed
    for code_page in ("cp437", "cp850"):
        try:
            return fixed.encode(code_page).decode()
        except UnicodeError:
            continue
    return fixed
