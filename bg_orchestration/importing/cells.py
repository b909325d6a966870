"""What a single cell of an export means: pure readings of dates, numbers, addresses and phones.

Each returns `None` for a cell that says nothing; `ValueError` where it says something that cannot
be read. The forms are those that Apollo, ZoomInfo, HubSpot, Evaboot, PhantomBuster and LinkedIn
export, and what Excel makes of them.
"""

import re
from datetime import date, datetime
from typing import Literal, NamedTuple
from urllib.parse import unquote

_EMPTY = frozenset({"", "-", "–", "—", "n/a", "null", "none", "(no value)"})  # noqa: RUF001
# A cell that begins with one of these is a formula to Excel: exports put an apostrophe before it.
_ESCAPED = re.compile(r"'(?=[=+\-@\d])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d.*)?")
_NUMBERS = re.compile(r"(?:(\d{1,2})[./-])?(\d{1,2})[./-](\d{4})(?: \d.*)?")
_WORDS = re.compile(r"(?:(\d{1,2})\.? )?([^\W\d_]{3,9})\.? (?:(\d{1,2}), )?(\d{4})")
_DURATION = re.compile(
    r"(?:(\d{1,4})\s*+(?:years?|yrs?)\s*+)?(?:(\d{1,4})\s*+(?:months?|mos?)\s*+)?"
    r"(?:in (?:role|company))?",
    re.I,
)
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*)")
# What Excel leaves of a long number: the last digits are gone.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.I)
_PHONE_PUNCTUATION = re.compile(r"[\s().\-/\u2010-\u2013\u00a0]")
# 15 digits at most, and no country code begins with 0 (ITU-T E.164).
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_MEMBER_ID = re.compile(r"AC[wo][A-Za-z0-9_-]{10,}")
_PROFILE = re.compile(r"linkedin\.com/(?:[a-z]{2}/)?(?:in|pub|sales/lead|sales/people)/([^/?#,]+)")
_COMPANY_PAGE = re.compile(r"linkedin\.com/(?:sales/)?(?:company|school|showcase)/([^/?#,]+)", re.I)


def read_text(cell: str) -> str | None:
    """A cell's words with single spaces, without Excel's apostrophe."""
    text = " ".join(_ESCAPED.sub("", cell, count=1).split() if cell[:1] == "'" else cell.split())
    return None if text.casefold() in _EMPTY else text


def split_values(cell: str) -> list[str]:
    """The values of a cell that holds several, separated by `;` or `,`."""
    return [text for part in re.split(r"[;,]", cell) if (text := read_text(part))]


def read_count(cell: str) -> int | None:
    """A head count: `1,234`, `1.234`, `1234.0` or `10,001+`.

    Raises:
        ValueError: it is something else, such as a range, which states no number.
    """
    text = read_text(cell)
    if text is None:
        return None
    plain = re.sub(r"(?<=\d)[,.' ](?=\d{3}(?!\d))", "", text)
    match = re.fullmatch(r"(\d{1,9})(?:\.0+)?\+?", plain)
    if match is None:
        raise ValueError(f"{text!r} is not a number of people")
    return int(match[1])


def read_flag(cell: str) -> bool:
    """Whether a cell says yes."""
    return cell.strip().casefold() in {"yes", "true", "1", "y", "x", "ja", "oui", "si", "sí"}


def read_start(cell: str) -> str | None:
    """A start date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, only as exact as the cell is.

    Of `03/04/2021` nobody can say which is the month, so the year is what is left.

    Raises:
        ValueError: it is no date.
    """
    text = read_text(cell)
    if text is None:
        return None
    if match := _ISO.fullmatch(text):
        return _partial_date(match[1], match[2], match[3])
    if match := _NUMBERS.fullmatch(text):
        return _numbered_date(match[1], match[2], match[3])
    if match := _WORDS.fullmatch(text):
        month = match[2][:3].casefold()
        if month in _MONTHS:
            return _partial_date(match[4], str(_MONTHS.index(month) + 1), match[1] or match[3])
    raise ValueError(f"{text!r} is not a date such as 2024-03-15, 2024-03 or 2024")


def read_start_from_duration(cell: str, exported_at: str) -> str | None:
    """The month in which something began that had lasted `2 years 3 months` at the export."""
    try:
        then = datetime.fromisoformat(exported_at.strip())
    except ValueError:
        return None
    match = _DURATION.fullmatch(cell.strip())
    if match is None or not (match[1] or match[2]):
        return None
    months = then.year * 12 + then.month - 1 - 12 * int(match[1] or 0) - int(match[2] or 0)
    return f"{months // 12:04}-{months % 12 + 1:02}" if months >= 12 else None


def read_email(cell: str) -> str | None:
    """An address with its domain in lower case; `None` for placeholders that hide one.

    Raises:
        ValueError: it is no address.
    """
    text = read_text(cell)
    if text is None or text.casefold() in {"true", "false"} or "*" in text:
        return None
    text = text.removeprefix("mailto:")
    if text.casefold().startswith(("email_not_unlocked@", "not_unlocked@", "no_email@")):
        return None
    match = _EMAIL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an email address")
    return text[: -len(match[1])] + match[1].lower()


class Phone(NamedTuple):
    """A number as E.164, or as written with the reason why it is not."""

    value: str
    status: Literal["not_e164", "damaged"] | None


def read_phones(cell: str) -> list[Phone]:
    """The phone numbers of a cell: E.164 where they have a country code, else as written."""
    text = read_text(cell)
    if text is not None and _ROUNDED.fullmatch(text):
        return [Phone(text, "damaged")]
    return [_phone(value) for value in split_values(cell) if any(map(str.isdigit, value))]


def _phone(text: str) -> Phone:
    digits = _PHONE_PUNCTUATION.sub("", text.replace("(0)", ""))
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return Phone(digits, None) if _E164.fullmatch(digits) else Phone(text, "not_e164")


def read_profile(cell: str) -> tuple[str | None, str | None]:
    """A LinkedIn link's public slug and its opaque member id: it holds one or the other."""
    text = read_text(cell)
    match = _PROFILE.search(text) if text else None
    if match is None:
        return None, None
    if _MEMBER_ID.fullmatch(match[1]):
        return None, match[1]
    return unquote(match[1]).casefold(), None


def read_company_page(cell: str) -> str | None:
    """The slug or number of a LinkedIn company link; a bare number is one too."""
    text = read_text(cell)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return text
    match = _COMPANY_PAGE.search(text)
    return unquote(match[1]).casefold() if match else None


def _numbered_date(one: str | None, two: str, year: str) -> str:
    if one is None:
        return _partial_date(year, two, None)
    first, second = int(one), int(two)
    if first != second and first <= 12 and second <= 12:
        return year
    month, day = (first, second) if first <= 12 else (second, first)
    return _partial_date(year, str(month), str(day))


def _partial_date(year: str, month: str | None, day: str | None) -> str:
    date(int(year), int(month or 1), int(day or 1))
    parts = [year, *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(parts)
