"""What a title says beside rank and function: whether the person learns, has left, guards a door.

The words stand in `traits`, one file for each language. Most kinds of words give the trait of the
same name. The others only help: `whole`, `teaches`, `keeps_no_gate` and `no_deputy` hide a shorter
word within them ("power plant" is no plant), `adviser` counts where no function is named, `unit`
("operations") and `desk` ("compliance") make a function a part, `interim` keeps a freelance head
inside, `runs` leads to `runs_company`.
"""

from collections.abc import Sequence, Set
from typing import Literal

from bg_orchestration.domain.model import RANKS, Function, Seniority, Trait
from bg_orchestration.domain.titles.phrases import BREAKS, Found

TraitWord = Literal[
    "silent", "gone", "outside", "outside_always", "adviser", "learner", "teaches", "gatekeeper",
    "keeps_no_gate", "deputy", "deputy_behind", "deputy_fused", "no_deputy", "assistant_head",
    "interim",
    "part", "whole", "unit", "desk", "process", "employee_representative", "data_protection",
    "public_buyer", "runs", "chief_of_staff", "prospecting", "account_keeper", "front_line",
]  # fmt: skip

# A longer phrase hides a shorter one within it if both belong to the same group.
_GROUPS: dict[TraitWord, str] = {
    "outside_always": "outside",
    "teaches": "learner",
    "keeps_no_gate": "gatekeeper",
    "deputy_behind": "deputy",
    "deputy_fused": "deputy",
    "no_deputy": "deputy",
    "assistant_head": "deputy",
    "whole": "part",
}
# Words that are a trait wherever they stand.
_PLAIN: dict[TraitWord, Trait] = {
    "employee_representative": "employee_representative",
    "data_protection": "data_protection",
    "public_buyer": "public_buyer",
    "chief_of_staff": "chief_of_staff",
    "prospecting": "prospecting",
    "account_keeper": "account_keeper",
}
_LEADERS = RANKS[RANKS.index("manager") :]
_AND = frozenset({"and", "und", "et", "y", "e", "ed", "en"})
# Functions that do not count as the one an "operations" or "compliance" belongs to.
_OWN_UNIT: frozenset[Function] = frozenset({"operations", "legal", "executive", "other", "admin"})
_GENERAL_MANAGEMENT: frozenset[Function | None] = frozenset(
    {"executive", "other", "admin", "education", "healthcare", "operations", None}
)

Words = Sequence[str]
TraitFinds = Sequence[Found[TraitWord]]


def group_of(word: TraitWord) -> str:
    """The group of phrases among which the longest counts."""
    return _GROUPS.get(word, word)


def lower(rank: Seniority) -> Seniority:
    """The rank one step below `rank`, no lower than `senior`."""
    return RANKS[max(RANKS.index(rank) - 1, RANKS.index("senior"))]


def deputies(
    words: Words, ranks: Sequence[Found[Seniority]], finds: TraitFinds
) -> list[Found[Seniority]]:
    """The ranks of `ranks` that the person only stands in for: of a deputy, an assistant head."""
    return [rank for rank in ranks if rank.label in _LEADERS and _deputised(words, rank, finds)]


def _deputised(words: Words, rank: Found[Seniority], finds: TraitFinds) -> bool:
    for find in finds:
        if find.label == "deputy_fused":
            if find.start < rank.end and rank.start < find.end:
                return True
        elif find.label in ("deputy", "assistant_head"):
            before = find.start <= rank.start and rank.end > find.end
            if before and _together(words, find.start, rank.end):
                return True
        elif find.label == "deputy_behind":
            behind = rank.start < find.start
            if behind and _together(words, rank.start, find.end):
                return True
    return False


def _together(words: Words, start: int, end: int) -> bool:
    """Whether the words from `start` to before `end` are one part without an "and"."""
    return not any(word in BREAKS or word in _AND for word in words[start:end])


def traits_of(
    words: Words,
    finds: TraitFinds,
    *,
    seniority: Seniority,
    function: Function | None,
    stated: bool,
    serves: bool,
    leads: bool,
    runs: bool,
) -> set[Trait]:
    """The traits that the words say, all but `gone` and `deputy`.

    Args:
        words: the words of the title.
        finds: the phrases of traits in them.
        seniority: the rank that the title states.
        function: for whom the person works, `None` where nothing says so.
        stated: whether the title itself names the function.
        serves: whether it names another person's rank ("Assistant to the CEO").
        leads: whether it states a rank in a part that says nothing of overseeing.
        runs: whether general management stands beside another function: "CEO & CTO".
    """
    found = {find.label for find in finds}
    manages = seniority in _LEADERS
    traits: set[Trait] = {trait for word, trait in _PLAIN.items() if word in found}
    if "silent" in found and not manages and (not stated or _whole(words, finds, "silent")):
        traits.add("silent")
    if "learner" in found and not (manages and seniority != "owner"):
        traits.add("learner")
    if _is_outside(found, leads=leads, function=function):
        traits.add("outside")
    if not manages and (serves or "gatekeeper" in found) and "chief_of_staff" not in found:
        traits.add("gatekeeper")
    unit = _belongs(words, finds, "unit", function)
    if manages and ("part" in found or unit or _belongs(words, finds, "desk", function)):
        traits.add("part")
    if "process" in found or unit:
        traits.add("process")
    # A security officer of IT guards no door.
    if not manages and "front_line" in found and not (stated and function == "security"):
        traits.add("front_line")
    top = function in ("executive", None) and seniority in ("owner", "c_suite")
    general = "runs" in found and function in _GENERAL_MANAGEMENT
    if (top or general or runs or seniority == "owner") and not serves:
        traits.add("runs_company")
    if "outside" in traits or "learner" in traits:
        traits.discard("runs_company")
    return traits


def _whole(words: Words, finds: TraitFinds, kind: TraitWord) -> bool:
    """Whether phrases of `kind` cover every word of the title."""
    covered = {at for find in finds if find.label == kind for at in range(find.start, find.end)}
    return all(at in covered or word in BREAKS for at, word in enumerate(words))


def _is_outside(found: Set[TraitWord], *, leads: bool, function: Function | None) -> bool:
    if "outside_always" in found and "interim" not in found:
        return True
    if "outside" in found:
        return not leads
    return "adviser" in found and not leads and function in (None, "other")


def _belongs(words: Words, finds: TraitFinds, kind: TraitWord, function: Function | None) -> bool:
    """Whether the title names a unit within a function: `sales operations`."""
    if function is None or function in _OWN_UNIT:
        return False
    return any(
        find.label == kind
        and words[find.start - 1] not in BREAKS
        and words[find.start - 1] not in _AND
        for find in finds
    )


def leads_elsewhere(ranks: Sequence[Found[Seniority]], finds: TraitFinds) -> bool:
    """Whether a rank stands outside what `finds` say of overseeing: `Board Member & CFO`."""
    overseeing = [find for find in finds if find.label in ("outside", "adviser")]
    return any(
        rank.label in _LEADERS
        and not any(rank.start < find.end and find.start < rank.end for find in overseeing)
        for rank in ranks
    )
