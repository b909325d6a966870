"""Kinds of product, and who at a customer buys, uses and checks each of them."""

from dataclasses import dataclass
from typing import get_args

from bg_orchestration.domain.model import DutyName, Function
from bg_orchestration.domain.titles.title_reader import read_title


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
        elsewhere: users in companies of another kind only; a profile that leaves them out sells
            to the first kind alone.
    """

    owners: tuple[Function, ...]
    users: tuple[Function, ...]
    adjacent: tuple[Function, ...]
    controls: tuple[Function, ...]
    deal_size_usd: float
    duties: tuple[DutyName, ...] = ()
    elsewhere: tuple[Function, ...] = ()


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
        elsewhere=("hr",),
    ),
}


def department(category: str) -> Function | None:
    """The function that an unknown category names: `legal`, `Legal Tech`, `recruiting`."""
    for words in (category, category.lower().removesuffix("tech")):
        function = read_title("", words).function
        if function != "other":
            return function
    return None


# Names of departments that are not our own word for the function.
_SPELLINGS = {
    "business development": "sales", "revenue": "sales", "revenue operations": "sales",
    "revops": "sales", "communications": "marketing", "growth": "marketing",
    "r&d": "engineering", "research and development": "engineering", "development": "engineering",
    "software engineering": "engineering", "technology": "engineering", "devops": "engineering",
    "information technology": "it", "ict": "it", "infosec": "security",
    "information security": "security", "it security": "security", "cybersecurity": "security",
    "cyber security": "security", "product management": "product", "accounting": "finance",
    "controlling": "finance", "treasury": "finance", "human resources": "hr",
    "people": "hr", "people operations": "hr", "people & culture": "hr", "talent": "hr",
    "talent acquisition": "hr", "recruiting": "hr", "learning & development": "hr", "l&d": "hr",
    "compliance": "legal", "privacy": "legal", "purchasing": "procurement",
    "sourcing": "procurement", "ops": "operations", "supply chain": "operations",
    "logistics": "operations", "manufacturing": "operations", "production": "operations",
    "customer experience": "customer_success", "customer support": "support",
    "customer service": "support", "data science": "data", "analytics": "data",
    "business intelligence": "data", "bi": "data", "ux": "design", "administration": "admin",
    "management": "executive", "teaching": "education", "clinical": "healthcare",
}  # fmt: skip


def as_function(word: object) -> object:
    """A function as people spell it (`Human Resources`, `IT`), or the word itself."""
    if not isinstance(word, str):
        return word
    plain = " ".join(word.lower().replace("-", " ").replace("_", " ").split())
    plain = plain.removesuffix(" department").removesuffix(" team")
    plain = _SPELLINGS.get(plain, plain).replace(" ", "_")
    return plain if plain in get_args(Function) else word
