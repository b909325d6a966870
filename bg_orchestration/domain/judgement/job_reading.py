"""The job at one company: rank, function and traits of its title.

A "Vice President" of a bank leads no division, a deputy counts one rank lower, and lawyers of a law
firm are no legal department. The policy has the phrases. A title is read again without a phrase,
so that another, higher rank in it still counts ("VP, Head of Risk").
"""

import re
from collections.abc import Iterable

from bg_orchestration.domain.judgement.policy import Policy, StandingRule
from bg_orchestration.domain.model import RANKS, Company, Function, Job, Seniority, Trait
from bg_orchestration.domain.titles.phrases import BREAK, Found, PhraseTable, fold
from bg_orchestration.domain.titles.title_reader import TitleReading, read_title

_LONGEST_TITLE = 300  # characters, as far as titles are read
_WORDS = re.compile(r"[^\W_]+|[,;|/()\[\]•·–—:\n]|\s-\s")  # noqa: RUF001 - dashes as people write
_ABBREVIATED = re.compile(r"\b(?:\w\.){2,}")
_NAMES = {"c_suite": "chief officer", "vp": "vice president", "hr": "HR", "it": "IT"}

# Section 1 of the policy: no role, whatever the rest of the title says.
EXCLUDED: frozenset[Trait] = frozenset(
    {"silent", "gone", "outside", "learner", "gatekeeper", "trade"}
)

# The number of a rule, and whether the phrase gives or removes its trait.
_Phrase = tuple[int, bool]
_SCOPE = -1


def words_of(text: str) -> list[str]:
    """Return the folded words of `text`, with a break at both ends and at punctuation."""
    plain = _ABBREVIATED.sub(lambda match: match[0].replace(".", "") + " ", text[:_LONGEST_TITLE])
    words = [BREAK]
    for word in _WORDS.findall(plain):
        if word[0].isalnum():
            words.append(fold(word))
        elif words[-1] != BREAK:
            words.append(BREAK)
    return words if words[-1] == BREAK else [*words, BREAK]


def trait_table(policy: Policy) -> PhraseTable[_Phrase]:
    """Return the phrases of all trait rules, each with the number of its rule; scopes have none."""
    phrases = [
        (phrase, (number, gives))
        for number, rule in enumerate(policy.traits)
        for gives, phrases in ((True, rule.words), (False, rule.unless))
        for phrase in phrases
    ]
    scopes = [(scope, (_SCOPE, True)) for scope in policy.scopes]
    return PhraseTable([*phrases, *scopes])


class Jobs:
    """The reader of titles for one company."""

    def __init__(self, company: Company, policy: Policy) -> None:
        industry = spaced(company.industry or "")
        self._table = trait_table(policy)
        self._traits = policy.traits
        self._here = {
            number for number, rule in enumerate(policy.traits) if _holds(rule.where, industry)
        }
        self._standing = [
            (rule, _phrases(rule)) for rule in policy.standing if _holds(rule.where, industry)
        ]

    def read(self, title: str, department: str | None) -> Job:
        """Return the job that a title and department name."""
        reading = read_title(title, department)
        standing, function, said = self._rank_and_function(reading, spaced(title), department)
        traits, scope = self._traits_of(words_of(title), function)
        return Job(
            reading.seniority,
            standing,
            function,
            said,
            reading.confidence,
            reading.second_function,
            traits | reading.traits - _no_process(function, standing),
            scope if "part" in reading.traits else "",
        )

    def _traits_of(self, words: list[str], function: Function) -> tuple[frozenset[Trait], str]:
        given: dict[int, list[Found[_Phrase]]] = {}
        taken: dict[int, list[Found[_Phrase]]] = {}
        for match in self._table.matches(words):
            number, gives = match.label
            (given if gives else taken).setdefault(number, []).append(match)
        scopes = [" ".join(words[each.start : each.end]) for each in given.pop(_SCOPE, ())]
        traits = {
            self._traits[number].trait
            for number, matches in given.items()
            if number in self._here
            and (not self._traits[number].functions or function in self._traits[number].functions)
            and any(
                not any(_overlap(match, other) for other in taken.get(number, ()))
                for match in matches
            )
        }
        return frozenset(traits), ", ".join(scopes)

    def _rank_and_function(
        self, reading: TitleReading, text: str, department: str | None
    ) -> tuple[Seniority, Function, str]:
        """Return the rank and function that count, and the rank in words."""
        rank_text = seniority_words(reading.seniority)
        if "deputy" in reading.traits:
            rank_text = f"deputy of {a(rank_text)}"
        for rule, phrases in self._standing:
            rest, ranks = text, []
            for phrase, rank in phrases:
                if phrase in rest:
                    rest = rest.replace(phrase, " , ")
                    ranks.append(rank)
            if not ranks or not _concerns(rule, reading):
                continue
            counts = max(*ranks, read_title(rest, department).rank, key=RANKS.index)
            if rule.function is not None and counts == reading.rank:
                return counts, rule.function, rank_text
            if rule.function is not None or RANKS.index(counts) < RANKS.index(reading.rank):
                because = rule.because.format(rank=a(seniority_words(counts)))
                return counts, rule.function or reading.function, f"{rank_text}, {because}"
        return reading.rank, reading.function, rank_text


def _no_process(function: Function, rank: Seniority) -> frozenset[Trait]:
    """Return `process` where it says nothing: data people and chiefs run more than tools."""
    plain = function == "data" or at_least(rank, "c_suite")
    return frozenset({"process"}) if plain else frozenset()


def _overlap(left: Found[_Phrase], right: Found[_Phrase]) -> bool:
    return left.start < right.end and right.start < left.end


def _concerns(rule: StandingRule, reading: TitleReading) -> bool:
    if rule.function is None:
        return not (rule.of_a_function and reading.function == "executive")
    return reading.function in rule.instead_of


def _holds(where: Iterable[str], industry: str) -> bool:
    words = tuple(where)
    return not words or any(spaced(word) in industry for word in words)


def _phrases(rule: StandingRule) -> list[tuple[str, Seniority]]:
    """Return the phrases of a rule, the longest first."""
    ranked = [(spaced(phrase), rank) for rank, phrases in rule.ranks.items() for phrase in phrases]
    return sorted(ranked, key=lambda each: (-len(each[0]), each))


def spaced(text: str) -> str:
    """Return the folded words of `text`, each with a space on both sides."""
    return f" {' '.join(word for word in words_of(text) if word != BREAK)} "


def at_least(rank: Seniority, lowest: Seniority) -> bool:
    """Return whether `rank` is `lowest` or higher."""
    return RANKS.index(rank) >= RANKS.index(lowest)


def a(words: str) -> str:
    """Return `words` with their indefinite article."""
    is_spelled = words[:2].isupper() and words[0] in "FHLMNRSX"
    return f"an {words}" if is_spelled or words[0] in "aeiouAEIO" else f"a {words}"


def seniority_words(seniority: Seniority) -> str:
    """Return `seniority` in plain words."""
    return _NAMES.get(seniority, seniority)


def function_words(function: Function) -> str:
    """Return `function` in plain words."""
    return _NAMES.get(function, function.replace("_", " "))
