"""How well titles are read: accuracy, macro-F1 and confusions, beside naive rules on the same rows.

`python -m benchmarks.evaluate [FILE ...]` reads every set of labelled titles and any further CSV
with the columns title, seniority, function and source (`<name>:<language>`); an empty label is
not scored. First stands one table of accuracy by set, axis and language, with the figures at first
contact; then follow the details of each set. Exit code 1 if a goal is missed: each set that nothing
was tuned on has to meet the goals of an axis, all of them together those of each language.
"""

import csv
import hashlib
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table

from benchmarks import groups
from bg_orchestration.domain.model import Function, Seniority
from bg_orchestration.domain.titles.title_reader import read_title

DATA = Path(__file__).parent.parent / "bg_orchestration_tests" / "data"
LABELS: dict[str, tuple[str, ...]] = {
    "seniority": get_args(Seniority),
    "function": get_args(Function),
}
GOALS = {"seniority": 0.97, "function": 0.92}
F1_BELOW_GOAL = 0.05
F1_FROM = 300  # rows; in a smaller set a label of two or three rows decides the mean
LANGUAGE_GOAL = 0.85
UNSEEN, SET_ASIDE = "titles_unseen.csv", "titles_unseen_2.csv"
FRESH, FRESH_HELD_OUT, FRESH_2 = (
    "titles_fresh.csv", "titles_fresh_held_out.csv", "titles_fresh_2.csv"
)  # fmt: skip
HELD_OUT = "held-out split of titles_dev.csv"
TUNED = (FRESH, "titles_dev.csv", "titles_by_occupation.csv")  # guard against steps back only
ABOUT = {
    UNSEEN: "Labelled by the conventions alone, by somebody who had not seen the parser; nothing "
    "was tuned on these rows. At first contact 0.993 of ranks and 0.973 of functions were right.",
    SET_ASIDE: "Labelled by the conventions alone before the phrase tables were read, and none of "
    "them in another file. At first contact 0.948 of ranks and 0.908 of functions were right, "
    "0.957 and 0.929 after other titles had shown which families of words were missing. Then the "
    "causes of their faults were mended, and two arguable ranks and a function emptied, so the "
    "figures below say less. Most languages have few rows here: look at all and at German.",
    FRESH_HELD_OUT: "Four in ten of the fresh titles. At first contact 0.985 of ranks and 0.763 of "
    "functions were right; their faults were never looked at.",
    FRESH_2: "Titles of public lists, labelled before they were read. At first contact 0.974 of "
    "ranks and 0.967 of functions were right; then the few faults were mended.",
    FRESH: "The other six in ten, with which the reader was developed. At first contact 0.969 of "
    "ranks and 0.851 of functions were right.",
    HELD_OUT: "These rows were unseen only once: at first contact 0.989 of ranks and 0.917 of "
    "functions were right. Later their faults were mended where a whole family of words was "
    "missing, so the figures below say less of titles never seen.",
}
_SHOWN = 12

Row = dict[str, str]
Pairs = list[tuple[str, str]]  # the label and what was read instead of it
Reader = Callable[[str], dict[str, str]]

# What a first attempt looks like: a piece of text anywhere in the title decides, in this order.
NAIVE = {
    "seniority": {
        "owner": "owner founder",
        "c_suite": "chief ceo cfo cto cio coo cmo president",
        "vp": "vp vice",
        "director": "director head",
        "manager": "manager lead supervisor",
        "senior": "senior sr principal",
        "entry": "intern junior trainee student",
    },
    "function": {
        "sales": "sales account business",
        "marketing": "marketing brand communication",
        "engineering": "engineer developer cto software",
        "it": "it system network",
        "security": "security",
        "product": "product",
        "finance": "financ account cfo tax audit",
        "hr": "hr human people recruit talent",
        "legal": "legal counsel attorney compliance",
        "procurement": "procure purchas buyer",
        "operations": "operation logistic coo supply",
        "customer_success": "success",
        "data": "data analy",
        "design": "design",
        "support": "support service",
        "admin": "admin assistant office",
        "executive": "ceo president owner",
        "education": "teach school professor",
        "healthcare": "nurse medic health",
    },
}


def held_out(title: str) -> bool:
    """Whether `title` belongs to the three tenths that were not read while words were collected."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 10 < 3


def rows_of(path: Path) -> list[Row]:
    """The labelled titles of a file, the language of each in `language`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row | {"language": row["source"].rpartition(":")[2]} for row in rows]


def ours(title: str) -> dict[str, str]:
    """What `bg titles` reads."""
    reading = read_title(title)
    return {"seniority": reading.seniority, "function": reading.function}


def naive(title: str) -> dict[str, str]:
    """What the naive rules read: for them a director is of the C-suite, by the letters c, t, o."""
    text = title.casefold()
    silent = {"seniority": "individual", "function": "other"}
    return {
        axis: next(
            (label for label, parts in rules.items() if any(p in text for p in parts.split())),
            silent[axis],
        )
        for axis, rules in NAIVE.items()
    }


def pairs_of(rows: Sequence[Row], axis: str, reader: Reader) -> Pairs:
    """Label and reading of each row that has a label on `axis`."""
    return [(row[axis], reader(row["title"])[axis]) for row in rows if row[axis]]


def accuracy(pairs: Pairs) -> float:
    """The share of rows that are read as labelled, 0..1."""
    return statistics.fmean(label == read for label, read in pairs)


