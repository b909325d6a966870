"""Reading a job title: what rank it states, and for which function the person works.

Seven languages: English, German, French, Spanish, Italian, Dutch and Portuguese. A title is cut
into words; phrases of rank and of function are looked up in them. Everything is linear in the
first few hundred characters, so a hostile title costs no more than a long one.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bg_orchestration.domain.model import Function, Seniority
from bg_orchestration.domain.phrases import BREAK, Found, PhraseTable, fold
from bg_orchestration.domain.title_functions import BUSINESS
from bg_orchestration.domain.title_functions_de import GERMAN
from bg_orchestration.domain.title_functions_eu import ROMANCE_AND_DUTCH
from bg_orchestration.domain.title_functions_fields import FIELDS
from bg_orchestration.domain.title_ranks import (
    ASSISTANTS,
    LEADERS,
    PERSONAL,
    RANKS,
    SERVANTS,
    TOWARDS,
)

_LONGEST_TITLE = 300  # characters
_EMPTY = 2  # the breaks at both ends
_ORDER: tuple[Seniority, ...] = tuple(RANKS)
_MANAGEMENT = LEADERS[:4]
_AND = frozenset({"and", "und", "et", "y", "e", "ed", "en"})
# Tiers of the vocabulary, see `title_functions`.
_WEAKEST, _GENERAL, _BUSINESS, _DECISIVE = 0, 1, 3, 4

_GENDER_MARK = re.compile(
    r"\((?:[mwfdxhi]\s?[/|,]\s?)+[mwfdxhi]\)|[(/:*_](?:-?in|innen)\b\)?|\(e\)|·e\b"
)
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_EMPLOYER = re.compile(r"\s(?:@|at|bei|chez|reporting to)\s.*|@.*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+|[,;|/()\[\]•·–—:\n]|\s-\s")  # noqa: RUF001 - dashes as people write
_FEMININE = re.compile(r"(?<=er|or|nt|st|ur|at|rt|lt|og|ag)in(?:nen)?$")
_PAST = frozenset({"former", "formerly", "ex", "retired", "past", "previously"})
_PAST |= {"ehemalig", "ehemalige", "ehemaliger", "ancien", "ancienne", "antiguo", "antigua"}
_PAST |= {"voormalig", "antigo", "antiga"}


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says.

    Attributes:
        seniority: the rank it states; `individual` where it states none.
        function: for whom the person works; `other` where nothing is said.
        confidence: 0..1: 0 for a title without words, 0.2 where nothing in it is known, 0.3 more
            for a word of rank and 0.5 more for a word of function.
    """

    seniority: Seniority
    function: Function
    confidence: float


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


_RANKS: PhraseTable[Seniority] = PhraseTable(
    (phrase, rank) for rank, text in RANKS.items() for phrase in _phrases(text)
)
_FUNCTIONS: PhraseTable[tuple[int, Function]] = PhraseTable(
    (phrase, (tier, function))
    for vocabulary in (BUSINESS, FIELDS, GERMAN, ROMANCE_AND_DUTCH)
    for function, tiers in vocabulary.items()
    for tier, text in tiers.items()
    for phrase in _phrases(text)
)
_SERVING: PhraseTable[str] = PhraseTable(
    (phrase, kind)
    for kind, text in (("servant", SERVANTS), ("assistant", ASSISTANTS), ("personal", PERSONAL))
    for phrase in _phrases(text)
)
_TOWARDS = frozenset(_phrases(TOWARDS))


@lru_cache(maxsize=20_000)
def read_title(title: str, department: str | None = None) -> TitleReading:
    """Read `title`; `department` is asked where the title says nothing sure of a function."""
    words = _split(title)
    stated = _RANKS.find(words)
    own_words, ranks = _without_the_served(words, stated)
    seniority = _seniority(ranks)
    function = _function(own_words)
    if department and _may_be_bettered(function):
        function = _function(_split(department)) or function
    if function == (_WEAKEST, "admin") and seniority in LEADERS:
        function = None  # an assistant manager assists nobody
    if function is None:
        function = _implied_function(seniority, serves=own_words != words)
    known = 0.2 if len(words) > _EMPTY else 0.0
    confidence = round(known + (0.3 if ranks else 0.0) + (0.5 if function else 0.0), 1)
    return TitleReading(seniority, function[1] if function else "other", confidence)


def _may_be_bettered(function: tuple[int, Function] | None) -> bool:
    return function is None or (function[0] <= _GENERAL and function[1] != "executive")


