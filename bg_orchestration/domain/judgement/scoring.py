"""The score of each person for a purchase: six parts with reasons.

A score is the weighted mean of its parts, each 0..1, with the weights of the seller's profile:

- seniority: the rank that counts here, against the lowest that releases this deal;
- function: what the function is to the purchase;
- influence: the rank again, less the farther the function is from the purchase;
- tenure, recency: how long ago the job began. There is no clock here: time is counted to the newest
  start known among the people judged, so that the same people score the same on any day;
- location: only for a profile that names countries.

An unknown part carries no weight: it neither helps nor harms. The scales are the policy's. The
score gives no role: roles follow the rules alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import overload

from bg_orchestration.domain.judgement.job_reading import (
    Jobs,
    at_least,
    function_words,
)
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.purchase import Purchase, company_size
from bg_orchestration.domain.judgement.reasons import no_role_words
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.tenure import Since, Starts
from bg_orchestration.domain.model import (
    Company,
    Job,
    Person,
    Score,
    ScoredPerson,
    ScorePart,
)
from bg_orchestration.domain.titles.phrases import fold

_CLOSE = 0.5


Shared = tuple[Job, dict[str, Score]]  # the shared part of people
Groups = list[tuple[Shared, list[Person]]]


class ScoredPeople(Sequence[ScoredPerson]):
    """People in the order of their ids; each is paired with job and scores when it is looked at.

    People share jobs and scores, so that a hundred thousand of them make few objects, and the
    garbage collector has little to look through.
    """

    def __init__(
        self, people: Sequence[Person], shared: Sequence[Shared], *, distinct: bool
    ) -> None:
        """Pair `people` with `shared` one by one; `distinct`: no id stands twice."""
        self._people = people
        self._shared = shared
        self.distinct = distinct

    def __len__(self) -> int:
        return len(self._people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, at: int) -> ScoredPerson: ...
    @overload
    def __getitem__(self, at: slice) -> "ScoredPeople": ...
    def __getitem__(self, at: int | slice) -> "ScoredPerson | ScoredPeople":
        if isinstance(at, slice):
            return ScoredPeople(self._people[at], self._shared[at], distinct=self.distinct)
        return ScoredPerson(self._people[at], *self._shared[at])

    def __iter__(self) -> Iterator[ScoredPerson]:
        for person, shared in zip(self._people, self._shared, strict=True):
            yield ScoredPerson(person, *shared)

    def pairs(self) -> Iterator[tuple[Person, Shared]]:
        """Return each person with the shared job and scores, without an object for the pair."""
        return zip(self._people, self._shared, strict=True)


def pairs_of(scored: Sequence[ScoredPerson]) -> Iterator[tuple[Person, Shared]]:
    """Return each person with the shared job and scores; equal ones may be stored apart."""
    if isinstance(scored, ScoredPeople):
        return scored.pairs()
    return ((each.person, (each.job, each.scores)) for each in scored)


def score_people(
    company: Company, people: Sequence[Person], profiles: Iterable[SellerProfile], policy: Policy
) -> ScoredPeople:
    """Read each person's title and score them for each profile, in the order of person_id.

    Each distinct job is read once, and each distinct score made once: people share them.
    """
    headcount = len({person.person_id for person in people})
    employees = company_size(company, headcount)
    purchases = tuple(
        Purchase(profile, policy, employees, company.industry, company.country)
        for profile in profiles
    )
    jobs = _JobScores(Jobs(company, policy), purchases)
    starts = Starts((person.started_on for person in people), policy.scales)
    located = any(purchase.profile.countries for purchase in purchases)
    shared = []
    order = (
        attrgetter("person_id") if headcount == len(people) else attrgetter("person_id", "title")
    )
    ordered = sorted(people, key=order)
    for person in ordered:
        shares = jobs[person.title, person.department]
        key = (starts[person.started_on], person.country if located else None)
        shared.append(shares.get(key) or shares[key])
    return ScoredPeople(ordered, shared, distinct=headcount == len(people))


class _Shares(dict[tuple[Since | None, str | None], Shared]):
    """The shares of people in one job, by start and country."""

    def __init__(self, job: Job, purchases: Sequence[Purchase]) -> None:
        self._job = job
        self._lasting = [(each, _lasting_parts(job, each)) for each in purchases]

    def __missing__(self, key: tuple[Since | None, str | None]) -> Shared:
        scores = {each.profile.id: _score(parts, each, *key) for each, parts in self._lasting}
        self[key] = shared = (self._job, scores)
        return shared


class _JobScores(dict[tuple[str, str | None], _Shares]):
    """The shares of each title and department."""

    def __init__(self, jobs: Jobs, purchases: Sequence[Purchase]) -> None:
        self._jobs = jobs
        self._purchases = purchases
        self._known: dict[Job, _Shares] = {}

    def __missing__(self, title: tuple[str, str | None]) -> _Shares:
        job = self._jobs.read(*title)
        if job not in self._known:
            self._known[job] = _Shares(job, self._purchases)
        self[title] = found = self._known[job]
        return found


def score(job: Job, purchase: Purchase, since: Since | None, country: str | None) -> Score:
    """Return the score of a person in `job` since then and there, for one purchase."""
    return _score(_lasting_parts(job, purchase), purchase, since, country)


def _lasting_parts(job: Job, purchase: Purchase) -> tuple[ScorePart, ...]:
    """Return the parts that follow from the job alone."""
    weights = purchase.profile.weights
    rank, rank_reason = _seniority_fit(job, purchase)
    fit, fit_reason = _function_fit(job, purchase)
    return (
        ScorePart(name="seniority", value=rank, weight=weights.seniority, reason=rank_reason),
        ScorePart(name="function", value=fit, weight=weights.function, reason=fit_reason),
        _influence(job, fit, purchase),
    )


def _score(
    lasting: Sequence[ScorePart], purchase: Purchase, since: Since | None, country: str | None
) -> Score:
    parts = [*lasting, *_dates(since, purchase)]
    if purchase.profile.countries:
        parts.append(_location(country, purchase.profile))
    weight = sum(part.weight for part in parts)
    # Four digits: no sum of floats may differ in print from one machine to another.
    total = round(sum(part.value * part.weight for part in parts) / weight, 4)
    return Score(total=min(1.0, total), parts=tuple(parts))


def _seniority_fit(job: Job, purchase: Purchase) -> tuple[float, str]:
    scales = purchase.policy.scales
    if purchase.runs_company(job):
        distance = 0 if purchase.deal >= purchase.row.management.alone else 1
        return round(1.0 - scales.above * distance, 4), f"{job.said}: runs the company"
    step = purchase.step(job.standing)
    distance = step - purchase.deal_step
    deal = f"{purchase.deal:,.0f} USD in a company of {purchase.employees:,}"
    if distance < 0:
        return scales.below[
            min(-distance, len(scales.below)) - 1
        ], f"{job.said}: below the rank that releases {deal}"
    if distance == 0:
        return 1.0, f"{job.said}: the rank that releases {deal}"
    value = max(0.0, round(1.0 - scales.above * (distance - 1), 4))
    steps = "step" if distance == 1 else "steps"
    return value, f"{job.said}: {distance} {steps} above the rank that releases {deal}"


def _function_fit(job: Job, purchase: Purchase) -> tuple[float, str]:
    fit = purchase.policy.scales.function
    words = function_words(job.function)
    if not purchase.concerns(job):
        return 0.0, no_role_words(job)
    owner = purchase.departments.owners[0]
    if purchase.owns(job):
        return fit.owner, f"{function_words(owner)} owns the budget"
    if (using := purchase.function_concerned(job)) is not None:
        return fit.user, f"{function_words(using)} uses the product"
    if purchase.runs_company(job):
        alone = purchase.deal >= purchase.row.management.alone
        return fit.owner if alone else fit.management, "runs the company"
    desk = purchase.desk(job)
    if desk is not None and purchase.may_object(job):
        return fit.control, f"guards {purchase.policy.controls[desk].guards}"
    return fit.adjacent, f"{words} feels the change but does not live in the product"


def _influence(job: Job, fit: float, purchase: Purchase) -> ScorePart:
    scales = purchase.policy.scales
    share = scales.far_influence + (1 - scales.far_influence) * fit
    leads = at_least(job.standing, "manager")
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
            reason=f"in the job for {since.job_for} as of {since.as_of}, the newest start known",
        ),
        ScorePart(
            name="recency",
            value=since.recency,
            weight=weights.recency,
            reason=f"{since.started} in the job as of {since.as_of}, the newest start known",
        ),
    )


def _location(country: str | None, profile: SellerProfile) -> ScorePart:
    if not country:
        return ScorePart(name="location", value=0.0, weight=0.0, reason="country not known")
    inside = _fold_country(country) in {_fold_country(each) for each in profile.countries}
    return ScorePart(
        name="location",
        value=float(inside),
        weight=profile.weights.location,
        reason=f"works {'where' if inside else 'outside the countries in which'} the seller sells",
    )


@lru_cache(maxsize=1_000)
def _fold_country(country: str) -> str:
    return fold(country.strip())
