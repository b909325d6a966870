"""`bg demo`: the real path, end to end, on the sample companies."""

import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import click
import httpx
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import Connection, Engine

from bg_orchestration import names
from bg_orchestration.cli.demo_story import COMPANIES, SOURCE, PostedEvent, Story, tell
from bg_orchestration.cli.groups import change_sentence
from bg_orchestration.cli.printing import console
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.refreshes.overview import changes, events, names_of, other_ends
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.refreshes.publishing import published
from bg_orchestration.report.terminal import Console
from bg_orchestration.settings import read_settings, settings
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import clock, engine_for, reading, writing
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.sending import TIMEOUT, post_event
from bg_orchestration.webhooks.signatures import Key

_WAIT_SECONDS = 90.0
# The result fits two screens of 24 lines.
_MOST_CHANGES = 3


@click.command()
def demo() -> None:
    """Run the whole path on fictional companies and show the result; leaves nothing running.

    Starts receiver, daemon, Dagit and workers in BG_HOME/demo (made anew each time, ports of their
    own), publishes the groups of a few companies, posts signed events over HTTP, and waits for the
    runs. Takes under a minute.

    \b
    bg demo
    """
    from bg_orchestration.ops.supervisor import (
        SystemStartError,
        alone,
        running,
    )

    home = read_settings().home / "demo"
    secret = secrets.token_hex(32)
    try:
        with alone(home) if home.exists() else nullcontext():
            _own_environment(home, secret)
    except SystemStartError as error:
        raise click.ClickException(str(error)) from None
    out = console()
    began = time.monotonic()
    try:
        with Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=out
        ) as progress:
            step = progress.add_task("Starting receiver, daemon, Dagit and workers")
            with running(settings(), out.print) as system:
                engine = engine_for(settings().url)
                _finish(progress, step)
                step = progress.add_task(f"Publishing the groups of {len(COMPANIES)} companies")
                with writing(engine) as connection:
                    plan_manual(connection, COMPANIES)
                _wait(system.look_after, lambda: _all_published(engine))
                with reading(engine) as connection:
                    before = clock(connection)
                    story = tell(connection)
                _finish(progress, step)
                step = progress.add_task("Posting signed events, and what should be refused")
                sent = _post(story, f"{system.receiver}{PATH}", secret)
                _finish(progress, step)
                step = progress.add_task("Waiting for the runs that the events caused")
                _wait(system.look_after, lambda: _all_settled(engine, sent))
                _finish(progress, step)
                step = progress.add_task("Stopping everything")
            _finish(progress, step)
    except SystemStartError as error:
        raise click.ClickException(str(error)) from None
    except TimeoutError:
        raise click.ClickException(
            f"Nothing happened for {_WAIT_SECONDS:g} s. The logs say why: {home / 'logs'}"
        ) from None
    _report(out, engine, sent, before - timedelta(milliseconds=1))
    out.print(
        f"Done in {time.monotonic() - began:.0f} s. To see lineage, runs and logs in Dagit, run\n\n"
        f"  BG_HOME={home} BG_WEBHOOK_SECRETS='*=only-to-look-around' {_program()} up\n\n"
        "and open http://127.0.0.1:3000",
        soft_wrap=True,
    )


def _own_environment(home: Path, secret: str) -> None:
    """Return an environment with a new folder, defaults and free ports."""
    marker = home / names.DEMO_MARKER
    if home.exists() and not marker.exists():
        raise click.ClickException(
            f"{home} is there and was not made by the demo. Move it away, or set BG_HOME."
        )
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700, parents=True)
    marker.touch()
    for name in list(os.environ):
        if name.startswith("BG_") or name in ("WEBHOOK_SECRET", "DAGSTER_HOME"):
            del os.environ[name]
    os.environ |= {
        "BG_HOME": str(home),
        "BG_WEBHOOK_SECRETS": f"{SOURCE}={secret}",
        "BG_RECEIVER_PORT": "0",
        "BG_DAGIT_PORT": "0",
        "BG_EXPORTER_PORT": "0",
        # The schedule may refresh the companies first: their events would be deferred by an hour.
        "BG_COMPANY_COOLDOWN": "0",
    }
    settings.cache_clear()


def _program() -> str:
    return sys.argv[0] if sys.argv[0].endswith("/bg") else "python -m bg_orchestration"


def _finish(progress: Progress, step: TaskID) -> None:
    progress.update(step, total=1, completed=1)


def _wait(look_after: Callable[[], None], is_done: Callable[[], bool]) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while not is_done():
        if time.monotonic() > until:
            raise TimeoutError
        look_after()
        time.sleep(0.1)


def _all_published(engine: Engine) -> bool:
    with reading(engine) as connection:
        return all(
            published(connection, company_id, "default") is not None for company_id in COMPANIES
        )


def _all_settled(engine: Engine, sent: list[PostedEvent]) -> bool:
    """Return whether every stored event is handled, ignored or deferred by a cool-down."""
    with reading(engine) as connection:
        soon = clock(connection) + timedelta(seconds=30)
        lines = events(connection, limit=len(sent))
        return all(
            line.state not in ("received", "pending") or (line.due_at and line.due_at > soon)
            for line in lines
        )


def _post(story: list[Story], url: str, secret: str) -> list[PostedEvent]:
    genuine = Key.read(SOURCE, secret)
    forger = Key.read(SOURCE, secrets.token_hex(32))
    with httpx.Client(timeout=TIMEOUT) as client:
        return [
            PostedEvent(
                part, post_event(client, url, part.body(), forger if part.forged else genuine)
            )
            for part in story
        ]


def _report(out: Console, engine: Engine, sent: list[PostedEvent], before: datetime) -> None:
    with reading(engine) as connection:
        lines = {line.event_id: line for line in events(connection, limit=len(sent))}
        published_changes = changes(connection, since=before)
        for event in sent:
            line = lines.get(event.story.event["id"])
            answer = f"{event.answer.status} {event.answer.outcome}"
            state = "not stored"
            if line and event.answer.stored:
                state = f"{line.state}: {line.reason}" if line.reason else line.state
            out.print(f"{event.story.sentence} -> {answer} -> {state}", markup=False)
        for company_id in dict.fromkeys(change.company_id for change in published_changes):
            _report_company(out, connection, company_id)
            of_company = [each for each in published_changes if each.company_id == company_id]
            ends = other_ends(connection, of_company)
            for change in of_company[:_MOST_CHANGES]:
                out.print(f"  {change_sentence(change, ends.get(change))}", markup=False)
            if len(of_company) > _MOST_CHANGES:
                out.print(f"  and {len(of_company) - _MOST_CHANGES} more")


def _report_company(out: Console, connection: Connection, company_id: str) -> None:
    group = published(connection, company_id, "default")
    company = find_company(connection, company_id)
    if group is not None and company is not None:
        facts = group.group
        deciders = [each.person_id for each in facts.members if each.role == "decision"]
        names_by_id = names_of(connection, deciders)
        out.print(
            f"\n{company.name} ({company_id}): {quantity(len(facts.members), 'member')}, "
            f"decided by {', '.join(names_by_id[each] for each in deciders) or 'no known person'}",
            markup=False,
        )
