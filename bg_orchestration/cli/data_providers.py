"""`bg providers` and `bg subscriptions`: keys of data providers, and their pushes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, console, print_json, print_table
from bg_orchestration.intake.subscriptions import (
    Subscription,
    all_subscriptions,
    find_subscription,
    open_address,
)
from bg_orchestration.names import PDL_PATH
from bg_orchestration.provider_settings import Provider, ProviderSettings, SettingsError
from bg_orchestration.report.terminal import Table, echo
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bg_orchestration.ledger.calls import Request


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
class KeyCheck:
    """The result of a provider's check. `to_do` is empty if the provider works."""

    provider: str
    used_for: str
    works: bool
    found: str
    to_do: str


@click.group()
def providers() -> None:
    """Check the data providers that the settings name."""


@providers.command()
@as_json
def check(json_: bool) -> None:
    """Send each provider in use a free request that needs the key, and print the result.

    Exit code 1 if a provider fails. A provider that was stopped because of its key or credit is
    in use again as soon as its check succeeds.

    \b
    BG_PROVIDER=coresignal bg providers check
    """
    config = settings()
    with database() as engine:
        results = list(_check_all(engine, config))
    if json_:
        print_json([asdict(result) for result in results])
    elif not results:
        console().print(
            f"No provider is asked: BG_PROVIDER is {config.provider}. Name one there or in "
            "BG_PEOPLE_PROVIDERS, BG_CONTACT_PROVIDERS ..."
        )
    else:
        table = Table("Provider", "For", "Works", "", "What to do", box=None)
        for result in results:
            table.add_row(
                result.provider,
                result.used_for,
                "yes" if result.works else "no",
                result.found,
                result.to_do,
            )
        print_table(table, whole=("Provider",))
    failing = [result.provider for result in results if not result.works]
    if failing:
        raise click.ClickException(f"Does not work: {', '.join(failing)}.")


def _check_all(engine: Engine, config: ProviderSettings) -> Iterator[KeyCheck]:
    from bg_orchestration.provider_settings import CAPABILITIES

    for provider in config.providers_in_use:
        used = ", ".join(
            capability
            for capability in CAPABILITIES
            if provider in config.providers_for(capability)
        )
        works, found, to_do = _check(engine, config, provider)
        yield KeyCheck(provider, used, works, found, to_do)


def _check(engine: Engine, config: ProviderSettings, provider: Provider) -> tuple[bool, str, str]:
    from bg_orchestration.ledger.client import check_key
    from bg_orchestration.ledger.errors import ProviderError
    from bg_orchestration.providers.registry import adapter

    try:
        outcome = check_key(engine, adapter(config, provider), config)
    except SettingsError as error:
        return False, "no key", str(error)
    except ProviderError as error:
        return False, str(error), "Wait, then check again."
    if outcome.answered:
        return True, "answers", ""
    name = provider.upper()
    to_do = _TO_DO[outcome.kind].format(key=f"BG_{name}_KEY", url=f"BG_{name}_URL")
    return False, f"{outcome.kind.replace('_', ' ')}: {outcome.classification.why}", to_do


@click.group()
def subscriptions() -> None:
    """Create, list, renew and delete subscriptions to the pushes of providers.

    A push causes an earlier refresh of a company. The daily job watch_providers renews
    subscriptions that end within 14 days, and looks for changes that were not pushed.
    """


@subscriptions.command()
@click.argument("company_ids", nargs=-1, metavar="COMPANY...")
@click.option("--people", is_flag=True, help="Subscribe to all stored people of the companies.")
@click.option("--pdl", is_flag=True, help="Open an address for People Data Labs.")
@as_json
def create(company_ids: tuple[str, ...], people: bool, pdl: bool, json_: bool) -> None:
    """Subscribe to companies, or to all stored people, at Coresignal.

    A subscription to a company reports arrivals, changes and leavers; an account has 500. One to
    people reports changes only, at any number of companies. People Data Labs subscribes us on its
    own side: --pdl prints
    the address and the header to give to your account manager, once.

    \b
    Companies:  bg subscriptions create acme.example beta.example
    People:     bg subscriptions create --people
    """
    if sum((bool(company_ids), people, pdl)) != 1:
        raise click.UsageError("Give companies, or --people, or --pdl.")
    if pdl:
        _create_pdl(json_=json_)
        return
    from bg_orchestration.providers.subscription_service import watch_company, watch_people

    created: list[str] = []
    with database() as engine, _coresignal(engine) as ask:
        if people:
            created.append(watch_people(engine, ask, settings()))
        for company_id in company_ids:
            created.append(watch_company(engine, ask, settings(), company_id))
            if not json_:
                echo(f"Subscribed to {company_id}: {created[-1]}")
    if json_:
        print_json({"subscriptions": created})
    elif people:
        echo(f"Subscribed to the people known: {created[-1]}")


