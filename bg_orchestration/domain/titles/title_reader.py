"""Reading a job title: what rank it states, and for which function the person works.

Seven languages: English, German, French, Spanish, Italian, Dutch and Portuguese. A title is cut
into words; phrases of rank and of function are looked up in them. Only the first few hundred
characters are read, and a text of more than a thousand is no title, so a hostile one costs little.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeAlias

from bg_orchestration.domain.model import Function, Seniority, Trait
from bg_orchestration.domain.titles.functions import (
    functions_de,
    functions_en,
    functions_es,
    functions_fr,
    functions_it,
    functions_nl,
    functions_pt,
)
from bg_orchestration.domain.titles.phrases import (
    BREAK,
    BREAKS,
    SLASH,
    Found,
    PhraseTable,
    fold,
    next_break,
    previous_break,
)
from bg_orchestration.domain.titles.ranks import (
    ranks_de,
    ranks_en,
    ranks_es,
    ranks_fr,
    ranks_it,
    ranks_nl,
    ranks_pt,
)
from bg_orchestration.domain.titles.title_text import plain_title
from bg_orchestration.domain.titles.title_traits import (
    TraitWord,
    deputies,
    group_of,
    leads_elsewhere,
    lower,
    traits_of,
)
from bg_orchestration.domain.titles.traits import (
    traits_de,
    traits_en,
    traits_es,
    traits_fr,
    traits_it,
    traits_nl,
    traits_pt,
)

_LONGEST_TITLE = 1_000  # characters; what is longer is some other text
_READ = 300  # characters; no title says anything of rank behind them
_EMPTY = 2  # the breaks at both ends
# The first that is stated counts.
_ORDER: tuple[Seniority, ...] = (
    "owner", "c_suite", "vp", "director", "manager", "senior", "individual", "entry"
)  # fmt: skip
_LEADERS = _ORDER[:5]
_MANAGEMENT = _ORDER[:4]
_ABOVE_DIRECTOR = _ORDER[:3]
_AND = frozenset({"and", "und", "et", "y", "e", "ed", "en"})
_OFFICER = re.compile(r"c[a-z]{1,2}os?|ceos?")
_SELLERS = frozenset({"sales", "marketing"})
_SOLD: frozenset[Function] = frozenset({"security", "hr", "data", "it"})
# Words that make a function a product: Security Products Sales, Vertrieb HR-Software.
_PRODUCTS = frozenset([
    "product", "products", "software", "solution", "solutions", "produkt", "produkte",
    "losungen", "technik", "produit", "produits", "logiciel", "logiciels", "producto",
    "productos", "soluciones", "prodotto", "prodotti", "soluzioni", "producten", "oplossingen",
    "produto", "produtos", "solucoes"
])  # fmt: skip
_OFFERS = _PRODUCTS.union(["service", "services", "system", "systems", "technology", "platform"])
# Kinds of phrases beside the traits.
_RANK, _COUNT, _FUNCTION, _SERVING, _WISH = "rank", "count", "function", "serving", "wish"
_ATTRIBUTE = "attribute"
_NO_SECOND: tuple[Function, ...] = ("executive", "other", "admin")
# Tiers of the vocabulary, see `title_functions`.
_WEAKEST, _GENERAL, _FIELD, _BUSINESS, _DECISIVE = 0, 1, 2, 3, 4
# A managing director; behind a name or a trade, a doctor.
_AMBIGUOUS = "md"

_YEAR = re.compile(r"(?:19|20)\d\d")
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
        seniority: the rank it states; `individual` where it states none. A deputy, an interim or
            acting head has the full rank.
        function: for whom the person works; `other` where nothing is said.
        confidence: 0..1: 0 for a title without words or far too long, 0.2 where nothing in it is
            known, 0.3 more for a word of rank and 0.5 more for a word of function.
        rank: the rank that counts in a purchase: one step lower for a deputy, an associate or an
            assistant head; interim, acting and fractional heads have the full rank.
        second_function: the other of two equal functions: "Supply Chain & Purchasing".
        traits: what else the title says, see `title_traits`.
    """

    seniority: Seniority
    function: Function
    confidence: float
    rank: Seniority = "individual"
    second_function: Function | None = None
    traits: frozenset[Trait] = frozenset()


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


