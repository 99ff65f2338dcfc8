"""The report's sections in page order. To add one, add a module here and an entry in SECTIONS."""

from collections.abc import Callable

from jobs.report.report_tables import ReportTables
from jobs.report.sections import (
    correlation_section,
    data_quality_section,
    forecast_section,
    lineage_section,
    mapreduce_section,
    model_section,
    outcome_section,
    outlier_section,
    profile_section,
    provenance_section,
    segment_section,
    tier_section,
    topic_section,
    transaction_section,
)
from jobs.report.sections.blocks import Section

SECTIONS: tuple[Callable[[ReportTables], Section], ...] = (
    data_quality_section.section,
    outcome_section.subscription,
    outcome_section.default,
    model_section.subscription,
    model_section.default,
    correlation_section.section,
    outlier_section.section,
    transaction_section.section,
    forecast_section.section,
    tier_section.section,
    segment_section.section,
    topic_section.section,
    mapreduce_section.section,
    profile_section.section,
    lineage_section.section,
    provenance_section.section,
)
