"""Coordinates of the cities in the simulated data."""

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
"""Latitude and longitude in degrees of each city in `datasets.customer_population`."""
