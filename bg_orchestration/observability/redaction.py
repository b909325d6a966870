"""Keep names, contacts and secrets out of log lines.

Redaction knows the names of fields, at any depth and within texts such as `title='...'`, and the
forms of addresses, phone numbers, signatures and keys. A name without a field looks like other
words. So the log has an exception of a library by type and place, not by message.
"""

import re
import sys
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final

REDACTED: Final = "[redacted]"

# Packages whose exceptions quote no personal data.
_QUOTE_NOTHING: Final = ("bg_orchestration", "dagster")

_WORDS: Final = (
    "name", "fullname", "firstname", "lastname", "surname", "personname",
    "email", "emails", "mail", "phone", "phones", "telephone", "mobile", "contact", "contacts",
    "title", "oldtitle", "newtitle", "jobtitle", "linkedin", "linkedinurl", "address_line",
    "signature", "xsignature", "webhooksignature", "secret", "secrets", "password", "passwd",
    "token", "apikey", "xapikey", "accesskey", "secretkey", "privatekey", "authorization",
    "cookie", "setcookie", "body", "inputvalue",
)  # fmt: skip
# `personEmail`, `old_title`, `x-signature`: any prefix before these words.
_ENDINGS: Final = (
    "email", "phone", "title", "signature", "secret", "password", "apikey", "token", "fullname",
    "firstname", "lastname", "personname",
)  # fmt: skip

_IN_TEXT: Final = re.compile(
    r"""(?P<key>["']?(?<![\w-])[\w-]*(?:name|e-?mail|mail|phones?|telephone|mobile|contacts?|title|linkedin(?:[_-]?url)?
        |signature|secrets?|passw(?:or)?d|token|api[_-]?key|authorization|cookie|body|input_value)["']?
        \s*[=:]\s*)
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&{}\[\]()"'][^,;&{}\[\]()\n]*)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PATTERNS: Final = (
    # The password of a URL, before it looks like an email address.
    (re.compile(r"(?<=://)[^/\s@]+@"), f"{REDACTED}@"),
    # A quote may belong to the address. Only the first letter of a word is a beginning: to try each
    # takes time that grows with the square of the word.
    (
        re.compile(
            r"""(?<![^\s@"<>,;:()\[\]\\=?&])[^\s@"<>,;:()\[\]\\=?&]+@[^\s@"'<>,;:()\[\]\\=&]+"""
        ),
        REDACTED,
    ),
    # Telephone numbers: with a country, with an area in brackets, national with separators.
    (re.compile(r"(?<![\w.])(?:\+|00)[ (]{0,2}\d(?:[ ().\-/]{0,2}\d){6,}"), REDACTED),
    (re.compile(r"(?<![\w.])\(\d{2,5}\)[ .\-/]?\d(?:[ .\-/]?\d){4,}"), REDACTED),
    (re.compile(r"(?<![\w./+-])(?<!\d:)0\d{1,4}[ \-/]\d(?:[ .\-]?\d){4,}(?![\w:])"), REDACTED),
    (re.compile(r"(?<![\w./+-])(?<!\d:)\d{3}[-. ]\d{3}[-. ]\d{4}(?![\w-])"), REDACTED),
    (re.compile(r"(?<!\d)whsec_[\w+/=]+"), REDACTED),
    (re.compile(r"\bv1a?,[\w+/=-]{16,}"), REDACTED),
    # Hex of 256 bits and more: a signature, or a key.
    (re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64,}(?![0-9a-fA-F])"), REDACTED),
    (re.compile(r"\b(?:bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), REDACTED),
    (re.compile(r"\b(?:sk|pk|rk|xox[a-z]|gh[a-z]|AKIA)[-_]?[\w-]{16,}"), REDACTED),
)  # fmt: skip


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Redact a line: a processor of structlog."""
    return {name: _value(name, value) for name, value in event.items()}


def redacted_text(text: str) -> str:
    """Return `text` without personal or secret parts."""
    text = _IN_TEXT.sub(lambda found: f"{found['key']}{REDACTED}", text)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _value(name: object, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        # A number under a name such as `token` counts something; a phone is never stored as one.
        return REDACTED if _tells(name) and value is not None and "phone" in str(name) else value
    if _tells(name):
        return REDACTED
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{len(value)} bytes>"
    if isinstance(value, Mapping):
        return {_key(key): _value(key, inner) for key, inner in value.items()}
    if isinstance(value, Iterable) and not hasattr(value, "__dict__"):
        return [_value("", inner) for inner in value]
    return redacted_text(str(value) if hasattr(value, "isoformat") else repr(value))


def _key(name: object) -> str:
    return redacted_text(str(name))


def _tells(name: object) -> bool:
    folded = re.sub(r"[\s_-]", "", str(name)).lower()
    return folded in _WORDS or folded.endswith(_ENDINGS)


def exceptions_by_type(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Log an exception without its message: a processor of structlog."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found if isinstance(found, BaseException) else found[1] if found else None
    if error is not None:
        event["exception"] = "\n".join(exception_lines(error))
    return event


def may_quote(error: BaseException) -> bool:
    """Return whether an error may quote data: one of another library may."""
    root = type(error).__module__.partition(".")[0]
    harmless = root in _QUOTE_NOTHING or isinstance(error, OSError)
    return isinstance(error, UnicodeError) or not harmless


def exception_lines(error: BaseException) -> list[str]:
    """Return the traceback of `error` after those of its causes; frames are code, not data.

    The last line is its type, with the message only if it is known to quote no data.
    """
    lines: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        lines += [*exception_lines(cause), "", "After this:", ""]
    if error.__traceback__ is not None:
        lines.append("Traceback (most recent call last):")
        lines += "".join(traceback.format_tb(error.__traceback__)).rstrip().split("\n")
    kind = type(error)
    message = "" if may_quote(error) else str(error)
    lines.append(f"{kind.__module__}.{kind.__qualname__}{f': {message}' if message else ''}")
    return lines
