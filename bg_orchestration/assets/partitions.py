"""The partitions: one for each company in the directory."""

from collections.abc import Collection

import dagster as dg
from sqlalchemy.exc import IntegrityError

from bg_orchestration import names

# The most keys to check one by one; reading 100,000 keys takes 0.2 s.
_FEW = 20

companies = dg.DynamicPartitionsDefinition(name=names.PARTITIONS)


def add_partitions(instance: dg.DagsterInstance, company_ids: Collection[str]) -> None:
    """Add partitions that this Dagster instance lacks.

    A run whose partition is unknown would fail at its first output, after the work.
    """
    missing = _missing_keys(instance, company_ids)
    if not missing:
        return
    try:
        instance.add_dynamic_partitions(names.PARTITIONS, missing)
    except IntegrityError:
        # On SQLite Dagster checks and then inserts: another process added one of them in between.
        for company_id in _missing_keys(instance, missing):
            instance.add_dynamic_partitions(names.PARTITIONS, [company_id])


def _missing_keys(instance: dg.DagsterInstance, company_ids: Collection[str]) -> list[str]:
    if len(company_ids) <= _FEW:
        return [
            company_id
            for company_id in company_ids
            if not instance.has_dynamic_partition(names.PARTITIONS, company_id)
        ]
    existing = set(instance.get_dynamic_partitions(names.PARTITIONS))
    return [company_id for company_id in company_ids if company_id not in existing]
