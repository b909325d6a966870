"""Every environment variable the project reads, typed and described, in one place.

This module is imported by each process, the receiver's included: it must not import Dagster.
"""

import os
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict

from bg_orchestration import names
from bg_orchestration.domain.admission import Limits
from bg_orchestration.durations import Duration
from bg_orchestration.durations import format_duration as format_duration
from bg_orchestration.durations import parse_duration as parse_duration
from bg_orchestration.provider_settings import ProviderSettings, Url
from bg_orchestration.provider_settings import SettingsError as SettingsError

Port = Annotated[int, Field(ge=0, le=65_535)]
LogLevel = Literal["debug", "info", "warning", "error"]


def _pairs(value: str) -> list[tuple[str, str]]:
    """The pairs of `name=value,name=value`, split at the first `=`, without spaces around them."""
    pairs = [pair.partition("=")[::2] for pair in value.split(",") if pair.strip()]
    return [(name.strip(), text.strip()) for name, text in pairs]


def _as_pairs(value: dict[str, str] | tuple[tuple[str, str | SecretStr], ...]) -> str:
    """`value` as the setting would be written, secrets masked."""
    pairs = value.items() if isinstance(value, dict) else value
    return ",".join(f"{name}={text}" for name, text in pairs)


def parse_levels(value: Any) -> Any:
    """Read `room=level,room=level`; the rooms are the folders of this package."""
    if not isinstance(value, str):
        return value
    pairs = _pairs(value)
    rooms = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
    if not all(room in rooms and level for room, level in pairs):
        raise ValueError(f"room=level,room=level; the rooms are {', '.join(rooms)}")
    return {room: level.lower() for room, level in pairs}


LogLevels = Annotated[
    dict[str, LogLevel], NoDecode, BeforeValidator(parse_levels), PlainSerializer(_as_pairs)
]


_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,64}")


def parse_named(value: Any) -> Any:
    """Read `name=value,name=value`; a name may stand several times."""
    if not isinstance(value, str):
        return value
    named = _pairs(value)
    if not all(_ADDRESS.fullmatch(name) and text for name, text in named):
        raise ValueError("name=value,name=value; a name is letters, digits, _ and -")
    return tuple(named)


_READ_NAMED = (NoDecode, BeforeValidator(parse_named), PlainSerializer(_as_pairs))
NamedSecrets = Annotated[tuple[tuple[str, SecretStr], ...], *_READ_NAMED]
NamedMessages = Annotated[
    tuple[tuple[str, Literal["group.changed", "refresh.dead"]], ...], *_READ_NAMED
]


