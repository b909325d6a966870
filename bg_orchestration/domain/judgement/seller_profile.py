"""The seller's profile: the product, and the functions that buy, use and check it."""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bg_orchestration.domain.judgement.categories import (
    CATEGORIES,
    Category,
    as_function,
    department,
    kind_of,
    records_employees,
)
from bg_orchestration.domain.model import ROLES, Function, Role

_UNKNOWN_DEAL_USD = 50_000.0


def _role(word: object) -> object:
    """Return the role of a word (`Champions`, `decision maker`), or the word itself."""
    if not isinstance(word, str):
        return word
    spelled = word.strip().lower().removesuffix("s").removesuffix("maker").strip(" _-")
    return spelled if spelled in ROLES else word


class Weights(BaseModel):
    """The weights of the parts of a score; only their proportion matters.

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
    """A seller's product; all but `id` and `category` follows from the category.

    Attributes:
        id: names the profile in scores, groups and tables.
        category: what sellers call the product ("sales engagement", "ERP"). Words that name no
            known kind are judged by `target_departments`.
        target_departments: the functions that use the product, those that own its budget first, as
            departments are called in a company ("Human Resources").
        deal_size_usd: what the first year costs, in US dollars.
        required_roles: the roles without which a group is incomplete.
        countries: where the seller sells; names or codes, compared without case and accents, so
            list each as the provider of people spells it (`[DE, Germany]`). Empty: anywhere.
        key_companies: the most important accounts, by company id or web domain. They are refreshed
            more often; the judgement does not read them.
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
    key_companies: tuple[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_the_category(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        named = str(given.get("category", "")).strip().lower()
        kind, function = kind_of(named), department(named)
        defaults: dict[str, object] = {"deal_size_usd": _UNKNOWN_DEAL_USD}
        if kind is not None:
            category = CATEGORIES[kind]
            defaults = {
                "deal_size_usd": category.deal_size_usd,
                "target_departments": category.users,
            }
        elif function is not None:
            defaults["target_departments"] = (function,)
        if isinstance(given.get("id"), str):
            defaults["name"] = given["id"]
        return {**defaults, **given}

    @field_validator("target_departments", "required_roles", mode="before")
    @classmethod
    def _as_people_spell_them(cls, given: object, info: ValidationInfo) -> object:
        if not isinstance(given, (list, tuple)):
            return given
        spelled = _role if info.field_name == "required_roles" else as_function
        return tuple(spelled(each) for each in given)

    @field_validator("target_departments", "required_roles")
    @classmethod
    def _each_once(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(values)) != len(values):
            raise ValueError("names one of its values twice")
        return values

    @model_validator(mode="after")
    def _has_a_buyer(self) -> "SellerProfile":
        if not self.target_departments:
            categories = ", ".join(sorted(CATEGORIES))
            raise ValueError(
                f"target_departments must name a function: {self.category!r} is none of the known "
                f"categories ({categories}), or its departments were taken away"
            )
        return self

    @property
    def kind(self) -> str | None:
        """The known kind of product that the category names, if any."""
        return kind_of(self.category)

    @property
    def named_targets(self) -> tuple[Function, ...]:
        """The target departments, where they are not just those of the category."""
        category = CATEGORIES.get(self.kind or "")
        usual = category is not None and category.users == self.target_departments
        return () if usual else self.target_departments

    @property
    def departments(self) -> Category:
        """The functions of this product: those of the category, adapted to the targets.

        Of the targets the first that may own such a product owns it. A product of a known kind that
        is made for other departments is owned by the first of them.
        """
        users = self.target_departments
        category = CATEGORIES.get(self.kind or "")
        recording = records_employees(self.category)
        if category is None:
            return Category(
                users[:1], users, ("it", "operations"), self.deal_size_usd, False, recording
            )
        targets = self.named_targets
        if not targets:
            return category
        owning = tuple(each for each in targets if each in category.owners) or targets[:1]
        # Sold to the function that usually owns it, IT or engineering own it if that has no head.
        if owning[0] == category.owners[0] and not category.joint:
            owning += tuple(
                each for each in category.owners[1:] if each in _STAND_IN and each not in owning
            )
        near = dict.fromkeys((*category.adjacent, *category.users))
        return Category(
            owners=owning,
            users=users,
            adjacent=tuple(each for each in near if each not in users),
            deal_size_usd=self.deal_size_usd,
            joint=category.joint and len(owning) > 1,
            records=category.records or recording,
            users_by_trait=category.users_by_trait,
            waived=category.waived,
        )


# Functions that own what another has no head for: IT buys security, finance buys procurement.
_STAND_IN: frozenset[Function] = frozenset({"it", "engineering"})