def _with_women(phrases: list[str]) -> list[str]:
    """`phrases` and those of women: `formatric*` for `formateu*`, ingeniera for ingeniero."""
    tric = [_TEUR_TORE.sub("tric*", phrase) for phrase in phrases]
    return [*dict.fromkeys(phrases + tric + [_O.sub(r"\1a", phrase) for phrase in phrases])]


# English first: of two phrases as long as each other the first listed counts.
_RANK_FILES = (ranks_en, ranks_de, ranks_fr, ranks_es, ranks_it, ranks_pt, ranks_nl)
_ROMANCE = (functions_fr, functions_es, functions_it, functions_pt)
_FUNCTION_FILES = (functions_en, functions_de, *_ROMANCE, functions_nl)
_TRAIT_FILES = (traits_en, traits_de, traits_fr, traits_es, traits_it, traits_pt, traits_nl)


def _service(kind: str) -> dict[str, None]:
    """The words of `SERVICE` of one kind in every language, in order."""
    return dict.fromkeys(
        phrase for file in _TRAIT_FILES for phrase in _phrases(file.SERVICE.get(kind, ""))
    )


_TOWARDS, _RETIRED, _UNTIL, _PRESENT, _WAS = (
    frozenset(_service(kind)) for kind in ("towards", "retired", "until", "present", "was")
)
_PAST = _RETIRED.union(_service("past"))
_BESIDE = _TOWARDS - {"s"} | {"with", "under", "our", "mit", "avec", "con", "met", "com"}
_PERSONS = frozenset({"founder", "founders", "managing director", "chief executive"})
_OWN_RULES = frozenset(
    {"deputy", "deputy_behind", "assistant_head", "chief_of_staff", "interim", "gatekeeper"}
)


_Entries: TypeAlias = Iterator[tuple[str, Any, str]]  # phrase, label, kind


def _rank_entries() -> _Entries:
    for rank in _ORDER:
        for file in _RANK_FILES:
            yield from ((phrase, rank, _RANK) for phrase in _phrases(file.RANKS.get(rank, "")))
    for file in (ranks_es, ranks_fr, ranks_it, ranks_pt):
        for rank, text in file.COUNTS.items():
            yield from ((phrase, rank, _COUNT) for phrase in _phrases(text))


def _function_entries() -> _Entries:
    for file in _FUNCTION_FILES:
        variants = _with_women if file in _ROMANCE else list[str]
        for function, tiers in file.FUNCTIONS.items():
            for tier, text in tiers.items():
                label = tier, function
                yield from ((phrase, label, _FUNCTION) for phrase in variants(_phrases(text)))


def _trait_entries() -> _Entries:
    for file in _TRAIT_FILES:
        for word, text in file.TRAITS.items():
            yield from ((phrase, word, group_of(word)) for phrase in _phrases(text))
    for kind in ("servant", "assistant", "personal"):
        yield from ((phrase, kind, _SERVING) for phrase in _service(kind))
    for kind in ("wish", "search"):
        yield from ((phrase, kind, _WISH) for phrase in _service(kind))
    for kind in ("awaited", "programme"):
        yield from ((phrase, kind, _ATTRIBUTE) for phrase in _service(kind))


_PHRASES: PhraseTable[Any] = PhraseTable(
    dict.fromkeys([*_rank_entries(), *_function_entries(), *_trait_entries()])
)


