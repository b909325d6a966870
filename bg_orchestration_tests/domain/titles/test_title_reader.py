import csv
import string
import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.evaluate import (
    DATA,
    FRESH,
    FRESH_2,
    FRESH_HELD_OUT,
    LABELS,
    SET_ASIDE,
    UNSEEN,
    held_out,
    missed,
    missed_languages,
    ours,
    pairs_of,
    rows_of,
)
from benchmarks.evaluate import accuracy as share_right
from bg_orchestration.domain.model import Trait
from bg_orchestration.domain.titles.title_reader import TitleReading, read_title

SENIORITIES = set(LABELS["seniority"])
FUNCTIONS = set(LABELS["function"])
DEV = rows_of(DATA / "titles_dev.csv")
OCCUPATIONS = rows_of(DATA / "titles_by_occupation.csv")


def rules() -> list[dict[str, str]]:
    with (DATA / "titles_by_rule.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def accuracy(rows: Iterable[dict[str, str]], axis: str) -> float:
    return share_right(pairs_of(list(rows), axis, ours))


def test_labelled_titles_are_read() -> None:
    assert len(DEV) == 1406
    assert accuracy(DEV, "seniority") >= 0.99
    assert accuracy(DEV, "function") >= 0.98


def test_titles_set_aside_are_read() -> None:
    rows = [row for row in DEV if held_out(row["title"])]
    assert len(rows) == 398
    assert list(missed(rows)) == []
    assert accuracy(rows, "seniority") >= 0.98
    assert accuracy(rows, "function") >= 0.95


def test_titles_that_nothing_was_tuned_on_are_read() -> None:
    rows = rows_of(DATA / UNSEEN)
    assert len(rows) == 450
    assert list(missed(rows)) == []


def test_titles_of_a_later_check_are_read_and_stand_in_no_other_file() -> None:
    rows = rows_of(DATA / SET_ASIDE)
    assert len(rows) == 127
    assert list(missed(rows)) == []
    others = {row["title"].casefold() for row in DEV + OCCUPATIONS + rows_of(DATA / UNSEEN)}
    assert not others.intersection(row["title"].casefold() for row in rows)


def test_fresh_titles_are_read_in_every_language_and_stand_in_no_other_file() -> None:
    fresh = {name: rows_of(DATA / name) for name in (FRESH, FRESH_HELD_OUT, FRESH_2)}
    assert [len(rows) for rows in fresh.values()] == [259, 158, 164]
    for name in (FRESH_HELD_OUT, FRESH_2):
        assert list(missed(fresh[name])) == []
    unseen = [rows_of(DATA / name) for name in (UNSEEN, SET_ASIDE)]
    together = [row for rows in (*unseen, *fresh.values()) for row in rows]
    assert list(missed_languages(together)) == []
    titles = [row["title"].casefold() for rows in fresh.values() for row in rows]
    assert len(titles) == len(set(titles))
    others = [row for rows in (DEV, OCCUPATIONS, *unseen) for row in rows]
    assert not {row["title"].casefold() for row in others}.intersection(titles)


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_no_language_is_left_behind(language: str) -> None:
    rows = [row for row in DEV if row["language"] == language]
    assert accuracy(rows, "seniority") >= 0.97
    assert accuracy(rows, "function") >= 0.95


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt", "mixed"])
def test_occupations_of_each_language_are_read(language: str) -> None:
    rows = [row for row in OCCUPATIONS if row["language"] == language]
    assert accuracy(rows, "seniority") >= 0.99
    assert accuracy(rows, "function") >= 0.98


@pytest.mark.parametrize("row", rules(), ids=lambda row: row["title"])
def test_the_rules_of_the_taxonomy(row: dict[str, str]) -> None:
    reading = read_title(row["title"])
    assert row["seniority"] in ("", reading.seniority)
    assert row["function"] in ("", reading.function)


@pytest.mark.parametrize("title", ["", "   ", "🎉🚀", "---", "|", ",,;", "@@"])
def test_a_title_without_words_is_read_with_no_confidence(title: str) -> None:
    silent = frozenset[Trait]({"silent"})
    assert read_title(title) == TitleReading("individual", "other", 0.0, traits=silent)


def test_confidence_grows_with_what_is_said() -> None:
    unknown, rank, function, both = (
        read_title(title).confidence for title in ("Xyzzy", "Director", "Sales", "Sales Director")
    )
    assert 0 < unknown < rank < function < both == 1


def test_a_rank_is_a_whole_word() -> None:
    assert read_title("Director").seniority == "director"
    assert read_title("Rector's Directory Service").seniority != "c_suite"
    assert read_title("Internal Communications").seniority == "individual"
    assert read_title("Victoria Ctoson").seniority == "individual"
    assert read_title("Vice President").seniority == "vp"


def test_the_department_helps_only_where_the_title_is_silent() -> None:
    assert read_title("Manager", "Sales").function == "sales"
    assert read_title("Director", "Personalabteilung").function == "hr"
    assert read_title("", "Legal").function == "legal"
    assert read_title("Sales Director", "Engineering").function == "sales"
    assert read_title("Manager", "🎉").function == "other"
    assert read_title("CEO", "Operations").function == "executive"


@pytest.mark.parametrize(
    "title",
    [
        "Former CFO, now Advisor",
        "Former CFO now Advisor",
        "ex-CEO",
        "Ex-Directora general",
        "Retired CEO",
        "CEO (retired)",
        "CFO, retired",
        "Ehemaliger Geschäftsführer",
        "Geschäftsführer a. D.",
        "Geschäftsführer i.R.",
        "Ancien PDG",
        "Directeur retraité",
        "Oud-directeur",
        "Antigo diretor",
        "Previously CTO at Acme",
    ],
)
def test_an_earlier_job_states_no_rank(title: str) -> None:
    assert read_title(title).seniority == "individual"


@pytest.mark.parametrize("earlier", ["ex-CEO", "former Founder", "retired Chairman"])
def test_the_present_job_counts(earlier: str) -> None:
    for title in (f"Sales Director, {earlier}", f"{earlier}, now Sales Director"):
        assert read_title(title).seniority == "director"
        assert read_title(title).function == "sales"


@pytest.mark.parametrize("word", ["Interim", "Acting", "Fractional", "Kommissarischer"])
def test_a_stand_in_has_the_full_rank(word: str) -> None:
    assert read_title(f"{word} CFO") == TitleReading("c_suite", "finance", 1.0, "c_suite")


def test_a_deputy_counts_one_rank_lower() -> None:
    deputy = read_title("Deputy CFO")
    assert (deputy.seniority, deputy.rank, deputy.traits) == ("c_suite", "vp", {"deputy"})


@pytest.mark.parametrize(
    "title",
    [
        "x" * 10_000,
        "Director " * 1_250,
        "مدير المبيعات",
        "מנהל מכירות",
        "\x00\x1b[31m\x07",
        "\ud83d",
    ],
    ids=["a word", "a text", "Arabic", "Hebrew", "control characters", "half an emoji"],
)
def test_what_is_no_title_we_know_is_read_with_low_confidence(title: str) -> None:
    reading = read_title(title)
    assert (reading.seniority, reading.function) == ("individual", "other")
    assert reading.confidence <= 0.2


@given(st.text(max_size=400), st.none() | st.text(max_size=50))
def test_any_text_is_read_alike_each_time(title: str, department: str | None) -> None:
    reading = read_title(title, department)
    assert reading == read_title.__wrapped__(title, department)
    assert reading.seniority in SENIORITIES
    assert reading.function in FUNCTIONS
    assert 0 <= reading.confidence <= 1


RANKED = ["Director of Sales", "VP Marketing", "CFO", "Leiter Einkauf", "Senior Recruiter"]


@given(st.sampled_from(RANKED), st.sampled_from(["upper", "lower", "title"]))
def test_case_and_space_and_decoration_do_not_matter(title: str, case: str) -> None:
    changed = f"  👋 {getattr(title, case)()} 🎉 "
    assert read_title(changed) == read_title(title)


@given(st.text(string.ascii_lowercase, min_size=1, max_size=6))
def test_glued_letters_make_another_word(letters: str) -> None:
    glued = read_title(f"qx{letters}cto{letters}xq")
    assert glued.seniority not in ("c_suite", "owner", "vp")


PIECES = [
    "a ", "a", "director ", "chief ", "(m/", "(((", ")(", "V.", "C.F.", "  at", "'s ", "assistant ",
    "assistant to the ", "office of ", "of of ", "of the ", "former ", "retired, ", "-", " - ", "|",
    "/", "@", "&", "ﷺ", "ü", "\u202e", "\x00", "👩‍💻", "lehr ", "dozent ", "staff ", "graduate ",
]  # fmt: skip


@settings(max_examples=100)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from([900, 10_000]))
def test_a_hostile_title_is_read_in_bounded_time(pieces: list[str], length: int) -> None:
    title = ("".join(pieces) * length)[:length]
    spent = []
    for _ in range(3):  # the best of them is the reading, the rest is what else the machine does
        began = time.process_time()
        read_title.__wrapped__(title)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.005


