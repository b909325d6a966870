"""The two signature schemes of the contract: verified, and made.

Both are HMAC-SHA256 over the exact bytes. `hex`: headers `x-timestamp` (epoch milliseconds) and
`x-signature`, the hex digest of `{timestamp}.{body}`; Lusha signs so under names of its own.
`standard`: Standard Webhooks 1.0.0 with headers `webhook-*`, or `svix-*` as they were once called,
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, whose
reference library raises on malformed entries and accepts odd timestamps; hence a verifier of our
own. Pure: the caller brings the clock.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, Self

from bg_orchestration.settings import Settings

Scheme = Literal["hex", "standard"]

ANY_SOURCE = "*"
TOLERANCE_MS = 300_000

# The same scheme under its present name and its older one.
_STANDARD_NAMES = (b"webhook", b"svix")
_STANDARD_HEADERS = {
    name + end for name in _STANDARD_NAMES for end in (b"-id", b"-timestamp", b"-signature")
}
# The digits are signed as they were sent, so only one spelling of a number is accepted.
_INTEGER = re.compile(rb"[1-9][0-9]{0,14}")
_HEX = re.compile(rb"[0-9a-fA-F]{64}")
_V1 = re.compile(rb"v1,([A-Za-z0-9+/]{43}=)")
_VISIBLE = re.compile(rb"[!-~]{1,512}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STANDARD_PREFIX = "whsec_"
# Standard Webhooks asks for 24 to 64 bytes; keys of 18 are in use, fewer than 16 are a mistake.
_MIN_SECRET_BYTES = 16
_BARE_VERSION = re.compile(r"v\d+a?")
# A Standard Webhooks key behind other text, as "v1 whsec_..." or "v1=...".
_VERSION_BEFORE = re.compile(r"v\d\w?\s*[:=,; ]|.+whsec_|(?!whsec_)(?i:whsec_)", re.DOTALL)
# What a shell or a template was to fill in.
_TEMPLATE = re.compile(r"<.*>|\$\{?\w+\}?|\{\{.*\}\}|%\w+%", re.DOTALL)
_SEMICOLON = re.compile(r";\s*[\w*.-]+=")
_COMMAS = "commas separate entries, so write source=whsec_... without the version before it."
# 10^11 s is the year 5138 and 10^11 ms is 1973: a timestamp beyond is in the other unit.
_SECONDS_END = 100_000_000_000


class SecretsError(Exception):
    """The configured secrets cannot be used; the message names the variable, never a value."""


class RefusedError(Exception):
    """The request is not proven to come from its source; `reason` is for logs and metrics only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HexHeaders:
    """The header names of a sender of the hex scheme, in lower case.

    Attributes:
        timestamp: the header of the time of signing.
        signature: the header of the signature.
        any_unit: whether the time may be in seconds as well as in milliseconds: some senders do
            not document which.
    """

    timestamp: bytes
    signature: bytes
    any_unit: bool = False


CONTRACT = HexHeaders(b"x-timestamp", b"x-signature")
# https://docs.lusha.com/webhooks/security
LUSHA = HexHeaders(b"x-lusha-timestamp", b"x-lusha-signature", any_unit=True)


