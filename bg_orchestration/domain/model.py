"""The values between assets, each stored as typed JSON."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["decision", "champion", "stakeholder", "blocker", "introducer"]
ROLES: tuple[Role, ...] = ("decision", "champion", "stakeholder", "blocker", "introducer")

Seniority = Literal[
    "owner", "c_suite", "vp", "director", "manager", "senior", "individual", "entry"
]
# From the lowest to the highest.
RANKS: tuple[Seniority, ...] = (
    "entry", "individual", "senior", "manager", "director", "vp", "c_suite", "owner"
)  # fmt: skip
Function = Literal[
    "sales", "marketing", "engineering", "it", "security", "product", "finance", "hr", "legal",
    "procurement", "operations", "customer_success", "data", "design", "support", "admin",
    "executive", "education", "healthcare", "other",
]  # fmt: skip

# The facts of a title beside rank and function; `profiles/policy.yaml` has their words.
Trait = Literal[
    "silent", "gone", "outside", "learner", "gatekeeper", "front_line", "trade",
    "customer_work", "elected", "works_council", "employee_representative", "audit", "deputy",
    "part", "process", "clerk", "data_protection", "compliance", "vendor_risk", "public_buyer",
    "payroll", "runs_company", "owner_led", "chief_of_staff", "prospecting", "account_keeper",
]  # fmt: skip
# The kinds of controls whose owners may object.
Desk = Literal[
    "procurement", "works_council", "security", "privacy", "legal", "compliance", "finance"
]


class Value(BaseModel):
    """Base of the immutable values below; validation errors never quote a value."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Company(Value):
    """A company in the directory.

    `employee_count` is the head count that its source states, or `None`.
    """

    company_id: str
    name: str
    domain: str | None = None
    employee_count: int | None = None
    industry: str | None = None
    country: str | None = None


class Person(Value):
    """A person and their job at the company of the list.

    `started_on` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, with the precision of the source.
    """

    person_id: str
    name: str
    title: str = ""
    department: str | None = None
    country: str | None = None
    started_on: str | None = None


class ScorePart(Value):
    """One part of a score: `value` in 0..1, its `weight`, and why in plain words.

    `reason` names seniority, function and facts, never the person or the raw title, because Dagit
    shows it.
    """

    name: str
    value: float
    weight: float
    reason: str


class Score(Value):
    """The score of a person for a purchase: `total` in 0..1 is the weighted mean of parts."""

    total: float
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """The reading of a title at a company, see `domain.judgement.job_reading`.

    Attributes:
        seniority: the rank that the title states.
        standing: the rank that counts.
        function: the function that the person works for.
        said: the rank in plain words, with the reason if another rank counts.
        confidence: the confidence of the reading, 0..1.
        second: the second function of a title with two.
        traits: the facts of the title beside rank and function.
        scope: the part of the company that the title names ("emea"), empty for all of it.
    """

    seniority: Seniority
    standing: Seniority
    function: Function
    said: str
    confidence: float
    second: Function | None = None
    traits: frozenset[Trait] = frozenset()
    scope: str = ""


@dataclass(slots=True)
class ScoredPerson:
    """A person with the read title and the scores by seller profile.

    Not frozen and no `Value`, for speed: a large company has a hundred thousand of them. People
    with equal relevant facts share their job and scores.
    """

    person: Person
    job: Job
    scores: dict[str, Score]

    @property
    def seniority(self) -> Seniority:
        """The rank that the title states."""
        return self.job.seniority

    @property
    def function(self) -> Function:
        """For whom the person works."""
        return self.job.function


DecisionKind = Literal["confirmed", "dismissed", "assigned"]


class Decision(Value):
    """A user's decision about a person's role in a group; it outranks the rules.

    `role` is the confirmed or assigned role, `None` for a dismissed person.
    """

    person_id: str
    kind: DecisionKind
    role: Role | None = None


class Member(Value):
    """A person of a buyer group, with role and reasons.

    `decided` says that a user, not the rules, gave the role.
    """

    person_id: str
    title: str
    seniority: Seniority
    function: Function
    role: Role
    score: float
    reasons: tuple[str, ...]
    started_on: str | None = None
    decided: DecisionKind | None = None