def macro_f1(pairs: Pairs) -> float:
    """The mean over the labels that occur of the harmonic mean of precision and recall, 0..1."""
    right = Counter(label for label, read in pairs if label == read)
    labelled, readings = (Counter(column) for column in zip(*pairs, strict=True))
    return statistics.fmean(
        2 * right[label] / (labelled[label] + readings[label]) for label in labelled
    )


def missed(rows: Sequence[Row]) -> Iterator[str]:
    """The goals that our reading of `rows` misses, each in words."""
    for axis, goal in GOALS.items():
        pairs = pairs_of(rows, axis, ours)
        if accuracy(pairs) < goal:
            yield f"{axis}: accuracy {accuracy(pairs):.3f} is below {goal:.2f}"
        if len(pairs) >= F1_FROM and macro_f1(pairs) < goal - F1_BELOW_GOAL:
            yield f"{axis}: macro-F1 {macro_f1(pairs):.3f} is below {goal - F1_BELOW_GOAL:.2f}"


def missed_languages(rows: Sequence[Row]) -> Iterator[str]:
    """The languages that our reading of `rows` reads too badly, each in words."""
    for axis in GOALS:
        for language, of_it in _by_language(rows).items():
            found = pairs_of(of_it, axis, ours)
            if found and accuracy(found) < LANGUAGE_GOAL:
                yield f"{axis}: {language} {accuracy(found):.3f} is below {LANGUAGE_GOAL:.2f}"


def _by_language(rows: Sequence[Row]) -> dict[str, list[Row]]:
    languages = sorted({row["language"] for row in rows})
    return {each: [row for row in rows if row["language"] == each] for each in languages}


def _figures(rows: Sequence[Row]) -> Table:
    table = Table(title="Accuracy and macro-F1; in brackets the naive rules")
    for name in ("axis", "language", "rows", "accuracy", "macro-F1"):
        table.add_column(name, justify="right" if name not in ("axis", "language") else "left")
    for axis in GOALS:
        for language, of_it in {"all": rows, **_by_language(rows)}.items():
            good, bad = (pairs_of(of_it, axis, reader) for reader in (ours, naive))
            if good:
                both = (f"{score(good):.3f} ({score(bad):.3f})" for score in (accuracy, macro_f1))
                table.add_row(axis, language, str(len(good)), *both)
    return table


def _worst(rows: Sequence[Row], axis: str, *, examples: bool) -> Table:
    table = Table(title=f"Most frequent confusions: {axis}")
    for name in ("label", "read as", "rows", "for example"):
        table.add_column(name, justify="right" if name == "rows" else "left")
    wrong: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        read = ours(row["title"])[axis]
        if row[axis] not in ("", read):
            wrong.setdefault((row[axis], read), []).append(row["title"])
    for (label, read), titles in sorted(wrong.items(), key=lambda item: -len(item[1]))[:_SHOWN]:
        table.add_row(label, read, str(len(titles)), titles[0][:45] if examples else "")
    return table


def _confusion(rows: Sequence[Row], axis: str) -> Table:
    table = Table(title=f"Confusion: {axis}, a line for each label", box=None, padding=(0, 1, 0, 0))
    table.add_column()
    counts = Counter(pairs_of(rows, axis, ours))
    for label in LABELS[axis]:
        table.add_column(label[:3], justify="right", no_wrap=True)
    for label in LABELS[axis]:
        table.add_row(label, *(str(counts[label, read] or "·") for read in LABELS[axis]))
    return table


def _overview(sets: dict[str, list[Row]]) -> Table:
    """Accuracy of each set by axis and language, and how many rows it is of."""
    languages = sorted({row["language"] for rows in sets.values() for row in rows} - {"mixed"})
    table = Table(title="Accuracy/rows by axis, set and language", padding=0)
    for name in ("axis", "set", "all", *languages):
        table.add_column(name, justify="left" if name in ("set", "axis") else "right", no_wrap=True)
    for axis in GOALS:
        for name, rows in sets.items():
            cells = []
            for of_it in (rows, *(_by_language(rows).get(each, []) for each in languages)):
                pairs = pairs_of(of_it, axis, ours)
                cells.append(f"{accuracy(pairs):.3f}/{len(pairs)}" if pairs else "")
            table.add_row(axis, name.removesuffix(".csv"), *cells)
        table.add_section()
    return table


def main() -> None:
    """Print the figures of every set and of each file named on the command line."""
    console = Console(width=132, highlight=False)
    unseen = {name: rows_of(DATA / name) for name in (UNSEEN, SET_ASIDE, FRESH_HELD_OUT, FRESH_2)}
    dev = [row for row in rows_of(DATA / "titles_dev.csv") if held_out(row["title"])]
    sets = unseen | {HELD_OUT: dev} | {name: rows_of(Path(name)) for name in sys.argv[1:]}
    together = [row for rows in unseen.values() for row in rows]
    tuned = {name: rows_of(DATA / name) for name in TUNED}
    console.print(_overview({"all unseen together": together, **sets, **tuned}))
    faults = [f"all unseen together: {fault}" for fault in missed_languages(together)]
    for name, rows in sets.items():
        console.rule(f"{name}: {len(rows):,} titles")
        if name in ABOUT:
            console.print(ABOUT[name])
        console.print(_figures(rows))
        for axis in GOALS:
            # A title that stays unseen is not shown, so that it tempts no mending.
            worst = _worst(rows, axis, examples=name not in (UNSEEN, FRESH_HELD_OUT))
            console.print(worst, _confusion(rows, axis), sep="\n")
        faults += [f"{name}: {fault}" for fault in missed(rows)]
    console.rule("groups")
    faults += groups.report(console)
    console.rule("goals")
    console.print("\n".join(faults) or "Every goal is met.", style="red" if faults else "green")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
