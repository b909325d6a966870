"""Pure readers of single cells: texts, numbers, addresses, phones.

Each returns `None` for an empty cell, and raises `ValueError` for an unreadable one. The forms are
those that Apollo, ZoomInfo, HubSpot, Evaboot, PhantomBuster and LinkedIn
export, and what Excel makes of them.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import unquote

from bg_orchestration.domain.profile_links import decoded_link, find_profile

# How spreadsheets, databases and people write that a cell has no value.
_EMPTY = frozenset({
    "", "n/a", "null", "none", "nan", "nil", "undefined", "unknown", "not available", "n.a.",
    "<na>", "\\n", "(null)", "(none)", "(blank)", "(empty)", "(no value)", "(unknown)", "[empty]",
    "tbd", "k.a.", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend", "desconhecido",
    "#n/a", "#n/a n/a", "#na", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!",
    "#error!", "#spill!", "#calc!", "#nv", "#wert!", "#bezug!", "#valor!", "#valeur!",
})  # fmt: skip
# A cell that begins with one of these is a formula to Excel: exports put an apostrophe before it.
_ESCAPED = re.compile(r"'(?=[=+\-@\d])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});|&nbsp(?!\w)")
# Markup of one word or line, as sheets that were copied from a web page have it.
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|i|p|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.I
)
_DASHES = re.compile(r"[-–—_.?*/#~ ]+")  # noqa: RUF001
# Excel's form of a text that looks like a number, and other programs' quotes around a whole cell.
_TEXT_FORMULA = re.compile(r'\s*="([^"]*)"\s*')
_QUOTED = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|[“”„]([^“”„]+)[“”]|‘([^‘’]+)’|«([^«»]+)»)\s*""")  # noqa: RUF001
_CLOSING = ('"', "'", "”", "“", "’", "»", " ")  # noqa: RUF001
# Wide forms, letters of mathematics and ligatures: other shapes of plain letters.
_SHAPES = re.compile("[\uff01-\uff5e\ufb00-\ufb06\U0001d400-\U0001d7ff]+")
# Characters without ink: controls but tab and line end, Unicode's category Cf (zero-width spaces,
# soft hyphens, marks of direction), variation selectors, fillers, the blank pattern of Braille,
# and the mark of an embedded object. NUL stays, as a mark of a damaged file.
_FORMAT = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffc\u180f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0"
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
    "exmo", "exma", "mstr", "dame", "lady", "lord", "hon", "rev", "jr", "univ", "habil", "med",
    "jur", "phil", "rer", "nat", "oec", "msc", "bsc", "mba", "phd", "llm", "avv", "arq", "lic",
    "maître", "don", "doña", "dna", "d", "fam",
})  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*)")
_EMAIL_LABEL = re.compile(r"^(?:[a-z -]{1,20}:)+", re.I)  # `mailto:`, `Work:`
_NO_EMAILS = (
    "email_not_unlocked@", "not_unlocked@", "no_email@", "noemail@", "no-email@", "none@", "na@",
    "unknown@", "nomail@", "test@test.",
)  # fmt: skip
# Excel's form of a long number, without the last digits.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.I)
_PHONE_PUNCTUATION = re.compile(r"[\s().\-/\u2010-\u2013\u00a0]")
# Several numbers in a cell, a label before or behind one.
_PHONES = re.compile(r"[;,|\n·]|:::|\s/\s|\s(?:or|oder|ou|o|of|und|and|et)\s|(?<=\d)\s*/\s*(?=\+)")
_PHONE_LABEL = re.compile(r"^[^\W\d_][^\d+(]*|\([^()\d]*\)$|^=(?=\+)")
# 15 digits at most, and no country code begins with 0 (ITU-T E.164).
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_COMPANY_PAGE = re.compile(
    r"linkedin\.c(?:om|n)/+(?:[\w#!-]+/+)*?(?:company|company-beta|school|showcase)/+([^/?#&,;|\s<>()\[\]\"]+)",
    re.I,
)


def clean(cell: str) -> str:
    """Return a cell's plain text: decoded, in composed letters, without invisible characters.

    HTML entities (`&amp;`) are decoded, tags of web pages and quotes around the whole cell removed.
    """
    if "&" in cell:
        cell = _ENTITY.sub(lambda entity: html.unescape(entity[0]), cell)
    if "<" in cell:
        cell = _TAG.sub(" ", cell)
    if not (cell.isascii() and cell.isprintable()):
        cell = _SHAPES.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), cell)
        cell = unicodedata.normalize("NFC", _FORMAT.sub("", cell))
    if cell.endswith(_CLOSING) and (
        match := _TEXT_FORMULA.fullmatch(cell) or _QUOTED.fullmatch(cell)
    ):
        return next(text for text in match.groups() if text is not None)
    return cell