class Settings(ProviderSettings):
    """The effective configuration. Field `x` is read from the variable `BG_X`."""

    model_config = SettingsConfigDict(env_prefix="BG_", extra="ignore", frozen=True)

    home: Path = Field(
        Path(".bg"), description="Folder for the embedded database, artifacts, logs and Dagster."
    )
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of our tables, sqlite:// or postgresql://. "
        "Default: SQLite under BG_HOME.",
    )
    webhook_secrets: SecretStr | None = Field(
        None,
        description="source=secret,source=secret,... Source * signs for any source; a whsec_ value "
        "is a Standard Webhooks key; a source may stand several times while a secret rotates.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        validation_alias="WEBHOOK_SECRET",
        description="One plain secret for any source: the same as *=SECRET in BG_WEBHOOK_SECRETS.",
    )
    profiles: Path | None = Field(
        None, description="Folder of seller profiles (*.yaml). Default: the one that ships."
    )
    follow_unknown: bool = Field(
        True,
        description="Whether an event of an unknown company adds that company; "
        "if false the event is stored as ignored.",
    )
    company_cooldown: Duration = Field(
        timedelta(hours=1),
        description="At most one automatic refresh of a company in this time; events that arrive "
        "meanwhile are deferred to its end.",
    )
    refreshes_per_minute: int = Field(
        10, ge=1, le=100_000, description="Refreshes started in any rolling 60 s."
    )
    refresh_concurrency: int = Field(3, ge=1, le=1_000, description="Refreshes running at once.")
    max_attempts: int = Field(
        3, ge=1, le=20, description="Runs of one refresh before it is declared dead."
    )
    stale_after: Duration = Field(
        timedelta(days=30), description="Age at which a group is refreshed without any event."
    )
    keep_events: Duration = Field(
        timedelta(days=90),
        description="Age at which the body of a handled or ignored event is deleted; its id "
        "is kept, so a duplicate is known for ever.",
    )
    keep_refreshes: Duration = Field(
        timedelta(days=365), description="Age at which a completed refresh is deleted."
    )
    keep_operations: Duration = Field(
        timedelta(days=365), description="Age at which a finished provider call is deleted."
    )
    keep_runs: Duration = Field(
        timedelta(days=30),
        description="Age at which a run is deleted from Dagster; the newest of a company stays.",
    )
    keep_notifications: Duration = Field(
        timedelta(days=30), description="Age at which a sent message is deleted."
    )
    keep_traces: Duration = Field(
        timedelta(days=7),
        description="Age at which the spans of a run, which `bg trace` draws, are deleted; "
        "0 stores none.",
    )
    artifacts: str | None = Field(
        None,
        description="Where asset values are kept: a folder or s3://bucket/prefix. "
        "Default: BG_HOME/artifacts.",
    )
    suppression_key: SecretStr | None = Field(
        None,
        description="Key of the hashes of suppressed people, the same on every machine. "
        "Default: one made at random in BG_HOME/suppression.key.",
    )
    receiver_host: str = Field("127.0.0.1", description="Address the webhook receiver listens on.")
    public_url: Url | None = Field(
        None,
        description="Public address of the receiver, https://..., for subscriptions.",
    )
    receiver_port: Port = Field(8080, description="Port of the webhook receiver; 0 takes any.")
    keep_alive: Duration = Field(
        timedelta(minutes=2),
        description="How long the receiver keeps an idle connection open. Set it longer than "
        "the proxy in front of the receiver, or requests are lost.",
    )
    admin_port: Port | None = Field(
        None,
        description="If set, /metrics and /readyz answer on this port only, not on the public one.",
    )
    exporter_host: str = Field(
        "127.0.0.1", description="Address on which `bg exporter` serves the pipeline's metrics."
    )
    exporter_port: Port = Field(9480, description="Port of `bg exporter`; 0 takes any.")
    dagit_port: Port = Field(3000, description="Port of Dagit when started by `bg up`.")
    notify_urls: NamedSecrets = Field(
        (),
        description="name=url,...: addresses that get signed messages (Standard Webhooks) when a "
        "published group changes or a refresh is dead. Empty: nothing is sent.",
    )
    notify_secrets: NamedSecrets = Field(
        (),
        description="name=whsec_...,...: the keys that sign for each of BG_NOTIFY_URLS; several "
        "for one name while its key is replaced.",
    )
    notify_slack_urls: NamedSecrets = Field(
        (),
        description="name=url,...: incoming webhooks of Slack, or compatible ones, that get the "
        "same messages as text.",
    )
    notify_events: NamedMessages = Field(
        (),
        description="name=group.changed,name=refresh.dead,...: which messages an address gets; "
        "an address without an entry gets all.",
    )
    notify_people: Literal["names", "ids"] = Field(
        "names",
        description="How messages name people: names and titles, or ids only.",
    )
    notify_plain_http: bool = Field(
        False,
        description="Whether messages may go over http:// to other machines; otherwise "
        "https:// is required.",
    )
    log_level: LogLevel = Field("info", description="Least severe log line to write.")
    log_levels: LogLevels = Field(
        {},
        description="Levels for single folders of the package: webhooks=debug,store=warning.",
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Address of an OpenTelemetry collector, OTLP over HTTP, such as "
        "http://localhost:4318. Spans go there as well; OpenTelemetry's other variables hold too.",
    )

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of our database."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.absolute() / 'bg.sqlite3'}"

    @property
    def limits(self) -> Limits:
        """The limits that admission enforces."""
        return Limits(
            self.company_cooldown,
            self.refreshes_per_minute,
            self.refresh_concurrency,
            self.max_attempts,
        )

    def notified(self, message: str) -> tuple[str, ...]:
        """The names of the addresses that get messages of this type, sorted."""
        wants: dict[str, set[str]] = {}
        for name, wanted in self.notify_events:
            wants.setdefault(name, set()).add(wanted)
        known = {name for name, _ in (*self.notify_urls, *self.notify_slack_urls)}
        return tuple(sorted(one for one in known if message in wants.get(one, names.MESSAGES)))

    @property
    def embedded(self) -> bool:
        """Whether the database is the default one, which nobody but us administers."""
        return self.database_url is None

    @property
    def wants_sample(self) -> bool:
        """Whether the fictional companies belong into the database.

        Into one that somebody administers only if BG_PROVIDER asks for them, not by default.
        """
        return self.provider == "sample" and (self.embedded or "provider" in self.model_fields_set)

    @property
    def artifacts_url(self) -> str:
        """Folder or bucket of the asset values."""
        return self.artifacts or str(self.home.absolute() / "artifacts")


def variable_of(field: str) -> str:
    """The environment variable that sets `field`."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"BG_{field.upper()}"


def unknown_variables() -> list[str]:
    """The variables that look like settings but are none: most likely misspelt.

    The `dagster.yaml` in `DAGSTER_HOME` may name others, such as `BG_CELERY_BROKER`.
    """
    known = {variable_of(field) for field in Settings.model_fields} | _variables_of_dagster()
    return sorted(name for name in os.environ if name.startswith("BG_") and name not in known)


def _variables_of_dagster() -> set[str]:
    try:
        instance = Path(os.environ["DAGSTER_HOME"], "dagster.yaml").read_text()
    except (KeyError, OSError):
        return set()
    return set(re.findall(r"""^[^#\n]*\benv: *["']?(\w+)""", instance, re.MULTILINE))


def read_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: one line a variable that cannot be used: its name and what it may be.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{_variable_at(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("\n".join(dict.fromkeys(lines))) from None


def _variable_at(loc: tuple[int | str, ...]) -> str:
    name = str(loc[0]) if loc else "BG_"
    return variable_of(name) if name in Settings.model_fields else name


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()