def _implied_function(seniority: Seniority, *, serves: bool) -> tuple[int, Function] | None:
    if serves:
        return _GENERAL, "admin"
    return (_GENERAL, "executive") if seniority in ("owner", "c_suite") else None


def _split(text: str) -> list[str]:
    """The folded words of `text`, with a break at each end and where punctuation parts it."""
    text = _EMPLOYER.sub("", _GENDER_MARK.sub(" ", f" {text[:_LONGEST_TITLE]}"))
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", "") + " ", text).replace("&", " and ")
    words = [BREAK]
    for word in _WORDS.findall(text):
        if not word[0].isalnum():
            word = BREAK
        if word != BREAK or words[-1] != BREAK:
            words.append(word if word == BREAK else _FEMININE.sub("", fold(word)))
    return _without_the_past([*words, BREAK])


def _without_the_past(words: list[str]) -> list[str]:
    """`words` without the parts that tell of an earlier job."""
    kept: list[str] = [BREAK]
    past = False
    for word in words[1:]:
        past = word in _PAST or (past and word != BREAK)
        if not past and (word != BREAK or kept[-1] != BREAK):
            kept.append(word)
    return kept if len(kept) > 1 else [BREAK, BREAK]


def _without_the_served(
    words: list[str], ranks: list[Found[Seniority]]
) -> tuple[list[str], list[Found[Seniority]]]:
    """Take out those whom the person serves: `Assistant to the CEO`, `Vice President's Assistant`.

    Their rank is not the person's, and the assistant of a person works for no function.
    """
    serving = _SERVING.find(words)
    for servant in serving:
        end = words.index(BREAK, servant.end)
        served = [r for r in ranks if servant.end <= r.start < end and r.label in LEADERS]
        german = words[servant.start].startswith(("assistent", "assistenz", "sekretar"))
        if served and (words[servant.end] in _TOWARDS or (german and served[0].label != "manager")):
            return _cut(words, ranks, servant.end, end)
    for servant in serving:
        if servant.label == "personal":
            ranks = [r for r in ranks if r.label not in _MANAGEMENT or r.end <= servant.start]
        if servant.label != "servant" and words[servant.end] == BREAK:
            part = _part_before(words, servant.start)
            served = [r for r in ranks if part <= r.start < servant.start and r.label in LEADERS]
            if served:
                return _cut(words, ranks, served[0].start, served[-1].end)
    return words, ranks


def _part_before(words: list[str], position: int) -> int:
    """Where the part of the title that holds `position` begins."""
    return max(at for at in range(position) if words[at] == BREAK)


def _cut(
    words: list[str], ranks: list[Found[Seniority]], start: int, end: int
) -> tuple[list[str], list[Found[Seniority]]]:
    kept = [rank for rank in ranks if rank.end <= start or rank.start >= end]
    return words[:start] + words[end:], kept


def _seniority(ranks: list[Found[Seniority]]) -> Seniority:
    """The first rank in order; a trainee leads nobody, whatever they are trained to be."""
    # In one compound the longer part counts: a Teamleiter is no Leiter.
    longest: dict[tuple[int, int], Found[Seniority]] = {}
    for rank in ranks:
        other = longest.get((rank.start, rank.end))
        if other is None or len(rank.literal) > len(other.literal):
            longest[rank.start, rank.end] = rank
    stated = {rank.label for rank in longest.values()}
    if "entry" in stated and not stated & {"owner", "c_suite", "vp"}:
        directs = [rank.start for rank in ranks if rank.label == "director"]
        learns = min(rank.start for rank in ranks if rank.label == "entry")
        if not directs or learns < min(directs):
            return "entry"
    return next((rank for rank in _ORDER if rank in stated), "individual")


def _function(words: list[str]) -> tuple[int, Function] | None:
    """The strongest phrase of function with its tier; of equals the first, then the longest.

    What stands behind a comma or dash only details a first part that names a function.
    """
    found = _FUNCTIONS.find(words)
    if not found:
        return None
    end = words.index(BREAK, 1)
    head = [one for one in found if one.start <= end and one.label[0] > _GENERAL]
    joint = next((at for at, word in enumerate(words) if word in _AND), len(words))

    def strength(one: Found[tuple[int, Function]]) -> tuple[int, int, int]:
        tier = one.label[0]
        # Joined by "and", functions are equals, unless the last names an occupation.
        equal = _BUSINESS if tier == _DECISIVE and one.start > joint else tier
        return equal, -one.start, len(one.literal)

    return max(head or found, key=strength).label
