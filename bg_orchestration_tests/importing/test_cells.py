"""Cells as tools and Excel write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.importing.cells import (
    Phone,
    read_company_page,
    read_count,
    read_email,
    read_phones,
    read_profile,
    read_text,
    split_values,
)
from bg_orchestration.importing.dates import read_start, read_start_from_duration


@pytest.mark.parametrize("cell", ["", "  ", "-", "N/A", "null", "None", "(No value)", "\t\n"])
def test_an_empty_marker_says_nothing(cell: str) -> None:
    assert read_text(cell) is None


def test_text_loses_excels_apostrophe_and_odd_spaces() -> None:
    assert read_text("  Head of\n Procurement\u00a0 EMEA ") == "Head of Procurement EMEA"
    assert read_text("'=cmd") == "=cmd"
    assert read_text("'+44 20") == "+44 20"
    assert read_text("'t Hooft") == "'t Hooft"


@pytest.mark.parametrize(
    ("cell", "count"),
    [("1200", 1200), ("1,200", 1200), ("1.200", 1200), ("12 500", 12500), ("51.0", 51),
     ("10,001+", 10001), ("1,234,567", 1234567), ("", None), ("-", None)],
)  # fmt: skip
def test_a_head_count(cell: str, count: int | None) -> None:
    assert read_count(cell) == count


@pytest.mark.parametrize("cell", ["51-200", "many", "1.5", "-3", "12,5"])
def test_a_range_is_no_head_count(cell: str) -> None:
    with pytest.raises(ValueError, match="not a number of people"):
        read_count(cell)


@pytest.mark.parametrize(
    ("cell", "start"),
    [("2021-03-15", "2021-03-15"), ("2021-03", "2021-03"), ("2021", "2021"), ("2021-3", "2021-03"),
     ("2021-03-15T08:00:00Z", "2021-03-15"), ("2021-03-15 00:00:00", "2021-03-15"),
     ("15 Mar 2024", "2024-03-15"), ("March 2021", "2021-03"), ("Mar 5, 2021", "2021-03-05"),
     ("03/2021", "2021-03"), ("03/15/2021", "2021-03-15"), ("15.03.2021", "2021-03-15"),
     ("04/04/2021", "2021-04-04"), ("03/04/2021", "2021-04-03"),
     ("", None), ("45000", "2023-03-15"),
     ("0000", None)],
)  # fmt: skip
def test_a_start_is_as_exact_as_its_cell(cell: str, start: str | None) -> None:
    assert read_start(cell) == start


@pytest.mark.parametrize(
    "cell", ["soon", "2021-13", "31.02.2021", "99999", "Foo 2021", "Marketing 2021"]
)
def test_no_date_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reason differs
        read_start(cell)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_iso_date_is_read_as_written(day: date) -> None:
    text = day.isoformat()
    assert [read_start(text[:length]) for length in (10, 7, 4)] == [text, text[:7], text[:4]]
    assert read_start(f"{day.day} {day:%b} {day.year}") == text


@given(st.text())
def test_a_start_is_a_prefix_of_a_date_or_nothing(cell: str) -> None:
    try:
        start = read_start(cell)
    except ValueError:
        return
    assert start is None or date.fromisoformat(start + "2000-01-01"[len(start) :])


def test_a_duration_counts_back_from_the_export() -> None:
    assert read_start_from_duration("2 years 3 months", "2026-06-30T10:00:00Z") == "2024-03"
    assert read_start_from_duration("1 year", "2026-06-30") == "2025-06"
    assert read_start_from_duration("6 months in role", "2026-03-01") == "2025-09"
    assert read_start_from_duration("a while", "2026-03-01") is None
    assert read_start_from_duration("1 year", "lately") is None


@pytest.mark.parametrize(
    ("cell", "email"),
    [("Ann.Lee@Example.COM", "Ann.Lee@example.com"), (" a@b.example ", "a@b.example"),
     ("email_not_unlocked@domain.com", None), ("a***@example.com", None), ("true", None),
     ("N/A", None), ("mailto:a@b.example", "a@b.example"),
     ("ö@müller.example", "ö@müller.example")],
)  # fmt: skip
def test_an_email(cell: str, email: str | None) -> None:
    assert read_email(cell) == email


@pytest.mark.parametrize("cell", ["ann", "ann@", "@example.com", "a b@example.com", "a@example"])
def test_no_email_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not an email"):
        read_email(cell)


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,20}@[A-Za-z0-9]{1,10}\.example", fullmatch=True))
def test_an_email_keeps_the_case_of_its_local_part(address: str) -> None:
    read = read_email(address)
    if read is not None:
        assert read.split("@") == [address.split("@")[0], address.split("@")[1].lower()]
        assert read_email(read) == read


@pytest.mark.parametrize(
    ("cell", "phones"),
    [("+44 (0)20 7946 0123", [Phone("+442079460123", None)]),
     ("'+1 (202) 555-0112", [Phone("+12025550112", None)]),
     ("0049 30 23125123", [Phone("+493023125123", None)]),
     ("030 23125123", [Phone("030 23125123", "not_e164")]),
     ("202-555-0112", [Phone("202-555-0112", "not_e164")]),
     ("1.20256E+11", [Phone("1.20256E+11", "damaged")]),
     ("1,20256E+11", [Phone("1,20256E+11", "damaged")]),
     ("+442079460123; +12025550112", [Phone("+442079460123", None), Phone("+12025550112", None)]),
     ("+12025550112 ext. 9", [Phone("+12025550112 ext. 9", "not_e164")]),
     ("-", []), ("on request", [])],
)  # fmt: skip
def test_phones(cell: str, phones: list[Phone]) -> None:
    assert read_phones(cell) == phones


@given(st.from_regex(r"\+[1-9][0-9]{7,13}", fullmatch=True), st.sampled_from([" ", "-", ".", ") "]))
def test_a_phone_is_the_same_however_it_is_grouped(number: str, gap: str) -> None:
    assert read_phones(number[:3] + gap + number[3:6] + gap + number[6:]) == [Phone(number, None)]


def test_linkedin_links() -> None:
    opaque = "ACwAAB12345abcdeFGHIJ"
    assert read_profile("https://www.linkedin.com/in/Ann-Lee-12/?x=1") == ("ann-lee-12", None)
    assert read_profile("https://de.linkedin.com/in/j%C3%BCrgen") == ("jürgen", None)
    assert read_profile(f"https://www.linkedin.com/in/{opaque}") == (None, opaque)
    assert read_profile(f"https://www.linkedin.com/sales/lead/{opaque},NAME_SEARCH,x") == (
        None,
        opaque,
    )
    assert read_profile("https://example.com/in/ann") == (None, None)
    assert read_company_page("https://www.linkedin.com/company/Acme-Co/about") == "acme-co"
    assert read_company_page("https://www.linkedin.com/sales/company/1234") == "1234"
    assert read_company_page("1234") == "1234"
    assert read_company_page("Acme") is None


@given(
    st.lists(st.from_regex(r"[a-z]{2,8}[0-9]", fullmatch=True)), st.sampled_from([";", ",", "; "])
)
def test_values_split_at_their_separator(values: list[str], separator: str) -> None:
    assert split_values(separator.join(values)) == values
