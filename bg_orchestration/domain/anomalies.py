"""Find unusual refreshes: compare their figures with those of earlier refreshes.

The comparison uses median and median absolute deviation. Unlike mean and standard deviation, a few
odd refreshes in the history do not move them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

# The factor from median absolute deviation to standard deviation for normal data:
# 1 / Phi^-1(3/4); Rousseeuw and Croux 1993, "Alternatives to the Median Absolute Deviation".
SCALE: Final = 1.4826
# The unusual number of deviations from the median: Iglewicz and Hoaglin 1993, "How to Detect and
# Handle Outliers", whose modified z-score beyond 3.5 marks an outlier; also the NIST/SEMATECH
# e-Handbook, 1.3.5.17. Of normal data one in 2,100 is.
K: Final = 3.5
# Fewer earlier refreshes are no basis: our own numbers. Companies differ, so a comparison with
# other companies needs more.
LEAST_OF_COMPANY: Final = 8
LEAST_OF_FLEET: Final = 30


@dataclass(frozen=True, slots=True)
class RefreshFigure:
    """A figure of each refresh.

    Attributes:
        name: the name in the summary of a refresh.
        least: the least deviation to assume, because every change would be unusual after a history
            of equal values. Our own numbers: K times this needs no attention.
        unit: if set, logarithms are compared, because large values vary more. Differences below
            this amount do not count. `None` compares the figure itself.
        below: whether the figure can also be too low.
    """

    name: str
    least: float
    unit: float | None = None
    below: bool = True


FIGURES: Final = (
    # Twice the usual.
    RefreshFigure("seconds", least=0.2, unit=1.0, below=False),
    # A fifth more or fewer.
    RefreshFigure("people", least=0.06, unit=1.0),
    # Two members more or fewer.
    RefreshFigure("members", least=0.5),
    RefreshFigure("confidence", least=0.02),
    # A fifth more, if it is more than cents.
    RefreshFigure("cost_usd", least=0.06, unit=0.01, below=False),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The usual range of a figure; `low` is `None` if it cannot be too low."""

    median: float
    low: float | None
    high: float


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """A figure of a refresh with its usual range.

    Attributes:
        figure: the name of the figure.
        value: the value of this refresh.
        bounds: the usual range; `None` without enough earlier refreshes.
        refreshes: the number of earlier refreshes in the comparison.
        whose: earlier refreshes of the same company, or of all if it has too few.
    """

    figure: str
    value: float
    bounds: Bounds | None = None
    refreshes: int = 0
    whose: str = "company"

    @property
    def unusual(self) -> bool:
        """Whether the value is outside the bounds; false without bounds."""
        if self.bounds is None:
            return False
        return self.value > self.bounds.high or (
            self.bounds.low is not None and self.value < self.bounds.low
        )


def bounds(figure: RefreshFigure, history: Sequence[float]) -> Bounds:
    """Compute the usual range of `figure` from one earlier value or more, in any order."""
    compared = [_to_scale(figure, value) for value in history]
    middle = median(compared)
    deviation = SCALE * median([abs(value - middle) for value in compared])
    reach = K * max(deviation, figure.least)
    low = max(0.0, _from_scale(figure, middle - reach)) if figure.below else None
    return Bounds(_from_scale(figure, middle), low, _from_scale(figure, middle + reach))


def findings(
    figures: Mapping[str, float],
    company: Sequence[Mapping[str, float]],
    fleet: Sequence[Mapping[str, float]],
) -> tuple[FigureComparison, ...]:
    """Compare each figure of a refresh with earlier refreshes; skip missing figures.

    Args:
        figures: the figures of the refresh, by name.
        company: the figures of earlier refreshes of its company.
        fleet: the figures of earlier refreshes of all companies.
    """
    return tuple(
        _finding(figure, figures[figure.name], company, fleet)
        for figure in FIGURES
        if figure.name in figures
    )


def _finding(
    figure: RefreshFigure,
    value: float,
    company: Sequence[Mapping[str, float]],
    fleet: Sequence[Mapping[str, float]],
) -> FigureComparison:
    for whose, history, least in (
        ("company", company, LEAST_OF_COMPANY),
        ("fleet", fleet, LEAST_OF_FLEET),
    ):
        values = [figures[figure.name] for figures in history if figure.name in figures]
        if len(values) >= least:
            return FigureComparison(figure.name, value, bounds(figure, values), len(values), whose)
    return FigureComparison(figure.name, value)


def in_words(finding: FigureComparison) -> str:
    """Describe an unusual figure in one sentence, without a full stop."""
    assert finding.bounds is not None
    usual = finding.bounds
    kind = "high" if finding.value > usual.high else "low"
    whose = "this company" if finding.whose == "company" else "all companies"
    return (
        f"{finding.figure} {finding.value:.4g} is {kind}: of {finding.refreshes} refreshes of "
        f"{whose} {usual.median:.4g} is the middle, {usual.low or 0:.4g} to {usual.high:.4g} usual"
    )


def _to_scale(figure: RefreshFigure, value: float) -> float:
    return value if figure.unit is None else math.log(figure.unit + max(value, 0.0))


def _from_scale(figure: RefreshFigure, value: float) -> float:
    return value if figure.unit is None else math.exp(value) - figure.unit
