"""What comes from outside moves no cursor, forges no line, and is cut."""

import io
import json

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.cli.printing import print_json
from bg_orchestration.report.terminal import Console, Table, echo, one_line, visible

NASTY = "Ann\x1b[2J\x1b]0;x\x07\r\x9b31m\u202eeeL\x00\x7f"
ALLOWED = {"\n", "\t"}


def controls(text: str) -> set[str]:
    return {c for c in text if not c.isprintable()} - ALLOWED


@given(st.text())
def test_nothing_that_is_printed_controls_the_terminal(text: str) -> None:
    assert not {c for c in visible(text) if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0} - ALLOWED
    assert len(visible(text)) == len(text)
    assert "\n" not in one_line(text)


@pytest.mark.parametrize("markup", [True, False])
def test_a_console_prints_symbols_for_escape_sequences(markup: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=200)
    console.print(f"[red]name[/red] {NASTY}", markup=markup)
    table = Table("Name", "Title")
    table.add_row(NASTY, "CFO\nforged line\nanother")
    table.add_row("a" * 200_000, "CEO")
    console.print(table)
    text = out.getvalue()
    assert "\x1b[2J" not in text
    assert "\x1b]0" not in text
    assert "\x9b" not in text
    assert "␛[2J" in text
    assert not any(line.startswith("forged") for line in text.splitlines())
    assert len(text) < 20_000


def test_printed_lines_and_json_hold_no_control_characters() -> None:
    @click.command()
    def show() -> None:
        echo(f"name {NASTY}")
        print_json({"name": NASTY})

    text = CliRunner().invoke(show).output
    assert not controls(text)
    assert json.loads(text.partition("\n")[2]) == {"name": NASTY}
