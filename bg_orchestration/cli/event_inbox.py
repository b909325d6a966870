"""`bg inbox`, `bg replay` and `bg trace`: received events and their outcomes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO

import click
from rich.text import Text
from sqlalchemy import Connection, Engine

from bg_orchestration.cli.lookup import company_named, database
from bg_orchestration.cli.printing import as_json, console, print_json, print_table
from bg_orchestration.domain.quantities import quantity
from bg_orchestration.intake.replay import (
    UnknownEventError,
    replay_company,
    replay_dead,
    replay_events,
)
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.refreshes.journeys import (
    Journey,
    JourneySearch,
    find,
)
from bg_orchestration.refreshes.overview import EventLine, events, whole_event_ids
from bg_orchestration.report.terminal import Console, Table, echo
from bg_orchestration.report.timeline import (
    Axis,
    Bar,
    bar_of_event,
    bars_of,
    bars_of_run,
    in_words,
)
from bg_orchestration.store.database import clock, reading, writing
from bg_orchestration.webhooks.event_files import store_events


@click.command()
@click.option(
    "--state",
    type=click.Choice(["received", "pending", "handled", "ignored", "dead"]),
    help="Only events in this state.",
)
@click.option("--dead", is_flag=True, help="The same as --state dead.")
@click.option("--company", help="Only events that concern this company.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most.")
@as_json
def inbox(state: str | None, dead: bool, company: str | None, limit: int, json_: bool) -> None:
    """List received events, newest first, with state and reason.

    \b
    bg inbox --company acme --state pending
    """
    state = "dead" if dead else state
    with database() as engine, reading(engine) as connection:
        if company is not None:
            company = company_of_events(connection, company, beginning=True)
        lines = events(connection, state=state, company_id=company, limit=limit)
    if json_:
        print_json([asdict(line) for line in lines])
        return
    table = Table("Received (UTC)", "Source", "Event", "Type", "Company", "State", "", box=None)
    for line in lines:
        table.add_row(
            f"{line.received_at:%Y-%m-%d %H:%M:%S}",
            line.source,
            line.event_id,
            line.type,
            line.company_id,
            line.state,
            outcome(line),
        )
    if not lines:
        echo("No events.")
        return
    print_table(table, whole=("Received (UTC)", "Event", "Company"), optional=("Source", "Type"))


def company_of_events(connection: Connection, text: str, *, beginning: bool = False) -> str:
    """Return the id of a company with events, which need not be stored, else of a stored one.

    Raises:
        click.ClickException: there is neither.
    """
    if events(connection, company_id=text, limit=1):
        return text
    return company_named(connection, text, beginning=beginning).company_id


def event_named(connection: Connection, text: str) -> str:
    """Return the id of the event that begins so; `text` itself if none does.

    Raises:
        click.ClickException: several events begin so.
    """
    ids = whole_event_ids(connection, text)
    if len(ids) > 1:
        raise click.ClickException(f"Several events begin with {text}: {', '.join(ids)}")
    return ids[0] if ids else text


def outcome(line: EventLine) -> str:
    """Return the reason for the event's state, in a few words."""
    parts = []
    if line.reason:
        parts.append(line.reason)
    elif line.due_at is not None:
        why = f": {line.deferred}" if line.deferred else ""
        parts.append(f"deferred until {line.due_at:%Y-%m-%d %H:%M:%S}{why}")
    elif line.refresh_ids:
        # The first digits distinguish refreshes; --json has the whole ids.
        ids = ", ".join(refresh_id[:8] for refresh_id in line.refresh_ids)
        parts.append(f"{'waits for' if line.state == 'pending' else 'by'} refresh {ids}")
    if line.conflicts:
        parts.append(f"{line.conflicts} times sent with another body")
    return "; ".join(parts)


@click.command()
@click.argument("event_ids", nargs=-1, metavar="[EVENTS]...")
@click.option("--company", help="Every finished event of this company.")
@click.option("--dead", is_flag=True, help="Every dead event; with --company, those of it.")
@click.option(
    "--from-file",
    "file",
    type=click.File("rb"),
    help="Store these events, one JSON body a line; - is stdin.",
)
@as_json
def replay(
    event_ids: tuple[str, ...],
    company: str | None,
    dead: bool,
    file: BinaryIO | None,
    json_: bool,
) -> None:
    """Make EVENTS pending again, so that their companies are refreshed for them once more.

    Use it for dead events after the cause is mended, and for events that another setting ignored.
    The beginning of an event's id is enough. The cool-down and the limits hold as for new events.
    Replaying an event twice before its refresh has the effect of once.

    After a restore of a backup, --from-file stores the events that a sender exported, each line
    the body as it was sent. They need no signature. An event that is stored already is a
    duplicate and changes nothing, so give the file from before the backup on.

    \b
    bg replay evt-5f0a
    bg replay --dead --company acme
    """
    if [bool(event_ids), bool(company or dead), bool(file)].count(True) != 1:
        raise click.UsageError("Name events, or give --company, --dead or --from-file.")
    with database() as engine:
        if file is not None:
            _store_file(engine, file, json_=json_)
            return
        try:
            with writing(engine) as connection:
                if company is not None:
                    company = company_of_events(connection, company)
                if event_ids:
                    whole = [event_named(connection, event) for event in event_ids]
                    count = replay_events(connection, whole)
                elif dead:
                    count = replay_dead(connection, company)
                else:
                    count = replay_company(connection, str(company))
        except UnknownEventError as error:
            raise click.ClickException(str(error)) from None
    if json_:
        print_json({"replayed": count})
    else:
        echo(f"Pending again: {quantity(count, 'event')}." if count else "Nothing to replay.")


