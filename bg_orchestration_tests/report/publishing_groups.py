"""Published groups for the tests of pages, formed by the real rules. Everybody is fictional."""

from datetime import timedelta

from sqlalchemy import Engine, update

from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Company, ContactPoint, Group, Person
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.companies import Employee, save_companies, save_employees
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import companies

_LIMITS = Limits(timedelta(0), 1_000_000, 10, 3)


def publish_company(
    engine: Engine, company: Company, titles: dict[str, str], owner: str | None = None
) -> dict[str, str]:
    """Publish the group of a company for the shipped profile; return person ids by name.

    Each person has an address and a number, but for the last one of `titles`.
    """
    ids = {name: f"{company.company_id}-{place}" for place, name in enumerate(sorted(titles))}
    people = [
        Person(person_id=ids[name], name=name, title=title, started_on="2024-03")
        for name, title in titles.items()
    ]
    contacts = [
        ContactPoint(person_id=ids[name], kind=kind, value=value, source="files", status=status)
        for name in list(titles)[:-1]
        for kind, value, status in (
            ("email", f"{ids[name]}@example.com".lower().replace(":", "-"), "deliverable"),
            ("phone", "+49 30 5550100", None),
        )
    ]
    profile, policy = load_profiles()[0], load_policy()
    scored = score_people(company, people, [profile], policy)
    group = assign(company, scored, profile, policy)
    members = {member.person_id for member in group.members}
    usable = tuple(point for point in contacts if point.person_id in members)
    with writing(engine) as connection:
        save_companies(connection, [company], "test")
        save_employees(
            connection, [Employee(company.company_id, person) for person in people], "test"
        )
        connection.execute(
            update(companies)
            .where(companies.c.company_id == company.company_id)
            .values(owner=owner)
        )
    with writing(engine) as connection:
        refresh = start(connection, company.company_id, f"run-{company.company_id}", _LIMITS)
        assert isinstance(refresh, Refresh)
        publish(connection, refresh, [Group(group=group, contacts=usable)])
    return ids
