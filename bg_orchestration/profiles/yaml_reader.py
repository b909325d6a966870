"""YAML files as checked values, with all faults of a file and their lines."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Traversable
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bg_orchestration.profiles.wording import in_words

Loc = tuple[int | str, ...]
# Finds faults of a file's values beyond those of its model.
Check = Callable[[Mapping[str, Any]], Iterable[tuple[Loc, str]]]
_Model = TypeVar("_Model", bound=BaseModel)

# The parser of libyaml, ten times as fast; PyYAML has it on all common platforms.
_FAST_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A file that changed this lately is read again: its next change may leave the same time stamp.
_SETTLED_NS: Final = 1_000_000_000
# The values read so far, each with the state of its file; `None` is never held.
_values: dict[tuple[object, ...], tuple[os.stat_result, BaseModel]] = {}


@dataclass(frozen=True, slots=True)
class ProfileFault:
    """A fault in a file.

    Attributes:
        file: the file as the user named it.
        line: from 1; `None` for a fault without a line.
        field: dotted, such as `weights.seniority`; empty for the file as a whole.
        message: the fault, and the allowed values.
    """

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.field, self.message) if part)


class ProfileError(Exception):
    """A profile or the policy cannot be used; the message names the file, line and field.

    Attributes:
        faults: the faults; empty for a fault outside a file's content.
    """

    def __init__(self, problem: str | Sequence[ProfileFault]) -> None:
        self.faults = () if isinstance(problem, str) else tuple(problem)
        super().__init__(problem if isinstance(problem, str) else "\n".join(map(str, problem)))


def read_model(
    file: Traversable, name: str, model: type[_Model], check: Check = lambda _: ()
) -> _Model:
    """Return the content of the YAML `file` as `model`; faults call the file `name`.

    A process reads each file once for each state of it: `model` must be immutable.

    Raises:
        ProfileError: the file cannot be read, is not YAML, or a field is missing, misspelt, twice
            there or wrong.
    """
    key = (file, name, model, check)
    state = _state_of(file)
    cached = _values.get(key)
    if cached is not None and state is not None and _same_content(cached[0], state):
        return cached[1]  # type: ignore[return-value]
    value = _read(file, name, model, check)
    if (
        state is not None
        and time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > _SETTLED_NS
    ):
        _values[key] = (state, value)
    return value


def _state_of(file: Traversable) -> os.stat_result | None:
    """Return the state of a file on disk; `None` for one that is elsewhere, or missing."""
    try:
        return Path(file).stat() if isinstance(file, os.PathLike) else None
    except OSError:
        return None


def _same_content(before: os.stat_result, now: os.stat_result) -> bool:
    return (before.st_mtime_ns, before.st_ctime_ns, before.st_size, before.st_ino) == (
        now.st_mtime_ns,
        now.st_ctime_ns,
        now.st_size,
        now.st_ino,
    )


def _read(file: Traversable, name: str, model: type[_Model], check: Check) -> _Model:
    given, node, found = _parse(file, name)
    found += check(given)
    try:
        value = model.model_validate(given)
    except ValidationError as error:
        reported = {loc for loc, _ in found}
        found += [
            (fault["loc"], in_words(fault, model))
            for fault in error.errors(include_url=False)
            # A fault of the whole follows from the reported faults of its fields.
            if fault["loc"] not in reported and (fault["loc"] or not found)
        ]
    else:
        if not found:
            return value
    faults = [
        ProfileFault(name, _line(node, loc), ".".join(map(str, loc)), message)
        for loc, message in found
    ]
    raise ProfileError(sorted(faults, key=lambda fault: fault.line or 0))


def _parse(file: Traversable, name: str) -> tuple[dict[str, Any], yaml.Node, list[tuple[Loc, str]]]:
    """Return the fields of `file`, their lines, and the repeated fields."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        try:
            given, node, repeated = _load(_FAST_LOADER(text))
        except yaml.YAMLError:
            # The message of PyYAML's own parser says more.
            given, node, repeated = _load(yaml.SafeLoader(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        if "'\\t'" in problem:
            problem += "; indent with spaces, not with tabs"
        line = mark.line + 1 if mark else None
        raise ProfileError([ProfileFault(name, line, "", f"not YAML: {problem}")]) from None
    except OSError as error:
        raise ProfileError(
            [ProfileFault(name, None, "", f"cannot be read: {error.strerror}")]
        ) from None
    except (ValueError, RecursionError) as error:
        raise ProfileError(
            [ProfileFault(name, None, "", f"cannot be read as UTF-8 text in YAML: {error}")]
        ) from None
    if node is None or not isinstance(given, dict):
        raise ProfileError([ProfileFault(name, None, "", "must hold fields, as in `id: security`")])
    return given, node, repeated


def _load(loader: Any) -> tuple[Any, yaml.Node | None, list[tuple[Loc, str]]]:
    node = loader.get_single_node()
    # Checked before the construction, which unfolds merge keys with repeated fields.
    repeated = list(_repeated_fields(node))
    return (loader.construct_document(node) if node else None), node, repeated


def _repeated_fields(node: yaml.Node | None) -> Iterator[tuple[Loc, str]]:
    nodes: list[tuple[Loc, yaml.Node | None]] = [((), node)]
    for where, item in nodes:
        first: dict[str, int] = {}
        for key, (marked, value) in _fields(item):
            line = marked.start_mark.line + 1
            if first.setdefault(key, line) != line:
                yield (*where, key), f"stands twice, in lines {first[key]} and {line}; keep one"
            # An alias may hold itself: nothing here nests deeper than this.
            if len(where) < _DEEPEST:
                nodes.append(((*where, key), value))


_DEEPEST = 4


def _fields(node: yaml.Node | None) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, (key, value)


def _line(node: yaml.Node, loc: Loc) -> int:
    """Return the line of a field, or of the innermost existing field around it."""
    line = node.start_mark.line
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            marked = node = node.value[part]
        elif part in (fields := dict(_fields(node))):
            marked, node = fields[str(part)]
        else:
            break
        line = marked.start_mark.line
    return int(line) + 1
