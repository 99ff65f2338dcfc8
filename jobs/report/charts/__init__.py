"""Charts: pure functions from the rows of a table (pandas) to a Plotly figure in the common style.

The report and the dashboard use them. Each figure's title states its finding.
"""

from jobs.report.charts.clustering_charts import clusterings, dendrogram
from jobs.report.charts.forecast_charts import calendar_factors, methods_compared, volume_ahead, weekly_totals
from jobs.report.charts.live_charts import (
    alerts_by_type,
    customer_amounts,
    event_rate,
    rolling_measure,
    volume_and_forecast,
)
from jobs.report.charts.mapreduce_charts import balance_by_age, group_means, group_shares, monthly_shares
from jobs.report.charts.model_charts import calibration, candidates, importances, profit, shap_values
from jobs.report.charts.pattern_charts import by_age, by_city, by_day, by_month
from jobs.report.charts.rate_charts import rates
from jobs.report.charts.relationship_charts import associations, correlations, outliers, relevance
from jobs.report.charts.segment_charts import segment_overview, segment_people, segment_times, segment_worth
from jobs.report.charts.tier_charts import tier_migration, tier_shares
from jobs.report.charts.topic_charts import terms, topics
from jobs.report.theme import seconds_by_step

__all__ = [
    "alerts_by_type",
    "associations",
    "balance_by_age",
    "by_age",
    "by_city",
    "by_day",
    "by_month",
    "calendar_factors",
    "calibration",
    "candidates",
    "clusterings",
    "correlations",
    "customer_amounts",
    "dendrogram",
    "event_rate",
    "group_means",
    "group_shares",
    "importances",
    "methods_compared",
    "monthly_shares",
    "outliers",
    "profit",
    "rates",
    "relevance",
    "rolling_measure",
    "seconds_by_step",
    "segment_overview",
    "segment_people",
    "segment_times",
    "segment_worth",
    "shap_values",
    "terms",
    "tier_migration",
    "tier_shares",
    "topics",
    "volume_ahead",
    "volume_and_forecast",
    "weekly_totals",
]
