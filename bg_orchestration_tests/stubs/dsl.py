"""As much of Elasticsearch's query language as providers' searches are asked with."""

from collections.abc import Iterable, Mapping
from typing import Any


class QueryError(Exception):
    """A query that the search would refuse."""


def matches(query: Any, document: Mapping[str, Any], inside: str = "") -> bool:
    """Whether a document matches a query.

    Args:
        query: one clause.
        document: plain JSON.
        inside: the path that a surrounding `nested` took.

    Raises:
        QueryError: the clause is unknown or malformed.
    """
    if not isinstance(query, dict) or len(query) != 1:
        raise QueryError("a query is an object with one clause")
    kind, content = next(iter(query.items()))
    if kind == "match_all":
        return True
    if not isinstance(content, dict):
        raise QueryError(f"[{kind}] is malformed")
    if kind == "bool":
        return _bool(content, document, inside)
    if kind == "nested":
        path = str(content["path"])
        items = _values(document, path)
        return any(matches(content["query"], {path: item}, path) for item in items)
    if kind == "exists":
        return any(value is not None for value in _values(document, str(content["field"])))
    if kind not in ("term", "terms", "range", "match_phrase", "match") or len(content) != 1:
        raise QueryError(f"unknown query [{kind}]")
    name, wanted = next(iter(content.items()))
    return any(_fits(kind, value, wanted) for value in _values(document, name))


def _bool(content: Mapping[str, Any], document: Mapping[str, Any], inside: str) -> bool:
    unknown = content.keys() - {"must", "filter", "should", "must_not", "minimum_should_match"}
    if unknown:
        raise QueryError(f"[bool] does not know {sorted(unknown)}")
    needed = [*_clauses(content, "must"), *_clauses(content, "filter")]
    if not all(matches(one, document, inside) for one in needed):
        return False
    if any(matches(one, document, inside) for one in _clauses(content, "must_not")):
        return False
    either = _clauses(content, "should")
    least = content.get("minimum_should_match", 0 if needed else 1)
    return not either or sum(matches(one, document, inside) for one in either) >= least


def _clauses(content: Mapping[str, Any], name: str) -> list[Any]:
    value = content.get(name, [])
    return value if isinstance(value, list) else [value]


def _values(document: Any, path: str) -> list[Any]:
    """Every value under a dotted path, through arrays; keys may hold dots themselves."""
    if isinstance(document, list):
        return [value for item in document for value in _values(item, path)]
    if not isinstance(document, dict):
        return []
    if path in document:
        found = document[path]
        return found if isinstance(found, list) else [found]
    head, _, rest = path.partition(".")
    return _values(document.get(head), rest) if rest else []


def _fits(kind: str, value: Any, wanted: Any) -> bool:
    if value is None:
        return False
    if kind == "terms":
        return value in wanted
    if kind == "range":
        return _in_range(str(value), wanted.items())
    if isinstance(wanted, dict):
        wanted = wanted.get("value", wanted.get("query"))
    if kind == "term":
        return bool(value == wanted)
    return str(wanted).casefold() in str(value).casefold()


def _in_range(value: str, bounds: Iterable[tuple[str, Any]]) -> bool:
    compare = {
        "gte": lambda bound: value >= bound,
        "gt": lambda bound: value > bound,
        "lte": lambda bound: value <= bound,
        "lt": lambda bound: value < bound,
    }
    return all(compare[name](str(bound)) for name, bound in bounds)