@dataclass(frozen=True, slots=True)
class Key:
    """One secret: which scheme it signs, and for which source (`*`: any)."""

    source: str
    scheme: Scheme
    secret: bytes = field(repr=False)

    @classmethod
    def read(cls, source: str, text: str) -> Self:
        """The key that `text` means: `whsec_` and base64, or a plain secret of the hex scheme.

        Raises:
            ValueError: `text` cannot be a secret; the message does not repeat it.
        """
        if not text:
            raise ValueError("the secret is empty")
        if _CONTROL.search(text):
            raise ValueError("the secret holds a line break or another control character")
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            raise ValueError("the secret stands in quotes; leave them out")
        if not text.startswith(_STANDARD_PREFIX):
            return cls(source, "hex", text.encode())
        encoded = text.removeprefix(_STANDARD_PREFIX)
        try:
            # Padding is often left out.
            secret = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("what follows whsec_ is not base64") from None
        if len(secret) < _MIN_SECRET_BYTES:
            raise ValueError(f"a whsec_ key has at least {_MIN_SECRET_BYTES} bytes")
        return cls(source, "standard", secret)

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that tell keys apart in logs and metrics without giving them away."""
        return hashlib.sha256(f"bg {self.scheme} key:".encode() + self.secret).hexdigest()[:8]

    def fits(self, source: str) -> bool:
        """Whether this key may sign events of `source`."""
        return self.source in (source, ANY_SOURCE)

    def signature(self, signed: bytes) -> bytes:
        """The signature of `signed` as this scheme's header spells it, without a version."""
        digest = hmac.digest(self.secret, signed, "sha256")
        return digest.hex().encode() if self.scheme == "hex" else base64.b64encode(digest)

    def headers(self, body: bytes, now_ms: int, webhook_id: str) -> dict[str, str]:
        """The headers that sign `body` at `now_ms`, epoch milliseconds.

        `webhook_id` is visible ASCII, the same on every retry; only the standard scheme sends it.
        """
        if self.scheme == "hex":
            signature = self.signature(f"{now_ms}.".encode() + body)
            return {"x-timestamp": str(now_ms), "x-signature": signature.decode()}
        seconds = now_ms // 1000
        signature = self.signature(f"{webhook_id}.{seconds}.".encode() + body)
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": f"v1,{signature.decode()}",
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature set that is well formed and fresh, and proves nothing yet.

    Attributes:
        prefix: what is signed in front of the body.
        signatures: the candidates, one of which has to be right.
        sent_ms: when the sender says it signed, epoch milliseconds.
        webhook_id: the standard scheme's message id.
    """

    scheme: Scheme
    prefix: bytes
    signatures: tuple[bytes, ...]
    sent_ms: int
    webhook_id: str | None = None


def read_claims(headers: Iterable[tuple[bytes, bytes]], now_ms: int) -> tuple[Claim, ...]:
    """Read the usable signature sets of a request, before its body.

    One good set is enough: a broken set of the other scheme beside it is ignored.

    Raises:
        RefusedError: there is none; carries the reason of the set that is there.
    """
    values = _values(headers, {CONTRACT.timestamp, CONTRACT.signature, *_STANDARD_HEADERS})
    claims = []
    reasons = []
    for read in _READERS:
        try:
            claim = read(values)
            _check_fresh(claim, now_ms)
            claims.append(claim)
        except RefusedError as refused:
            reasons.append(refused.reason)
    if not claims:
        raise RefusedError(next((reason for reason in reasons if reason != "missing"), "missing"))
    return tuple(claims)


def read_hex_claim(headers: Iterable[tuple[bytes, bytes]], now_ms: int, names: HexHeaders) -> Claim:
    """Read the signature under a provider's own header names, before the body.

    Raises:
        RefusedError: it is missing, malformed or not fresh.
    """
    claim = _read_hex(_values(headers, {names.timestamp, names.signature}), names)
    _check_fresh(claim, now_ms)
    return claim


def _values(headers: Iterable[tuple[bytes, bytes]], wanted: set[bytes]) -> dict[bytes, list[bytes]]:
    values = defaultdict(list)
    for name, value in headers:
        if name.lower() in wanted:
            values[name.lower()].append(value)
    return values


def _read_hex(values: dict[bytes, list[bytes]], names: HexHeaders = CONTRACT) -> Claim:
    timestamp = _only(values, names.timestamp)
    signature = _only(values, names.signature)
    if not _INTEGER.fullmatch(timestamp) or not _HEX.fullmatch(signature):
        raise RefusedError("malformed")
    sent_ms = int(timestamp)
    if names.any_unit and sent_ms < _SECONDS_END:
        sent_ms *= 1000
    return Claim("hex", timestamp + b".", (signature.lower(),), sent_ms)


def _read_standard(values: dict[bytes, list[bytes]], name: bytes) -> Claim:
    message = _only(values, name + b"-id")
    timestamp = _only(values, name + b"-timestamp")
    entries = _only(values, name + b"-signature").split(b" ")
    signatures = tuple(match[1] for match in map(_V1.fullmatch, entries) if match)
    if not _INTEGER.fullmatch(timestamp) or not _VISIBLE.fullmatch(message) or not signatures:
        raise RefusedError("malformed")
    prefix = message + b"." + timestamp + b"."
    return Claim("standard", prefix, signatures, int(timestamp) * 1000, message.decode())


_READERS: tuple[Callable[[dict[bytes, list[bytes]]], Claim], ...] = (
    _read_hex,
    *(partial(_read_standard, name=name) for name in _STANDARD_NAMES),
)


def _only(values: dict[bytes, list[bytes]], name: bytes) -> bytes:
    found = values.get(name, [])
    if not found:
        raise RefusedError("missing")
    if len(found) > 1:
        # Which line counts differs from program to program.
        raise RefusedError("repeated_header")
    return found[0]


def _check_fresh(claim: Claim, now_ms: int) -> None:
    if abs(now_ms - claim.sent_ms) <= TOLERANCE_MS:
        return
    in_seconds = claim.scheme == "hex" and claim.sent_ms < _SECONDS_END
    in_milliseconds = claim.scheme == "standard" and claim.sent_ms >= _SECONDS_END * 1000
    if in_seconds or in_milliseconds:
        raise RefusedError("wrong_unit")
    raise RefusedError("stale" if claim.sent_ms < now_ms else "ahead")


@dataclass(frozen=True, slots=True)
class Match:
    """A claim and the key that proves it."""

    key: Key
    claim: Claim


@dataclass(frozen=True, slots=True)
class Keyring:
    """All live keys: several for one source while a secret rotates."""

    keys: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str, variable: str = "BG_WEBHOOK_SECRETS") -> Self:
        """Read `source=secret,source=secret,...`.

        Raises:
            SecretsError: an entry cannot be used; names `variable` and the entry's place.
        """
        entries = [entry.strip() for entry in text.split(",")]
        keys = []
        for place, entry in enumerate(entries, start=1):
            if not entry:
                continue
            source, _, secret = (part.strip() for part in entry.partition("="))
            if not source:
                raise SecretsError(f"{variable}: entry {place} names no source: source=secret")
            keys.append(_read_key(source, secret, f"{variable}: entry {place}"))
        if not keys:
            raise SecretsError(f"{variable} is empty. Set it to source=secret or leave it unset.")
        return cls(tuple(dict.fromkeys(keys)))

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The keys of BG_WEBHOOK_SECRETS and WEBHOOK_SECRET.

        Raises:
            SecretsError: there is none, or one cannot be used.
        """
        keys: list[Key] = []
        if settings.webhook_secrets is not None:
            keys += cls.parse(settings.webhook_secrets.get_secret_value()).keys
        if settings.webhook_secret is not None:
            secret = settings.webhook_secret.get_secret_value().strip()
            keys.append(_read_key(ANY_SOURCE, secret, "WEBHOOK_SECRET"))
        if not keys:
            raise SecretsError(
                "No webhook secret is set, so no event could be trusted. "
                "Set BG_WEBHOOK_SECRETS=source=secret,... or WEBHOOK_SECRET=secret."
            )
        return cls(tuple(dict.fromkeys(keys)))

    @property
    def sources(self) -> frozenset[str]:
        """The configured sources, `*` among them if any source is allowed."""
        return frozenset(key.source for key in self.keys)

    def verify(self, claims: Iterable[Claim], body: bytes) -> tuple[Match, ...]:
        """The claims that hold for `body`, each with its key.

        Every key of a claim's scheme is tried whatever the outcome, so that the time taken does
        not tell which sources exist.

        Raises:
            RefusedError: none holds.
        """
        matches = []
        for claim in claims:
            signed = claim.prefix + body
            for key in self.keys:
                if key.scheme == claim.scheme:
                    expected = key.signature(signed)
                    right = [hmac.compare_digest(expected, given) for given in claim.signatures]
                    if any(right):
                        matches.append(Match(key, claim))
        if not matches:
            raise RefusedError("mismatch")
        return tuple(matches)


