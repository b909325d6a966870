"""Finding labelled phrases in the words of a text."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Generic, TypeAlias, TypeVar

Label = TypeVar("Label")

BREAK = "|"
SLASH = "/"  # a break between equals
BREAKS = frozenset({BREAK, SLASH})
_GAP = "..."
_NOTHING = ""  # what stands second in a phrase of one word
_ANYWHERE = frozenset({_GAP, _NOTHING})
_LONGEST_GAP = 5
_LONGEST_WORD = 60
_PLACE = itemgetter(0, 1)


def next_break(words: Sequence[str], at: int) -> int:
    """Where the part of the text that holds the word `at` ends."""
    return next(end for end in range(at, len(words)) if words[end] in BREAKS)


def previous_break(words: Sequence[str], at: int) -> int:
    """Where the part of the text that holds the word `at` begins."""
    return max(start for start in range(at) if words[start] in BREAKS)


def fold(text: str) -> str:
    """`text` without case and accents; `ü`, `ue` and `u` become one letter, as people mix them."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


@dataclass(frozen=True, slots=True)
class Found(Generic[Label]):
    """One phrase in the words `start` to before `end`.

    Attributes:
        start: the first word.
        end: the word behind the last.
        literal: the longest spelled part of the phrase.
        label: what the phrase stands for.
        kind: a longer phrase hides a shorter one of the same kind within it.
    """

    start: int
    end: int
    literal: str
    label: Label
    kind: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Label]):
    number: int
    patterns: tuple[str, ...]
    literal: str
    label: Label
    kind: str


_Beginnings: TypeAlias = dict[str, list[_Phrase[Label]]]  # by the second pattern


class PhraseTable(Generic[Label]):
    """Phrases with a label each.

    A phrase is words with a space between: `sales` is that whole word, `sale*` a word that begins
    so, `*leiter` one that ends so, `*recht*` one that contains it, `*` any word, `...` up to five
    further words, and `|` the edge of a part of the text.
    """

    def __init__(self, entries: Iterable[tuple[str, Label] | tuple[str, Label, str]]) -> None:
        """Take in phrases: text, label and, where there are several, the kind."""
        # By their first two patterns; most words of a text begin no phrase that goes on so.
        self._phrases: dict[str, _Beginnings[Label]] = {}
        patterns: set[str] = set()
        for number, (text, label, *kind) in enumerate(entries):
            words = tuple(_fold_pattern(word) for word in text.split())
            literal = max((word.strip("*") for word in words), key=len)
            second = words[1] if len(words) > 1 else _NOTHING
            phrase = _Phrase(number, words, literal, label, kind[0] if kind else "")
            self._phrases.setdefault(words[0], {}).setdefault(second, []).append(phrase)
            patterns.update(words)
        self._patterns = frozenset(patterns)
        self._inner = [(p, p.strip("*")) for p in patterns if len(p) > 1 and p[0] == p[-1] == "*"]
        self.patterns_of = lru_cache(maxsize=20_000)(self._patterns_of)

    def _patterns_of(self, word: str) -> tuple[frozenset[str], _Beginnings[Label]]:
        """The patterns that fit `word`, and the phrases that begin with one of them."""
        fitting = {BREAK}
        if word not in BREAKS:
            word = word[:_LONGEST_WORD]
            ends = range(len(word) + 1)
            fitting = {word, *(word[:at] + "*" for at in ends), *("*" + word[at:] for at in ends)}
            fitting.update(pattern for pattern, inner in self._inner if inner in word)
        beginnings: _Beginnings[Label] = {}
        for first in fitting & self._phrases.keys():
            for second, phrases in self._phrases[first].items():
                beginnings.setdefault(second, []).extend(phrases)
        return _ANYWHERE | (self._patterns & fitting), beginnings

    def matches(self, words: Sequence[str]) -> list[Found[Label]]:
        """Every phrase in `words`: by place, then as listed."""
        of_word = self.patterns_of
        known = [of_word(word) for word in words]
        if not any(beginnings for _, beginnings in known):
            return []
        fitting = [patterns for patterns, _ in known]
        fitting.append(_ANYWHERE)
        found: list[tuple[int, int, Found[Label]]] = []
        for start, (_, beginnings) in enumerate(known):
            for second in beginnings.keys() & fitting[start + 1] if beginnings else ():
                for one in beginnings[second]:
                    if end := _end(words, fitting, one.patterns, start):
                        match = Found(start, end, one.literal, one.label, one.kind)
                        found.append((start, one.number, match))
        if len(found) > 1:
            found.sort(key=_PLACE)
        return [match for _, _, match in found]

    def find(self, words: Sequence[str]) -> list[Found[Label]]:
        """The phrases in `words` that lie within no longer one of their kind."""
        matches = self.matches(words)
        by_kind: dict[str, list[Found[Label]]] = {}
        for match in matches:
            by_kind.setdefault(match.kind, []).append(match)
        if len(by_kind) == len(matches):
            return matches  # one of each kind
        return [one for one in matches if not any(hides(other, one) for other in by_kind[one.kind])]


def hides(other: Found[Label], one: Found[Label]) -> bool:
    """Whether `one` is only a part of `other`: `president` in `vice president`."""
    if one.start < other.start or other.end < one.end or other.kind != one.kind:
        return False
    if (other.start, other.end) != (one.start, one.end):
        return True
    return other.literal != one.literal and one.literal in other.literal


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
                if BREAKS.isdisjoint(words[at:end])
            )
            return next((rest for rest in rests if rest), 0)
        if at >= len(words) or pattern not in fitting[at]:
            return 0
        at += 1
    return at