class _Says:
    """The phrases in the words of a title, by kind."""

    def __init__(self, words: list[str]) -> None:
        self.ranks: list[Found[Seniority]] = []
        self.counts: list[Found[Seniority]] = []
        self.functions: list[Found[tuple[int, Function]]] = []
        self.serving: list[Found[str]] = []
        self.wishes: list[Found[str]] = []
        self.attributes: list[Found[str]] = []
        self.traits: list[Found[TraitWord]] = []
        lists: dict[str, list[Any]] = {
            _RANK: self.ranks,
            _COUNT: self.counts,
            _FUNCTION: self.functions,
            _SERVING: self.serving,
            _WISH: self.wishes,
            _ATTRIBUTE: self.attributes,
        }
        for one in _PHRASES.find(words):
            lists.get(one.kind, self.traits).append(one)
        self.ranks = _longest(self.ranks)

    def leave_out_described(self) -> None:
        """Leave out what is said of others: learners that are led, money that is invested.

        `Trainee Programme Manager` manages; the function of `Founder, Investor` is no finance.
        """
        teaches = [find for find in self.traits if find.label == "teaches"]
        self.ranks = [
            rank
            for rank in self.ranks
            if rank.label != "entry" or not any(_overlap(rank, find) for find in teaches)
        ]
        if leads_elsewhere(self.ranks, self.traits):
            oversees = [find for find in self.traits if find.label in ("outside", "adviser")]
            self.functions = [
                found
                for found in self.functions
                if not any(find.start <= found.start and found.end <= find.end for find in oversees)
            ]


def _overlap(one: Found[Any], other: Found[Any]) -> bool:
    return one.start < other.end and other.start < one.end


@lru_cache(maxsize=20_000)
def read_title(title: str, department: str | None = None) -> TitleReading:
    """Read `title`; `department` is asked where the title says nothing sure of a function."""
    words, past = _split(title)
    says = _Says(words)
    if wish := _wish(words, says):
        words = words[: wish.start] + words[wish.stop :]
        says = _Says(words)
    says.leave_out_described()
    own_words, ranks = _without_the_served(words, says)
    serves = own_words is not words
    seniority = _seniority(words, ranks, says.traits)
    found = _Says(own_words).functions if serves else says.functions
    first = _first(own_words, found)
    stated = first.label if first else None
    function = stated
    if department and _may_be_bettered(function):
        others, _ = _split(department)
        asked = _first(others, _Says(others).functions)
        function = asked.label if asked else function
    if function == (_WEAKEST, "admin") and seniority in _LEADERS:
        function = None  # an assistant manager is no assistant
    if function is None:
        function = _implied_function(seniority, serves=serves)
    known = 0.2 if len(words) > _EMPTY else 0.0
    confidence = round(known + (0.3 if ranks else 0.0) + (0.5 if function else 0.0), 1)
    second = _second(own_words, found, first, ranks) if first and not serves else None
    stand_ins = deputies(words, ranks, says.traits)
    lowered = _seniority(words, _lowered(ranks, stand_ins), says.traits) if stand_ins else seniority
    counts = [
        count.label
        for count in says.counts
        if not any(_overlap(count, stand_in) for stand_in in stand_ins)
    ]
    rank = min([lowered, *counts], key=_ORDER.index)
    traits = traits_of(
        words,
        says.traits,
        seniority=seniority,
        function=function[1] if function else None,
        stated=stated is not None and stated[0] > _WEAKEST,
        serves=serves,
        leads=leads_elsewhere(ranks, says.traits),
        runs=seniority == "c_suite" and _runs_beside(own_words, found, first, ranks),
    )
    if rank != seniority and stand_ins:
        traits.add("deputy")
    if (past and not (ranks or stated)) or any(one.label == "gone" for one in says.traits):
        traits.add("gone")
    if len(words) == _EMPTY and not past:
        traits.add("silent")
    return TitleReading(
        seniority,
        function[1] if function else "other",
        confidence,
        rank,
        second,
        frozenset(traits),
    )


def _may_be_bettered(function: tuple[int, Function] | None) -> bool:
    return function is None or (function[0] <= _GENERAL and function[1] != "executive")


def _implied_function(seniority: Seniority, *, serves: bool) -> tuple[int, Function] | None:
    if serves:
        return _GENERAL, "admin"
    return (_GENERAL, "executive") if seniority in ("owner", "c_suite") else None


