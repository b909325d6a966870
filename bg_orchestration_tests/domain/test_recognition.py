from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.recognition import ListedPerson, StoredPerson, match_listed

NAMES = ["Ada Example", "Bo Example", "Ada-Example", "Cy Ö", ""]
SLUGS = st.none() | st.sampled_from(["ada", "bo", "cy"])
EMAILS = st.frozensets(st.sampled_from(["a@x.example", "b@x.example"]), max_size=2)
LISTED = st.lists(
    st.builds(ListedPerson, st.sampled_from("123456"), st.sampled_from(NAMES), SLUGS, EMAILS),
    max_size=5,
    unique_by=lambda one: one.source_id,
)
KNOWN = st.lists(
    st.builds(
        StoredPerson,
        st.sampled_from(["p1", "p2", "p3", "p4"]),
        st.sampled_from(NAMES),
        SLUGS,
        EMAILS,
        st.frozensets(st.sampled_from("123456"), max_size=1),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.person_id,
)


@given(LISTED, KNOWN)
def test_whoever_is_found_is_found_again(
    listed: list[ListedPerson], known: list[StoredPerson]
) -> None:
    found = match_listed(listed, known)
    noted = [
        replace(
            one,
            ids=one.ids | {source for source, person in found.items() if person == one.person_id},
        )
        for one in known
    ]
    again = match_listed(listed, noted)
    for source_id, person_id in found.items():
        assert again.get(source_id) == person_id or sum(source_id in one.ids for one in noted) > 1


@given(LISTED, KNOWN)
def test_nobody_with_another_profile_page_is_taken_for_somebody(
    listed: list[ListedPerson], known: list[StoredPerson]
) -> None:
    by_id = {one.person_id: one for one in known}
    for one in listed:
        person_id = match_listed(listed, known).get(one.source_id)
        if person_id is None or one.source_id in by_id[person_id].ids:
            continue
        assert one.slug is None or by_id[person_id].slug in (None, one.slug)


def test_the_order_of_trust() -> None:
    known = [
        StoredPerson("by-id", "Somebody Else", ids=frozenset({"1"})),
        StoredPerson("by-page", "Ada Example", slug="ada"),
        StoredPerson("by-email", "Ada Example", emails=frozenset({"ada@x.example"})),
        StoredPerson("by-name", "Bo Example"),
        StoredPerson("elsewhere", "Cy Example", here=False),
    ]
    listed = [
        ListedPerson("1", "Ada Example", "ada", frozenset({"ada@x.example"})),
        ListedPerson("2", "A. Example", "ada", frozenset({"ada@x.example"})),
        ListedPerson("3", "A. Example", None, frozenset({"ada@x.example"})),
        ListedPerson("4", "BO EXAMPLE"),
        ListedPerson("5", "Cy Example"),
    ]
    assert match_listed(listed, known) == {
        "1": "by-id",
        "2": "by-page",
        "3": "by-email",
        "4": "by-name",
    }


def test_a_name_that_two_have_and_a_shared_address_mean_nobody() -> None:
    office = frozenset({"office@x.example"})
    known = [
        StoredPerson("p1", "Ada Example", emails=office),
        StoredPerson("p2", "Bo Example", emails=office),
    ]
    listed = [
        ListedPerson("1", "Ada Example"),
        ListedPerson("2", "ADA EXAMPLE"),
        ListedPerson("3", "Cy", None, office),
    ]
    assert match_listed(listed, known) == {}
