"""The sources of a refresh, as external assets: the inbox, the directory, the providers.

Others make them: senders, imports, and the data providers that the settings name.
"""

import warnings
from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
from sqlalchemy import select

from bg_orchestration import names
from bg_orchestration.assets.column_metadata import column_schema
from bg_orchestration.provider_settings import CAPABILITIES, Capability
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.open_work import backlog, stages
from bg_orchestration.settings import settings
from bg_orchestration.store.database import clock, reading
from bg_orchestration.store.schema.tables import webhook_events

DATABASE: Final = "postgres" if settings().url.startswith("postgres") else "sqlite"

_DIRECTORY: Final = dg.AssetSpec(
    names.PEOPLE_DIRECTORY,
    deps=[names.INBOX],
    description="The people whom we know, with their present and former jobs: tables `people` and "
    "`employments`. Imports (`bg import`), applied events and providers' lists write it.",
    group_name=names.SOURCES_GROUP,
    kinds={DATABASE, "table"},
    owners=list(settings().owners),
    tags={"bg/personal_data": "true"},
    metadata={"dagster/column_schema": column_schema(names.PEOPLE_DIRECTORY)},
)


def provider_keys(*capabilities: Capability) -> list[dg.AssetKey]:
    """Return the assets of the providers that the settings name for these capabilities."""
    providers = {
        name for capability in capabilities for name in settings().providers_for(capability)
    }
    return [dg.AssetKey([names.PROVIDERS_PREFIX, name]) for name in sorted(providers)]


def _provider(key: dg.AssetKey) -> dg.AssetSpec:
    name = key.path[-1]
    capabilities = [need for need in CAPABILITIES if key in provider_keys(need)]
    return dg.AssetSpec(
        key,
        description=f"The data provider {name}. The settings name it for: "
        f"{', '.join(capabilities)}. The ledger pays for an answer once while it is fresh: "
        f"`bg operations`. Check its key free of charge: `bg providers check`.",
        group_name=names.SOURCES_GROUP,
        kinds={"api"},
        owners=list(settings().owners),
        tags={"bg/paid": "true"},
    )


def inbox_metadata() -> dict[str, Any]:
    """Return the newest event, the pending ones, the age of the oldest, and the dead."""
    with reading(ready_engine()) as connection:
        now = clock(connection)
        newest = connection.execute(
            select(webhook_events.c.received_at, webhook_events.c.type)
            .order_by(webhook_events.c.id.desc())
            .limit(1)
        ).first()
        open_work = backlog(connection)
        oldest = max((stage.oldest_seconds for stage in stages(connection).values()), default=0.0)
    age = None if newest is None else (now - newest.received_at).total_seconds()
    return {
        "pending": open_work.pending_events,
        "oldest_pending_seconds": round(oldest, 1),
        "dead": open_work.dead_events,
        "refreshes_waiting": open_work.deferred + open_work.over_limit,
        "refreshes_in_flight": open_work.under_way,
        **({} if age is None else {"newest_seconds_ago": round(age, 1)}),
        "newest_event": "none yet"
        if newest is None
        else f"{newest.type} at {newest.received_at:%Y-%m-%d %H:%M:%S} UTC",
    }


_INBOX: Final = dg.AssetSpec(
    names.INBOX,
    description="The verified person changes that providers pushed: table `webhook_events`. "
    "The sensor `webhook_inbox` plans refreshes from it.\n\n"
    "An observation counts and changes nothing:\n\n"
    "- `pending`: events without a finished refresh; `oldest_pending_seconds`: the wait of the "
    "oldest\n"
    "- `newest_event`, `newest_seconds_ago`: the last accepted event\n"
    "- `dead`: events that need a person: `bg inbox --dead`\n"
    "- `refreshes_waiting`: planned, but held back by cool-down, limits or budget; "
    "`refreshes_in_flight`: enqueued or running",
    group_name=names.SOURCES_GROUP,
    kinds={DATABASE, "webhook"},
    owners=list(settings().owners),
    metadata={"dagster/column_schema": column_schema(names.INBOX)},
)

with warnings.catch_warnings():
    # Beta; an external asset without observations would have no figures in Dagit.
    warnings.simplefilter("ignore", dg.BetaWarning)

    @dg.multi_observable_source_asset(name="observe_inbox", specs=[_INBOX])
    def inbox() -> Iterator[dg.ObserveResult]:
        """Observe the inbox."""
        yield dg.ObserveResult(asset_key=names.INBOX, metadata=inbox_metadata())


SOURCES: Final = (inbox, _DIRECTORY, *map(_provider, provider_keys(*CAPABILITIES)))
