"""Pure readers of single cells: dates, numbers, addresses, phones.

Each returns `None` for an empty cell, and raises `ValueError` for an unreadable one. The forms are
those that Apollo, ZoomInfo, HubSpot, Evaboot, PhantomBuster and LinkedIn
export, and what Excel makes of them.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import unquote

_EMPTY = frozenset({"", "-", "–", "—", "n/a", "null", "none", "(no value)"})  # noqa: RUF001
# A cell that begins with one of these is a formula to Excel: exports put an apostrophe before it.
_ESCAPED = re.compile(r"'(?=[=+\-@\d])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Characters without ink: Unicode's category Cf (zero-width spaces, soft hyphens, marks of
# direction), variation selectors, fillers and the blank pattern of Braille.
_FORMAT = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef"
    "\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)
# Forms of address in seven languages, without dots. Such a cell is no job title.
_SALUTATIONS = frozenset({
    "dr", "mr", "mrs", "ms", "miss", "mx", "sir", "madam", "prof", "professor", "herr", "frau",
    "hr", "fr", "herrn", "m", "mme", "mlle", "monsieur", "madame", "mademoiselle", "sig", "sigra",
    "signor", "signora", "signorina", "dott", "dottssa", "dottor", "sr", "sra", "srta", "señor",
    "señora", "dña", "dhr", "mevr", "mw", "heer", "mevrouw", "ing", "dipl", "mag", "dra", "drs",
    "exmo", "exma",
})  # fmt: skip
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "januar", "janvier", "enero", "gennaio", "januari", "janeiro", "janner"),
    ("february", "februar", "fevrier", "febrero", "febbraio", "februari", "fevereiro", "feber"),
    ("march", "marz", "mars", "marzo", "maart", "marco", "mrz", "mrt"),
    ("april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio", "mei", "maio"),
    ("june", "juni", "juin", "junio", "giugno", "junho"),
    ("july", "juli", "juillet", "julio", "luglio", "julho"),
    ("august", "aout", "agosto", "augustus"),
    ("september", "septembre", "septiembre", "settembre", "setembro"),
    ("october", "oktober", "octobre", "octubre", "ottobre", "outubro"),
    ("november", "novembre", "noviembre", "novembro"),
    ("december", "dezember", "decembre", "diciembre", "dicembre", "dezembro"),
)
_NOW = re.compile(
    r"(?:to )?present|current(?:ly)?|today|now|heute|aktuell|jetzt|actuel(?:lement)?|"
    r"aujourd['’]hui|(?:la )?actualidad|actual(?:mente)?|presente|oggi|attuale|attualmente|heden|"  # noqa: RUF001
    r"(?:o )?momento|atual(?:mente)?|hoje|[0-]*|1900-01-00", re.I
)  # fmt: skip
_SINCE = re.compile(r"(?:since|from|seit|ab|depuis|desde|dal|sinds)(?::\s*|\s+)", re.I)
# Two dates: with blanks around the dash, or a word behind it.
_RANGE = re.compile(
    r"(?<!\s)\s++(?:[-–—]|to|bis|until|à|al|a|tot)\s+|"  # noqa: RUF001
    r"(?<=\d)\s?[-–—]\s?(?=(?:present|current|today|now|heute|aujourd|oggi|hoje|heden)\b)",  # noqa: RUF001
    re.I,
)
# `Mon, 15 Mar 2021 10:00:00 GMT`: the weekday and the time of day add nothing.
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?, (?=\d)")
_TIME = re.compile(
    r",? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: (?:[A-Z]{2,4}|[+-]\d{4}))?$", re.I
)
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})\.?)?)?(?:[T ]\d.*)?")
_CJK = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_NUMBERS = re.compile(r"(?:(\d{1,2})([./-]))?(\d{1,2})[./-](\d{4}|\d{2})(?: \d.*)?")
_DAY_MONTH = re.compile(r"(?:(\d{1,2})(?:\.|st|nd|rd|th|er)?[ -]?)?(?:de |of )?([^\W\d_]{3,10})")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?, ?(\d{4})")
_WORDS = re.compile(rf"{_DAY_MONTH.pattern}\.?(?:(?: de)? |[-/]|,? )?(\d{{4}})")
_YEAR_MONTH = re.compile(r"(\d{4})(?:,? |-)([^\W\d_]{3,10})\.?")
_MONTH_YY = re.compile(r"([^\W\d_]{3,10})\.?(?:-| ?')(\d{2})")
_QUARTER = re.compile(r"[QT][1-4][ /-](\d{4})", re.I)
_EPOCH = re.compile(r"(1\d{9})(?:000|\d{3})?")
_EXCEL = re.compile(r"([2-5]\d{4})(?:[.,]\d+)?")  # days since 1899-12-30: 1954 to 2064
_DURATION = re.compile(
    r"(?:(\d{1,4})\s*+(?:years?|yrs?)\s*+)?(?:(\d{1,4})\s*+(?:months?|mos?)\s*+)?"
    r"(?:in (?:role|company))?",
    re.I,
)
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*)")
# Excel's form of a long number, without the last digits.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.I)
_PHONE_PUNCTUATION = re.compile(r"[\s().\-/\u2010-\u2013\u00a0]")
# 15 digits at most, and no country code begins with 0 (ITU-T E.164).
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_MEMBER_ID = re.compile(r"AC[wo][A-Za-z0-9_-]{10,}")
_PROFILE = re.compile(
    # The records of Coresignal write the host in another way.
    r"(?:linkedin|professional_network)\.com/+(?:(?:[a-z]{2}|mwlite|m|comm)/+)*"
    r"(?:in|pub|sales/lead|sales/people)/+([^/?#,\s]+)(?:/(\w{1,3})/(\w{1,3})/(\w{1,3}))?", re.I
)  # fmt: skip
_COMPANY_PAGE = re.compile(
    r"linkedin\.com/+(?:(?:[a-z]{2}|mwlite|m|comm|sales)/+)*(?:company|school|showcase)/+([^/?#,\s]+)",
    re.I,
)


def clean(cell: str) -> str:
    """Decode HTML entities (`&amp;`) and remove invisible format characters."""
    if "&" in cell:
        cell = _ENTITY.sub(lambda entity: html.unescape(entity[0]), cell)
    return cell if cell.isascii() else _FORMAT.sub("", cell)


def read_text(cell: str) -> str | None:
    """Return a cell's words with single spaces, without apostrophe and invisible characters."""
    cell = clean(cell)
    text = " ".join(_ESCAPED.sub("", cell, count=1).split() if cell[:1] == "'" else cell.split())
    return None if text.casefold() in _EMPTY else text


