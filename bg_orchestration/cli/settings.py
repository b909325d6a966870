"""`bg settings`: what is in force, and from which variable."""

import os
from typing import Any

import click
from pydantic import SecretStr
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bg_orchestration.cli.output import as_json, console, print_json
from bg_orchestration.settings import Settings, settings, unknown_variables, variable_of


@click.command()
@as_json
def command(json_: bool) -> None:
    """Show the effective settings, secrets masked, each with what it means."""
    config = settings()
    plain = config.model_dump(mode="json")
    rows = {variable_of(name): _shown(config, name, plain[name]) for name in plain}
    if json_:
        print_json(rows)
    else:
        table = Table("Variable", "Value", "Set", "Meaning", show_lines=False)
        for field, info in Settings.model_fields.items():
            variable = variable_of(field)
            here = "yes" if variable in os.environ else ""
            table.add_row(variable, _text(rows[variable]), here, info.description)
        console().print(table)
    for name in unknown_variables():
        click.echo(f"Warning: {name} is set, but no setting of that name exists.", err=True)


def _shown(config: Settings, name: str, plain: Any) -> Any:
    value = getattr(config, name)
    if name == "database_url":
        return _without_password(config.url)
    return "********" if isinstance(value, SecretStr) else plain


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "not a database URL"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
