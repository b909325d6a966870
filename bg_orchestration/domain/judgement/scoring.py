"""How much each person matters to a purchase: six parts with their reasons.

A score is the weighted mean of its parts, each 0..1, with the weights of the seller's profile:

- seniority: the rank that counts here, against the lowest that approves this deal in this company;
- function: what the function is to the purchase;
- influence: the rank again, less the farther the function is from the purchase;
- tenure, recency: how long ago the job began. There is no clock here: time is counted to the newest
  start known among the people judged, so that the same people score the same on any day;
- location: only for a profile that names countries.

What is not known carries no weight: it neither helps nor harms. The scales are the policy's.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter

from bg_orchestration.domain.judgement.effective_seniority import Jobs, function_words
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.sizing import (
    BAND_WORDS,
    WATCHING,
    Purchase,
    company_size,
)
from bg_orchestration.domain.judgement.tenure import Since, Starts
from bg_orchestration.domain.model import (
    RANKS,
    Company,
    DutyName,
    Job,
    Person,
    Score,
    ScoredPerson,
    ScorePart,
)
from bg_orchestration.domain.titles.phrases import fold

_CLOSE = 0.5
_WATCH: dict[DutyName | None, str] = {
    "audit": "audit and risk watch how money is spent",
    "representing": "those who represent the employees are heard, and buy nothing",
}


def score_people(
    company: Company, people: Sequence[Person], profiles: Iterable[SellerProfile], policy: Policy
) -> tuple[ScoredPerson, ...]:
    """Read each person's title and score them for each profile, in the order of person_id.

    Each distinct job is read once, and each distinct score made once: people share them.
    """
    known = len({person.person_id for person in people})
    employees = company_size(company, known)
    purchases = tuple(Purchase(profile, policy, employees) for profile in profiles)
    jobs = _JobScores(Jobs(company, policy))
    starts = Starts((person.started_on for person in people), policy.scales)
    located = any(purchase.profile.countries for purchase in purchases)
    scored = []
    order = attrgetter("person_id") if known == len(people) else attrgetter("person_id", "title")
    with _without_collecting():
        for person in sorted(people, key=order):
            job, scores = jobs[person.title, person.department]
            key = (starts[person.started_on], person.country if located else None)
            if key not in scores:
                scores[key] = {each.profile.id: score(job, each, *key) for each in purchases}
            scored.append(ScoredPerson(person, job, scores[key]))
    return tuple(scored)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No garbage collection meanwhile.

    Nothing made is garbage, and to look for some among a hundred thousand people, over and over,
    takes longer than to score them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_Scores = dict[tuple[Since | None, str | None], dict[str, Score]]


class _JobScores(dict[tuple[str, str | None], tuple[Job, _Scores]]):
    """Each title and department with its job and the scores made so far of that job."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._known: dict[Job, tuple[Job, _Scores]] = {}

    def __missing__(self, title: tuple[str, str | None]) -> tuple[Job, _Scores]:
        job = self._jobs.read(*title)
        self[title] = found = self._known.setdefault(job, (job, {}))
        return found


def score(job: Job, purchase: Purchase, since: Since | None, country: str | None) -> Score:
    """The score of somebody in `job` since then and there, for one purchase."""
    weights = purchase.profile.weights
    rank, rank_reason = _seniority_fit(job, purchase)
    fit, fit_reason = _function_fit(job, purchase)
    parts = [
        ScorePart(name="seniority", value=rank, weight=weights.seniority, reason=rank_reason),
        ScorePart(name="function", value=fit, weight=weights.function, reason=fit_reason),
        _influence(job, fit, purchase),
        *_dates(since, purchase),
    ]
    if purchase.profile.countries:
        parts.append(_location(country, purchase.profile))
    weight = sum(part.weight for part in parts)
    # Four digits: no sum of floats may differ in print from one machine to another.
    total = round(sum(part.value * part.weight for part in parts) / weight, 4)
    return Score(total=min(1.0, total), parts=tuple(parts))


