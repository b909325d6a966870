"""Reads the answer of a model into findings with their sources.

A model may wrap JSON in code fences, reason before it, stop in its middle, or answer in prose. It
may also state facts that the prompt excludes. So the text is unwrapped, read strictly, and cleaned.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ValidationError

from bg_orchestration.domain.model import Value
from bg_orchestration.ledger.calls import parse_json

_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_FIELDS: Final[Mapping[str, Mapping[str, object]]] = {
    "summary": {"type": "string"},
    "responsibilities": _TEXTS,
    "recent": _TEXTS,
    "interests": _TEXTS,
}
FINDINGS_SCHEMA: Final = {
    "type": "object",
    "properties": _FIELDS,
    "required": list(_FIELDS),
    "additionalProperties": False,
}
_MOST_POINTS: Final = 10
_MOST_SOURCES: Final = 30
_MOST_CHARACTERS: Final = 2_000

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.S)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ADDRESS = re.compile(r"\S@\S|[(\[{]\s*(?:at|@)\s*[)\]}]", re.I)
# A number with a country code, or nine and more digits with punctuation only.
_PHONE = re.compile(r"\+\d[\d\s().\-/]{5,}\d|\d(?:[\s().\-/]{0,2}\d){8,}")


class UnreadableFindingsError(Exception):
    """An answer has the wrong form; the message quotes none of it."""


class Source(Value):
    """A page that the answer cites."""

    url: str
    title: str | None = None
    date: str | None = None


def _text(value: object) -> object:
    return _clean(value) if isinstance(value, str) else value if value is not None else ""


def _points(value: object) -> object:
    if not isinstance(value, list):
        return [] if value is None else value
    points = (_clean(item) for item in value if isinstance(item, str))
    return tuple(point for point in points if point)[:_MOST_POINTS]


Text = Annotated[str, BeforeValidator(_text)]
Points = Annotated[tuple[str, ...], BeforeValidator(_points)]


class Findings(Value):
    """Findings about a person at work: commentary for people to read.

    Attributes:
        summary: a few sentences.
        responsibilities: the person's responsibilities.
        recent: recent statements and actions in this job.
        interests: professional interests.
        sources: the pages of the server's search.
        model: the model that answered.
        prompt: the version of the prompt.
    """

    summary: Text = ""
    responsibilities: Points = ()
    recent: Points = ()
    interests: Points = ()
    sources: tuple[Source, ...] = ()
    model: str = ""
    prompt: str = ""

    @property
    def says_something(self) -> bool:
        """Whether there is any finding."""
        return bool(self.summary or self.responsibilities or self.recent or self.interests)


def state_of(content: Mapping[str, Any]) -> str:
    """Return the state in either dialect: `completed`, `failed`, `in_progress`, `refused` ..."""
    message = _message(content)
    if message.get("refusal"):
        return "refused"
    if any(part.get("type") == "refusal" for part in _parts(content)):
        return "refused"
    status = content.get("status")
    return status if isinstance(status, str) else "completed"


def read_findings(content: Mapping[str, Any], model: str, prompt: str) -> Findings:
    """Read the findings of an answer in either dialect.

    Raises:
        UnreadableFindingsError: the answer is cut off, or has another form.
    """
    choices = _objects(content.get("choices"))
    if content.get("status") == "incomplete" or any(
        choice.get("finish_reason") == "length" for choice in choices[:1]
    ):
        raise UnreadableFindingsError("the answer is cut off at its longest length")
    try:
        found = parse_json(_unwrap(_last_message(content)).encode("utf-8", "replace"))
        if not isinstance(found, dict):
            raise UnreadableFindingsError("the answer is no JSON object")
        fields = {name: found[name] for name in _FIELDS if name in found}
        findings = Findings.model_validate(fields)
    except ValidationError:
        raise UnreadableFindingsError("the answer has other fields than those asked for") from None
    except ValueError:
        raise UnreadableFindingsError("the answer is no JSON") from None
    sources: dict[str, Source] = {}
    for source in _sources(content):
        sources.setdefault(source.url, source)
    return findings.model_copy(
        update={
            "sources": tuple(sources.values())[:_MOST_SOURCES],
            "model": str(content.get("model") or model),
            "prompt": prompt,
        }
    )


def _last_message(content: Mapping[str, Any]) -> str:
    """The last message of the model."""
    texts = [part["text"] for part in _parts(content) if isinstance(part.get("text"), str)]
    told = _message(content).get("content")
    return texts[-1] if texts else told if isinstance(told, str) else ""


def _without_thoughts(text: str) -> str:
    """The text without `<think>...</think>`."""
    *parts, rest = text.split("</think>")
    kept = []
    for part in parts:
        before, opening, _ = part.partition("<think>")
        kept.append(before if opening else f"{part}</think>")
    return "".join([*kept, rest])


def _unwrap(text: str) -> str:
    text = _without_thoughts(text)
    fenced = _FENCE.search(text)
    text = fenced[1] if fenced else text
    return text[text.find("{") : text.rfind("}") + 1]


def _clean(text: str) -> str:
    """A text without sentences that contain contacts."""
    sentences = _SENTENCE_END.split(" ".join(_UNSTORABLE.sub("", text).split()))
    clean = [
        sentence
        for sentence in sentences
        if not _ADDRESS.search(sentence) and not _PHONE.search(sentence)
    ]
    return " ".join(clean)[:_MOST_CHARACTERS]


def _sources(content: Mapping[str, Any]) -> Iterator[Source]:
    results = _objects(content.get("search_results"))
    for item in _objects(content.get("output")):
        results += _objects(item.get("results"))
    for part in _parts(content):
        results += _objects(part.get("annotations"))
    citations = content.get("citations")
    results += [{"url": url} for url in citations] if isinstance(citations, list) else []
    for result in results:
        url, title, date = (result.get(name) for name in ("url", "title", "date"))
        if isinstance(url, str) and url.startswith(("https://", "http://")) and _is_safe(url):
            yield Source(
                url=_UNSTORABLE.sub("", url)[:_MOST_CHARACTERS],
                title=(_clean(title) or None) if isinstance(title, str) else None,
                date=(_clean(date) or None) if isinstance(date, str) else None,
            )


def _is_safe(url: str) -> bool:
    return not _ADDRESS.search(url)


def _message(content: Mapping[str, Any]) -> dict[str, Any]:
    choices = _objects(content.get("choices"))
    message = choices[0].get("message") if choices else None
    return message if isinstance(message, dict) else {}


def _parts(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of all messages in the dialect `responses`."""
    items = _objects(content.get("output"))
    messages = [item for item in items if item.get("type") == "message"]
    return [part for message in messages for part in _objects(message.get("content"))]


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
