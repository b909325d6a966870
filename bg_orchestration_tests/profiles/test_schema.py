"""The JSON schema agrees with the model, and the examples with both."""

from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.profiles.schema import SCHEMA_FILE, profile_schema, schema_text
from bg_orchestration_tests.profiles.test_loading import EXAMPLES

PROFILES = files("bg_orchestration.profiles")
VALIDATOR = jsonschema.Draft202012Validator(profile_schema())

FIELDS: dict[str, Any] = {
    "id": st.sampled_from(["a", "big-deals_2", "", "no spaces", 3]),
    "category": st.sampled_from(["crm", "security", "drones", "", None]),
    "name": st.sampled_from(["Harbour Watch", "", 7]),
    "target_departments": st.sampled_from(
        [["sales"], ["it", "hr"], [], ["it", "it"], ["boss"], "it"]
    ),
    "deal_size_usd": st.sampled_from([1, 50_000.5, 0, -1, 2e9, "cheap"]),
    "required_roles": st.sampled_from([[], ["decision"], ["decision", "decision"], ["boss"]]),
    "countries": st.sampled_from([[], ["DE", "Germany"], [""], [False], "DE"]),
    "weights": st.sampled_from([{}, {"seniority": 1}, {"seniority": -1}, {"senority": 1}, 3]),
    "colour": st.just("red"),
}


def test_the_schema_that_ships_is_current() -> None:
    shipped = (PROFILES / SCHEMA_FILE).read_text("utf-8")
    assert shipped == schema_text(), f"write it anew: bg profile schema > .../{SCHEMA_FILE}"
    jsonschema.Draft202012Validator.check_schema(profile_schema())


@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_schema_and_model_agree(profile: dict[str, Any]) -> None:
    try:
        SellerProfile.model_validate(profile)
        right = True
    except ValidationError:
        right = False
    assert VALIDATOR.is_valid(profile) == right


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_teaches_every_key_it_holds(name: str) -> None:
    text = (PROFILES / "examples" / f"{name}.yaml").read_text("utf-8")
    lines = text.splitlines()
    schema = lines[0].removeprefix("# yaml-language-server: $schema=")
    assert schema == f"../{SCHEMA_FILE}"
    VALIDATOR.validate(yaml.safe_load(text))
    for at, line in enumerate(lines):
        if line[:1].isalpha():
            assert lines[at - 1].startswith("# "), f"{name}: {line} stands without a comment"
