"""The numbers and word lists of the judgement, as `profiles/policy.yaml` states them.

Nothing here has a default: a policy file is whole, and each number stands there with its source.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bg_orchestration.domain.model import RANKS, DutyName, Function, Role, Seniority

Band = Literal["small", "typical", "large"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Dollars = Annotated[float, Field(ge=0)]


class Rule(BaseModel):
    """Base of the parts of a policy: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Companies(Rule):
    """From how many employees on a company counts as typical, and as large.

    Below `headed_from` the general management decides where no head of the function is known.
    """

    typical_from: int = Field(gt=1)
    headed_from: int = Field(gt=1)
    large_from: int = Field(gt=1)


class Group(Rule):
    """How many people take part in one kind of purchase, and at most how many in a role."""

    least: int = Field(ge=1)
    most: int = Field(ge=1)
    seats: dict[Role, int]


class GroupStep(Rule):
    """The kind of group that buys, from these employees and this deal on."""

    kind: Band
    employees: int = Field(ge=0)
    deal_usd: Dollars


class UsualApprover(Rule):
    """Who decides of those who may, where several are known.

    Attributes:
        share_of_limit: up to this share of what a rank approves it decides by itself (all of it, if
            not named); above it, only where nobody of a higher rank is known.
        steps_above: somebody more steps above the lowest rank that approves is not bothered,
            unless nobody nearer is known.
    """

    share_of_limit: dict[Seniority, Share]
    steps_above: int = Field(ge=0)


class Duty(Rule):
    """What words of a title or department add to its function, in any of `functions`."""

    duty: DutyName
    functions: tuple[Function, ...]
    words: tuple[str, ...]


class Control(Rule):
    """A function that may object: from which deal it is asked, and who of it has a say.

    Somebody below the rank `lowest` has a say only with a duty of control.
    """

    from_usd: Dollars
    guards: str
    lowest: Seniority


class StandingRule(Rule):
    """Titles whose rank counts otherwise than it sounds.

    Attributes:
        where: words of the industries in which the rule holds; everywhere if empty.
        within: words of which the title must hold one; any title if empty.
        of_a_function: whether general management is exempt.
        function: what such a title works for; with it the rank may be higher than it sounds,
            without it only lower.
        instead_of: functions that `function` takes the place of; a title of another is left alone.
        ranks: for each rank that counts, the phrases of a title that give it.
        because: what to say of it, after the rank stated.
    """

    where: tuple[str, ...]
    within: tuple[str, ...]
    of_a_function: bool
    function: Function | None
    instead_of: tuple[Function, ...]
    ranks: dict[Seniority, tuple[str, ...]]
    because: str


class FunctionFit(Rule):
    """How close a function is to the purchase, 0..1."""

    owner: Share
    user: Share
    later_owner: Share
    control: Share
    adjacent: Share
    assisting: Share
    founder_of_small: Share
    management: dict[Band, Share]


class Scales(Rule):
    """What the parts of a score are worth, 0..1.

    Attributes:
        below: seniority by steps below the lowest rank that approves the deal, one step first.
        above: what each step is taken off that lies more than one above that rank.
        function: by what the function is to the purchase.
        rank_influence: influence by rank, of somebody in the midst of the purchase.
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


class Needs(Rule):
    """From how many employees on a purchase needs somebody of a function."""

    owner_from: int = Field(ge=1)
    targets_from: int = Field(ge=1)


class Cohesion(Rule):
    """How much reach, backing and size count in the cohesion of a group."""

    reach: Share
    backing: Share
    size: Share


class Confidence(Rule):
    """When what is known is enough to trust a group.

    Attributes:
        people: how many people known are enough in any company.
        clear_title: the confidence of the reading from which on a title counts as clear.
        size_unknown: what is left where nobody has stated the head count.
    """

    people: int = Field(ge=1)
    clear_title: float = Field(gt=0, le=1)
    size_unknown: Share


class Policy(Rule):
    """How groups are judged, for every seller profile alike.

    Attributes:
        companies: the bands of companies.
        group_steps: which kind of group buys; the first that company and deal reach counts.
        groups: size and seats of each kind of group.
        authority_usd: what a rank can approve alone, by the band of the company.
        usual_approver: who decides of several who may.
        controls: who may object, by function.
        standing: titles whose rank counts otherwise than it sounds; the first that fits counts.
        duties: what words of a title add to its function; the first that fits counts.
        users_speaking: how many of a function, beyond the champions, take part as mere users.
        installing: functions of which anybody may fill up a group that the change concerns.
        manual: functions in which whoever ranks below senior works with their hands.
        scales: the parts of a score.
        needs: which functions a purchase needs.
        cohesion: the parts of cohesion.
        confidence: the parts of confidence.
    """

    companies: Companies
    group_steps: tuple[GroupStep, ...] = Field(min_length=1)
    groups: dict[Band, Group]
    authority_usd: dict[Band, dict[Seniority, Dollars]]
    usual_approver: UsualApprover
    controls: dict[Function, Control]
    standing: tuple[StandingRule, ...]
    duties: tuple[Duty, ...]
    users_speaking: int = Field(ge=0)
    installing: tuple[Function, ...]
    manual: tuple[Function, ...]
    scales: Scales
    needs: Needs
    cohesion: Cohesion
    confidence: Confidence

    @model_validator(mode="after")
    def _every_band_and_company_is_served(self) -> "Policy":
        for name, table in (("groups", self.groups), ("authority_usd", self.authority_usd)):
            missing = {"small", "typical", "large"} - set(table)
            if missing:
                raise ValueError(f"{name} lacks {', '.join(sorted(missing))}")
        for band, limits in self.authority_usd.items():
            amounts = [limits.get(rank, 0.0) for rank in RANKS]
            if amounts != sorted(amounts) or amounts[-1] != float("inf"):
                raise ValueError(
                    f"authority_usd.{band} must grow with rank, up to an owner without limit (.inf)"
                )
        last = self.group_steps[-1]
        if last.employees or last.deal_usd:
            raise ValueError("the last of group_steps must hold from 0 employees and 0 dollars")
        return self
