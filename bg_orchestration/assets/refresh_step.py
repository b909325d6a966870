"""The one step of a run: company, lease, retries, deferral, span and log in one context.

A run that makes `published_buyer_group` is a refresh: it needs the company's lease. Any other run
reads, and needs none.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from datetime import datetime
from typing import Any, Final, TypeVar, cast

import dagster as dg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from bg_orchestration import names
from bg_orchestration.assets.artifacts import Artifacts, ArtifactType, artifacts_at
from bg_orchestration.assets.cancellation import (
    interrupt_if_stopped,
    is_cancelled,
    is_of_terminal,
    stop_if_cancelled,
)
from bg_orchestration.assets.partitions import add_partitions
from bg_orchestration.assets.refresh_asset import RefreshAsset
from bg_orchestration.assets.refresh_config import RefreshConfig
from bg_orchestration.assets.resources import Configuration
from bg_orchestration.assets.rules_version import provenance_tags
from bg_orchestration.domain.admission import DueRefresh
from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.domain.judgement.seller_profile import SellerProfile
from bg_orchestration.domain.model import Company
from bg_orchestration.ledger.errors import BudgetSpentError, ProviderAwayError, ProviderError
from bg_orchestration.privacy.requests import hidden_people
from bg_orchestration.privacy.suppression import SuppressionKeyError
from bg_orchestration.profiles import ProfileError
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.attempts import attempt_start
from bg_orchestration.refreshes.failed_attempts import cancel, defer, fail
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    AttemptOver,
    LeaseBusy,
    LeaseLostError,
    LimitsReached,
    Refresh,
    renew,
    start,
)
from bg_orchestration.settings import Settings, SettingsError
from bg_orchestration.store.companies import company as stored_company
from bg_orchestration.store.database import SchemaError, reading, writing

_T = TypeVar("_T")

# The longest wait of a run for the limits, and the pause between two checks.
PATIENCE_SECONDS: Final = 300
_ASK_SECONDS: Final = 0.5

# How often the step reads the status of its run, and how often it renews its lease.
_WATCH_SECONDS: Final = 1.0
_RENEW_SECONDS: Final = LEASE.total_seconds() / 4

# A waiting run renews this tag: reconciliation ends a run that stood still for a minute.
_SIGN_SECONDS: Final = 10
_TAG_WAITING: Final = "bg/waiting"
_TAG_BACKFILL: Final = "dagster/backfill"
# Hours of events must not fail the companies of a backfill; less than `max_runtime_seconds`.
_BACKFILL_PATIENCE: Final = 5

# An asset that takes longer has a line of its own in the run's log, so that it can be followed.
_SLOW_SECONDS: Final = 1.0

# A step is retried after 2, 4 and 8 s on these faults; then the attempt has failed.
STEP_RETRIES: Final = 3
_TRANSIENT: Final = (OperationalError, InterfaceError, ProviderAwayError)
# Errors of ours: their messages name no person.
_OWN_ERRORS: Final = (
    ProfileError,
    ProviderError,
    SchemaError,
    SettingsError,
    SuppressionKeyError,
)

ENDED: Final = (
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
)


class RefreshStep:
    """The step of one company, with the shared state of its assets.

    Attributes:
        company: the company as stored when the step began.
        refresh: the refresh whose lease the run holds; `None` in a run that does not publish.
        config: what a person changed for this run.
        configuration: the resource of that name.
        retries: how often this step was retried before.
        tags: those of the run.
    """

    def __init__(
        self, context: dg.AssetExecutionContext, company: Company, config: RefreshConfig
    ) -> None:
        self.company = company
        self.config = config
        self.refresh: Refresh | None = None
        self.configuration: Configuration = context.resources.configuration
        self.retries = context.retry_number
        self.tags = context.run.tags
        self._context = context
        self._idle = False
        self._asset: str | None = None
        self._values: dict[str, Any] = {}
        self._artifacts: Artifacts | None = None
        self._materializations: list[dg.AssetMaterialization] = []
        self._answers: list[dg.AssetCheckResult] = []

    @property
    def settings(self) -> Settings:
        """The settings of this run: those of the process, with the run's configuration."""
        return self.config.applied_to(self.configuration.settings)

    @property
    def profiles(self) -> tuple[SellerProfile, ...]:
        """The seller profiles whose groups this run judges; all without a configuration."""
        chosen = self.config.profiles
        return tuple(
            profile for profile in self.configuration.profiles if not chosen or profile.id in chosen
        )

    @property
    def fresh_since(self) -> datetime | None:
        """In a forced run the start of the attempt: only later answers of the ledger count.

        A retry of the step therefore repeats no call that this attempt has paid for.
        """
        if not self.config.force or self.refresh is None:
            return None
        with reading(self.engine) as connection:
            return attempt_start(connection, self.refresh.refresh_id, self.refresh.attempt)

    @property
    def engine(self) -> Engine:
        """The database's engine."""
        return self.configuration.engine

    @property
    def trace_id(self) -> str:
        """The id of the run's trace."""
        trace_id: str = self._context.resources.trace.trace_id
        return trace_id

    def warn(self, text: str) -> None:
        """Write a warning into the run's log."""
        self._context.log.warning(text)

    def note_published(self, summary: str) -> None:
        """Note in one sentence without names what was published, for the line in Dagit."""
        self._context.resources.trace.summary = summary

    def makes(self, asset: RefreshAsset) -> bool:
        """Return whether the run selects the asset and has something to do."""
        return not self._idle and asset.spec.key in self._context.selected_asset_keys

    def materialize(self, asset: RefreshAsset) -> None:
        """Make an asset, store its value, and note its metadata and the answers of its checks."""
        self._asset = asset.name
        began = time.monotonic()
        with self._context.resources.trace.asset(asset.name, self.retries):
            result = asset.materialize(self)
            metadata = {**(result.metadata or {}), "retries": self.retries}
            if asset.artifact is not None:
                self._values[asset.name] = result.value
                metadata["path"] = dg.MetadataValue.path(
                    self._stored.write(
                        asset.artifact,
                        self.company.company_id,
                        result.value,
                        self._context.run.run_id,
                    )
                )
        if (seconds := time.monotonic() - began) >= _SLOW_SECONDS:
            numbers = [
                f"{name} {value}"
                for name, value in metadata.items()
                if isinstance(value, (int, float))
            ]
            self._context.log.info("%s took %.1f s: %s", asset.name, seconds, ", ".join(numbers))
        self.answer(result.check_results or ())
        self._materializations.append(
            dg.AssetMaterialization(
                asset.spec.key,
                partition=self.company.company_id,
                metadata=metadata,
                tags=provenance_tags(asset.spec, self._context.run.run_id),
            )
        )

    def value(self, kind: ArtifactType[_T]) -> _T:
        """Return the value of an asset: made in this step, else the stored one.

        Raises:
            dg.Failure: there is none; says what to do.
        """
        if kind.asset in self._values:
            return cast("_T", self._values[kind.asset])
        try:
            return self._stored.read(kind, self.company.company_id)
        except FileNotFoundError:
            raise stop(
                f"{kind.asset} was never materialized for {self.company.company_id}: materialize "
                f"it too, or all assets."
            ) from None

    def answer(self, results: Iterable[dg.AssetCheckResult]) -> None:
        """Note the answers of checks; Dagit shows them also when the step fails."""
        selected = {key.name for key in self._context.selected_asset_check_keys}
        self._answers += [result for result in results if result.check_name in selected]

    def keep_lease(self, connection: Connection) -> None:
        """Renew the lease in a transaction that writes: none overwrites what a later run wrote.

        Raises:
            LeaseLostError: another run has taken the company.
        """
        if self.refresh is not None:
            renew(connection, self.refresh)

    def retry_if_away(self, error: ProviderAwayError | None) -> None:
        """Raise the fault of a provider that is away while the step has retries left.

        The ledger has the paid answers: the retry makes only the missing calls.
        """
        if error is not None and self.retries < STEP_RETRIES:
            raise error

    @property
    def _stored(self) -> Artifacts:
        if self._artifacts is None:
            self._artifacts = artifacts_at(self.settings.artifacts_url)
        return self._artifacts

    def _acquire(self) -> None:
        """Get the lease where the run publishes; without it the step has nothing to do."""
        if not publishes(self._context.run):
            return
        acquired = _acquire_lease(self._context, self.company.company_id, self.configuration)
        if isinstance(acquired, Refresh):
            self.refresh = acquired
            return
        self._idle = True
        why = _reason(acquired)
        self._context.log.info(why)
        self._observe({"skipped": why})

    def _observe(self, metadata: dict[str, str]) -> None:
        """Note in Dagit why the run stopped, at its next asset."""
        asset = self._asset or min(self._context.selected_asset_keys, key=_position).path[-1]
        self._context.log_event(
            dg.AssetObservation(asset, partition=self.company.company_id, metadata=metadata)
        )

    def _defer(self, error: BudgetSpentError) -> None:
        """End the attempt until the budget allows it; the run ends well.

        Raises:
            dg.Failure: the run does not publish: no refresh would be repeated.
        """
        if self.refresh is None:
            raise stop(str(error)) from None
        refresh_id, attempt = self.refresh.refresh_id, self.refresh.attempt
        with writing(self.engine) as connection:
            defer(connection, refresh_id, attempt, str(error), error.until)
        sentence = f"Deferred until {error.until:%Y-%m-%d %H:%M} UTC: {error}"
        self._context.log.warning(sentence)
        self._observe({"deferred": sentence})

    def _fail(self, error: BaseException) -> None:
        """End the attempt of the refresh: it is tried again with a backoff, or dead."""
        if self.refresh is None:
            return
        words = _safe_message(error)
        text = f"{type(error).__name__}{f': {words}' if words else ''}"
        refresh, cancelled = self.refresh, self._is_cancelled(error)
        with writing(self.engine) as connection:
            if cancelled:
                cancel(connection, refresh.refresh_id, refresh.attempt, self.settings.limits)
            else:
                fail(connection, refresh.refresh_id, refresh.attempt, text, self.settings.limits)

    def _erase_hidden(self) -> None:
        """Remove the people from the stored values whom the run read before their erasure.

        A request that is made from here on rewrites the values itself, because the refresh ended.
        """
        if not self._values:
            return
        with reading(self.engine) as connection:
            person_ids = hidden_people(connection)
        if person_ids:
            self._stored.erase([self.company.company_id], person_ids)

    def _is_cancelled(self, error: BaseException) -> bool:
        """Whether a user cancelled the run: in Dagit, or with Ctrl-C in a terminal.

        A worker that shuts down interrupts its run too, which is then tried again.
        """
        run = self._context.run
        return isinstance(error, dg.DagsterExecutionInterruptedError) and (
            is_of_terminal(run) or is_cancelled(self._context.instance, run.run_id)
        )

    def _log_events(self, answers: list[dg.AssetCheckResult]) -> None:
        """Write the materializations into Dagster's log, after publishing: no reader waits for it.

        The events themselves and not the step's outputs: see docs/decisions.md.
        """
        for materialization in self._materializations:
            self._context.log_event(materialization)
        answers += self._answers


