"""Who could hold each role, the best first, and why. `roles` seats them.

A person has one role, the first that fits in this order:

- decision: may approve the deal and works in the function that owns the budget, or in one that may
  own it where nobody of the first can; of several, those whose rank the deal asks for. In a small
  company its founders and managers too; general management elsewhere only for a deal above a vice
  president's limit, or below a certain size where no head of the function is known.
- champion: works in a function that uses the product, best as a lead of those who do.
- blocker: guards what the product touches in a function that neither buys nor uses it.
- introducer: works for those who decide, or is the general management of a company not large.
- stakeholder: the rest of those who use the product, pay for it or feel the change.

Rank alone gives nobody a role, and nobody is made a decision maker for want of a better one: then
a gap says whom to look for.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bg_orchestration.domain.judgement.candidates import (
    Candidate,
    Choice,
    Seated,
)
from bg_orchestration.domain.judgement.effective_seniority import function_words, seniority_words
from bg_orchestration.domain.judgement.sizing import WATCHING, Purchase
from bg_orchestration.domain.model import DutyName, Function, Role, Seniority

_CHAMPION_RANKS: dict[Seniority, int] = {
    "director": 0, "manager": 0, "vp": 1, "senior": 1, "individual": 2
}  # fmt: skip
# A user outside the function that pays ranks behind its seniors and before its other members; one
# of a function that would pay if nobody else did, behind those too.
_ELSEWHERE = 1.5
_INSTEAD = 2.5


def deciders(purchase: Purchase, seated: Seated) -> Choice:
    """Those who may approve the deal."""
    if purchase.employees == 1:
        return [(each, "works alone and decides alone") for each in seated.free]
    able = [p for p in seated.free if purchase.approves(p.standing) and p.duty not in WATCHING]
    management = [p for p in able if p.function == "executive" and p.ranks("director")]
    heads = _heads(purchase, able)
    if purchase.company == "small":
        founders = [p for p in able if p.standing == "owner"]
        top = [p for p in management if p.ranks("c_suite")] or founders
        order = (*top[:1], *heads[:1], *top[1:], *management, *heads[1:])
        people = {person.person_id: person for person in order}
        return _because(people.values(), "may approve the deal in a company this small")
    chosen = [each for head in heads for each in _because([head], _budget(purchase, head.function))]
    if purchase.profile.deal_size_usd > purchase.authority_usd.get("vp", 0.0):
        chosen += _because(management, "general management approves a deal above usual limits")
    if not chosen and purchase.employees < purchase.policy.companies.headed_from:
        head = function_words(purchase.departments.owners[0])
        why = f"may approve the deal; no head of {head} is known who does"
        return _because(management[:1], why)
    return chosen


def _budget(purchase: Purchase, function: Function) -> str:
    first = purchase.departments.owners[0]
    named = function_words(function)
    if function == first:
        return f"may approve the deal, and {named} owns the budget"
    return f"may approve the deal, and {named} pays where nobody of {function_words(first)} does"


def _heads(purchase: Purchase, able: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those of the function that owns the budget, else the best of each that may own it too."""
    first, *later = purchase.departments.owners
    return _settling(purchase, _of(able, first)) or [
        head for each in later for head in _settling(purchase, _of(able, each))[:1]
    ]


