"""Distances on the Earth."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0


def distance_km(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats:
    """Great-circle distance by the haversine formula.

    Args:
        first: latitudes and longitudes in degrees.
        second: likewise, of the same length.

    Returns:
        Kilometres; NaN where a coordinate is unknown.

    """
    (latitude, longitude), (other_latitude, other_longitude) = np.radians(first), np.radians(second)
    half = np.sin((other_latitude - latitude) / 2) ** 2
    half += np.cos(latitude) * np.cos(other_latitude) * np.sin((other_longitude - longitude) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
