"""The shortlist: the records to buy during a listing. The judgement decides.

It judges all stored people of the company, as the provider shows them now. It writes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from bg_orchestration.domain.judgement.eligibility import worth_reading
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.listing import as_person, match_ids, suppressed_ids
from bg_orchestration.providers.protocols import FoundPerson
from bg_orchestration.refreshes.decisions import decisions_of
from bg_orchestration.store.companies import people_of
from bg_orchestration.store.database import reading
from bg_orchestration.store.provider_records import employees_of


@dataclass(frozen=True, slots=True)
class GroupShortlist:
    """A `protocols.Shortlist` for one company and one provider.

    Attributes:
        engine: our database.
        company: the company of the listing.
        provider: the provider of the listing.
        profiles: the seller profiles.
        policy: the numbers of the judgement.
        suppressions: people who are never on the shortlist.
    """

    engine: Engine
    company: Company
    provider: str
    profiles: Sequence[SellerProfile]
    policy: Policy
    suppressions: Suppressions

    def __call__(self, seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
        """Return the provider's ids of the people whose records are worth their price."""
        company_id = self.company.company_id
        with reading(self.engine) as connection:
            stored = employees_of(connection, self.provider, company_id)
            ids = match_ids(connection, company_id, self.provider, seen)
            suppressed = suppressed_ids(connection, self.suppressions, self.provider, seen, ids)
            people = {person.person_id: person for person in people_of(connection, company_id)}
            decisions = decisions_of(connection, company_id)
        ours = {
            source_id: person_id
            for source_id, person_id in (stored | ids).items()
            if source_id not in suppressed
        }
        present = {person_id for source_id, person_id in ours.items() if source_id not in gone}
        for person_id in {*stored.values(), *ids.values()} - present:
            people.pop(person_id, None)
        for found in seen:
            if found.source_id not in suppressed:
                shown = as_person(found, ids[found.source_id], stored)
                people[shown.person_id] = _merge(people.get(shown.person_id), shown)
        staff = sorted(people.values(), key=lambda person: person.person_id)
        worth = worth_reading(self.company, staff, self.profiles, self.policy, decisions)
        return frozenset(source_id for source_id, person_id in ours.items() if person_id in worth)


def _merge(stored: Person | None, preview: Person) -> Person:
    """Return the person as shown now; other stored facts stay, as in a stored listing."""
    if stored is None:
        return preview
    facts = {name: value for name, value in preview.model_dump().items() if value}
    return stored.model_copy(update=facts)
