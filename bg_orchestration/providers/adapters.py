"""The adapters that the settings name, made with their keys; each is imported only when asked."""

from collections.abc import Callable
from typing import Any, Final

from bg_orchestration.provider_settings import Capability, Provider, ProviderSettings


def adapters_for(config: ProviderSettings, capability: Capability) -> tuple[Any, ...]:
    """Who is asked, in this order: adapters that have the capability's protocol.

    Raises:
        SettingsError: a key is missing; names the variable.
    """
    return tuple(adapter(config, name) for name in config.providers_for(capability))


def adapter(config: ProviderSettings, name: Provider) -> Any:
    """The adapter of this name.

    Raises:
        SettingsError: its key is missing; names the variable.
    """
    return _MAKERS[name](config, config.key_of(name), config.url_of(name))


def _coresignal(config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.coresignal import Coresignal

    return Coresignal(
        key, url, config.coresignal_collect_credits, config.coresignal_preview_credits
    )


def _pdl(_config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.pdl import PeopleDataLabs

    return PeopleDataLabs(key, url)


def _apollo(_config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.apollo import Apollo

    return Apollo(key, url)


def _lusha(_config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.lusha import Lusha

    return Lusha(key, url)


def _zerobounce(_config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.zerobounce import ZeroBounce

    return ZeroBounce(key, url)


def _research(config: ProviderSettings, key: str, url: str) -> Any:
    from bg_orchestration.providers.research import Research

    return Research(
        key,
        url,
        config.research_model,
        config.research_dialect,
        config.research_input_usd,
        config.research_output_usd,
        config.research_request_usd,
    )


_MAKERS: Final[dict[Provider, Callable[[ProviderSettings, str, str], Any]]] = {
    "coresignal": _coresignal,
    "pdl": _pdl,
    "apollo": _apollo,
    "lusha": _lusha,
    "zerobounce": _zerobounce,
    "research": _research,
}
