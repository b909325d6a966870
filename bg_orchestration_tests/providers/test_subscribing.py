"""Subscriptions at a stub of Coresignal, whose example reaches our receiver; and the sweep."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bg_orchestration.automation.provider_jobs import watch_providers
from bg_orchestration.cli import bg
from bg_orchestration.intake.id_pushes import DELIVERY
from bg_orchestration.intake.subscriptions import (
    VALID,
    Subscription,
    all_subscriptions,
)
from bg_orchestration.names import CORESIGNAL_PATH, PDL_PATH
from bg_orchestration.providers.subscription_service import (
    renew_expiring,
    search_client,
    subscription_client,
    sweep_changes,
)
from bg_orchestration.refreshes.planning import plan
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import Employee, save_employees
from bg_orchestration.store.database import clock, writing
from bg_orchestration.store.provider_records import note_listing, note_record
from bg_orchestration.store.schema.tables import (
    buyer_group_refresh_logs,
    provider_circuits,
    provider_subscriptions,
    provider_sweeps,
    webhook_events,
)
from bg_orchestration.webhooks.shared_query import SharedQuery
from bg_orchestration_tests.assets.asked import asked as asked
from bg_orchestration_tests.assets.asked import follow, with_setting
from bg_orchestration_tests.store.rows import LIMITS, POLICY, STAFF, rows
from bg_orchestration_tests.stubs.coresignal import COMPANY_IDS, EMPLOYEE_IDS
from bg_orchestration_tests.stubs.server import Stubs
from bg_orchestration_tests.stubs.subscriptions import Subscriptions
from bg_orchestration_tests.webhooks.conftest import Receiver, running

DAY = timedelta(days=1)


@pytest.fixture
def orders(stubs: Stubs) -> Iterator[Subscriptions]:
    """What the stub was ordered to push."""
    made = stubs.site.subscriptions
    yield made
    made.ordered.clear()
    made.renewals.clear()
    made.expired.clear()


@pytest.fixture
def receiver(asked: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Our receiver, reachable for Coresignal; `acme` is known to it, and Ann works there."""
    monkeypatch.setattr(SharedQuery, "seconds", 0.0)
    with writing(asked) as connection:
        at = clock(connection) - 30 * DAY
        save_employees(connection, [Employee("acme", STAFF[0])], "test")
        note_record(connection, "company", "coresignal", [(str(COMPANY_IDS), "acme")], at)
        note_record(connection, "person", "coresignal", [(str(EMPLOYEE_IDS), "p-ann")], at)
    with running(asked) as made:
        with_setting(monkeypatch, PUBLIC_URL=f"http://127.0.0.1:{made.port}/")
        yield made


def run(*arguments: str) -> tuple[int, Any]:
    result = CliRunner().invoke(bg, ["subscriptions", *arguments])
    return result.exit_code, result.output


def made(*arguments: str) -> str:
    code, output = run("create", *arguments, "--json")
    assert code == 0, output
    [subscription_id] = json.loads(output)["subscriptions"]
    assert isinstance(subscription_id, str)
    return subscription_id


def only(engine: Engine) -> Subscription:
    with writing(engine) as connection:
        [one] = all_subscriptions(connection)
    return one


def ends_in(engine: Engine, span: timedelta, age: timedelta = timedelta(0)) -> None:
    with writing(engine) as connection:
        now = clock(connection)
        connection.execute(
            provider_subscriptions.update().values(expires_at=now + span, created_at=now - age)
        )


def test_a_company_is_subscribed_to_and_its_pushes_refresh_it(
    receiver: Receiver, orders: Subscriptions
) -> None:
    subscription_id = made("acme")
    [(provider_id, order)] = orders.ordered.items()
    assert order["webhook_url"].startswith(f"http://127.0.0.1:{receiver.port}{CORESIGNAL_PATH}/")
    assert {"term": {"active_experience_company_id": COMPANY_IDS}} in (
        order["es_dsl_query"]["query"]["bool"]["must"]
    )
    one = only(receiver.engine)
    assert (one.subscription_id, one.company_id, one.provider_id) == (
        subscription_id, "acme", provider_id,
    )  # fmt: skip
    assert one.expires_at is not None
    assert abs(one.expires_at - datetime.now(UTC) - VALID) < timedelta(minutes=1)
    arrival = [{"member_id": 7, "status": "started_matching_query", "changed_fields": None}]
    answer = receiver.client.post(order["webhook_url"], json=arrival)
    assert answer.status_code == 202
    with writing(receiver.engine) as connection:
        plan(connection, POLICY, LIMITS)
    [refresh] = rows(receiver.engine, buyer_group_refresh_logs)
    assert (refresh["company_id"], refresh["reason"]) == ("acme", "event")


