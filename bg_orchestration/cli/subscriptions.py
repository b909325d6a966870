"""`bg subscriptions`: what providers push to us, from order to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.table import Table

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.intake.subscriptions import (
    Subscription,
    found,
    listed,
    open_address,
)
from bg_orchestration.names import PDL_PATH
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bg_orchestration.providers.protocols import Ask


@click.group()
def command() -> None:
    """Order, list, renew and end what providers push to us.

    Pushes are hints: they make us look at a company sooner. The daily job watch_providers renews
    subscriptions that end within 14 days, and asks for changes that nobody pushed.
    """


@command.command()
@click.argument("company_ids", nargs=-1, metavar="COMPANY...")
@click.option("--people", is_flag=True, help="Subscribe to everybody known at the companies.")
@click.option("--pdl", is_flag=True, help="Open an address for People Data Labs.")
@as_json
def create(company_ids: tuple[str, ...], people: bool, pdl: bool, json_: bool) -> None:
    """Subscribe to companies, or to all people whom we know, at Coresignal.

    A company tells of arrivals, changes and leavers; there can be 500. People tell of changes
    only, at any number of companies. People Data Labs subscribes us on its own side: --pdl prints
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

    made: list[str] = []
    with database() as engine, _coresignal(engine) as ask:
        if people:
            made.append(watch_people(engine, ask, settings()))
        for company_id in company_ids:
            made.append(watch_company(engine, ask, settings(), company_id))
            if not json_:
                click.echo(f"Subscribed to {company_id}: {made[-1]}")
    if json_:
        print_json({"subscriptions": made})
    elif people:
        click.echo(f"Subscribed to the people known: {made[-1]}")


def _create_pdl(*, json_: bool) -> None:
    from bg_orchestration.providers.subscription_service import public_url

    url = public_url(settings()) + PDL_PATH
    with database() as engine, writing(engine) as connection:
        subscription_id, token = open_address(connection, "pdl")
    header = f"Authorization: Bearer {token}"
    told = {"subscription": subscription_id, "url": url, "header": header}
    if json_:
        print_json(told)
        return
    click.echo("\n".join(f"{name}: {value}" for name, value in told.items()))
    click.echo("The token is shown this once. Only its hash is stored.")


@command.command(name="list")
@as_json
def list_(json_: bool) -> None:
    """List subscriptions, the first to end first."""
    with database() as engine, reading(engine) as connection:
        all_of_them = listed(connection)
    if json_:
        print_json([asdict(one) for one in all_of_them])
        return
    table = Table("Subscription", "Provider", "About", "Ends (UTC)", "Last push (UTC)", box=None)
    for one in all_of_them:
        table.add_row(
            one.subscription_id,
            one.provider,
            _about(one),
            f"{one.expires_at:%Y-%m-%d}" if one.expires_at else _without_end(one),
            f"{one.last_push_at:%Y-%m-%d %H:%M}" if one.last_push_at else "never",
        )
    console().print(table if all_of_them else "No subscriptions. See: bg subscriptions create -h")


def _about(one: Subscription) -> str:
    if one.company_id is not None:
        return one.company_id
    return "people of its choice" if one.people is None else f"{one.people} people"


def _without_end(one: Subscription) -> str:
    return "never" if one.provider == "pdl" else "unconfirmed"


@command.command()
@as_json
def renew(json_: bool) -> None:
    """Renew now what ends within 14 days."""
    from bg_orchestration.providers.subscription_service import renew_ending

    with database() as engine, _coresignal(engine) as ask:
        done = renew_ending(engine, ask, settings())
    if json_:
        print_json(asdict(done))
    else:
        click.echo(f"{len(done.renewed)} renewed, {len(done.replaced)} made anew")
        for one, why in done.failed.items():
            click.echo(f"{one} not renewed: {why}", err=True)
    if done.failed:
        raise SystemExit(1)


@command.command()
@click.argument("ids", nargs=-1, required=True, metavar="SUBSCRIPTION...")
@click.option("--here-only", is_flag=True, help="Do not tell Coresignal; what it sends is refused.")
def delete(ids: tuple[str, ...], here_only: bool) -> None:
    """End subscriptions, at the provider too."""
    from bg_orchestration.providers.subscription_service import unsubscribe

    with database() as engine:
        with reading(engine) as connection:
            known = {one: found(connection, one) for one in ids}
        for one, subscription in known.items():
            if subscription is None:
                raise click.ClickException(f"No subscription {one}. See: bg subscriptions list")
        for subscription in known.values():
            assert subscription is not None
            if here_only or subscription.provider_id is None:
                unsubscribe(engine, None, subscription)
            else:
                with _coresignal(engine) as ask:
                    unsubscribe(engine, ask, subscription)
            click.echo(f"Ended: {subscription.subscription_id}")


@command.command()
def simulate() -> None:
    """Have Coresignal push an example to an address of its own; it comes within minutes."""
    from bg_orchestration.providers.subscription_service import try_out

    with database() as engine, _coresignal(engine) as ask:
        made = try_out(engine, ask, settings())
    click.echo(
        f"Asked for. It has come when `bg subscriptions list` shows a last push of {made}. "
        f"Then: bg subscriptions delete {made}"
    )


@contextmanager
def _coresignal(engine: "Engine") -> "Iterator[Ask]":
    from bg_orchestration.providers.protocols import ProviderError
    from bg_orchestration.providers.subscription_service import SubscriptionError, subscribing

    try:
        with subscribing(engine, settings()) as ask:
            yield ask
    except (ProviderError, SubscriptionError) as error:
        raise click.ClickException(str(error)) from None
