"""What a model answers, made into findings with their sources.

Models wrap JSON in code fences, think aloud before it, stop in its middle, or answer in prose; and
they may state what nobody asked for. So the text is unwrapped, read strictly, and cleansed.
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
# A number with its country's code, or nine digits and more that only punctuation parts.
_PHONE = re.compile(r"\+\d[\d\s().\-/]{5,}\d|\d(?:[\s().\-/]{0,2}\d){8,}")


class UnreadableFindingsError(Exception):
    """An answer is not what was asked for; says why, without a word of it."""


class Source(Value):
    """A page that the answer rests on."""

    url: str
    title: str | None = None
    date: str | None = None


def _text(value: object) -> object:
    return _cleansed(value) if isinstance(value, str) else value if value is not None else ""


def _points(value: object) -> object:
    if not isinstance(value, list):
        return [] if value is None else value
    points = (_cleansed(item) for item in value if isinstance(item, str))
    return tuple(point for point in points if point)[:_MOST_POINTS]


Text = Annotated[str, BeforeValidator(_text)]
Points = Annotated[tuple[str, ...], BeforeValidator(_points)]


class Findings(Value):
    """What research found out about somebody at work: commentary for people to read.

    Attributes:
        summary: in a few sentences.
        responsibilities: what they answer for.
        recent: what they said or did in this job lately.
        interests: what they seem to care about in their work.
        sources: the pages that the server looked up.
        model: who answered.
        prompt: the version of the words that it was asked with.
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
        """Whether anything was found."""
        return bool(self.summary or self.responsibilities or self.recent or self.interests)


def state_of(content: Mapping[str, Any]) -> str:
    """`completed`, `failed`, `in_progress`, `refused`, ... in either dialect."""
    message = _message(content)
    if message.get("refusal"):
        return "refused"
    if any(part.get("type") == "refusal" for part in _parts(content)):
        return "refused"
    status = content.get("status")
    return status if isinstance(status, str) else "completed"


def read_findings(content: Mapping[str, Any], model: str, prompt: str) -> Findings:
    """The findings in an answer of either dialect.

    Raises:
        UnreadableFindingsError: it is cut off, or nothing in it has the form that was asked for.
    """
    choices = _objects(content.get("choices"))
    if content.get("status") == "incomplete" or any(
        choice.get("finish_reason") == "length" for choice in choices[:1]
    ):
        raise UnreadableFindingsError("the answer is cut off at its longest length")
    try:
        found = parse_json(_unwrapped(_spoken(content)).encode("utf-8", "replace"))
        if not isinstance(found, dict):
            raise UnreadableFindingsError("the answer is no JSON object")
        known = {name: found[name] for name in _FIELDS if name in found}
        findings = Findings.model_validate(known)
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


def _spoken(content: Mapping[str, Any]) -> str:
    """What the model said, its last word where it spoke several times."""
    said = [part["text"] for part in _parts(content) if isinstance(part.get("text"), str)]
    told = _message(content).get("content")
    return said[-1] if said else told if isinstance(told, str) else ""


def _without_thoughts(text: str) -> str:
    """The text without `<think>...</think>`."""
    *parts, rest = text.split("</think>")
    kept = []
    for part in parts:
        before, opening, _ = part.partition("<think>")
        kept.append(before if opening else f"{part}</think>")
    return "".join([*kept, rest])


def _unwrapped(text: str) -> str:
    text = _without_thoughts(text)
    fenced = _FENCE.search(text)
    text = fenced[1] if fenced else text
    return text[text.find("{") : text.rfind("}") + 1]


def _cleansed(text: str) -> str:
    """A text without the sentences that tell how to reach somebody."""
    sentences = _SENTENCE_END.split(" ".join(_UNSTORABLE.sub("", text).split()))
    kept = [one for one in sentences if not _ADDRESS.search(one) and not _PHONE.search(one)]
    return " ".join(kept)[:_MOST_CHARACTERS]


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
                title=(_cleansed(title) or None) if isinstance(title, str) else None,
                date=(_cleansed(date) or None) if isinstance(date, str) else None,
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
