"""The partitions: one for each company in the directory."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import dagster as dg
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bg_orchestration import names
from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.store.companies import company
from bg_orchestration.store.database import reading

if TYPE_CHECKING:
    from dagster._core.definitions.partitions.context import PartitionLoadingContext

# The most keys to check one by one; reading 100,000 keys takes 0.2 s.
_FEW = 20
# Dagster checks and adds keys in one statement each; 100,000 in batches of this take 0.8 s.
_BATCH = 5_000


class CompanyPartitions(dg.DynamicPartitionsDefinition):
    """Partitions with the ids of companies as keys.

    The sensor adds the keys. `dg launch --partition` checks a key before the run, so a company of
    the directory is added then: the command also works before the sensor's first tick.
    """

    def validate_partition_key(
        self, partition_key: str, context: "PartitionLoadingContext"
    ) -> None:
        """Add the key of a company that Dagster lacks.

        Raises:
            DagsterUnknownPartitionError: the directory has no such company.
        """
        store = context.dynamic_partitions_store
        if isinstance(store, dg.DagsterInstance) and _is_company(partition_key):
            add_partitions(store, [partition_key])
        super().validate_partition_key(partition_key, context)


companies = CompanyPartitions(name=names.PARTITIONS)


def _is_company(company_id: str) -> bool:
    if not is_company_id(company_id):
        return False
    with reading(ready_engine()) as connection:
        return company(connection, company_id) is not None


def add_partitions(instance: dg.DagsterInstance, company_ids: Collection[str]) -> None:
    """Add partitions that this Dagster instance lacks.

    A run whose partition is unknown would fail at its first output, after the work.
    """
    missing = _missing_keys(instance, company_ids)
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        try:
            instance.add_dynamic_partitions(names.PARTITIONS, batch)
        except IntegrityError:
            # On SQLite Dagster checks and then inserts: another process added one in between.
            for company_id in _missing_keys(instance, batch):
                instance.add_dynamic_partitions(names.PARTITIONS, [company_id])


def count_partitions(instance: dg.DagsterInstance) -> int:
    """Count the partitions; reading all 100,000 keys in each tick would take 0.2 s."""
    # Imported here, because every run imports this module, and no run counts partitions.
    from dagster._core.storage.event_log import SqlEventLogStorage
    from dagster._core.storage.event_log.schema import DynamicPartitionsTable

    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return len(instance.get_dynamic_partitions(names.PARTITIONS))
    ours = DynamicPartitionsTable.c.partitions_def_name == names.PARTITIONS
    with storage.index_connection() as connection:
        return int(connection.execute(select(func.count()).where(ours)).scalar_one())


def _missing_keys(instance: dg.DagsterInstance, company_ids: Collection[str]) -> list[str]:
    if len(company_ids) <= _FEW:
        return [
            company_id
            for company_id in company_ids
            if not instance.has_dynamic_partition(names.PARTITIONS, company_id)
        ]
    existing = set(instance.get_dynamic_partitions(names.PARTITIONS))
    return [company_id for company_id in company_ids if company_id not in existing]
