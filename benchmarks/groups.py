"""How well groups are judged: labelled companies right in every point, predicates, confidence.

`python -m benchmarks.groups [FILE ...]` judges the 25 situations of the role policy, the labelled
companies and those held out, and any further JSON file of the same form (see the README of the
labelled data). Exit code 1 if a goal is missed.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bg_orchestration.profiles import load_policy
from bg_orchestration_tests.domain.judgement.labelled_groups import (
    cases_in,
    group_of_case,
    leads_right,
    predicates,
)

# Shares of companies right in every point, and of predicates met.
GOALS = {
    "situations.json": (23 / 25, 0.98),
    "groups.json": (0.85, 0.98),
    "groups_held_out.json": (0.85, 0.97),
}
FURTHER = (0.75, 0.97)
CALIBRATION_GOAL = 0.10
_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled company.

    Attributes:
        met: whether each predicate holds.
        leads: whether all that is labelled of decision and champion holds.
        confidence: what the group says of itself, 0..1.
    """

    met: tuple[bool, ...]
    leads: bool
    confidence: float


def outcomes_of(name: str) -> list[Outcome]:
    """Judge each company of a file."""
    policy = load_policy()
    outcomes = []
    for case in cases_in(name):
        group = group_of_case(case, policy)
        met = tuple(right for _, right in predicates(case, group))
        outcomes.append(Outcome(met, leads_right(case, group), group.confidence))
    return outcomes


def bins(outcomes: Sequence[Outcome]) -> Iterator[list[Outcome]]:
    """Return the outcomes of each tenth of confidence that occurs."""
    for tenth in range(_BINS):
        inside = [o for o in outcomes if min(int(o.confidence * _BINS), _BINS - 1) == tenth]
        if inside:
            yield inside


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Return the mean distance of confidence from the share that is right, over the bins."""
    return sum(
        abs(sum(o.confidence for o in inside) - sum(o.leads for o in inside))
        for inside in bins(outcomes)
    ) / len(outcomes)


def report(console: Console, names: Sequence[str] = ()) -> list[str]:
    """Print the tables of all files; return the goals that are missed, in words."""
    table = Table(title="Groups of labelled companies")
    for column in ("file", "companies", "right in every point", "predicates met", "goals"):
        table.add_column(column, justify="left" if column == "file" else "right")
    everything: list[Outcome] = []
    faults = []
    for name in (*GOALS, *names):
        outcomes = outcomes_of(name)
        everything += outcomes
        whole = sum(all(o.met) for o in outcomes) / len(outcomes)
        met = [right for o in outcomes for right in o.met]
        part = sum(met) / len(met)
        goals = GOALS.get(name, FURTHER)
        cells = f"{whole:.3f}", f"{part:.3f}", f"{goals[0]:.2f}, {goals[1]:.2f}"
        table.add_row(name, str(len(outcomes)), *cells)
        if whole < goals[0] or part < goals[1]:
            faults.append(f"{name}: {whole:.3f} right in every point, {part:.3f} of predicates")
    reliability = Table(title="Confidence: how often decision and champion are right")
    for column in ("companies", "confidence", "right"):
        reliability.add_column(column, justify="right")
    for inside in bins(everything):
        mean = sum(o.confidence for o in inside) / len(inside)
        right = sum(o.leads for o in inside) / len(inside)
        reliability.add_row(str(len(inside)), f"{mean:.2f}", f"{right:.2f}")
    error = calibration_error(everything)
    console.print(table, reliability, f"calibration error {error:.3f}", sep="\n")
    if error > CALIBRATION_GOAL:
        faults.append(f"calibration error {error:.3f} is above {CALIBRATION_GOAL:.2f}")
    return faults


def main() -> None:
    """Print the figures of the labelled companies and of each file named."""
    faults = report(Console(width=100, highlight=False), sys.argv[1:])
    print("\n".join(faults) or "Every goal is met.")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