def read_text(cell: str) -> str | None:
    """Return a cell's words with single spaces, without apostrophe and invisible characters."""
    cell = clean(cell)
    text = " ".join(_ESCAPED.sub("", cell, count=1).split() if cell[:1] == "'" else cell.split())
    return None if text.casefold() in _EMPTY or _DASHES.fullmatch(text) else text


def read_job_title(cell: str) -> str | None:
    """Return a job title; `None` for a form of address such as `Dr.` or `Mme`."""
    text = read_text(cell)
    words = re.split(r"[\s\-/]+", text.casefold()) if text else []
    return None if all(map(_is_no_job, words)) else text


def _is_no_job(word: str) -> bool:
    """Return whether a word is a form of address, `Dr.`, `Sig.ra` or `Prof.Dr.`, or a number."""
    word = re.sub(r"[()&,;:]", "", word)
    parts = filter(None, word.split("."))
    plain = word.replace(".", "")
    return plain.isdigit() or plain in _SALUTATIONS or _SALUTATIONS.issuperset(parts)


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
    plain = re.sub(r"(?<=\d)[,.' ’](?=\d{3}(?!\d))", "", text)  # noqa: RUF001
    match = re.fullmatch(
        r"(?:~|ca\.?|about|approx\.?)?\s*(?:(\d{1,9})(?:\.0+)?|(\d{1,4}(?:\.\d{1,3})?)([KM]))\s*\+?"
        r"(?: (?:employees|people|staff|mitarbeiter\w*|employés|salariés|empleados|dipendenti|"
        r"medewerkers|funcionários))?", plain, re.I,
    )  # fmt: skip
    if match is None:
        raise ValueError(f"{text!r} is not a number of people")
    if match[1]:
        return int(match[1])
    return round(float(match[2]) * (1_000 if match[3] in "kK" else 1_000_000))


def read_flag(cell: str) -> bool:
    """Return whether a cell means yes."""
    return cell.strip().casefold() in {"yes", "true", "1", "y", "x", "ja", "oui", "si", "sí"}


def read_email(cell: str) -> str | None:
    """Return an address with its domain in lower case; `None` for a placeholder.

    Raises:
        ValueError: it is no address.
    """
    text = read_text(cell)
    if text is None or text.casefold() in {"true", "false"} or "*" in text:
        return None
    text = unquote(_EMAIL_LABEL.sub("", text).partition("?")[0]) if text.isascii() else text
    text = text.strip("'`").rstrip(".")
    if text.casefold().startswith(_NO_EMAILS):
        return None
    match = _EMAIL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an email address")
    return text[: -len(match[1])] + match[1].lower()


def read_emails(cell: str) -> Iterator[str]:
    """Every address of a cell: several, with separators, or with names before them.

    Raises:
        ValueError: the cell has text without an address, or with an invalid one; after the others.
    """
    text = re.sub(r"\s{0,3}@\s{0,3}", "@", clean(cell)) if cell.count("@") == 1 else clean(cell)
    parts = re.split(r"[\s;,|<>()\[\]{}\"·]+|:::|(?<=[a-z])/(?=[^\s/]*@)", text, flags=re.I)
    fault: ValueError | None = None
    for address in [part for part in parts if "@" in part] or [cell]:
        try:
            email = read_email(address)
        except ValueError as error:
            fault = fault or error
        else:
            if email:
                yield email
    if fault is not None:
        raise fault


class Phone(NamedTuple):
    """A number as E.164, or as written, with the reason."""

    value: str
    status: Literal["not_e164", "damaged"] | None


def read_phones(cell: str) -> list[Phone]:
    """The phone numbers of a cell: E.164 where they have a country code, else as written."""
    text = read_text(cell)
    if text is not None and _ROUNDED.fullmatch(text):
        return [Phone(text, "damaged")]
    parts = _PHONES.split(clean(cell))
    numbers = (value for value in map(read_text, parts) if value)
    return [_phone(value) for value in numbers if sum(map(str.isdigit, value)) >= 3]


def _phone(text: str) -> Phone:
    digits = _PHONE_PUNCTUATION.sub("", _PHONE_LABEL.sub("", text).replace("(0)", ""))
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return Phone(digits, None) if _E164.fullmatch(digits) else Phone(text, "not_e164")


def read_profile(cell: str) -> tuple[str | None, str | None]:
    """Return a LinkedIn link's public slug and its opaque member id: it holds one or the other."""
    text = read_text(cell)
    return find_profile(text) if text else (None, None)


def read_company_page(cell: str) -> str | None:
    """The slug or number of a LinkedIn company link; a bare number is one too."""
    text = read_text(cell)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return text
    match = _COMPANY_PAGE.search(decoded_link(text))
    return unquote(match[1]).casefold() if match else None
