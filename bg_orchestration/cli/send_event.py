"""`bg send-event`: sign person changes and post them like a provider."""

import json
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final
from uuid import uuid4

import click
import httpx
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from bg_orchestration.cli.lookup import database
from bg_orchestration.cli.printing import as_json, console, print_json
from bg_orchestration.domain.events import COMPANY_MERGED
from bg_orchestration.refreshes.overview import EventLine, events_named
from bg_orchestration.report.terminal import Console, echo
from bg_orchestration.settings import Settings, settings
from bg_orchestration.store.database import clock, reading
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.sending import TIMEOUT, ReceiverAnswer, post_event
from bg_orchestration.webhooks.signatures import ANY_SOURCE, Key, Keyring, SecretsError

_SHOWN_FAILURES = 20
# The longest wait of --wait for a refresh, and the pause between two looks.
_MOST_SECONDS: Final = 120.0
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    body: bytes
    key: Key


@dataclass(frozen=True, slots=True)
class _SentEvent:
    number: int
    answer: ReceiverAnswer


@click.command("send-event")
@click.option("--url", help="The URL to post to. Default: the receiver of this machine's settings.")
@click.option("--source", help="The source of the event. Default: the first secret's source.")
@click.option("--secret", help="Sign with this secret instead of a configured one.")
@click.option("--scheme", type=click.Choice(["hex", "standard"]), help="Use a secret of it.")
@click.option(
    "--file", type=click.File("rb"), help="Send these events, one JSON object a line; - is stdin."
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="At most N a second.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Requests at once; 1 keeps the order.",
)
@click.option("--company", help="Id of the company, for one event made from options.")
@click.option("--company-name", help="Default: the id.")
@click.option("--person", help="Id of the person. Default: p-1.")
@click.option("--person-name", help="Default: the id.")
@click.option("--type", "type_", default="person.role_change", show_default=True)
@click.option("--old-title")
@click.option("--new-title")
@click.option("--old-company")
@click.option("--new-company")
@click.option(
    "--merged-company", help="Id of a company that is part of --company now: company.merged."
)
@click.option("--id", "event_id", help="Default: a new one.")
@click.option("--wait", is_flag=True, help="Wait until the refresh of the event has ended.")
@as_json
def send_event(
    url: str | None,
    source: str | None,
    secret: str | None,
    scheme: str | None,
    file: BinaryIO | None,
    rate: float | None,
    concurrency: int,
    wait: bool,
    json_: bool,
    **options: str | None,
) -> None:
    """Sign person changes and post them like a provider.

    \b
    One:   bg send-event --company example.com --person p-1 --new-title "VP Sales" --wait
    Many:  bg send-event --file events.jsonl --rate 50 --concurrency 8
    Merge: bg send-event --company example.com --merged-company old.example

    An event that the receiver cannot store now is sent again, a few times. Exit code 1 when one
    is not stored in the end; sending a file again is harmless, the receiver recognizes known
    events.
    """
    if wait and file is not None:
        raise click.UsageError("--wait is for one event; of a file see: bg inbox --state pending")
    if (file is None) == (options["company"] is None):
        raise click.UsageError("Give either --file, or --company for one event.")
    keys = _keys(settings(), source, secret, scheme)
    if file is None:
        source_name = source or (keys[0].source if keys[0].source != ANY_SOURCE else "manual")
        options["event_id"] = options["event_id"] or f"evt-{uuid4().hex}"
        lines: Iterable[bytes] = [_event(source_name, options)]
    else:
        lines = file
    signed = _signed_events(lines, keys)
    target = _target(url, settings())
    sent = list(
        _with_progress(_send(signed, target, rate, concurrency), quiet=json_ or file is None)
    )
    _report(sent, target, many=file is not None, json_=json_)
    if wait:
        _wait(str(options["event_id"]), json_)


def _wait(event_id: str, json_: bool) -> None:
    """Wait until an event has ended, or is deferred beyond `_MOST_SECONDS`; say how.

    Raises:
        click.ClickException: it did not end in time, or is dead.
    """
    began = time.monotonic()
    line: EventLine | None = None
    with database() as engine:
        while time.monotonic() - began < _MOST_SECONDS:
            with reading(engine) as connection:
                line = next(iter(events_named(connection, [event_id])), None)
                now = clock(connection)
            if line is None:
                raise click.ClickException(
                    f"The database of these settings has no event {event_id}: the receiver uses "
                    "another BG_DATABASE_URL or BG_HOME."
                )
            if line.state not in ("received", "pending"):
                break
            if line.due_at is not None and (line.due_at - now).total_seconds() > _MOST_SECONDS:
                break
            time.sleep(_PAUSE_SECONDS)
    assert line is not None
    words, next_step = f"{line.state}{f', {line.reason}' if line.reason else ''}", ""
    if line.due_at is not None and line.state == "pending":
        why = line.deferred or "the company was refreshed lately"
        words = f"pending, deferred until {line.due_at:%Y-%m-%d %H:%M:%S} UTC ({why})"
        next_step = f" To refresh at once: bg refresh {line.company_id}"
    elif line.state in ("received", "pending"):
        raise click.ClickException(
            f"The event is still {line.state} after {_MOST_SECONDS:g} s. Why: bg doctor"
        )
    took = time.monotonic() - began
    echo(f"The event is {words}; after {took:.1f} s.{next_step}", err=json_)
    if line.state == "dead":
        raise click.exceptions.Exit(1)


