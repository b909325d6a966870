"""The asset `coverage`: what the tables say, on both databases, without a name."""

import dagster as dg
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.definitions import defs
from bg_orchestration.refreshes.coverage_lines import coverage_lines
from bg_orchestration.settings import settings
from bg_orchestration.store.database import reading
from bg_orchestration_tests.assets.conftest import QUIET, Run, materialization, of
from bg_orchestration_tests.store.rows import STAFF, follow


def test_the_lines_are_those_of_the_tables(engine: Engine) -> None:
    follow(engine, "acme", staff=STAFF)
    with reading(engine) as connection:
        [line] = coverage_lines(connection, settings().freshness, ())
    assert (line.company_id, line.profile_id, line.refreshed_at) == ("acme", None, None)
    assert line.members == 0


def test_coverage_counts_what_was_published(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    group = of(run("acme"), names.BUYER_GROUP)
    with reading(database) as connection:
        found_lines = coverage_lines(connection, settings().freshness, ())
        lines = {line.company_id: line for line in found_lines}
    assert lines["acme"].members == group["size"]
    assert lines["acme"].roles == {
        role.removeprefix("role_"): many
        for role, many in group.items()
        if role.startswith("role_") and many
    }
    assert lines["empty"].profile_id is None
    result = defs.resolve_job_def(names.COVERAGE_JOB).execute_in_process(
        instance=instance, run_config=QUIET
    )
    found = of(result, names.COVERAGE)
    assert (found["companies"], found["groups"], found["companies_never"]) == (2, 1, 1)
    # Without a group a company is red and due.
    assert found["companies_red"] >= 1
    assert found["due_red"] == 1
    assert found["share_reachable"] == group["share_reachable"]
    assert found["completeness"] == group["completeness"]
    assert "acme" not in str(found["picture"])
    table = materialization(result, names.COVERAGE).metadata["needs_a_look"]
    assert isinstance(table, dg.TableMetadataValue)
    assert table.records[0].data["company_id"] == "empty"
