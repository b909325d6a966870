"""The way in: assistants and receptions beside whom they guard, as no members."""

from bg_orchestration.domain.judgement.candidates import Seats
from bg_orchestration.domain.judgement.jobs import words_of
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.scoring import Groups
from bg_orchestration.domain.model import Function, Gatekeeper
from bg_orchestration.domain.titles.phrases import BREAK
from bg_orchestration.domain.titles.title_reader import read_title

_MOST = 3
_TO = frozenset(
    {
        "to",
        "of",
        "for",
        "der",
        "des",
        "du",
        "de",
        "del",
        "della",
        "di",
        "van",
        "da",
        "do",
        "la",
        "s",
    }
)


def gatekeepers(purchase: Purchase, groups: Groups, seats: Seats) -> tuple[Gatekeeper, ...]:
    """Return who screens the deciders and champions of the group, at most three."""
    guarded = [s.candidate for s in seats.taken if s.role in ("decision", "champion")]
    found = []
    for (job, _), people in groups:
        for person in people if "gatekeeper" in job.traits else ():
            function = _served(person.title, job.function)
            management = function in ("executive", "admin")
            head = next(
                (
                    each
                    for each in guarded
                    if (management and purchase.runs_company(each.job))
                    or (each.job.function == function and each.ranks("director"))
                ),
                None,
            )
            if head is not None:
                found.append(Gatekeeper(person_id=person.person_id, guards=head.person_id))
    return tuple(sorted(found, key=lambda each: each.person_id)[:_MOST])


def _served(title: str, function: Function) -> Function:
    """Return the function of the head whom an assistant serves: `Assistant to the CFO`."""
    words = words_of(title)
    at = next((n for n, word in enumerate(words) if word in _TO), None)
    if at is None:
        return function
    rest = " ".join(word for word in words[at + 1 :] if word != BREAK)
    served = read_title(rest)
    return served.function if served.confidence > 0 and served.function != "other" else function
