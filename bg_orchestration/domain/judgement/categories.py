"""Kinds of product, with the functions that buy, use and check each."""

from dataclasses import dataclass
from typing import get_args

from bg_orchestration.domain.model import Function, Trait
from bg_orchestration.domain.titles.phrases import fold
from bg_orchestration.domain.titles.title_reader import read_title

CONTROLS: tuple[Function, ...] = ("procurement", "security", "legal", "finance")


@dataclass(frozen=True, slots=True)
class Category:
    """The functions that take part in buying one kind of product.

    Attributes:
        owners: functions that own the budget; a later one where no head of an earlier is known.
        users: functions that work with the product every day.
        adjacent: functions whose work it changes, though they do not live in it.
        deal_size_usd: a usual price of the first year. Our assumption; each seller states its own.
        joint: the first two owners own the product together and decide together.
        records: the product records what employees do, so that a works council has a say.
        users_by_trait: these work with the product in any function.
        waived: controls that do not object: finance, where procurement buys for itself.
    """

    owners: tuple[Function, ...]
    users: tuple[Function, ...]
    adjacent: tuple[Function, ...]
    deal_size_usd: float
    joint: bool = False
    records: bool = False
    users_by_trait: frozenset[Trait] = frozenset()
    waived: tuple[Function, ...] = ()

    @property
    def controls(self) -> tuple[Function, ...]:
        """Functions that may object, without the owners and users."""
        concerned = {*self.users, *self.owners[:1], *self.waived}
        return tuple(each for each in CONTROLS if each not in concerned)


_SALES = Category(
    owners=("sales", "marketing", "customer_success"),
    users=("sales", "marketing", "customer_success"),
    adjacent=("it", "data", "support"),
    deal_size_usd=50_000,
    records=True,
)
CATEGORIES: dict[str, Category] = {
    "sales": _SALES,
    "crm": _SALES,
    "marketing": Category(
        ("marketing", "sales"), ("marketing", "design"), ("sales", "data", "product", "it"), 40_000
    ),
    "support": Category(
        ("support", "customer_success", "operations"), ("support", "customer_success"),
        ("it", "sales", "product"), 40_000, records=True,
    ),
    "security": Category(
        ("security", "it", "engineering"), ("security", "it"), ("engineering", "data"), 75_000
    ),
    "it": Category(
        ("it", "engineering", "security"), ("it", "engineering"), ("security", "operations"), 60_000
    ),
    "devtools": Category(
        ("engineering", "it"), ("engineering", "data"), ("it", "product"), 40_000
    ),
    "data": Category(
        ("data", "it", "engineering"), ("data", "engineering"),
        ("it", "product", "finance", "marketing", "operations"), 75_000,
    ),
    "hr": Category(
        ("hr",), ("hr",), ("it", "finance"), 40_000, records=True,
        users_by_trait=frozenset({"payroll"}),
    ),
    "finance": Category(
        ("finance",), ("finance",), ("procurement", "operations", "it", "data"), 60_000
    ),
    "procurement": Category(
        ("procurement", "finance", "operations"), ("procurement",),
        ("finance", "operations", "it"), 60_000, waived=("finance",),
    ),
    "erp": Category(
        ("finance", "operations", "it"), ("finance", "operations"), ("it", "procurement", "sales"),
        150_000, joint=True,
    ),
    "legal": Category(("legal",), ("legal",), ("it", "procurement", "finance"), 40_000),
    "operations": Category(
        ("operations",), ("operations",), ("it", "finance", "procurement"), 60_000
    ),
    "education": Category(
        ("education", "hr"), ("education",), ("it", "support"), 25_000
    ),
    "healthcare": Category(
        ("healthcare", "operations"), ("healthcare",), ("it", "operations", "data"), 100_000
    ),
}  # fmt: skip

