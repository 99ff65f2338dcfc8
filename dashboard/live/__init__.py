"""The live page: transaction volume, fraud alerts and stream health."""
