"""Kill the writer between request and record, again and again; then check every promise.

`python -m bg_orchestration_tests.destinations.crm.kills --kills 200` is `make crm-kills`.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, update

from bg_orchestration.destinations.crm.hubspot.hubspot import HubSpot
from bg_orchestration.destinations.crm.salesforce.salesforce import Salesforce
from bg_orchestration.domain.crm_cells import CrmCell
from bg_orchestration.settings import settings
from bg_orchestration.store.crm_outbox import CONTACT
from bg_orchestration.store.database import clock, engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import crm_outbox
from bg_orchestration_tests.destinations.crm.conftest import (
    ACCOUNT,
    CONTACTS,
    FAST,
    FIELD,
    ROLE,
    SALESFORCE_CONTACTS,
    Sales,
    follow_acme,
    new_org,
    publish_roles,
)
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords
from bg_orchestration_tests.stubs.salesforce_records import SalesforceRecords
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site

_ROLES = ("decision", "champion", "stakeholder", "blocker", "introducer")
_MOMENTS = ("before the request", "after the answer", "between two requests")
_WRITES = ("batch/update", "associate/default", "batch/archive", "objects/contacts", "sobjects",
           "sobjects/Contact")  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A CRM under test: its records in the stub, and what they hold in a cell."""

    system: str
    records: HubSpotRecords | SalesforceRecords
    environment: dict[str, str]
    company: str
    contacts: dict[str, str]
    value: Callable[[CrmCell], str]
    emails: Callable[[], list[str]]


def hubspot(stubs: Stubs) -> Subject:
    """HubSpot, with three contacts."""
    records = HubSpotRecords(
        contacts={
            contact: {"email": f"{person}@acme.example"} for person, contact in CONTACTS.items()
        },
        companies={"9": "acme.example"},
    )
    stubs.site.hubspot = records

    def value(cell: CrmCell) -> str:
        if cell.field == "company":
            return "linked" if (cell.record, cell.target) in records.links else ""
        return records.contacts[cell.record].get(ROLE, "")

    return Subject(
        "hubspot",
        records,
        {"BG_HUBSPOT_URL": stubs.base_url("hubspot"), "BG_HUBSPOT_TOKEN": stubs.key},
        "9",
        CONTACTS,
        value,
        lambda: [each.get("email", "") for each in records.contacts.values()],
    )


def salesforce(stubs: Stubs) -> Subject:
    """Salesforce, with three contacts, an open opportunity and a field for the role."""
    records = stubs.site.salesforce = new_org()

    def value(cell: CrmCell) -> str:
        if cell.field == "field":
            return records.contacts[cell.record].get(FIELD) or ""
        roles = [role for *of, role in records.roles.values() if of == [cell.record, cell.target]]
        assert len(roles) <= 1, "a role was added twice"
        return "".join(roles)

    return Subject(
        "salesforce",
        records,
        {
            "BG_SALESFORCE_URL": stubs.base_url("salesforce"),
            "BG_SALESFORCE_TOKEN": stubs.key,
            "BG_SALESFORCE_ROLE_FIELD": FIELD,
        },
        ACCOUNT,
        SALESFORCE_CONTACTS,
        value,
        lambda: [each["Email"] for each in records.contacts.values()],
    )


SUBJECTS = {"salesforce": salesforce, "hubspot": hubspot}


