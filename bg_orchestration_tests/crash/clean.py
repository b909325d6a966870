"""What one clean refresh gives: the same events, in the order they happened, and nobody killed."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, select

from bg_orchestration.assets.published_buyer_group import with_contacts
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Company, Group
from bg_orchestration.intake.inbox import NewEvent, record
from bg_orchestration.intake.routing import RoutingPolicy, route_received
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish, published
from bg_orchestration.store import companies as directory
from bg_orchestration.store.companies import save_companies
from bg_orchestration.store.contact_points import contacts_of
from bg_orchestration.store.database import clock, engine_for, reading, upgrade_schema, writing
from bg_orchestration.store.schema.tables import webhook_events
from bg_orchestration_tests.crash.world import COMPANIES, SOURCE

_POLICY = RoutingPolicy(follow_unknown=True, applies_events=True, suppressions=Suppressions(None))

# Alembic keeps what it works on in globals, and the short suites run side by side.
_MIGRATING = Lock()

Groups = dict[tuple[str, str], Group]


def follow_companies(engine: Engine, domains: Mapping[str, str] | None = None) -> None:
    """Create the tables and follow the fictional companies, with their web domains if any."""
    with _MIGRATING:
        upgrade_schema(engine)
    with writing(engine) as connection:
        named = [
            Company(company_id=one, name=name, domain=(domains or {}).get(one))
            for one, name in COMPANIES.items()
        ]
        save_companies(connection, named, SOURCE)


def clean_groups(crashed: Engine, folder: Path, limits: Limits) -> Groups:
    """The groups that a new database has after all stored events and one refresh a company."""
    engine = engine_for(f"sqlite:///{folder / 'clean.sqlite3'}")
    follow_companies(engine)
    _take_events(crashed, engine)
    for company_id in COMPANIES:
        _refresh(engine, company_id, limits)
    groups = all_groups(engine)
    engine.dispose()
    return groups


def all_groups(engine: Engine) -> Groups:
    """Every published group by company and seller profile."""
    found = {}
    with reading(engine) as connection:
        for company_id in COMPANIES:
            for profile in load_profiles(None):
                group = published(connection, company_id, profile.id)
                if group is not None:
                    found[company_id, profile.id] = group
    return found


def _take_events(crashed: Engine, engine: Engine) -> None:
    columns = [webhook_events.c[name] for name in NewEvent.__dataclass_fields__]
    with reading(crashed) as connection:
        rows = connection.execute(select(*columns).order_by(webhook_events.c.happened_at)).all()
    with writing(engine) as connection:
        record(connection, [NewEvent(**row._mapping) for row in rows])
        while route_received(connection, _POLICY, clock(connection)):
            pass


def _refresh(engine: Engine, company_id: str, limits: Limits) -> None:
    with writing(engine) as connection:
        company = directory.company(connection, company_id)
        assert company is not None
        refresh = start(connection, company_id, f"clean-{company_id}", limits)
        assert isinstance(refresh, Refresh)
        profiles = load_profiles(None)
        people = directory.people_of(connection, company_id)
        policy = load_policy(None)
        scored = list(score_people(company, people, profiles, policy))
        groups = [assign(company, scored, profile, policy) for profile in profiles]
        members = sorted({member.person_id for group in groups for member in group.members})
        contacts = contacts_of(connection, members)
        publish(connection, refresh, [with_contacts(group, contacts) for group in groups])
