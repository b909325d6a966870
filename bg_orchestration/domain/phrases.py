"""Finding labelled phrases in the words of a text."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Label = TypeVar("Label")

BREAK = "|"
_GAP = "..."
_LONGEST_GAP = 5
_LONGEST_WORD = 60


def fold(text: str) -> str:
    """`text` without case and accents; `ü`, `ue` and `u` become one letter, as people mix them."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@dataclass(frozen=True, slots=True)
class Found(Generic[Label]):
    """One phrase in the words `start` to before `end`; `literal` is its longest spelled part."""

    start: int
    end: int
    literal: str
    label: Label


class PhraseTable(Generic[Label]):
    """Phrases with a label each.

    A phrase is words with a space between: `sales` is that whole word, `sale*` a word that begins
    so, `*leiter` one that ends so, `*recht*` one that contains it, `*` any word, `...` up to five
    further words, and `|` the edge of a part of the text.
    """

    def __init__(self, entries: Iterable[tuple[str, Label]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], Label]]] = {}
        patterns: set[str] = set()
        for phrase, label in entries:
            words = tuple(_fold_pattern(word) for word in phrase.split())
            self._phrases.setdefault(words[0], []).append((words, label))
            patterns.update(words)
        self._patterns = frozenset(patterns)
        self._inner = sorted(p for p in patterns if len(p) > 1 and p[0] == p[-1] == "*")
        self.patterns_of = lru_cache(maxsize=20_000)(self._patterns_of)

    def _patterns_of(self, word: str) -> frozenset[str]:
        if word == BREAK:
            return self._patterns & {BREAK}
        word = word[:_LONGEST_WORD]
        ends = range(len(word) + 1)
        fitting = {word, *(word[:end] + "*" for end in ends), *("*" + word[end:] for end in ends)}
        fitting.update(inner for inner in self._inner if inner.strip("*") in word)
        return self._patterns & fitting

    def find(self, words: Sequence[str]) -> list[Found[Label]]:
        """The phrases in `words` that lie within no longer one, in order."""
        fitting = [self.patterns_of(word) for word in words]
        found = [
            Found(start, end, max((p.strip("*") for p in phrase), key=len), label)
            for start, patterns in enumerate(fitting)
            for first in sorted(patterns)
            for phrase, label in self._phrases.get(first, ())
            if (end := _end(words, fitting, phrase, start))
        ]
        return [one for one in found if not any(_hides(other, one) for other in found)]


def _fold_pattern(pattern: str) -> str:
    return pattern if pattern == _GAP else fold(pattern)


def _end(
    words: Sequence[str], fitting: Sequence[frozenset[str]], phrase: tuple[str, ...], at: int
) -> int:
    """Where `phrase` ends if it begins at `at`, else 0."""
    for index, pattern in enumerate(phrase):
        if pattern == _GAP:
            ends = range(at, min(at + _LONGEST_GAP, len(words)) + 1)
            rests = (
                _end(words, fitting, phrase[index + 1 :], end)
                for end in ends
                if BREAK not in words[at:end]
            )
            return next((rest for rest in rests if rest), 0)
        if at >= len(words) or pattern not in fitting[at]:
            return 0
        at += 1
    return at


def _hides(other: Found[Label], one: Found[Label]) -> bool:
    """Whether `one` is only a part of `other`: `president` in `vice president`."""
    if not (other.start <= one.start and one.end <= other.end):
        return False
    if (other.start, other.end) != (one.start, one.end):
        return True
    return other.literal != one.literal and one.literal in other.literal