@contextmanager
def refresh_step(
    context: dg.AssetExecutionContext, answers: list[dg.AssetCheckResult], config: RefreshConfig
) -> Iterator[RefreshStep]:
    """Run the assets of one company: under its lease, in a span, with retries and deferral.

    What was made reaches Dagster's log at the end of the block, also when an asset fails; answers
    of checks are added to `answers`. A retry repeats all assets, so nothing is logged before it.

    Raises:
        dg.RetryRequested: a fault that may pass; the step is retried after 2, 4 and 8 s.
            Dagster's own exponential backoff would give 2, 6 and 14 s.
        dg.Failure: the run has no company, lost its lease, or waited too long for the limits.
    """
    step: RefreshStep | None = None
    with context.resources.trace.step(context):
        try:
            step = RefreshStep(context, require_company(context), config)
            if fault := config.fault(step.configuration, publishes=publishes(context.run)):
                raise stop(fault)
            with _watch(step):
                stop_if_cancelled(context.instance, context.run)
                step._acquire()
                yield step
        except LeaseLostError as error:
            raise stop(str(error)) from None
        except BudgetSpentError as error:
            assert step is not None, "no provider is asked before the step begins"
            step._defer(error)
        except BaseException as error:
            if isinstance(error, _TRANSIENT) and context.retry_number < STEP_RETRIES:
                raise dg.RetryRequested(
                    max_retries=STEP_RETRIES, seconds_to_wait=2 ** (context.retry_number + 1)
                ) from error
            if step is not None:
                step._fail(error)
                step._erase_hidden()
                step._log_events(answers)
            raise
        step._erase_hidden()
        step._log_events(answers)


