"""What providers push, read entry by entry."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.intake.id_pushes import (
    Entry,
    read_entries,
    read_id,
)
from bg_orchestration.intake.lusha_pushes import (
    Employer,
    OptOut,
    Signal,
    read_push,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
DAY = date(2026, 10, 5)


@given(st.lists(JSON))
def test_any_array_is_read_and_keeps_its_order(array: list[Any]) -> None:
    for source in ("coresignal", "pdl"):
        entries = read_entries(source, array)  # type: ignore[arg-type]
        assert len(entries) == len(array)
        assert all(one is None or one.type.isprintable() for one in entries)


@given(
    st.dictionaries(
        st.sampled_from(["member_id", "status", "changed_fields", "more"]), JSON, min_size=1
    )
)
def test_an_entry_names_somebody_exactly_if_its_id_can_be_read(value: dict[str, Any]) -> None:
    [entry] = read_entries("coresignal", [value])
    assert (entry is None) == (read_id(value.get("member_id")) is None)


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        ({"member_id": 900001, "status": "changed", "changed_fields": ["b", "a", "a", 1]},
         Entry("900001", "changed", ("a", "b"))),
        ({"member_id": "900001", "status": "started_matching_query", "changed_fields": None},
         Entry("900001", "started_matching_query")),
        ({"member_id": 900001.0}, Entry("900001")),
        ({"member_id": 1, "status": "a new word"}, Entry("1", "unknown")),
        ({"member_id": 1, "status": None}, Entry("1", "unknown")),
        ({"member_id": True}, None),
        ({"member_id": None}, None),
        ({"member_id": "9" * 65}, None),
        ({"status": "changed"}, None),
        ("900001", None),
    ],
)  # fmt: skip
def test_coresignals_entries(value: Any, entry: Entry | None) -> None:
    assert read_entries("coresignal", [value]) == [entry]


def test_pdls_entries() -> None:
    assert read_entries("pdl", ["pdl-1", 7, {}, "", None]) == [
        Entry("pdl-1"), Entry("7"), None, None, None,
    ]  # fmt: skip


def test_news_is_the_same_on_one_day_in_one_subscription() -> None:
    entry = Entry("1", "changed", ("a", "b"))
    known = entry.event_id("coresignal", "s-1", DAY)
    assert known == Entry("1", "changed", ("a", "b")).event_id("coresignal", "s-1", DAY)
    others = {
        entry.event_id("pdl", "s-1", DAY),
        entry.event_id("coresignal", "s-2", DAY),
        entry.event_id("coresignal", "s-1", date(2026, 10, 6)),
        Entry("2", "changed", ("a", "b")).event_id("coresignal", "s-1", DAY),
        Entry("1", "unknown", ("a", "b")).event_id("coresignal", "s-1", DAY),
        Entry("1", "changed", ("a,b",)).event_id("coresignal", "s-1", DAY),
    }
    assert len(others) == 6
    assert known not in others


PROMOTION = {
    "id": "f3b87e05", "type": "promotion", "entityType": "contact", "entityId": "7",
    "data": {"personId": 7, "currentCompanyId": 8, "currentCompanyName": "Example Inc",
             "currentDomain": "www.Example.com", "currentTitle": "VP Sales",
             "currentDepartments": [{"id": 7, "value": "Sales"}], "signalDate": "2026-07-01"},
    "timestamp": "2026-07-14T16:16:35.841Z", "billing": {"creditsCharged": 1},
}  # fmt: skip


def test_a_signal_of_lusha() -> None:
    assert read_push(PROMOTION) == Signal(
        event_id="f3b87e05",
        type="person.promotion",
        source_id="7",
        happened_at=datetime(2026, 7, 14, 16, 16, 35, 841_000, tzinfo=UTC),
        title="VP Sales",
        department="Sales",
        current=Employer("Example Inc", "example.com", "8"),
        previous=None,
    )
    moved = read_push({**PROMOTION, "type": "companyChange"})
    assert isinstance(moved, Signal)
    assert moved.type == "person.company_change"


@pytest.mark.parametrize("kind", ["commercialActivityNews", "a new\nword", None, 7])
def test_signals_that_we_do_not_follow_keep_their_word(kind: Any) -> None:
    push = read_push({"id": "1", "type": kind, "data": None, "timestamp": "yesterday"})
    assert isinstance(push, Signal)
    assert push.type == ("lusha.commercialActivityNews" if kind == "commercialActivityNews"
                         else "lusha.unknown")  # fmt: skip
    assert (push.source_id, push.happened_at, push.current) == (None, None, None)


OPT_OUT = {
    "contactId": "987", "fullName": "Mara Beispiel", "companyName": "Example Inc",
    "jobTitle": "VP Sales", "linkedinUrl": "https://www.linkedin.com/in/mara-beispiel",
    "contactOptOutDate": "2026-04-22 14:32:11.412",
    "datapoints": [{"datapointId": "+4930000", "datapointType": "phone"},
                   {"datapointId": "mara@example.com", "datapointType": "email"}, None],
}  # fmt: skip


def test_an_opt_out_of_lusha() -> None:
    push = read_push(OPT_OUT)
    assert isinstance(push, OptOut)
    assert (push.source_id, push.emails) == ("987", ("mara@example.com",))
    assert push.linkedin_url == OPT_OUT["linkedinUrl"]
    again = read_push({**OPT_OUT, "contactOptOutDate": "2026-04-22T20:00:00Z"})
    assert again.event_id == push.event_id
    later = read_push({**OPT_OUT, "contactOptOutDate": "2026-05-22T20:00:00Z"})
    assert later.event_id != push.event_id


@pytest.mark.parametrize("document", [[], {}, {"id": None}, {"contactId": {}}, "x", None])
def test_what_is_no_push_is_told_by_its_field(document: Any) -> None:
    with pytest.raises(ValueError, match=r"^(body|id|contactId): "):
        read_push(document)


@given(JSON)
def test_any_document_is_a_push_or_none(document: Any) -> None:
    try:
        push = read_push(document)
    except ValueError:
        return
    assert isinstance(push, Signal | OptOut)