def _split(text: str) -> tuple[list[str], bool]:
    """The folded words of `text`, with a break at each end and where punctuation parts it.

    The second value says whether words of an earlier job were left out.
    """
    text = f" {text[:_READ]}" if len(text.strip()) <= _LONGEST_TITLE else ""
    text = plain_title(text)
    parts: list[list[str]] = []  # the words of each, then the break behind them
    for is_word, run in groupby(_WORDS.findall(text), lambda word: word[0].isalnum()):
        if is_word:
            parts.append([*map(_folded, run), BREAK])
        elif parts and list(run) == [SLASH]:
            parts[-1][-1] = SLASH
    kept, past = _without_the_past(_without_spelled_out(parts))
    if kept:
        kept[-1][-1] = BREAK
    words = [word for part in ([BREAK], *kept) for word in part]
    return (words if kept else [BREAK, BREAK]), past


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """`word` folded, and a German title of a woman as that of a man."""
    return _FEMININE.sub(r"\1", fold(word))


def _without_spelled_out(parts: list[list[str]]) -> list[list[str]]:
    """`parts` without an abbreviation spelled out elsewhere: `CDO (Chief Diversity Officer)`."""
    spelled = {
        "".join(word[0] for word in part[:-1] if word not in _AND and word not in _TOWARDS)
        for part in parts
        if part[0] == "chief"
    }
    return [part for part in parts if len(part) != _EMPTY or part[0] not in spelled] or parts


def _without_the_past(parts: list[list[str]]) -> tuple[list[list[str]], bool]:
    """`parts` without what tells of an earlier job, and whether something did.

    `former CFO`, `CFO (retired)`, `former: CFO`, `was CFO`.
    """
    kept: list[list[str]] = []
    gone = False
    for number, part in enumerate(parts):
        words = part[:-1]
        past = next((at for at, word in enumerate(words) if word in _PAST), len(words))
        if number == 0 and words[0] in _WAS:
            past = 0
        if number == 1 and all(word in _PAST for word in parts[0][:-1]):
            past = 0  # former: CFO
        now = next((at for at in range(past, len(words)) if words[at] in _PRESENT), len(words))
        if words[-1] in _RETIRED or words[0] in _UNTIL or _ended(words):
            past = 0
        if past == 0 and now == len(words) and (len(words) == 1 or words[0] in _UNTIL):
            del kept[-1:]
        gone = gone or past < len(words)
        kept.append([*words[:past], *words[now:], part[-1]])
    return [part for part in kept if len(part) > 1], gone


def _ended(words: list[str]) -> bool:
    """Return whether a year ends the job: `CEO until March 2020`, `CEO fino al 2020`."""
    return _YEAR.fullmatch(words[-1]) is not None and any(
        word in _UNTIL for word in words[1:-1][-3:]
    )


def _wish(words: list[str], says: _Says) -> range | None:
    """Where a rank stands that the person does not hold: `Aspiring CFO`, `CFO to be`.

    Or that only describes what they do: `Head of CFO Programme`, `CEO Coach`.
    """
    for wish in says.wishes:
        end = next_break(words, wish.end)
        reach = end if wish.label == "search" else wish.end + 1
        wished = [rank for rank in says.ranks if wish.end <= rank.start <= reach]
        if wished and wished[0].start < end and wished[0].label in _MANAGEMENT:
            return range(wish.start, end)
    for rank in says.ranks:
        if beside := _beside_an_officer(words, rank, says):
            return beside
        behind = [one for one in says.attributes if 0 <= one.start - rank.end <= 1]
        if behind and behind[0].end <= next_break(words, rank.end):
            if behind[0].label == "awaited":
                return range(previous_break(words, rank.end) + 1, behind[0].end)
            if _OFFICER.fullmatch(words[rank.start]) and rank.label == "c_suite":
                return range(rank.start, rank.end)
    return None


def _beside_an_officer(words: list[str], rank: Found[Seniority], says: _Says) -> range | None:
    """Where the officer stands for whom the person is someone else: `Driver of the CEO`.

    Assistants, deputies and chiefs of staff have rules of their own.
    """
    if not _OFFICER.fullmatch(words[rank.start]) and rank.literal not in _PERSONS:
        return None
    start = rank.start
    while words[start - 1] in _BESIDE:
        start -= 1
    part = previous_break(words, start)
    if start == rank.start or part == start - 1:
        return None
    finds: list[Found[Any]] = [*says.serving, *says.traits]
    own = [find for find in finds if part < find.start < start]
    if any(find.kind == _SERVING or find.label in _OWN_RULES for find in own):
        return None
    return range(rank.start, rank.end)  # `Head of` stays