def test_people_are_subscribed_to_and_an_example_comes(
    receiver: Receiver, orders: Subscriptions
) -> None:
    made("--people")
    [order] = orders.ordered.values()
    assert order["ids"] == [EMPLOYEE_IDS]
    assert only(receiver.engine).people == 1
    code, output = run("simulate")
    assert code == 0, output
    found = rows(receiver.engine, webhook_events)
    assert {row["type"] for row in found} == {DELIVERY, "hint.changed"}
    with writing(receiver.engine) as connection:
        plan(connection, POLICY, LIMITS)
    code, output = run("list", "--json")
    pushed = [one for one in json.loads(output) if one["last_push_at"]]
    assert [one["people"] for one in pushed] == [0]


def test_pdl_gets_an_address_and_a_header_once(receiver: Receiver) -> None:
    code, output = run("create", "--pdl", "--json")
    told = json.loads(output)
    assert code == 0
    name, value = told["header"].split(": ")
    headers = {name: value}
    assert told["url"].endswith(PDL_PATH)
    assert receiver.client.post(told["url"], json=["x"], headers=headers).status_code == 202
    assert value.split()[1] not in run("list", "--json")[1]
    assert run("delete", told["subscription"])[0] == 0
    assert receiver.client.post(told["url"], json=["y"], headers=headers).status_code == 401


def test_what_is_ended_is_ended_on_both_sides(receiver: Receiver, orders: Subscriptions) -> None:
    subscription_id = made("acme")
    [order] = orders.ordered.values()
    code, output = run("delete", subscription_id)
    assert code == 0, output
    assert orders.ordered == {}
    assert receiver.client.post(order["webhook_url"], json=[]).status_code == 401
    assert run("delete", subscription_id)[0] == 1
    assert "No subscriptions" in run("list")[1]


@pytest.mark.usefixtures("receiver")
def test_a_refused_order_leaves_no_address(asked: Engine, stubs: Stubs) -> None:
    stubs.control("fail", kind="forbidden", provider="coresignal", path="subscriptions", times=1)
    code, output = run("create", "acme")
    assert (code, "does your plan include webhooks?" in output) == (1, True)
    assert rows(asked, provider_subscriptions) == []
    # Searches and records go on.
    assert not any(row["stopped"] for row in rows(asked, provider_circuits))


