"""Sentences that name who is missing from a group, and where to look."""

from collections.abc import Sequence

from bg_orchestration.domain.model import Function, Member, Role, Seniority
from bg_orchestration.domain.profiles import SellerProfile
from bg_orchestration.domain.scoring import function_words
from bg_orchestration.domain.sizing import company_band, lowest_approver

_TITLES: dict[Seniority, str] = {
    "vp": "VP {}",
    "director": "Director of {}",
    "manager": "{} Manager",
}
_CHIEFS: dict[Function, str] = {
    "sales": "Chief Revenue Officer",
    "hr": "Chief People Officer",
    "it": "CIO",
    "engineering": "CTO",
    "security": "CISO",
    "finance": "CFO",
    "marketing": "CMO",
    "operations": "COO",
}


def gaps(
    members: Sequence[Member], known: int, employees: int, least: int, profile: SellerProfile
) -> tuple[str, ...]:
    """What the group lacks for `profile`; empty where it lacks nothing or nobody else works there.

    Args:
        members: who is in the group.
        known: how many people of the company are known.
        employees: the head count judged with.
        least: the least members that fit this purchase.
        profile: what is sold.
    """
    users = " or ".join(function_words(each) for each in profile.policy.users)
    if not known:
        return (
            f"nobody is known at this company; import people or ask a provider, first in {users}",
        )
    held = {member.role for member in members}
    everybody = len(members) >= employees
    found = [
        _sentence(role, employees, profile)
        for role in profile.required_roles
        if role not in held and not (everybody and role != "decision")
    ]
    if len(members) < least:
        found.append(
            f"{len(members)} of at least {least} members known; look for more people in {users}"
        )
    return tuple(found)


def _sentence(role: Role, employees: int, profile: SellerProfile) -> str:
    policy = profile.policy
    match role:
        case "decision":
            return f"no decision maker known; look for {_approver(employees, profile)}"
        case "champion":
            team = _named(policy.users[0])
            return f"no champion known; look for a {team} Manager or somebody senior in {team}"
        case "blocker":
            controls = " or ".join(function_words(each) for each in policy.controls)
            return f"no blocker known; look for who checks purchases in {controls}"
        case "introducer":
            return (
                "no introducer known; look for an assistant or chief of staff of the management "
                "once a decision maker is known"
            )
        case "stakeholder":
            teams = " or ".join(function_words(each) for each in (*policy.users, *policy.adjacent))
            return f"no stakeholder known; look in {teams}"


def _approver(employees: int, profile: SellerProfile) -> str:
    owner = profile.policy.owners[0]
    rank = lowest_approver(employees, profile.deal_size_usd)
    if company_band(employees) == "small":
        return f"the founder, the CEO or the head of {_named(owner)}"
    if rank == "c_suite" or rank == "owner":
        return f"a {_CHIEFS.get(owner, 'chief officer')} or the CEO"
    higher = {"manager": "director", "director": "vp"}.get(rank)
    titles = [_TITLES[rank].format(_named(owner))]
    if higher == "director":
        titles.append(_TITLES["director"].format(_named(owner)))
    if higher == "vp":
        titles.insert(0, _TITLES["vp"].format(_named(owner)))
    if rank == "vp":
        titles.append(_CHIEFS.get(owner, "chief officer"))
    return "a " + " or ".join(titles)


def _named(function: Function) -> str:
    words = function_words(function)
    return words if words.isupper() else words.title()
