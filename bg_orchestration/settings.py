"""Every environment variable of the project, with its type and description.

Each process imports this module, the receiver too, so it must not import Dagster.
"""

import os
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bg_orchestration import names
from bg_orchestration.crm_settings import CrmSettings
from bg_orchestration.domain.admission import Limits
from bg_orchestration.domain.freshness import FreshnessRules
from bg_orchestration.durations import Duration
from bg_orchestration.durations import format_duration as format_duration
from bg_orchestration.durations import parse_duration as parse_duration
from bg_orchestration.provider_settings import ProviderSettings, Url
from bg_orchestration.provider_settings import SettingsError as SettingsError
from bg_orchestration.setting_types import (
    AddressPattern,
    LogLevel,
    LogLevels,
    NamedMessages,
    NamedSecrets,
    Owners,
    Port,
)


class _SecretFiles(PydanticBaseSettingsSource):
    """The secrets of files: `BG_X_FILE` names the file that holds the value of `BG_X`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the content of the field's file, the key of its value, and whether it is JSON."""
        value = secret_file_content(field_name)
        # A field with an alias is read by the alias.
        alias = field.validation_alias
        return value, alias if isinstance(alias, str) else field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the values that files hold."""
        found = (
            self.get_field_value(field, name)
            for name, field in self.settings_cls.model_fields.items()
            if is_secret(name)
        )
        return {key: value for value, key, _ in found if value is not None}


class Settings(ProviderSettings, CrmSettings):
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
    dagster_postgres_url: SecretStr | None = Field(
        None,
        validation_alias="DAGSTER_POSTGRES_URL",
        description="URL of the PostgreSQL database of Dagster's storage, postgresql://. Read by "
        "the files deploy/dagster*.yaml.",
    )
    celery_broker: SecretStr | None = Field(
        None,
        description="URL of the broker of Celery workers, redis:// or amqp://. Read by "
        "deploy/dagster.yaml and deploy/dagster.rabbitmq.yaml.",
    )
    webhook_secrets: SecretStr | None = Field(
        None,
        description="source=secret,source=secret,... The source * signs for any source. A "
        "whsec_ value is a Standard Webhooks key. A secret has at least 16 bytes. A source may "
        "occur several times while its secret rotates.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        validation_alias="WEBHOOK_SECRET",
        description="A secret for any source, the same as *=SECRET in BG_WEBHOOK_SECRETS.",
    )
    profiles: Path | None = Field(
        None, description="Folder of seller profiles (*.yaml). Default: the profile of the package."
    )
    follow_unknown: bool = Field(
        True,
        description="Whether an event of an unknown company adds the company. "
        "If false, the event is stored as ignored.",
    )
    company_cooldown: Duration = Field(
        timedelta(hours=1),
        description="Cool-down: at most one automatic refresh of a company in this time. Events "
        "that arrive in a cool-down are deferred to its end.",
    )
    refreshes_per_minute: int = Field(
        10, ge=1, le=100_000, description="Most refreshes started in any rolling 60 s."
    )
    refresh_concurrency: int = Field(
        3, ge=1, le=1_000, description="Most refreshes that run at once."
    )
    max_attempts: int = Field(
        3, ge=1, le=20, description="Started attempts of a refresh before it is dead."
    )
    stale_after: Duration = Field(
        timedelta(days=30),
        description="Age at which a group of tier green is refreshed without an event.",
    )
    stale_after_orange: Duration = Field(
        timedelta(days=7), description="Age at which a group of tier orange is refreshed."
    )
    stale_after_red: Duration = Field(
        timedelta(days=1), description="Age at which a group of tier red is refreshed."
    )
    risk_changes_within: Duration = Field(
        timedelta(days=14), description="Time over which changes of a group count for its tier."
    )
    risk_changes: int = Field(
        3,
        ge=1,
        le=1_000,
        description="Changes in BG_RISK_CHANGES_WITHIN that make a company red; fewer make it "
        "orange.",
    )
    risk_completeness: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Completeness of a group, 0 to 1, below which its company is orange.",
    )
    risk_tenure_from: int = Field(
        30,
        ge=0,
        le=600,
        description="Months in a job from which a decider or champion may soon leave; if half of "
        "them are there, the company is orange.",
    )
    risk_tenure_to: int = Field(
        48, ge=0, le=600, description="Months in a job after which a person is expected to stay."
    )
    keep_events: Duration = Field(
        timedelta(days=90),
        description="Age at which the body of a handled, ignored or unreadable event is deleted. "
        "Its id is kept, so a later duplicate is still recognized.",
    )
    keep_refreshes: Duration = Field(
        timedelta(days=365), description="Age at which a completed refresh is deleted."
    )
    keep_operations: Duration = Field(
        timedelta(days=365), description="Age at which a finished provider call is deleted."
    )
    keep_runs: Duration = Field(
        timedelta(days=30),
        description="Age at which a run is deleted from Dagster. The newest run of a company "
        "stays.",
    )
    keep_notifications: Duration = Field(
        timedelta(days=30), description="Age at which a sent notification is deleted."
    )
    keep_traces: Duration = Field(
        timedelta(days=7),
        description="Age at which the spans of a run are deleted; `bg trace` draws them. "
        "0 stores none.",
    )
    artifacts: str | None = Field(
        None,
        description="Folder of the asset values, or s3://bucket/prefix. "
        "Default: BG_HOME/artifacts.",
    )
    warehouse: str | None = Field(
        None,
        description="Where the warehouse tables go each hour: a folder, s3://bucket/prefix, or a "
        "file NAME.duckdb. Default: nothing is exported until bg export, to BG_HOME/warehouse.",
    )
    suppression_key: SecretStr | None = Field(
        None,
        description="Key of the hashes of suppressed people, the same on every machine. "
        "Default: a random key in BG_HOME/suppression.key.",
    )
    more_suppression_keys: SecretStr | None = Field(
        None,
        description="key,key,...: further keys that the suppression list is read with, while "
        "BG_SUPPRESSION_KEY rotates and after it.",
    )
    receiver_host: str = Field("127.0.0.1", description="Address of the webhook receiver.")
    public_url: Url | None = Field(
        None,
        description="Public address of the receiver, https://..., for subscriptions to pushes.",
    )
    receiver_port: Port = Field(
        8080, description="Port of the webhook receiver; 0 takes a free port."
    )
    keep_alive: Duration = Field(
        timedelta(minutes=2),
        description="How long the receiver keeps an idle connection open. Set it longer than "
        "that of the proxy in front of the receiver, or requests are lost.",
    )
    admin_port: Port | None = Field(
        None,
        description="If set, /metrics and /readyz answer only on this port, not on the public one.",
    )
    exporter_host: str = Field(
        "127.0.0.1", description="Address on which `bg exporter` serves the pipeline's metrics."
    )
    exporter_port: Port = Field(9480, description="Port of `bg exporter`; 0 takes a free port.")
    dagit_port: Port = Field(3000, description="Port of Dagit, if `bg up` starts it.")
    notify_urls: NamedSecrets = Field(
        (),
        description="name=url,...: addresses of signed messages (Standard Webhooks) about changed "
        "groups and dead refreshes. Empty: nothing is sent.",
    )
    notify_secrets: NamedSecrets = Field(
        (),
        description="name=whsec_...,...: keys that sign the messages to BG_NOTIFY_URLS. A name may "
        "occur twice while its key is replaced.",
    )
    notify_slack_urls: NamedSecrets = Field(
        (),
        description="name=url,...: incoming webhooks of Slack or a compatible service; they get "
        "the messages as text.",
    )
    notify_events: NamedMessages = Field(
        (),
        description="name=group.changed,name=refresh.dead,name=digest,...: message types for an "
        "address. "
        "An address without an entry gets all types.",
    )
    notify_people: Literal["names", "ids"] = Field(
        "names",
        description="People in messages. names: names and titles; ids: ids only.",
    )
    notify_plain_http: bool = Field(
        False,
        description="Whether messages may go to other machines over http://. If false, https:// is "
        "required.",
    )
    owners: Owners = Field(
        ("team:data",), description="Owners of the assets in Dagit: team:data,ada@example.com."
    )
    code_url: Url | None = Field(
        None,
        description="Address of this repository's folder at the git host, for links in Dagit from "
        "an asset to its code: https://github.com/acme/bg_orchestration/blob/main.",
    )
    trace_url: AddressPattern | None = Field(
        None,
        description="Address of a refresh's trace, for links in Dagit: "
        "https://jaeger.example.com/trace/{trace_id}. Without it Dagit shows `bg trace`.",
    )
    reports: Path | None = Field(
        None,
        description="Folder of the pages of bg report. If it is set, each refresh writes the page "
        "of its company there, bg forget removes it, and Dagit shows its place. Workers of several "
        "machines need a shared folder. Default: only bg report writes pages.",
    )
    report_url: AddressPattern | None = Field(
        None,
        description="Address of a company's report, for links in Dagit: "
        "https://reports.example.com/{report_file}, where a web server serves BG_REPORTS. "
        "{company_id} is a place too. Without it Dagit shows the file in BG_REPORTS, or `bg show`.",
    )
    dagit_url: Url | None = Field(
        None,
        description="Address of Dagit, for the links to runs in the pages of `bg report`: "
        "https://dagit.example.com.",
    )
    log_level: LogLevel = Field("info", description="Least severe level of a written log line.")
    log_levels: LogLevels = Field(
        {},
        description="Levels of single rooms (folders of the package): webhooks=debug,store=info.",
    )
    otlp_endpoint: str | None = Field(
        None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Address of an OpenTelemetry collector, OTLP over HTTP, such as "
        "http://localhost:4318. Spans are sent there as well. The other OTEL_ variables hold too.",
    )
    openlineage_url: str | None = Field(
        None,
        validation_alias="OPENLINEAGE_URL",
        description="Address of an OpenLineage server, such as http://localhost:5000, for the "
        "sensor openlineage. It needs the extra `openlineage`.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources: arguments, environment, files of secrets."""
        return init_settings, _SecretFiles(settings_cls), env_settings

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of our database."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{quote(str(self.home.absolute() / 'bg.sqlite3'))}"

    @property
    def limits(self) -> Limits:
        """The limits that admission enforces."""
        return Limits(
            self.company_cooldown,
            self.refreshes_per_minute,
            self.refresh_concurrency,
            self.max_attempts,
        )

    @property
    def freshness(self) -> FreshnessRules:
        """The thresholds that give each company its tier."""
        return FreshnessRules(
            {
                "red": self.stale_after_red,
                "orange": self.stale_after_orange,
                "green": self.stale_after,
            },
            self.risk_changes_within,
            self.risk_changes,
            self.risk_completeness,
            self.risk_tenure_from,
            self.risk_tenure_to,
        )

    def notified(self, message: str) -> tuple[str, ...]:
        """Return the sorted names of the addresses that get messages of this type."""
        types: dict[str, set[str]] = {}
        for name, message_type in self.notify_events:
            types.setdefault(name, set()).add(message_type)
        addresses = {name for name, _ in (*self.notify_urls, *self.notify_slack_urls)}
        return tuple(
            sorted(name for name in addresses if message in types.get(name, names.MESSAGES))
        )

    @property
    def embedded(self) -> bool:
        """Whether the database is the default SQLite file under `BG_HOME`."""
        return self.database_url is None

    @property
    def wants_sample(self) -> bool:
        """Whether the fictional companies belong into the database.

        A configured database gets them only if BG_PROVIDER is set to `sample`.
        """
        return self.provider == "sample" and (self.embedded or "provider" in self.model_fields_set)

    @property
    def artifacts_url(self) -> str:
        """The folder or bucket of the asset values."""
        return self.artifacts or str(self.home.absolute() / "artifacts")

    @property
    def warehouse_address(self) -> str:
        """The folder, bucket or file of the warehouse tables."""
        return self.warehouse or str(self.home.absolute() / "warehouse")


