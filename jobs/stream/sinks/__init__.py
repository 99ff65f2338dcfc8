"""Sinks: write each micro-batch to the lake and to the serving database."""
