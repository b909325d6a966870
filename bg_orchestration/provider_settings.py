"""The variables of data providers: order, keys, prices, limits and freshness.

`settings.Settings` inherits them. The default prices are the published prices of the smallest
plans, so an estimate is rather too high: set them to the prices of your contract. `(assumed)` marks
a price that no provider publishes.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from bg_orchestration.durations import Duration

Capability = Literal["company", "people", "contact", "verification", "research"]
DataProvider = Literal["coresignal", "pdl", "apollo", "lusha"]
Provider = Literal["coresignal", "pdl", "apollo", "lusha", "zerobounce", "research"]

PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)
CAPABILITIES: Final[tuple[Capability, ...]] = (
    "company",
    "people",
    "contact",
    "verification",
    "research",
)

# The providers behind each value of BG_PROVIDER. A set needs one key.
_SETS: Final[Mapping[str, Mapping[Capability, tuple[Provider, ...]]]] = {
    "coresignal": {
        "company": ("coresignal",),
        "people": ("coresignal",),
        "contact": ("coresignal",),
    },
    "pdl": {"company": ("pdl",), "people": ("pdl",), "contact": ("pdl",)},
    "apollo": {"company": ("apollo",), "people": ("apollo",), "contact": ("apollo",)},
    "lusha": {"company": ("lusha",), "people": ("lusha",), "contact": ("lusha",)},
}


class SettingsError(Exception):
    """A variable has an invalid value; the message names the variable and the allowed values."""


def _split(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    if len(set(names)) < len(names):
        raise ValueError(
            "names a provider twice; write each provider once, in the order of the calls"
        )
    return tuple(names)


def _join(value: tuple[str, ...]) -> str:
    return ",".join(value)


def _none(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().lower() in ("", "none") else value


def _without_slash(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value.startswith(("https://", "http://")):
        raise ValueError("a URL that begins with https:// or http://")
    return value.rstrip("/")


_DataProviders = Annotated[
    tuple[DataProvider, ...], NoDecode, BeforeValidator(_split), PlainSerializer(_join)
]
_Verifiers = Annotated[
    tuple[Literal["zerobounce"], ...], NoDecode, BeforeValidator(_split), PlainSerializer(_join)
]
_Researchers = Annotated[
    tuple[Literal["research"], ...], NoDecode, BeforeValidator(_split), PlainSerializer(_join)
]
Url = Annotated[str, BeforeValidator(_without_slash)]
_Usd = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Limit = Annotated[_Usd | None, BeforeValidator(_none)]


class ProviderSettings(BaseSettings):
    """The settings of data providers. Field `x` is read from the variable `BG_X`."""

    provider: Literal["sample", "files", DataProvider] = Field(
        "sample",
        description="Source of people. sample: the fictional data of the package; files: the files "
        "of `bg import`; a provider: companies, people and contacts of that provider.",
    )
    company_providers: _DataProviders = Field(
        (),
        description="Providers of companies, in the order of the calls; empty: from BG_PROVIDER.",
    )
    people_providers: _DataProviders = Field(
        (), description="Providers of people, in the order of the calls; empty: from BG_PROVIDER."
    )
    contact_providers: _DataProviders = Field(
        (), description="Providers of contacts, in the order of the calls; empty: from BG_PROVIDER."
    )
    verification_providers: _Verifiers = Field(
        (),
        description="Verifiers of email addresses; empty: zerobounce, if BG_ZEROBOUNCE_KEY is set.",
    )
    research_providers: _Researchers = Field(
        (), description="Providers at the level deep_research; empty: research."
    )
    enrichment: Literal["identify", "enrich", "deep_research"] = Field(
        "enrich",
        description="identify: the members; enrich: also their contacts; deep_research: also "
        "research about decision makers and champions.",
    )

    daily_budget_usd: _Limit = Field(
        10.0,
        description="Most that providers may cost in a UTC day. A refresh that would exceed it is "
        "deferred to the next day. none: no limit.",
    )
    fresh_company: Duration = Field(
        timedelta(days=90), description="How long a paid answer about a company is fresh."
    )
    fresh_people: Duration = Field(
        timedelta(days=30), description="How long a paid answer about people is fresh."
    )
    fresh_contact: Duration = Field(
        timedelta(days=90), description="How long a paid answer about contacts is fresh."
    )
    fresh_verification: Duration = Field(
        timedelta(days=90), description="How long the verification of an address is fresh."
    )
    fresh_research: Duration = Field(
        timedelta(days=90), description="How long a research answer is fresh."
    )
    fresh_misses: Duration = Field(
        timedelta(days=30), description="How long a call without a result is not repeated."
    )

    coresignal_key: SecretStr | None = Field(None, description="API key of Coresignal.")
    coresignal_url: Url = Field(
        "https://api.coresignal.com/cdapi/v2", description="Base URL of Coresignal."
    )
    coresignal_usd_per_credit: _Usd = Field(
        0.0196, description="USD for a credit; the plan of 2,500 credits for $49."
    )
    coresignal_daily_usd: _Limit = Field(
        None, description="Most USD of calls in a UTC day; none: no cap."
    )
    coresignal_collect_credits: _Usd = Field(
        20.0, description="Credits for a whole record; 2 in contracts from before 2026."
    )
    coresignal_preview_credits: _Usd = Field(20.0, description="Credits for a page of previews.")

    pdl_key: SecretStr | None = Field(None, description="API key of People Data Labs.")
    pdl_url: Url = Field(
        "https://api.peopledatalabs.com/v5",
        description="Base URL of People Data Labs. Its sandbox is free and has fictional people.",
    )
    pdl_usd_per_credit: _Usd = Field(0.28, description="USD for a credit; the smallest plan.")
    pdl_daily_usd: _Limit = Field(None, description="Most USD of calls in a UTC day; none: no cap.")

    apollo_key: SecretStr | None = Field(None, description="API key of Apollo.")
    apollo_url: Url = Field("https://api.apollo.io/api/v1", description="Base URL of Apollo.")
    apollo_usd_per_credit: _Usd = Field(0.20, description="USD for a credit (assumed).")
    apollo_daily_usd: _Limit = Field(
        None, description="Most USD of calls in a UTC day; none: no cap."
    )

    lusha_key: SecretStr | None = Field(None, description="API key of Lusha.")
    lusha_url: Url = Field("https://api.lusha.com", description="Base URL of Lusha.")
    lusha_usd_per_credit: _Usd = Field(0.10, description="USD for a credit (assumed).")
    lusha_daily_usd: _Limit = Field(
        None, description="Most USD of calls in a UTC day; none: no cap."
    )

    zerobounce_key: SecretStr | None = Field(None, description="API key of ZeroBounce.")
    zerobounce_url: Url = Field(
        "https://api.zerobounce.net/v2", description="Base URL of ZeroBounce."
    )
    zerobounce_usd_per_credit: _Usd = Field(
        0.01, description="USD for a credit, which verifies an address."
    )
    zerobounce_daily_usd: _Limit = Field(
        None, description="Most USD of calls in a UTC day; none: no cap."
    )

    research_key: SecretStr | None = Field(
        None, description="API key of the research server; any word if the server needs no key."
    )
    research_url: Url = Field(
        "https://api.perplexity.ai/v1", description="Base URL of the research server."
    )
    research_model: str = Field("perplexity/sonar", description="Model of the research server.")
    research_dialect: Literal["responses", "chat"] = Field(
        "responses", description="responses: POST /responses; chat: POST /chat/completions."
    )
    research_input_usd: _Usd = Field(
        1.0, description="USD for a million input tokens, if the server reports no cost."
    )
    research_output_usd: _Usd = Field(1.0, description="USD for a million output tokens.")
    research_request_usd: _Usd = Field(0.005, description="USD for a request, beside its tokens.")
    research_usd_per_credit: _Usd = Field(
        1.0, description="USD for a credit; research is counted in USD."
    )
    research_daily_usd: _Limit = Field(
        None, description="Most USD of calls in a UTC day; none: no cap."
    )

    def providers_for(self, capability: Capability) -> tuple[Provider, ...]:
        """Return the providers of a capability in their order; none below its enrichment level."""
        if capability in ("contact", "verification") and self.enrichment == "identify":
            return ()
        if capability == "research" and self.enrichment != "deep_research":
            return ()
        listed: tuple[Provider, ...] = getattr(self, f"{capability}_providers")
        if listed:
            return listed
        if capability == "research":
            return ("research",)
        if capability == "verification":
            return ("zerobounce",) if self.zerobounce_key else ()
        return _SETS.get(self.provider, {}).get(capability, ())

    @property
    def providers_in_use(self) -> tuple[Provider, ...]:
        """All providers that the settings name, each once."""
        listed = [name for need in CAPABILITIES for name in self.providers_for(need)]
        return tuple(dict.fromkeys(listed))

    def key_of(self, provider: Provider) -> str:
        """Return the key of a provider.

        Raises:
            SettingsError: the key is missing; names the variable.
        """
        key = self._key(provider)
        if not key:
            raise SettingsError(
                f"BG_{provider.upper()}_KEY: not set, but the settings name {provider}. Set it to "
                "your key, or leave the provider out of BG_PROVIDER and BG_..._PROVIDERS."
            )
        return key

    def has_key(self, provider: Provider) -> bool:
        """Whether a provider's key is set."""
        return bool(self._key(provider))

    def _key(self, provider: Provider) -> str:
        key: SecretStr | None = getattr(self, f"{provider}_key")
        return "" if key is None else key.get_secret_value().strip()

    def url_of(self, provider: Provider) -> str:
        """Return the base URL of a provider, without a slash at the end."""
        url: str = getattr(self, f"{provider}_url")
        return url

    def usd_per_credit(self, provider: str) -> float:
        """Return the price of a provider's credit in USD."""
        price: float = getattr(self, f"{provider}_usd_per_credit")
        return price

    def daily_cap(self, provider: str) -> float | None:
        """Return a provider's daily cap in USD, by UTC days; `None` without a cap."""
        cap: float | None = getattr(self, f"{provider}_daily_usd")
        return cap

    def fresh_for(self, capability: Capability) -> timedelta:
        """Return how long an answer of this capability stays fresh."""
        span: timedelta = getattr(self, f"fresh_{capability}")
        return span
