"""The grammar of company ids, and ids and folded names made from what people write."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bg_orchestration.domain.company_ids import company_id_of, fold_name, is_company_id

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ALPHABET = LETTERS + "_:-."


def by_hand(text: str) -> bool:
    """The grammar as its one sentence says it, without an expression."""
    return (
        1 <= len(text) <= 128
        and all(character in ALPHABET for character in text)
        and text[0] in LETTERS
        and ".." not in text
        and not text.endswith(".")
    )


@given(st.text(alphabet=ALPHABET, max_size=12) | st.text(max_size=6))
@example("a" * 128)
@example("a" * 129)
@example("a" * 127 + ".")
@example("a.b...c")
@example("a:b-c_d.e")
@example("٣")
def test_is_exactly_the_grammar(text: str) -> None:
    assert is_company_id(text) is by_hand(text)


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\u2028", " ", ",", "/", "\\", "\x00", "é", "..."])
def test_no_mark_that_breaks_a_path_a_range_or_a_backfill_gets_in(mark: str) -> None:
    assert is_company_id("acme")
    assert not is_company_id(f"acme{mark}")
    assert not is_company_id(f"{mark}acme")
    assert not is_company_id(f"ac{mark}me")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Example GmbH", "example-gmbh"),
        ("example.com", "example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("Café Müller & Söhne", "cafe-muller-sohne"),
        ("Acme, Inc.", "acme-inc"),
        ("Yahoo!", "yahoo"),
        ("...dots..everywhere...", "dotseverywhere"),
        ("a . b", "a-b"),
        (" 3M ", "3m"),
        ("x" * 200, "x" * 128),
        ("x" * 127 + ".y", "x" * 127),
    ],
)
def test_makes_an_id_from_a_name(name: str, made: str) -> None:
    assert company_id_of(name) == made


@pytest.mark.parametrize("name", ["", "   ", "...", "株式会社", "!?"])
def test_says_so_when_a_name_gives_no_id(name: str) -> None:
    with pytest.raises(ValueError, match="no company id can be made from"):
        company_id_of(name)


@given(st.text(max_size=200) | st.text(alphabet="ab .-_,", max_size=12))
def test_what_is_made_is_an_id_and_makes_itself_again(name: str) -> None:
    try:
        made = company_id_of(name)
    except ValueError:
        assume(False)
    assert is_company_id(made)
    assert company_id_of(made) == made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme, Inc.", "ACME INC"),
        ("Café Müller", "cafe muller"),
        ("Straßen-Bau", "STRASSENBAU"),
        ("\uff21\uff23\uff2d\uff25", "acme"),
    ],
)
def test_names_that_mean_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_other_names_fold_to_others() -> None:
    assert fold_name("Acme 2") != fold_name("Acme 3")
    assert fold_name("株式会社") == "株式会社"


@pytest.mark.parametrize(
    "spelling", ["Example", "EXAMPLE, Inc.", "Exämple S.p.A.", "example co ltd", "Example GmbH"]
)
def test_names_are_compared_without_their_legal_form(spelling: str) -> None:
    assert fold_name(spelling) == "example"


def test_a_name_of_nothing_but_legal_forms_stays_one() -> None:
    assert fold_name("SE") == "se"
    assert fold_name("Co. AG") == "co"
