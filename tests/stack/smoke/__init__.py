"""What make smoke proves."""