def read_job_title(cell: str) -> str | None:
    """Return a job title; `None` for a form of address such as `Dr.` or `Mme`."""
    text = read_text(cell)
    words = re.split(r"[\s\-/]+", text.casefold()) if text else []
    return None if all(map(_is_salutation, words)) else text


def _is_salutation(word: str) -> bool:
    """Return whether a word is a form of address: `Dr.`, `Sig.ra` or `Prof.Dr.`."""
    parts = filter(None, word.split("."))
    return word.replace(".", "") in _SALUTATIONS or _SALUTATIONS.issuperset(parts)


def split_values(cell: str) -> list[str]:
    """Split a cell with several values: at `;`, `,`, `|`, `:::` or a new line."""
    return [text for part in re.split(r"[;,|\n]|:::", cell) if (text := read_text(part))]


def read_count(cell: str) -> int | None:
    """A head count: `1,234`, `1.234`, `1234.0` or `10,001+`.

    Raises:
        ValueError: it is something else, such as a range.
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
    """Return whether a cell means yes."""
    return cell.strip().casefold() in {"yes", "true", "1", "y", "x", "ja", "oui", "si", "sí"}


def read_start(cell: str) -> str | None:
    """Return a start date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as exact as the cell.

    Month names are those of seven languages. Of `Jan 2021 - Present` the first date counts. In
    `03/04/2021` the day goes first, see `is_ambiguous_date`.

    Returns:
        `None` for a cell that states no start: `Present`, `0000-00-00`, Excel's `1900-01-00`.

    Raises:
        ValueError: it is no date.
    """
    text = read_text(cell)
    if text is None or _NOW.fullmatch(text):
        return None
    text = _SINCE.sub("", _RANGE.split(text)[0], count=1)
    text = _WEEKDAY.sub("", _TIME.sub("", text), count=1)
    if parts := _date_parts(text):
        try:
            return _partial_date(*parts)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date: {error}") from None
    if match := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(match[1]), UTC).date().isoformat()
    if match := _EXCEL.fullmatch(text):
        return (date(1899, 12, 30) + timedelta(days=int(match[1]))).isoformat()
    raise ValueError(f"{text!r} is not a date such as 2024-03-15, 2024-03 or 2024")


def is_ambiguous_date(cell: str) -> bool:
    """Whether a date could be day/month or month/day, such as `03/04/2021`."""
    match = _NUMBERS.fullmatch(read_text(cell) or "")
    if match is None or match[1] is None or match[2] == ".":
        return False
    return match[1] != match[3] and int(match[1]) <= 12 and int(match[3]) <= 12


def _date_parts(text: str) -> tuple[str, str | None, str | None] | None:
    """Return the digits of year, month and day; `None` if the text has no such form."""
    if match := (_ISO.fullmatch(text) or _CJK.fullmatch(text)):
        return match[1], match[2], match[3]
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return text[:4], text[4:6], text[6:]
    if match := _NUMBERS.fullmatch(text):
        year = _full_year(match[4])
        if match[1] is None:
            return (year, match[3], None) if len(match[4]) == 4 else None
        first, second = match[1], match[3]
        day, month = (second, first) if int(second) > 12 else (first, second)
        return year, month, day
    if match := _QUARTER.fullmatch(text):
        return match[1], None, None
    if (match := _MONTH_DAY.fullmatch(text)) and (month := _month(match[1])):
        return match[3], month, match[2]
    if (match := _WORDS.fullmatch(text)) and (month := _month(match[2])):
        return match[3], month, match[1]
    if (match := _YEAR_MONTH.fullmatch(text)) and (month := _month(match[2])):
        return match[1], month, None
    if (match := _MONTH_YY.fullmatch(text)) and (month := _month(match[1])):
        return _full_year(match[2]), month, None
    return None


def _full_year(year: str) -> str:
    """Return a year of two digits as one of 1951 to 2050."""
    return year if len(year) == 4 else f"{'20' if year <= '50' else '19'}{year}"


def _month(word: str) -> str | None:
    """Return the number of a month by its name or at least three letters."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    matches = (
        str(number)
        for number, names in enumerate(_MONTHS, 1)
        if any(name.startswith(plain) for name in names)
    )
    return next(matches, None)


