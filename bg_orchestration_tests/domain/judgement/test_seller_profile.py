from pathlib import Path

import pytest
from pydantic import ValidationError

from bg_orchestration.domain.judgement.categories import CATEGORIES, kind_of
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.profiles import ProfileError, load_profiles

EXAMPLES = Path(__file__).parents[3] / "bg_orchestration" / "profiles" / "examples"


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_one_profile_ships_and_sells_sales_software() -> None:
    (profile,) = load_profiles()
    assert (profile.id, profile.category) == ("default", "crm")
    assert profile.departments.owners[0] == "sales"


def test_the_examples_are_valid_and_sorted() -> None:
    ids = [profile.id for profile in load_profiles(EXAMPLES)]
    assert {"hr", "security"} <= set(ids)
    assert ids == sorted(ids)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_id_and_category_are_enough(category: str) -> None:
    profile = SellerProfile(id="a", category=category)
    assert profile.target_departments == CATEGORIES[category].users
    assert profile.deal_size_usd > 0
    assert profile.name == "a"
    assert not set(profile.departments.controls) & {
        profile.departments.owners[0],
        *profile.departments.users,
    }


def test_an_unknown_category_is_judged_by_its_departments() -> None:
    profile = SellerProfile(id="a", category="Drones", target_departments=("operations", "finance"))
    assert profile.category == "drones"
    assert profile.departments.owners == ("operations",)
    assert profile.departments.users == ("operations", "finance")
    assert "finance" not in profile.departments.controls
    with pytest.raises(ValidationError, match="target_departments must name a function"):
        SellerProfile(id="a", category="drones")


@pytest.mark.parametrize(
    ("category", "function"),
    [("legal", "legal"), ("Legal Tech", "legal"), ("logistics", "operations"), ("design", "design"),
     ("recruiting", "hr"), ("accounting", "finance"), ("customer support", "support")],
)  # fmt: skip
def test_a_category_that_names_a_department_needs_no_target(category: str, function: str) -> None:
    profile = SellerProfile(id="a", category=category)
    assert profile.departments.owners[0] == profile.departments.users[0] == function
    assert function not in profile.departments.controls


def test_a_word_for_a_known_category_is_judged_as_it_unless_targets_say_otherwise() -> None:
    security = SellerProfile(id="a", category="security")
    meant = SellerProfile(id="a", category="Cybersecurity")
    assert meant.kind == "security"
    assert (meant.departments, meant.deal_size_usd) == (security.departments, 75_000)
    other = SellerProfile(id="a", category="cybersecurity", target_departments=("legal",))
    assert other.departments.owners == ("legal",)


def test_departments_and_roles_are_understood_as_people_spell_them() -> None:
    profile = SellerProfile.model_validate(
        {
            "id": "a",
            "category": "crm",
            "target_departments": ["Sales", "Human Resources", "information technology", "R&D"],
            "required_roles": ["Decision Makers", "CHAMPION", "Blockers"],
        }
    )
    assert profile.target_departments == ("sales", "hr", "it", "engineering")
    assert profile.required_roles == ("decision", "champion", "blocker")


def test_users_that_a_profile_leaves_out_still_feel_the_change() -> None:
    security = SellerProfile(id="a", category="security", target_departments=("security",))
    assert security.departments.owners == ("security", "it", "engineering")
    assert "it" in security.departments.adjacent


def test_only_departments_that_a_profile_names_are_needed() -> None:
    assert SellerProfile(id="a", category="crm").named_targets == ()
    named = SellerProfile(id="a", category="hr", target_departments=("hr", "finance"))
    assert named.named_targets == ("hr", "finance")


def test_targets_bend_a_known_category() -> None:
    profile = SellerProfile(id="a", category="crm", target_departments=("customer_success",))
    assert profile.departments.owners == ("customer_success",)
    assert "sales" not in profile.departments.users


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "no spaces"),
        ("category", ""),
        ("deal_size_usd", 0),
        ("deal_size_usd", float("nan")),
        ("target_departments", ["xyzzy"]),
        ("target_departments", ["sales", "sales"]),
        ("required_roles", ["boss"]),
        ("weights", {"seniority": 0, "function": 0, "influence": 0}),
        ("weights", {"tenure": -1}),
        ("weights", {"height": 1}),
        ("countries", [""]),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        SellerProfile.model_validate({"id": "a", "category": "crm", field: value})
    assert raised.value.errors()[0]["loc"][0] == field


