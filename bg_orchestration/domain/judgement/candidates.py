"""Candidates for roles, and the seats given so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bg_orchestration.domain.judgement.job_reading import at_least
from bg_orchestration.domain.model import RANKS, Job, Person, Role, Seniority, Trait
from bg_orchestration.domain.titles.phrases import fold


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: a person with the job that counts, and the score."""

    person: Person
    job: Job
    score: float

    @property
    def person_id(self) -> str:
        """The person's id."""
        return self.person.person_id

    @property
    def rank(self) -> Seniority:
        """The rank that counts."""
        return self.job.standing

    @property
    def twin(self) -> tuple[str, str]:
        """Equal for two records of one human: name, rank and function, or the id without a name."""
        name, job = fold(self.person.name.strip()), self.job
        return (name, f"{job.standing} {job.function}") if name else (self.person_id, "")

    @property
    def kind(self) -> tuple[object, ...]:
        """The facts of a reason; equal for colleagues that a reason cannot distinguish."""
        job = self.job
        return job.function, job.second, job.standing, job.traits - {"owner_led"}, job.scope

    def has(self, *traits: Trait) -> bool:
        """Return whether the title has one of `traits`."""
        return not self.job.traits.isdisjoint(traits)

    def ranks(self, lowest: Seniority) -> bool:
        """Return whether the rank is `lowest` or higher."""
        return at_least(self.rank, lowest)

    def tie(self, distance: int = 0) -> tuple[bool, bool, int, str, str]:
        """Return the order of section 7; `distance` is that of the rank from what the deal asks.

        Whole before part, leads the process before leads people, nearer to the rank that the deal
        asks for, longer in the job, id.
        """
        started = self.person.started_on or "9999"
        return self.has("part"), not self.has("process"), distance, started, self.person_id


@dataclass(frozen=True, slots=True)
class Seat:
    """A role of a person, with the reason."""

    role: Role
    candidate: Candidate
    reason: str


@dataclass(slots=True)
class Seats:
    """The candidates, each human once, and the seats given so far."""

    known: Sequence[Candidate]
    taken: list[Seat] = field(default_factory=list)

    @property
    def free(self) -> list[Candidate]:
        """The candidates without a role."""
        seated_ids = {seat.candidate.person_id for seat in self.taken}
        return [each for each in self.known if each.person_id not in seated_ids]

    def of(self, role: Role) -> list[Candidate]:
        """Return the holders of a role."""
        return [seat.candidate for seat in self.taken if seat.role == role]

    def take(self, role: Role, seats: Iterable[tuple[Candidate, str]]) -> None:
        """Give a role to each chosen person."""
        self.taken += [Seat(role, candidate, reason) for candidate, reason in seats]


def highest(candidates: Iterable[Candidate]) -> Seniority | None:
    """Return the highest rank among the candidates, `None` without any."""
    return max((each.rank for each in candidates), key=RANKS.index, default=None)


def unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the first candidate of each kind: a reason must not be true of the one beside."""
    kinds: dict[tuple[object, ...], Candidate] = {}
    for each in candidates:
        kinds.setdefault(each.kind, each)
    return list(kinds.values())


Choice = list[tuple[Candidate, str]]
