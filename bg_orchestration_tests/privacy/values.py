"""What must not be found: the personal values of people, and the ways in which they are written."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args
from urllib.parse import quote, quote_plus

import bg_orchestration
from bg_orchestration.domain.judgement.job_reading import function_words
from bg_orchestration.domain.model import Function
from bg_orchestration.providers import sample

Values = dict[str, frozenset[str]]

# How each kind is called in the files of the sample.
_KINDS = ("name", "email", "phone", "title")
_OWN_TEXT = {".py", ".yaml", ".json", ".html", ".md"}


def values_of(people: Iterable[Mapping[str, str]]) -> Values:
    """By kind, the values that point at a person.

    A title does only if our own program text cannot say it: the words of the taxonomy, the rules
    and the profiles stand in many a log line, whoever holds the job ("Head of Sales").
    """
    own = own_text()
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for person in people:
        for kind in _KINDS:
            if value := person.get(kind, "").strip():
                found[kind].add(value)
    distinctive = {title for title in found["title"] if title.casefold() not in own}
    return {kind: frozenset(all_) for kind, all_ in (found | {"title": distinctive}).items()}


def own_text() -> str:
    """Everything that our program can say by itself, case folded; not the sample's people.

    Reasons and gaps name the head of each function in words that stand in no file as one.
    """
    heads = [f"head of {function_words(each)}" for each in get_args(Function)]
    root = Path(bg_orchestration.__file__).parent
    data = Path(sample.__file__).parent
    files = [
        path.read_text()
        for path in sorted(root.rglob("*"))
        if path.suffix in _OWN_TEXT and data not in path.parents
    ]
    return "\n".join([*files, *heads]).casefold()


def spellings(kind: str, value: str) -> Iterator[bytes]:
    """The ways in which files hold `value`, in lower case: as it is, escaped, encoded, turned."""
    forms = {
        value,
        json.dumps(value)[1:-1],
        ascii(value)[1:-1],
        quote(value),
        quote_plus(value),
        html.escape(value),
    }
    if kind == "name" and " " in value:
        first, _, last = value.rpartition(" ")
        forms.add(f"{last}, {first}")
    if kind == "phone":
        # As imports write it, without what is put between the digits.
        forms.add("+" + "".join(filter(str.isdigit, value)))
    # The search knows the two cases of ASCII letters by itself.
    for one in {cased for form in forms for cased in (form, form.lower(), form.upper())}:
        yield one.encode().lower()
