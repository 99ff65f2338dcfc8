"""Where cities are: degrees of latitude and longitude, and distances on the Earth."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EARTH_KM = 6371.0

COORDINATES: dict[str, tuple[float, float]] = {
    "MUMBAI": (19.08, 72.88),
    "NEW DELHI": (28.61, 77.21),
    "BANGALORE": (12.97, 77.59),
    "GURGAON": (28.46, 77.03),
    "DELHI": (28.66, 77.23),
    "NOIDA": (28.54, 77.39),
    "CHENNAI": (13.08, 80.27),
    "PUNE": (18.52, 73.86),
    "HYDERABAD": (17.39, 78.49),
    "KOLKATA": (22.57, 88.36),
    "NAVI MUMBAI": (19.03, 73.03),
    "JORHAT": (26.75, 94.20),
    "DIMAPUR": (25.91, 93.73),
}
"""The cities of `jobs.simulation.datasets.customer_population`."""


def distance_km(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats:
    """Great-circle distance by the haversine formula; not a number where a place is unknown."""
    (north, east), (other_north, other_east) = np.radians(first), np.radians(second)
    half = np.sin((other_north - north) / 2) ** 2
    half += np.cos(north) * np.cos(other_north) * np.sin((other_east - east) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))