def _without_the_served(words: list[str], says: _Says) -> tuple[list[str], list[Found[Seniority]]]:
    """Remove the person who is served: `Assistant to the CEO`, `Vice President's Assistant`.

    Their rank is not the person's, and the assistant of a person works for no function.
    """
    ranks, serving = says.ranks, says.serving
    for rank in ranks:
        if words[rank.end : rank.end + 1] == ["s"] and rank.label != "individual":
            return _cut(words, ranks, rank.start, rank.end + 1)
    for servant in serving:
        end = next_break(words, servant.end)
        served = [r for r in ranks if servant.end <= r.start < end and r.label in _LEADERS]
        german = words[servant.start].startswith(("assistent", "assistenz", "sekretar"))
        if served and (words[servant.end] in _TOWARDS or (german and served[0].label != "manager")):
            return _cut(words, ranks, servant.end, end)
    for servant in serving:
        if servant.label == "personal":
            ranks = [r for r in ranks if r.label not in _MANAGEMENT or r.end <= servant.start]
        ends = words[servant.end] in BREAKS and words[servant.start - 1] not in _TOWARDS - {"s"}
        if servant.label != "servant" and ends:
            part = previous_break(words, servant.start)
            served = [r for r in ranks if part <= r.start < servant.start and r.label in _LEADERS]
            # A "President and Secretary" is both.
            if served and words[served[-1].end] not in _AND:
                return _cut(words, ranks, served[0].start, served[-1].end)
    return words, ranks


def _cut(
    words: list[str], ranks: list[Found[Seniority]], start: int, end: int
) -> tuple[list[str], list[Found[Seniority]]]:
    kept = [rank for rank in ranks if rank.end <= start or rank.start >= end]
    return words[:start] + words[end:], kept


def _longest(ranks: list[Found[Seniority]]) -> list[Found[Seniority]]:
    """`ranks` without those in one compound with a longer one: a Teamleiter is no Leiter."""
    longest: dict[tuple[int, int], Found[Seniority]] = {}
    for rank in ranks:
        if rank.literal == _AMBIGUOUS and rank.start > 1:
            continue
        other = longest.get((rank.start, rank.end))
        if other is None or len(rank.literal) > len(other.literal):
            longest[rank.start, rank.end] = rank
    return list(longest.values())


def _seniority(
    words: list[str], ranks: list[Found[Seniority]], says: list[Found[TraitWord]]
) -> Seniority:
    """Return the first rank in order, or `entry` if the title is a learner's."""
    stated = {rank.label for rank in ranks}
    if "entry" in stated:
        high = [rank for rank in ranks if rank.label in _ABOVE_DIRECTOR]
        directs = [rank.start for rank in ranks if rank.label == "director"]
        learns = min(rank.start for rank in ranks if rank.label == "entry")
        if high:
            if any(_learns_from(words, one, high) for one in says if one.label == "learner"):
                return "entry"
        elif not directs or learns < min(directs):
            return "entry"
    return next((rank for rank in _ORDER if rank in stated), "individual")


def _learns_from(words: list[str], learner: Found[TraitWord], high: list[Found[Seniority]]) -> bool:
    """Whether a learner's title only names a high rank: `CEO Intern`, `Intern to the founders`."""
    start, end = previous_break(words, learner.end - 1), next_break(words, learner.end - 1)
    beside = [rank for rank in high if start <= rank.start <= end]
    last = learner.end >= end
    return bool(beside) and (last or learner.start < beside[0].start)


def _lowered(
    ranks: list[Found[Seniority]], stand_ins: list[Found[Seniority]]
) -> list[Found[Seniority]]:
    """`ranks` as they count: a deputy's one step lower."""
    return [replace(rank, label=lower(rank.label)) if rank in stand_ins else rank for rank in ranks]


