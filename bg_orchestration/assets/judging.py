"""The judgement as the asset `buyer_group` makes it: new groups beside those published."""

from collections.abc import Iterable, Sequence

from bg_orchestration.assets.reaching import known_contacts
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.model import BuyerGroup, Company, ScoredPerson
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.refreshes.decisions import decisions_of
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.settings import settings
from bg_orchestration.store.database import engine_for, reading


def judged(
    company: Company, scored: Sequence[ScoredPerson]
) -> tuple[list[BuyerGroup], dict[str, BuyerGroup], int]:
    """The groups of a company, those published before, and how many members can be reached."""
    folder = settings().profiles
    profiles, policy = load_profiles(folder), load_policy(folder)
    with reading(engine_for(settings().url)) as connection:
        decisions = decisions_of(connection, company.company_id)
        groups = [
            assign(company, scored, profile, policy, decisions.get(profile.id, ()))
            for profile in profiles
        ]
        before = [published(connection, company.company_id, profile.id) for profile in profiles]
        contacts = known_contacts(connection, members_of(groups))
    return (
        groups,
        {one.group.profile_id: one.group for one in before if one is not None},
        len({point.person_id for point in contacts}),
    )


def members_of(groups: Iterable[BuyerGroup]) -> list[str]:
    """The ids of everybody in these groups, each once, sorted."""
    return sorted({member.person_id for group in groups for member in group.members})
