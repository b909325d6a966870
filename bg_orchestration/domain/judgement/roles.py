"""The roles of a buyer group: people's decisions first, then the policy by section."""

from collections.abc import Container, Iterable, Mapping, Sequence
from heapq import nsmallest

from bg_orchestration.domain.judgement.blocker import blocker
from bg_orchestration.domain.judgement.candidates import Candidate, Choice, Seat, Seats
from bg_orchestration.domain.judgement.champion import champion
from bg_orchestration.domain.judgement.confidence import completeness, confidence
from bg_orchestration.domain.judgement.decision import decision
from bg_orchestration.domain.judgement.gaps import gaps
from bg_orchestration.domain.judgement.gatekeepers import gatekeepers
from bg_orchestration.domain.judgement.introducer import introducer
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.purchase import Purchase, company_size
from bg_orchestration.domain.judgement.scoring import Groups, ScoredPeople, Shared, pairs_of
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.stakeholder import heads_and_sponsor, it_head, voices
from bg_orchestration.domain.model import (
    ROLES,
    BuyerGroup,
    Company,
    Decision,
    Member,
    Person,
    Role,
    ScoredPerson,
)

# People of one job who are looked at: no rule seats more than three of them, and second records of
# one human must leave no seat empty.
_OF_A_JOB = 10


def assign(
    company: Company,
    scored: Sequence[ScoredPerson],
    profile: SellerProfile,
    policy: Policy,
    decisions: Iterable[Decision] = (),
) -> BuyerGroup:
    """Return the buyer group of `company` for the seller `profile`.

    A person who stands twice, with two jobs, takes part once: with the job that scores higher.
    `decisions` of people outrank the rules: a dismissed person takes no part, a confirmed or
    assigned one holds that role before the rules give any. A decision about a person who is not in
    `scored` does nothing.

    Raises:
        ValueError: a person was not scored for this profile.
    """
    groups, people_known = _by_job(scored, profile.id)
    employees = company_size(company, people_known)
    purchase = Purchase(profile, policy, employees, company.industry, company.country)
    decided = {each.person_id: each for each in decisions}
    pinned = _given_seats(groups, profile.id, decided)
    seats = Seats(_candidates(groups, purchase, decided, pinned), pinned)
    _fill(purchase, seats)
    members = tuple(_member(seat, decided) for seat in _in_order(seats.taken))
    covered, missing = gaps(purchase, seats, members, people_known=people_known)
    return BuyerGroup(
        company_id=company.company_id,
        profile_id=profile.id,
        company_size=employees,
        size_range=purchase.size_range,
        people_known=people_known,
        members=members,
        covered=covered,
        gaps=missing,
        gatekeepers=gatekeepers(purchase, groups, seats),
        completeness=completeness(covered, missing),
        confidence=confidence(purchase, seats, counted=bool(company.employee_count))
        if people_known
        else 0.0,
    )


def _fill(purchase: Purchase, seats: Seats) -> None:
    """Fill the seats by the rules, in the order of section 7."""
    pinned = {role: len(seats.of(role)) for role in ROLES}

    def give(role: Role, chosen: Choice) -> None:
        room = purchase.most - len(seats.taken)
        kept = max(0, len(chosen) - pinned[role])
        pinned[role] = max(0, pinned[role] - len(chosen))
        seats.take(role, chosen[: min(kept, max(room, 0))])

    give("decision", decision(purchase, seats))
    champions = champion(purchase, seats)
    give("champion", champions[:1])
    concerned = bool(seats.taken) or any(
        purchase.uses(each.job) and not purchase.takes_no_part(each.job) for each in seats.known
    )
    controls = blocker(purchase, seats)
    if not concerned:
        # No known person owns or uses the product: empty but for procurement.
        give("blocker", [each for each in controls if purchase.desk(each[0].job) == "procurement"])
        return
    give("blocker", controls)
    give("champion", champions[1:])
    give("stakeholder", it_head(purchase, seats))
    give("stakeholder", voices(purchase, seats))
    give("introducer", introducer(purchase, seats))
    give("stakeholder", heads_and_sponsor(purchase, seats))


