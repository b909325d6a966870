"""Published groups of the sample companies, without Dagster: data for the dbt package.

`python -m bg_orchestration_tests.destinations.warehouse.sample_groups FOLDER` writes an export.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from bg_orchestration.destinations.warehouse.export import export
from bg_orchestration.destinations.warehouse.targets import target_of
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Group
from bg_orchestration.profiles import load_policy, load_profiles
from bg_orchestration.providers.sample import load_sample
from bg_orchestration.refreshes.life_cycle import Refresh, start
from bg_orchestration.refreshes.publishing import publish
from bg_orchestration.store.companies import company, end_jobs, followed_ids, people_of
from bg_orchestration.store.database import engine_for, upgrade_schema, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids, note_owners
from bg_orchestration_tests.store.rows import HOUR

_WIDE = Limits(HOUR, starts_per_minute=100_000, concurrency=1_000, max_attempts=1)


def publish_sample(engine: Engine) -> None:
    """Publish the groups of all sample companies; some decision makers leave and are replaced."""
    load_sample(engine)
    profiles, policy = load_profiles(None), load_policy(None)
    with writing(engine) as connection:
        company_ids = followed_ids(connection)
        ids = [
            ExternalId("salesforce:account", f"001{at:012}AAA", "company", company_id)
            for at, company_id in enumerate(company_ids)
        ]
        claim_ids(connection, ids, "file:accounts.csv")
    with writing(engine) as connection:
        note_owners(connection, dict.fromkeys(company_ids[::2], "Kim Seller"))
    for company_id in company_ids:
        deciders = [
            member.person_id
            for profile in profiles
            for member in _refresh(engine, company_id, [profile], policy)
            if member.role == "decision"
        ]
        if company_id in company_ids[:6]:
            with writing(engine) as connection:
                end_jobs(connection, company_id, deciders[:1])
            _refresh(engine, company_id, profiles, policy)


def _refresh(engine, company_id, profiles, policy):  # type: ignore[no-untyped-def]
    with writing(engine) as connection:
        refresh = start(connection, company_id, "run", _WIDE)
        assert isinstance(refresh, Refresh), refresh
        facts = company(connection, company_id)
        assert facts is not None
        people = list(score_people(facts, people_of(connection, company_id), profiles, policy))
        groups = [assign(facts, people, profile, policy, ()) for profile in profiles]
        publish(connection, refresh, [Group(group=group) for group in groups])
    return [member for group in groups for member in group.members]


def main(folder: str) -> None:
    """Write an export of the sample to `folder`."""
    with TemporaryDirectory() as home:
        engine = engine_for(f"sqlite:///{home}/sample.sqlite3")
        upgrade_schema(engine)
        publish_sample(engine)
        report = export(engine, target_of(folder, Path(home)))
        engine.dispose()
    print(report.rows)


if __name__ == "__main__":
    main(sys.argv[1])
