"""A published group, the CRMs' stubs on a real server, and the vendors' clients."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.destinations.crm.hubspot.hubspot import HubSpot
from bg_orchestration.destinations.crm.opening import open_crm
from bg_orchestration.destinations.crm.proposals import Differences, propose
from bg_orchestration.destinations.crm.salesforce.salesforce import Salesforce
from bg_orchestration.destinations.crm.writes import Applied, apply_proposals, undo_writes
from bg_orchestration.domain.throttle import RateLimit
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.settings import settings
from bg_orchestration.store.contact_points import add_contacts
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids
from bg_orchestration.store.schema.tables import crm_outbox
from bg_orchestration_tests.destinations.warehouse.conftest import WIDE
from bg_orchestration_tests.refreshes.test_publishing import email, group, member
from bg_orchestration_tests.store.rows import STAFF, follow
from bg_orchestration_tests.stubs.faults import Faults
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords
from bg_orchestration_tests.stubs.salesforce_records import SalesforceRecords, key
from bg_orchestration_tests.stubs.server import Stubs, serving
from bg_orchestration_tests.stubs.site import Site

ROLE = "hs_buying_role"
FAST = RateLimit(per_second=1_000.0, at_once=10_000)
CONTACTS = {"p-ann": "51", "p-bob": "52", "p-cyd": "53"}
SALESFORCE_CONTACTS = {person: key("003", int(number)) for person, number in CONTACTS.items()}
ACCOUNT, OPEN, CLOSED = key("001", 9), key("006", 1), key("006", 2)
FIELD = "Buyer_Role__c"


@pytest.fixture(scope="package")
def running_stubs() -> Iterator[Stubs]:
    with serving(Site()) as stubs:
        yield stubs


@pytest.fixture
def stubs(running_stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> Stubs:
    """The stubs without faults, at a pace for tests."""
    for crm in (HubSpot, Salesforce):
        monkeypatch.setattr(crm, "limit", FAST)
    running_stubs.site.faults = Faults()
    running_stubs.site.limited = False
    return running_stubs


def publish_roles(engine: Engine, **roles: str) -> None:
    """Publish acme's group: the members by the last part of their id."""
    members = (member(f"p-{name}", role) for name, role in roles.items())
    with writing(engine) as connection:
        refresh = start(connection, "acme", "run", WIDE)
        assert isinstance(refresh, Refresh), refresh
        publish(connection, refresh, [group(*members)])


@dataclass
class Sales:
    """A CRM beside our database; the functions behave as the commands do."""

    engine: Engine
    system: str
    stubs: Stubs

    def diff(self, **options: Any) -> Differences:
        with open_crm(self.system, self.engine, settings()) as crm:
            return propose(self.engine, crm, **options)

    def apply(self, **options: Any) -> Applied:
        with open_crm(self.system, self.engine, settings()) as crm:
            return apply_proposals(self.engine, crm, **options)

    def undo(self, **options: Any) -> Applied:
        with open_crm(self.system, self.engine, settings()) as crm:
            return undo_writes(self.engine, crm, **options)

    def sync(self) -> Applied:
        self.diff()
        return self.apply()

    def rows(self) -> list[Any]:
        with reading(self.engine) as connection:
            return list(connection.execute(crm_outbox.select().order_by(crm_outbox.c.id)))


@pytest.fixture
def records(stubs: Stubs) -> HubSpotRecords:
    """Three contacts of acme, which is company 9 there; Cyd's has no company."""
    site = stubs.site
    site.hubspot = HubSpotRecords(
        contacts={
            contact: {"email": f"{person}@acme.example", "firstname": person}
            for person, contact in CONTACTS.items()
        },
        companies={"9": "acme.example"},
        links={("51", "9"), ("52", "9")},
    )
    return site.hubspot


def new_org() -> SalesforceRecords:
    """The same contacts in Salesforce, whose account has an open and a closed opportunity."""
    return SalesforceRecords(
        contacts={
            contact: {"Email": f"{person}@acme.example"}
            for person, contact in SALESFORCE_CONTACTS.items()
        },
        opportunities={OPEN: (ACCOUNT, False), CLOSED: (ACCOUNT, True)},
    )


@pytest.fixture
def sales(
    sqlite_engine: Engine, stubs: Stubs, records: HubSpotRecords, monkeypatch: pytest.MonkeyPatch
) -> Sales:
    """HubSpot with mapped contacts, and a published group of acme."""
    use_hubspot(stubs, monkeypatch)
    follow_acme(sqlite_engine, "hubspot", "9", CONTACTS)
    return Sales(sqlite_engine, "hubspot", stubs)


@pytest.fixture
def sales_anywhere(
    engine: Engine, stubs: Stubs, records: HubSpotRecords, monkeypatch: pytest.MonkeyPatch
) -> Sales:
    """The same on each kind of database."""
    use_hubspot(stubs, monkeypatch)
    follow_acme(engine, "hubspot", "9", CONTACTS)
    return Sales(engine, "hubspot", stubs)


def use_hubspot(stubs: Stubs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BG_HUBSPOT_URL", stubs.base_url("hubspot"))
    monkeypatch.setenv("BG_HUBSPOT_TOKEN", stubs.key)
    settings.cache_clear()


def follow_acme(engine: Engine, tool: str, company: str, contacts: dict[str, str]) -> None:
    """Publish acme's first group, its people mapped to `contacts`."""
    follow(engine, "acme", staff=STAFF)
    publish_roles(engine, ann="decision", bob="champion", cyd="stakeholder")
    systems = {"hubspot": "hubspot:company", "salesforce": "salesforce:account"}
    with writing(engine) as connection:
        claim_ids(
            connection,
            [
                ExternalId(systems[tool], company, "company", "acme"),
                *(
                    ExternalId(f"{tool}:contact", contact, "person", person)
                    for person, contact in contacts.items()
                ),
            ],
            "file:contacts.csv",
        )
        add_contacts(connection, [email("p-dan", "p-dan@acme.example")])
