"""The tables and word lists of the judgement, as `profiles/policy.yaml` states them.

Nothing here has a default: a policy file is whole, and each number stands there with its source.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bg_orchestration.domain.model import RANKS, Desk, Function, Seniority, Trait

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Dollars = Annotated[float, Field(ge=0)]


class Rule(BaseModel):
    """Base of the parts of a policy: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Management(Rule):
    """The smallest deal that general management decides. `.inf`: never.

    Attributes:
        alone: it decides without the head of the function.
        beside: it decides beside the head of the function.
        owner_led: as `beside`, in a company that its owner leads.
        joint: as `beside`, for a product that several functions own.
        without_head: it decides where no head of the function is known.
    """

    alone: Dollars
    beside: Dollars
    owner_led: Dollars
    joint: Dollars
    without_head: Dollars


class DecisionRow(Rule):
    """The decision makers in companies of this many employees and more.

    Attributes:
        limits: US dollars that a rank of the owning function releases, from the lowest rank up.
            Ranks with the same limit stand on one step.
        highest_known: the limit of a rank that is the highest known of its function.
        lone_manager: up to this deal a manager decides where no head of the function is known.
        head: whether the highest head decides; else the rank nearest to what the deal asks for.
    """

    employees: int = Field(ge=1)
    limits: dict[Seniority, Dollars]
    highest_known: dict[Seniority, Dollars]
    lone_manager: Dollars
    head: bool
    management: Management


class SizeRow(Rule):
    """The most members in companies of this many employees and more, by the deal in US dollars."""

    employees: int = Field(ge=1)
    most: dict[int, int]


class Champions(Rule):
    """The number of champions, and the ranks that may champion.

    Attributes:
        single_below_usd: below this deal one person champions.
        single_below_employees: below this size one person champions.
        three_from_usd: from this deal on three champion, in companies of `three_from_employees`.
        three_from_employees: see `three_from_usd`.
        chief_below_employees: below this size a chief or vice president may champion.
        chief_from_usd: from this deal on a chief or vice president may champion.
        senior_below_employees: below this size senior staff may champion.
        staff_below_employees: below this size any user may champion.
        staff_below_usd: below this deal any user may champion.
        process_below_employees: below this size any who runs the process may champion.
    """

    single_below_usd: Dollars
    single_below_employees: int
    three_from_usd: Dollars
    three_from_employees: int
    chief_below_employees: int
    chief_from_usd: Dollars
    senior_below_employees: int
    staff_below_employees: int
    staff_below_usd: Dollars
    process_below_employees: int


class Stakeholders(Rule):
    """The smallest deal in which other chiefs or general management have a stake."""

    chief_from_usd: Dollars
    sponsor_from_usd: Dollars
    sponsor_below_employees: int


class Control(Rule):
    """A desk that may object.

    Attributes:
        from_usd: the deal from which it is asked.
        always_in_public: a public buyer asks it about any deal.
        lowest: the lowest rank that has a say.
        alone: with one of these traits any rank has a say.
        any_rank_below: below this many employees any rank has a say.
        guards: the guarded matter, in words.
        title: the title to look for.
        expected_from: companies of this size have the desk, so that an unknown one is a gap.
    """

    from_usd: Dollars
    always_in_public: bool
    lowest: Seniority
    alone: tuple[Trait, ...]
    any_rank_below: int
    guards: str
    title: str
    expected_from: int


class Blockers(Rule):
    """The number of blockers: `few` below `large_from` employees, else `many`."""

    few: int
    many: int
    large_from: int


class Introducers(Rule):
    """The number of introducers: `few` below `large_from` employees, else `many`."""

    few: int
    many: int
    large_from: int


class TraitRule(Rule):
    """Words of a title beyond rank and function.

    Attributes:
        trait: the trait of the words.
        words: phrases as the title tables write them.
        functions: only titles that read as one of these; any if empty.
        where: words of the industries in which the rule holds; everywhere if empty.
        unless: phrases that take the trait back.
    """

    trait: Trait
    words: tuple[str, ...]
    functions: tuple[Function, ...] = ()
    where: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class StandingRule(Rule):
    """Titles with another rank than they state.

    Attributes:
        where: words of the industries in which the rule holds; everywhere if empty.
        of_a_function: whether general management is exempt.
        function: what such a title works for; with it the rank may be higher than it sounds,
            without it only lower.
        instead_of: functions that `function` takes the place of; a title of another is left alone.
        ranks: for each rank that counts, the phrases of a title that give it.
        because: what to say of it, after the rank stated.
    """

    where: tuple[str, ...]
    of_a_function: bool
    function: Function | None
    instead_of: tuple[Function, ...]
    ranks: dict[Seniority, tuple[str, ...]]
    because: str


