"""Reading a job title: what rank it states, and for which function the person works.

Seven languages: English, German, French, Spanish, Italian, Dutch and Portuguese. A title is cut
into words; phrases of rank and of function are looked up in them. Only the first few hundred
characters are read, and a text of more than a thousand is no title, so a hostile one costs little.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from bg_orchestration.domain.model import Function, Seniority
from bg_orchestration.domain.titles.fields_de import GERMAN_FIELDS
from bg_orchestration.domain.titles.fields_en import FIELDS
from bg_orchestration.domain.titles.fields_romance import ROMANCE_FIELDS
from bg_orchestration.domain.titles.functions_de import GERMAN
from bg_orchestration.domain.titles.functions_en import BUSINESS
from bg_orchestration.domain.titles.functions_nl import DUTCH
from bg_orchestration.domain.titles.functions_romance import ROMANCE
from bg_orchestration.domain.titles.phrases import (
    BREAK,
    Found,
    PhraseTable,
    fold,
)
from bg_orchestration.domain.titles.ranks import (
    ASSISTANTS,
    LEADERS,
    PAST,
    PERSONAL,
    PRESENT,
    RANKS,
    RETIRED,
    SERVANTS,
    TOWARDS,
)
from bg_orchestration.domain.titles.trades_en import TRADES

_LONGEST_TITLE = 1_000  # characters; what is longer is some other text
_READ = 300  # characters; no title says anything of rank behind them
_EMPTY = 2  # the breaks at both ends
_ORDER: tuple[Seniority, ...] = tuple(RANKS)
_MANAGEMENT = LEADERS[:4]
_AND = frozenset({"and", "und", "et", "y", "e", "ed", "en"})
# Tiers of the vocabulary, see `title_functions`.
_WEAKEST, _GENERAL, _BUSINESS, _DECISIVE = 0, 1, 3, 4

_GENDER_MARK = re.compile(
    r"\((?:[mwfdxhi]\s?[/|,]\s?)+[mwfdxhi]\)|[(/:*_](?:-?in|innen)\b\)?|\(e\)|·e\b"
)
_DOTTED = re.compile(r"\b(?:\w\.)+\w\b|\b(?:\w\.){2,}")
_OUT_OF_OFFICE = re.compile(r"\b(?:a\.\s?D|i\.\s?R)\.")
_EMPLOYER = re.compile(r"\s(?:@|at|bei|chez|reporting to)\s.*|@.*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+|[,;|/()\[\]•·–—:\n]|\s-\s")  # noqa: RUF001 - dashes as people write
_TEUR_TORE = re.compile(r"t(?:eu|eur|or|ore)\*|t(?:eur|ore)\b")
_O = re.compile(r"^(\w{4,})o(?= |$)")
_FEMININE = re.compile(
    r"(er|or|nt|st|ur|at|rt|lt|zt|kt|og|ag|eut|lot|kan|chef|[dktv]ar|stand|koch|urg|pad|graf)"
    r"in(?:nen)?$"
)


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says.

    Attributes:
        seniority: the rank it states; `individual` where it states none.
        function: for whom the person works; `other` where nothing is said.
        confidence: 0..1: 0 for a title without words or far too long, 0.2 where nothing in it is
            known, 0.3 more for a word of rank and 0.5 more for a word of function.
    """

    seniority: Seniority
    function: Function
    confidence: float


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


def _with_women(phrases: list[str]) -> list[str]:
    """`phrases` and those of women: `formatric*` for `formateu*`, ingeniera for ingeniero."""
    tric = [_TEUR_TORE.sub("tric*", phrase) for phrase in phrases]
    return [*dict.fromkeys(phrases + tric + [_O.sub(r"\1a", phrase) for phrase in phrases])]


_ROMANCE = (ROMANCE, ROMANCE_FIELDS)
_VOCABULARIES = (BUSINESS, FIELDS, TRADES, GERMAN, GERMAN_FIELDS, *_ROMANCE, DUTCH)
_RANKS: PhraseTable[Seniority] = PhraseTable(
    (phrase, rank) for rank, text in RANKS.items() for phrase in _phrases(text)
)
_FUNCTIONS: PhraseTable[tuple[int, Function]] = PhraseTable(
    (phrase, (tier, function))
    for vocabulary in _VOCABULARIES
    for function, tiers in vocabulary.items()
    for tier, text in tiers.items()
    for phrase in (_with_women if vocabulary in _ROMANCE else list)(_phrases(text))
)
_SERVING: PhraseTable[str] = PhraseTable(
    (phrase, kind)
    for kind, text in (("servant", SERVANTS), ("assistant", ASSISTANTS), ("personal", PERSONAL))
    for phrase in _phrases(text)
)
_TOWARDS, _RETIRED, _PRESENT = (frozenset(_phrases(text)) for text in (TOWARDS, RETIRED, PRESENT))
_PAST = _RETIRED.union(_phrases(PAST))


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
    text = f" {text[:_READ]}" if len(text.strip()) <= _LONGEST_TITLE else ""
    text = _EMPLOYER.sub("", _GENDER_MARK.sub(" ", text))
    text = _OUT_OF_OFFICE.sub(" retired", text)
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", "") + " ", text).replace("&", " and ")
    parts = [
        [_folded(word) for word in words]
        for is_word, words in groupby(_WORDS.findall(text), lambda word: word[0].isalnum())
        if is_word
    ]
    words = [BREAK]
    for part in _without_the_past(parts):
        words += [*part, BREAK]
    return words if len(words) > 1 else [BREAK, BREAK]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """`word` folded, and a German title of a woman as that of a man."""
    return _FEMININE.sub(r"\1", fold(word))


def _without_the_past(parts: list[list[str]]) -> list[list[str]]:
    """`parts` without what tells of an earlier job: `former CFO`, `CFO (retired)`."""
    kept: list[list[str]] = []
    for part in parts:
        past = next((at for at, word in enumerate(part) if word in _PAST), len(part))
        now = next((at for at in range(past, len(part)) if part[at] in _PRESENT), len(part))
        if part[-1] in _RETIRED:
            past = 0
            if len(part) == 1:
                del kept[-1:]
        kept.append(part[:past] + part[now:])
    return [part for part in kept if part]


def _without_the_served(
    words: list[str], ranks: list[Found[Seniority]]
) -> tuple[list[str], list[Found[Seniority]]]:
    """Take out those whom the person serves: `Assistant to the CEO`, `Vice President's Assistant`.

    Their rank is not the person's, and the assistant of a person works for no function.
    """
    for rank in ranks:
        if words[rank.end : rank.end + 1] == ["s"] and rank.label != "individual":
            return _cut(words, ranks, rank.start, rank.end + 1)
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
        ends = words[servant.end] == BREAK and words[servant.start - 1] not in _TOWARDS - {"s"}
        if servant.label != "servant" and ends:
            part = _part_before(words, servant.start)
            served = [r for r in ranks if part <= r.start < servant.start and r.label in LEADERS]
            # A "President and Secretary" is both.
            if served and words[served[-1].end] not in _AND:
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
    return max(head or found, key=lambda one: _strength(one, joint)).label


def _strength(one: Found[tuple[int, Function]], joint: int) -> tuple[int, int, int]:
    tier = one.label[0]
    # Joined by "and", functions are equals, unless the last names an occupation.
    equal = _BUSINESS if tier == _DECISIVE and one.start > joint else tier
    return equal, -one.start, len(one.literal)
