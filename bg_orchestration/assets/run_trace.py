"""What a run tells of itself while it goes on: its trace, and the ids in its log lines.

A run continues the trace of the event that caused it (tag `bg/traceparent`), and links those of
the other events that it handles. What is measured goes the same way whichever process executes
the run: into our table, for `bg trace`, and to a collector if there is one. Neither can fail a
run, nor keep it for long.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import dagster as dg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bind_contextvars, bound_contextvars, unbind_contextvars

from bg_orchestration import names
from bg_orchestration.observability.redaction import exception_lines, may_quote
from bg_orchestration.observability.traces import Trace, kept, mark_failed, span
from bg_orchestration.refreshes.journeys import causes, save
from bg_orchestration.refreshes.life_cycle import Refresh
from bg_orchestration.settings import settings
from bg_orchestration.store.database import describe_outage, engine_for, reading

_REFRESHES: Final = "buyer_group_refresh"
# Shorter than this, a time of waiting is none: somebody's own run opened the refresh itself.
_SHORTEST: Final = timedelta(milliseconds=1)

log = structlog.stdlib.get_logger(__name__)


class RunTrace:
    """The trace of one run and the facts that its log lines carry."""

    def __init__(self, run: dg.DagsterRun) -> None:
        company_id = run.tags.get("dagster/partition")
        self._run_id = run.run_id
        self._refresh_id = run.tags.get(names.TAG_REFRESH)
        self._told = False
        self._began = datetime.now(UTC)
        # Attempts of one refresh share the trace that is called like it; a run without, its own.
        self._trace = Trace.begin(
            f"process {_REFRESHES}",
            run.tags.get(names.TAG_TRACEPARENT),
            self._refresh_id or UUID(run.run_id).hex,
            {
                "messaging.system": "dagster",
                "messaging.operation.type": "process",
                "messaging.operation.name": "process",
                "messaging.destination.name": _REFRESHES,
                "bg.run_id": run.run_id,
                **({} if company_id is None else {"bg.company_id": company_id}),
            },
        )
        self._facts = {"trace_id": self._trace.trace_id, "run_id": run.run_id}
        if company_id is not None:
            self._facts["company_id"] = company_id

    @contextmanager
    def step(self, context: dg.AssetExecutionContext) -> Iterator[None]:
        """The span of a step, with a line at its end in the logs and in Dagit.

        A step that will be tried again ends badly, its run does not.
        """
        name = context.asset_key.to_user_string()
        began = time.monotonic()
        with self._trace.open(), bound_contextvars(step=name, **self._known()):
            try:
                with span(f"step {name}", attributes={"bg.step": name, **self._attempt(context)}):
                    yield
            except BaseException as error:
                kind = type(error).__name__
                if not isinstance(error, dg.RetryRequested):
                    mark_failed(self._trace.root, error)
                log.warning("step_failed", error=kind, seconds=_since(began))
                if isinstance(error, Exception) and may_quote(error):
                    raise _without_message(error) from None
                raise
            finally:
                # Bound by what the step took over, not by us.
                unbind_contextvars("refresh_id")
            log.info("step_done", seconds=_since(began), **self._known())
            context.log.info(self._sentence(f"{name} took {_since(began):.3f} s"))

    def tell(self, engine: Engine, refresh: Refresh) -> None:
        """Put into the trace what the run has taken over: why, since when, and for which events."""
        if self._told:
            return
        self._told = True
        self._refresh_id = refresh.refresh_id
        with reading(engine) as connection:
            why = causes(connection, refresh.refresh_id)
        root = self._trace.root
        root.set_attributes(
            {
                "messaging.message.id": refresh.refresh_id,
                "messaging.batch.message_count": refresh.events,
                "bg.refresh_id": refresh.refresh_id,
                "bg.reason": refresh.reason,
                "bg.attempt": refresh.attempt,
            }
        )
        self._trace.link(why.traceparents)
        for name, began, ended in why.waits(self._began):
            if ended - began >= _SHORTEST:
                self._trace.add(name, began, ended)
        bind_contextvars(refresh_id=refresh.refresh_id)
        log.info("refresh_taken", reason=refresh.reason, attempt=refresh.attempt)

    def end(self) -> None:
        """Store the run's spans and send them; never raises."""
        ended = self._trace.end()
        config = settings()
        if config.keep_traces:
            try:
                save(engine_for(config.url), self._run_id, kept(ended))
            except SQLAlchemyError as error:
                log.warning("spans_not_stored", error=describe_outage(error), **self._known())
        if config.otlp_endpoint:
            from bg_orchestration.observability.collector import collector

            collector().send(ended)

    def _known(self) -> dict[str, str]:
        known = self._facts
        return known | ({"refresh_id": self._refresh_id} if self._refresh_id else {})

    def _sentence(self, what: str) -> str:
        return f"{what}: " + ", ".join(
            f"{name} {value}" for name, value in sorted(self._known().items())
        )

    def _attempt(self, context: dg.AssetExecutionContext) -> dict[str, int]:
        return {"bg.step_retry": context.retry_number} if context.retry_number else {}


def _without_message(error: BaseException) -> dg.Failure:
    """What Dagster may keep of an error: its type and its place."""
    lines = exception_lines(error)
    return dg.Failure(
        f"{lines[-1]}. What else it says is left out, as it may quote somebody's data.",
        metadata={"traceback": dg.MetadataValue.text("\n".join(lines))},
        allow_retries=False,
    )


def _since(began: float) -> float:
    return round(time.monotonic() - began, 4)
