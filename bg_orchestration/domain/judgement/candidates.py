"""Those who could take part, and what is settled when the next role is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from bg_orchestration.domain.model import (
    RANKS,
    DutyName,
    Function,
    Role,
    ScoredPerson,
    Seniority,
)
from bg_orchestration.domain.titles.phrases import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take part.

    Attributes:
        person: who, with scores.
        lasting: the score without its dated parts, which alone decides between unequals.
        total: the score.
    """

    person: ScoredPerson
    lasting: float
    total: float

    @property
    def order(self) -> tuple[float, int, float, str]:
        """Sorts the best first; of equals the higher rank, then by dates, then by person_id."""
        return -self.lasting, -RANKS.index(self.standing), -self.total, self.person_id

    @property
    def person_id(self) -> str:
        """Of the person."""
        return self.person.person.person_id

    @property
    def function(self) -> Function:
        """For whom the person works."""
        return self.person.job.function

    @property
    def duty(self) -> DutyName | None:
        """What the title adds to the function."""
        return self.person.job.duty

    @property
    def standing(self) -> Seniority:
        """The rank that counts."""
        return self.person.job.standing

    @property
    def twin(self) -> tuple[str, str]:
        """Equal for two records of one human: name, rank and function, or the id without a name."""
        person = self.person.person
        name = fold(person.name.strip())
        return (name, f"{self.standing} {self.function}") if name else (person.person_id, "")

    def ranks(self, lowest: Seniority) -> bool:
        """Whether the person's rank is at least `lowest`."""
        return RANKS.index(self.standing) >= RANKS.index(lowest)


Choice = list[tuple[Candidate, str]]


@dataclass(frozen=True, slots=True)
class Seated:
    """What is settled when a role is chosen: who is free, the best first, and who holds what."""

    free: Sequence[Candidate]
    holders: Sequence[tuple[Role, Candidate]]

    def functions(self, role: Role) -> set[Function]:
        """The functions of those who hold `role`."""
        return {candidate.function for held, candidate in self.holders if held == role}