def variable_of(field: str) -> str:
    """Return the environment variable of `field`."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"BG_{field.upper()}"


def is_secret(field: str) -> bool:
    """Return whether `field` holds secrets; its value may stand in a file."""
    return "SecretStr" in str(Settings.model_fields[field].annotation)


def file_variable_of(field: str) -> str:
    """Return the variable that names the file of a secret: `BG_X_FILE` for `BG_X`."""
    return f"{variable_of(field)}_FILE"


def secret_file_content(field: str) -> str | None:
    """Return the value in the file of a secret, lines joined by commas; `None` without a file.

    Raises:
        SettingsError: the file cannot be read, is empty, or the variable of the value is set too.
    """
    variable = file_variable_of(field)
    path = os.environ.get(variable)
    if not path:
        return None
    if os.environ.get(variable_of(field)):
        raise SettingsError(f"{variable}: {variable_of(field)} is set as well; set one of them.")
    try:
        lines = Path(path).read_text().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{variable}: {path} cannot be read: {reason}.") from None
    if not (value := ",".join(line.strip() for line in lines if line.strip())):
        raise SettingsError(f"{variable}: {path} is empty; write the value of the secret into it.")
    return value


def unknown_variables() -> list[str]:
    """Return the variables that begin with `BG_` but are no settings: most likely misspelt.

    The `dagster.yaml` in `DAGSTER_HOME` may name others, such as `BG_LOGS_BUCKET`.
    """
    known = {variable_of(field) for field in Settings.model_fields} | _variables_of_dagster()
    known |= {file_variable_of(field) for field in Settings.model_fields if is_secret(field)}
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
        SettingsError: a variable is invalid; one line for each, with its name and allowed values.
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
    """Return the settings of this process, which are read once."""
    return read_settings()
