"""Dates in cells: starts of jobs, as tools and people write them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from bg_orchestration.importing.cells import read_text

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
_SINCE = re.compile(r"(?:since|from|seit|ab|depuis|desde|dal?|sinds)(?::\s*|\s+)", re.I)
_REMARK = re.compile(r"(?<=\S)\s*\([^()]*\)$")
_DIGIT_MARKS = str.maketrans("‐‑‒·", "---.")  # noqa: RUF001
# Two dates: with blanks around the dash, or a word behind it.
_RANGE = re.compile(
    r"(?<!\s)\s++(?:[-–—]|to|bis|until|à|al|a|tot)\s+|(?<=\d{4})\s?[-–—]\s?(?=\d{4}$)|"  # noqa: RUF001
    r"(?<=\d)\s?[-–—]\s?(?=(?:present|current|today|now|heute|aujourd|oggi|hoje|heden)\b)",  # noqa: RUF001
    re.I,
)
# `Mon, 15 Mar 2021 10:00:00 GMT`: the weekday and the time of day add nothing.
_WEEKDAY = re.compile(
    r"^(?:mo|tu|we|th|fr|sa|su|di|mi|do|so|lu|ma|me|je|ve|gi|sá|mié|jue|vie|sáb|seg|ter|qua|qui|"
    r"sex|wo|vr|za|zo)[^\W\d_]{0,10}\.?,? (?:dem |den )?(?=\d|[^\W\d_]{3,})", re.I
)  # fmt: skip
_TIME = re.compile(
    r",? \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: (?:[A-Z]{2,4}(?:[+-]\d{4})?|[+-]\d{4}))?$",
    re.I,
)
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})\.?)?)?(?:[T ]\d\d?:.*)?")
_CJK = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_NUMBERS = re.compile(r"(?:(\d{1,2})([./-]))?(\d{1,2})[./-](\d{4}|\d{2})(?: \d.*)?")
_WRITTEN = re.compile(r"[^\W\d_]+|\d+")
_FILL_WORDS = frozenset({
    "of", "the", "st", "nd", "rd", "th", "er", "o", "º", "de", "del", "di", "du", "le", "el", "il",
    "am", "der", "den", "started", "joined",
})  # fmt: skip
_MONTH_YY = re.compile(r"[^\W\d_]{3,10}\.?(?:[-/]| ?')\d{2}")
# A part of a year, or an estimate, in words before or behind it.
_ABOUT = re.compile(
    r"(?:early|mid|late|(?:start|beginning|end) of|ca\.?|circa|about|around|approx\.?|~|spring|"
    r"summer|autumn|fall|winter|anfang|mitte|ende|frühjahr|sommer|herbst|début|mi|fin|inizio|metà|"
    r"fine|inicio|finales de|begin|eind|[QTSH][1-4])[ /-]?(\d{4})|(\d{4})(?:[ /-]?[QTSH][1-4]|\?)",
    re.I,
)
# What databases and programs store where no date is known.
_NO_DATES = frozenset({
    "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01",
    "9999-12-31",
})  # fmt: skip
_EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.0)?")
_EXCEL = re.compile(r"([2-5]\d{4})(?:[.,]\d+)?")  # days since 1899-12-30: 1954 to 2064
_DURATION = re.compile(
    r"(?:(\d{1,4})\s*+(?:years?|yrs?)\s*+)?(?:(\d{1,4})\s*+(?:months?|mos?)\s*+)?"
    r"(?:in (?:role|company))?",
    re.I,
)


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
    text = _REMARK.sub("", text.translate(_DIGIT_MARKS)).strip("()")
    text = _SINCE.sub("", _RANGE.split(text)[0], count=1)
    if text in _NO_DATES:
        return None
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
    if match := (_ISO.fullmatch(text) or _CJK.fullmatch(text.replace(" ", ""))):
        return match[1], match[2], match[3]
    if match := re.fullmatch(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(\d\d)?", text):
        return match[1], match[2], match[3]
    if match := _NUMBERS.fullmatch(text):
        year = _full_year(match[4])
        if match[1] is None:
            return (year, match[3], None) if len(match[4]) == 4 else None
        first, second = match[1], match[3]
        day, month = (second, first) if int(second) > 12 else (first, second)
        return year, month, day
    if match := _ABOUT.fullmatch(text):
        return match[1] or match[2], None, None
    text = _TIME.sub("", text)
    return _written_date(text) or _written_date(_WEEKDAY.sub("", text))


def _written_date(text: str) -> tuple[str, str | None, str | None] | None:
    """Return the digits of a date with the name of its month, in any order of the parts."""
    parts = _WRITTEN.findall(text.casefold())
    words = [part for part in parts if not part.isdigit() and part not in _FILL_WORDS]
    numbers = [part for part in parts if part.isdigit()]
    month = _month(words[0]) if len(words) == 1 and len(words[0]) >= 3 else None
    years = [number for number in numbers if len(number) == 4]
    if month is None:
        return None
    if len(years) == 1 and len(numbers) <= 2:
        return years[0], month, next((number for number in numbers if len(number) < 3), None)
    if len(numbers) == 2 and not years and len(numbers[1]) == 2:
        return _full_year(numbers[1]), month, numbers[0]
    return (_full_year(numbers[0]), month, None) if _MONTH_YY.fullmatch(text) else None


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


def _partial_date(year: str, month: str | None, day: str | None) -> str:
    # MySQL writes 2021-03-00 where the day is unknown.
    month = month if month and int(month) else None
    day = day if month and day and int(day) else None
    date(int(year), int(month or 1), int(day or 1))
    parts = [f"{int(year):04}", *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(parts)