def _by_job(scored: Sequence[ScoredPerson], profile_id: str) -> tuple[Groups, int]:
    """Return the people by shared job and scores, each once, with their number."""
    if not isinstance(scored, ScoredPeople) or not scored.distinct:
        scored = _each_once(scored, profile_id)
    groups: dict[int, list[Person]] = {}
    shares: list[Shared] = []
    for person, shared in pairs_of(scored):
        # By identity, which is quick: shares that are equal but stored apart only take longer.
        people = groups.get(id(shared[1]))
        if people is None:
            if profile_id not in shared[1]:
                raise ValueError(
                    f"not scored for the profile {profile_id!r}: score people with it first"
                )
            people = groups[id(shared[1])] = []
            shares.append(shared)
        people.append(person)
    return list(zip(shares, groups.values(), strict=True)), len(scored)


def _each_once(scored: Sequence[ScoredPerson], profile_id: str) -> Sequence[ScoredPerson]:
    """Return each person once, with the job that scores highest."""
    if len({each.person.person_id for each in scored}) == len(scored):
        return scored
    best: dict[str, ScoredPerson] = {}
    for each in scored:
        other = best.setdefault(each.person.person_id, each)
        if other is not each:
            best[each.person.person_id] = min(
                each, other, key=lambda entry: (-entry.scores[profile_id].total, entry.person.title)
            )
    return list(best.values())


def _given_seats(groups: Groups, profile_id: str, decided: Mapping[str, Decision]) -> list[Seat]:
    """Return the seats by people's decisions, in the order of ids."""
    if not decided:
        return []
    seats = []
    for (job, scores), people in groups:
        for person in people:
            decision_of = decided.get(person.person_id)
            if decision_of is not None and decision_of.role is not None:
                candidate = Candidate(person, job, scores[profile_id].total)
                reason = f"A person {decision_of.kind} this role"
                seats.append(Seat(decision_of.role, candidate, reason))
    return sorted(seats, key=lambda seat: seat.candidate.person_id)


def _candidates(
    groups: Groups, purchase: Purchase, decided: Container[str], pinned: Sequence[Seat]
) -> list[Candidate]:
    """Return the candidates for roles, each human once, and a few of each job."""
    of_job: dict[int, list[Candidate]] = {}
    concerned: dict[int, bool] = {}
    for (job, scores), people in groups:
        if id(job) not in concerned:
            concerned[id(job)] = purchase.employees == 1 or purchase.concerns(job)
        if concerned[id(job)]:
            undecided = [each for each in people if each.person_id not in decided]
            total = scores[purchase.profile.id].total
            of_job.setdefault(id(job), []).extend(
                Candidate(each, job, total) for each in nsmallest(_OF_A_JOB, undecided, key=_tenure)
            )
    candidates = [
        candidate
        for of_one in of_job.values()
        for candidate in nsmallest(_OF_A_JOB, of_one, key=lambda each: _tenure(each.person))
    ]
    candidates.sort(key=lambda each: (-each.score, each.tie()))
    humans = {seat.candidate.twin for seat in pinned}
    return [each for each in candidates if _is_new(each.twin, humans)]


def _tenure(person: Person) -> tuple[str, str]:
    """Return the order of equals: longer in the job, then id."""
    return person.started_on or "9999", person.person_id


def _is_new(twin: tuple[str, str], humans: set[tuple[str, str]]) -> bool:
    """Return whether a human was not seen yet, and remember them."""
    new = twin not in humans
    humans.add(twin)
    return new


def _in_order(seats: Sequence[Seat]) -> list[Seat]:
    return sorted(seats, key=lambda seat: ROLES.index(seat.role))


def _member(seat: Seat, decided: dict[str, Decision]) -> Member:
    person = seat.candidate.person
    decision_of = decided.get(person.person_id)
    return Member(
        person_id=person.person_id,
        title=person.title,
        seniority=seat.candidate.job.seniority,
        function=seat.candidate.job.function,
        role=seat.role,
        score=seat.candidate.score,
        reasons=(seat.reason,),
        started_on=person.started_on,
        decided=decision_of.kind if decision_of else None,
    )
