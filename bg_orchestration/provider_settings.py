"""The variables of data providers: order, keys, prices, limits and freshness.

`settings.Settings` inherits them. Prices are those of the smallest plan that was found published,
so that an estimate errs on the dear side: set them to your contract's. Where a number is marked
`(assumed)`, no price was found published.
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
        raise ValueError("names a provider twice; write each once, the one to ask first in front")
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
    """Field `x` is read from the variable `BG_X`."""

    provider: Literal["sample", "files", DataProvider] = Field(
        "sample",
        description="Where people come from: the data that ships with the package, the files "
        "read with `bg import`, or a provider that is asked for everything it can tell.",
    )
    company_providers: _DataProviders = Field(
        (), description="Who is asked for companies, in this order; empty: as BG_PROVIDER says."
    )
    people_providers: _DataProviders = Field(
        (), description="Who is asked for people, in this order; empty: as BG_PROVIDER says."
    )
    contact_providers: _DataProviders = Field(
        (), description="Who is asked for contacts, in this order; empty: as BG_PROVIDER says."
    )
    verification_providers: _Verifiers = Field(
        (),
        description="Who verifies email addresses; empty: zerobounce if BG_ZEROBOUNCE_KEY is set.",
    )
    research_providers: _Researchers = Field(
        (), description="Who is asked at the level deep_research; empty: research."
    )
    enrichment: Literal["identify", "enrich", "deep_research"] = Field(
        "enrich",
        description="identify: who is in the group; enrich: and how to reach them; "
        "deep_research: and what to know.",
    )

    daily_budget_usd: _Limit = Field(
        10.0,
        description="What may be spent in a day of UTC; a refresh that would pass it waits for the "
        "next day. none: no limit.",
    )
    fresh_company: Duration = Field(
        timedelta(days=90), description="How long what was paid for about a company is not asked."
    )
    fresh_people: Duration = Field(
        timedelta(days=30), description="How long what was paid for about people is not asked."
    )
    fresh_contact: Duration = Field(
        timedelta(days=90), description="How long what was paid for about contacts is not asked."
    )
    fresh_verification: Duration = Field(
        timedelta(days=90), description="How long a verified address is not verified again."
    )
    fresh_research: Duration = Field(
        timedelta(days=90), description="How long what was researched is not asked again."
    )
    fresh_misses: Duration = Field(
        timedelta(days=30), description="How long a provider that knew nothing is not asked again."
    )

    coresignal_key: SecretStr | None = Field(None, description="API key of Coresignal.")
    coresignal_url: Url = Field(
        "https://api.coresignal.com/cdapi/v2", description="Base URL of Coresignal."
    )
    coresignal_usd_per_credit: _Usd = Field(
        0.0196, description="Price of a credit: the plan of 2,500 for $49."
    )
    coresignal_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")
    coresignal_collect_credits: _Usd = Field(
        20.0, description="Credits of a whole record; 2 on contracts from before 2026."
    )
    coresignal_preview_credits: _Usd = Field(20.0, description="Credits of a page of previews.")

    pdl_key: SecretStr | None = Field(None, description="API key of People Data Labs.")
    pdl_url: Url = Field(
        "https://api.peopledatalabs.com/v5",
        description="Base URL of People Data Labs; its sandbox is free and holds made-up people.",
    )
    pdl_usd_per_credit: _Usd = Field(0.28, description="Price of a credit: the small plan's.")
    pdl_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")

    apollo_key: SecretStr | None = Field(None, description="API key of Apollo.")
    apollo_url: Url = Field("https://api.apollo.io/api/v1", description="Base URL of Apollo.")
    apollo_usd_per_credit: _Usd = Field(0.20, description="Price of a credit (assumed).")
    apollo_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")

    lusha_key: SecretStr | None = Field(None, description="API key of Lusha.")
    lusha_url: Url = Field("https://api.lusha.com", description="Base URL of Lusha.")
    lusha_usd_per_credit: _Usd = Field(0.10, description="Price of a credit (assumed).")
    lusha_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")

    zerobounce_key: SecretStr | None = Field(None, description="API key of ZeroBounce.")
    zerobounce_url: Url = Field(
        "https://api.zerobounce.net/v2", description="Base URL of ZeroBounce."
    )
    zerobounce_usd_per_credit: _Usd = Field(0.01, description="Price of a credit: an address.")
    zerobounce_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")

    research_key: SecretStr | None = Field(
        None, description="API key of the server that researches; any word if it needs none."
    )
    research_url: Url = Field(
        "https://api.perplexity.ai/v1", description="Base URL of a server that speaks the dialect."
    )
    research_model: str = Field("perplexity/sonar", description="The model that is asked.")
    research_dialect: Literal["responses", "chat"] = Field(
        "responses", description="responses: POST /responses; chat: POST /chat/completions."
    )
    research_input_usd: _Usd = Field(
        1.0, description="Price of a million tokens sent, for servers that do not tell the cost."
    )
    research_output_usd: _Usd = Field(1.0, description="Price of a million tokens received.")
    research_request_usd: _Usd = Field(0.005, description="Price of a request beside its tokens.")
    research_usd_per_credit: _Usd = Field(1.0, description="Research is counted in dollars.")
    research_daily_usd: _Limit = Field(None, description="What it may cost in a day of UTC.")

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
        """All providers of the settings, each once."""
        asked = [name for one in CAPABILITIES for name in self.providers_for(one)]
        return tuple(dict.fromkeys(asked))

    def key_of(self, provider: Provider) -> str:
        """Return the key of a provider.

        Raises:
            SettingsError: the key is missing; names the variable.
        """
        key = self._key(provider)
        if not key:
            raise SettingsError(
                f"BG_{provider.upper()}_KEY: not set, but {provider} is to be asked. Set it to "
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
