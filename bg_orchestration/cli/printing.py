"""Output for people and for programs, and values of options; no database is imported here."""

import json
from datetime import datetime, timedelta
from typing import Any

import click

from bg_orchestration.domain.diagnosis.facts import span
from bg_orchestration.durations import parse_duration
from bg_orchestration.report.terminal import Console, escape_json

as_json = click.option("--json", "json_", is_flag=True, help="Print JSON for programs.")


def console(*, stderr: bool = False) -> Console:
    """Return the console for tables and text; progress goes to `stderr`."""
    return Console(highlight=False, stderr=stderr)


def print_json(value: Any) -> None:
    """Print `value` as JSON; instants as ISO 8601."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    click.echo(escape_json(text))


def ago(time: timedelta) -> str:
    """Return an age in words: `4 s`, `8 min`, `3 h`, `12 days`."""
    return span(max(0.0, time.total_seconds()))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def duration(_context: click.Context, _option: click.Parameter, value: str | None) -> Any:
    """Read a duration such as 7d or 12h."""
    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
