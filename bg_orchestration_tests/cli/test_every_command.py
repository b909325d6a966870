"""What every command promises, generated from the commands: exit codes, help, one sentence."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from bg_orchestration.cli import bg
from bg_orchestration.cli.printing import print_table
from bg_orchestration.report.terminal import Table
from bg_orchestration.settings import settings


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command below a group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


EVERY = list(commands(bg))
# These start processes, or do one thing and print no data.
_WITHOUT_JSON = {
    ("demo",), ("up",), ("receiver",), ("worker",), ("exporter",), ("db", "upgrade"),
    ("external-ids", "remove"), ("external-ids", "set"), ("profile", "schema"),
    ("follow",), ("unfollow",), ("rename",), ("merge",),
    ("subscriptions", "delete"), ("subscriptions", "simulate"),
}  # fmt: skip
# These start, or work without a database; `refresh` and `partitions` would start Dagster.
_WITHOUT_DATABASE = {
    ("demo",), ("up",), ("receiver",), ("worker",), ("exporter",), ("db", "upgrade"), ("settings",),
    ("import",), ("refresh",), ("partitions",), ("assess",), ("titles",), ("status",),
    ("doctor",), ("profile", "check"),
}  # fmt: skip


def command_of(words: tuple[str, ...]) -> click.Command:
    found: click.Command = bg
    for word in words:
        assert isinstance(found, click.Group)
        inner = found.get_command(click.Context(found), word)
        assert inner is not None
        found = inner
    return found


def arguments_of(words: tuple[str, ...]) -> list[str]:
    """Return plausible values of what a command needs, with names that nothing has."""
    values: list[str] = []
    for each in command_of(words).params:
        if isinstance(each, click.Argument) and each.name != "event_ids":
            values.append(__file__ if isinstance(each.type, click.File | click.Path) else "no-such")
        elif each.required:
            choices = getattr(each.type, "choices", ())
            values += [each.opts[-1], choices[0] if choices else "no-such"]
    return values


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(bg, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def _handlers_and_variables() -> Iterator[None]:
    """Some commands of processes set signal handlers and variables."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    variables = dict(os.environ)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    os.environ.clear()
    os.environ |= variables


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_help_is_0_and_an_unknown_option_is_2(command: tuple[str, ...]) -> None:
    assert run(*command, "--help").exit_code == 0
    assert run(*command, "--no-such-option").exit_code == 2


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_help_has_an_example_and_data_come_as_json(command: tuple[str, ...]) -> None:
    found = command_of(command)
    *_, example = (found.help or "").partition("\b\n")
    assert f"bg {' '.join(command)}" in example
    options = [option for each in found.params for option in each.opts]
    assert ("--json" in options) == (command not in _WITHOUT_JSON)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_an_unknown_name_and_an_old_database_are_one_sentence(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    called = [each for each in EVERY if each not in _WITHOUT_DATABASE]
    unknown = {each: run(*each, *arguments_of(each)) for each in called}
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    old = {each: run(*each, *arguments_of(each)) for each in called}
    for words, result in [*unknown.items(), *old.items()]:
        assert result.exit_code in (0, 1, 2), words
        assert result.output.count("Error: ") == (result.exit_code > 0), (words, result.output)
    named = [each for each in called if "COMPANY" in " ".join(metavars(each))]
    named.remove(("external-ids", "list"))  # it filters, by ids of companies and people
    assert len(named) > 10
    for words in named:
        assert unknown[words].exit_code in (1, 2), words
    assert sum("bg db upgrade" in result.output for result in old.values()) > 25


def metavars(words: tuple[str, ...]) -> list[str]:
    command = command_of(words)
    context = click.Context(command)
    return [
        each.make_metavar(context) for each in command.params if each.param_type_name == "argument"
    ]


@pytest.mark.usefixtures("_handlers_and_variables")
@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_a_home_that_is_a_file_is_one_sentence(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "file"
    home.write_text("x")
    monkeypatch.setenv("BG_HOME", str(home))
    monkeypatch.setenv("BG_WEBHOOK_SECRETS", "*=a-secret-of-the-tests")
    settings.cache_clear()
    result = run(*command)
    assert result.exit_code in (0, 1, 2)
    if result.exit_code == 1 and "Error: " in result.output:
        assert result.output.count("Error: ") == 1


def table() -> Table:
    found = Table("id", "name", "note", box=None)
    found.add_row("a-company-with-a-long-id.example", "A long name of a company", "n" * 30)
    return found


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_an_id_is_whole_at_any_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    print_table(table(), whole=("id",), optional=("name", "note"))
    output = capsys.readouterr().out
    if width >= 40:
        assert "a-company-with-a-long-id.example" in output
    assert "a-company-with-a-long-id.example" in "".join(output.split()).removeprefix("id:")
    assert "…" not in output


@pytest.mark.parametrize("width", range(50, 140, 3))
def test_columns_that_are_left_out_cut_no_id_behind_them(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = Table("when", "source", "event", "type", "company", "", box=None)
    event, company = f"evt-{'0' * 30}", "waterlinde-logistiek"
    found.add_row("2026-11-29", "manual", event, "person.company_change", company, "")
    print_table(found, whole=("event", "company"), optional=("source", "type"))
    words = capsys.readouterr().out.split()
    assert event in words
    assert company in words


def test_another_program_gets_whole_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    print_table(table())
    [_, row] = capsys.readouterr().out.splitlines()
    assert row.split("  ") == [
        "a-company-with-a-long-id.example", "A long name of a company", "n" * 30
    ]  # fmt: skip


def test_many_rows_are_printed_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    found = Table("id", "people", box=None)
    for number in range(1_000):
        found.add_row(f"c-{number}", str(number))
    print_table(found, whole=("id",))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [f"c-{number}" for number in range(1_000)]
