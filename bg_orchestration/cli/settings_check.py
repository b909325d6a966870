"""Check the values of settings beyond their types: secrets, folders, addresses."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bg_orchestration.destinations.notifications.recipients import read_addresses
from bg_orchestration.profiles import ProfileError, load_policy, load_profiles
from bg_orchestration.settings import Settings, SettingsError, variable_of
from bg_orchestration.webhooks.signatures import Keyring, SecretsError

_HTTP: Final = ("http", "https")
_SCHEMES: Final = {
    "celery_broker": ("redis", "rediss", "amqp", "amqps"),
    "dagit_url": _HTTP,
    "otlp_endpoint": _HTTP,
    "openlineage_url": _HTTP,
}
_DATABASES: Final = {
    "database_url": ("sqlite", "postgresql"),
    "dagster_postgres_url": ("postgresql",),
}


def setting_faults(config: Settings) -> Iterator[str]:
    """Yield a sentence on each value that cannot be used, and what to do; never the value."""
    readers: list[Callable[[], object]] = [
        lambda: read_addresses(config),
        lambda: load_profiles(config.profiles),
        lambda: load_policy(config.profiles),
        *(partial(config.key_of, provider) for provider in config.providers_in_use),
    ]
    if config.webhook_secrets is not None or config.webhook_secret is not None:
        readers.insert(0, lambda: Keyring.from_settings(config))
    for read in readers:
        yield from _fault(read)
    yield from _address_faults(config)
    yield from _folder_fault(config.home, "BG_HOME")
    for field in ("artifacts", "warehouse"):
        place = _plain(config, field)
        if place and "://" not in place:
            yield from _folder_fault(Path(place).parent, variable_of(field))
        elif place and not _has_scheme(place, ("s3",)):
            yield f"{variable_of(field)}: write a folder, or s3://bucket/prefix"


def _address_faults(config: Settings) -> Iterator[str]:
    for field, backends in _DATABASES.items():
        if (url := _plain(config, field)) and _backend(url) not in backends:
            yield f"{variable_of(field)}: write {' or '.join(f'{name}://...' for name in backends)}"
    for field, schemes in _SCHEMES.items():
        if (url := _plain(config, field)) and not _has_scheme(url, schemes):
            allowed = " or ".join(f"{name}://host..." for name in schemes)
            yield f"{variable_of(field)}: write {allowed}"


def _fault(read: Callable[[], object]) -> Iterator[str]:
    try:
        read()
    except (SecretsError, SettingsError, ProfileError) as error:
        yield str(error)


def _plain(config: Settings, field: str) -> str:
    value = getattr(config, field)
    if value is None:
        return ""
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def _backend(url: str) -> str:
    try:
        return make_url(url).get_backend_name()
    except ArgumentError:
        return ""


def _has_scheme(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.netloc)
    except ValueError:
        return False


def _folder_fault(folder: Path, variable: str) -> Iterator[str]:
    """Yield a fault unless the folder, or the nearest one above it, may be written to."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if _is(place))
    if not there.is_dir():
        yield f"{variable}: {there} is a file; name a folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"{variable}: {there} may not be written to; name another folder or change its rights"


def _is(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:
        return False
