"""The job that erases people, started by its sensor, on a real Dagster instance."""

import dagster as dg
import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration.automation import erasure_job
from bg_orchestration.automation.erasure_job import erase_people, erasure_requests
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.settings import settings
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema import tables
from bg_orchestration_tests.store.rows import push, rows


def tick(instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    with dg.build_sensor_context(instance=instance) as context:
        result = erasure_requests(context)
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def request(engine: Engine, who: str) -> None:
    with writing(engine) as connection:
        list_ = Suppressions.configured(settings())
        request_erasure(connection, [DataSubject.parse(who)], list_)


def test_a_request_is_erased_by_one_run(database: Engine, instance: dg.DagsterInstance) -> None:
    assert isinstance(tick(instance), dg.SkipReason)
    push(database)
    request(database, "p-ann")
    started = tick(instance)
    assert isinstance(started, dg.SensorResult)
    assert len(started.run_requests or ()) == 1
    result = erase_people.execute_in_process(instance=instance)
    [told] = result.get_step_success_events()
    metadata = {
        name: value.value
        for event in result.all_events
        if event.is_successful_output
        for name, value in event.step_output_data.metadata.items()
    }
    assert told.is_step_success
    assert (metadata["requests done"], metadata["events"]) == (1, 1)
    assert "p-ann" not in {row["person_id"] for row in rows(database, tables.people)}
    assert {row["body"] for row in rows(database, tables.webhook_events)} == {None}
    # The group of the company is judged again.
    [refresh] = rows(database, tables.buyer_group_refresh_logs)
    assert (refresh["company_id"], refresh["reason"]) == ("acme", "manual")
    assert isinstance(tick(instance), dg.SkipReason)


def test_one_run_at_a_time_and_a_pause_after_a_failure(
    database: Engine, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    request(database, "p-ann")
    run = instance.create_run_for_job(erase_people)
    skipped = tick(instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "already" in str(skipped.skip_message)
    instance.report_run_failed(run)
    skipped = tick(instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "five minutes" in str(skipped.skip_message)
    monkeypatch.setattr(erasure_job, "_PAUSE", erasure_job._PAUSE * 0)
    assert isinstance(tick(instance), dg.SensorResult)
    assert instance.get_runs_count(dg.RunsFilter(job_name=names.ERASURE_JOB)) == 1
