"""What we sell, and therefore who at a customer buys, uses and checks it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from bg_orchestration.domain.model import DutyName, Function, Role
from bg_orchestration.domain.titles import read_title


@dataclass(frozen=True, slots=True)
class Category:
    """Who takes part in buying one kind of product.

    Attributes:
        owners: functions that own the budget; a later one only where nobody of an earlier decides.
        users: functions that work with the product every day.
        adjacent: functions whose work it changes, though they do not live in it.
        controls: functions that may object because the product touches what they guard.
        deal_size_usd: a first year's price that is usual for the kind; an assumption of ours,
            meant to be overridden by each seller's own.
        duties: duties whose holders work with the product, in whatever function they sit.
    """

    owners: tuple[Function, ...]
    users: tuple[Function, ...]
    adjacent: tuple[Function, ...]
    controls: tuple[Function, ...]
    deal_size_usd: float
    duties: tuple[DutyName, ...] = ()


_SALES = Category(
    owners=("sales",),
    users=("sales", "marketing", "customer_success"),
    adjacent=("it", "data", "support"),
    controls=("procurement", "legal", "security", "finance"),
    deal_size_usd=50_000,
)
CATEGORIES: dict[str, Category] = {
    "sales": _SALES,
    "crm": _SALES,
    "security": Category(
        owners=("security", "it", "engineering"),
        users=("security", "it"),
        adjacent=("engineering", "data"),
        controls=("procurement", "legal", "finance"),
        deal_size_usd=75_000,
    ),
    "hr": Category(
        owners=("hr",),
        users=("hr",),
        adjacent=("it", "finance"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=40_000,
        duties=("payroll",),
    ),
    "finance": Category(
        owners=("finance",),
        users=("finance",),
        adjacent=("procurement", "operations", "it", "data"),
        controls=("procurement", "legal", "security"),
        deal_size_usd=60_000,
    ),
    "procurement": Category(
        owners=("procurement", "finance"),
        users=("procurement",),
        adjacent=("finance", "operations", "it"),
        controls=("legal", "security", "finance"),
        deal_size_usd=60_000,
    ),
    "data": Category(
        owners=("data", "engineering", "it"),
        users=("data", "engineering"),
        adjacent=("it", "product", "finance", "marketing", "operations"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=75_000,
    ),
    "devtools": Category(
        owners=("engineering", "it"),
        users=("engineering", "data"),
        adjacent=("it", "product"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=40_000,
    ),
    "marketing": Category(
        owners=("marketing",),
        users=("marketing", "design"),
        adjacent=("sales", "data", "product", "it"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=40_000,
    ),
    "education": Category(
        owners=("education", "hr"),
        users=("education", "hr"),
        adjacent=("it", "support"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=25_000,
    ),
}
_CONTROLS: tuple[Function, ...] = ("procurement", "legal", "security", "finance")
_UNKNOWN_DEAL_USD = 50_000.0


def _department(category: str) -> Function | None:
    """The function that an unknown category names: `legal`, `Legal Tech`, `recruiting`."""
    for words in (category, category.lower().removesuffix("tech")):
        function = read_title("", words).function
        if function != "other":
            return function
    return None


class Weights(BaseModel):
    """How much each part counts in a score; only their proportion matters.

    The function comes first, then rank: who lives in the product counts more than who is high.
    Dates weigh little, and never decide between ranks. All are assumptions of ours, meant to be
    overridden by each seller's own. `location` counts only where a profile names `countries`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seniority: float = Field(0.3, ge=0, le=100, allow_inf_nan=False)
    function: float = Field(0.5, ge=0, le=100, allow_inf_nan=False)
    influence: float = Field(0.2, ge=0, le=100, allow_inf_nan=False)
    tenure: float = Field(0.02, ge=0, le=100, allow_inf_nan=False)
    recency: float = Field(0.02, ge=0, le=100, allow_inf_nan=False)
    location: float = Field(0.1, ge=0, le=100, allow_inf_nan=False)

    @model_validator(mode="after")
    def _something_counts(self) -> "Weights":
        if self.seniority + self.function + self.influence <= 0:
            raise ValueError("one of seniority, function and influence must be above 0")
        return self


class SellerProfile(BaseModel):
    """What one seller sells; everything but `id` and `category` follows from the category.

    Attributes:
        id: names the profile in scores, groups and tables.
        category: one of `CATEGORIES`, or another word: it is judged by `target_departments`, or
            without them by the department that it names ("legal tech").
        target_departments: the functions that use the product, those that own its budget first.
        deal_size_usd: what the first year costs, in US dollars.
        required_roles: the roles without which a group is incomplete.
        countries: where the seller sells; names or codes, compared without case and accents, so
            list each as the provider of people spells it (`[DE, Germany]`). Empty: anywhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
    category: Annotated[
        str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=64)
    ]
    name: str = ""
    target_departments: tuple[Function, ...] = ()
    deal_size_usd: float = Field(0, gt=0, le=1e9, allow_inf_nan=False)
    required_roles: tuple[Role, ...] = ("decision", "champion")
    weights: Weights = Weights()
    countries: tuple[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_the_category(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        named = str(given.get("category", "")).strip()
        category = CATEGORIES.get(named.lower())
        defaults: dict[str, object] = {"deal_size_usd": _UNKNOWN_DEAL_USD}
        if category is not None:
            defaults = {
                "deal_size_usd": category.deal_size_usd,
                "target_departments": category.users,
            }
        elif (function := _department(named)) is not None:
            defaults["target_departments"] = (function,)
        return {**defaults, "name": given.get("id", ""), **given}

    @field_validator("target_departments", "required_roles")
    @classmethod
    def _each_once(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(values)) != len(values):
            raise ValueError("names one of its values twice")
        return values

    @model_validator(mode="after")
    def _is_bought_by_somebody(self) -> "SellerProfile":
        if not self.target_departments:
            known = ", ".join(sorted(CATEGORIES))
            raise ValueError(
                f"target_departments must name a function: {self.category!r} is none of the known "
                f"categories ({known}), or its departments were taken away"
            )
        return self

    @property
    def named_targets(self) -> tuple[Function, ...]:
        """The target departments, where they are not just those of the category."""
        known = CATEGORIES.get(self.category)
        usual = known is not None and known.users == self.target_departments
        return () if usual else self.target_departments

    @property
    def departments(self) -> Category:
        """Who owns, uses, feels and checks this product: the category, bent to the targets."""
        users = self.target_departments
        known = CATEGORIES.get(self.category)
        if known is None:
            return Category(
                owners=users,
                users=users,
                adjacent=("operations", "it"),
                controls=tuple(each for each in _CONTROLS if each not in users),
                deal_size_usd=self.deal_size_usd,
            )
        owners = tuple(each for each in known.owners if each in users) or users
        if users == known.users:
            owners = known.owners
        return Category(
            owners=owners,
            users=users,
            adjacent=tuple(each for each in known.adjacent if each not in users),
            controls=tuple(each for each in known.controls if each not in {*users, *owners[:1]}),
            deal_size_usd=self.deal_size_usd,
            duties=known.duties,
        )
