"""Profiles from files: every fault at once, with file, line, field and what to do."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bg_orchestration.profiles import ProfileError, load_policy, load_profile, load_profiles

EXAMPLES = ("education", "finance", "hr", "sales", "security")


def faults(folder: Path, text: str) -> list[str]:
    """What is said of a file that holds `text`, without the folder."""
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as raised:
        load_profile(path)
    assert str(raised.value) == "\n".join(map(str, raised.value.faults))
    return [line.removeprefix(f"{folder}/") for line in str(raised.value).splitlines()]


def test_all_faults_are_told_at_once_each_in_its_line(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        "id: mine\n"
        "category: securty\n"
        "deal_size_usd: 50k\n"
        "required_roles: [decision, chmpion]\n"
        "colour: red\n"
        "weights:\n"
        "  senority: 0.5\n"
        "  function: -1\n",
    )
    assert [line.split(": ")[:2] for line in found] == [
        ["mine.yaml:2", "category"],
        ["mine.yaml:3", "deal_size_usd"],
        ["mine.yaml:4", "required_roles.1"],
        ["mine.yaml:5", "colour"],
        ["mine.yaml:7", "weights.senority"],
        ["mine.yaml:8", "weights.function"],
    ]
    assert "Did you mean 'security'? Known: crm, data" in found[0]
    assert found[1].endswith("'50k' is no number; write 50000")
    assert "Did you mean 'champion'? Allowed: decision, champion" in found[2]
    assert "There are: id, category" in found[3]
    assert "Did you mean 'seniority'?" in found[4]
    assert found[5].endswith("must be greater than or equal to 0, not -1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("target_departments: [sales, enginering]", "Did you mean 'engineering'?"),
        ("target_departments: sales", "target_departments: must be a list; write [sales]"),
        ("target_departments: []", "names no function; leave it out"),
        ("target_departments: [hr, hr]", "names one of its values twice"),
        ("deal_size_usd: $50,000", "write 50000"),
        ("deal_size_usd: 1.5 m", "write 1500000"),
        ("deal_size_usd: a lot", "write digits alone, such as 50000"),
        ("deal_size_usd: 0", "must be greater than 0, not 0"),
        ("name: 2024", "must be text, but YAML reads 2024 here; put it in quotes"),
        ("name:", "name: is empty; give it a value, or leave the line out"),
        ("countries: [DE, NO]", "YAML reads False here; put it in quotes"),
        ("weights: heavy", "weights: must hold fields, not 'heavy'. There are: seniority"),
        ("weights: {seniority: 0, function: 0, influence: 0}", "must be above 0"),
    ],
)
def test_a_fault_says_what_to_do(tmp_path: Path, line: str, said: str) -> None:
    (found,) = faults(tmp_path, f"id: mine\ncategory: crm\n{line}\n")
    assert found.startswith("mine.yaml:3: ")
    assert said in found


@pytest.mark.parametrize("category", ["legal", "Cybersecurity", "HR tech"])
def test_a_category_in_other_words_needs_no_more_in_a_file(tmp_path: Path, category: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"id: mine\ncategory: {category}\n", encoding="utf-8")
    assert load_profile(path).category == category.lower()


def test_a_key_stands_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path, "id: a\ncategory: hr\nid: b\nweights:\n  seniority: 1\n  seniority: 2\n"
    )
    assert found == [
        "mine.yaml:3: id: stands twice, in lines 1 and 3; keep one",
        "mine.yaml:6: weights.seniority: stands twice, in lines 5 and 6; keep one",
    ]


def test_merged_keys_do_not_stand_twice(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: a\ncategory: hr\nweights:\n  <<: {seniority: 1, function: 2}\n  seniority: 3\n"
    )
    assert load_profile(path).weights.seniority == 3
    assert load_profile(path).weights.function == 2


def test_required_fields_are_asked_for(tmp_path: Path) -> None:
    found = faults(tmp_path, "# nothing but a name\nname: Mine\n")
    assert [line.split(": ")[:3] for line in found] == [
        ["mine.yaml:2", "id", "Field required"],
        ["mine.yaml:2", "category", "Field required"],
    ]


@pytest.mark.parametrize(
    "text",
    ["id: a\n\tcategory: hr\n", "id: [", "id: 2024-13-45\n", "- a\n", "", "id: a\n---\nid: b"],
)
def test_what_is_no_yaml_of_fields_is_refused(tmp_path: Path, text: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.startswith("mine.yaml")


def test_tabs_are_called_tabs(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "id: a\nweights:\n\tseniority: 1\n")
    assert found.startswith("mine.yaml:3: not YAML")
    assert "indent with spaces" in found


@given(st.text(alphabet=st.sampled_from("idcategory:- \n\t[]{}&*<!#'\"?|>%@0.~é\x00"), max_size=60))
def test_any_text_is_a_profile_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8")
    with suppress(ProfileError):  # anything else would be shown as a crash
        load_profile(path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_found_by_its_name(name: str) -> None:
    assert load_profile(Path(name)).id == name
    assert load_profile(Path(f"{name}.yaml")).id == name


def test_a_file_goes_before_an_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("security.yaml").write_text("id: ours\ncategory: security\n")
    assert load_profile(Path("security.yaml")).id == "ours"


@pytest.mark.parametrize("path", ["none.yaml", "elsewhere/security.yaml", "policy", "."])
def test_what_is_no_file_is_said_so(path: str) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(Path(path))


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_policy() is load_policy()
    monkeypatch.setattr("bg_orchestration.profiles.yaml_reader._SETTLED_NS", -1)
    (tmp_path / "mine.yaml").write_text("id: mine\ncategory: crm\n")
    [first] = load_profiles(tmp_path)
    [again] = load_profiles(tmp_path)
    assert again is first


def test_a_changed_folder_is_seen_at_once(tmp_path: Path) -> None:
    hour_ago = time.time_ns() - 3_600 * 10**9
    file = tmp_path / "mine.yaml"
    for number, category in enumerate(("crm", "hr ", "crm")):
        # As a copy that keeps size and time stamp: the change that is hardest to see.
        file.write_text(f"id: mine\ncategory: {category}\n")
        os.utime(file, ns=(hour_ago, hour_ago))
        (tmp_path / f"other{number}.yaml").write_text(f"id: other{number}\ncategory: hr\n")
        found = load_profiles(tmp_path)
        assert found[0].category == category.strip()
        assert len(found) == 2 + number
