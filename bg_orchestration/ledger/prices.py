"""The price of a question for estimates, by price lists and past answers."""

from collections.abc import Mapping
from typing import Final

from bg_orchestration.domain.estimates import Prices
from bg_orchestration.provider_settings import CAPABILITIES, Capability, Provider, ProviderSettings

# Credits of one question by the documentation in the adapters: a company, a person's record, a
# person's contacts (Lusha: 1 for an email and 5 for a phone), an address.
_CREDITS: Final[Mapping[Provider, Mapping[Capability, float]]] = {
    "pdl": {"company": 1, "people": 1, "contact": 1},
    "apollo": {"company": 1, "people": 1, "contact": 1},
    "lusha": {"company": 1, "people": 1, "contact": 6},
    "zerobounce": {"verification": 1},
    # In USD: with a small model a person costs one to two cents.
    "research": {"research": 0.02},
}
# Providers that show people before their records are bought; the records have contacts.
SHOW_FIRST: Final[tuple[Provider, ...]] = ("coresignal", "apollo")
# The mean of so many answers is better than the list price.
_ENOUGH: Final = 20


def question_prices(
    config: ProviderSettings, recent: Mapping[tuple[str, str], tuple[int, float]]
) -> Prices:
    """Return the price of a question at the first provider of each capability.

    `recent` holds how many questions were answered and their mean cost, by provider and capability:
    it includes misses. The records of people are priced by the list, as a page may hold many.
    """
    questions: dict[str, float] = {}
    for capability in CAPABILITIES:
        providers = config.providers_for(capability)
        if not providers:
            continue
        answers, mean = recent.get((providers[0], capability), (0, 0.0))
        by_history = capability != "people" and answers >= _ENOUGH
        questions[capability] = mean if by_history else list_price(config, providers[0], capability)
    lister, finder = (
        next(iter(config.providers_for(kind)), None) for kind in ("people", "contact")
    )
    preview = config.coresignal_preview_credits if lister == "coresignal" else 0.0
    return Prices(
        questions,
        preview * config.usd_per_credit("coresignal"),
        shown_first=lister in SHOW_FIRST,
        with_contacts=lister in SHOW_FIRST and lister == finder,
    )


def list_price(config: ProviderSettings, provider: Provider, capability: Capability) -> float:
    """Return the list price of one question in USD."""
    if provider == "coresignal":
        return config.coresignal_collect_credits * config.usd_per_credit(provider)
    return _CREDITS[provider].get(capability, 1.0) * config.usd_per_credit(provider)
