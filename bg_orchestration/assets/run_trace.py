"""The trace of a run, and the ids in its log lines.

A run continues the trace of the event that caused it (tag `bg/traceparent`), and links those of
the other events that it handles. Its spans go into our table, for `bg trace`, and to a collector
if there is one, whichever process executes the run. Neither can fail a run, nor delay it for long.
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
from bg_orchestration.observability.traces import Attribute, Trace, mark_failed, span, span_records
from bg_orchestration.refreshes.journeys import causes, save
from bg_orchestration.refreshes.life_cycle import Refresh
from bg_orchestration.settings import settings
from bg_orchestration.store.database import describe_outage, engine_for, reading

_REFRESHES: Final = "buyer_group_refresh"
# A shorter time is no wait: a person's run opened the refresh itself.
_SHORTEST: Final = timedelta(milliseconds=1)

log = structlog.stdlib.get_logger(__name__)


class RunTrace:
    """The trace of one run and the facts that its log lines carry."""

    def __init__(self, run: dg.DagsterRun) -> None:
        company_id = run.tags.get("dagster/partition")
        self._run_id = run.run_id
        self._refresh_id = run.tags.get(names.TAG_REFRESH)
        self._described = False
        # The first words of the line in Dagit at the end of the step.
        self.summary = "Nothing was published."
        self._seconds: dict[str, float] = {}
        self._began = datetime.now(UTC)
        # Attempts of one refresh share the trace with its id; a run without a refresh has its own.
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

    @property
    def trace_id(self) -> str:
        """The id of the trace, as collectors write it."""
        return self._trace.trace_id

    @contextmanager
    def step(self, context: dg.AssetExecutionContext) -> Iterator[None]:
        """Open the trace for the step; end it with one line in Dagit that has the run's ids.

        A step that is retried does not mark the run as failed. An error that may quote personal
        data is replaced by a failure that has its type and place only.
        """
        began = time.monotonic()
        self._seconds.clear()
        with self._trace.open(), bound_contextvars(**self._ids()):
            try:
                yield
            except BaseException as error:
                if not isinstance(error, dg.RetryRequested):
                    mark_failed(self._trace.root, error)
                if isinstance(error, Exception) and may_quote(error):
                    raise _anonymous_failure(error) from None
                raise
            finally:
                # Bound by `describe`, not by us.
                unbind_contextvars("refresh_id")
            parts = [f"{name} {seconds:.3f} s" for name, seconds in self._seconds.items()]
            ids = [f"{name} {value}" for name, value in sorted(self._ids().items())]
            context.log.info(
                "%s The step took %.3f s (%s): %s",
                self.summary,
                _since(began),
                ", ".join(parts),
                ", ".join(ids),
            )

    @contextmanager
    def asset(self, name: str, retries: int) -> Iterator[None]:
        """The span of one asset, with a line at its end in the logs."""
        began = time.monotonic()
        attributes: dict[str, Attribute] = {"bg.step": name}
        if retries:
            attributes["bg.step_retry"] = retries
        with bound_contextvars(step=name):
            try:
                with span(f"step {name}", attributes=attributes):
                    yield
            except BaseException as error:
                log.warning("step_failed", error=type(error).__name__, seconds=_since(began))
                raise
            self._seconds[name] = _since(began)
            log.info("step_done", seconds=self._seconds[name])

    def describe(self, engine: Engine, refresh: Refresh) -> None:
        """Add the acquired refresh to the trace: reason, times and events."""
        bind_contextvars(refresh_id=refresh.refresh_id)
        if self._described:
            return
        self._described = True
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
        log.info("refresh_acquired", reason=refresh.reason, attempt=refresh.attempt)

    def end(self) -> None:
        """Store the run's spans and send them; never raises."""
        ended = self._trace.end()
        config = settings()
        if config.keep_traces:
            try:
                save(engine_for(config.url), self._run_id, span_records(ended))
            except SQLAlchemyError as error:
                log.warning("spans_not_stored", error=describe_outage(error), **self._ids())
        if config.otlp_endpoint:
            from bg_orchestration.observability.collector import collector

            collector().send(ended)

    def _ids(self) -> dict[str, str]:
        """The ids that each log line of the run carries."""
        return self._facts | ({"refresh_id": self._refresh_id} if self._refresh_id else {})


def _anonymous_failure(error: BaseException) -> dg.Failure:
    """Return a failure with the error's type and place only."""
    lines = exception_lines(error)
    return dg.Failure(
        f"{lines[-1]}. Its message is left out, as it may quote personal data.",
        metadata={"traceback": dg.MetadataValue.text("\n".join(lines))},
        allow_retries=False,
    )


def _since(began: float) -> float:
    return round(time.monotonic() - began, 4)