def require_company(context: dg.AssetExecutionContext) -> Company:
    """Return the company of the run's one partition.

    Raises:
        dg.Failure: never retried, one sentence: no partition, several, or an unknown company.
    """
    # Read from the tags: Dagster's own accessors ask for keys that a new instance does not know.
    company_id = context.run.tags.get("dagster/partition")
    if company_id is None:
        raise stop(
            "A refresh is of exactly one company: choose one partition "
            '(on the command line: --tags \'{"dagster/partition": "COMPANY"}\').'
        )
    if not is_company_id(company_id):
        raise stop("The partition key is no company id: see the grammar in the documentation.")
    try:
        engine = ready_engine()
    except SchemaError as error:
        raise stop(str(error)) from None
    with reading(engine) as connection:
        company = stored_company(connection, company_id)
    if company is None:
        raise stop(f"No company {company_id} is known. List them: bg companies")
    add_partitions(context.instance, [company_id])
    return company


def _acquire_lease(
    context: dg.AssetExecutionContext, company_id: str, configuration: Configuration
) -> Refresh | LeaseBusy | AttemptOver:
    """Make this run the one that refreshes the company; wait for the limits if need be.

    A run of a backfill leaves a part of the limits to events, and waits longer.

    Raises:
        dg.Failure: the limits let nothing start for `PATIENCE_SECONDS`.
    """
    engine, limits = configuration.engine, configuration.settings.limits
    in_backfill = _TAG_BACKFILL in context.run.tags
    admitted = limits.background if in_backfill else limits
    patience = PATIENCE_SECONDS * (_BACKFILL_PATIENCE if in_backfill else 1)
    planned = planned_attempt(context.run)
    absorb = dg.AssetKey(names.PEOPLE) in context.selected_asset_keys
    reason = ""
    began = sign_at = time.monotonic()
    deadline = sign_at + patience
    while time.monotonic() < deadline:
        with writing(engine) as connection:
            acquired = start(
                connection, company_id, context.run.run_id, admitted, planned, absorb=absorb
            )
            if isinstance(acquired, LeaseBusy) and _has_ended(context.instance, acquired.run_id):
                fail(
                    connection, acquired.refresh_id, acquired.attempt, "the run ended early", limits
                )
                continue
        if isinstance(acquired, Refresh):
            context.resources.trace.describe(engine, acquired)
            waited = time.monotonic() - began
            tags = run_tags(acquired)
            if reason:
                tags[_TAG_WAITING] = f"over after {waited:.0f} s"
            # The sensor's runs have them; runs of people get them here, copies of a run new ones.
            if not tags.items() <= context.run.tags.items():
                context.instance.add_run_tags(context.run.run_id, tags)
            context.log.info(
                "Refreshing %s: %d events, reason %s, attempt %d%s",
                company_id,
                acquired.events,
                acquired.reason,
                acquired.attempt,
                f", after {waited:.1f} s of waiting for the limits" if reason else "",
            )
        if not isinstance(acquired, LimitsReached):
            return acquired
        if not reason.startswith(acquired.why):
            reason = f"{acquired.why} for backfills" if in_backfill else acquired.why
            context.log.info("Waiting for the %s. At most %d s.", reason, patience)
        if time.monotonic() >= sign_at:
            sign_at += _SIGN_SECONDS
            context.instance.add_run_tags(context.run.run_id, {_TAG_WAITING: reason})
        time.sleep(_ASK_SECONDS)
    raise stop(f"The {reason} let nothing start for {patience} s. Try later.")


