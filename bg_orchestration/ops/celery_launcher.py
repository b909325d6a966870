"""Runs on Celery workers of any number of machines, over Redis or RabbitMQ.

    run_launcher:
      module: bg_orchestration.ops.celery_launcher
      class: LeasedCeleryRunLauncher

The broker is `BG_CELERY_BROKER`. A message only starts a run: the tables know what is to be done.
A message that is lost, late or delivered twice therefore does no harm.
"""

import ssl
from collections.abc import Mapping
from typing import Any, Final, Self

from dagster import DagsterRun
from dagster._serdes import ConfigurableClassData
from dagster_celery.defaults import broker_transport_options
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from bg_orchestration.assets.refresh_step import is_refresh
from bg_orchestration.settings import SettingsError, settings

_SETTINGS: Final[Mapping[str, Any]] = {
    # The broker forgets a message when a worker begins its run. If the worker dies, the lease runs
    # out after 40 s and the sensor starts another attempt. A late acknowledgement would only
    # deliver the dead run again, which Dagster ignores.
    "task_acks_late": False,
    # A worker reserves one more message for each of its processes. More would wait behind a slow
    # run although another worker is idle.
    "worker_prefetch_multiplier": 1,
    # Nothing reads results: Dagster's storage has the state of each run. So none are stored, and
    # none can expire too early or fill the broker's memory.
    "task_ignore_result": True,
    "result_expires": 3600,
    "worker_hijack_root_logger": False,
    # A worker waits for a lost broker for ever, at its start too. A run that executes meanwhile
    # goes on to its end.
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 5,
    # The daemon tries to send a message for about a second. Then the attempt fails without a
    # start, and the sensor repeats it after 10, 20, 30, 30 s ...
    "task_publish_retry_policy": {
        "max_retries": 2,
        "interval_start": 0.2,
        "interval_step": 0.3,
        "interval_max": 0.5,
    },
}
_REDIS: Final[Mapping[str, Any]] = {
    # Seconds after which a message that a killed worker had reserved is delivered again. It is
    # longer than a message waits for a process of its worker (`max_runtime_seconds`, 1800), so
    # no waiting message is delivered twice. The sensor does not wait for it: it replaces a run
    # that did not start within `start_timeout_seconds`.
    "visibility_timeout": 3600,
    # A broker that does not answer must not block the daemon.
    "socket_connect_timeout": 5,
    "socket_timeout": 5,
    "socket_keepalive": True,
}
_RABBITMQ: Final[Mapping[str, Any]] = {
    # The broker confirms that it has the message, so a full or stopping broker is noticed.
    "confirm_publish": True,
    "read_timeout": 15,
    "write_timeout": 15,
}


class LeasedCeleryRunLauncher(CeleryRunLauncher):
    """The launcher starts runs as Celery tasks; leases find runs whose worker died.

    Dagster's launcher asks Celery's result backend for the health of a worker. The backend says
    "started" after a `kill -9`, and "unknown" after a loss of its data, upon which Dagster's run
    monitoring fails healthy runs. With this launcher monitoring does not ask.
    """

    def __init__(self, broker: str | None = None, **more: Any) -> None:
        """Create the launcher; `broker` defaults to `BG_CELERY_BROKER`.

        Raises:
            SettingsError: no broker is configured.
        """
        broker = _verified(broker or configured_broker())
        config = {**_SETTINGS, **_tls(broker), **(more.pop("config_source", None) or {})}
        config["broker_transport_options"] = {
            **broker_transport_options,
            **_transport_options(broker),
            **config.get("broker_transport_options", {}),
        }
        more.setdefault("default_queue", "dagster")
        super().__init__(broker=broker, config_source=config, **more)

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether run monitoring asks for a worker's health: no, the lease decides."""
        return False

    def app_args(self) -> dict[str, Any]:
        """Return the arguments of the Celery application, which stores no results."""
        return {**super().app_args(), "backend": "disabled://"}

    def get_run_worker_debug_info(
        self, run: DagsterRun, include_container_logs: bool | None = True
    ) -> str | None:
        """Return the id of the run's Celery task."""
        return f"Celery task {run.tags.get(DAGSTER_CELERY_TASK_ID_TAG, 'unknown')}"

    def terminate(self, run_id: str) -> bool:
        """Cancel a run; returns whether it had not ended.

        Dagster's launcher never reports that it cancels, so its cancelled runs end as failed. A
        refresh reads its status every second and stops by itself, also one of `bg refresh` or
        `dagster job execute`, which has no task. Other jobs get a signal.
        """
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        if DAGSTER_CELERY_TASK_ID_TAG in run.tags and not is_refresh(run):
            return bool(super().terminate(run_id))
        return True

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> Self:
        """Create the launcher from `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)


def configured_broker() -> str:
    """Return the URL of the broker.

    Raises:
        SettingsError: `BG_CELERY_BROKER` is not set.
    """
    broker = settings().celery_broker
    if broker is None:
        raise SettingsError(
            "BG_CELERY_BROKER: not set, but dagster.yaml names a Celery launcher. Set it to "
            "redis://host:6379/0 or amqp://user:password@host:5672/vhost."
        )
    return broker.get_secret_value()


def _transport_options(broker: str) -> Mapping[str, Any]:
    scheme = broker.partition("://")[0]
    if scheme in ("redis", "rediss", "sentinel"):
        return _REDIS
    return _RABBITMQ if scheme in ("amqp", "amqps", "pyamqp") else {}


def _verified(broker: str) -> str:
    """Let Redis over TLS prove its certificate, unless the URL says otherwise.

    Celery verifies nothing by default.
    """
    if broker.startswith("rediss://") and "ssl_cert_reqs=" not in broker:
        return f"{broker}{'&' if '?' in broker else '?'}ssl_cert_reqs=CERT_REQUIRED"
    return broker


def _tls(broker: str) -> Mapping[str, Any]:
    """Return the setting by which RabbitMQ over TLS proves its certificate and host name."""
    if not broker.startswith("amqps://"):
        return {}
    # Kombu fills in the host of the URL where the key has no value.
    return {"broker_use_ssl": {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None}}
