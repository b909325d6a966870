"""The addresses of messages, from the settings alone, with their signing keys."""

import ipaddress
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from bg_orchestration.settings import Settings, SettingsError
from bg_orchestration.webhooks.signatures import Key


class AddressError(SettingsError):
    """An address is invalid; the message names variable and address, but no value."""


@dataclass(frozen=True, slots=True)
class NotificationAddress:
    """A receiver of messages; its URL may be a secret, as Slack's are."""

    name: str
    kind: Literal["webhook", "slack"]
    url: str = field(repr=False)
    keys: tuple[Key, ...] = ()


def read_addresses(config: Settings) -> dict[str, NotificationAddress]:
    """Return the configured addresses by name; without one nothing is sent.

    Raises:
        AddressError: an address is invalid; says which variable to change.
    """
    addresses = [*_webhooks(config), *_slacks(config)]
    for name, times in Counter(address.name for address in addresses).items():
        if times > 1:
            raise AddressError(f"BG_NOTIFY_URLS, BG_NOTIFY_SLACK_URLS: {name} stands twice.")
    names = {address.name for address in addresses}
    for variable, named in (
        ("BG_NOTIFY_SECRETS", config.notify_secrets),
        ("BG_NOTIFY_EVENTS", config.notify_events),
    ):
        if unknown := sorted({name for name, _ in named} - names):
            raise AddressError(f"{variable}: no address is called {', '.join(unknown)}.")
    return {address.name: address for address in sorted(addresses, key=lambda each: each.name)}


def _webhooks(config: Settings) -> Iterator[NotificationAddress]:
    for name, url in config.notify_urls:
        where = f"BG_NOTIFY_URLS: {name}"
        keys = tuple(
            _key(owner, secret.get_secret_value())
            for owner, secret in config.notify_secrets
            if owner == name
        )
        if not keys:
            raise AddressError(
                f"{where} has no key to sign with. Set BG_NOTIFY_SECRETS={name}=whsec_..., as made "
                "by: echo whsec_$(openssl rand -base64 32)"
            )
        yield NotificationAddress(
            name, "webhook", _require_valid(url.get_secret_value(), where, config), keys
        )


def _slacks(config: Settings) -> Iterator[NotificationAddress]:
    for name, url in config.notify_slack_urls:
        where = f"BG_NOTIFY_SLACK_URLS: {name}"
        yield NotificationAddress(
            name, "slack", _require_valid(url.get_secret_value(), where, config)
        )


def _key(name: str, secret: str) -> Key:
    where = f"BG_NOTIFY_SECRETS: {name}"
    try:
        key = Key.read(name, secret)
    except ValueError as fault:
        raise AddressError(f"{where}: {fault}.") from None
    if key.scheme != "standard":
        raise AddressError(f"{where}: a key is whsec_ and base64, as Standard Webhooks has it.")
    return key


def _require_valid(url: str, where: str, config: Settings) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressError(f"{where} is no URL.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise AddressError(f"{where} is no URL of the form https://host/path.")
    if parts.username is not None or parts.password is not None:
        raise AddressError(f"{where} holds a user or a password. The signature proves who sends.")
    if parts.scheme == "http" and not (config.notify_plain_http or _is_loopback(parts)):
        raise AddressError(
            f"{where} is http://, which every network on the way can read. Use https://, or set "
            "BG_NOTIFY_PLAIN_HTTP=true."
        )
    return url


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
