"""Dimensions that tables, charts and pages share. Standard library only.

The contracts in `hive/ingest/*.toml` derive the same values in SQL, and tests/ingest/test_conformed_columns.py compares
them with this module.
"""

AGE_BAND_STARTS = (25, 35, 45, 55, 65)
"""Youngest age, in whole years, of every band but the first."""

AGE_BANDS = ("under 25", "25-34", "35-44", "45-54", "55-64", "65 and over")
"""Values of the column `age_band`, youngest first. The column is null where the age is unknown."""

DAY_PARTS = ("night", "morning", "afternoon", "evening")
"""Values of the column `day_part`: DAY_PART_HOURS hours each, from midnight."""

DAY_PART_HOURS = 6
"""Length of a part of the day."""

SLOTS, SLOT_S = 144, 600
"""Slots of a day, numbered from midnight in columns named `slot`, and their length in seconds."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Names of the values 1 to 7 of the column `weekday`."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""Names of the values 1 to 12 of the column `month_number`."""

CURRENCIES = {"clients": "€", "credit": "NT$", "transactions": "₹"}
"""Currency symbol of each table's amounts."""
