"""The adapters of the settings, with their keys; each is imported at its first use."""

from typing import Any

from bg_orchestration.provider_settings import Capability, Provider, ProviderSettings


def adapters_for(config: ProviderSettings, capability: Capability) -> tuple[Any, ...]:
    """Return the adapters of a capability in their order.

    Raises:
        SettingsError: a key is missing; names the variable.
    """
    return tuple(adapter(config, name) for name in config.providers_for(capability))


def adapter(config: ProviderSettings, name: Provider) -> Any:
    """Return the adapter of this name.

    Raises:
        SettingsError: its key is missing; names the variable.
    """
    key, url = config.key_of(name), config.url_of(name)
    match name:
        case "coresignal":
            from bg_orchestration.providers.adapters.coresignal.coresignal import Coresignal

            return Coresignal(
                key, url, config.coresignal_collect_credits, config.coresignal_preview_credits
            )
        case "pdl":
            from bg_orchestration.providers.adapters.pdl.pdl import PeopleDataLabs

            return PeopleDataLabs(key, url)
        case "apollo":
            from bg_orchestration.providers.adapters.apollo.apollo import Apollo

            return Apollo(key, url)
        case "lusha":
            from bg_orchestration.providers.adapters.lusha.lusha import Lusha

            return Lusha(key, url)
        case "zerobounce":
            from bg_orchestration.providers.adapters.zerobounce.zerobounce import ZeroBounce

            return ZeroBounce(key, url)
        case "research":
            from bg_orchestration.providers.adapters.research.research import Research

            return Research(
                key,
                url,
                config.research_model,
                config.research_dialect,
                config.research_input_usd,
                config.research_output_usd,
                config.research_request_usd,
            )
