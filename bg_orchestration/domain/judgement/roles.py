"""Seating a buyer group: people's own decisions first, then the rules of `choices`.

Small changes of the input make small changes of the group. Each role is filled from an order in
which everybody stands by their own score, so one person more or less moves one person at the edge
of a role, who may move one at the edge of the next.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from itertools import chain, islice
from operator import attrgetter

from bg_orchestration.domain.judgement.candidates import (
    Candidate,
    Choice,
    Seated,
)
from bg_orchestration.domain.judgement.choices import (
    CHOICES,
    further_stakeholders,
    may_champion,
)
from bg_orchestration.domain.judgement.cohesion import (
    cohesion,
    completeness,
    confidence,
)
from bg_orchestration.domain.judgement.gaps import gaps
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.judgement.sizing import Purchase, company_size
from bg_orchestration.domain.model import (
    ROLES,
    BuyerGroup,
    Company,
    Decision,
    DecisionKind,
    Job,
    Member,
    Role,
    Score,
    ScoredPerson,
)

_DATED = frozenset({"tenure", "recency"})
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
    """The buyer group of `company` for the seller `profile`.

    Somebody who stands twice, with two jobs, takes part once: with the job that scores higher.
    `decisions` outrank the rules: who is dismissed takes no part, who is confirmed or assigned
    holds that role before anybody else is seated. One about somebody not in `scored` does nothing.

    Raises:
        ValueError: somebody was not scored for this profile.
    """
    people = _each_once(scored, profile.id)
    alike = _alike(people)
    purchase = Purchase(profile, policy, company_size(company, len(people)))
    decided = {each.person_id: each for each in decisions}
    free = _candidates(alike, purchase, decided)
    seats = _Seats(purchase, free)
    for person in sorted(people, key=_ID) if decided else ():
        decision = decided.get(person.person.person_id)
        if decision is not None and decision.role is not None:
            candidate = Candidate(person, *_worth(person.scores[profile.id]))
            seats.pin(candidate, decision.role, decision.kind)
    seats.fill()
    members = seats.members()
    covered, missing = gaps(purchase, members, free, people_known=len(people))
    return BuyerGroup(
        company_id=company.company_id,
        profile_id=profile.id,
        company_size=purchase.employees,
        size_range=purchase.size_range,
        people_known=len(people),
        members=members,
        covered=covered,
        gaps=missing,
        completeness=completeness(covered, missing),
        cohesion=cohesion(members, purchase),
        confidence=confidence(
            [(each[0].job.confidence, len(each)) for each in alike],
            purchase,
            counted=bool(company.employee_count),
        ),
    )


def _each_once(scored: Sequence[ScoredPerson], profile_id: str) -> Sequence[ScoredPerson]:
    """Everybody once, with the job that scores highest."""
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


def _alike(people: Iterable[ScoredPerson]) -> list[list[ScoredPerson]]:
    """People by what counts of them; those of one list differ in their id, name and title alone."""
    alike: defaultdict[int, list[ScoredPerson]] = defaultdict(list)
    for person in people:
        # By identity, which is quick: scores that are equal but stored apart only take longer.
        alike[id(person.scores)].append(person)
    return list(alike.values())


def _candidates(
    alike: Iterable[list[ScoredPerson]], purchase: Purchase, decided: Container[str]
) -> list[Candidate]:
    """Who could be seated by the rules, the best first; of each job, as many as could sit."""
    equals: defaultdict[tuple[Job, tuple[float, float]], list[ScoredPerson]]
    equals = defaultdict(list)
    for people in alike:
        if purchase.profile.id not in people[0].scores:
            raise ValueError(
                f"not scored for the profile {purchase.profile.id!r}: score people with it first"
            )
        score = people[0].scores[purchase.profile.id]
        if _takes_part(score) or purchase.employees == 1:
            equals[people[0].job, _worth(score)] += people
    seats = purchase.group.most + _TWINS
    of_job: defaultdict[Job, list[Candidate]] = defaultdict(list)
    for (job, worth), people in sorted(equals.items(), key=lambda each: each[0][1], reverse=True):
        room = seats - len(of_job[job])
        if room > 0:
            undecided = (each for each in sorted(people, key=_ID) if _ID(each) not in decided)
            of_job[job] += [Candidate(each, *worth) for each in islice(undecided, room)]
    return sorted(chain(*of_job.values()), key=lambda each: each.order)


def _takes_part(score: Score) -> bool:
    return any(part.name == "function" and part.value > 0 for part in score.parts)


def _worth(score: Score) -> tuple[float, float]:
    """The score without its dated parts, and the score."""
    lasting = [part for part in score.parts if part.name not in _DATED]
    weight = sum(part.weight for part in lasting)
    worth = sum(part.value * part.weight for part in lasting) / weight
    return round(worth, 4), score.total


class _Seats:
    """The seats of one group while they are taken."""

    def __init__(self, purchase: Purchase, free: Sequence[Candidate]) -> None:
        self._purchase = purchase
        self._free = {each.person_id: each for each in free}
        self._taken: list[tuple[Role, Candidate, str, DecisionKind | None]] = []
        self._twins: set[tuple[str, str]] = set()

    def pin(self, person: Candidate, role: Role, kind: DecisionKind) -> None:
        """Seat somebody whom a person put there; all of them stay, even beyond the seats."""
        self._seat(role, person, f"role {kind} by a person", kind)

    def fill(self) -> None:
        """Seat people by the rules, role by role, then more until the group is large enough."""
        least, most = self._purchase.size_range
        for role, choose in CHOICES:
            chosen = choose(self._purchase, self._seated)
            held = sum(taken == role for taken, *_ in self._taken)
            seats = self._purchase.seats.get(role, most) - held
            if role == "decision":
                chosen = self._leaving_a_champion(chosen[: max(0, seats)])
            self._take(role, chosen, min(seats, most - len(self._taken)))
        more = further_stakeholders(self._purchase, self._seated)
        self._take("stakeholder", more, least - len(self._taken))

    def members(self) -> tuple[Member, ...]:
        """Those seated, by role, score and id."""
        members = [self._member(*taken) for taken in self._taken]
        members.sort(key=lambda each: (ROLES.index(each.role), -each.score, each.person_id))
        return tuple(members)

    @property
    def _seated(self) -> Seated:
        return Seated(
            list(self._free.values()), [(role, person) for role, person, *_ in self._taken]
        )

    def _leaving_a_champion(self, chosen: Choice) -> Choice:
        """The chosen deciders, less the last who could champion where nobody else is left who can.

        One decider stays whatever comes.
        """
        could = [each for each in chosen if may_champion(self._purchase, each[0])]
        deciding = {person.person_id for person, _ in chosen}
        others = (p for p in self._free.values() if p.person_id not in deciding)
        backed = any(role == "champion" for role, *_ in self._taken)
        backed = backed or any(may_champion(self._purchase, person) for person in others)
        if len(chosen) == 1 or not could or backed:
            return chosen
        return [each for each in chosen if each is not could[-1]]

    def _take(self, role: Role, chosen: Choice, seats: int) -> None:
        for person, why in chosen:
            if seats <= 0:
                break
            # Two records of one name, rank and function are one human with two ids.
            if person.twin not in self._twins:
                self._seat(role, person, why)
                seats -= 1
            self._free.pop(person.person_id, None)

    def _seat(
        self, role: Role, person: Candidate, why: str, kind: DecisionKind | None = None
    ) -> None:
        self._taken.append((role, person, why, kind))
        self._twins.add(person.twin)

    def _member(
        self, role: Role, candidate: Candidate, why: str, decided: DecisionKind | None
    ) -> Member:
        scored = candidate.person
        parts = scored.scores[self._purchase.profile.id].parts
        return Member(
            person_id=candidate.person_id,
            title=scored.person.title,
            seniority=scored.seniority,
            function=scored.function,
            role=role,
            score=candidate.total,
            reasons=(why, *(part.reason for part in parts if part.weight)),
            started_on=scored.person.started_on,
            decided=decided,
        )
