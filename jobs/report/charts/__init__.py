"""Charts: pure functions from a table's rows (pandas) to a Plotly figure, in the house's one style.

The report, the dashboard and the notebooks draw with these. Each figure's title states its finding.
"""

from jobs.report.charts.answers import group_means, group_shares, monthly_shares, spread_of_ages
from jobs.report.charts.clusterings import clusterings, dendrogram
from jobs.report.charts.forecast import methods_compared, volume_ahead
from jobs.report.charts.house import seconds_by_step
from jobs.report.charts.live import against_forecast, alerts_by_type, customer_amounts, event_rate, rolling
from jobs.report.charts.models import calibration, candidates, importances, profit, shap_values
from jobs.report.charts.notes import terms, topics
from jobs.report.charts.patterns import by_age, by_day, by_month, by_place
from jobs.report.charts.rates import rates
from jobs.report.charts.relations import associations, correlations, outliers, relevance
from jobs.report.charts.segments import segment_overview, segment_people, segment_times, segment_worth

__all__ = [
    "against_forecast",
    "alerts_by_type",
    "associations",
    "by_age",
    "by_day",
    "by_month",
    "by_place",
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
    "rolling",
    "seconds_by_step",
    "segment_overview",
    "segment_people",
    "segment_times",
    "segment_worth",
    "shap_values",
    "spread_of_ages",
    "terms",
    "topics",
    "volume_ahead",
]
