"""The invented companies and people that all stubs serve, and what becomes of them.

Everything follows from a seed. `World.advance` lets the next changes happen: promotions, people who
leave for another company or join, addresses that change. Domains end in `.example`, which nobody
can own; phone numbers are those that regulators keep for films.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

_BEGINNING = datetime(2026, 1, 5, 6, tzinfo=UTC)
_NAMES = (
    "Ambervale Freight", "Brindlemoor Systems", "Corvane Biologics", "Dunreath Insurance",
    "Elmsgate Robotics", "Farrowby Foods", "Gildenhurst Bank", "Hollinbrook Energy",
    "Isenmark Maschinen", "Juniperra Health", "Kestelwick Retail", "Lindenfjord Software",
)  # fmt: skip
_INDUSTRIES = ("Logistics", "Software", "Pharmaceuticals", "Insurance", "Machinery", "Food")
_PLACES = (("DE", "Germany", "Berlin"), ("US", "United States", "Austin"), ("GB", "United Kingdom",
           "Leeds"), ("FR", "France", "Lyon"))  # fmt: skip
_PHONES = {"GB": "+44 20 7946 0{:03}", "US": "+1 202 555 01{:02}", "DE": "+49 30 23125 {:03}",
           "FR": "+33 1 99 00 {:02} 10"}  # fmt: skip
_FIRST = (
    "Ada", "Björn", "Chiara", "Dmitri", "Élodie", "Farid", "Greta", "Håkon", "Ines", "Jürgen",
    "Katya", "Liam", "Mei", "Noémie", "Omar", "Priya", "Quentin", "Rosa", "Søren", "Tomasz",
)  # fmt: skip
_LAST = (
    "Ashdown", "Brückner", "Calloway", "D'Avray", "Eastlake", "Fournière", "Garside", "Hartwell",
    "Ivanov", "Jespersen", "Kowalczyk", "Lindqvist", "Moreau", "Nakamura", "O'Rourke", "Peralta",
    "Quarles", "Ravenhill", "Stanbrook", "Thackray",
)  # fmt: skip
_FIELDS = ("Engineering", "Sales", "Finance", "Marketing", "Operations", "Human Resources", "IT",
           "Procurement", "Legal")  # fmt: skip
# From the top: how many of a hundred there are, and how their titles read.
_LADDER = (
    ("cxo", 4, "Chief {} Officer"),
    ("vp", 8, "VP {}"),
    ("director", 12, "Director of {}"),
    ("manager", 22, "{} Manager"),
    ("senior", 24, "Senior {} Specialist"),
    ("entry", 30, "{} Assistant"),
)
LEVELS = tuple(level for level, _, _ in _LADDER)


@dataclass(eq=False)
class Company:
    number: int
    name: str
    domain: str
    industry: str
    country: str
    country_name: str
    city: str
    employees: int = 0

    def __post_init__(self) -> None:
        self.employees = self.employees or 40 + self.number


@dataclass
class Job:
    """What somebody does or did at a company; `end` is `None` while they do."""

    company: Company
    level: str
    department: str
    start: str
    end: str | None = None

    @property
    def title(self) -> str:
        pattern = next(text for level, _, text in _LADDER if level == self.level)
        return pattern.format(self.department)


@dataclass(eq=False)
class Human:
    """A person; `jobs` begins with the current one. `versions` counts their addresses."""

    number: int
    first: str
    last: str
    country: str
    country_name: str
    city: str
    jobs: list[Job]
    phone: str | None
    updated_at: datetime = _BEGINNING
    experience_changed_at: datetime | None = None
    versions: int = 1

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def slug(self) -> str:
        return f"{_ascii(self.first)}-{_ascii(self.last)}-{self.number}"

    @property
    def job(self) -> Job:
        return self.jobs[0]

    @property
    def email(self) -> str | None:
        """Their address at work; every seventh has none that anybody knows."""
        if self.number % 7 == 6:
            return None
        mark = "" if self.versions == 1 else str(self.versions)
        local = f"{_ascii(self.first)}.{_ascii(self.last)}{self.number}{mark}"
        return f"{local}@{self.job.company.domain}"


@dataclass
class Change:
    """What happened to somebody: `promoted`, `left`, `joined` or `readdressed`."""

    kind: str
    person: int
    company: int
    other: int | None = None


@dataclass
class World:
    """Companies and their people; the same seed gives the same ones and the same changes."""

    seed: int = 7
    size: int = 6
    companies: list[Company] = field(default_factory=list)
    people: list[Human] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self.companies = [self._company(number) for number in range(self.size)]
        for company in self.companies:
            for _ in range(self._random.randint(12, 45)):
                self._hire(company)
        # Some worked at another of the companies before: searches by domain find them there too.
        for human in self.people[:: 5 if self.size > 1 else len(self.people) + 1]:
            other = self.companies[(human.job.company.number + 1) % self.size]
            human.jobs.append(Job(other, "entry", human.job.department, "2015-02", "2018-11"))

    def at(self, company: Company) -> list[Human]:
        """Who works there now."""
        return [human for human in self.people if human.job.company is company]

    def grow(self, company: Company, employees: int) -> None:
        """Let a company have so many people, and state it."""
        while len(self.at(company)) < employees:
            self._hire(company)
        company.employees = employees

    def advance(self, now: datetime) -> list[Change]:
        """Let the next changes happen, stamped with `now`: about one in ten people has one."""
        changes = []
        for human in self._random.sample(self.people, max(3, len(self.people) // 10)):
            changes.append(self._change(human, now))
            human.updated_at = now
        company = self._random.choice(self.companies)
        joined = self._hire(company, now)
        changes.append(Change("joined", joined.number, company.number))
        return changes

    def _change(self, human: Human, now: datetime) -> Change:
        company = human.job.company
        kind = self._random.choice(("promoted", "left", "readdressed"))
        rung = LEVELS.index(human.job.level)
        if kind == "promoted" and rung > 0:
            level = LEVELS[rung - 1]
        elif kind == "left" and self.size > 1:
            level = human.job.level
            company = self.companies[(company.number + 1) % self.size]
        else:
            human.versions += 1
            return Change("readdressed", human.number, company.number)
        old = human.job
        old.end = f"{now:%Y-%m}"
        human.jobs.insert(0, Job(company, level, old.department, f"{now:%Y-%m}"))
        human.experience_changed_at = now
        other = company.number if company is not old.company else None
        return Change(kind, human.number, old.company.number, other)

    def _company(self, number: int) -> Company:
        name = _NAMES[number % len(_NAMES)]
        name += "" if number < len(_NAMES) else f" {number // len(_NAMES) + 1}"
        country, country_name, city = self._random.choice(_PLACES)
        domain = f"{_ascii(name).replace(' ', '-')}.example"
        industry = self._random.choice(_INDUSTRIES)
        return Company(number, name, domain, industry, country, country_name, city)

    def _hire(self, company: Company, now: datetime | None = None) -> Human:
        level = self._random.choices(LEVELS, [share for _, share, _ in _LADDER])[0]
        year, month = self._random.randint(2016, 2025), self._random.randint(1, 12)
        start = f"{now:%Y-%m}" if now else f"{year}-{month:02}"
        job = Job(company, level, self._random.choice(_FIELDS), start)
        country, country_name, city = company.country, company.country_name, company.city
        number = len(self.people)
        human = Human(
            number,
            self._random.choice(_FIRST),
            self._random.choice(_LAST),
            country,
            country_name,
            city,
            [job],
            _PHONES[country].format(number % 100) if number % 3 == 0 else None,
        )
        if now:
            human.updated_at = human.experience_changed_at = now
        self.people.append(human)
        return human


def _ascii(text: str) -> str:
    folded = text.lower().translate(str.maketrans("öéäüåøèç", "oeauaoec", "'"))
    return folded.encode("ascii", "ignore").decode()
