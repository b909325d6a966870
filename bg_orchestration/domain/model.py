"""The values that flow from asset to asset, each stored as typed JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["decision", "champion", "stakeholder", "blocker", "introducer"]
ROLES: tuple[Role, ...] = ("decision", "champion", "stakeholder", "blocker", "introducer")

Seniority = Literal[
    "owner", "c_suite", "vp", "director", "manager", "senior", "individual", "entry"
]
Function = Literal[
    "sales", "marketing", "engineering", "it", "security", "product", "finance", "hr", "legal",
    "procurement", "operations", "customer_success", "data", "design", "support", "admin",
    "executive", "education", "healthcare", "other",
]  # fmt: skip


class Value(BaseModel):
    """Base of the immutable values below; an error about one never quotes it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Company(Value):
    """An account we follow.

    `employee_count` is the head count its provider states, `None` where nobody has said.
    """

    company_id: str
    name: str
    domain: str | None = None
    employee_count: int | None = None
    industry: str | None = None
    country: str | None = None


class Person(Value):
    """A human and the job they hold at the company whose list they stand in.

    `started_on` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as exact as the source is.
    """

    person_id: str
    name: str
    title: str = ""
    department: str | None = None
    country: str | None = None
    started_on: str | None = None


class ScorePart(Value):
    """One part of a score: `value` in 0..1, its `weight`, and why in plain words.

    `reason` names seniority, function and facts, never the person or the raw title: it is shown
    in Dagit, where nothing personal may stand.
    """

    name: str
    value: float
    weight: float
    reason: str


class Score(Value):
    """How much a person matters to one purchase: `total` in 0..1 is the weighted mean of parts."""

    total: float
    parts: tuple[ScorePart, ...]


class ScoredPerson(Value):
    """A person whose title is read and who is scored for each seller profile."""

    person: Person
    seniority: Seniority
    function: Function
    scores: dict[str, Score]


class Member(Value):
    """Somebody who takes part in the purchase, in which role and why."""

    person_id: str
    title: str
    seniority: Seniority
    function: Function
    role: Role
    score: float
    reasons: tuple[str, ...]


class BuyerGroup(Value):
    """The people of one company who take part in buying from one seller.

    Attributes:
        company_size: the head count that the judgement used.
        size_range: the least and the most members that fit this company and deal.
        gaps: sentences that name who is missing and where to look.
        completeness: share of the profile's required roles that are covered, 0..1.
        cohesion: how well the members fit together, 0..1, see `domain.cohesion`.
    """

    company_id: str
    profile_id: str
    company_size: int
    size_range: tuple[int, int]
    members: tuple[Member, ...] = ()
    gaps: tuple[str, ...] = ()
    completeness: float = 0.0
    cohesion: float = 0.0


class ContactPoint(Value):
    """One way to reach a person, who said so, and what they said of its quality."""

    person_id: str
    kind: Literal["email", "phone"]
    value: str
    source: str
    type: str | None = None
    status: str | None = None


class Group(Value):
    """A buyer group together with the contact points of its members."""

    group: BuyerGroup
    contacts: tuple[ContactPoint, ...] = ()


class Change(Value):
    """One difference between the published group and the new one.

    `old` and `new` hold a role or a title; both are `None` where naming the value would publish
    a contact (`contact_changed`).
    """

    person_id: str
    kind: Literal["joined", "left", "role_changed", "title_changed", "contact_changed"]
    old: str | None = None
    new: str | None = None
