"""The demo that is searched afterwards: everything that happens to people, and what goes wrong.

The whole system with its debug lines on and a collector beside it: every company of the sample is
published, the demo's story is posted, and so are requests that are refused for all sorts of
reasons. A run meets data that it cannot read, and fails.
"""

import csv
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, func, select, update

from bg_orchestration.cli.demo_story import tell
from bg_orchestration.domain.model import Person
from bg_orchestration.ops import addresses
from bg_orchestration.providers.sample import sample_path
from bg_orchestration.refreshes.overview import events
from bg_orchestration.refreshes.planning import plan_manual
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import engine_for, reading, writing
from bg_orchestration.store.locks import Lock, acquire_lock
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    buyer_groups,
    companies,
)
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.webhooks import PATH
from bg_orchestration.webhooks.sending import post_event
from bg_orchestration.webhooks.signatures import Key
from bg_orchestration_tests.end_to_end.system import SECRET, Up, environment, running, until
from bg_orchestration_tests.observability.otlp import Collector, collecting
from bg_orchestration_tests.privacy.values import Values, values_of

_SECONDS = 240
POSTED = {"name": "Quorra Vantongeren-Ø", "email": "quorra.v@mailbox.example",
           "phone": "+44 20 7946 0999", "title": "Zarina of Everything"}  # fmt: skip
_BROKEN = "oderwald-maschinenbau"


def push_through(home: Path, say: Callable[[str], None]) -> Values:
    """Run it all in `home`, which then holds what to search; returns what to search for.

    Whoever is told only in events is among it.
    """
    people = sample_people()
    settings = {
        "BG_LOG_LEVEL": "debug",
        "BG_REFRESHES_PER_MINUTE": "1000",
        "BG_MAX_ATTEMPTS": "1",
        "BG_EXPORTER_PORT": "0",
    }
    with collecting() as collector:
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
        say("Starting the system ...")
        with running(environment(home, **settings)) as up:
            engine = engine_for(f"sqlite:///{home / 'bg.sqlite3'}")
            story = _everything_happens(up, engine, say)
            _keep_pages(up, engine, home)
            say("Stopping the system ...")
        engine.dispose()
        _keep_spans(collector, home)
    return values_of([*people, *story, POSTED])


def sample_people() -> list[dict[str, str]]:
    """The rows of the sample's people."""
    with gzip.open(sample_path("people.csv.gz"), "rt", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def _everything_happens(up: Up, engine: Engine, say: Callable[[str], None]) -> list[dict[str, str]]:
    with writing(engine) as connection:
        known = list(connection.execute(select(companies.c.company_id)).scalars())
        plan_manual(connection, known)
    say(f"Publishing the groups of {len(known)} companies ...")
    until("groups", lambda: _count(engine, buyer_groups) >= len(known))
    until("refreshes", lambda: not _open(engine))
    say("Posting events, and what is refused ...")
    with reading(engine) as connection:
        story = [one for one in tell(connection) if not one.forged]
    key = Key.read("demo", SECRET)
    with httpx.Client(timeout=20, trust_env=False) as client:
        for one in story:
            post_event(client, f"{up.receiver}{PATH}", one.body(), key)
        for content in refused(story[0].event):
            post_event(client, f"{up.receiver}{PATH}", content, key)
        stranger = Key.read("demo", "nobody-configured-this-secret")
        post_event(client, f"{up.receiver}{PATH}", story[0].body(), stranger)
    say("Breaking what a run reads ...")
    _break(engine)
    until("events", lambda: _settled(engine, len(story)))
    until("a failure", lambda: _dead(engine))
    return [_as_person(one.event["person"]) for one in story]


def refused(event: dict[str, Any]) -> list[bytes]:
    """Bodies, signed well, that are refused or ignored; each names somebody."""
    person = {"id": "quorra", **POSTED, "newTitle": POSTED["title"]}
    faulty = [
        {**event, "id": "faulty-1", "person": {**person, "id": 7}},
        {**event, "id": "faulty-2", "person": person, "timestamp": POSTED["name"]},
        {**event, "id": "faulty-3", "person": person, "company": POSTED["name"]},
        {**event, "id": "faulty-4", "person": [person]},
        {**event, "id": "faulty-5", "type": "person.noticed", "person": person},
        {**event, "id": "faulty-6", "person": person, "changes": {"title": POSTED["email"]}},
    ]
    return [
        *(json.dumps(one, ensure_ascii=False).encode() for one in faulty),
        json.dumps(faulty[0]).encode()[:-20],
        f"{POSTED['name']} <{POSTED['email']}>".encode("utf-16"),
    ]


def _break(engine: Engine) -> None:
    """Make one company's published group unreadable, and ask for it."""
    person = Person(person_id="quorra", name=POSTED["name"], title=POSTED["title"])
    with writing(engine) as connection:
        acquire_lock(connection, Lock.ADMISSION)
        acquire_lock(connection, Lock.DIRECTORY)
        save_employees(connection, [Employee(_BROKEN, person)], "test")
        connection.execute(
            update(buyer_group_members)
            .where(buyer_group_members.c.company_id == _BROKEN)
            .values(contacts=json.dumps([{"kind": POSTED["email"], "value": POSTED["phone"]}]))
        )
        plan_manual(connection, [_BROKEN])


def _keep_pages(up: Up, engine: Engine, home: Path) -> None:
    """What pages tell while the system runs, and commands, but for those that show people."""
    pages = home / "pages"
    pages.mkdir()
    found = addresses.find(home)
    assert found is not None
    for name, url in (
        ("receiver", f"{up.receiver}/metrics"),
        ("exporter", found.exporter),
        ("readyz", f"{up.receiver}/readyz"),
        ("description", f"{up.receiver}{PATH}"),
    ):
        (pages / name).write_bytes(httpx.get(url, timeout=30, trust_env=False).content)
    with reading(engine) as connection:
        event_ids = [line.event_id for line in events(connection, limit=20)]
    for number, arguments in enumerate(
        [
            ["inbox"],
            ["stats"],
            ["settings"],
            ["refresh", "--why", _BROKEN],
            *(["trace", one] for one in event_ids),
        ]
    ):
        (pages / f"{number}-{arguments[0]}").write_text(up.bg(*arguments))


def _keep_spans(collector: Collector, home: Path) -> None:
    folder = home / "otlp"
    folder.mkdir()
    assert collector.bodies, "the collector got no spans"
    for number, body in enumerate(collector.bodies):
        (folder / str(number)).write_bytes(body)


def _as_person(person: dict[str, str]) -> dict[str, str]:
    return {
        "name": person.get("name", ""),
        "email": person.get("email", ""),
        "title": person.get("newTitle", ""),
    }


def _count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _open(engine: Engine) -> bool:
    query = select(logs.c.refresh_id).where(logs.c.state.in_(("planned", "running", "failed")))
    with reading(engine) as connection:
        return connection.execute(query.limit(1)).first() is not None


def _dead(engine: Engine) -> bool:
    query = select(logs.c.refresh_id).where(logs.c.state == "dead", logs.c.company_id == _BROKEN)
    with reading(engine) as connection:
        return connection.execute(query).first() is not None


def _settled(engine: Engine, least: int) -> bool:
    with reading(engine) as connection:
        found = events(connection, limit=100)
    time.sleep(0.3)
    return len(found) >= least - 1 and all(
        line.state not in ("received", "pending") or line.due_at is not None for line in found
    )
