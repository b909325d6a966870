"""The description of an asset, and so the reference, explains its metadata keys."""

import pytest
from sqlalchemy import Engine

from bg_orchestration.assets.multi_asset import ASSETS
from bg_orchestration_tests.assets.conftest import Run, handed_over, of
from bg_orchestration_tests.documents.reference import metadata_keys
from bg_orchestration_tests.store.rows import STAFF, follow, push

_OF_EACH = {"path", "retries"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_keys_of_a_refresh_are_explained(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine)
    result = run("acme", tags=handed_over(engine))
    for asset in ASSETS:
        explained = metadata_keys(asset)
        families = tuple(key for key in explained if key.endswith("_"))
        keys = {key for key in of(result, asset.name) if not key.startswith("dagster/")}
        missing = {
            key for key in keys - explained - _OF_EACH if not key.startswith(families or "-")
        }
        assert missing == set(), asset.name