@pytest.mark.parametrize(
    "title",
    [
        "former: CFO",
        "CFO - former",
        "was CFO",
        "CFO (2010-2019)",
        "CFO until March 2020",
        "CFO fino al 2020",
        "DAF jusqu'en 2020",
        "CFO-to-be",
        "CFO in waiting",
        "CFO designate",
        "President-elect",
        "designierter CFO",
        "Aspirant CFO",
        "CEO Coach",
    ],
)
def test_an_office_that_is_over_or_awaited_is_no_office(title: str) -> None:
    reading = read_title(title)
    assert (reading.seniority, reading.rank) == ("individual", "individual")


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Head of CFO Programme", "director"),
        ("CFO Forum Director", "director"),
        ("CEO Club Manager", "manager"),
        ("Director, CEO Academy", "director"),
        # A rank beside the word, not in front of it.
        ("Managing Director Programme Management", "c_suite"),
        ("CFO, Programme Board", "c_suite"),
    ],
)
def test_a_rank_that_describes_a_programme_is_not_the_persons(title: str, seniority: str) -> None:
    assert read_title(title).seniority == seniority


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("CTO (Chief Transformation Officer)", "executive"),
        ("CDO (Chief Diversity Officer)", "hr"),
        ("Chief Diversity Officer (CDO)", "hr"),
        ("CDO, Chief Data Officer", "data"),
        ("CAO - Chief Accounting Officer", "finance"),
    ],
)
def test_what_is_spelled_out_beats_its_abbreviation(title: str, function: str) -> None:
    assert read_title(title).function == function


