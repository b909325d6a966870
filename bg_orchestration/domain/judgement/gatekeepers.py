"""The way in: assistants and receptions beside the group, with the guarded person."""

from bg_orchestration.domain.judgement.candidates import Candidate, Seats
from bg_orchestration.domain.judgement.job_reading import words_of
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.scoring import Groups
from bg_orchestration.domain.model import Gatekeeper, Job
from bg_orchestration.domain.titles.phrases import BREAK
from bg_orchestration.domain.titles.title_reader import TitleReading, read_title

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
    """Return the gatekeepers of deciders and champions, at most three."""
    superiors = [s.candidate for s in seats.taken if s.role in ("decision", "champion")]
    found = []
    for (job, _), people in groups:
        for person in people if "gatekeeper" in job.traits else ():
            served = _head_title(person.title)
            head = next((each for each in superiors if _screens(purchase, job, served, each)), None)
            if head is not None:
                found.append(Gatekeeper(person_id=person.person_id, guards=head.person_id))
    return tuple(sorted(found, key=lambda each: each.person_id)[:_MOST])


def _screens(purchase: Purchase, job: Job, served: TitleReading | None, head: Candidate) -> bool:
    """Return whether a gatekeeper screens `head`: by name, or as head of the office."""
    function = served.function if served else job.function
    if function in ("executive", "admin"):
        return purchase.runs_company(head.job)
    same = head.job.function == function and head.ranks("director")
    return same and (served is None or served.rank in ("individual", head.rank))


def _head_title(title: str) -> TitleReading | None:
    """Return the title of an assistant's superior (`Assistant to the CFO`), if stated."""
    words = words_of(title)
    at = next((n for n, word in enumerate(words) if word in _TO), None)
    if at is None:
        return None
    served = read_title(" ".join(word for word in words[at + 1 :] if word != BREAK))
    return served if served.function != "other" else None