def test_wrong_use_says_what_to_do(asked: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("create")[0] == 2
    assert run("create", "acme", "--people")[0] == 2
    code, output = run("create", "acme")
    assert (code, "bg refresh acme" in output) == (1, True)
    code, output = run("create", "--people")
    assert (code, "Refresh a company first" in output) == (1, True)
    with writing(asked) as connection:
        note_record(connection, "company", "coresignal", [("5", "acme")], clock(connection))
    code, output = run("create", "acme")
    assert (code, "BG_PUBLIC_URL" in output) == (2, True)
    monkeypatch.delenv("BG_CORESIGNAL_KEY")
    settings.cache_clear()
    code, output = run("create", "acme")
    assert (code, "BG_CORESIGNAL_KEY" in output) == (2, True)


def test_only_what_ends_soon_is_renewed(receiver: Receiver, orders: Subscriptions) -> None:
    made("acme")
    [provider_id] = orders.ordered
    ends_in(receiver.engine, 15 * DAY)
    assert "0 renewed" in run("renew")[1]
    ends_in(receiver.engine, 13 * DAY)
    assert "1 renewed, 0 made anew" in run("renew")[1]
    assert orders.renewals == {provider_id: 1}
    expires_at = only(receiver.engine).expires_at
    assert expires_at is not None
    assert expires_at > datetime.now(UTC) + 90 * DAY


@pytest.mark.parametrize("why", ["a year old", "refused", "gone"])
@pytest.mark.parametrize("about", ["acme", "--people"])
def test_what_cannot_be_renewed_is_made_anew(
    receiver: Receiver, orders: Subscriptions, why: str, about: str
) -> None:
    old = made(about)
    [provider_id] = orders.ordered
    ends_in(receiver.engine, DAY, 360 * DAY if why == "a year old" else DAY)
    if why == "refused":
        orders.expired.add(provider_id)
    elif why == "gone":
        orders.ordered.clear()
    assert "0 renewed, 1 made anew" in run("renew")[1]
    one = only(receiver.engine)
    assert one.subscription_id != old
    assert one.company_id == (None if about == "--people" else "acme")
    assert list(orders.ordered) == [one.provider_id]


@pytest.mark.usefixtures("orders")
def test_a_renewal_that_fails_is_told_and_tried_again(receiver: Receiver, stubs: Stubs) -> None:
    made("acme")
    ends_in(receiver.engine, DAY)
    stubs.control("fail", kind="no_credit", provider="coresignal", path="renew", times=1)
    with subscription_client(receiver.engine, settings()) as ask:
        failed = renew_expiring(receiver.engine, ask, settings())
        assert list(failed.failed) == [only(receiver.engine).subscription_id]
        with writing(receiver.engine) as connection:
            connection.execute(provider_circuits.delete())
        assert renew_expiring(receiver.engine, ask, settings()).renewed


def listed_ago(engine: Engine, age: timedelta) -> None:
    with writing(engine) as connection:
        note_listing(connection, "coresignal", "acme", clock(connection) - age, "hash")


def swept_again(engine: Engine) -> tuple[int, int]:
    with search_client(engine, settings()) as ask:
        done = sweep_changes(engine, ask, LIMITS, 10)
    assert done.stopped == ""
    return done.asked, done.planned


def test_the_sweep_finds_what_was_not_pushed_and_pays_nothing(
    receiver: Receiver, stubs: Stubs
) -> None:
    engine = receiver.engine
    assert swept_again(engine) == (0, 0)  # never listed
    listed_ago(engine, 6 * DAY)
    assert swept_again(engine) == (0, 0)  # pushes come weekly
    listed_ago(engine, 8 * DAY)
    follow(engine, "unknown", None)
    assert swept_again(engine) == (1, 0)  # nothing changed
    assert swept_again(engine) == (0, 0)  # at most weekly
    with writing(engine) as connection:
        connection.execute(provider_sweeps.update().values(swept_at=clock(connection) - 8 * DAY))
    stubs.site.world.advance(datetime.now(UTC))
    assert swept_again(engine) == (1, 1)
    [refresh] = rows(engine, buyer_group_refresh_logs)
    assert (refresh["company_id"], refresh["reason"]) == ("acme", "scheduled")
    assert stubs.ledger()["paid"] == 0


def test_a_leaver_is_found_by_the_sweep(receiver: Receiver, stubs: Stubs) -> None:
    listed_ago(receiver.engine, 8 * DAY)
    ann, acme = stubs.site.world.people[0], stubs.site.world.companies[0]
    for one in list(stubs.site.world.at(acme)):
        if one is not ann:
            stubs.site.world.people.remove(one)
    ann.jobs.insert(0, type(ann.job)(stubs.site.world.companies[1], "vp", "Sales", "2026-01"))
    ann.updated_at = datetime.now(UTC)
    assert swept_again(receiver.engine) == (1, 1)


def test_a_provider_that_is_away_ends_the_sweep(receiver: Receiver, stubs: Stubs) -> None:
    listed_ago(receiver.engine, 8 * DAY)
    stubs.control("fail", kind="bad_key", provider="coresignal", times=1)
    with search_client(receiver.engine, settings()) as ask:
        done = sweep_changes(receiver.engine, ask, LIMITS, 10)
    assert (done.asked, done.planned) == (0, 0)
    assert "bad key" in done.stopped
    assert rows(receiver.engine, provider_sweeps) == []


def test_the_daily_job_renews_and_sweeps(
    receiver: Receiver, orders: Subscriptions, stubs: Stubs
) -> None:
    made("acme")
    ends_in(receiver.engine, DAY)
    listed_ago(receiver.engine, 8 * DAY)
    stubs.site.world.advance(datetime.now(UTC))
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        done = watch_providers.execute_in_process(run_config=quiet, instance=instance)
    assert done.success
    assert len(orders.renewals) == 1
    assert len(rows(receiver.engine, buyer_group_refresh_logs)) == 1
