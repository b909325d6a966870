"""The reference lists the metadata keys of the assets."""

import pytest
from sqlalchemy import Engine

from bg_orchestration import names
from bg_orchestration_tests.assets.conftest import Run, handed_over, of
from bg_orchestration_tests.documents.reference import METADATA
from bg_orchestration_tests.store.rows import STAFF, follow, push


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_keys_of_a_refresh_are_in_the_reference(engine: Engine, run: Run) -> None:
    follow(engine, "acme", staff=STAFF)
    push(engine)
    result = run("acme", tags=handed_over(engine))
    for asset in names.ASSETS:
        keys = {key for key in of(result, asset) if not key.startswith("dagster/")}
        assert keys <= set(METADATA[asset]), asset
