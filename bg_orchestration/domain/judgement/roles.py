"""Filling a buyer group: people's own decisions first, then the policy, section by section."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from heapq import nsmallest
from operator import attrgetter

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
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.stakeholder import it_head, others, voices
from bg_orchestration.domain.model import (
    ROLES,
    BuyerGroup,
    Company,
    Decision,
    Job,
    Member,
    Role,
    ScoredPerson,
)

_ID = attrgetter("person.person_id")
# People of a job beyond the seats of a group, so that second records of one human leave none empty.
_TWINS = 6


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
    people = _each_once(scored, profile.id)
    employees = company_size(company, len(people))
    purchase = Purchase(profile, policy, employees, company.industry, company.country)
    decided = {each.person_id: each for each in decisions}
    known = _candidates(people, purchase, set(decided))
    seats = Seats(known)
    for person in sorted(people, key=_ID) if decided else ():
        of_person = decided.get(person.person.person_id)
        if of_person is not None and of_person.role is not None:
            candidate = Candidate(person, person.scores[profile.id].total)
            reason = f"A person {of_person.kind} this role"
            seats.taken.append(Seat(of_person.role, candidate, reason))
    _fill(purchase, seats)
    members = tuple(_member(seat, decided) for seat in _in_order(seats.taken))
    covered, missing = gaps(purchase, seats, members, people_known=len(people))
    return BuyerGroup(
        company_id=company.company_id,
        profile_id=profile.id,
        company_size=employees,
        size_range=purchase.size_range,
        people_known=len(people),
        members=members,
        covered=covered,
        gaps=missing,
        gatekeepers=gatekeepers(purchase, people, seats),
        completeness=completeness(covered, missing),
        confidence=confidence(purchase, seats, counted=bool(company.employee_count)),
    )


def _fill(purchase: Purchase, seats: Seats) -> None:
    """Fill the seats by the rules, first those that stay where more fit: section 7."""
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
        # A product that nobody is known to own or use: empty but for procurement.
        give("blocker", [each for each in controls if purchase.desk(each[0].job) == "procurement"])
        return
    give("blocker", controls)
    give("champion", champions[1:])
    give("stakeholder", it_head(purchase, seats))
    give("stakeholder", voices(purchase, seats))
    give("introducer", introducer(purchase, seats))
    give("stakeholder", others(purchase, seats))


def _each_once(scored: Sequence[ScoredPerson], profile_id: str) -> Sequence[ScoredPerson]:
    """Return each person once, with the job that scores highest."""
    if len(set(map(_ID, scored))) == len(scored):
        return scored
    once: dict[str, ScoredPerson] = {}
    for each in scored:
        other = once.setdefault(each.person.person_id, each)
        if other is not each:
            once[each.person.person_id] = min(
                each, other, key=lambda one: (-one.scores[profile_id].total, one.person.title)
            )
    return list(once.values())


def _candidates(
    people: Sequence[ScoredPerson], purchase: Purchase, decided: Container[str]
) -> list[Candidate]:
    """Return who could get a role by the rules; of each job, as many as could sit, by tenure."""
    by_job: defaultdict[Job, list[ScoredPerson]] = defaultdict(list)
    for alike in _alike(people):
        first = alike[0]
        if purchase.profile.id not in first.scores:
            raise ValueError(
                f"not scored for the profile {purchase.profile.id!r}: score people with it first"
            )
        if purchase.employees == 1 or purchase.concerns(first.job):
            by_job[first.job] += alike
    room = purchase.most + _TWINS
    found = [
        Candidate(each, each.scores[purchase.profile.id].total)
        for alike in by_job.values()
        for each in nsmallest(
            room,
            (each for each in alike if each.person.person_id not in decided),
            key=lambda one: (one.person.started_on or "9999", one.person.person_id),
        )
    ]
    return sorted(found, key=lambda each: (-each.score, *each.tie()))


def _alike(people: Iterable[ScoredPerson]) -> list[list[ScoredPerson]]:
    """Return people by what counts of them: those of one list share their job and scores."""
    alike: defaultdict[int, list[ScoredPerson]] = defaultdict(list)
    for person in people:
        # By identity, which is quick: scores that are equal but stored apart only take longer.
        alike[id(person.scores)].append(person)
    return list(alike.values())


def _in_order(taken: Sequence[Seat]) -> list[Seat]:
    return sorted(taken, key=lambda seat: ROLES.index(seat.role))


def _member(seat: Seat, decided: dict[str, Decision]) -> Member:
    scored = seat.candidate.person
    decision_of = decided.get(scored.person.person_id)
    return Member(
        person_id=scored.person.person_id,
        title=scored.person.title,
        seniority=scored.seniority,
        function=scored.function,
        role=seat.role,
        score=seat.candidate.score,
        reasons=(seat.reason,),
        started_on=scored.person.started_on,
        decided=decision_of.kind if decision_of else None,
    )
