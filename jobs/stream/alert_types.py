"""Alert types, in the order of the detector's score columns. The labels file uses the same names."""

ROLES = ("customer", "terminal")
"""What an event belongs to: its customer and its terminal. Detection examines it once in each role."""
CUSTOMER_TYPES = ("amount", "velocity", "travel", "draining")
"""Types that concern one customer."""
TERMINAL_TYPES = ("terminal",)
"""Types that concern one terminal."""
VOLUME_TYPES = ("surge", "outage")
"""Types that concern the whole stream."""
