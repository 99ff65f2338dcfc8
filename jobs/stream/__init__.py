"""The stream stage: live transactions aggregated in windows, fraud alerts, and checks of both."""
