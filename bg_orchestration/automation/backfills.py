"""Backfills of companies, as Dagit shows them: one run of the refresh job for each company."""

import time
from collections.abc import Sequence

import dagster as dg
from dagster._core.execution.backfill import (
    BulkActionsFilter,
    BulkActionStatus,
    PartitionBackfill,
)
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemotePartitionSetOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.utils import make_new_backfill_id

from bg_orchestration import names
from bg_orchestration.assets.partitions import add_partitions

# Dagster names the partitions of a job so.
_PARTITION_SET = f"{names.JOB}_partition_set"


def launch_backfill(instance: dg.DagsterInstance, company_ids: Sequence[str], title: str) -> str:
    """Request a backfill of these companies; the daemon creates its runs, in this order.

    A job backfill and not one of assets: its state does not grow with companies times assets.
    Returns the backfill's id.
    """
    add_partitions(instance, company_ids)
    backfill_id = make_new_backfill_id()
    instance.add_backfill(
        PartitionBackfill(
            backfill_id=backfill_id,
            status=BulkActionStatus.REQUESTED,
            from_failure=False,
            # With Dagster's own daemon too, runs of events and of people go first.
            tags={"dagster/priority": "-1"},
            backfill_timestamp=time.time(),
            title=title,
            partition_set_origin=RemotePartitionSetOrigin(
                repository_origin=RemoteRepositoryOrigin(
                    code_location_origin=RegisteredCodeLocationOrigin(names.LOCATION),
                    repository_name="__repository__",
                ),
                partition_set_name=_PARTITION_SET,
            ),
            partition_names=list(company_ids),
        )
    )
    return backfill_id


def unfinished_backfills(instance: dg.DagsterInstance) -> list[str]:
    """Return the ids of the backfills that have not ended."""
    active = [BulkActionStatus.REQUESTED, BulkActionStatus.CANCELING, BulkActionStatus.FAILING]
    found = instance.get_backfills(filters=BulkActionsFilter(statuses=active))
    return [backfill.backfill_id for backfill in found]
