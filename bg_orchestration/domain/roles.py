"""Who takes part in a purchase, in which role, and why.

The rules, in the order in which roles are given (a person has one role, the first that fits):

- decision: may approve the deal and works in the function that owns the budget; in a small company
  the founders and chief executives; general management elsewhere only for a deal above a vice
  president's limit, or in a company of usual size where nobody of the function is known to decide.
- champion: works in a function that uses the product, best as a lead of those who do.
- blocker: guards what the product touches (purchasing, contracts, security, money) in a function
  that neither buys nor uses it.
- introducer: general management or administration, if somebody is known to whom to introduce.
- stakeholder: the rest of those who use the product or feel the change, to fill the group.

Rank alone gives nobody a role, and nobody is made a decision maker for want of a better one: then
a gap says whom to look for. Of equals the smaller person_id comes first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bg_orchestration.domain.cohesion import cohesion, completeness
from bg_orchestration.domain.gaps import gaps
from bg_orchestration.domain.model import (
    ROLES,
    BuyerGroup,
    Company,
    Function,
    Member,
    Role,
    ScoredPerson,
    Seniority,
)
from bg_orchestration.domain.profiles import Category, SellerProfile
from bg_orchestration.domain.scoring import function_words, seniority_words
from bg_orchestration.domain.sizing import (
    AUTHORITY_USD,
    Band,
    can_approve,
    company_band,
    company_size,
    group_band,
    size_range,
)

# The most members of a role, by the kind of group; stakeholders take what is left.
_SEATS: dict[Band, dict[Role, int]] = {
    "small": {"decision": 2, "champion": 1, "blocker": 1, "introducer": 0},
    "typical": {"decision": 2, "champion": 3, "blocker": 3, "introducer": 1},
    "large": {"decision": 3, "champion": 4, "blocker": 4, "introducer": 2},
}
# Below these deals, in US dollars, a control is not asked. Our own working assumption.
_CONTROL_FROM_USD: dict[Function, float] = {
    "procurement": 10_000,
    "legal": 10_000,
    "security": 5_000,
    "finance": 25_000,
}
_GUARDS: dict[Function, str] = {
    "procurement": "guards how the company buys",
    "legal": "guards contracts, privacy and compliance",
    "security": "guards the data that the product would hold",
    "finance": "guards the budget",
}
_CHAMPION_RANKS: dict[Seniority, int] = {
    "director": 0, "manager": 0, "vp": 1, "senior": 1, "individual": 2
}  # fmt: skip
# A user outside the function that pays ranks behind its seniors and before its other members.
_ELSEWHERE = 1.5
_LEADING: frozenset[Seniority] = frozenset({"owner", "c_suite", "vp", "director", "manager"})
_TOP: frozenset[Seniority] = frozenset({"owner", "c_suite"})


@dataclass(frozen=True, slots=True)
class _Purchase:
    policy: Category
    profile_id: str
    employees: int
    deal_size_usd: float

    @property
    def band(self) -> Band:
        return company_band(self.employees)

    @property
    def group(self) -> Band:
        return group_band(self.employees, self.deal_size_usd)

    def score(self, person: ScoredPerson) -> float:
        return person.scores[self.profile_id].total

    def approves(self, person: ScoredPerson) -> bool:
        return can_approve(person.seniority, self.employees, self.deal_size_usd)


def assign(company: Company, scored: Sequence[ScoredPerson], profile: SellerProfile) -> BuyerGroup:
    """The buyer group of `company` for the seller `profile`.

    Somebody who stands twice, with two jobs, takes part once: with the job that scores higher.

    Raises:
        ValueError: somebody was not scored for this profile.
    """
    if any(profile.id not in each.scores for each in scored):
        raise ValueError(f"not scored for the profile {profile.id!r}: score people with it first")
    free = _each_once(scored, profile.id)
    employees = company_size(company, len(free))
    least, most = size_range(employees, profile.deal_size_usd)
    purchase = _Purchase(profile.policy, profile.id, employees, profile.deal_size_usd)
    known = len(free)
    members: list[Member] = []
    for role, choose in _CHOICES:
        seats = min(_SEATS[purchase.group].get(role, most), most - len(members))
        chosen = choose(purchase, free, members, max(0, least - len(members)))[:seats]
        members += [_member(purchase, person, role, why) for person, why in chosen]
        taken = {person.person.person_id for person, _ in chosen}
        free = [person for person in free if person.person.person_id not in taken]
    members.sort(key=lambda each: (ROLES.index(each.role), -each.score, each.person_id))
    return BuyerGroup(
        company_id=company.company_id,
        profile_id=profile.id,
        company_size=employees,
        size_range=(least, most),
        members=tuple(members),
        gaps=gaps(members, known, employees, least, profile),
        completeness=completeness(members, profile.required_roles),
        cohesion=cohesion(members, least),
    )


def _each_once(scored: Sequence[ScoredPerson], profile_id: str) -> list[ScoredPerson]:
    """People by score, of equals the smaller person_id first."""

    def order(each: ScoredPerson) -> tuple[float, str, str]:
        return -each.scores[profile_id].total, each.person.person_id, each.person.title

    once: dict[str, ScoredPerson] = {}
    for each in sorted(scored, key=order):
        once.setdefault(each.person.person_id, each)
    return list(once.values())


def _member(purchase: _Purchase, person: ScoredPerson, role: Role, why: str) -> Member:
    parts = person.scores[purchase.profile_id].parts
    return Member(
        person_id=person.person.person_id,
        title=person.person.title,
        seniority=person.seniority,
        function=person.function,
        role=role,
        score=purchase.score(person),
        reasons=(why, *(part.reason for part in parts)),
    )


Choice = list[tuple[ScoredPerson, str]]


def _deciders(
    purchase: _Purchase, free: Sequence[ScoredPerson], _members: Sequence[Member], _missing: int
) -> Choice:
    able = [person for person in free if purchase.approves(person)]
    management = [p for p in able if p.function == "executive" and p.seniority in _TOP]
    heads = next((h for f in purchase.policy.owners if (h := _of(able, f))), [])
    if purchase.band == "small":
        founders = [p for p in able if p.seniority == "owner"]
        return _because(
            _once([*management, *founders, *heads], able),
            "may approve the deal in a company this small",
        )
    deciders = _because(heads, "may approve the deal, and the function owns the budget")
    if purchase.deal_size_usd > AUTHORITY_USD[purchase.band]["vp"]:
        deciders += _because(management, "general management approves a deal above usual limits")
    if not deciders and purchase.band == "typical":
        head = function_words(purchase.policy.owners[0])
        deciders = _because(
            management, f"may approve the deal; no head of {head} is known who does"
        )
    return deciders


def _champions(
    purchase: _Purchase, free: Sequence[ScoredPerson], _members: Sequence[Member], _missing: int
) -> Choice:
    fitting = [
        person
        for person in free
        if person.function in purchase.policy.users and person.seniority in _CHAMPION_RANKS
    ]
    # Stable: people of one order stay sorted by score and person_id.
    owner = purchase.policy.owners[0]
    fitting.sort(key=lambda p: _CHAMPION_RANKS[p.seniority] + _ELSEWHERE * (p.function != owner))
    return [
        (
            person,
            f"leads people in {function_words(person.function)}, who use the product"
            if person.seniority in _LEADING
            else f"works in {function_words(person.function)} and would use the product",
        )
        for person in fitting
    ]


def _blockers(
    purchase: _Purchase, free: Sequence[ScoredPerson], members: Sequence[Member], _missing: int
) -> Choice:
    buying = {member.function for member in members if member.role == "decision"}
    first: Choice = []
    further: Choice = []
    for control in purchase.policy.controls:
        if control in buying or purchase.deal_size_usd < _CONTROL_FROM_USD[control]:
            continue
        guards = [
            (person, f"{function_words(control)} {_GUARDS[control]}")
            for person in _of(free, control)
            if _controls(person)
        ]
        first += guards[:1]
        further += guards[1:2] if purchase.group == "large" else []
    return first + further


def _controls(person: ScoredPerson) -> bool:
    """Whether the person can say no: in finance only those who lead, elsewhere all but learners."""
    if person.function == "finance":
        return person.seniority in _LEADING
    return person.seniority != "entry"


def _introducers(
    _purchase: _Purchase, free: Sequence[ScoredPerson], members: Sequence[Member], _missing: int
) -> Choice:
    if not any(member.role == "decision" for member in members):
        return []
    return [
        (person, f"{function_words(person.function)} can reach the decision makers")
        for person in free
        if person.function in ("executive", "admin") and person.seniority != "entry"
    ]


def _stakeholders(
    purchase: _Purchase, free: Sequence[ScoredPerson], _members: Sequence[Member], missing: int
) -> Choice:
    """Those of weight as long as there are seats, others only until the group is large enough."""
    weighty: Choice = []
    others: Choice = []
    for person in free:
        named = function_words(person.function)
        leads = person.seniority in _LEADING
        if person.seniority == "entry":
            continue
        if person.function in {*purchase.policy.users, *purchase.policy.owners}:
            (weighty if leads or person.seniority == "senior" else others).append(
                (person, f"works in {named}, where the product is used or paid for")
            )
        elif person.function in purchase.policy.adjacent and (
            leads or person.seniority == "senior"
        ):
            (weighty if person.seniority in ("director", "vp", "c_suite") else others).append(
                (person, f"{named} feels the change")
            )
    return weighty + others[: max(0, missing - len(weighty))]


_CHOICES: tuple[
    tuple[Role, Callable[[_Purchase, Sequence[ScoredPerson], Sequence[Member], int], Choice]],
    ...,
] = (
    ("decision", _deciders),
    ("champion", _champions),
    ("blocker", _blockers),
    ("introducer", _introducers),
    ("stakeholder", _stakeholders),
)


def _because(people: Iterable[ScoredPerson], why: str) -> Choice:
    return [(person, f"{seniority_words(person.seniority)}: {why}") for person in people]


def _of(people: Iterable[ScoredPerson], function: Function) -> list[ScoredPerson]:
    return [person for person in people if person.function == function]


def _once(chosen: Iterable[ScoredPerson], order: Sequence[ScoredPerson]) -> list[ScoredPerson]:
    ids = {person.person.person_id for person in chosen}
    return [person for person in order if person.person.person_id in ids]
