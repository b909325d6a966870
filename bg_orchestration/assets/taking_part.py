"""How an asset takes part in a refresh: it holds the company's lease, or does not run.

The first asset of a run opens or takes over the refresh, whichever asset that is: a person may
materialize them all, re-run a failed run from its middle, or run the job from the command line.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Final

import dagster as dg
from sqlalchemy.exc import InterfaceError, OperationalError

from bg_orchestration import names
from bg_orchestration.assets.partitions import know_partitions
from bg_orchestration.domain.company_ids import is_company_id
from bg_orchestration.domain.model import Company
from bg_orchestration.ledger.errors import BudgetSpentError, ProviderAwayError, ProviderError
from bg_orchestration.privacy.suppression import SuppressionKeyError
from bg_orchestration.profiles import ProfileError
from bg_orchestration.providers.embedded import ready_engine
from bg_orchestration.refreshes.failed_attempts import defer, fail, give_up
from bg_orchestration.refreshes.life_cycle import (
    LEASE,
    Busy,
    Later,
    LeaseLostError,
    Over,
    Refresh,
    renew,
    start,
)
from bg_orchestration.refreshes.open_work import CANCELLED
from bg_orchestration.settings import SettingsError, settings
from bg_orchestration.store.companies import company as find_company
from bg_orchestration.store.database import SchemaError, engine_for, reading, writing

# How long a run waits in its slot for the limits to let it start, and how often it asks.
PATIENCE_SECONDS: Final = 300
_ASK_SECONDS: Final = 0.5

# A run that waits renews its tag this often: reconciliation takes one that has not moved for a
# minute for dead.
_SIGN_SECONDS: Final = 10
_TAG_WAITING: Final = "bg/waiting"

# Faults that may pass are tried again after 2, 4 and 8 s, then the attempt has failed.
STEP_RETRIES: Final = 3
_PASSING = (OperationalError, InterfaceError, ProviderAwayError)
# Errors of ours: their messages name nobody.
_OWN = (
    ProfileError,
    ProviderError,
    SchemaError,
    SettingsError,
    SuppressionKeyError,
)

ENDED = (
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
)


def require_company(context: dg.AssetExecutionContext) -> Company:
    """The company of the run's one partition.

    Raises:
        dg.Failure: never retried, one sentence: no partition, several, or one that is no company.
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
        company = find_company(connection, company_id)
    if company is None:
        raise stop(f"No company {company_id} is known. List them: bg companies")
    return company


def take_over(context: dg.AssetExecutionContext, company_id: str) -> Refresh | Busy | Over:
    """Make this run the one that refreshes the company, waiting a bounded time for the limits.

    Raises:
        dg.Failure: the limits let nothing start for `PATIENCE_SECONDS`.
    """
    know_partitions(context.instance, [company_id])
    planned = _planned(context.run)
    absorb = _executes(context.run, names.PEOPLE)
    limits = settings().limits
    said = ""
    say_at = time.monotonic()
    deadline = say_at + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with writing(engine_for(settings().url)) as connection:
            taken = start(
                connection, company_id, context.run.run_id, limits, planned, absorb=absorb
            )
            if isinstance(taken, Busy) and _has_ended(context.instance, taken.run_id):
                fail(connection, taken.refresh_id, taken.attempt, "the run ended early", limits)
                continue
        if isinstance(taken, Refresh):
            context.resources.trace.tell(engine_for(settings().url), taken)
        if not isinstance(taken, Later):
            return taken
        if said != taken.why:
            said = taken.why
            context.log.info("Waiting: %s", said)
        if time.monotonic() >= say_at:
            say_at += _SIGN_SECONDS
            context.instance.add_run_tags(context.run.run_id, {_TAG_WAITING: said})
        time.sleep(_ASK_SECONDS)
    raise stop(f"{said}; nothing could start for {PATIENCE_SECONDS} s. Try later.")


@contextmanager
def taking_part(context: dg.AssetExecutionContext) -> Iterator[Refresh | None]:
    """Hold the refresh of this run while an asset's body runs; an error in it ends the attempt.

    Yields `None` in a run that does not publish, such as a materialization of `people` alone: it
    reads, and needs no lease.

    Raises:
        dg.Failure: another run refreshes the company.
        dg.RetryRequested: a fault that may pass; 2, 4, 8 s later the step is run again.
        BudgetSpentError: the day's budget is spent; the refresh is deferred already.
    """
    with retrying(context):
        if not publishes(context.run):
            yield None
            return
        refresh = take_over(context, context.partition_key)
        if not isinstance(refresh, Refresh):
            raise stop(already(refresh))
        with holding(context, refresh):
            yield refresh


