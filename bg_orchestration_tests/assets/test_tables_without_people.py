"""The tables that erasing leaves alone hold nobody: traces, messages, counts, refreshes."""

import re

import pytest
from sqlalchemy import Engine

from bg_orchestration.privacy.erasure import erase
from bg_orchestration.privacy.requests import DataSubject
from bg_orchestration.privacy.suppression import Suppressions
from bg_orchestration.store.database import writing
from bg_orchestration.store.schema.tables import buyer_group_refresh_logs as logs
from bg_orchestration.store.schema.tables import (
    contact_points,
    employments,
    metadata,
    notification_outbox,
    people,
    pipeline_counters,
    pipeline_operations,
    provider_records,
    trace_spans,
)
from bg_orchestration_tests.assets.asked import KEY, with_setting
from bg_orchestration_tests.assets.conftest import Run, why
from bg_orchestration_tests.store.rows import push, rows
from bg_orchestration_tests.stubs.server import Stubs

# What `store.erasure` looks through.
SEARCHED = {
    "people",
    "employments",
    "contact_points",
    "contact_corrections",
    "research_notes",
    "provider_records",
    "external_ids",
    "buyer_groups",
    "buyer_group_members",
    "buyer_group_decisions",
    "buyer_group_changes",
    "webhook_events",
    "pipeline_operations",
}


def told(engine: Engine) -> str:
    """Everything in the other tables, as one text in lower case.

    Times and our own ids are left out: their digits may be those of a provider's id by chance.
    """
    others = [table for table in metadata.sorted_tables if table.name not in SEARCHED]
    values = (
        str(value) for table in others for row in rows(engine, table) for value in row.values()
    )
    return re.sub(r"\b[0-9a-f-]{16,}\b|\d\d:\d\d:\d\d\.\d+", "", "\n".join(values).casefold())


def test_a_run_that_asks_providers_and_tells_others_leaves_nobody_there(
    asked: Engine, run: Run, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_setting(monkeypatch, NOTIFY_SLACK_URLS="sales=https://hooks.example.com/x")
    push(asked, id="p-zoe", name="Zoe Exampleova", newTitle="Empress of Quuxland")
    result = run("acme")
    assert result.success, why(result)
    for table in (trace_spans, notification_outbox, pipeline_counters, logs):
        assert rows(asked, table), table.name

    known = {"p-zoe", "zoe exampleova", "empress of quuxland"}
    known |= {row[name] for row in rows(asked, people) for name in ("person_id", "name")}
    known |= {row["linkedin_url"] for row in rows(asked, people) if row["linkedin_url"]}
    known |= {row["value"] for row in rows(asked, contact_points)}
    known |= {row["title"] for row in rows(asked, employments) if row["title"]}
    known |= {human.slug for human in stubs.site.world.people}
    known |= {row["source_id"] for row in rows(asked, provider_records) if row["kind"] == "person"}
    assert len(known) > 40
    text = told(asked)
    assert [one for one in known if one.casefold() in text] == []

    # Nor does erasing somebody leave a trace there, but for the list of hashes.
    somebody = rows(asked, people)[0]
    with writing(asked) as connection:
        done = erase(connection, [DataSubject((somebody["person_id"],))], Suppressions(KEY))
    assert done.people == {somebody["person_id"]}
    assert done.rows[pipeline_operations.name] > 0
    for one in (somebody["person_id"], somebody["name"]):
        assert one.casefold() not in told(asked)