def _settling(purchase: Purchase, able: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those of one function at whose rank such a deal is usually settled, if there are any."""
    if purchase.company == "small":
        return able
    return [each for each in able if purchase.usually_approves(each.standing)] or able


def champions(purchase: Purchase, seated: Seated) -> Choice:
    """Those who use the product, the leads of the function that pays first."""
    owner, *later = purchase.departments.owners
    behind = dict.fromkeys(later, _INSTEAD if owner in seated.functions("decision") else _ELSEWHERE)
    behind[owner] = 0.0
    fitting = [person for person in seated.free if may_champion(purchase, person)]
    # Stable: people of one order stay sorted by score and person_id.
    fitting.sort(key=lambda p: _CHAMPION_RANKS[p.standing] + behind.get(p.function, _ELSEWHERE))
    return [
        (
            person,
            f"leads people in {function_words(person.function)}, who use the product"
            if person.ranks("manager")
            else f"works in {function_words(person.function)} and would use the product",
        )
        for person in fitting
    ]


def may_champion(purchase: Purchase, person: Candidate) -> bool:
    """Whether the person uses the product, or leads those who do, below the chief officers.

    In a small company that is anybody of a function that may own the budget.
    """
    uses = purchase.uses(person.function, person.duty) or (
        purchase.company == "small" and person.function in purchase.departments.owners
    )
    return uses and person.standing in _CHAMPION_RANKS


def blockers(purchase: Purchase, seated: Seated) -> Choice:
    """The best guard of each control that the deal calls for, then of each further desk of it."""
    buying = seated.functions("decision")
    asked = {
        function: control.guards
        for function, control in purchase.policy.controls.items()
        if function in purchase.departments.controls
        and function not in buying
        and purchase.profile.deal_size_usd >= control.from_usd
    }
    first: dict[Function, Candidate] = {}
    desks: dict[tuple[Function, DutyName | None], Candidate] = {}
    for person in seated.free:
        if person.function in asked and purchase.may_object(
            person.function, person.standing, person.duty
        ):
            first.setdefault(person.function, person)
            desks.setdefault((person.function, person.duty), person)
    further = [person for person in desks.values() if person not in first.values()]
    order = list(purchase.departments.controls)
    further.sort(key=lambda each: order.index(each.function))
    return [
        (person, f"{person.duty or function_words(person.function)} {asked[person.function]}")
        for person in (*(first[each] for each in order if each in first), *further)
    ]


def introducers(purchase: Purchase, seated: Seated) -> Choice:
    """Those who work for the management; in companies that are not large, the management too."""
    close = [
        person
        for person in seated.free
        if person.function in ("executive", "admin")
        and person.ranks("individual")
        and not (purchase.company == "large" and person.ranks("director"))
    ]
    close.sort(key=lambda person: person.duty != "assisting")
    return [(person, f"{_close_as(person)} and can reach those who decide") for person in close]


def _close_as(person: Candidate) -> str:
    if person.duty == "assisting":
        return "works for the management"
    return "runs the company" if person.ranks("director") else "stands close to the management"


def stakeholders(purchase: Purchase, seated: Seated) -> Choice:
    """The rest with weight in the purchase, each function in turn; then some who merely use it."""
    departments = purchase.departments
    weighty: Choice = []
    for person in seated.free:
        named = function_words(person.function)
        if person.ranks("manager") and (
            purchase.uses(person.function, person.duty) or person.function in departments.owners
        ):
            weighty.append((person, f"works in {named}, where the product is used or paid for"))
        elif person.function in departments.adjacent and person.ranks("director"):
            weighty.append((person, f"{named} feels the change"))
    speaking: Counter[Function] = Counter()
    using: Choice = []
    for person, why in _using(purchase, seated):
        speaking[person.function] += 1
        if speaking[person.function] <= purchase.policy.users_speaking:
            using.append((person, why))
    return [*_in_turn(weighty), *using]


def _using(purchase: Purchase, seated: Seated) -> Choice:
    """Those who use the product and lead nobody."""
    return [
        (person, f"works in {function_words(person.function)} and would use the product")
        for person in seated.free
        if purchase.uses(person.function, person.duty)
        and person.ranks("individual")
        and not person.ranks("manager")
    ]


def further_stakeholders(purchase: Purchase, seated: Seated) -> Choice:
    """Who else could be asked, until the group is large enough."""
    departments = purchase.departments
    feeling: Choice = []
    checking: Choice = []
    for person in seated.free:
        named = function_words(person.function)
        if purchase.uses(person.function, person.duty):
            continue
        if person.function in (*departments.adjacent, *departments.owners):
            if person.ranks(_lowest_to_fill_up(purchase, person.function)):
                feeling.append((person, f"{named} feels the change"))
        elif purchase.may_object(person.function, person.standing, person.duty):
            checking.append((person, f"{named} checks larger purchases"))
    return [*_using(purchase, seated), *_in_turn(feeling), *_in_turn(checking)]


def _lowest_to_fill_up(purchase: Purchase, function: Function) -> Seniority:
    if function in purchase.policy.installing:
        return "individual"
    pays = function in purchase.departments.owners
    return "individual" if pays and function not in purchase.policy.manual else "senior"


def _in_turn(found: Choice) -> Choice:
    """The best of each function first, then the second of each."""
    turns: dict[Function, int] = {}
    order = []
    for person, why in found:
        turn = turns[person.function] = turns.get(person.function, -1) + 1
        order.append((turn, person.order, person, why))
    return [(person, why) for *_, person, why in sorted(order, key=lambda each: each[:2])]


CHOICES: tuple[tuple[Role, Callable[[Purchase, Seated], Choice]], ...] = (
    ("decision", deciders),
    ("champion", champions),
    ("blocker", blockers),
    ("introducer", introducers),
    ("stakeholder", stakeholders),
)


def _because(people: Iterable[Candidate], why: str) -> Choice:
    return [(person, f"{seniority_words(person.standing)}: {why}") for person in people]


def _of(people: Iterable[Candidate], function: Function) -> list[Candidate]:
    return [person for person in people if person.function == function]
