"""Salesforce: contact roles of open opportunities, the field, and what is kept."""

from typing import Any

import pytest
from sqlalchemy import Engine

from bg_orchestration.destinations.crm.protocol import CrmError
from bg_orchestration.settings import settings
from bg_orchestration_tests.destinations.crm.conftest import (
    ACCOUNT,
    FIELD,
    OPEN,
    SALESFORCE_CONTACTS,
    Sales,
    follow_acme,
    new_org,
    publish_roles,
)
from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.salesforce_records import SalesforceRecords, key
from bg_orchestration_tests.stubs.server import Stubs

ANN, BOB, CYD = SALESFORCE_CONTACTS.values()
FIRST = {
    (ANN, OPEN, "Decision Maker"),
    (BOB, OPEN, "Executive Sponsor"),
    (CYD, OPEN, "Influencer"),
}


@pytest.fixture
def org(stubs: Stubs) -> SalesforceRecords:
    stubs.site.salesforce = new_org()
    return stubs.site.salesforce


@pytest.fixture
def sales(
    sqlite_engine: Engine, stubs: Stubs, org: SalesforceRecords, monkeypatch: pytest.MonkeyPatch
) -> Sales:
    monkeypatch.setenv("BG_SALESFORCE_URL", stubs.base_url("salesforce"))
    monkeypatch.setenv("BG_SALESFORCE_TOKEN", stubs.key)
    settings.cache_clear()
    follow_acme(sqlite_engine, "salesforce", ACCOUNT, SALESFORCE_CONTACTS)
    return Sales(sqlite_engine, "salesforce", stubs)


def use_field(monkeypatch: pytest.MonkeyPatch, name: str = FIELD) -> None:
    monkeypatch.setenv("BG_SALESFORCE_ROLE_FIELD", name)
    settings.cache_clear()


def test_roles_go_to_open_opportunities_once(sales: Sales, org: SalesforceRecords) -> None:
    before = org.state()
    assert len(sales.diff().changes) == 3
    assert org.writes == 0
    assert dict(sales.apply().ends) == {"done": 3}
    assert set(org.roles.values()) == FIRST
    assert org.writes == 1
    sales.sync()
    assert org.writes == 1, "a second sync makes no write call"
    sales.undo()
    assert org.state() == before


def test_a_changed_role_is_changed_a_lost_one_removed_a_closed_one_kept(
    sales: Sales, org: SalesforceRecords
) -> None:
    sales.sync()
    first = org.state()
    publish_roles(sales.engine, ann="blocker", bob="champion")
    sales.sync()
    assert set(org.roles.values()) == {
        (ANN, OPEN, "Evaluator"),
        (BOB, OPEN, "Executive Sponsor"),
    }
    sales.undo()
    assert org.state() == first
    org.opportunities[OPEN] = (ACCOUNT, True)
    publish_roles(sales.engine, ann="champion")
    sales.sync()
    assert org.state() == first


def test_what_a_person_does_is_kept(sales: Sales, org: SalesforceRecords) -> None:
    sales.diff()
    org.roles[key("00K", 99)] = (ANN, OPEN, "Economic Buyer")
    applied = sales.apply()
    assert [conflict.person_id for conflict in applied.conflicts] == ["p-ann"]
    mine = next(one for one, role in org.roles.items() if role[0] == BOB)
    del org.roles[mine]
    found = sales.diff()
    assert sorted(conflict.person_id for conflict in found.conflicts) == ["p-ann", "p-bob"]
    sales.apply()
    assert set(org.roles.values()) == {
        (ANN, OPEN, "Economic Buyer"),
        (CYD, OPEN, "Influencer"),
    }


