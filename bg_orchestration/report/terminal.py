"""Output for a terminal: what came from outside moves no cursor, forges no line, and is cut.

Names, titles and ids come from files, events and providers. An escape sequence in one of them would
clear the screen or colour a line; a line break would forge one.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import click
import rich.console
import rich.table
from rich.segment import Segment

# A value of this length has been read; the rest only scrolls the others away.
MOST_CHARACTERS: Final = 500

# C0 and C1 without tab and line feed; DEL; marks that change the direction of a line.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
# JSON escapes C0 itself.
_NOT_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return `text` with a symbol for each control character but tab and line feed."""
    return _CONTROL.sub(_symbol, text)


def one_line(text: str) -> str:
    """Return `text` for a cell: in one line, without control characters, cut if it is long."""
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS]}… ({len(text):,} characters)"
    return visible(text.replace("\n", "\u240a").replace("\t", " "))


def escape_json(text: str) -> str:
    """Escape the control characters that JSON allows; its value stays the same."""
    return _NOT_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print `text`, whose lines are ours and whose values may come from outside."""
    click.echo(visible(text), err=err, nl=nl)


class Console(rich.console.Console):
    """A console that prints symbols for control characters in what it is given."""

    def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:
        """Render, and keep the control codes of the console itself only."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            if control is None and _CONTROL.search(text):
                yield Segment(visible(text), style)
            else:
                yield segment


class Table(rich.table.Table):
    """A table whose cells of text are one line each."""

    def add_row(self, *cells: Any, **more: Any) -> None:
        """Add a row; text is cut and freed of control characters."""
        super().add_row(
            *[one_line(cell) if isinstance(cell, str) else cell for cell in cells], **more
        )


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
