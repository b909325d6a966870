"""Values of options that several commands take."""

from typing import Any

import click

from bg_orchestration.durations import parse_duration


def duration(_context: click.Context, _option: click.Parameter, value: str | None) -> Any:
    """A span of time such as 7d or 12h, or the error that says so."""
    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
