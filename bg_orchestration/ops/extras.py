"""What the settings need beside the package: further packages and addresses."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from bg_orchestration.ops.dagster_home import dagster_home, read_instance, uses_celery
from bg_orchestration.settings import Settings, settings

# The package that each extra of pyproject.toml installs.
_PACKAGES: Final = {
    "crm": "hubspot",
    "redis": "redis",
    "rabbitmq": "amqp",
    "s3": "dagster_aws",
    "ecs": "dagster_aws",
    "k8s": "dagster_k8s",
}
# https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.html: names of transports.
_BROKERS: Final = {
    **dict.fromkeys(("redis", "rediss", "sentinel"), "redis"),
    **dict.fromkeys(("amqp", "amqps", "pyamqp"), "rabbitmq"),
}
_LAUNCHERS: Final = {"dagster_aws": "ecs", "dagster_k8s": "k8s"}


class Need(NamedTuple):
    """What is missing, a sentence without its full stop, and the command that mends it."""

    what: str
    command: str

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.what}: {self.command}"


def unmet_needs(config: Settings, home: Path) -> list[Need]:
    """Return missing packages, and a missing address of the broker or of Dagster's database.

    Args:
        config: the settings.
        home: the folder of `dagster.yaml`; an instance without it needs nothing.
    """
    needs = [
        Need(
            f"{reason} needs the package {_PACKAGES[extra]}, which is not installed",
            f"pip install 'bg_orchestration[{extra}]'",
        )
        for extra, reason in dict(_needed_extras(config, home)).items()
        if find_spec(_PACKAGES[extra]) is None
    ]
    for system in sorted({each.partition(".")[0] for each in config.crm_automatic}):
        if system not in config.crms:
            what = f"BG_CRM_AUTOMATIC names {system}, but its key is not set"
            needs.append(Need(what, "bg crm --help"))
    launcher = read_instance(home).get("run_launcher") or {}
    if launcher.get("class") == "LeasedCeleryRunLauncher" and not _broker(config, launcher):
        what = "dagster.yaml names a Celery launcher, but BG_CELERY_BROKER is not set"
        needs.append(Need(what, "export BG_CELERY_BROKER=redis://host:6379/0"))
    storage = (read_instance(home).get("storage") or {}).get("custom") or {}
    own_url = {"postgres_url", "postgres_db"} & (storage.get("config") or {}).keys()
    if storage.get("class") == "PostgresStorage" and not (own_url or config.dagster_postgres_url):
        what = "dagster.yaml names the PostgreSQL storage, but DAGSTER_POSTGRES_URL is not set"
        needs.append(Need(what, "export DAGSTER_POSTGRES_URL=postgresql://user:...@host/dagster"))
    return needs


def require_needs() -> None:
    """End this process with a sentence for each unmet need; a launcher would fail for ever.

    Raises:
        SystemExit: something is missing.
    """
    if needs := unmet_needs(settings(), dagster_home(settings())):
        raise SystemExit("\n".join(map(str, needs)))


def _needed_extras(config: Settings, home: Path) -> Iterator[tuple[str, str]]:
    """Yield the needed extras, each with the setting that needs it."""
    if config.crm_automatic:
        yield "crm", "BG_CRM_AUTOMATIC"
    instance = read_instance(home)
    launcher, logs = (instance.get(name) or {} for name in ("run_launcher", "compute_logs"))
    if uses_celery(home):
        scheme = _broker(config, launcher).partition("://")[0]
        if scheme in _BROKERS:
            yield _BROKERS[scheme], f"The broker {scheme}:// of BG_CELERY_BROKER"
    package = str(launcher.get("module", "")).partition(".")[0]
    if package in _LAUNCHERS:
        yield _LAUNCHERS[package], f"The run launcher {launcher.get('class')} of dagster.yaml"
    if config.artifacts_url.startswith("s3://"):
        yield "s3", "The folder s3:// of BG_ARTIFACTS"
    elif str(logs.get("module", "")).startswith("dagster_aws."):
        yield "s3", f"The log manager {logs.get('class')} of dagster.yaml"


def _broker(config: Settings, launcher: Mapping[str, Any]) -> str:
    """Return the broker's URL; empty where another variable has it."""
    written = (launcher.get("config") or {}).get("broker")
    if isinstance(written, str):
        return written
    return config.celery_broker.get_secret_value() if config.celery_broker else ""
