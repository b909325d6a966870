"""`bg providers`: whether those who are asked answer."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
from rich.table import Table
from sqlalchemy import Engine

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.provider_settings import Provider, ProviderSettings, SettingsError
from bg_orchestration.settings import settings

_TO_DO = {
    "bad_key": "Set {key} to a key that the provider accepts.",
    "forbidden": "The key or the plan does not allow this: ask the provider, or leave it out.",
    "no_credit": "Top the account up, or leave the provider out until then.",
    "rate_limited": "Wait, then check again.",
    "transient": "Check {url} and the provider's status page, then check again.",
    "pending": "Check again in a minute.",
    "invalid": "Check {url}: what answers there does not know the call.",
    "compliance": "Check {url}: what answers there does not know the call.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of trying a provider out. `to_do` is empty if it works."""

    provider: str
    used_for: str
    works: bool
    found: str
    to_do: str


@click.group()
def command() -> None:
    """Look after the data providers that the settings name."""


@command.command()
@as_json
def check(json_: bool) -> None:
    """Ask each provider in use for something free that needs the key; say what works.

    Exit code 1 if one of them does not. A provider that was left alone because of its key or its
    credit is asked again from now on, if it works.
    """
    config = settings()
    with database() as engine:
        checked = list(_check_all(engine, config))
    if json_:
        print_json([asdict(one) for one in checked])
    elif not checked:
        console().print(
            f"No provider is asked: BG_PROVIDER is {config.provider}. Name one there or in "
            "BG_PEOPLE_PROVIDERS, BG_CONTACT_PROVIDERS ..."
        )
    else:
        table = Table("Provider", "For", "Works", "", "What to do", box=None)
        for one in checked:
            table.add_row(
                one.provider, one.used_for, "yes" if one.works else "no", one.found, one.to_do
            )
        console().print(table)
    failing = [one.provider for one in checked if not one.works]
    if failing:
        raise click.ClickException(f"Does not work: {', '.join(failing)}.")


def _check_all(engine: Engine, config: ProviderSettings) -> Iterator[Checked]:
    from bg_orchestration.provider_settings import CAPABILITIES

    for provider in config.providers_in_use:
        used = ", ".join(one for one in CAPABILITIES if provider in config.providers_for(one))
        works, found, to_do = _check(engine, config, provider)
        yield Checked(provider, used, works, found, to_do)


def _check(engine: Engine, config: ProviderSettings, provider: Provider) -> tuple[bool, str, str]:
    from bg_orchestration.providers.key_check import try_out
    from bg_orchestration.providers.protocols import ProviderError
    from bg_orchestration.providers.registry import adapter

    try:
        ending = try_out(engine, adapter(config, provider))
    except SettingsError as error:
        return False, "no key", str(error)
    except ProviderError as error:
        return False, str(error), "Wait, then check again."
    if ending.answered:
        return True, "answers", ""
    name = provider.upper()
    to_do = _TO_DO[ending.outcome].format(key=f"BG_{name}_KEY", url=f"BG_{name}_URL")
    return False, f"{ending.outcome.replace('_', ' ')}: {ending.verdict.why}", to_do