def _first(
    words: list[str], found: list[Found[tuple[int, Function]]]
) -> Found[tuple[int, Function]] | None:
    """The strongest phrase of function; of equals the first, then the longest.

    What stands behind a comma or dash only details a first part that names a function, and what
    a seller or marketer sells is not their function: an HR Tech Sales Manager sells.
    """
    if not found:
        return None
    end = next_break(words, 1)
    head = [one for one in found if one.start <= end and one.label[0] > _GENERAL]
    joint = next((at for at, word in enumerate(words) if word in _AND), len(words))
    first = max(head or found, key=lambda one: _strength(one, joint))
    if first.label[1] in _SOLD:
        sellers = [
            one for one in head or found if one.label[1] in _SELLERS and _sells(words, one, first)
        ]
        return sellers[0] if sellers else first
    return first


def _sells(
    words: list[str], seller: Found[tuple[int, Function]], sold: Found[tuple[int, Function]]
) -> bool:
    """Return whether a phrase of sales or marketing makes the function beside it a product."""
    if seller.label[0] < _BUSINESS or _apart(words, seller, sold, []):
        return False
    if seller.label[0] >= _DECISIVE:
        return True
    if sold.start < seller.start:  # Head of Security Sales, not Head of IT Growth
        between = words[sold.end : seller.start]
        return (
            seller.literal in _SELLERS
            and seller.end == next_break(words, seller.end - 1)
            and all(word in _OFFERS for word in between)
        )
    between, end = words[seller.end : sold.start], next_break(words, sold.end - 1)
    behind = words[sold.end : end]
    named = bool(behind) and all(word in _PRODUCTS for word in behind)
    before = bool(between) and sold.end == end and bool(_PRODUCTS.intersection(between))
    return (named or before) and all(word in _PRODUCTS | _TOWARDS for word in between)


def _second(
    words: list[str],
    found: list[Found[tuple[int, Function]]],
    first: Found[tuple[int, Function]],
    ranks: list[Found[Seniority]],
) -> Function | None:
    """A further function that stands as an equal beside the `first`."""
    others = [
        one
        for one in found
        if one.label[0] >= _FIELD
        and one.label[1] not in (first.label[1], *_NO_SECOND)
        and _apart(words, first, one, ranks)
    ]
    return max(others, key=lambda one: (one.label[0], -one.start)).label[1] if others else None


def _runs_beside(
    words: list[str],
    found: list[Found[tuple[int, Function]]],
    first: Found[tuple[int, Function]] | None,
    ranks: list[Found[Seniority]],
) -> bool:
    """Whether the title names general management beside the `first` function."""
    return first is not None and any(
        one.label[1] == "executive" and one is not first and _apart(words, first, one, ranks)
        for one in found
    )


def _apart(
    words: list[str],
    one: Found[tuple[int, Function]],
    other: Found[tuple[int, Function]],
    ranks: list[Found[Seniority]],
) -> bool:
    """Whether two phrases are equals: joined by "and" or "/", or each in a part with a rank."""
    left, right = (one, other) if one.start < other.start else (other, one)
    between = words[left.end : right.start]
    if BREAK not in between:
        return any(word in _AND or word == SLASH for word in between)
    # A phrase may end with the last break: then nothing stands behind it.
    joined = _AND.intersection(words[right.end : right.end + 1])
    bare = words[left.start - 1] == words[left.end] == BREAK and joined
    if bare and not any(one.start < left.end and left.start < one.end for one in ranks):
        return True  # Finance, HR and Legal Director
    return all(
        any(
            rank.label in _LEADERS
            and previous_break(words, each.end) <= rank.start
            and rank.end <= next_break(words, each.end - 1) + 1
            for rank in ranks
        )
        for each in (left, right)
    )


def _strength(one: Found[tuple[int, Function]], joint: int) -> tuple[int, int, int]:
    tier = one.label[0]
    # Joined by "and", functions are equals, unless the last names an occupation.
    equal = _BUSINESS if tier == _DECISIVE and one.start > joint else tier
    return equal, -one.start, len(one.literal)