@pytest.mark.parametrize(
    "title",
    [
        "prev. CFO",
        "Retd. CFO",
        "Geschäftsführer bis 12/2020",
        "Vorstand außer Dienst",
        "Want-to-be CEO",
        "CEO in the making",
        "künftiger CFO",
        "Werdender CTO",
        "Looking for my next CFO role",
        "In search of a CFO position",
        "Interviewing for CFO",
        "CFO (seeking new opportunities)",
        "CFO | open to work",
        "CFO - looking for a new challenge",
        "CFO, in between jobs",
        "CFO seeking new opportunities",
        "Directeur financier en recherche de poste",
        "CFO in transition",
        "Finanzleiter, auf Jobsuche",
        "suche Position als CFO",
        "à la recherche d'un poste de directeur financier",
        "en busca de puesto de director financiero",
        "in cerca di un ruolo da direttore",
        "op zoek naar een functie als directeur",
        "à procura de vaga de diretor",
        "Hiring: CFO",
        'Author of "The CEO Handbook"',
        "Speechwriter to the CEO",
        "Driver of the CEO",
        "Chauffeur du CEO",
        "Fahrer des CEO",
        "Reports to CFO",
        "Working directly under the CTO",
        "Right hand of the CEO",
        "Friend of the founder",
        "CFO Consultant",
        "Consultant CFO services",
        "CEO Office Analyst",
    ],
)
def test_a_rank_that_the_person_seeks_serves_or_has_left_is_not_theirs(title: str) -> None:
    assert read_title(title).seniority not in {"owner", "c_suite", "vp", "director"}


@pytest.mark.parametrize(
    ("title", "seniority", "function"),
    [
        ("Ch. Exec. Officer", "c_suite", "executive"),
        ("Mg. Dir.", "c_suite", "executive"),
        ("Man. Dir.", "c_suite", "executive"),
        ("Jt. MD", "c_suite", "executive"),
        ("Sls Mgr", "manager", "sales"),
        ("Acctg Mgr", "manager", "finance"),
        ("Pers. Mgr.", "manager", "hr"),
        ("Group FD", "director", "finance"),
        ("Dir. Gén.", "c_suite", "executive"),
        ("Dir. Gral.", "c_suite", "executive"),
        ("Alg. dir.", "c_suite", "executive"),
        ("Dir. Geral", "c_suite", "executive"),
        ("Geschäftsf.", "c_suite", "executive"),
        ("Vertriebsltr.", "director", "sales"),
        ("Personalltg.", "director", "hr"),
        ("Gte. General", "c_suite", "executive"),
        ("Dtor. Financiero", "director", "finance"),
        ("Amm. Delegato", "c_suite", "executive"),
        ("RSSI", "director", "security"),
        ("RAF", "director", "finance"),
        ("DirCom", "director", "marketing"),
        ("Head of CFO Programme", "director", "operations"),
        ("Director of CEO Communications", "director", "marketing"),
        ("Chief of Staff to the CEO", "senior", "executive"),
        ("General Manager", "director", "executive"),
        ("Open Source Director", "director", "other"),
    ],
)
def test_abbreviated_words_are_read_in_full(title: str, seniority: str, function: str) -> None:
    reading = read_title(title)
    assert (reading.seniority, reading.function) == (seniority, function)


@pytest.mark.parametrize(
    ("title", "rank", "function", "traits"),
    [
        # Leaders of programmes for learners lead.
        ("Manager, Internship Program", "manager", "operations", set()),
        ("Responsable de prácticas", "manager", "other", set()),
        ("Internship Coordinator", "individual", "other", set()),
        # What a person oversees elsewhere is not their function.
        ("CFO & Board Member", "c_suite", "finance", set()),
        ("Founder, Investor", "owner", "executive", {"runs_company"}),
        ("Vice President Investor Relations", "vp", "finance", set()),
        # A security officer of IT guards no door.
        ("IT Security Officer", "individual", "security", set()),
        ("Security Officer", "individual", "other", {"front_line"}),
        # The deputy of an officer who is known by an abbreviation.
        ("DSI adjoint", "manager", "it", {"deputy"}),
        ("DAF adjointe", "manager", "finance", {"deputy"}),
    ],
)
def test_words_that_belong_to_others(
    title: str, rank: str, function: str, traits: set[str]
) -> None:
    reading = read_title(title)
    assert (reading.rank, reading.function, reading.traits) == (rank, function, traits)