def test_a_folder_is_read_in_the_order_of_ids(tmp_path: Path) -> None:
    write(tmp_path, "1.yaml", "id: zulu\ncategory: hr\n")
    write(tmp_path, "2.yml", "id: alpha\ncategory: data\nname: Ünïcode\n")
    write(tmp_path, "notes.txt", "not a profile")
    assert [profile.id for profile in load_profiles(tmp_path)] == ["alpha", "zulu"]


def test_faults_name_file_line_and_field(tmp_path: Path) -> None:
    write(tmp_path, "bad.yaml", "id: a\ncategory: crm\ndeal_size_usd: cheap\ncolour: red\n")
    with pytest.raises(ProfileError) as raised:
        load_profiles(tmp_path)
    assert "bad.yaml:3: deal_size_usd: " in str(raised.value)
    assert "bad.yaml:4: colour: " in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: a\ncategory: [", "bad.yaml:2: not YAML"),
        ("- a\n", "must hold fields"),
        ("", "must hold fields"),
        ("id: a\n", "category: Field required"),
        ("? [1, 2]\n: b\n", "bad.yaml:1: not YAML"),
        ("id: !!python/object:os.system x\n", "not YAML"),
    ],
)
def test_unusable_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProfileError) as raised:
        load_profiles(write(tmp_path, "bad.yaml", text))
    assert message in str(raised.value)


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "id: same\ncategory: hr\n")
    write(tmp_path, "b.yaml", "id: same\ncategory: crm\n")
    with pytest.raises(ProfileError, match=r"b\.yaml: id 'same' is also that of a\.yaml"):
        load_profiles(tmp_path)


def test_an_empty_or_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="unset BG_PROFILES"):
        load_profiles(tmp_path)
    with pytest.raises(ProfileError, match="BG_PROFILES"):
        load_profiles(tmp_path / "none")
    (tmp_path / "latin.yaml").write_bytes(b"id: a\ncategory: \xff\n")
    with pytest.raises(ProfileError, match="UTF-8"):
        load_profiles(tmp_path)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("accounting software", "finance"), ("Sales Engagement", "sales"), ("ERP", "erp"),
        ("sales intelligence", "sales"), ("legal software", "legal"), ("devtools", "devtools"),
        ("applicant tracking", "hr"), ("payroll", "hr"), ("time tracking", "hr"),
        ("cyber security", "security"), ("business intelligence", "data"), ("CMS", "marketing"),
        ("procure to pay", "procurement"), ("contract management", "legal"), ("LMS", "hr"),
        ("learning platform", "education"), ("fleet management", "operations"),
        ("practice management", "healthcare"), ("help desk", "support"), ("EHR", "healthcare"),
        ("warehouse management", "operations"), ("e-discovery", "legal"), ("drones", None),
        ("customer support", "support"), ("expense management", "finance"), ("", None),
    ],
)  # fmt: skip
def test_the_words_of_sellers_name_a_kind_of_product(category: str, kind: str | None) -> None:
    assert kind_of(category) == kind


@pytest.mark.parametrize(
    ("category", "targets", "owners"),
    [
        ("crm", ("marketing",), ("marketing",)),
        ("erp", ("operations", "finance"), ("operations", "finance")),
        ("data", ("data", "it"), ("data", "it")),
        ("security", ("security", "it"), ("security", "it")),
        ("procurement", ("procurement", "finance"), ("procurement", "finance")),
        ("education", ("hr",), ("hr",)),
        ("anything", ("legal", "hr"), ("legal",)),
    ],
)
def test_the_first_target_that_may_own_the_product_owns_it(
    category: str, targets: tuple[str, ...], owners: tuple[str, ...]
) -> None:
    profile = SellerProfile.model_validate(
        {"id": "a", "category": category, "target_departments": targets}
    )
    assert profile.departments.owners[: len(owners)] == owners
    assert profile.departments.users == targets
    assert not {*profile.departments.controls} & {*targets}
