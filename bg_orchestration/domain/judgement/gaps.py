"""Section 8 of the policy: the needs of a purchase, and its gaps.

Needs are the roles that the profile requires, a person of the owning function, and the controls
that the deal calls for in companies large enough to have them. A company that is known whole needs
no further person, as long as one of its people decides.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from bg_orchestration.domain.judgement.candidates import Candidate, Seats
from bg_orchestration.domain.judgement.job_reading import a, function_words
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.model import RANKS, Desk, Function, Gap, Member, Role, Seniority

_NEAREST = 3
_CHIEFS: dict[Function, str] = {
    "sales": "Chief Revenue Officer",
    "marketing": "CMO",
    "engineering": "CTO",
    "it": "CIO",
    "security": "CISO",
    "product": "Chief Product Officer",
    "finance": "CFO",
    "hr": "Chief People Officer",
    "legal": "General Counsel",
    "procurement": "Chief Procurement Officer",
    "operations": "COO",
    "customer_success": "Chief Customer Officer",
    "data": "Chief Data Officer",
}
_ROLE_WORDS: dict[Role, str] = {"decision": "decision maker"}


def gaps(
    purchase: Purchase, seats: Seats, members: Sequence[Member], people_known: int
) -> tuple[tuple[str, ...], tuple[Gap, ...]]:
    """Return the needs that `members` meet, and those that no member meets.

    Args:
        purchase: what is bought, and where.
        seats: the candidates, the best first, without dismissed people.
        members: the members of the group.
        people_known: the number of judged people of the company.
    """
    if not people_known:
        users = _enumeration(purchase.departments.users, " or ")
        look = f"nobody is known at this company; import people or ask a provider, first in {users}"
        return (), (Gap(need="members", look_for=look),)
    whole = people_known >= purchase.employees and purchase.employees < 50
    roles = {member.role for member in members}
    functions = {member.function for member in members}
    covered: list[str] = []
    missing: list[Gap] = []

    def need(name: str, met: bool, look_for: str, near: Iterable[Candidate]) -> None:
        if met or (whole and name != "decision"):
            covered.append(name)
        else:
            nearest = tuple(each.person_id for each in islice(near, _NEAREST))
            missing.append(Gap(need=name, look_for=look_for, nearest=nearest))

    for role in purchase.profile.required_roles:
        need(role, role in roles, _sentence(role, purchase), _near(role, purchase, seats))
    owner = purchase.departments.owners[0]
    if purchase.employees >= 50:
        owned = owner in functions or any(
            purchase.owns(c.job, each)
            and not purchase.takes_no_part(c.job)
            and c.ranks("individual")
            for c in seats.known
            for each in (owner,)
        )
        owner_words = function_words(owner)
        look = (
            f"no person of {owner_words} is known, which owns the budget; look for {_head(owner)}"
        )
        need(f"function {owner}", owned, look, ())
    desks = {purchase.desk(c.job) for c in seats.of("blocker")}
    if desks & {"privacy", "compliance"}:
        desks.add("legal")  # one of the three speaks for the law
    for desk, control in purchase.policy.controls.items():
        if purchase.calls_for(desk) and purchase.employees >= control.expected_from:
            look = f"no known person guards {control.guards}; look for the {control.title}"
            need(_control(desk), desk in desks, look, _guards(desk, purchase, seats))
    return tuple(dict.fromkeys(covered)), tuple(missing)


def _control(desk: Desk) -> str:
    return f"control {desk}"


def _guards(desk: Desk, purchase: Purchase, seats: Seats) -> list[Candidate]:
    return [c for c in seats.known if purchase.desk(c.job) == desk]


def _near(role: Role, purchase: Purchase, seats: Seats) -> list[Candidate]:
    """Return the known people nearest to `role`, the nearest first."""
    fitting = [
        c
        for c in seats.known
        if not purchase.takes_no_part(c.job)
        and not purchase.watches(c.job)
        and not c.has("front_line", "chief_of_staff")
        and c.rank != "entry"
    ]
    deciders = {each.person_id for each in seats.of("decision")}
    if role == "decision":
        near = [c for c in fitting if purchase.owns(c.job) or purchase.runs_company(c.job)]
    elif role == "champion":
        near = [c for c in fitting if purchase.uses(c.job) and c.person_id not in deciders]
    elif role == "blocker":
        near = [c for c in fitting if purchase.desk(c.job) is not None and not purchase.uses(c.job)]
    elif role == "introducer":
        near = []
    else:
        near = [c for c in fitting if c.job.function in purchase.departments.adjacent]
    return sorted(near, key=lambda c: (not purchase.owns(c.job), -RANKS.index(c.rank), *c.tie()))


def _sentence(role: Role, purchase: Purchase) -> str:
    departments = purchase.departments
    owner = function_words(departments.owners[0])
    match role:
        case "decision":
            return f"no decision maker known; look for {approver(purchase)}"
        case "champion":
            lead = f"{a(_titled(departments.owners[0]))} Manager"
            return f"no champion known; look for {lead} or who runs the tools of {owner}"
        case "blocker":
            controls = _enumeration(departments.controls, " or ")
            return f"no blocker known; look for who checks purchases in {controls}"
        case "introducer":
            return "no introducer known; look for a chief of staff"
        case "stakeholder":
            functions = _enumeration((*departments.users, *departments.adjacent), " or ")
            return f"no stakeholder known; look in {functions}"


def approver(purchase: Purchase) -> str:
    """Return the title that would decide here, from the table of section 2."""
    first = purchase.departments.owners[0]
    row = purchase.row
    if purchase.deal >= row.management.alone:
        return "the founder, owner or managing director"
    ranks: list[Seniority] = [
        rank
        for rank in RANKS
        if row.limits.get(rank, 0.0) >= purchase.deal
        and not purchase.too_high(rank)
        and rank != "owner"
    ]
    if row.head:
        return f"{_head(first)}, or the managing director"
    return " or ".join(_title(rank, first) for rank in ranks[:2]) or "the managing director"


def _title(rank: Seniority, function: Function) -> str:
    words = _titled(function)
    match rank:
        case "manager":
            return f"{a(words)} Manager"
        case "director":
            return f"the head of {words}"
        case "vp":
            return f"the VP {words}"
        case _:
            return f"the {_CHIEFS.get(function, f'chief officer of {words}')}"


def _head(function: Function) -> str:
    chief = _CHIEFS.get(function)
    return f"the head of {_titled(function)}{f' ({chief})' if chief else ''}"


def _titled(function: Function) -> str:
    words = function_words(function)
    return words if words.isupper() else words.title()


def _enumeration(functions: Iterable[Function], joint: str) -> str:
    return joint.join(function_words(each) for each in dict.fromkeys(functions))
