"""`bg profile`: what it says of profiles, right and wrong ones."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bg_orchestration.cli.profile import profile
from bg_orchestration.profiles.schema import profile_schema
from bg_orchestration_tests.profiles.test_loading import EXAMPLES


def run(*arguments: object) -> Result:
    return CliRunner().invoke(profile, [str(each) for each in arguments])


def test_every_example_passes() -> None:
    result = run("check", *EXAMPLES)
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.endswith("is right")] == [
        f"{name}: profile {name} is right" for name in EXAMPLES
    ]


def test_a_profile_is_explained_in_words() -> None:
    text = " ".join(run("check", "security").stdout.split())
    assert "Owns the budget security; where no head of it is known, IT, engineering" in text
    assert "May object procurement, privacy, legal, compliance, finance" in text
    assert "1 to 249 employees: the founder, owner or managing director" in text
    assert "2 to 9 employees: at most 4" in text
    assert "Required roles decision, champion, blocker" in text
    assert "A score weighs function" in text


def test_controls_asked_only_from_a_larger_deal_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text("id: small\ncategory: hr\ndeal_size_usd: 2000\n")
    text = " ".join(run("check", tmp_path / "small.yaml").stdout.split())
    assert "May object works council, security Approves" in text


def test_an_unknown_category_is_told_how_it_is_judged(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("id: x\ncategory: securty\ntarget_departments: [it]\n")
    text = " ".join(run("check", tmp_path / "x.yaml").stdout.split())
    assert "securty is no known category. Did you mean 'security'? It is judged by" in text


def test_faults_of_several_files_are_all_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a\ncategory: crm\nweights:\n  senority: 1\n")
    (tmp_path / "b.yaml").write_text("id: b\ndeal_size_usd: 50k\n")
    result = run("check", tmp_path / "a.yaml", "security", tmp_path / "b.yaml", tmp_path / "c.yaml")
    assert result.exit_code == 1
    assert "security: profile security is right" in result.stdout
    assert [
        line.removeprefix(f"{tmp_path}/").split(": ")[:2] for line in result.stderr.splitlines()
    ] == [
        ["a.yaml:4", "weights.senority"],
        ["b.yaml:1", "category"],
        ["b.yaml:2", "deal_size_usd"],
        ["c.yaml", "cannot be read"],
    ]


def test_programs_get_both(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a\ncategory: crm\ncolour: red\n")
    result = run("check", "hr", tmp_path / "a.yaml", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["profiles"][0]["profile"]["target_departments"] == ["hr", "finance"]
    assert told["profiles"][0]["explanation"]["Use the product"] == "HR, finance"
    (fault,) = told["faults"]
    assert (fault["file"], fault["line"], fault["field"]) == (str(tmp_path / "a.yaml"), 3, "colour")


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout) == profile_schema()
