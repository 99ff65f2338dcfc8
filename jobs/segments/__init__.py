"""The stage segments: one row per customer, clusterings compared by measured quality, segments named and explained."""
