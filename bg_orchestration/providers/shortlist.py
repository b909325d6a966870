"""Whose records are worth buying, while a company's people are listed: the judgement decides.

It looks at everybody known at the company, as the provider shows them now. Nothing is written.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from bg_orchestration.domain.judgement.eligibility import worth_reading
from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company, Person
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.providers.listing import (
    as_person,
    kept_out,
    our_ids,
)
from bg_orchestration.providers.protocols import FoundPerson
from bg_orchestration.refreshes.decisions import decisions_of
from bg_orchestration.store.companies import people_of
from bg_orchestration.store.database import reading
from bg_orchestration.store.provider_records import employees_of


@dataclass(frozen=True, slots=True)
class WorthReading:
    """A `protocols.Worth` of one company and one provider.

    Attributes:
        engine: our database.
        company: whose people are listed.
        provider: who lists them.
        profiles: what is sold.
        policy: the numbers of the judgement.
        suppressions: who is kept out, and so not worth anything.
    """

    engine: Engine
    company: Company
    provider: str
    profiles: Sequence[SellerProfile]
    policy: Policy
    suppressions: Suppressions

    def __call__(self, seen: Sequence[FoundPerson], gone: Collection[str]) -> frozenset[str]:
        """The provider's ids of those worth a record, among those seen and those known."""
        company_id = self.company.company_id
        with reading(self.engine) as connection:
            known = employees_of(connection, self.provider, company_id)
            ids = our_ids(connection, company_id, self.provider, seen)
            kept = kept_out(connection, self.suppressions, self.provider, seen, ids)
            people = {one.person_id: one for one in people_of(connection, company_id)}
            decisions = decisions_of(connection, company_id)
        ours = {one: of for one, of in (known | ids).items() if one not in kept}
        staying = {of for one, of in ours.items() if one not in gone}
        for person_id in {*known.values(), *ids.values()} - staying:
            people.pop(person_id, None)
        for one in seen:
            if one.source_id not in kept:
                shown = as_person(one, ids[one.source_id], known)
                people[shown.person_id] = _over(people.get(shown.person_id), shown)
        everybody = sorted(people.values(), key=lambda one: one.person_id)
        worth = worth_reading(self.company, everybody, self.profiles, self.policy, decisions)
        return frozenset(one for one, of in ours.items() if of in worth)


def _over(known: Person | None, shown: Person) -> Person:
    """Somebody as they are shown now; what is not shown stays, as it does when they are stored."""
    if known is None:
        return shown
    said = {name: value for name, value in shown.model_dump().items() if value}
    return known.model_copy(update=said)
