"""The policy as a file: it ships whole, can be replaced whole, and says what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bg_orchestration.domain.judgement.policy import Policy
from bg_orchestration.domain.judgement.roles import assign
from bg_orchestration.domain.judgement.scoring import score_people
from bg_orchestration.domain.model import Company
from bg_orchestration.profiles import ProfileError, load_policy, load_profiles
from bg_orchestration_tests.domain.people import CRM, POLICY, people_with

SHIPPED = Path(__file__).parents[3] / "bg_orchestration" / "profiles" / "policy.yaml"


def shipped() -> Any:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def changed(path: str, value: object) -> dict[str, Any]:
    given = shipped()
    *outer, last = path.split(".")
    place: Any = given
    for key in outer:
        place = place[int(key) if isinstance(place, list) else key]
    place[last] = value
    return dict(given)


def test_every_number_and_list_stands_in_the_file() -> None:
    def required(model: Any) -> bool:
        return all(field.is_required() for field in model.model_fields.values())

    assert required(Policy)
    assert all(
        required(type(part))
        for part in (POLICY.decision[0], POLICY.decision[0].management, POLICY.sizes[0],
                     POLICY.champions, POLICY.stakeholders, POLICY.controls["legal"],
                     POLICY.blockers, POLICY.introducers, POLICY.scales, POLICY.scales.function,
                     POLICY.confidence, POLICY.standing[0])
    )  # fmt: skip


def test_a_folder_without_a_policy_uses_the_one_that_ships(tmp_path: Path) -> None:
    assert load_policy(tmp_path) == load_policy() == POLICY


def test_a_policy_in_the_folder_replaces_it_and_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text("id: crm\ncategory: crm\n")
    given = changed("decision.2.lone_manager", 60_000)
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(given))
    own = load_policy(tmp_path)
    assert [profile.id for profile in load_profiles(tmp_path)] == ["crm"]
    assert "decision" not in roles_under(POLICY)
    assert "decision" in roles_under(own)


def roles_under(policy: Policy) -> set[str]:
    company = Company(company_id="a", name="A", employee_count=300)
    people = people_with(["Sales Manager", "Account Executive"])
    scored = score_people(company, people, [CRM], policy)
    return {member.role for member in assign(company, scored, CRM, policy).members}


def test_faults_name_file_line_and_field(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    line = text[: text.index("confidence: {best")].count("\n") + 1
    (tmp_path / "policy.yaml").write_text(text.replace("{best: ", "{best: very"))
    with pytest.raises(ProfileError, match=rf"policy\.yaml:{line}: confidence\.best: "):
        load_policy(tmp_path)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("decision.4.limits.vp", 10, "limits from 1000 employees must grow with rank"),
        ("decision.0.employees", 5, "decision must state 1 employee"),
        ("sizes.0.employees", 2, "sizes must state 1 employee"),
        ("sizes.3.most", {50: 4}, "sizes from 50 employees must state 0 dollars"),
        ("scales.tenure", {6: 0.5}, "tenure must state month 0"),
        ("scales.recency", {0: 1, 12: 0.5, 6: 0.7}, "recency must state month 0 and go upwards"),
        ("scales.below", [], "at least 1"),
        ("decision", [], "at least 1"),
        ("standing.0.ranks", {"boss": ["chief"]}, "Input should be 'owner'"),
        ("traits.0.trait", "clever", "Input should be 'silent'"),
        ("confidence.colour", 1, "Extra inputs"),
    ],
)
def test_a_policy_that_cannot_judge_is_refused(path: str, value: object, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Policy.model_validate(changed(path, value))


def test_every_number_has_a_source_or_is_called_our_own() -> None:
    """The head of the file says what an unsourced number is; the named sources stand beside."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert "the number is our own" in text.split("\n\n", 1)[0]
    for source in ("Seattle Pacific University", "IDC", "Gartner", "Forrester", "BetrVG"):
        assert source in text
