"""The tree of exceptions in the package's docstring is the tree in the code."""

import ast
import re
from pathlib import Path

import bg_orchestration

PACKAGE = Path(bg_orchestration.__file__).parent


def classes() -> dict[str, tuple[list[str], str]]:
    """The bases and the room of each class by its name; a name is used once among exceptions."""
    found: dict[str, tuple[list[str], str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                if node.name.endswith("Error"):
                    assert node.name not in found, f"two exceptions are called {node.name}"
                found[node.name] = (bases, room)
    return found


def tree_of_code() -> dict[str, tuple[str, str]]:
    """The parent and the room of each public exception."""
    found = classes()

    def is_exception(name: str) -> bool:
        bases, _ = found.get(name, ([], ""))
        return any(base in ("Exception", "BaseException") or is_exception(base) for base in bases)

    return {
        name: (bases[0], room)
        for name, (bases, room) in found.items()
        if is_exception(name) and not name.startswith("_")
    }


def tree_of_docstring() -> dict[str, tuple[str, str]]:
    """The same from the docstring; a child without a room stands in its parent's."""
    found: dict[str, tuple[str, str]] = {}
    parent = ("Exception", "")
    for line in (bg_orchestration.__doc__ or "").splitlines():
        entry = re.fullmatch(r"( *)([*+]) (\w+): .*?\.(?: \(([\w.]+)\))?", line)
        if entry is None:
            continue
        _, mark, name, place = entry.groups()
        room = place.split(".")[0] if place else parent[1]
        found[name] = ("Exception" if mark == "*" else parent[0], room)
        if mark == "*":
            parent = (name, room)
    return found


def test_the_docstring_lists_every_exception() -> None:
    assert tree_of_docstring() == tree_of_code()


def test_every_exception_is_an_error_by_its_name() -> None:
    assert all(name.endswith("Error") for name in tree_of_code())