def run_tags(refresh: Refresh | DueRefresh) -> dict[str, str]:
    """Return the tags by which Dagit finds the runs of a company and of a refresh."""
    tags = {
        names.TAG_COMPANY: refresh.company_id,
        names.TAG_REFRESH: refresh.refresh_id,
        names.TAG_REASON: refresh.reason,
    }
    return tags | ({names.TAG_TRACEPARENT: refresh.traceparent} if refresh.traceparent else {})


def stop(sentence: str) -> dg.Failure:
    """Return the failure that ends a step without a retry; `sentence` must name no person."""
    return dg.Failure(sentence, allow_retries=False)


def publishes(run: dg.DagsterRun) -> bool:
    """Return whether a run publishes: then it is a refresh and needs the company's lease."""
    key = dg.AssetKey(names.PUBLISHED_BUYER_GROUP)
    return not run.asset_selection or key in run.asset_selection


def is_refresh(run: dg.DagsterRun) -> bool:
    """Whether a run executes the step of a refresh, also one that publishes nothing."""
    if run.job_name == names.JOB:
        return True
    keys = {dg.AssetKey(name) for name in names.ASSETS}
    return bool(run.asset_selection) and not keys.isdisjoint(run.asset_selection or ())


def planned_attempt(run: dg.DagsterRun) -> tuple[str, int] | None:
    """Return refresh and attempt for which the sensor started `run`; `None` if a person did.

    A run that a person launches with the tags of another one, all or some of them, is theirs.
    """
    refresh_id = run.tags.get(names.TAG_REFRESH)
    planned, _, attempt = run.tags.get("dagster/run_key", "").rpartition(":")
    if run.parent_run_id is not None or not refresh_id or planned != refresh_id:
        return None
    return (refresh_id, int(attempt)) if attempt.isdecimal() else None


