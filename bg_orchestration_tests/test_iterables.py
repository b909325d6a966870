"""No function walks an `Iterable` twice: the second walk of a generator finds nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bg_orchestration

_ONCE = ("Iterable", "Iterator")


def walked_twice(source: str) -> Iterator[str]:
    """The parameters that may be walked only once and are used more often."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        uses = [
            node.id
            for statement in function.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name)
        ]
        arguments = function.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            if kind.startswith(_ONCE) and uses.count(argument.arg) > 1:
                yield f"{function.name}({argument.arg})"


def test_no_iterable_is_walked_twice() -> None:
    root = Path(bg_orchestration.__file__).parent
    found = {
        f"{path.relative_to(root)}: {use}"
        for path in root.rglob("*.py")
        for use in walked_twice(path.read_text("utf-8"))
    }
    assert found == set()


def test_the_search_finds_what_it_looks_for() -> None:
    source = "def f(a: Iterable[int], b: list[int]):\n    return sum(a) + max(a) + len(b + b)"
    assert list(walked_twice(source)) == ["f(a)"]