def match_for(matches: Iterable[Match], source: str) -> Match:
    """The match whose key may sign for `source`.

    Raises:
        RefusedError: the body names a source that none of the keys that matched belongs to.
    """
    for match in matches:
        if match.key.fits(source):
            return match
    raise RefusedError("wrong_source")


def _read_key(source: str, secret: str, where: str) -> Key:
    if source.startswith(_STANDARD_PREFIX):
        raise SecretsError(f"{where} has a secret in the place of its source: {_COMMAS}")
    if _BARE_VERSION.fullmatch(secret):
        raise SecretsError(f"{where}: {secret} is a signature's version, no secret: {_COMMAS}")
    if _VERSION_BEFORE.match(secret):
        raise SecretsError(f"{where} has other text before its key: write source=whsec_...")
    if _TEMPLATE.fullmatch(secret):
        raise SecretsError(f"{where}: the secret is a placeholder that nothing has filled in")
    if _SEMICOLON.search(secret):
        raise SecretsError(f"{where}: commas separate entries, not semicolons")
    try:
        key = Key.read(source, secret)
    except ValueError as fault:
        raise SecretsError(f"{where}: {fault}.") from None
    if len(key.secret) < _MIN_SECRET_BYTES:
        raise SecretsError(
            f"{where}: the secret has {len(key.secret)} bytes and can be guessed; "
            f"{_MIN_SECRET_BYTES} are the least. Make one: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )
    return key