def _seniority_fit(job: Job, purchase: Purchase) -> tuple[float, str]:
    deal = f"{purchase.profile.deal_size_usd:,.0f} USD in a company of {purchase.employees:,}"
    scales = purchase.policy.scales
    distance = purchase.steps_above(job.standing)
    if distance < 0:
        steps = min(-distance, len(scales.below))
        return scales.below[steps - 1], f"{job.said}: below the rank that approves {deal}"
    if purchase.company == "small" or distance <= 1:
        strained = purchase.company != "small" and not purchase.usually_approves(job.standing)
        edge = ", near its limit" if strained else ""
        return 1.0, f"{job.said}: a rank that approves {deal}{edge}"
    value = max(0.0, round(1.0 - scales.above * (distance - 1), 4))
    return value, f"{job.said}: above the rank that usually approves {deal}"


def _function_fit(job: Job, purchase: Purchase) -> tuple[float, str]:
    fit = purchase.policy.scales.function
    departments = purchase.departments
    named = function_words(job.function)
    if job.duty == "customers":
        return 0.0, f"{named} that serves customers or the market has no part in such purchases"
    if job.duty in WATCHING:
        return fit.control, _WATCH[job.duty]
    if job.function == departments.owners[0]:
        return fit.owner, f"{named} owns the budget"
    if purchase.uses(job.function, job.duty):
        return fit.user, f"{named} uses the product"
    if job.function in departments.owners:
        first = function_words(departments.owners[0])
        return fit.later_owner, f"{named} owns the budget where nobody of {first} does"
    if job.function in ("executive", "admin"):
        return _management_fit(job, purchase)
    if job.standing == "owner" and purchase.company == "small":
        return fit.founder_of_small, "founders of a small company have a say in every purchase"
    if purchase.may_object(job.function, job.standing, job.duty):
        return fit.control, f"{named} checks such purchases"
    if job.function in departments.adjacent:
        return fit.adjacent, f"{named} feels the change but does not live in the product"
    return 0.0, f"{named} has no part in such purchases"


def _management_fit(job: Job, purchase: Purchase) -> tuple[float, str]:
    fit = purchase.policy.scales.function
    if job.duty == "assisting":
        return fit.assisting, "assists the management and has no part in the purchase"
    if job.function == "admin":
        return 0.0, "administration has no part in such purchases"
    if RANKS.index(job.standing) < RANKS.index("director"):
        return fit.assisting, "runs no part of the company and has no part in the purchase"
    named = BAND_WORDS[purchase.company]
    return fit.management[purchase.company], f"general management of a {named} company"


def _influence(job: Job, fit: float, purchase: Purchase) -> ScorePart:
    scales = purchase.policy.scales
    share = scales.far_influence + (1 - scales.far_influence) * fit
    leads = RANKS.index(job.standing) >= RANKS.index("manager")
    where = "close to this purchase" if fit >= _CLOSE else "far from this purchase"
    return ScorePart(
        name="influence",
        value=round(scales.rank_influence[job.standing] * share, 4),
        weight=purchase.profile.weights.influence,
        reason=f"leads {'people' if leads else 'nobody'}, {where}",
    )


def _dates(since: Since | None, purchase: Purchase) -> tuple[ScorePart, ScorePart]:
    weights = purchase.profile.weights
    if since is None:
        return (
            ScorePart(name="tenure", value=0.0, weight=0.0, reason="start not known"),
            ScorePart(name="recency", value=0.0, weight=0.0, reason="start not known"),
        )
    return (
        ScorePart(
            name="tenure",
            value=since.tenure,
            weight=weights.tenure,
            reason=f"in the job for {since.job_for}, as of the newest start known here",
        ),
        ScorePart(
            name="recency",
            value=since.recency,
            weight=weights.recency,
            reason=f"{since.started} in the job",
        ),
    )


def _location(country: str | None, profile: SellerProfile) -> ScorePart:
    if not country:
        return ScorePart(name="location", value=0.0, weight=0.0, reason="country not known")
    inside = _folded(country) in {_folded(each) for each in profile.countries}
    return ScorePart(
        name="location",
        value=float(inside),
        weight=profile.weights.location,
        reason=f"works {'where' if inside else 'outside the countries in which'} the seller sells",
    )


@lru_cache(maxsize=1_000)
def _folded(country: str) -> str:
    return fold(country.strip())