def read_start_from_duration(cell: str, exported_at: str) -> str | None:
    """Return the start month of a job that lasted `2 years 3 months` at the export."""
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
    """Return an address with its domain in lower case; `None` for a placeholder.

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


def read_emails(cell: str) -> Iterator[str]:
    """Every address of a cell: several, with separators, or with names before them.

    Raises:
        ValueError: the cell has text without an address, or with an invalid one.
    """
    parts = re.split(r"[\s;,|<>()\[\]\"]+|:::|\s/\s", clean(cell))
    addresses = [part for part in parts if "@" in part]
    for address in addresses or [cell]:
        if email := read_email(address):
            yield email


class Phone(NamedTuple):
    """A number as E.164, or as written, with the reason."""

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
    """A LinkedIn link's public slug and its opaque member id: it holds one or the other.

    All spellings of a link give the same slug. The old form `/pub/ann-lee/1a/2b3/4c5` is the
    profile `ann-lee-4c52b31a`.
    """
    text = read_text(cell)
    match = _PROFILE.search(text) if text else None
    if match is None:
        return None, None
    if _MEMBER_ID.fullmatch(match[1]):
        return None, match[1]
    slug = unquote(match[1]).strip().casefold()
    if match[2]:
        slug += f"-{match[4]:0>3}{match[3]:0>3}{match[2]}".casefold()
    return slug, None


def read_company_page(cell: str) -> str | None:
    """The slug or number of a LinkedIn company link; a bare number is one too."""
    text = read_text(cell)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return text
    match = _COMPANY_PAGE.search(text)
    return unquote(match[1]).casefold() if match else None


def _partial_date(year: str, month: str | None, day: str | None) -> str:
    date(int(year), int(month or 1), int(day or 1))
    parts = [year, *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(parts)
