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
_LANGUAGES = {
    "cp1252": ("äöüß", "àâæçéèêëîïôœùûü", "áéíñóúü", "ãâáàçéêíóôõú", "àèéìíòóù", "äåöé", "åæøé",
               "éëïóöü"),
    "cp1250": ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "áäčďéíĺľňóôŕšťúýž", "čćđšž"),
    "mac_roman": ("äöüß", "àâçéèêëîïôùû", "áéíñóúü", "ãáàçéêíóôõú", "äåöé", "åæøé"),
    "cp850": ("äöüß", "àâçéèêëîïôùû", "áéíñóúü", "ãáàçéêíóôõú", "àèéìíòóù", "äåöé", "åæøé"),
    "cp1251": ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """The decoding of a file.

    Attributes:
        name: Python's name; for UTF-8 with other bytes, and for old code pages, `utf-8-sig`.
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
    odd, even = head[1::2].count(0), head[::2].count(0)
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
    odd_bytes, good = 0, False
    words: list[str] = []
    cut_off = False
    while True:
        block = stream.read(_BLOCK)
        if not block:
            cut_off = bool(decoder.getstate()[0])
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            found = sum(map(len, _ESCAPED.findall(text)))
            good = good or found < sum(character > "\x7f" for character in text)
            if found and len(words) < _SAMPLE_WORDS:
                words += filter(_ESCAPED.search, _WORD.findall(text))
            odd_bytes += found
        if not block:
            break
    if not odd_bytes:
        return Encoding("utf-8-sig")
    pages = sorted(_LANGUAGES, key=lambda page: -_plausible(words, page))
    return Encoding("utf-8-sig", odd_bytes, pages[0], mixed=good, cut_off=cut_off and good)


def _plausible(words: list[str], page: str) -> int:
    return sum(
        _is_word(_ESCAPED.sub(lambda odd: _decode(odd[0], page), word), page)
        for word in words[:_SAMPLE_WORDS]
    )


def _is_word(word: str, page: str) -> bool:
    letters = {letter for letter in word.lower() if not letter.isascii()} - _WITHIN_WORDS
    # Capitals stand first or everywhere.
    cased = word[1:] == word[1:].lower() or word == word.upper()
    return cased and any(letters <= set(language) for language in _LANGUAGES[page])


def _decode(odd: str, page: str) -> str:
    """Decode lone surrogates by a code page."""
    return odd.encode("utf-8", "surrogateescape").decode(page, "replace")