def test_the_field_is_the_fallback(
    sales: Sales, org: SalesforceRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_field(monkeypatch)
    org.opportunities.clear()
    before = org.state()
    sales.sync()
    assert [org.contacts[contact][FIELD] for contact in (ANN, BOB, CYD)] == [
        "Decision Maker",
        "Executive Sponsor",
        "Influencer",
    ]
    assert not org.roles
    sales.undo()
    assert org.state() == before


def test_a_primary_role_is_not_deleted(sales: Sales, org: SalesforceRecords) -> None:
    sales.sync()
    org.primary = {one for one, role in org.roles.items() if role[0] == BOB}
    publish_roles(sales.engine, ann="decision")
    applied = sales.sync()
    assert "a person made it the primary role" in applied.conflicts[0].text
    assert {role[0] for role in org.roles.values()} == {ANN, BOB}


def test_the_word_of_a_role_is_the_best_that_the_org_has(
    sales: Sales, org: SalesforceRecords
) -> None:
    org.values += ["Champion", "Blocker"]
    sales.sync()
    assert (BOB, OPEN, "Champion") in org.roles.values()


def test_undo_works_after_the_setting_of_the_field_is_gone(
    sales: Sales, org: SalesforceRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = org.state()
    with monkeypatch.context() as patch:
        use_field(patch)
        sales.sync()
    settings.cache_clear()
    sales.undo()
    assert org.state() == before


def test_a_refused_record_stops_no_other(sales: Sales, org: SalesforceRecords) -> None:
    org.refused.add(BOB)
    applied = sales.sync()
    assert dict(applied.ends) == {"done": 2, "failed": 1}
    assert "The contact is locked" in applied.conflicts[0].text
    assert {role[0] for role in org.roles.values()} == {ANN, CYD}


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "cut_after", "cut_before"])
def test_faults_on_the_way_lose_and_double_nothing(
    sales: Sales, org: SalesforceRecords, kind: str
) -> None:
    sales.diff()
    sales.stubs.site.faults.planned.append(Fault(kind, "salesforce", "composite"))
    sales.apply()
    assert sorted(org.roles.values()) == sorted(FIRST)
    assert {row.state for row in sales.rows()} == {"done"}


def test_contacts_are_created_on_demand_and_archived_by_undo(
    sales: Sales, org: SalesforceRecords
) -> None:
    before = org.state()
    publish_roles(sales.engine, ann="decision", dan="blocker")
    sales.diff()
    sales.apply(create=True, fields=())
    created = next(
        contact for contact, each in org.contacts.items() if each["Email"] == "p-dan@acme.example"
    )
    assert org.contacts[created]["AccountId"] == ACCOUNT, "only its owner sees one without"
    org.contacts[created]["Phone"] = "+49 30 1234567"
    assert "a person worked on it" in sales.undo().conflicts[0].text
    assert created in org.contacts
    del org.contacts[created]["Phone"]
    sales.undo()
    assert org.state() == before


def test_a_connected_app_logs_in(
    sales: Sales, org: SalesforceRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BG_SALESFORCE_TOKEN")
    monkeypatch.setenv("BG_SALESFORCE_CLIENT_ID", "3MVG9.app")
    monkeypatch.setenv("BG_SALESFORCE_CLIENT_SECRET", sales.stubs.key)
    settings.cache_clear()
    sales.sync()
    assert set(org.roles.values()) == FIRST
    monkeypatch.setenv("BG_SALESFORCE_CLIENT_SECRET", "wrong")
    settings.cache_clear()
    with pytest.raises(CrmError, match="client credentials flow"):
        sales.diff()


@pytest.mark.parametrize(
    ("fault", "field", "words"),
    [
        ("bad_key", "", ("refuses the token", "BG_SALESFORCE_CLIENT_ID")),
        ("forbidden", "", ("may not do this", "Grant the permissions")),
        ("value", "", ("no value 'Champion' or 'Executive Sponsor' for champion", "It has: ")),
        ("rights", "", ("may not edit contact roles", "permission set")),
        ("", "Gone__c", ("no field Gone__c", "BG_SALESFORCE_ROLE_FIELD")),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    sales: Sales,
    org: SalesforceRecords,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    field: str,
    words: tuple[str, ...],
) -> None:
    before = org.state()
    if field:
        use_field(monkeypatch, field)
    elif fault == "value":
        org.values.remove("Executive Sponsor")
    elif fault == "rights":
        org.may_edit = False
    else:
        sales.stubs.site.faults.planned.append(Fault(fault, "salesforce"))
    with pytest.raises(CrmError) as caught:
        sales.sync()
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    assert org.state() == before
    assert org.writes == 0


@pytest.mark.parametrize(
    ("record", "word"),
    [
        ({"IsDeleted": True, "MasterRecordId": key("003", 88)}, "merged into"),
        ({"IsDeleted": True}, "bg external-ids remove salesforce:contact"),
    ],
)
def test_a_merged_or_deleted_contact_is_a_conflict(
    sales: Sales, org: SalesforceRecords, record: dict[str, Any], word: str
) -> None:
    org.contacts[BOB] |= record
    found = sales.diff()
    assert [word in conflict.text for conflict in found.conflicts] == [True]
    sales.apply()
    assert {role[0] for role in org.roles.values()} == {ANN, CYD}
