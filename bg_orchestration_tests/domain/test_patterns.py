"""The time that a pattern of the package takes grows in step with its text, whatever it is."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

import pytest

import bg_orchestration

_METHODS = {
    "match": re.Pattern.match,
    "fullmatch": re.Pattern.fullmatch,
    "search": re.Pattern.search,
    "findall": re.Pattern.findall,
    "finditer": lambda pattern, text: list(pattern.finditer(text)),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
    "split": re.Pattern.split,
}
_SMALL = 4 * 1024
_LARGEST = 256 * 1024
# From one size to the next the text grows by this, and so may the time; twice that is noise.
_GROWTH = 4
_NOISE = 2.5
# Below this a clock tells nothing.
_LEAST_SECONDS = 0.02


class Use(NamedTuple):
    """A pattern and how its module uses it."""

    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(bg_orchestration.__path__, "bg_orchestration."):
        # Programs do their work when they are imported; they hold no pattern.
        if not found.name.endswith(("__main__", "ops.worker", "migrations.env")):
            yield importlib.import_module(found.name)


def _patterns_in(value: Any, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    """The patterns that a global holds, in containers and objects of ours too."""
    if isinstance(value, re.Pattern):
        yield value
    elif not depth:
        return
    elif type(value) in (dict, MappingProxyType):
        for item in value.items():
            yield from _patterns_in(item, depth - 1)
    elif type(value) in (list, tuple, set, frozenset):
        for item in value:
            yield from _patterns_in(item, depth - 1)
    elif isinstance(value, type) or type(value).__module__.startswith("bg_orchestration."):
        names = [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]
        for name in names:
            yield from _patterns_in(getattr(value, name, None), depth - 1)


def _inline(source: str) -> Iterator[tuple[str, str]]:
    """The patterns that are written in a call, `re.sub("x", ...)`, each with its method."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _METHODS
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value), node.func.attr


def _methods(source: str, name: str) -> frozenset[str]:
    """The methods called on a name in its module; both kinds where it is handed on."""
    found = frozenset(re.findall(rf"\b{re.escape(name)}\.(\w+)\b", source)) & _METHODS.keys()
    return found or frozenset({"fullmatch", "sub"})


@cache
def uses() -> dict[str, Use]:
    found: dict[str, Use] = {}
    seen: set[re.Pattern[Any]] = set()
    for module in modules():
        source = Path(str(module.__file__)).read_text()
        for name, value in vars(module).items():
            foreign = isinstance(value, type) and value.__module__ != module.__name__
            if foreign or isinstance(value, ModuleType):
                continue
            for pattern in _patterns_in(value):
                if pattern not in seen:
                    seen.add(pattern)
                    place = f"{module.__name__}.{name} {pattern.pattern!r:.60}"
                    found[place] = Use(pattern, _methods(source, name))
        for text, method in _inline(source):
            found[f"{module.__name__} {text!r:.60}"] = Use(re.compile(text), frozenset({method}))
    return found


def _characters(node: Any) -> Iterator[str]:
    """One character for each literal and each class of a parsed pattern."""
    for op, argument in node:
        if op is code.LITERAL:
            yield chr(argument)
        elif op is code.IN:
            yield from _of_class(argument)
        else:
            # Repeats, groups, branches and assertions hold further patterns.
            for inner in argument if isinstance(argument, tuple) else ():
                for one in inner if isinstance(inner, list) else (inner,):
                    if isinstance(one, parser.SubPattern):
                        yield from _characters(one)


_CATEGORIES = {
    code.CATEGORY_DIGIT: "7", code.CATEGORY_NOT_DIGIT: "x", code.CATEGORY_SPACE: " ",
    code.CATEGORY_NOT_SPACE: "x", code.CATEGORY_WORD: "x", code.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def _of_class(items: Any) -> Iterator[str]:
    for op, argument in items:
        if op is code.LITERAL:
            yield chr(argument)
        elif op is code.RANGE:
            yield chr(argument[0])
        elif op is code.CATEGORY:
            yield _CATEGORIES[argument]


def _prefixes(pattern: re.Pattern[Any]) -> list[str]:
    """The literal beginning, where there is one: what follows it is tried at every repeat."""
    text = ""
    for op, argument in parser.parse(pattern.pattern, pattern.flags):
        if op is not code.LITERAL:
            break
        text += chr(argument)
    return [text] if len(text) > 1 else []


def worst_units(pattern: re.Pattern[Any]) -> list[str]:
    """Short texts that are repeated: each character that the pattern knows, and pairs of them."""
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    known = list(dict.fromkeys(_characters(parsed)))[:12]
    known += [one for one in ("x", " ", "7", "-") if one not in known]
    pairs = [a + b for a in known[:8] for b in known[:8] if a != b]
    prefixes = _prefixes(pattern)
    return known + pairs + prefixes + [prefix + one for prefix in prefixes for one in known]


def seconds(run: Callable[[str], object], text: Any) -> float:
    """CPU time of this thread: another process cannot make it longer."""
    began = time.thread_time()
    run(text)
    return time.thread_time() - began


def _text(use: Use, unit: str, size: int) -> Any:
    # The last character matches nothing: what was taken has to be given back.
    text = (unit * (size // len(unit)))[: size - 1] + "\x00"
    return text.encode("latin-1", "replace") if isinstance(use.pattern.pattern, bytes) else text


def superlinear(use: Use) -> str | None:
    """The method and unit for which the time grows faster than the text, if there is one."""
    for method in sorted(use.methods):
        run = partial(_METHODS[method], use.pattern)
        took = {unit: seconds(run, _text(use, unit, _SMALL)) for unit in worst_units(use.pattern)}
        # The units that take longest: only they can take far longer with more of them.
        for unit in sorted(took, key=lambda one: -took[one])[:4]:
            before = max(took[unit], _LEAST_SECONDS / _GROWTH)
            for size in (_SMALL * _GROWTH, _SMALL * _GROWTH**2, _LARGEST):
                text = _text(use, unit, size)
                now, most = seconds(run, text), before * _GROWTH * _NOISE
                # A collection of garbage may fall into it: the slow is measured again.
                if now > most and (now := seconds(run, text)) > most:
                    return f"{method} of {unit!r} * n: {size} characters take {now:.2f} s"
                before = max(now, before)
    return None


def test_patterns_are_found() -> None:
    modules_with_patterns = {place.partition(" ")[0] for place in uses()}
    assert "bg_orchestration.domain.identifiers._WORD" in modules_with_patterns
    assert len(uses()) > 60


def test_time_grows_in_step_with_the_text() -> None:
    faults = {place: superlinear(use) for place, use in uses().items()}
    assert {place: fault for place, fault in faults.items() if fault} == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"[^\s,]+@[^\s,]+", "findall"),
        (r"\s+$", "sub"),
        (rb"\d+x", "findall"),
    ],
)
def test_a_quadratic_pattern_is_found_out(pattern: Any, method: str) -> None:
    use = Use(re.compile(pattern), frozenset({method}))
    assert superlinear(use) is not None
