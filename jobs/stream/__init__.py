"""The stage stream: transactions as they come, in windows, with alerts, measured against planted truth."""
