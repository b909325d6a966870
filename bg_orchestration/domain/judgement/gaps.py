"""What a purchase needs, which of it the group covers, and where to look for the rest.

Needs are the roles that the profile requires and, in companies large enough for it, somebody of the
function that owns the budget and of each department that the profile names. A gap also says where
the group is smaller than fits. A company of which everybody takes part, or that is no larger
than a group and known whole, needs nobody more, as long as somebody of them decides.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from bg_orchestration.domain.judgement.candidates import Candidate
from bg_orchestration.domain.judgement.effective_seniority import a, function_words
from bg_orchestration.domain.judgement.sizing import Purchase
from bg_orchestration.domain.model import Function, Gap, Member, Role, Seniority

_NEAREST = 3
_TITLES: dict[Seniority, str] = {
    "manager": "{} Manager",
    "director": "Director of {}",
    "vp": "VP {}",
}
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


def gaps(
    purchase: Purchase, members: Sequence[Member], known: Sequence[Candidate], people_known: int
) -> tuple[tuple[str, ...], tuple[Gap, ...]]:
    """The needs that `members` cover, and those that nobody does.

    Args:
        purchase: what is bought, and where.
        members: who is in the group.
        known: who could have been, the best first, without those whom a person dismissed.
        people_known: how many people of the company were judged.
    """
    users = " or ".join(function_words(each) for each in purchase.departments.users)
    if not people_known:
        look = f"nobody is known at this company; import people or ask a provider, first in {users}"
        return (), (Gap(need="members", look_for=look),)
    held = {member.role for member in members}
    functions = {member.function for member in members}
    deciding = {member.person_id for member in members if member.role == "decision"}
    # Of a company no larger than a group, all of it known, there is nobody else to look for.
    seen = people_known if purchase.employees <= purchase.group.most else len(members)
    everybody = seen >= purchase.employees
    owner = _owner(purchase, members, known)
    covered: list[str] = []
    missing: list[Gap] = []
    for role in purchase.profile.required_roles:
        if role in held or (everybody and role != "decision"):
            covered.append(role)
        else:
            near = _could_become(role, purchase, known)
            nearest = _nearest(p for p in near if p.person_id not in deciding)
            missing.append(
                Gap(need=role, look_for=_sentence(role, owner, purchase), nearest=nearest)
            )
    for function in _functions(owner, purchase):
        if function in functions or everybody:
            covered.append(f"function {function}")
        else:
            look = f"nobody of {function_words(function)} takes part; look for who leads it"
            nearest = _nearest(p for p in known if p.function == function)
            missing.append(Gap(need=f"function {function}", look_for=look, nearest=nearest))
    least = purchase.size_range[0]
    if len(members) < least:
        look = f"{len(members)} of at least {least} members known; look for more people in {users}"
        missing.append(Gap(need="members", look_for=look))
    return tuple(covered), tuple(missing)


def _functions(owner: Function, purchase: Purchase) -> list[Function]:
    """The functions of which the purchase needs somebody, the one that pays first."""
    needs = purchase.policy.needs
    paying = (owner,) if purchase.employees >= needs.owner_from else ()
    named = purchase.profile.named_targets if purchase.employees >= needs.targets_from else ()
    return list(dict.fromkeys((*paying, *named)))


def _owner(purchase: Purchase, members: Sequence[Member], known: Sequence[Candidate]) -> Function:
    """The function that owns the budget here: that of who decides, else one that is known."""
    owners = purchase.departments.owners
    deciding = {member.function for member in members if member.role == "decision"}
    here = {person.function for person in known}
    for found in (deciding, here):
        for owner in owners:
            if owner in found:
                return owner
    return owners[0]


def _could_become(role: str, purchase: Purchase, known: Sequence[Candidate]) -> list[Candidate]:
    """The people known who come closest to holding `role`, the best first."""
    departments = purchase.departments
    functions: dict[str, tuple[Function, ...]] = {
        "decision": (*departments.owners, "executive"),
        "champion": departments.users,
        "blocker": departments.controls,
        "introducer": ("executive", "admin"),
        "stakeholder": (*departments.users, *departments.adjacent),
    }
    near = [p for p in known if p.function in functions[role] and p.standing != "entry"]
    if role == "decision":
        near.sort(key=lambda p: functions[role].index(p.function))
    return near


def _nearest(people: Iterable[Candidate]) -> tuple[str, ...]:
    return tuple(person.person_id for person in islice(people, _NEAREST))


def _sentence(role: Role, owner: Function, purchase: Purchase) -> str:
    departments = purchase.departments
    match role:
        case "decision":
            return f"no decision maker known; look for {_approver(owner, purchase)}"
        case "champion":
            team = _named(departments.users[0])
            return f"no champion known; look for {a(team)} Manager or somebody senior in {team}"
        case "blocker":
            controls = " or ".join(function_words(each) for each in departments.controls)
            return f"no blocker known; look for who checks purchases in {controls}"
        case "introducer":
            return "no introducer known; look for an assistant or chief of staff of the management"
        case "stakeholder":
            teams = " or ".join(
                function_words(each) for each in (*departments.users, *departments.adjacent)
            )
            return f"no stakeholder known; look in {teams}"


def _approver(owner: Function, purchase: Purchase) -> str:
    first = purchase.departments.owners[0]
    named = _named(first)
    if purchase.company == "small":
        return f"the founder, the CEO or the head of {_named(owner)}"
    titles = [
        title.format(named) for rank, title in _TITLES.items() if purchase.usually_approves(rank)
    ]
    chief = _CHIEFS.get(first, f"chief officer of {named}")
    head = f", or the head of {_named(owner)}" if owner != first else ""
    if not titles:
        return f"{a(chief)} or the CEO{head}"
    return f"{a(', '.join(titles))} or {chief}{head}"


def _named(function: Function) -> str:
    words = function_words(function)
    return words if words.isupper() else words.title()