@contextmanager
def holding(context: dg.AssetExecutionContext, refresh: Refresh | None) -> Iterator[None]:
    """Keep a refresh's lease while a step works on it; an error ends the attempt, or defers it."""
    if refresh is None:
        yield
        return
    try:
        with _kept_alive(refresh):
            yield
    except LeaseLostError as error:
        raise stop(str(error)) from None
    except BaseException as error:
        if isinstance(error, BudgetSpentError):
            _defer(refresh, error)
        elif not _may_pass(context, error):
            _fail(refresh, error)
        raise


@contextmanager
def retrying(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Trace the step, and run it again 2, 4 and 8 s after a fault that may pass.

    Such as a database or a provider that is away.

    Dagster's own exponential backoff would give 2, 6 and 14 s.

    Raises:
        dg.RetryRequested: in place of such a fault, three times.
    """
    with context.resources.trace.step(context):
        try:
            yield
        except _PASSING as error:
            if not _may_pass(context, error):
                raise
            raise dg.RetryRequested(
                max_retries=STEP_RETRIES, seconds_to_wait=2 ** (context.retry_number + 1)
            ) from error


def _may_pass(context: dg.AssetExecutionContext, error: BaseException) -> bool:
    return isinstance(error, _PASSING) and context.retry_number < STEP_RETRIES


def already(taken: Busy | Over) -> str:
    """Why there was nothing to do, in one sentence."""
    if isinstance(taken, Busy):
        return f"The company is already being refreshed by run {taken.run_id}."
    return f"Refresh {taken.refresh_id} is {taken.state}: this run comes too late."


def stop(sentence: str) -> dg.Failure:
    """What ends a step at once with one sentence, which must name nobody."""
    return dg.Failure(sentence, allow_retries=False)


def publishes(run: dg.DagsterRun) -> bool:
    """Whether the run ends by publishing, so that it needs the lease and is a refresh."""
    return _executes(run, names.PUBLISHED_BUYER_GROUP)


def _executes(run: dg.DagsterRun, asset: str) -> bool:
    """Whether `asset` is among what the run materializes, all or some, and among its steps."""
    selected = not run.asset_selection or dg.AssetKey(asset) in run.asset_selection
    return selected and (run.step_keys_to_execute is None or asset in run.step_keys_to_execute)


def _planned(run: dg.DagsterRun) -> tuple[str, int] | None:
    """Refresh and attempt for which the sensor started `run`; `None` if a person did.

    A run that a person executes again has the tags of the first one, and is theirs all the same.
    """
    if run.parent_run_id is not None or names.TAG_REFRESH not in run.tags:
        return None
    _, _, attempt = run.tags["dagster/run_key"].rpartition(":")
    return run.tags[names.TAG_REFRESH], int(attempt)


def _has_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and run.status in ENDED


def _fail(refresh: Refresh, error: BaseException) -> None:
    told = f"{type(error).__name__}{f': {text}' if (text := _own_words(error)) else ''}"
    cancelled = isinstance(error, dg.DagsterExecutionInterruptedError)
    with writing(engine_for(settings().url)) as connection:
        if cancelled and refresh.reason == "manual":
            give_up(connection, refresh.refresh_id, refresh.attempt, CANCELLED)
        else:
            fail(connection, refresh.refresh_id, refresh.attempt, told, settings().limits)


def _defer(refresh: Refresh, error: BudgetSpentError) -> None:
    with writing(engine_for(settings().url)) as connection:
        defer(connection, refresh.refresh_id, refresh.attempt, str(error), error.until)


def _own_words(error: BaseException) -> str:
    """The message of an error of ours; those of others may quote personal data."""
    if isinstance(error, dg.Failure):
        return error.description or ""
    return str(error) if isinstance(error, _OWN) else ""


@contextmanager
def _kept_alive(refresh: Refresh) -> Iterator[None]:
    """Renew the lease in the background while the body runs."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
            try:
                with writing(engine_for(settings().url)) as connection:
                    renew(connection, refresh)
            except LeaseLostError:
                return
            except _PASSING:
                continue

    # With the context of the step: its transactions are spans of it.
    heart = threading.Thread(target=copy_context().run, args=(beat,), name="lease", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