class FunctionFit(Rule):
    """How close a function is to the purchase, 0..1."""

    owner: Share
    user: Share
    management: Share
    control: Share
    adjacent: Share


class Scales(Rule):
    """The values of the parts of a score, 0..1.

    Attributes:
        below: seniority by steps below the rank that releases the deal, one step first.
        above: what each step is taken off that lies more than one above that rank.
        function: by what the function is to the purchase.
        rank_influence: influence by rank, of a person in the midst of the purchase.
        far_influence: the share of it that is left far from the purchase.
        tenure: by months in the job, from that month on.
        recency: by months since the start of the job, from that month on.
    """

    below: tuple[Share, ...] = Field(min_length=1)
    above: Share
    function: FunctionFit
    rank_influence: dict[Seniority, Share]
    far_influence: Share
    tenure: dict[int, Share]
    recency: dict[int, Share]

    @model_validator(mode="after")
    def _curves_begin_at_zero(self) -> "Scales":
        for name, curve in (("tenure", self.tenure), ("recency", self.recency)):
            if 0 not in curve or list(curve) != sorted(curve):
                raise ValueError(f"{name} must state month 0 and go upwards")
        return self


class Confidence(Rule):
    """Factors of the probability that decision and champion are right; measured, see `evaluate`.

    Attributes:
        best: of a group without any of the doubts below.
        no_decision: no member decides.
        no_champion: no member champions.
        unclear_title: the title of a decider or of the first champion was read with doubt.
        clear_from: the confidence of reading from which a title counts as clear.
        equals: the decider is one of several equals.
        stand_in: the decider stands in for a head that is not known.
        no_owner: no person of the owning function is known.
        size_unknown: no source states the head count.
    """

    best: Share
    no_decision: Share
    no_champion: Share
    unclear_title: Share
    clear_from: Share
    equals: Share
    stand_in: Share
    no_owner: Share
    size_unknown: Share


class Policy(Rule):
    """The rules for groups, the same for every seller profile.

    Attributes:
        decision: who decides; the last row that the company's size reaches counts.
        sizes: the most members; the last row that the company's size reaches counts.
        champions: who champions.
        stakeholders: who has a stake.
        controls: who may object, by desk, in the order in which they are seated.
        blockers: how many block.
        introducers: how many introduce.
        works_councils: countries, with their languages, whose law gives works councils a say.
        public: words of the industries of public buyers.
        scopes: parts of a company that a reason may name.
        traits: what words of a title say beside rank and function.
        standing: titles whose rank counts otherwise than it sounds; the first that fits counts.
        scales: the parts of a score.
        confidence: the factors of confidence.
    """

    decision: tuple[DecisionRow, ...] = Field(min_length=1)
    sizes: tuple[SizeRow, ...] = Field(min_length=1)
    champions: Champions
    stakeholders: Stakeholders
    controls: dict[Desk, Control]
    blockers: Blockers
    introducers: Introducers
    works_councils: tuple[str, ...]
    public: tuple[str, ...]
    scopes: tuple[str, ...]
    traits: tuple[TraitRule, ...]
    standing: tuple[StandingRule, ...]
    scales: Scales
    confidence: Confidence

    @model_validator(mode="after")
    def _tables_begin_and_grow(self) -> "Policy":
        tables: dict[str, Sequence[DecisionRow] | Sequence[SizeRow]]
        tables = {"decision": self.decision, "sizes": self.sizes}
        for name, rows in tables.items():
            starts = [row.employees for row in rows]
            if starts[0] != 1 or starts != sorted(set(starts)):
                raise ValueError(f"{name} must state 1 employee and go upwards")
        for row in self.decision:
            amounts = [row.limits[rank] for rank in RANKS if rank in row.limits]
            if amounts != sorted(amounts):
                raise ValueError(f"limits from {row.employees} employees must grow with rank")
        for size in self.sizes:
            if 0 not in size.most or list(size.most) != sorted(size.most):
                raise ValueError(f"sizes from {size.employees} employees must state 0 dollars")
        return self
