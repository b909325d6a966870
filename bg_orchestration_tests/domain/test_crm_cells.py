"""Which values of a CRM are written: never one that a person set."""

from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.domain.crm_cells import (
    ROLES,
    LastWrite,
    RoleWords,
    Vocabulary,
    compare_values,
    join_values,
)

VALUES = st.sampled_from(("", "A", "B", "C"))
LAST = st.none() | st.builds(LastWrite, VALUES, st.none() | VALUES)
VOCABULARY = Vocabulary(
    {"decision": "DECISION_MAKER", "champion": "CHAMPION", "stakeholder": "INFLUENCER"}
)


@given(VALUES, VALUES, LAST)
def test_only_our_own_value_or_an_empty_cell_is_written(
    wanted: str, current: str, last: LastWrite | None
) -> None:
    found = compare_values(wanted, current, last)
    assert (found == "same") == (current == wanted)
    if found in ("write", "undone"):
        assert current == (last.value if last else "")
    if found == "undone":
        assert last is not None
        assert last.undone == wanted


@given(VALUES, VALUES, LAST)
def test_a_written_value_is_right_afterwards(
    wanted: str, current: str, last: LastWrite | None
) -> None:
    if compare_values(wanted, current, last) == "write":
        assert compare_values(wanted, wanted, LastWrite(wanted)) == "same"
        back = LastWrite(current, wanted)
        assert compare_values(wanted, current, back) == "undone", "an undo holds"


def test_roles_are_written_and_read_in_the_words_of_the_crm() -> None:
    assert VOCABULARY.strongest({"stakeholder", "decision"}) == "DECISION_MAKER"
    assert VOCABULARY.strongest({"introducer"}) == "", "a role without a word is not written"
    assert VOCABULARY.joined(ROLES) == "CHAMPION;DECISION_MAKER;INFLUENCER"
    assert join_values(["INFLUENCER", " CHAMPION", ""]) == "CHAMPION;INFLUENCER"
    words = RoleWords({"champion": ("Champion", "Executive Sponsor")}, {"Buyer": "decision"})
    assert [words.ours(value) for value in ("Champion", "Executive Sponsor", "Buyer", "Odd")] == [
        "champion",
        "champion",
        "decision",
        None,
    ]
