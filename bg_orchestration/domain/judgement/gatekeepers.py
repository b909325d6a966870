"""The way in: assistants and receptions beside whom they guard, as no members."""

from collections.abc import Iterable

from bg_orchestration.domain.judgement.candidates import Seats
from bg_orchestration.domain.judgement.jobs import words_of
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.model import Function, Gatekeeper, ScoredPerson
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


def gatekeepers(
    purchase: Purchase, people: Iterable[ScoredPerson], seats: Seats
) -> tuple[Gatekeeper, ...]:
    """Return who screens the deciders and champions of the group, at most three."""
    guarded = [s.candidate for s in seats.taken if s.role in ("decision", "champion")]
    jobs: dict[int, bool] = {}
    found = []
    for each in people:
        job = each.job
        if jobs.setdefault(id(job), "gatekeeper" in job.traits):
            function = _served(each.person.title, job.function)
            for head in guarded:
                management = function in ("executive", "admin") and purchase.runs_company(head.job)
                if (head.job.function == function and head.ranks("director")) or management:
                    found.append((each.person.person_id, head.person_id))
                    break
    return tuple(Gatekeeper(person_id=p, guards=g) for p, g in sorted(found)[:_MOST])


def _served(title: str, function: Function) -> Function:
    """Return the function of the head whom an assistant serves: `Assistant to the CFO`."""
    words = words_of(title)
    at = next((n for n, word in enumerate(words) if word in _TO), None)
    if at is None:
        return function
    rest = " ".join(word for word in words[at + 1 :] if word != BREAK)
    served = read_title(rest)
    return served.function if served.confidence > 0 and served.function != "other" else function
