"""The one reader of `Retry-After`."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.retry_after import retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATE = "Thu, 01 Jan 2026 00:00:30 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 120 "}, 120.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": DATE, "date": "Thu, 01 Jan 2026 00:00:10 GMT"}, 20.0),
        ({"retry-after": DATE}, 30.0),
        ({"retry-after": DATE, "date": "today"}, 30.0),
        ({"retry-after": "Thursday, 01-Jan-26 00:00:30 GMT"}, 30.0),
        ({"retry-after": "Wed, 31 Dec 2025 00:00:00 GMT"}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 01:00:30 +0100"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "\u0663"}, None),
        ({"retry-after": "9" * 5_000}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_seconds_dates_and_nonsense(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@given(seconds=st.integers(-(10**6), 10**9), skew=st.integers(-(10**6), 10**6))
def test_a_date_counts_from_the_clock_of_its_server(seconds: int, skew: int) -> None:
    sent = NOW + timedelta(seconds=skew)
    until = sent + timedelta(seconds=seconds)
    headers = {
        "retry-after": format_datetime(until, usegmt=True),
        "date": format_datetime(sent, usegmt=True),
    }
    assert retry_after(headers, NOW) == max(0, seconds)


@given(st.text())
def test_no_text_is_an_error_or_a_negative_wait(text: str) -> None:
    found = retry_after({"retry-after": text, "date": text}, NOW)
    assert found is None or found >= 0
