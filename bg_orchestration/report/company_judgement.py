"""The judgement of a company with its input, to show or explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.purchase import Purchase
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import BuyerGroup, Company, ScoredPerson, ScorePart


@dataclass(frozen=True)
class CompanyJudgement:
    """The judgement of one company for one seller, with the rules.

    Attributes:
        company: `employee_count` is `None` where no source states it.
        scored: all known people; a person with two jobs stands twice.
    """

    company: Company
    profile: SellerProfile
    policy: Policy
    scored: Sequence[ScoredPerson]
    group: BuyerGroup

    @cached_property
    def people(self) -> dict[str, ScoredPerson]:
        """All people by id, each with the job that scores highest."""
        best_last = sorted(
            self.scored,
            key=lambda person: (-person.scores[self.profile.id].total, person.person.title),
            reverse=True,
        )
        return {person.person.person_id: person for person in best_last}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of all people: the name, else the title, else the id."""
        return {
            person_id: person.person.name or person.person.title or person_id
            for person_id, person in self.people.items()
        }

    @cached_property
    def purchase(self) -> Purchase:
        """The judged purchase."""
        where = self.company
        return Purchase(
            self.profile, self.policy, self.group.company_size, where.industry, where.country
        )

    def parts(self, person_id: str) -> tuple[ScorePart, ...]:
        """Return the parts of a person's score that count."""
        parts = self.people[person_id].scores[self.profile.id].parts
        return tuple(part for part in parts if part.weight > 0)