def _store_file(engine: Engine, file: BinaryIO, *, json_: bool) -> None:
    """Store the events of a file and report; exit code 1 if a line is not stored."""
    counts: Counter[str] = Counter()
    refused = []
    for event in store_events(engine, file):
        counts[event.outcome] += 1
        if event.outcome in ("invalid", "unstorable"):
            refused.append(event)
    if json_:
        print_json({**counts, "refused": [asdict(event) for event in refused]})
    else:
        counted = (f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        echo(", ".join(counted) or "The file has no events.")
        for event in refused[:_SHOWN_REFUSALS]:
            echo(f"  line {event.number}: {event.outcome}. {event.fault}", err=True)
        if len(refused) > _SHOWN_REFUSALS:
            echo(f"  and {len(refused) - _SHOWN_REFUSALS} more: see --json", err=True)
    if refused:
        raise click.exceptions.Exit(1)


_SHOWN_REFUSALS = 20
_BAR_COLUMNS = 28


@click.command()
@click.argument("identifier", metavar="[EVENT|RUN|REFRESH]", required=False)
@as_json
def trace(identifier: str | None, json_: bool) -> None:
    """Draw the spans of an event, a run or a refresh: where the time went.

    Without an argument it is the newest event. The beginning of an id is enough, of a refresh, run
    or trace the first six digits. Spans are kept for BG_KEEP_TRACES. Of a run without spans, such
    as a killed one, the tables give the times.

    \b
    bg trace
    bg trace 4c1f08
    """
    with database() as engine, reading(engine) as connection:
        if identifier is None:
            newest = events(connection, limit=1)
            if not newest:
                raise click.ClickException("No event was received yet. Send one: bg send-event")
            identifier = newest[0].event_id
        search = find(connection, identifier)
        if not any((search.refreshes, search.events, search.runs)):
            search = find(connection, event_named(connection, identifier))
        now = clock(connection)
    pictures = list(_pictures(search))
    if not pictures:
        raise click.ClickException(
            f"No event, run or refresh {identifier} is known. List events: bg inbox; "
            "refreshes of a company: bg refresh --why COMPANY"
        )
    if json_:
        print_json(asdict(search))
        return
    out = console()
    for title, bars in pictures:
        out.print(Text(title, style="bold"), soft_wrap=True)
        _draw(out, bars, now)
        out.print()


def _pictures(search: JourneySearch) -> Iterator[tuple[str, list[Bar]]]:
    """Return the title and the bars of each event, run or refresh."""
    for journey in search.refreshes:
        yield _title(journey), bars_of(journey)
    for event in search.events:
        trace_id = trace_id_in(event.traceparent)
        title = f"Event {event.event_id}: {event.state}, by no refresh, trace {trace_id}"
        yield title, [bar_of_event(event)]
    for run_id, spans in search.runs.items():
        yield f"Run {run_id}: no refresh, trace {spans[0].trace_id}", bars_of_run(spans)


def _title(journey: Journey) -> str:
    traces = {span.trace_id for attempt in journey.attempts for span in attempt.spans}
    traces |= {trace_id} if (trace_id := trace_id_in(journey.traceparent)) else set()
    return (
        f"Refresh {journey.refresh_id} of {journey.company_id}: {journey.state}, "
        f"reason {journey.reason}, trace {', '.join(sorted(traces)) or 'not begun'}"
    )


def _draw(out: Console, bars: Sequence[Bar], now: datetime) -> None:
    if not bars:
        out.print("  Nothing happened yet.")
        return
    axis = Axis(bars, now, _BAR_COLUMNS)
    heading = f"From {axis.start:%Y-%m-%d %H:%M:%S} UTC"
    table = Table("Span", "After", "Took", heading, "", box=None)
    for bar in bars:
        style = "red" if bar.failed else "dim" if bar.is_wait else ""
        table.add_row(
            Text(f"{'  ' * bar.depth}{bar.name}", style=style, no_wrap=True),
            Text(in_words((bar.began - axis.start).total_seconds()), justify="right"),
            Text(f"{in_words(axis.seconds(bar))}{'' if bar.ended else ' ...'}", justify="right"),
            Text(axis.draw(bar), style=style or "cyan", no_wrap=True),
            Text(bar.note, style=style, overflow="fold"),
        )
    print_table(table, whole=("Span", "After", "Took", heading), optional=(heading,))