def _reason(acquired: LeaseBusy | AttemptOver) -> str:
    """Return one sentence on why the run has nothing to do."""
    if isinstance(acquired, LeaseBusy):
        return f"The company is already being refreshed by run {acquired.run_id}."
    return f"Refresh {acquired.refresh_id} is {acquired.state}: this run comes too late."


def _position(key: dg.AssetKey) -> int:
    return names.ASSETS.index(key.to_user_string())


def _has_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and run.status in ENDED


def _safe_message(error: BaseException) -> str:
    """Return the message of our own error; others may quote personal data."""
    if isinstance(error, dg.Failure):
        return error.description or ""
    return str(error) if isinstance(error, _OWN_ERRORS) else ""


@contextmanager
def _watch(step: RefreshStep) -> Iterator[None]:
    """While the step works: renew its lease, and interrupt it when its run is cancelled."""
    over = threading.Event()
    # Only the main thread can be interrupted. Dagster's own tests and ours run steps elsewhere.
    interrupts = threading.current_thread() is threading.main_thread()
    context = step._context

    def watch_until_over() -> None:
        renew_at = time.monotonic() + _RENEW_SECONDS
        while not over.wait(_WATCH_SECONDS):
            with suppress(*_TRANSIENT):
                if interrupts and interrupt_if_stopped(context.instance, context.run.run_id):
                    return
                if step.refresh is not None and time.monotonic() >= renew_at:
                    renew_at = time.monotonic() + _RENEW_SECONDS
                    try:
                        with writing(step.engine) as connection:
                            renew(connection, step.refresh)
                    except LeaseLostError:
                        return

    # With the context of the step: its transactions are spans of it.
    watch = threading.Thread(
        target=copy_context().run, args=(watch_until_over,), name="watch", daemon=True
    )
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
