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
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, update

from bg_orchestration.destinations.crm.hubspot import hubspot
from bg_orchestration.destinations.crm.hubspot.hubspot import HubSpot
from bg_orchestration.destinations.crm.protocol import CrmResponse
from bg_orchestration.domain.crm_cells import CrmCell
from bg_orchestration.settings import settings
from bg_orchestration.store.crm_outbox import CONTACT
from bg_orchestration.store.database import clock, engine_for, upgrade_schema, writing
from bg_orchestration.store.schema.tables import crm_outbox
from bg_orchestration_tests.destinations.crm.conftest import (
    CONTACTS,
    FAST,
    ROLE,
    Sales,
    follow_acme,
    publish_roles,
)
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site

_ROLES = ("decision", "champion", "stakeholder", "blocker", "introducer")
_MOMENTS = ("before the request", "after the answer", "between two batches")
_WRITES = ("batch/update", "associate/default", "batch/archive", "objects/contacts")


def sync_and_die(environment: dict[str, str], url: str, moment: str) -> None:
    """Propose and apply, and die at the first write that meets `moment`."""
    os.environ.update(environment)
    settings.cache_clear()
    send = HubSpot._send
    seen = 0

    def dying(self: HubSpot, options: dict[str, Any]) -> CrmResponse:
        nonlocal seen
        is_write = options["method"] == "DELETE" or options["path"].endswith(_WRITES)
        if is_write:
            seen += 1
            if moment == _MOMENTS[0] or (moment == _MOMENTS[2] and seen == 2):
                os.kill(os.getpid(), signal.SIGKILL)
        answer = send(self, options)
        if is_write and moment == _MOMENTS[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    hubspot._LIMIT = FAST  # type: ignore[misc]
    HubSpot._send = dying  # type: ignore[method-assign]
    engine = engine_for(url)
    sales = Sales(engine, "hubspot", None)  # type: ignore[arg-type]
    sales.diff()
    sales.apply(create=True)


def run(engine: Engine, url: str, stubs: Stubs, kills: int, seed: int) -> Counter[str]:
    """Kill `kills` times and finish in peace; return the kills by moment.

    Raises:
        AssertionError: a write was lost or doubled, or undo does not restore the CRM.
    """
    records = HubSpotRecords(
        contacts={
            contact: {"email": f"{person}@acme.example"} for person, contact in CONTACTS.items()
        },
        companies={"9": "acme.example"},
    )
    stubs.site.hubspot = records
    environment = {
        "BG_HUBSPOT_URL": stubs.base_url("hubspot"),
        "BG_HUBSPOT_TOKEN": stubs.key,
        "BG_HOME": os.environ["BG_HOME"],
    }
    os.environ.update(environment)
    settings.cache_clear()
    follow_acme(engine, "hubspot", "9", CONTACTS)
    before = records.state()
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
        writer = processes.Process(target=sync_and_die, args=(environment, url, moment))
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
    sales = Sales(engine, "hubspot", stubs)
    for _ in range(3):
        sales.diff()
        sales.apply(create=True)
    found = sales.diff()
    assert not found.changes, found.changes
    assert not found.conflicts, found.conflicts
    check_history(sales, records)
    sales.undo(everything=True)
    assert records.state() == before
    return killed


def check_history(sales: Sales, records: HubSpotRecords) -> None:
    """Each write of the CRM has one row, and the rows of a cell form a chain to its value."""
    done = [row for row in sales.rows() if row.state == "done"]
    assert not [row for row in sales.rows() if row.state == "pending"]
    chains: dict[CrmCell, str] = {}
    for row in done:
        if row.field != CONTACT:
            cell = CrmCell(row.field, row.record, row.target)
            assert row.before == chains.get(cell, ""), f"a write of {cell} has no row, or two"
            chains[cell] = row.after
    for cell, value in chains.items():
        if cell.field == "role":
            assert records.contacts[cell.record].get(ROLE, "") == value
        else:
            assert ((cell.record, cell.target) in records.links) == bool(value)
    assert len(records.written) == len(done), "as many rows as writes: nothing doubled or lost"
    emails = [each.get("email") for each in records.contacts.values()]
    assert len(emails) == len(set(emails)), "no contact was created twice"


def main() -> None:
    """Run it on SQLite and print the kills by moment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="bg-crm-kills-")
    try:
        os.environ["BG_HOME"] = folder
        url = f"sqlite:///{Path(folder) / 'kills.sqlite3'}"
        engine = engine_for(url)
        upgrade_schema(engine)
        with serving(Site()) as stubs:
            killed = run(engine, url, stubs, options.kills, options.seed)
        engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for moment, count in sorted(killed.items()):
        print(f"{count:5} kills {moment}")
    print("Nothing was lost or doubled, and undo restored the CRM.")


if __name__ == "__main__":
    main()
