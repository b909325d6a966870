"""What a job counts for here: the rank that the title states, seen in its industry.

A "Vice President" of a bank leads no division, a "Principal" leads a school, and a chairman buys
nothing. Which phrases count for what is the policy's; a title without the phrase is read again, so
that another, higher rank in it still counts ("Chairman & CEO", "VP, Head of Risk").
"""

import re

from bg_orchestration.domain.judgement.policy import Policy, StandingRule
from bg_orchestration.domain.model import (
    RANKS,
    Company,
    DutyName,
    Function,
    Job,
    Seniority,
)
from bg_orchestration.domain.titles.phrases import fold
from bg_orchestration.domain.titles.title_reader import TitleReading, read_title

_WORDS = re.compile(r"[^\W_]+")
_LONGEST_TITLE = 300  # characters, as far as titles are read
_ABBREVIATED = re.compile(r"\b(?:\w\.){2,}")
# What a title is read as that names no function of business.
_NAMES = {"c_suite": "chief officer", "vp": "vice president", "hr": "HR", "it": "IT"}


class Jobs:
    """Reads titles as they count at one company."""

    def __init__(self, company: Company, policy: Policy) -> None:
        industry = _spaced(company.industry or "")
        self._rules = [
            (rule, _phrases(rule), tuple(_spaced(word) for word in rule.within))
            for rule in policy.standing
            if not rule.where or any(_spaced(word) in industry for word in rule.where)
        ]
        self._duties = [
            (each.duty, each.functions, tuple(_spaced(word) for word in each.words))
            for each in policy.duties
        ]

    def read(self, title: str, department: str | None) -> Job:
        """Read one title."""
        reading = read_title(title, department)
        text = _spaced(title)
        standing, function, said = self._counts(reading, text, department)
        return Job(
            reading.seniority,
            standing,
            function,
            said,
            self._duty(function, text + _spaced(department) if department else text),
            reading.confidence,
        )

    def _duty(self, function: Function, text: str) -> DutyName | None:
        return next(
            (
                duty
                for duty, functions, words in self._duties
                if function in functions and any(word in text for word in words)
            ),
            None,
        )

    def _counts(
        self, reading: TitleReading, text: str, department: str | None
    ) -> tuple[Seniority, Function, str]:
        """The rank and function that count, and the rank in words."""
        named = seniority_words(reading.seniority)
        for rule, phrases, within in self._rules:
            rest, ranks = text, []
            for phrase, rank in phrases:
                if phrase in rest:
                    rest = rest.replace(phrase, " , ")
                    ranks.append(rank)
            if not ranks or (within and not any(word in text for word in within)):
                continue
            if not self._concerns(rule, reading, text):
                continue
            counts = max(*ranks, read_title(rest, department).seniority, key=RANKS.index)
            if rule.function is not None and counts == reading.seniority:
                return counts, rule.function, named
            if rule.function is not None or RANKS.index(counts) < RANKS.index(reading.seniority):
                because = rule.because.format(rank=a(seniority_words(counts)))
                return counts, rule.function or reading.function, f"{named}, {because}"
        return reading.seniority, reading.function, named

    def _concerns(self, rule: StandingRule, reading: TitleReading, text: str) -> bool:
        if rule.function is None:
            return not (rule.of_a_function and reading.function == "executive")
        # The rank in an assistant's title is that of whom they assist.
        assisting = self._duty(reading.function, text) == "assisting"
        return reading.function in rule.instead_of and not assisting


def _phrases(rule: StandingRule) -> list[tuple[str, Seniority]]:
    """The phrases of a rule, the longest first: `senior vice president` before `vice president`."""
    found = [(_spaced(phrase), rank) for rank, phrases in rule.ranks.items() for phrase in phrases]
    return sorted(found, key=lambda each: (-len(each[0]), each))


def _spaced(text: str) -> str:
    """The folded words of `text`, each with a space on both sides."""
    plain = _ABBREVIATED.sub(lambda found: found[0].replace(".", "") + " ", text[:_LONGEST_TITLE])
    return f" {' '.join(_WORDS.findall(fold(plain)))} "


def a(words: str) -> str:
    """`words` with the article that they are spoken with."""
    spelled = words[:2].isupper() and words[0] in "FHLMNRSX"
    return f"an {words}" if spelled or words[0] in "aeiouAEIO" else f"a {words}"


def seniority_words(seniority: Seniority) -> str:
    """`seniority` in plain words."""
    return _NAMES.get(seniority, seniority)


def function_words(function: Function) -> str:
    """`function` in plain words."""
    return _NAMES.get(function, function.replace("_", " "))