def sync_and_die(environment: dict[str, str], system: str, url: str, moment: str) -> None:
    """Propose and apply, and die at the first write that meets `moment`."""
    os.environ.update(environment)
    settings.cache_clear()
    send = requests.Session.request
    seen = 0

    def dying(self: requests.Session, method: str, address: str, **options: Any) -> Any:
        nonlocal seen
        path = address.partition("?")[0]
        is_write = method in ("PATCH", "DELETE") or (method == "POST" and path.endswith(_WRITES))
        if is_write:
            seen += 1
            if moment == _MOMENTS[0] or (moment == _MOMENTS[2] and seen == 2):
                os.kill(os.getpid(), signal.SIGKILL)
        answer = send(self, method, address, **options)
        if is_write and moment == _MOMENTS[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    for crm in (HubSpot, Salesforce):
        crm.limit = FAST
    requests.Session.request = dying  # type: ignore[assignment]
    sales = Sales(engine_for(url), system, None)  # type: ignore[arg-type]
    sales.diff()
    sales.apply(create=True)


def run(engine: Engine, url: str, stubs: Stubs, subject: Subject, kills: int, seed: int) -> Any:
    """Kill `kills` times and finish in peace; return the kills by moment.

    Raises:
        AssertionError: a write was lost or doubled, or undo does not restore the CRM.
    """
    environment = {**subject.environment, "BG_HOME": os.environ["BG_HOME"]}
    os.environ.update(environment)
    settings.cache_clear()
    follow_acme(engine, subject.system, subject.company, subject.contacts)
    before = subject.records.state()
    drawn = random.Random(seed)
    # One server without threads imports all once and forks each writer.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    killed: Counter[str] = Counter()
    for _ in range(kills * 10):
        if killed.total() >= kills:
            break
        people = drawn.sample(("ann", "bob", "cyd", "dan"), drawn.randint(2, 4))
        publish_roles(engine, **{name: drawn.choice(_ROLES) for name in people})
        engine.dispose()
        moment = drawn.choice(_MOMENTS)
        arguments = (environment, subject.system, url, moment)
        writer = processes.Process(target=sync_and_die, args=arguments)
        writer.start()
        writer.join()
        if writer.exitcode == -signal.SIGKILL:
            killed[moment] += 1
        else:
            assert writer.exitcode == 0, f"the writer ended with {writer.exitcode}"
        # The time of a claim passes.
        with writing(engine) as connection:
            past = {"claimed_until": clock(connection)}
            connection.execute(
                update(crm_outbox).where(crm_outbox.c.state == "pending").values(past)
            )
    assert killed.total() == kills
    sales = Sales(engine, subject.system, stubs)
    for _ in range(3):
        sales.diff()
        sales.apply(create=True)
    found = sales.diff()
    assert not found.changes, found.changes
    assert not found.conflicts, found.conflicts
    check_history(sales, subject)
    sales.undo(everything=True)
    assert subject.records.state() == before
    return killed


def check_history(sales: Sales, subject: Subject) -> None:
    """Each write of the CRM has one row, and the rows of a cell form a chain to its value."""
    rows = sales.rows()
    done = [row for row in rows if row.state == "done"]
    assert not [row for row in rows if row.state == "pending"]
    chains: dict[CrmCell, str] = {}
    for row in done:
        if row.field != CONTACT:
            cell = CrmCell(row.field, row.record, row.target)
            assert row.before == chains.get(cell, ""), f"a write of {cell} has no row, or two"
            chains[cell] = row.after
    assert {cell: subject.value(cell) for cell in chains} == chains
    assert len(subject.records.written) == len(done), "as many rows as writes"
    emails = subject.emails()
    assert len(emails) == len(set(emails)), "no contact was created twice"


def main() -> None:
    """Run it on SQLite for each CRM, and print the kills by moment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    for name, subject in SUBJECTS.items():
        folder = tempfile.mkdtemp(prefix="bg-crm-kills-")
        try:
            os.environ["BG_HOME"] = folder
            url = f"sqlite:///{Path(folder) / 'kills.sqlite3'}"
            engine = engine_for(url)
            upgrade_schema(engine)
            with serving(Site()) as stubs:
                killed = run(engine, url, stubs, subject(stubs), options.kills, options.seed)
            engine.dispose()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        for moment, count in sorted(killed.items()):
            print(f"{name}: {count:5} kills {moment}")
        print(f"{name}: nothing was lost or doubled, and undo restored it.", flush=True)


if __name__ == "__main__":
    main()
