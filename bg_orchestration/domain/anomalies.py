"""Whether a refresh is unusual: its figures against the middle of those before it.

By median and median absolute deviation, which a few odd refreshes in the history cannot move, as
they would mean and standard deviation.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

# What makes the median absolute deviation of normal data their standard deviation:
# 1 / Phi^-1(3/4); Rousseeuw and Croux 1993, "Alternatives to the Median Absolute Deviation".
SCALE: Final = 1.4826
# How many such deviations from the median are unusual: Iglewicz and Hoaglin 1993, "How to Detect
# and Handle Outliers", whose modified z-score beyond 3.5 marks an outlier; also the NIST/SEMATECH
# e-Handbook, 1.3.5.17. Of normal data one in 2,100 is.
K: Final = 3.5
# Fewer refreshes tell nothing of what is usual: our own numbers. Companies differ, so that it
# takes more of others than of the same one.
LEAST_OF_COMPANY: Final = 8
LEAST_OF_FLEET: Final = 30


@dataclass(frozen=True, slots=True)
class RefreshFigure:
    """One thing that is measured of each refresh.

    Attributes:
        name: as in the summary of a refresh.
        least: the least deviation that is assumed. A history of equal values has none, and the
            next one would be unusual whatever it is; our own numbers, times K they are what
            needs no attention.
        unit: where the logarithm is compared, since what is large varies by more: the amount below
            which differences do not count. `None`: the figure itself is compared.
        below: whether it can be too low, too.
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
    """The usual range of a figure; `low` is `None` where it cannot be too low."""

    median: float
    low: float | None
    high: float


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """A figure of a refresh beside what is usual.

    Attributes:
        figure: its name.
        value: what it is.
        bounds: what is usual; `None` while too little is known of that.
        refreshes: how many earlier ones that is known from.
        whose: those of the same company, or of all where it has too few.
    """

    figure: str
    value: float
    bounds: Bounds | None = None
    refreshes: int = 0
    whose: str = "company"

    @property
    def unusual(self) -> bool:
        """Whether the value is outside the bounds; one that cannot be compared is not."""
        if self.bounds is None:
            return False
        return self.value > self.bounds.high or (
            self.bounds.low is not None and self.value < self.bounds.low
        )


def bounds(figure: RefreshFigure, history: Sequence[float]) -> Bounds:
    """Compute the usual range of `figure` from one earlier value or more, in any order."""
    compared = [_scaled(figure, value) for value in history]
    middle = median(compared)
    deviation = SCALE * median([abs(value - middle) for value in compared])
    reach = K * max(deviation, figure.least)
    low = max(0.0, _unscaled(figure, middle - reach)) if figure.below else None
    return Bounds(_unscaled(figure, middle), low, _unscaled(figure, middle + reach))


def findings(
    found: Mapping[str, float],
    company: Sequence[Mapping[str, float]],
    fleet: Sequence[Mapping[str, float]],
) -> tuple[FigureComparison, ...]:
    """Each known figure of a refresh beside what is usual; a figure that is missing is left out.

    Args:
        found: the figures of the refresh, by name.
        company: those of earlier refreshes of its company.
        fleet: those of refreshes of all companies.
    """
    return tuple(
        _finding(figure, found[figure.name], company, fleet)
        for figure in FIGURES
        if figure.name in found
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
        known = [one[figure.name] for one in history if figure.name in one]
        if len(known) >= least:
            return FigureComparison(figure.name, value, bounds(figure, known), len(known), whose)
    return FigureComparison(figure.name, value)


def in_words(finding: FigureComparison) -> str:
    """One sentence, without a full stop, on a figure that is unusual."""
    assert finding.bounds is not None
    usual = finding.bounds
    kind = "high" if finding.value > usual.high else "low"
    whose = "this company" if finding.whose == "company" else "all companies"
    return (
        f"{finding.figure} {finding.value:.4g} is {kind}: of {finding.refreshes} refreshes of "
        f"{whose} {usual.median:.4g} is the middle, {usual.low or 0:.4g} to {usual.high:.4g} usual"
    )


def _scaled(figure: RefreshFigure, value: float) -> float:
    return value if figure.unit is None else math.log(figure.unit + max(value, 0.0))


def _unscaled(figure: RefreshFigure, value: float) -> float:
    return value if figure.unit is None else math.exp(value) - figure.unit
