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

from bg_orchestration.domain.model import Function, Role


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
    """

    owners: tuple[Function, ...]
    users: tuple[Function, ...]
    adjacent: tuple[Function, ...]
    controls: tuple[Function, ...]
    deal_size_usd: float


_SALES = Category(
    owners=("sales",),
    users=("sales", "marketing", "customer_success"),
    adjacent=("operations", "it", "data", "support"),
    controls=("procurement", "legal", "security", "finance"),
    deal_size_usd=50_000,
)
CATEGORIES: dict[str, Category] = {
    "sales": _SALES,
    "crm": _SALES,
    "security": Category(
        owners=("security", "it", "engineering"),
        users=("security", "it"),
        adjacent=("engineering", "data", "operations"),
        controls=("procurement", "legal", "finance"),
        deal_size_usd=75_000,
    ),
    "hr": Category(
        owners=("hr",),
        users=("hr",),
        adjacent=("operations", "it", "finance"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=40_000,
    ),
    "finance": Category(
        owners=("finance",),
        users=("finance",),
        adjacent=("procurement", "operations", "it", "data"),
        controls=("procurement", "legal", "security"),
        deal_size_usd=60_000,
    ),
    "procurement": Category(
        owners=("procurement", "finance", "operations"),
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
        adjacent=("it", "product", "design", "support"),
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
        adjacent=("it", "operations", "support"),
        controls=("procurement", "legal", "security", "finance"),
        deal_size_usd=25_000,
    ),
}
_CONTROLS: tuple[Function, ...] = ("procurement", "legal", "security", "finance")
_UNKNOWN_DEAL_USD = 50_000.0


class Weights(BaseModel):
    """How much each part counts in a score; only their proportion matters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seniority: float = Field(0.3, ge=0, le=100, allow_inf_nan=False)
    function: float = Field(0.5, ge=0, le=100, allow_inf_nan=False)
    influence: float = Field(0.2, ge=0, le=100, allow_inf_nan=False)

    @model_validator(mode="after")
    def _something_counts(self) -> "Weights":
        if self.seniority + self.function + self.influence <= 0:
            raise ValueError("at least one weight must be above 0")
        return self


class SellerProfile(BaseModel):
    """What one seller sells; everything but `id` and `category` follows from the category.

    Attributes:
        id: names the profile in scores, groups and tables.
        category: one of `CATEGORIES`, or any other word together with `target_departments`.
        target_departments: the functions that use the product, those that own its budget first.
        deal_size_usd: what the first year costs, in US dollars.
        required_roles: the roles without which a group is incomplete.
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

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_the_category(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        category = CATEGORIES.get(str(given.get("category", "")).strip().lower())
        defaults: dict[str, object] = {"deal_size_usd": _UNKNOWN_DEAL_USD}
        if category is not None:
            defaults = {
                "deal_size_usd": category.deal_size_usd,
                "target_departments": category.users,
            }
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
    def policy(self) -> Category:
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
        )
