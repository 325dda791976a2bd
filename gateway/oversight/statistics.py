"""Intervals for the figures of oversight: what 95 of 100 samples like this one would put around the true value."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_Z: Final = 1.959963984540054
"""The standard normal's 97.5 % point."""
_RESAMPLES: Final = 2_000
_SEED: Final = 238
"""The same counts give the same interval, whenever and by whomever they are resampled."""

Interval = tuple[float, float]


def share_interval(part: int, whole: int) -> Interval:
    """Of `part` in `whole` (Wilson 1927, doi:10.2307/2276774, without continuity correction)."""
    share = part / whole
    shrink = 1 + _Z**2 / whole
    centre = (share + _Z**2 / (2 * whole)) / shrink
    half = _Z * math.sqrt(share * (1 - share) / whole + _Z**2 / (4 * whole**2)) / shrink
    return max(0.0, centre - half), min(1.0, centre + half)


def median_interval(values: npt.NDArray[np.float64]) -> tuple[float, Interval]:
    """The median with its interval: the two order statistics between which it lies, by the binomial distribution.

    It is what resampling the median tends to (Efron 1982, The Jackknife, 10.3), found without resampling; Hahn and
    Meeker 1991, Statistical Intervals, 5.2. Ranks by the normal approximation, never outside the sample.
    """
    ordered = np.sort(values)
    count = len(ordered)
    reach = _Z * math.sqrt(count) / 2
    low = max(0, math.floor(count / 2 - reach) - 1)
    high = min(count - 1, math.ceil(count / 2 + reach))
    return float(np.median(ordered)), (float(ordered[low]), float(ordered[high]))


def kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Cohen's kappa (1960, doi:10.1177/001316446002000104) of two people's answers; None where chance explains all.

    `table[i][j]` counts the cases in which the first said `i` and the second `j`.
    """
    counts = np.asarray(table, dtype=np.float64)
    values = _kappas(counts.reshape(1, *counts.shape))[0]
    return None if math.isnan(values) else float(values)


def kappa_interval(table: Sequence[Sequence[int]]) -> Interval | None:
    """By bootstrap: the pairs are drawn again 2,000 times, with a fixed seed (PCG64)."""
    counts = np.asarray(table, dtype=np.int64)
    total = int(counts.sum())
    if total == 0:
        return None
    draw = np.random.Generator(np.random.PCG64(_SEED))
    again = draw.multinomial(total, counts.ravel() / total, size=_RESAMPLES)
    values = _kappas(again.reshape(_RESAMPLES, *counts.shape).astype(np.float64))
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _kappas(tables: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = tables.sum(axis=(1, 2))
    agreed = np.trace(tables, axis1=1, axis2=2) / total
    by_chance = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1) / total**2
    with np.errstate(invalid="ignore", divide="ignore"):
        kappas: npt.NDArray[np.float64] = (agreed - by_chance) / (1 - by_chance)
    kappas[np.isclose(by_chance, 1.0)] = np.nan
    return kappas
