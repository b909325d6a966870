"""The refresh job: all assets of one company."""

import dagster as dg

from bg_orchestration import names

refresh_buyer_group = dg.define_asset_job(
    names.JOB,
    selection=dg.AssetSelection.groups(names.ASSET_GROUP),
    description="Brings the buyer group of one company up to date: discover, score, publish. One "
    "partition, one run, one step `refresh` for all six assets. The run waits up to 5 minutes for "
    "the limits: its log and its tag `bg/waiting` say for which.",
)