def _create_pdl(*, json_: bool) -> None:
    from bg_orchestration.providers.subscription_service import public_url

    url = public_url(settings()) + PDL_PATH
    with database() as engine, writing(engine) as connection:
        subscription_id, token = open_address(connection, "pdl")
    header = f"Authorization: Bearer {token}"
    facts = {"subscription": subscription_id, "url": url, "header": header}
    if json_:
        print_json(facts)
        return
    echo("\n".join(f"{name}: {value}" for name, value in facts.items()))
    echo("The token is shown this once. Only its hash is stored.")


@subscriptions.command(name="list")
@as_json
def list_(json_: bool) -> None:
    """List subscriptions, the first to end first.

    \b
    bg subscriptions list --json
    """
    with database() as engine, reading(engine) as connection:
        found = all_subscriptions(connection)
    if json_:
        print_json([asdict(subscription) for subscription in found])
        return
    table = Table("Subscription", "Provider", "About", "Ends (UTC)", "Last push (UTC)", box=None)
    for subscription in found:
        table.add_row(
            subscription.subscription_id,
            subscription.provider,
            _about(subscription),
            f"{subscription.expires_at:%Y-%m-%d}"
            if subscription.expires_at
            else _without_end(subscription),
            f"{subscription.last_push_at:%Y-%m-%d %H:%M}" if subscription.last_push_at else "never",
        )
    if not found:
        echo("No subscriptions. See: bg subscriptions create -h")
        return
    print_table(table, whole=("Subscription",), optional=("Last push (UTC)",))


def _about(subscription: Subscription) -> str:
    if subscription.company_id is not None:
        return subscription.company_id
    return (
        "people of its choice" if subscription.people is None else f"{subscription.people} people"
    )


def _without_end(subscription: Subscription) -> str:
    return "never" if subscription.provider == "pdl" else "unconfirmed"


@subscriptions.command()
@as_json
def renew(json_: bool) -> None:
    """Renew the subscriptions that end within 14 days, now.

    \b
    bg subscriptions renew
    """
    from bg_orchestration.providers.subscription_service import renew_expiring

    with database() as engine, _coresignal(engine) as ask:
        report = renew_expiring(engine, ask, settings())
    if json_:
        print_json(asdict(report))
    else:
        echo(f"{len(report.renewed)} renewed, {len(report.replaced)} made anew")
        for subscription, why in report.failed.items():
            echo(f"{subscription} not renewed: {why}", err=True)
    if report.failed:
        raise SystemExit(1)


@subscriptions.command()
@click.argument("ids", nargs=-1, required=True, metavar="SUBSCRIPTION...")
@click.option(
    "--here-only",
    is_flag=True,
    help="Delete it here only; the receiver refuses its further pushes.",
)
def delete(ids: tuple[str, ...], here_only: bool) -> None:
    """Delete subscriptions, at the provider too.

    \b
    bg subscriptions delete 4f2a9c
    """
    from bg_orchestration.providers.subscription_service import unsubscribe

    with database() as engine:
        with reading(engine) as connection:
            known = {
                subscription_id: find_subscription(connection, subscription_id)
                for subscription_id in ids
            }
        for subscription_id, subscription in known.items():
            if subscription is None:
                raise click.ClickException(
                    f"No subscription {subscription_id}. See: bg subscriptions list"
                )
        for subscription in known.values():
            assert subscription is not None
            if here_only or subscription.provider_id is None:
                unsubscribe(engine, None, subscription)
            else:
                with _coresignal(engine) as ask:
                    unsubscribe(engine, ask, subscription)
            echo(f"Ended: {subscription.subscription_id}")


@subscriptions.command()
def simulate() -> None:
    """Have Coresignal push an example to an address of its own; it comes within minutes.

    \b
    bg subscriptions simulate
    """
    from bg_orchestration.providers.subscription_service import send_example

    with database() as engine, _coresignal(engine) as ask:
        example = send_example(engine, ask, settings())
    echo(
        f"Asked for. It has come when `bg subscriptions list` shows a last push of {example}. "
        f"Then: bg subscriptions delete {example}"
    )


@contextmanager
def _coresignal(engine: "Engine") -> "Iterator[Request]":
    from bg_orchestration.ledger.errors import ProviderError
    from bg_orchestration.providers.subscription_service import (
        SubscriptionError,
        subscription_client,
    )

    try:
        with subscription_client(engine, settings()) as ask:
            yield ask
    except (ProviderError, SubscriptionError) as error:
        raise click.ClickException(str(error)) from None
