"""Random numbers that depend only on seed, name and row number.

This is a counter-based generator (the finaliser of SplitMix64: Steele, Lea and Flood, OOPSLA 2014). Row 7 of a column
gets the same number whether it is generated alone or among millions. So files do not depend on block sizes, and a test
can compute any row's true values without generating the rows before it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GAMMA = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit counters in place; this is a bijection, so different counters give different results."""
    bits ^= bits >> np.uint64(30)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(27)
    bits *= np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return bits


def _key(seed: int, name: str) -> np.uint64:
    start = np.array([(seed * _GAMMA + _GAMMA) & _MASK], dtype=np.uint64)
    return np.uint64(_mix(_mix(start) + np.uint64(zlib.crc32(name.encode())))[0])


@dataclass(frozen=True)
class Rng:
    """The generator of one data set; `namespace` makes data sets of one seed independent."""

    seed: int
    namespace: str

    def uniform(self, name: str, rows: Ints) -> Floats:
        """Return one number in (0, 1) per row; the same name and row give the same number."""
        counters = rows.astype(np.uint64) * np.uint64(_GAMMA) + _key(self.seed, f"{self.namespace}.{name}")
        halves = (_mix(counters) >> np.uint64(12)).astype(np.float64) + 0.5
        return np.asarray(halves * 2.0**-52, dtype=np.float64)

    def normal(self, name: str, rows: Ints) -> Floats:
        """Return one standard normal number per row (Box and Muller, 1958)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(f"{name}.radius", rows)))
        angle = np.cos(2.0 * np.pi * self.uniform(f"{name}.angle", rows))
        return np.asarray(radius * angle, dtype=np.float64)

    def pick(self, name: str, rows: Ints, shares: Sequence[float]) -> Ints:
        """Return a position in `shares` per row, drawn in proportion to the shares."""
        edges = np.cumsum(np.asarray(shares, dtype=np.float64))
        drawn = self.uniform(name, rows) * edges[-1]
        return np.asarray(np.searchsorted(edges[:-1], drawn, side="right"), dtype=np.int64)

    def chance(self, name: str, rows: Ints, probability: Floats | float) -> NDArray[np.bool_]:
        """Return for each row whether an event of this probability happens."""
        return np.asarray(self.uniform(name, rows) < probability, dtype=np.bool_)
