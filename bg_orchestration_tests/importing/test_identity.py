"""Who is who across files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.importing.identity import (
    CompanyIndex,
    CompanyKeys,
    person_id_of,
)
from bg_orchestration.store.companies import CompanyIdentity

ACME = CompanyIdentity("acme-co", "acme.example", "acme")


def test_the_most_trusted_key_makes_the_id() -> None:
    index = CompanyIndex([])
    keys = {"domain": "a.example", "page": "a-page", "provider_id": "apollo-1", "name": "A & Co"}
    made = []
    for drop in (None, "domain", "page", "provider_id"):
        keys.pop(drop or "", None)
        made.append(CompanyIndex([]).resolve(CompanyKeys(**keys)))
    assert made == ["a.example", "li-a-page", "apollo-1", "a-co"]
    assert index.resolve(CompanyKeys("own:1", **keys)) == "own:1"


def test_a_known_company_is_recognized_by_domain_then_by_name() -> None:
    index = CompanyIndex([ACME])
    assert index.resolve(CompanyKeys(domain="acme.example", name="Other")) == "acme-co"
    assert index.resolve(CompanyKeys(name="ACME")) == "acme-co"
    assert index.resolve(CompanyKeys(page="acme", name="Acme")) == "acme-co"


def test_a_name_never_joins_companies_of_different_domains() -> None:
    index = CompanyIndex([ACME])
    assert index.resolve(CompanyKeys(domain="acme.test", name="Acme")) == "acme.test"
    with pytest.raises(ValueError, match=r"2 companies are called 'Acme'.*company_id or domain"):
        index.resolve(CompanyKeys(name="Acme"))
    assert index.resolve(CompanyKeys(provider_id="hubspot-7", name="Acme")) == "hubspot-7"


def test_an_id_of_the_files_own_is_taken_at_its_word() -> None:
    index = CompanyIndex([ACME])
    assert index.resolve(CompanyKeys("acme-us", domain="acme.example", name="Acme")) == "acme-us"
    assert index.resolve(CompanyKeys("no, id", domain="acme.example")) == "acme-co"
    with pytest.raises(ValueError, match="company_id 'no, id' is none"):
        index.resolve(CompanyKeys("no, id"))
    with pytest.raises(ValueError, match="no company"):
        index.resolve(CompanyKeys())


def test_a_domain_learned_on_the_way_is_known_from_then_on() -> None:
    index = CompanyIndex([CompanyIdentity("beta", None, "beta")])
    assert index.resolve(CompanyKeys(domain="beta.example", name="Beta")) == "beta"
    assert index.resolve(CompanyKeys(domain="beta.example", name="Beta Holding")) == "beta"


@pytest.mark.parametrize(
    "keys",
    [
        CompanyKeys("old.example"),
        CompanyKeys("old.example", domain="other.example"),
        CompanyKeys(domain="old.example"),
        CompanyKeys(domain="brand.example", name="Brand"),
        CompanyKeys(name="Brand"),
        CompanyKeys(page="brand", name="Brand"),
    ],
)
def test_each_key_of_a_merged_company_means_the_company_that_stayed(keys: CompanyKeys) -> None:
    merged = CompanyIdentity("old.example", "brand.example", "brand", merged_into="acme-co")
    assert CompanyIndex([merged, ACME]).resolve(keys) == "acme-co"
    # A company that was not merged is nearer to its own domain.
    own = CompanyIdentity("brand-us", "brand.example", "brand us")
    index = CompanyIndex([merged, ACME, own])
    assert index.resolve(CompanyKeys(domain="brand.example")) == "brand-us"


def test_companies_without_a_name_are_not_one() -> None:
    index = CompanyIndex([CompanyIdentity("signs", None, "")])
    assert index.resolve(CompanyKeys(page="one")) == "li-one"
    assert index.resolve(CompanyKeys(domain="two.example", name="!!!")) == "two.example"


def test_letters_that_an_id_lacks_do_not_join_companies() -> None:
    index = CompanyIndex([])
    bank = index.resolve(CompanyKeys(name="Bank"))
    other = index.resolve(CompanyKeys(name="日本 Bank"))
    alone = index.resolve(CompanyKeys(name="日本"))
    assert len({bank, other, alone}) == 3
    assert index.resolve(CompanyKeys(name="日本 BANK")) == other
    assert all(map(is_company_id, (bank, other, alone)))


@given(
    st.lists(
        st.builds(
            CompanyKeys,
            company_id=st.none() | st.text(max_size=5),
            domain=st.none() | st.sampled_from(["a.example", "b.example"]),
            page=st.none() | st.text(min_size=1, max_size=200),
            provider_id=st.none() | st.text(max_size=5).map("apollo-{}".format),
            name=st.none() | st.text(max_size=200),
        ),
        max_size=12,
    )
)
def test_every_id_can_be_one_and_the_same_rows_give_the_same_ids(rows: list[CompanyKeys]) -> None:
    def resolved(index: CompanyIndex) -> list[str]:
        ids = []
        for keys in rows:
            try:
                ids.append(index.resolve(keys))
            except ValueError as error:
                ids.append(f"! {error}")
        return ids

    first = resolved(CompanyIndex([]))
    assert all(is_company_id(one) for one in first if not one.startswith("!"))
    assert resolved(CompanyIndex([])) == first


def person(**keys: str | None) -> str:
    told: dict[str, str | None] = dict.fromkeys(("person_id", "slug", "provider_id", "email"))
    return person_id_of(**told | keys, name="Ann Lee", company_id="acme")  # type: ignore[arg-type]


def test_the_most_trusted_key_makes_the_persons_id() -> None:
    every = {"person_id": "7", "slug": "ann-lee", "provider_id": "apollo-5", "email": "A@x.example"}
    assert person(**every) == "7"
    assert person(**every | {"person_id": None}) == "li-ann-lee"
    assert person(provider_id="apollo-5", email="a@x.example") == "apollo-5"
    assert person(email="A@x.example") == person(email="a@x.example")
    assert person(email="A@x.example") != person(email="b@x.example")
    assert person().startswith("name-")
    with pytest.raises(ValueError, match="longer than 255"):
        person(person_id="x" * 256)


def test_a_name_means_somebody_else_at_another_company() -> None:
    keys = {"person_id": None, "slug": None, "provider_id": None, "email": None}
    here = person_id_of(**keys, name="Ann Lee", company_id="acme")
    assert person_id_of(**keys, name="ANN  LEE", company_id="acme") == here
    assert person_id_of(**keys, name="Ann Lee", company_id="beta") != here
