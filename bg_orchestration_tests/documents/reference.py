"""Make docs/reference.md and the tables of docs/webhooks.md from the code."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import click
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

import bg_orchestration
from bg_orchestration import names
from bg_orchestration.assets.multi_asset import ASSETS
from bg_orchestration.assets.refresh_asset import RefreshAsset
from bg_orchestration.cli import bg
from bg_orchestration.domain.coverage_figures import CoverageLine
from bg_orchestration.domain.model import (
    BuyerGroup,
    ContactPoint,
    Gap,
    Group,
    Member,
)
from bg_orchestration.durations import format_duration
from bg_orchestration.refreshes.decisions import DecisionLine
from bg_orchestration.refreshes.overview import ChangeLine, EventLine, RefreshLine
from bg_orchestration.report.published_group import published_as_dict
from bg_orchestration.settings import Settings, variable_of
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.description import describe

DOCS = Path(bg_orchestration.__file__).parents[1] / "docs"
_TAGS = {
    names.TAG_COMPANY: "the company; also the partition key",
    names.TAG_REFRESH: "the refresh, as in `bg trace` and `bg refresh COMPANY --why`",
    names.TAG_REASON: "why the refresh started: event, scheduled, manual",
    names.TAG_TRACEPARENT: "the W3C trace context of the refresh",
}
_KEY = re.compile(r"`([a-z_/]+)(?:\.\.\.)?`")
_EXIT_CODES = {
    0: "done",
    1: "it failed: the message says what to do",
    2: "wrong use, or a wrong setting",
}


_PAGE = """# Reference

`make reference` writes this page from the code.

## Settings

Each setting is an environment variable. `bg settings` shows the values in effect. A setting marked
*secret* may also be given as a file: `NAME_FILE=/run/secrets/name`.

{settings}

## Commands

`bg COMMAND --help` has the details and examples.

{commands}

## Exit codes

{codes}

## JSON of commands

Commands with `--json` print JSON on stdout and progress on stderr. Times are ISO 8601 in UTC. New
fields may be added; present ones keep name and meaning.

{fields}

## Names in Dagster

{tags}

{names}

Each materialization has metadata, and Dagit shows the same meanings in the description of the
asset. An asset may lack a key that does not apply to its company; keys about calls are there if a
provider was called. Every asset with a stored value has `path`, the place of the value, and each
has `retries`, how often its step was retried. Times are in seconds, shares from 0 to 1.