# The sellers' words for the kinds above; the longest matching phrase counts.
_KINDS = {
    "crm": """
        crm, customer relationship, cpq, donor management, fundraising
    """,
    "sales": """
        sales, selling, revenue, prospecting, lead generation, call recording, vertrieb
    """,
    "marketing": """
        marketing, advertising, seo, email, cms, content management, social media, event,
        ecommerce, e commerce, customer data platform, cdp, pr
    """,
    "support": """
        help desk, helpdesk, customer support, customer service, contact center, contact
        centre, call center, call centre, ticketing, chatbot, live chat
    """,
    "security": """
        security, cyber, cybersecurity, siem, soc, edr, xdr, iam, identity, endpoint,
        vulnerability, zero trust, pam, threat, phishing, firewall
    """,
    "it": """
        itsm, it, network, networking, cloud, infrastructure, telephony, device
        management, mdm, storage, backup, collaboration, service management, asset
        management, hosting, videoconferencing
    """,
    "devtools": """
        devtools, developer, development tools, ci cd, observability, engineering,
        testing, apm, devops, source code, software quality, code, api
    """,
    "data": """
        data, analytics, bi, business intelligence, data warehouse, etl, machine learning,
        ai, reporting, data catalog
    """,
    "hr": """
        hr, hris, hcm, human resources, payroll, recruiting, recruitment, ats, applicant
        tracking, talent, time tracking, time and attendance, workforce, performance
        management, employee, people, benefits, shift planning, rostering, scheduling,
        personal, lms, learning management, training, onboarding, engagement survey
    """,
    "finance": """
        finance, financial, accounting, bookkeeping, fp a, treasury, expense, expenses,
        billing, invoicing, tax, consolidation, budgeting, accounts payable, controlling
    """,
    "procurement": """
        procurement, purchasing, sourcing, supplier, suppliers, spend, p2p, procure to
        pay, vendor management, tendering, e procurement
    """,
    "erp": """
        erp, enterprise resource planning, business management software
    """,
    "legal": """
        legal, contract, contracts, clm, contract management, e discovery, ediscovery,
        law, compliance, privacy, gdpr, grc
    """,
    "operations": """
        operations, supply chain, logistics, wms, tms, warehouse, fleet, telematics,
        manufacturing, mes, production, quality management, qms, facility, facilities,
        maintenance, cmms, field service, inventory, transport, property management,
        hotel, pms, route planning
    """,
    "education": """
        education, edtech, curriculum, classroom, student, students, e learning,
        elearning, school, campus, learning platform, learning
    """,
    "healthcare": """
        healthcare, health, clinical, ehr, emr, medical, patient, hospital, dental,
        practice management, nursing, telehealth
    """,
}  # fmt: skip
_PHRASES = sorted(
    ((" ".join(p.split()), kind) for kind, text in _KINDS.items() for p in text.split(",")),
    key=lambda each: (-len(each[0]), each),
)
# Tools that record what employees do, in whatever category: BetrVG section 87 (1) no. 6.
_RECORDING = (
    "monitoring of employees", "employee monitoring", "time", "attendance", "workforce", "fleet",
    "telematics", "call recording", "shift", "field service", "productivity", "performance",
)  # fmt: skip


def _pad(text: str) -> str:
    letters = "".join(each if each.isalnum() else " " for each in fold(text))
    return f" {' '.join(letters.split())} "


def kind_of(category: str) -> str | None:
    """Return the kind of product in a seller's words: `Sales engagement` is sales."""
    plain = category.strip().lower()
    if plain in CATEGORIES:
        return plain
    spaced = _pad(plain.removesuffix("tech"))
    kind_match = next((kind for phrase, kind in _PHRASES if f" {fold(phrase)} " in spaced), None)
    if kind_match is not None:
        return kind_match
    function = department(category)
    return function if function in CATEGORIES else None


def records_employees(category: str) -> bool:
    """Return whether a category names a tool that records the employees' work."""
    spaced = _pad(category)
    return any(f" {word} " in spaced for word in _RECORDING)


def department(category: str) -> Function | None:
    """Return the function in an unknown category: `legal`, `Legal Tech`, `recruiting`."""
    for words in (category, category.lower().removesuffix("tech")):
        function = read_title("", words).function
        if function != "other":
            return function
    return None


# Names of departments beside our own word for the function.
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
    "fundraising": "sales", "advancement": "sales", "development office": "sales",
    "nursing": "healthcare", "medical": "healthcare", "academic affairs": "education",
    "academics": "education", "faculty": "education", "fleet": "operations",
    "facilities": "operations", "maintenance": "operations", "housekeeping": "operations",
    "customer relations": "customer_success", "risk": "legal", "service": "support",
    "e commerce": "marketing", "ecommerce": "marketing", "digital": "marketing",
}  # fmt: skip


def as_function(word: object) -> object:
    """Return the function of a word (`Human Resources`, `IT`), or the word itself."""
    if not isinstance(word, str):
        return word
    plain = " ".join(word.lower().replace("-", " ").replace("_", " ").split())
    plain = plain.removesuffix(" department").removesuffix(" team")
    plain = _SPELLINGS.get(plain, plain).replace(" ", "_")
    return plain if plain in get_args(Function) else department(word) or word
