"""The document that receivers are built by says what is really sent."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import bg_orchestration
from bg_orchestration.destinations.notifications.dispatch import send_due
from bg_orchestration.domain.deliveries import WAITS
from bg_orchestration.settings import Settings, settings, variable_of
from bg_orchestration_tests.destinations.notifications.conftest import change, die
from bg_orchestration_tests.destinations.notifications.receiving import Receiver

DOCUMENT = (Path(bg_orchestration.__file__).parents[1] / "docs/notifications.md").read_text()


def shape(value: Any) -> Any:
    """The names of all fields, at their places; lists of words may be empty."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shape(value[0])]
    return None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_example_has_the_fields_that_are_sent(told: Engine, sales: Receiver) -> None:
    change(told, "acme", "p-ann")
    die(told)
    send_due(told, settings())
    changed, dead = (got.json for got in sales.got)
    [example] = re.findall(r"```json\n(.*?)```", DOCUMENT, re.S)
    assert shape(json.loads(example)) == shape(changed)
    for field in dead["data"].keys() - {"company", "refresh_id"}:
        assert f"`data.{field}`" in DOCUMENT


def test_the_settings_and_waits_are_those_that_hold() -> None:
    documented = set(re.findall(r"BG_[A-Z_]+", DOCUMENT))
    known = {variable_of(field) for field in Settings.model_fields}
    assert documented <= known
    assert {name for name in known if name.startswith("BG_NOTIFY")} <= documented
    assert [wait.total_seconds() for wait in WAITS] == [
        5, *(60 * minutes for minutes in (5, 30)),
        *(3600 * hours for hours in (2, 5, 10, 14, 20, 24)),
    ]  # fmt: skip
    assert "5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h" in DOCUMENT