def _keys(
    settings: Settings, source: str | None, secret: str | None, scheme: str | None
) -> tuple[Key, ...]:
    """Return the keys to choose from, at least one."""
    try:
        if secret is not None:
            keys: tuple[Key, ...] = (Key.read(source or ANY_SOURCE, secret),)
        else:
            keys = Keyring.from_settings(settings).keys
    except SecretsError as error:
        raise click.UsageError(f"{error} Or give --secret.") from None
    except ValueError as error:
        raise click.UsageError(f"--secret: {error}.") from None
    fitting = tuple(
        key
        for key in keys
        if (scheme is None or key.scheme == scheme) and (source is None or key.fits(source))
    )
    if not fitting:
        raise click.UsageError("None of the secrets is of that source and scheme.")
    return fitting


def _event(source: str, options: dict[str, str | None]) -> bytes:
    """Return one event of the contract; times in UTC."""
    person_id = options["person"] or "p-1"
    person = {"id": person_id, "name": options["person_name"] or person_id}
    changes: dict[str, Any] = {}
    for field in ("title", "company"):
        old, new = options[f"old_{field}"], options[f"new_{field}"]
        person |= {
            f"{when}{field.title()}": value for when, value in (("old", old), ("new", new)) if value
        }
        if old or new:
            changes[field] = {"old": old, "new": new}
    company, merged = options["company"], options["merged_company"]
    if merged:
        changes["company_id"] = {"old": merged, "new": company}
    event = {
        "id": options["event_id"],
        "source": source,
        "type": COMPANY_MERGED if merged else options["type_"],
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        **({} if merged else {"person": person}),
        "company": {"id": company, "name": options["company_name"] or company},
        "changes": changes,
    }
    return json.dumps(event).encode()


def _signed_events(lines: Iterable[bytes], keys: tuple[Key, ...]) -> Iterator[_Line]:
    for number, line in enumerate(lines, start=1):
        body = line.strip()
        if body:
            yield _Line(number, body, _key_for(body, keys))


def _key_for(body: bytes, keys: tuple[Key, ...]) -> Key:
    """Return the first key of the event's source, else of any source."""
    try:
        source = json.loads(body)["source"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return keys[0]
    of_any = (key for key in keys if key.source == ANY_SOURCE)
    return next((key for key in keys if key.source == source), next(of_any, keys[0]))


def _target(url: str | None, settings: Settings) -> str:
    if url is None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(  # noqa: S104 - this address is not bound
            settings.receiver_host, settings.receiver_host
        )
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{settings.receiver_port}{PATH}"
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise click.UsageError("--url: give http://host:port or https://host")
    return str(parsed.copy_with(path=PATH)) if parsed.path in ("", "/") else url


def _send(
    lines: Iterator[_Line], url: str, rate: float | None, concurrency: int
) -> Iterator[_SentEvent]:
    """Send with at most `concurrency` requests at once; stop when no receiver answers."""
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    under_way: deque[tuple[_Line, Future[ReceiverAnswer]]] = deque()
    began = time.monotonic()
    with (
        httpx.Client(timeout=TIMEOUT, limits=limits) as client,
        ThreadPoolExecutor(concurrency) as pool,
    ):
        has_receiver = True
        for place, line in enumerate(lines):
            if rate is not None:
                time.sleep(max(0.0, began + place / rate - time.monotonic()))
            under_way.append((line, pool.submit(post_event, client, url, line.body, line.key)))
            while under_way and (len(under_way) >= concurrency or under_way[0][1].done()):
                sent = _next(under_way)
                yield sent
                has_receiver = has_receiver and sent.answer.status != 0
            if not has_receiver:
                break
        while under_way:
            yield _next(under_way)


def _next(under_way: deque[tuple[_Line, Future[ReceiverAnswer]]]) -> _SentEvent:
    line, answer = under_way.popleft()
    return _SentEvent(line.number, answer.result())


def _with_progress(sent: Iterator[_SentEvent], *, quiet: bool) -> Iterator[_SentEvent]:
    """Pass on the sent events, and count them on a terminal's stderr."""
    columns = (
        TextColumn("{task.completed} sent, {task.fields[failed]} failed"),
        TimeElapsedColumn(),
    )
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, disable=quiet or not screen.is_terminal) as progress:
        task = progress.add_task("", total=None, failed=0)
        failures = 0
        for each in sent:
            failures += not each.answer.stored
            progress.update(task, advance=1, failed=failures)
            yield each


def _report(sent: list[_SentEvent], url: str, *, many: bool, json_: bool) -> None:
    counts = Counter(each.answer.outcome if each.answer.stored else "failed" for each in sent)
    failures = [each for each in sent if not each.answer.stored]
    if json_:
        print_json(
            {
                "sent": len(sent),
                **{name: counts[name] for name in ("accepted", "duplicate", "failed")},
                "failures": [
                    {
                        "line": each.number,
                        "status": each.answer.status or None,
                        "reason": each.answer.outcome,
                    }
                    for each in failures
                ],
            }
        )
    else:
        out = console()
        out.print(
            ", ".join(f"{counts[name]} {name}" for name in sorted(counts)) or "Nothing to send"
        )
        for each in failures[:_SHOWN_FAILURES]:
            status = each.answer.status or "no answer"
            place = f"line {each.number}: " if many else ""
            echo(f"  {place}{status} {each.answer.outcome}", err=True)
        if len(failures) > _SHOWN_FAILURES:
            echo(f"  and {len(failures) - _SHOWN_FAILURES} more: see --json", err=True)
    if any(each.answer.status == 0 for each in failures):
        stopped = f", stopped after line {max(each.number for each in sent)}" if many else ""
        raise click.ClickException(
            f"No receiver answers at {url}{stopped}. Start it with `bg receiver`, then send the "
            "same again: the receiver recognizes stored events."
        )
    if failures:
        raise click.exceptions.Exit(1)
