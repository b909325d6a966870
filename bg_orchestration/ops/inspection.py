"""The inspection reads the state of every part at once, each for a few seconds at most."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import httpx
import psutil
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from bg_orchestration import names
from bg_orchestration.domain.diagnosis.facts import (
    Daemons,
    Database,
    Facts,
    Signatures,
)
from bg_orchestration.intake.inbox import UNREADABLE_TYPES
from bg_orchestration.intake.subscriptions import RENEWED_AHEAD, expiring_subscriptions
from bg_orchestration.ledger.reports import over_budget, provider_health
from bg_orchestration.observability.deadlines import Question
from bg_orchestration.ops import addresses, dagster_storage
from bg_orchestration.ops.dagster_home import dagster_home, read_instance, uses_celery
from bg_orchestration.ops.dagster_storage import NoDagsterStorageError
from bg_orchestration.ops.extras import unmet_needs
from bg_orchestration.privacy.suppression import (
    Identifier,
    SuppressionKeyError,
    Suppressions,
    more_keys,
    suppression_key,
)
from bg_orchestration.refreshes import open_work
from bg_orchestration.refreshes.clock_steps import records_ahead
from bg_orchestration.settings import Settings, unknown_variables
from bg_orchestration.store.database import (
    SCHEMA_VERSION,
    SchemaError,
    check_schema,
    clock,
    describe_outage,
    engine_for,
    reading_within,
)
from bg_orchestration.store.outbox import outbox_now
from bg_orchestration.webhooks.signatures import Keyring, SecretsError

# The longest wait for a part, and for the whole inspection: connecting to a lost PostgreSQL takes 5
# s.
_HTTP_SECONDS: Final = 4.0
_STATEMENT_SECONDS: Final = 3.0
_SECONDS: Final = 8.0
_MISMATCHED: Final = ("mismatch", "wrong_source")
_LOCATIONS: Final = (
    "{workspaceOrError{... on Workspace{locationEntries{name loadStatus "
    "locationOrLoadError{... on PythonError{message}}}}}}"
)

T = TypeVar("T")
PartFacts = dict[str, Any]


def inspect(config: Settings) -> Facts:
    """Return the state of every part; a part without an answer is a fault in the facts."""
    home = config.home.absolute()
    running = addresses.find(home)
    host = f"[{config.receiver_host}]" if ":" in config.receiver_host else config.receiver_host
    receiver = running.receiver if running else f"http://{host}:{config.receiver_port}"
    admin = f"http://{host}:{config.admin_port or config.receiver_port}/metrics"
    metrics = running.metrics if running else admin
    dagit = running.dagit if running else f"http://127.0.0.1:{config.dagit_port}"
    late = "it does not answer in time"
    questions: list[tuple[Callable[[], PartFacts], PartFacts]] = [
        (lambda: _database(config), {"database_fault": f"The database: {late}."}),
        (lambda: _dagster(dagster_home(config)), {"dagster_fault": late}),
        (lambda: _receiver(receiver, metrics), {"receiver_fault": late}),
        (lambda: _dagit(dagit), {"dagit_fault": late}),
        (lambda: _machine(config, dagster_home(config)), {}),
    ]
    facts: PartFacts = {}
    for answer in _ask_all(questions):
        facts |= answer
    return Facts(
        home=str(home),
        programs=str(Path(sys.executable).parent),
        limits=config.limits,
        database_kind=_kind(config),
        unknown_variables=tuple(unknown_variables()),
        secrets_fault=_secrets(config),
        keyless=_keyless(config),
        daily_budget_usd=config.daily_budget_usd,
        started=running is not None,
        killed=addresses.was_killed(home),
        demo=str(home / "demo") if (home / "demo" / names.DEMO_MARKER).exists() else None,
        dagster_dev=running is None and _runs_dagster_dev(),
        parts=addresses.part_states(running) if running else {},
        ends=addresses.ended_ago(running) if running else {},
        receiver=receiver,
        dagit=dagit,
        **facts,
    )


def _runs_dagster_dev() -> bool:
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "dev" in words and any(Path(word).name in ("dagster", "dg") for word in words[:3]):
            return True
    return False


def _ask_all(parts: list[tuple[Callable[[], PartFacts], PartFacts]]) -> list[PartFacts]:
    questions = [(Question(ask), otherwise) for ask, otherwise in parts]
    for question, _ in questions:
        question.begin()
    until = time.monotonic() + _SECONDS
    answers = []
    for question, otherwise in questions:
        try:
            answers.append(question.answer(until))
        except TimeoutError:
            answers.append(otherwise)
    return answers


def _kind(config: Settings) -> Literal["sqlite", "postgresql"]:
    return "sqlite" if config.url.startswith("sqlite") else "postgresql"


def _secrets(config: Settings) -> str | None:
    try:
        Keyring.from_settings(config)
    except SecretsError as error:
        return str(error)
    return None


def _keyless(config: Settings) -> tuple[str, ...]:
    return tuple(provider for provider in config.providers_in_use if not config.has_key(provider))


def _database(config: Settings) -> PartFacts:
    path = _file(config)
    if path is not None and not path.exists():
        return {"schema_fault": f"There is no database at {path} yet."}
    try:
        engine = engine_for(config.url)
        check_schema(engine)
        with reading_within(engine, _STATEMENT_SECONDS) as connection:
            health = provider_health(connection)
            followed, refreshed = open_work.groups_made(connection)
            database = Database(
                stages=open_work.stages(connection),
                refreshes=open_work.open_refreshes(connection),
                dead_events=open_work.dead_events(connection),
                newest_dead_event=open_work.newest_dead_event(connection),
                unreadable_events=open_work.unreadable_events(connection),
                newest_unreadable=open_work.newest_dead_event(connection, UNREADABLE_TYPES),
                dead_refreshes=tuple(open_work.dead_refreshes(connection)),
                last_completed=open_work.last_completed(connection),
                suppression_fault=_suppression(config, connection),
                providers=tuple(
                    health[provider] for provider in config.providers_in_use if provider in health
                ),
                spent_today_usd=sum(provider.today_usd for provider in health.values()),
                over_budget=over_budget(connection),
                outbox=outbox_now(connection),
                ending=_expiring_hours(connection),
                ahead_seconds=records_ahead(connection, clock(connection)).total_seconds(),
                followed=followed,
                refreshed=refreshed,
                refresh_seconds=open_work.mean_seconds(connection),
            )
    except SchemaError as error:
        return {"schema_fault": str(error)}
    except SQLAlchemyError as error:
        return {"database_fault": describe_outage(error)}
    return {"database": database, "schema_version": SCHEMA_VERSION}


def _file(config: Settings) -> Path | None:
    """Return the file of a SQLite database."""
    if _kind(config) != "sqlite":
        return None
    name = make_url(config.url).database
    return Path(name) if name and name != ":memory:" else None


def _expiring_hours(connection: Connection) -> dict[str, float]:
    now = clock(connection)
    return {
        subscription.subscription_id: (subscription.expires_at - now).total_seconds()
        for subscription in expiring_subscriptions(connection, RENEWED_AHEAD)
        if subscription.expires_at is not None
    }


def _suppression(config: Settings, connection: Connection) -> str | None:
    nobody = Identifier("person", "")
    try:
        Suppressions(suppression_key(config), more_keys(config)).listed(connection, [nobody])
    except (SuppressionKeyError, OSError) as error:
        return str(error)
    return None


def _dagster(home: Path) -> PartFacts:
    try:
        runs = dagster_storage.read_runs(home)
        instigators = dagster_storage.read_instigators(home)
    except (NoDagsterStorageError, OSError, KeyError, ValueError) as error:
        return {"dagster_fault": str(error)}
    except SQLAlchemyError as error:
        return {"dagster_fault": describe_outage(error)}
    daemons = Daemons(
        heartbeats=runs.heartbeats,
        runs=runs.unfinished,
        sensor=names.SENSOR,
        stopped=instigators.stopped,
        sensor_error=instigators.sensor_error,
        ahead_seconds=instigators.ahead_seconds,
    )
    return {"daemons": daemons, "dagster_kind": dagster_storage.storage_kind(home)}


def _receiver(receiver: str, metrics: str) -> PartFacts:
    with httpx.Client(timeout=_HTTP_SECONDS) as client:
        try:
            client.get(f"{receiver}/healthz").raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return {"receiver_fault": _why(error)}
        facts: PartFacts = {}
        try:
            ready = client.get(metrics.removesuffix("/metrics") + "/readyz")
            if ready.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                facts["not_ready"] = str(ready.json()["detail"])
            counts = client.get(metrics).raise_for_status().text
        except (httpx.HTTPError, ValueError, KeyError):
            return facts
        return facts | {"signatures": _signatures(counts)}


def _signatures(text: str) -> Signatures:
    verified = mismatched = 0.0
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == "bg_webhook_events_total":
                verified += sample.value
            elif (
                sample.name == "bg_webhook_refused_total" and sample.labels["reason"] in _MISMATCHED
            ):
                mismatched += sample.value
    return Signatures(int(verified), int(mismatched))


def _dagit(dagit: str) -> PartFacts:
    try:
        answer = httpx.post(f"{dagit}/graphql", json={"query": _LOCATIONS}, timeout=_HTTP_SECONDS)
        entries = answer.raise_for_status().json()["data"]["workspaceOrError"]["locationEntries"]
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return {"dagit_fault": _why(error)}
    except (ValueError, KeyError, TypeError):
        return {"dagit_fault": "something else answers there"}
    ours = next((entry for entry in entries if entry["name"] == names.LOCATION), None)
    if ours is None:
        return {"code_location_fault": f"the workspace holds no location {names.LOCATION}"}
    fault = (ours["locationOrLoadError"] or {}).get("message")
    if fault is None and ours["loadStatus"] != "LOADED":
        fault = f"it is {ours['loadStatus'].lower()}"
    return {"code_location_fault": fault and " ".join(fault.split())[:300]}


def _machine(config: Settings, home: Path) -> PartFacts:
    folder = config.home.absolute()
    while not folder.exists():
        folder = folder.parent
    facts: PartFacts = {"disk_free_bytes": psutil.disk_usage(str(folder)).free}
    if (path := _file(config)) is not None:
        facts["file_system"] = _file_system(path.absolute())
    needs = facts["unmet_needs"] = tuple(unmet_needs(config, home))
    if (fault := _broker_folder(home)) is not None:
        facts["broker_fault"] = fault
    if not needs and (fault := _broker_server(config, home)) is not None:
        facts |= {"broker_fault": fault, "broker_server": True}
    return facts


def _file_system(path: Path) -> str | None:
    mounts = {
        Path(partition.mountpoint): partition.fstype
        for partition in psutil.disk_partitions(all=True)
    }
    return next((mounts[folder] for folder in path.parents if folder in mounts), None)


def _broker_server(config: Settings, home: Path) -> str | None:
    """Return why the broker of BG_CELERY_BROKER does not answer; `None` without one."""
    if config.celery_broker is None or not uses_celery(home):
        return None
    from kombu.connection import Connection as BrokerConnection

    url = config.celery_broker.get_secret_value()
    limits = {"socket_connect_timeout": _STATEMENT_SECONDS, "socket_timeout": _STATEMENT_SECONDS}
    redis = url.startswith(("redis", "sentinel"))
    try:
        with BrokerConnection(  # type: ignore[no-untyped-call]
            url, connect_timeout=_STATEMENT_SECONDS, transport_options=limits if redis else {}
        ) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=1)
    except Exception as error:  # noqa: BLE001 - each transport has its own errors
        # Not the error's text: it may quote the URL with its password.
        host = urlsplit(url).hostname
        return f"the broker at {host} does not answer ({type(error).__name__})"
    return None


def _broker_folder(home: Path) -> str | None:
    """Return why the folder of Celery's broker accepts no files; `None` if it does."""
    try:
        config = read_instance(home)["run_launcher"]["config"]["config_source"]
        options = config["broker_transport_options"]
        folders = {options["data_folder_in"], options["data_folder_out"], options["control_folder"]}
    except (OSError, KeyError, TypeError, yaml.YAMLError):
        return None
    try:
        for folder in sorted(folders):
            # The file leaves nothing that a worker could read as a message.
            with tempfile.TemporaryFile(dir=folder):
                pass
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return None


def _why(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"it answers {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    return "nothing listens there" if isinstance(error, httpx.ConnectError) else str(error)
