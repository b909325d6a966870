"""The second world of the suite: people come from providers that are paid, on stubs.

The stubs live in the suite's own process and are never killed, so their books tell what was really
charged. Their world changes while events, which are only hints here, make the system look.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from sqlalchemy import Connection, Engine, func, select

from bg_orchestration.ledger.ledger import close_abandoned
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.schema.tables import pipeline_operations
from bg_orchestration_tests.crash.world import COMPANIES
from bg_orchestration_tests.rehearsal.figures import figures
from bg_orchestration_tests.stubs.books import Books
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site
from bg_orchestration_tests.stubs.world import World

_CHANGE_SECONDS = 8.0


@contextmanager
def providers(seed: int) -> Iterator[Stubs]:
    """Stubs with as many companies as the suite has, whose people change as time passes."""
    site = Site(World(seed, len(COMPANIES)))
    over = Event()

    def change() -> None:
        while not over.wait(_CHANGE_SECONDS):
            site.world.advance(datetime.now(UTC))

    changing = Thread(target=change, name="changes", daemon=True)
    with serving(site) as stubs:
        changing.start()
        try:
            yield stubs
        finally:
            over.set()
            changing.join()


def domains(stubs: Stubs) -> dict[str, str]:
    """The web domain of each of the suite's companies."""
    return {
        company_id: company.domain
        for company_id, company in zip(COMPANIES, stubs.site.world.companies, strict=True)
    }


def variables(stubs: Stubs) -> dict[str, str]:
    """The settings under which the stubs are asked: Coresignal first, then People Data Labs."""
    return {
        "BG_PROVIDER": "coresignal",
        "BG_COMPANY_PROVIDERS": "coresignal,pdl",
        "BG_PEOPLE_PROVIDERS": "coresignal,pdl",
        "BG_CONTACT_PROVIDERS": "pdl",
        "BG_DAILY_BUDGET_USD": "none",
        **{f"BG_{name.upper()}_KEY": stubs.key for name in ("coresignal", "pdl", "zerobounce")},
        **{
            f"BG_{name.upper()}_URL": stubs.base_url(name)
            for name in ("coresignal", "pdl", "zerobounce")
        },
    }


def close_books(engine: Engine) -> None:
    """Book what was begun by processes that were killed, as the next call would: all are gone."""
    with writing(engine) as connection:
        close_abandoned(connection, clock(connection) + timedelta(days=1))


def paid_once(connection: Connection, books: Books) -> Iterator[str]:
    """Each paid call at the stubs is an answer in the ledger, or booked as possibly charged."""
    found = figures(connection, books, list(COMPANIES))
    if found.paid > found.distinct + found.ambiguous:
        yield f"paid for more than was booked: {found}"
    charged = connection.execute(
        select(func.count()).where(
            pipeline_operations.c.state == "answered", pipeline_operations.c.cost_usd > 0
        )
    ).scalar_one()
    if found.paid < charged:
        yield f"{charged} charges are booked, {found.paid} were made"
    repeated = connection.execute(
        select(pipeline_operations.c.key)
        .where(pipeline_operations.c.state == "answered")
        .group_by(pipeline_operations.c.key)
        .having(func.count() > 1)
    ).all()
    if repeated:
        yield f"{len(repeated)} questions have two answers in the ledger"


def told(connection: Connection, books: Books) -> dict[str, int]:
    """The figures for the report."""
    found = figures(connection, books, list(COMPANIES))
    return {
        "paid calls at the providers": found.paid,
        "distinct questions": found.distinct,
        "ambiguous calls": found.ambiguous,
    }