{metadata}
"""


def reference() -> str:
    """Return docs/reference.md."""
    parts = {
        "settings": _table(("variable", "default", "meaning"), _settings()),
        "commands": _table(("command", "does", "options"), _commands()),
        "codes": _table(("code", "meaning"), ((str(n), text) for n, text in _EXIT_CODES.items())),
        "fields": _table(("command", "fields"), _json_fields()),
        "tags": _table(("run tag", "value"), ((f"`{n}`", text) for n, text in _TAGS.items())),
        "names": _table(("kind", "names"), _names()),
        "metadata": list(_metadata()),
    }
    return _PAGE.format(**{name: "\n".join(lines) for name, lines in parts.items()})


def _settings() -> Iterator[tuple[str, str, str]]:
    for field, info in sorted(Settings.model_fields.items(), key=lambda pair: variable_of(pair[0])):
        secret = "*secret* " if "SecretStr" in str(info.annotation) else ""
        yield f"`{variable_of(field)}`", secret + _default(info), info.description or ""


def _default(info: Any) -> str:
    value = info.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or isinstance(value, SecretStr):
        return ""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, tuple | list | frozenset):
        value = ",".join(map(str, value))
    if isinstance(value, timedelta):
        value = format_duration(value)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value not in ("", {}) else ""


def _commands() -> Iterator[tuple[str, str, str]]:
    context = click.Context(bg)
    for name in bg.list_commands(context):
        command = bg.get_command(context, name)
        assert command is not None
        yield from _command(name, command)


def _command(name: str, command: click.Command) -> Iterator[tuple[str, str, str]]:
    context = click.Context(command)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from _command(f"{name} {inner}", found)
        return
    arguments = " ".join(
        each.make_metavar(context) for each in command.params if isinstance(each, click.Argument)
    )
    options = ", ".join(
        f"`{max(each.opts, key=len)}`"
        for each in command.params
        if isinstance(each, click.Option) and not each.hidden
    )
    yield (
        f"`bg {name}{' ' if arguments else ''}{arguments}`",
        command.get_short_help_str(90),
        options,
    )


def _json_fields() -> Iterator[tuple[str, str]]:
    member = Member(
        person_id="p-1", title="", seniority="vp", function="sales", role="decision", score=1,
        reasons=(),
    )  # fmt: skip
    group = Group(
        group=BuyerGroup(
            company_id="acme", profile_id="default", company_size=1, size_range=(1, 1),
            members=(member,),
        )
    )  # fmt: skip
    shown = published_as_dict(group, {}, ())
    yield "`bg show COMPANY --json`", _words(shown)
    yield "`members` of it", _words(shown["members"][0])
    yield (
        "`contacts` of a member",
        _words(name for name in ContactPoint.model_fields if name != "person_id"),
    )
    yield "`gaps` of it", _words(Gap.model_fields)
    for command, line in (
        ("bg changes", ChangeLine),
        ("bg inbox", EventLine),
        ("bg decisions", DecisionLine),
    ):
        yield f"`{command} --json`, a line", _words(each.name for each in fields(line))
    yield (
        "`refresh` in `bg refresh COMPANY --json`",
        _words(each.name for each in fields(RefreshLine)),
    )
    yield "asset `coverage`, a line", _words(each.name for each in fields(CoverageLine))


def _names() -> Iterator[tuple[str, str]]:
    kinds = {
        "assets of a refresh": names.ASSETS,
        "jobs": sorted(_constants("JOB")),
        "sensors": sorted(_constants("SENSOR")),
        "schedules": sorted(_constants("SCHEDULE")),
        "partitions": (names.PARTITIONS,),
        "pool": (names.POOL,),
    }
    for kind, values in kinds.items():
        yield kind, _words(values)


def _constants(end: str) -> Iterator[str]:
    return (value for name, value in vars(names).items() if name.endswith(end))


def _metadata() -> Iterator[str]:
    for asset in ASSETS:
        yield from (f"### Metadata of `{asset.name}`", "", *metadata_lines(asset), "")


def metadata_lines(asset: RefreshAsset) -> list[str]:
    """Return the list of metadata keys in the description of an asset, in lines."""
    *_, listed = (asset.spec.description or "").partition("\n- ")
    return f"- {listed.partition(chr(10) * 2)[0]}".splitlines()


def metadata_keys(asset: RefreshAsset) -> set[str]:
    """Return the keys that an asset's description explains; of `role_...` the beginning."""
    return {key for line in metadata_lines(asset) for key in _KEY.findall(line)}


def _words(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def webhook_page(text: str) -> str:
    """Return docs/webhooks.md with its generated parts made anew."""
    contract = describe()
    example = json.loads(contract["signatures"][0]["example"]["body"])
    parts = {
        "limits": _table(("", ""), _limits(contract)),
        "fields": [
            "```json",
            *json.dumps(example, indent=2).splitlines(),
            "```",
            "",
            *_rules(("field", "rule"), contract["fields"]),
        ],
        "signatures": _table(
            ("scheme", "signed text", "headers of the example", "rule"),
            (
                (
                    each["scheme"],
                    f"`{each['signedText']}`",
                    _words(each["example"]["headers"]),
                    each["rule"],
                )
                for each in contract["signatures"]
            ),
        ),
        "answers": _rules(("status", "meaning"), contract["answers"]),
    }
    for name, lines in parts.items():
        start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(start)
        assert end in rest, name
        text = "\n".join([before + start, *lines, "", end]) + rest.partition(end)[2]
    return text


def _limits(contract: dict[str, Any]) -> list[tuple[str, str]]:
    port = Settings.model_fields["receiver_port"].default
    apart = contract["toleranceSeconds"]
    return [
        ("address", f"`POST {PATH}`, by default on port {port}"),
        ("content type", f"`{contract['contentType']}`, not compressed"),
        ("largest body", f"{contract['maxBytes']:,} bytes"),
        ("clock", f"a signature's timestamp and the receiver's clock may be {apart} s apart"),
    ]


def _rules(heading: Sequence[str], rules: dict[str, str]) -> list[str]:
    return _table(heading, ((f"`{name}`", rule) for name, rule in rules.items()))


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(heading)} |",
        "|" + "---|" * len(heading),
        *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows),
    ]
