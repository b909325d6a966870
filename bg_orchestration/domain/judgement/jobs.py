"""What a job counts for at one company: rank, function and traits of its title.

A "Vice President" of a bank leads no division, a deputy counts one rank lower, and lawyers of a law
firm are no legal department. Which words say what is the policy's; a title without such a phrase is
read again, so that another, higher rank in it still counts ("VP, Head of Risk").
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

_Phrase = tuple[int, bool]  # the number of a rule, and whether the phrase gives or takes its trait


def words_of(text: str) -> list[str]:
    """Return the folded words of `text`, with a break at both ends and at punctuation."""
    plain = _ABBREVIATED.sub(lambda found: found[0].replace(".", "") + " ", text[:_LONGEST_TITLE])
    words = [BREAK]
    for word in _WORDS.findall(plain):
        if word[0].isalnum():
            words.append(fold(word))
        elif words[-1] != BREAK:
            words.append(BREAK)
    return words if words[-1] == BREAK else [*words, BREAK]


def trait_table(policy: Policy) -> PhraseTable[_Phrase]:
    """Return the phrases of all trait rules, each with the number of its rule."""
    return PhraseTable(
        (phrase, (number, gives))
        for number, rule in enumerate(policy.traits)
        for gives, phrases in ((True, rule.words), (False, rule.unless))
        for phrase in phrases
    )


class Jobs:
    """Reads titles as they count at one company."""

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
        standing, function, said = self._standing_of(reading, spaced(title), department)
        words = words_of(title)
        traits, scope = self._traits_of(words, function)
        if len(words) <= 2:  # two breaks and nothing between
            traits |= {"silent"}
        if "deputy" in traits and RANKS.index(standing) > RANKS.index("senior"):
            standing = RANKS[RANKS.index(standing) - 1]
            said = f"deputy of {a(seniority_words(reading.seniority))}"
        return Job(
            reading.seniority,
            standing,
            function,
            said,
            reading.confidence,
            traits=frozenset(traits),
            scope=scope,
        )

    def _traits_of(self, words: list[str], function: Function) -> tuple[set[Trait], str]:
        by_rule: dict[int, list[Found[_Phrase]]] = {}
        for match in self._table.matches(words):
            by_rule.setdefault(match.label[0], []).append(match)
        traits: set[Trait] = set()
        scope = ""
        for number, matches in by_rule.items():
            rule = self._traits[number]
            if number not in self._here or (rule.functions and function not in rule.functions):
                continue
            taken = [match for match in matches if not match.label[1]]
            given = [m for m in matches if m.label[1] and not any(_covers(t, m) for t in taken)]
            if given:
                traits.add(rule.trait)
                if rule.trait == "part":
                    scope = " ".join(words[given[0].start : given[0].end]).strip(f"{BREAK} ")
        return traits, scope

    def _standing_of(
        self, reading: TitleReading, text: str, department: str | None
    ) -> tuple[Seniority, Function, str]:
        """Return the rank and function that count, and the rank in words."""
        named = seniority_words(reading.seniority)
        for rule, phrases in self._standing:
            rest, ranks = text, []
            for phrase, rank in phrases:
                if phrase in rest:
                    rest = rest.replace(phrase, " , ")
                    ranks.append(rank)
            if not ranks or not _concerns(rule, reading):
                continue
            counts = max(*ranks, read_title(rest, department).seniority, key=RANKS.index)
            if rule.function is not None and counts == reading.seniority:
                return counts, rule.function, named
            if rule.function is not None or RANKS.index(counts) < RANKS.index(reading.seniority):
                because = rule.because.format(rank=a(seniority_words(counts)))
                return counts, rule.function or reading.function, f"{named}, {because}"
        return reading.seniority, reading.function, named


def _covers(taken: Found[_Phrase], given: Found[_Phrase]) -> bool:
    """Return whether the phrase that takes a trait back overlaps the one that gives it."""
    return taken.start < given.end and given.start < taken.end


def _concerns(rule: StandingRule, reading: TitleReading) -> bool:
    if rule.function is None:
        return not (rule.of_a_function and reading.function == "executive")
    return reading.function in rule.instead_of


def _holds(where: Iterable[str], industry: str) -> bool:
    words = tuple(where)
    return not words or any(spaced(word) in industry for word in words)


def _phrases(rule: StandingRule) -> list[tuple[str, Seniority]]:
    """Return the phrases of a rule, the longest first."""
    found = [(spaced(phrase), rank) for rank, phrases in rule.ranks.items() for phrase in phrases]
    return sorted(found, key=lambda each: (-len(each[0]), each))


def spaced(text: str) -> str:
    """Return the folded words of `text`, each with a space on both sides."""
    return f" {' '.join(word for word in words_of(text) if word != BREAK)} "


def a(words: str) -> str:
    """Return `words` with the article that they are spoken with."""
    spelled = words[:2].isupper() and words[0] in "FHLMNRSX"
    return f"an {words}" if spelled or words[0] in "aeiouAEIO" else f"a {words}"


def seniority_words(seniority: Seniority) -> str:
    """Return `seniority` in plain words."""
    return _NAMES.get(seniority, seniority)


def function_words(function: Function) -> str:
    """Return `function` in plain words."""
    return _NAMES.get(function, function.replace("_", " "))