class Gap(Value):
    """A need of the purchase that no member covers.

    Attributes:
        need: the missing need: a role, `function sales`, or `members`.
        look_for: a sentence on the gap and where to look; it names no person.
        nearest: ids of stored people who come closest to filling it, the best first.
    """

    need: str
    look_for: str
    nearest: tuple[str, ...] = ()


class Gatekeeper(Value):
    """A person who screens a member and is no member.

    Attributes:
        person_id: the assistant, secretary or receptionist.
        guards: the screened member.
    """

    person_id: str
    guards: str


class BuyerGroup(Value):
    """The people of a company who take part in a purchase from a seller.

    Attributes:
        company_size: the head count that the judgement used.
        size_range: the least and the most members for this company and deal.
        people_known: how many people of the company the judgement read.
        covered: the needs of this purchase that a member covers, named as in `Gap.need`.
        gaps: the needs that no member covers, and where to look.
        gatekeepers: the people who screen deciders and champions.
        completeness: the share of the needs of this purchase that are covered, 0..1.
        confidence: the probability that decision and champion are right, 0..1.
    """

    company_id: str
    profile_id: str
    company_size: int
    size_range: tuple[int, int]
    people_known: int = 0
    members: tuple[Member, ...] = ()
    covered: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    gatekeepers: tuple[Gatekeeper, ...] = ()
    completeness: float = 0.0
    confidence: float = 0.0


class ContactPoint(Value):
    """An address or number of a person, with source and quality.

    Attributes:
        person_id: the person of the contact point.
        kind: email or phone.
        value: the address, or the number.
        source: a provider, a file, or `person` for a user's correction.
        type: `work`, `mobile`, ... in the source's words.
        status: the quality: a verifier's word, else the source's.
        seen_on: the day (UTC, `YYYY-MM-DD`) of the source's last report; `None` for files.
        verified_on: the day on which a verifier last checked the address.
        do_not_contact: whether the source forbids its use.
    """

    person_id: str
    kind: Literal["email", "phone"]
    value: str
    source: str
    type: str | None = None
    status: str | None = None
    seen_on: str | None = None
    verified_on: str | None = None
    do_not_contact: bool = False


class Correction(Value):
    """A user's correction of a contact point: the right value, the wrong value, or both."""

    person_id: str
    kind: Literal["email", "phone"]
    value: str | None = None
    wrong: str | None = None


class Group(Value):
    """A buyer group together with the contact points of its members."""

    group: BuyerGroup
    contacts: tuple[ContactPoint, ...] = ()


ChangeKind = Literal[
    "joined", "left", "dropped", "role_changed", "title_changed", "contact_changed"
]
ChangeCause = Literal[
    # of `joined`
    "first", "moved", "hired", "ranked",
    # of `left`, beside `moved`
    "left",
    # of `dropped`, beside `ranked`
    "retitled", "dismissed", "unlisted", "profile",
]  # fmt: skip


class Change(Value):
    """A difference between the published group and the new group.

    Attributes:
        person_id: the person whose membership, role, title or contacts changed.
        kind: `left` only if the job at the company has ended; `dropped` if it lasts and the person
            is out of the group.
        old: the role or title before. Both values are `None` where naming them would publish a
            contact (`contact_changed`).
        new: the role or title now.
        title: the person's title now; of a person who left, the last one.
        since: the start of the job, as exact as it is known.
        cause: why the person joined, left or was dropped. Joined: `first` (the first publication
            of the group), `moved` (from `other_company`), `hired` (the job is new), `ranked` (the
            person worked there already). Left: `left` or `moved` (to `other_company`). Dropped:
            `ranked` (others come first), `retitled`, `dismissed` (by a user), `unlisted` (no
            source states the job any more), `profile` (its seller profile was removed). `None` in
            rows of earlier versions.
        other_company: the name of the other end of a move.
        other_company_id: the id of the other end, if it is a followed company.
        gaps_opened: the needs that nobody covers since this change, as in `Gap.need`.
        gaps_closed: the needs that this change covers.
    """

    person_id: str
    kind: ChangeKind
    old: str | None = None
    new: str | None = None
    title: str | None = None
    since: str | None = None
    cause: ChangeCause | None = None
    other_company: str | None = None
    other_company_id: str | None = None
    gaps_opened: tuple[str, ...] = ()
    gaps_closed: tuple[str, ...] = ()
