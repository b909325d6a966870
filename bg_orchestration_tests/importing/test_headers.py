"""Which column is what, for each tool's own headers."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.importing.headers import (
    KINDS,
    FileError,
    field_names,
    fold_header,
    load_aliases,
    match_columns,
)

ALIASES = load_aliases()


def test_no_header_means_two_fields() -> None:
    for kind in KINDS:
        listed = [name for names in ALIASES.fields[kind].values() for name in names]
        assert [name for name, count in Counter(listed).items() if count > 1] == []
        assert not ALIASES.unused & set(listed)
        assert all(listed)


@given(st.text())
def test_folding_twice_changes_nothing(header: str) -> None:
    assert fold_header(fold_header(header)) == fold_header(header)


def test_headers_match_without_case_spaces_and_marks() -> None:
    assert fold_header("Person Linkedin Url") == fold_header("personLinkedInUrl")
    assert fold_header("person_linkedin_url") == fold_header("Person  LINKEDIN-URL")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("id,name,title,company_id,company", "people"),
        ("person_id,name,department,company_id", "people"),
        ("name,company", "people"),
        ("id,name,domain,employee_count,industry,country", "companies"),
        ("company_id,name", "companies"),
        ("Company Name,Website,# Employees,Company Linkedin Url,Apollo Account Id", "companies"),
        (
            "Record ID,Company name,Company Domain Name,Phone Number,LinkedIn Company Page",
            "companies",
        ),
        ("First Name,Last Name,Company", "people"),
        ("Company Name,Company Domain,Company Employee Exact Count,Matches Filters", "companies"),
    ],
)
def test_the_columns_tell_the_kind(header: str, kind: str) -> None:
    assert match_columns(header.split(","), ALIASES).kind == kind


def test_the_preferred_column_goes_first_wherever_it_stands() -> None:
    header = ["Company Name for Emails", "Company Name", "First Name", "Linkedin URL Unique ID",
              "Linkedin URL Public"]  # fmt: skip
    names = match_columns(header, ALIASES).names()
    assert names["company"] == ["Company Name", "Company Name for Emails"]
    assert names["linkedin_url"] == ["Linkedin URL Public", "Linkedin URL Unique ID"]


def test_every_column_of_a_repeated_header_counts_and_is_reported() -> None:
    columns = match_columns(["name", "Website", "title", "website"], ALIASES)
    assert columns.fields["domain"] == (1, 3)
    assert columns.repeated == ("website",)


def test_what_means_nothing_is_listed_and_what_is_of_no_use_is_not() -> None:
    columns = match_columns(["First Name", "Shoe Size", "Seniority", ""], ALIASES)
    assert columns.unmatched == ("Shoe Size",)


def test_the_users_word_goes_before_every_alias() -> None:
    header = ["Name", "Title", "Rolle", "Company"]
    columns = match_columns(header, ALIASES, settled={"title": "rolle"})
    assert columns.names()["title"] == ["Rolle"]
    assert columns.unmatched == ("Title",)
    with pytest.raises(FileError, match=r"no column is called 'Role'.*Name, Title, Rolle, Company"):
        match_columns(header, ALIASES, settled={"title": "Role"})


def test_a_tools_own_header_gives_its_meaning_to_others() -> None:
    plain = match_columns(["firstName", "title", "companyId"], ALIASES)
    phantom = match_columns(["vmid", "firstName", "title", "companyId"], ALIASES)
    assert plain.names()["company_id"] == ["companyId"]
    assert phantom.names()["company_id@linkedin"] == ["companyId"]
    assert "company_id" not in phantom.fields


def test_users_may_add_headers_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "headers.yaml"
    own.write_text("people:\n  title: [Berufsbezeichnung]\n  person_id@crm: CRM-Nr\n", "utf-8")
    aliases = load_aliases(own)
    names = match_columns(["Title", "Berufsbezeichnung", "CRM Nr", "Company"], aliases).names()
    assert names["title"] == ["Berufsbezeichnung", "Title"]
    assert names["person_id@crm"] == ["CRM Nr"]
    own.write_text("- title", "utf-8")
    with pytest.raises(FileError, match="is not a table of headers"):
        load_aliases(own)
    own.write_text("people: {title: [", "utf-8")
    with pytest.raises(FileError, match="is not a table of headers"):
        load_aliases(own)


def test_the_fields_that_can_be_settled_are_ours() -> None:
    assert {"name", "title", "company", "domain", "employee_count"} <= set(field_names())
    assert not [name for name in field_names() if "@" in name]
