"""`bg trace`: where the time went between a webhook and the published group."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bg_orchestration.cli.common import database
from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.cli.waterfall import (
    Axis,
    Bar,
    bar_of_event,
    bars_of,
    bars_of_run,
    in_words,
)
from bg_orchestration.observability.traces import trace_id_in
from bg_orchestration.refreshes.journeys import (
    Found,
    Journey,
    find,
)
from bg_orchestration.store.database import clock, reading

_COLUMNS = 36


@click.command()
@click.argument("which", metavar="EVENT|RUN|REFRESH")
@as_json
def command(which: str, json_: bool) -> None:
    """Draw what became of an event, a run or a refresh: where the time went, span by span.

    Ids of refreshes, runs and traces may be cut to their first six or more digits. Spans are kept
    for BG_KEEP_TRACES; where there are none, as of a run that was killed, the tables tell.
    """
    with database() as engine, reading(engine) as connection:
        found = find(connection, which)
        now = clock(connection)
    pictures = list(_pictures(found))
    if not pictures:
        raise click.ClickException(
            f"No event, run or refresh {which} is known. List events: bg inbox; "
            "refreshes of a company: bg refresh --why COMPANY"
        )
    if json_:
        print_json(asdict(found))
        return
    out = console()
    for title, shown in pictures:
        out.print(Text(title, style="bold"), soft_wrap=True)
        _draw(out, shown, now)
        out.print()


def _pictures(found: Found) -> Iterator[tuple[str, list[Bar]]]:
    """A title and the bars of each thing that was found."""
    for journey in found.refreshes:
        yield _title(journey), bars_of(journey)
    for event in found.events:
        trace_id = trace_id_in(event.traceparent)
        title = f"Event {event.event_id}: {event.state}, by no refresh, trace {trace_id}"
        yield title, [bar_of_event(event)]
    for run_id, spans in found.runs.items():
        yield f"Run {run_id}: no refresh, trace {spans[0].trace_id}", bars_of_run(spans)


def _title(journey: Journey) -> str:
    traces = {span.trace_id for one in journey.attempts for span in one.spans}
    traces |= {known} if (known := trace_id_in(journey.traceparent)) else set()
    return (
        f"Refresh {journey.refresh_id} of {journey.company_id}: {journey.state}, "
        f"reason {journey.reason}, trace {', '.join(sorted(traces)) or 'not begun'}"
    )


def _draw(out: Console, shown: Sequence[Bar], now: datetime) -> None:
    if not shown:
        out.print("  Nothing happened yet.")
        return
    axis = Axis(shown, now, _COLUMNS)
    table = Table("Span", "After", "Took", f"From {axis.start:%Y-%m-%d %H:%M:%S} UTC", "", box=None)
    for bar in shown:
        style = "red" if bar.failed else "dim" if bar.waiting else ""
        table.add_row(
            Text(f"{'  ' * bar.depth}{bar.name}", style=style, no_wrap=True),
            Text(in_words((bar.began - axis.start).total_seconds()), justify="right"),
            Text(f"{in_words(axis.seconds(bar))}{'' if bar.ended else ' ...'}", justify="right"),
            Text(axis.drawn(bar), style=style or "cyan", no_wrap=True),
            Text(bar.note, style=style, overflow="fold"),
        )
    out.print(table)
