"""The encoding of a text file: found by its bytes, with a guess for old code pages.

UTF-8 with some other bytes stays UTF-8. The other bytes come through decoding as lone surrogates
(`surrogateescape`), so `repair` can read them by the code page that makes the likelier words.
"""

import codecs
import gzip
import io
import re
from dataclasses import dataclass
from typing import IO, BinaryIO

_BLOCK = 1 << 20
_SAMPLE_WORDS = 2_000
_WITHIN_WORDS = frozenset("’‘“”„–—…·´`®™ºª«»\xa0•€")  # noqa: RUF001
_ESCAPED = re.compile("[\udc80-\udcff]+")
_WORD = re.compile("(?:[^\\W\\d_]|[\udc80-\udcff])+")
# For each code page the letters beyond ASCII of the languages that were written in it. A word is
# plausible if one language has all its letters.
_WESTERN = ("äöüß", "àâæçéèêëîïôœùûü", "áéíñóúü", "ãâáàçéêíóôõú", "àèéìíòóù", "äåöé", "åæøé",
            "éëïóöü")  # fmt: skip
_CENTRAL = ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "áäčďéíĺľňóôŕšťúýž", "čćđšž")
_TURKISH = ("çğıöşüâî\u0307",)
_RUSSIAN = ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",)
_GREEK = ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",)
_HEBREW = ("אבגדהוזחטיכלמנסעפצקרשתךםןףץ",)
_LANGUAGES = {
    "cp1252": _WESTERN, "cp1250": _CENTRAL, "iso8859_15": _WESTERN, "iso8859_2": _CENTRAL,
    "cp1254": _TURKISH, "mac_roman": _WESTERN, "cp850": _WESTERN, "cp852": _CENTRAL,
    "mac_latin2": _CENTRAL, "cp1251": _RUSSIAN, "koi8_r": _RUSSIAN, "cp866": _RUSSIAN,
    "iso8859_5": _RUSSIAN, "mac_cyrillic": _RUSSIAN, "cp1253": _GREEK, "cp1255": _HEBREW,
}  # fmt: skip
# The usual letters of an alphabet: any bytes are some letters of it.
_USUAL = frozenset("оеаинтсрвлкαοιετσνρηάόίςיוהלאמרתבנ")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The decoding of a file.

    Attributes:
        name: Python's name; for UTF-8 with other bytes `utf-8-sig`.
        odd_bytes: how many bytes are no UTF-8.
        code_page: the code page of those bytes; `None` without any.
        mixed: whether the file also holds UTF-8 beyond ASCII.
        cut_off: whether it ends inside a character.
    """

    name: str
    odd_bytes: int = 0
    code_page: str | None = None
    mixed: bool = False
    cut_off: bool = False

    @property
    def label(self) -> str:
        """The name for people: `utf-8`, `cp1250`."""
        old = self.code_page if self.code_page and not self.mixed else None
        return old or self.name.removesuffix("-sig")

    def notes(self) -> list[str]:
        """Return sentences on guesses."""
        notes = []
        # Of a pipe the odd bytes are not counted, and most likely there are none.
        if self.code_page and self.mixed:
            if self.odd_bytes:
                notes.append(
                    f"bytes that are not UTF-8 ({self.odd_bytes:,}) were read as {self.code_page}"
                )
        elif self.code_page:
            notes.append(
                f"the file is not UTF-8; it was read as {self.code_page}, which gives the "
                "likeliest letters. If names look wrong, say which it is: --encoding"
            )
        if self.cut_off:
            notes.append("the file ends inside a character: it was cut off, rows may be missing")
        return notes

    def repair(self, text: str) -> str:
        """Read the bytes in `text` that are no UTF-8 by the code page."""
        code_page = self.code_page
        if code_page is None or text.isascii():
            return text
        return _ESCAPED.sub(lambda odd: _decode(odd[0], code_page), text)


def find_encoding(stream: BinaryIO, *, whole: bool = True) -> Encoding:
    """Find the encoding of a text file; the stream is at its start again afterwards.

    Args:
        stream: seekable.
        whole: look at all of it; else at its first 4 KiB, as of a pipe.
    """
    head = head_of(stream, 4_096)
    # The mark of UTF-32 begins with that of UTF-16.
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf-32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16")
    zeros = [head[at::4].count(0) for at in range(4)]
    if min(zeros[2:]) > len(head) / 5 and zeros[0] < len(head) / 20:
        return Encoding("utf-32-le")
    if min(zeros[:2]) > len(head) / 5 and zeros[3] < len(head) / 20:
        return Encoding("utf-32-be")
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    if odd + even > len(head) / 4:
        return Encoding("utf-16-le" if odd > even else "utf-16-be")
    if not whole:
        return Encoding("utf-8-sig", code_page="cp1252", mixed=True)
    try:
        return _scan(stream)
    finally:
        stream.seek(0)


def head_of(stream: IO[bytes], size: int) -> bytes:
    """Return the first bytes of a stream, at most `size`, without consuming them."""
    if isinstance(stream, io.BufferedReader | gzip.GzipFile):
        return stream.peek(size)[:size]
    head = stream.read(size)
    stream.seek(0)
    return head


def _scan(stream: BinaryIO) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    odd_bytes, good = 0, 0
    words: list[str] = []
    cut_off = False
    while True:
        block = stream.read(_BLOCK)
        if not block:
            cut_off = bool(decoder.getstate()[0])
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            found = sum(map(len, _ESCAPED.findall(text)))
            good += sum(character > "\x7f" for character in text) - found
            if found and len(words) < _SAMPLE_WORDS:
                words += filter(_ESCAPED.search, _WORD.findall(text))
            odd_bytes += found
        if not block:
            break
    if not odd_bytes:
        return Encoding("utf-8-sig")
    pages = sorted(_LANGUAGES, key=lambda page: -_plausible(words, page))
    # Bytes of an old code page are UTF-8 by accident, now and then.
    mixed = good * 4 > odd_bytes
    name = "utf-8-sig" if mixed else pages[0]
    return Encoding(name, odd_bytes, pages[0], mixed=mixed, cut_off=cut_off and mixed)


def _plausible(words: list[str], page: str) -> float:
    return sum(
        _score(_ESCAPED.sub(lambda odd: _decode(odd[0], page), word), page)
        for word in words[:_SAMPLE_WORDS]
    )


def _score(word: str, page: str) -> float:
    """Return how likely a word is, 0 to 1."""
    letters = {letter for letter in word.lower() if not letter.isascii()} - _WITHIN_WORDS
    # Capitals stand first or everywhere.
    cased = word[1:] == word[1:].lower() or word == word.upper()
    if not cased or not any(letters <= set(language) for language in _LANGUAGES[page]):
        return 0
    if _LANGUAGES[page] not in (_RUSSIAN, _GREEK, _HEBREW) or not letters:
        return 1
    usual = sum(letter in _USUAL for letter in word.lower()) / len(word)
    return 0 if re.search("[a-z]", word, re.I) else (1 + usual) / 2


def _decode(odd: str, page: str) -> str:
    """Decode lone surrogates by a code page."""
    return odd.encode("utf-8", "surrogateescape").decode(page, "replace")
