"""The check of unusual refreshes as Dagster keeps it: a warning with figures, and nothing else."""

from typing import Any

import dagster as dg
from sqlalchemy import Engine

from bg_orchestration.refreshes.publishing import published
from bg_orchestration.store.database import reading
from bg_orchestration_tests.assets.conftest import Run, why
from bg_orchestration_tests.refreshes.test_earlier_figures import past
from bg_orchestration_tests.store.rows import STAFF


def checked(result: dg.ExecuteInProcessResult) -> tuple[Any, dict[str, Any]]:
    """The answer of the check in a run, and its metadata as plain values."""
    assert result.success, why(result)
    [found] = [
        one for one in result.get_asset_check_evaluations() if one.check_name == "usual_refresh"
    ]
    assert found.asset_key == dg.AssetKey("published_buyer_group")
    assert found.severity is dg.AssetCheckSeverity.WARN
    return found, {name: value.value for name, value in found.metadata.items()}


def test_a_first_refresh_has_nothing_to_be_compared_with(database: Engine, run: Run) -> None:
    found, figures = checked(run("acme"))
    assert found.passed
    assert figures.keys() == {"seconds", "people", "members", "confidence"}
    assert figures["people"] == len(STAFF)


def test_an_unusual_refresh_is_warned_of_and_published(database: Engine, run: Run) -> None:
    past(database, "acme", 12, {"people": 800, "members": 4, "confidence": 0.5})
    found, figures = checked(run("acme"))
    assert not found.passed
    assert found.description is not None
    assert "people 5 is low: of 12 refreshes of this company 800 is the middle" in found.description
    assert (figures["people"], figures["people_median"]) == (5.0, 800.0)
    assert figures["people_low"] < 800 < figures["people_high"]
    assert figures["people_compared_with"] == "12 of the company"
    # Faster or cheaper than usual is nothing to be warned of.
    assert "seconds_low" not in figures
    with reading(database) as connection:
        assert published(connection, "acme", "default") is not None


def test_a_usual_refresh_passes(database: Engine, run: Run) -> None:
    _, figures = checked(run("acme"))
    summary = {name: figures[name] for name in ("people", "members", "confidence")}
    past(database, "acme", 12, summary)
    found, figures = checked(run("acme"))
    assert found.passed, found.description
    assert figures["members_low"] <= figures["members"] <= figures["members_high"]


def test_nothing_personal_stands_in_it(
    database: Engine, run: Run, instance: dg.DagsterInstance
) -> None:
    past(database, "acme", 12, {"people": 800, "members": 40})
    result = run("acme")
    found, figures = checked(result)
    for person in STAFF:
        for personal in (person.name, person.title, person.person_id):
            assert personal not in f"{found.description} {figures}"
