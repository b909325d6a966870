"""Links of LinkedIn profiles: all spellings of one give the same slug."""

import re
import unicodedata
from urllib.parse import unquote

_MEMBER_ID = re.compile(r"AC[wo][A-Za-z0-9_-]{10,}")
_PROFILE = re.compile(
    # The records of Coresignal write the host in another way.
    r"(?:(?:linkedin|professional_network)\.c(?:om|n)/+(?:[\w#!-]+/+)*?|^/?)"
    r"(?:in|pub|sales/lead|sales/people)/+@?([^/?#&,;|\s<>()\[\]\"]+)"
    r"(?:/(\w{1,3})/(\w{1,3})/(\w{1,3}))?", re.I
)  # fmt: skip
# Each decoding reads the whole text, so `%252525...` must not cause one for each `25`.
_MOST_ENCODINGS = 3
_NO_PROFILES = frozenset({"unavailable", "undefined", "null", "none", "nan", "n-a"})


def find_profile(text: str) -> tuple[str | None, str | None]:
    """Return the public slug and the opaque member id of a link: it holds one or the other.

    The old form `/pub/ann-lee/1a/2b3/4c5` is the profile `ann-lee-4c52b31a`.
    """
    match = _PROFILE.search(decoded_link(text))
    if match is None:
        return None, None
    if _MEMBER_ID.fullmatch(match[1]):
        return None, match[1]
    slug = unicodedata.normalize("NFC", unquote(match[1])).strip(" .'").casefold()
    if slug in _NO_PROFILES:
        return None, None
    if match[2]:
        slug += f"-{match[4]:0>3}{match[3]:0>3}{match[2]}".casefold()
    return slug, None


def decoded_link(text: str) -> str:
    """Return a link that was encoded to be part of another, up to three times, as it was."""
    for _ in range(_MOST_ENCODINGS):
        if "%2f" in text.casefold() or "%25" in text:
            text = unquote(text)
    return text
