"""HubSpot: what is proposed, written, kept and taken back, by the state of the stub."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bg_orchestration.automation.crm_job import write_crm
from bg_orchestration.cli import bg
from bg_orchestration.destinations.crm.protocol import CrmError
from bg_orchestration.privacy.erasure import erase
from bg_orchestration.privacy.requests import DataSubject, request_erasure
from bg_orchestration.settings import settings
from bg_orchestration.store.companies import end_jobs
from bg_orchestration.store.database import reading, writing
from bg_orchestration.store.external_ids import ExternalId, claim_ids, our_ids, remove_id
from bg_orchestration.store.schema.tables import crm_outbox
from bg_orchestration_tests.destinations.crm.conftest import CONTACTS, ROLE, Sales, publish_roles
from bg_orchestration_tests.store.rows import STAFF, SUPPRESSIONS, follow
from bg_orchestration_tests.stubs.faults import Fault
from bg_orchestration_tests.stubs.hubspot_records import HubSpotRecords

FIRST = {"51": "DECISION_MAKER", "52": "CHAMPION", "53": "INFLUENCER"}


def roles(records: HubSpotRecords) -> dict[str, str]:
    return {contact: each.get(ROLE, "") for contact, each in records.contacts.items()}


def test_diff_writes_nothing_and_apply_writes_the_difference(
    sales_anywhere: Sales, records: HubSpotRecords
) -> None:
    before = records.state()
    found = sales_anywhere.diff()
    assert {(write.cell.record, write.cell.field, write.after) for write in found.changes} == {
        ("51", "role", "DECISION_MAKER"),
        ("52", "role", "CHAMPION"),
        ("53", "role", "INFLUENCER"),
        ("53", "company", "linked"),
    }
    assert found.changes[0].reason == "decision at acme (default)"
    assert found.changes[0].refresh_id
    assert records.state() == before
    assert records.writes == 0
    assert dict(sales_anywhere.apply().ends) == {"done": 4}
    assert roles(records) == FIRST
    assert ("53", "9") in records.links
    assert records.writes == 2, "a batch of roles and a batch of links"
    row = sales_anywhere.rows()[0]
    assert (row.before, row.after, row.state) == ("", "DECISION_MAKER", "done")
    assert row.refresh_id
    assert row.ended_at


def test_a_second_sync_makes_no_write_call(sales_anywhere: Sales, records: HubSpotRecords) -> None:
    sales_anywhere.sync()
    records.calls.clear()
    assert sales_anywhere.diff().changes == []
    assert dict(sales_anywhere.apply().ends) == {}
    assert records.writes == 0
    assert records.calls["read contacts"] > 0


def test_nothing_is_applied_that_was_not_proposed(sales: Sales, records: HubSpotRecords) -> None:
    assert not sales.apply().ends
    assert records.writes == 0
    sales.diff()
    publish_roles(sales.engine, ann="champion", bob="champion", cyd="stakeholder")
    applied = sales.apply()
    assert applied.ends["dropped"] == 1
    assert "bg crm diff" in applied.conflicts[0].text
    assert roles(records)["51"] == "", "the group wants another role than diff showed"


def test_a_human_edit_between_proposal_and_apply_is_kept(
    sales_anywhere: Sales, records: HubSpotRecords
) -> None:
    sales_anywhere.diff()
    records.contacts["51"][ROLE] = "BUDGET_HOLDER"
    applied = sales_anywhere.apply()
    assert roles(records) == FIRST | {"51": "BUDGET_HOLDER"}
    assert [conflict.cell.record for conflict in applied.conflicts if conflict.cell] == ["51"]
    assert "a person set 'BUDGET_HOLDER' (our decision)" in applied.conflicts[0].text


@pytest.mark.parametrize("value", ["BLOCKER", ""])
def test_a_human_change_after_our_write_is_a_conflict(
    sales: Sales, records: HubSpotRecords, value: str
) -> None:
    sales.sync()
    records.contacts["52"][ROLE] = value
    publish_roles(sales.engine, ann="decision", bob="blocker" if not value else "stakeholder")
    found = sales.diff()
    assert [conflict.person_id for conflict in found.conflicts] == ["p-bob"]
    sales.apply()
    assert roles(records)["52"] == value
    assert roles(records)["53"] == "", "who left the group loses the role that we wrote"


def test_a_role_of_a_person_is_never_removed_by_us(sales: Sales, records: HubSpotRecords) -> None:
    records.contacts["53"][ROLE] = "INFLUENCER"
    sales.sync()
    publish_roles(sales.engine, ann="decision", bob="champion")
    sales.sync()
    assert roles(records)["53"] == "INFLUENCER"


def test_the_link_that_we_wrote_ends_with_the_job(sales: Sales, records: HubSpotRecords) -> None:
    sales.sync()
    with writing(sales.engine) as connection:
        end_jobs(connection, "acme", ["p-ann", "p-cyd"])
    sales.sync()
    assert records.links == {("51", "9"), ("52", "9")}, "Ann's was there before; Cyd's is ours"


def test_undo_restores_exactly(sales_anywhere: Sales, records: HubSpotRecords) -> None:
    before = records.state()
    sales_anywhere.sync()
    first = records.state()
    publish_roles(sales_anywhere.engine, ann="blocker", dan="decision")
    sales_anywhere.diff()
    sales_anywhere.apply(create=True)
    assert len(records.contacts) == 4
    sales_anywhere.undo()
    assert records.state() == first
    assert sales_anywhere.diff().undone > 0, "what was undone is not proposed again"
    assert sales_anywhere.diff(again=True).changes
    sales_anywhere.undo()
    assert records.state() == before
    assert not sales_anywhere.undo().ends


def test_undo_of_everything_keeps_what_a_person_changed(
    sales: Sales, records: HubSpotRecords
) -> None:
    before = records.state()
    sales.sync()
    publish_roles(sales.engine, ann="blocker", bob="champion")
    sales.sync()
    records.contacts["52"][ROLE] = "END_USER"
    applied = sales.undo(everything=True)
    assert [conflict.cell.record for conflict in applied.conflicts if conflict.cell] == ["52"]
    assert roles(records) == {"51": "", "52": "END_USER", "53": ""}
    del records.contacts["52"][ROLE]
    assert records.state() == before


def test_undo_takes_back_the_last_apply_whatever_the_order_of_its_rows(
    sales: Sales, records: HubSpotRecords
) -> None:
    """Rows are numbered when they are proposed, not when they are written."""
    records.links.clear()
    before = records.state()
    sales.diff()
    sales.apply(fields=["company"])
    linked = records.state()
    sales.apply(fields=["role"])
    assert sales.undo().ends["done"] == 3
    assert records.state() == linked
    sales.undo()
    assert records.state() == before


def test_a_created_contact_that_a_person_worked_on_is_kept(
    sales: Sales, records: HubSpotRecords
) -> None:
    publish_roles(sales.engine, ann="decision", dan="blocker")
    sales.diff()
    sales.apply(create=True, fields=())
    records.contacts["1001"]["phone"] = "+49 30 1234567"
    applied = sales.undo()
    assert "a person worked on it" in applied.conflicts[0].text
    assert "1001" in records.contacts
    del records.contacts["1001"]["phone"]
    sales.undo()
    assert "1001" not in records.contacts


def test_more_records_than_a_batch_and_a_page_hold(sales: Sales, records: HubSpotRecords) -> None:
    names = [f"m{number:03}" for number in range(105)]
    staff = [STAFF[0].model_copy(update={"person_id": f"p-{name}"}) for name in names]
    follow(sales.engine, "acme", staff=staff)
    claims = []
    for at, name in enumerate(names, start=200):
        records.contacts[str(at)] = {"email": f"{name}@acme.example"}
        claims.append(ExternalId("hubspot:contact", str(at), "person", f"p-{name}"))
    # Nine companies before ours: a contact's links come in pages, too.
    links = {("200", str(company)) for company in range(1, 10)}
    records.links |= links
    with writing(sales.engine) as connection:
        claim_ids(connection, claims, "file:more.csv")
    publish_roles(sales.engine, **dict.fromkeys(names, "champion"))
    before = records.state()
    applied = sales.sync()
    assert set(applied.ends) == {"done"}
    written = [contact for contact, role in roles(records).items() if role == "CHAMPION"]
    assert len(written) == 105
    assert ("200-9", "linked") not in records.written, "it was on the last page of its links"
    writes = records.writes
    sales.sync()
    assert records.writes == writes
    sales.undo()
    assert records.state() == before


def test_a_long_retry_after_stops_with_the_reason(sales: Sales, records: HubSpotRecords) -> None:
    sales.diff()
    fault = Fault("retry_after", "hubspot", "batch/update", seconds=900)
    sales.stubs.site.faults.planned.append(fault)
    with pytest.raises(CrmError, match="asks to wait 900 s"):
        sales.apply()
    assert roles(records) == dict.fromkeys(CONTACTS.values(), "")
    assert sales.undo().held == 3, "the next call reads the CRM to learn their end"


def test_contacts_are_created_on_demand_only_and_never_twice(
    sales: Sales, records: HubSpotRecords
) -> None:
    publish_roles(sales.engine, ann="decision", bob="champion", cyd="stakeholder", dan="blocker")
    assert [write.person_id for write in sales.diff().missing] == ["p-dan"]
    sales.apply()
    assert set(records.contacts) == {"51", "52", "53"}
    sales.diff()
    sales.apply(create=True)
    assert records.contacts["1001"]["email"] == "p-dan@acme.example"
    assert (records.contacts["1001"]["firstname"], records.contacts["1001"]["lastname"]) == (
        "Dan",
        "Orr",
    )
    sales.sync()
    assert roles(records)["1001"] == "BLOCKER"
    sales.diff()
    sales.apply(create=True)
    assert len(records.contacts) == 4


def test_records_there_are_found_by_address_and_domain(
    sales: Sales, records: HubSpotRecords
) -> None:
    records.contacts["77"] = {"email": "p-dan@acme.example"}
    publish_roles(sales.engine, ann="decision", dan="blocker")
    found = sales.diff()
    assert not found.missing
    assert ("77", "BLOCKER") in {(write.cell.record, write.after) for write in found.changes}
    with reading(sales.engine) as connection:
        assert our_ids(connection, "hubspot:contact", ["77"]) == {"77": "p-dan"}


def test_a_bad_record_stops_no_other(sales: Sales, records: HubSpotRecords) -> None:
    records.spoiling.add("52")
    records.refused.add("53")
    applied = sales.sync()
    assert applied.ends["failed"] == 2
    assert roles(records) == {"51": "DECISION_MAKER", "52": "", "53": ""}
    assert sorted(conflict.person_id for conflict in applied.conflicts) == ["p-bob", "p-cyd"]
    records.spoiling.clear()
    records.refused.clear()
    sales.sync()
    assert roles(records) == FIRST


@pytest.mark.parametrize("kind", ["retry_after", "server_error", "cut_after", "cut_before"])
def test_faults_on_the_way_lose_and_double_nothing(
    sales: Sales, records: HubSpotRecords, kind: str
) -> None:
    sales.diff()
    sales.stubs.site.faults.planned.append(Fault(kind, "hubspot", "batch/update", seconds=1))
    sales.apply()
    assert roles(records) == FIRST
    assert len(records.written) == 4
    assert {row.state for row in sales.rows()} == {"done"}


def test_erased_people_leave_no_row_and_are_never_written(
    sales: Sales, records: HubSpotRecords
) -> None:
    sales.sync()
    publish_roles(sales.engine, ann="blocker", bob="champion", cyd="stakeholder")
    sales.diff()
    with writing(sales.engine) as connection:
        request_erasure(connection, [DataSubject(ids=("p-ann",))], SUPPRESSIONS)
    sales.apply()
    assert roles(records)["51"] == "DECISION_MAKER", "hidden from the moment of the request"
    with writing(sales.engine) as connection:
        erase(connection, ["p-ann"], SUPPRESSIONS)
    with reading(sales.engine) as connection:
        people = set(connection.scalars(select(crm_outbox.c.person_id)))
    assert people == {"p-bob", "p-cyd"}
    sales.undo(everything=True)
    assert roles(records)["51"] == "DECISION_MAKER"


def _wrong_token(_: Sales, __: HubSpotRecords, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("BG_HUBSPOT_TOKEN", "pat-of-another-app")


def _expired(sales: Sales, _: HubSpotRecords, __: Any) -> None:
    sales.stubs.site.faults.planned.append(Fault("bad_key", "hubspot"))


def _no_scope(sales: Sales, _: HubSpotRecords, __: Any) -> None:
    sales.stubs.site.faults.planned.append(Fault("forbidden", "hubspot", "batch/update"))


def _no_field(_: Sales, records: HubSpotRecords, __: Any) -> None:
    records.options = []


def _no_value(_: Sales, records: HubSpotRecords, __: Any) -> None:
    records.options.remove("CHAMPION")


def _no_file(_: Sales, __: HubSpotRecords, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("BG_CRM_ROLES", "/nowhere/roles.yaml")


def _no_setting(_: Sales, __: HubSpotRecords, patch: pytest.MonkeyPatch) -> None:
    patch.delenv("BG_HUBSPOT_TOKEN")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_wrong_token, ("refuses the token", "BG_HUBSPOT_TOKEN")),
        (_expired, ("refuses the token", "BG_HUBSPOT_TOKEN")),
        (_no_scope, ("lacks crm.objects.contacts.write", "private app")),
        (_no_field, (ROLE, "Turn it on")),
        (_no_value, ("no value 'CHAMPION' for champion", "It has: BLOCKER", "BG_CRM_ROLES")),
        (_no_file, ("/nowhere/roles.yaml", "write:")),
        (_no_setting, ("BG_HUBSPOT_TOKEN is not set", "private app")),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    sales: Sales,
    records: HubSpotRecords,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Any,
    words: tuple[str, ...],
) -> None:
    before = records.state()
    spoil(sales, records, monkeypatch)
    settings.cache_clear()
    with pytest.raises(CrmError) as caught:
        sales.sync()
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    assert records.state() == before


def _merged(_: Sales, records: HubSpotRecords) -> None:
    records.merged["52"] = "88"
    records.contacts["88"] = records.contacts.pop("52")


def _deleted(_: Sales, records: HubSpotRecords) -> None:
    del records.contacts["52"]


def _two_contacts(sales: Sales, records: HubSpotRecords) -> None:
    records.contacts["88"] = {"email": "bob2@acme.example"}
    _claim(sales, ExternalId("hubspot:contact", "88", "person", "p-bob"))


def _two_people(sales: Sales, _: HubSpotRecords) -> None:
    _claim(sales, ExternalId("hubspot:contact", "52", "person", "p-eve"))


def _claim(sales: Sales, claim: ExternalId) -> None:
    with writing(sales.engine) as connection:
        claim_ids(connection, [claim], "file:other.csv")


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_merged, "merged into 88"),
        (_deleted, "bg external-ids remove hubspot:contact 52"),
        (_two_contacts, "several records in HubSpot: 52, 88"),
        (_two_people, "found for p-bob and p-eve"),
    ],
)
def test_a_doubtful_contact_is_a_conflict_and_the_others_are_written(
    sales: Sales, records: HubSpotRecords, spoil: Any, word: str
) -> None:
    spoil(sales, records)
    found = sales.diff()
    assert [word in conflict.text for conflict in found.conflicts] == [True]
    sales.apply()
    assert {contact: role for contact, role in roles(records).items() if role} == {
        "51": "DECISION_MAKER",
        "53": "INFLUENCER",
    }


def test_a_contact_and_a_company_may_have_the_same_id(
    sales: Sales, records: HubSpotRecords
) -> None:
    """HubSpot numbers them apart: the conflict of one says nothing of the other."""
    records.contacts["9"] = records.contacts.pop("52")
    with writing(sales.engine) as connection:
        remove_id(connection, "hubspot:contact", "52")
    _claim(sales, ExternalId("hubspot:contact", "9", "person", "p-bob"))
    _claim(sales, ExternalId("hubspot:contact", "9", "person", "p-eve"))
    found = sales.diff()
    assert ("53", "9") in {(write.cell.record, write.cell.target) for write in found.changes}


def test_the_job_writes_automatic_fields_only_and_leaves_other_proposals(
    sales: Sales, records: HubSpotRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BG_CRM_AUTOMATIC", "hubspot.company")
    settings.cache_clear()
    sales.diff()
    publish_roles(sales.engine, ann="blocker", bob="champion", cyd="stakeholder")
    assert write_crm.execute_in_process().success
    assert ("53", "9") in records.links
    assert set(roles(records).values()) == {""}
    proposed = {row.after for row in sales.rows() if row.state == "proposed"}
    assert proposed == {"DECISION_MAKER", "CHAMPION", "INFLUENCER"}, "as the user saw them"


def test_roles_are_mapped_by_a_file(
    sales: Sales, records: HubSpotRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.field_type = "select"
    file = tmp_path / "roles.yaml"
    file.write_text("hubspot: {write: {decision: BUDGET_HOLDER, champion: END_USER}}")
    monkeypatch.setenv("BG_CRM_ROLES", str(file))
    settings.cache_clear()
    sales.sync()
    assert roles(records) == {"51": "BUDGET_HOLDER", "52": "END_USER", "53": ""}


def test_the_commands(sales: Sales, records: HubSpotRecords) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(bg, ["crm", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    assert "bg crm undo" in run("--help")
    records.contacts["53"][ROLE] = "END_USER"
    shown = run("diff")
    assert "Ann Lee" in shown
    assert "Kept: Cyd Moe: role of contact 53: a person set 'END_USER' (our stakeholder)" in shown
    assert "bg crm apply" in shown
    assert "Written: 3" in run("apply")
    assert "Nothing to do" in run("apply")
    log = json.loads(run("log", "--json"))
    assert {(row["cell"]["record"], row["after"]) for row in log} >= {("51", "DECISION_MAKER")}
    assert "Taken back: 3" in run("undo")
    records.options.clear()
    failed = CliRunner().invoke(bg, ["crm", "diff"])
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: HubSpot's contacts have no property")
