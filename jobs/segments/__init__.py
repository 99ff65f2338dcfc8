"""The segments stage: aggregate customers, compare clusterings, and publish named and explained customer segments."""
