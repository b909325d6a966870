"""The columns that Dagit shows are those of the values, and a column comes from a column."""

from collections.abc import Iterable

import dagster as dg
import pytest
from sqlalchemy import Table

from bg_orchestration import names
from bg_orchestration.assets.column_metadata import (
    COLUMNS,
    column_lineage,
    column_schema,
)
from bg_orchestration.definitions import defs
from bg_orchestration.domain.model import BuyerGroup, Company, ContactPoint, Person, ScoredPerson
from bg_orchestration.store.schema.tables import (
    buyer_group_members,
    employments,
    people,
    webhook_events,
)


def of_table(*tables: Table) -> set[str]:
    return {column.name for table in tables for column in table.columns}


@pytest.mark.parametrize(
    ("asset", "fields"),
    [
        (names.COMPANY, Company.model_fields),
        (names.PEOPLE, Person.model_fields),
        (names.SCORED_PEOPLE, ScoredPerson.__dataclass_fields__),
        (names.BUYER_GROUP, BuyerGroup.model_fields),
        (names.CONTACTS, ContactPoint.model_fields),
        (names.PUBLISHED_BUYER_GROUP, of_table(buyer_group_members)),
    ],
)
def test_every_column_of_a_value_is_described(asset: str, fields: Iterable[str]) -> None:
    assert set(COLUMNS[asset]) == set(fields)
    for column in column_schema(asset).columns:
        assert column.description
        assert column.type


def test_the_columns_of_the_sources_exist() -> None:
    assert set(COLUMNS[names.INBOX]) <= of_table(webhook_events)
    assert set(COLUMNS[names.PEOPLE_DIRECTORY]) <= of_table(people, employments)


def test_a_column_comes_from_a_column_of_an_asset_upstream() -> None:
    graph = defs.resolve_asset_graph()
    for asset in names.ASSETS:
        lineage = column_lineage(asset)
        for column, sources in (lineage.deps_by_column if lineage else {}).items():
            assert column in COLUMNS[asset]
            for source in sources:
                assert source.asset_key in graph.get(dg.AssetKey(asset)).parent_keys
                assert source.column_name in COLUMNS[source.asset_key.to_user_string()]
