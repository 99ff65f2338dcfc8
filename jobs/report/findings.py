"""The key findings, computed from the tables, each with the data set it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from jobs.report.charts.forecast_charts import METHODS
from jobs.report.charts.model_charts import CANDIDATES
from jobs.report.charts.topic_charts import topic_words
from jobs.report.formatting import OUTCOMES, category, column, count, money, month, percent, sentence
from jobs.report.records import highest, lowest, records
from jobs.report.report_tables import ReportTables
from jobs.report.results.model_results import models
from jobs.report.sections.mapreduce_section import agreement
from jobs.report.sections.outcome_section import overall, overall_rate, usable

Row = tuple[str, str, str]
"""Label, value and sentence of a finding."""


@dataclass(frozen=True)
class Finding:
    """A finding: label, value and sentence, with its data set and that data set's source (`real` or `synthetic`)."""

    label: str
    value: str
    text: str
    dataset: str
    source: str


def findings(tables: ReportTables) -> list[Finding]:
    """Return all findings that the available tables support, in the order of the page."""
    made = [(dataset, make(tables)) for dataset, make in _MAKERS]
    return [Finding(*row, dataset, tables.source(dataset)) for dataset, row in made if row]


def console_table(results: Mapping[str, Any]) -> str:
    """Format the findings of results.json for a console: label, value, source and data set."""
    rows = [(entry["label"], entry["value"], f"{entry['source']} {entry['dataset']}") for entry in results["findings"]]
    label, value = (max((len(row[index]) for row in rows), default=0) for index in (0, 1))
    return "\n".join(f"  {row[0]:<{label}}  {row[1]:>{value}}  {row[2]}" for row in rows)


def as_dicts(found: list[Finding]) -> list[dict[str, str]]:
    """Convert findings for results.json."""
    return [asdict(finding) for finding in found]


def _rate(tables: ReportTables, table: str, dataset: str, label: str) -> Row | None:
    rates = tables.rows(table)
    if rates.empty:
        return None
    positives, clients = overall(rates)
    return label, percent(positives / max(clients, 1)), overall_rate(rates, dataset)


def _relevance(tables: ReportTables, table: str, dataset: str, label: str) -> Row | None:
    """The most informative usable feature, with the value whose interval has the highest lower bound."""
    features, rates = usable(tables.rows("feature_relevance", dataset=dataset)), tables.rows(table)
    if features.empty or rates.empty:
        return None
    feature = str(lowest(features, "rank").feature)
    top = highest(rates[rates["feature"] == feature], "rate_low")
    value = category(dataset, feature, top.value)
    text = f"{percent(top.rate)} of the {count(top.row_count)} clients with {column(feature)} “{value}” "
    return label, sentence(column(feature)), f"{text}{OUTCOMES[dataset]}."


def _months(tables: ReportTables) -> Row | None:
    months = tables.rows("month_patterns")
    if months.empty:
        return None
    busiest, best = highest(months, "contacts"), highest(months, "rate_low")
    text = (
        f"{month(best.month)} had {count(best.contacts)} calls, of which {percent(best.rate)} succeeded; "
        f"{month(busiest.month)} had the most calls ({count(busiest.contacts)}), of which {percent(busiest.rate)} did."
    )
    return "Best month for calls", month(best.month), text


def _ages(tables: ReportTables) -> Row | None:
    ages = tables.rows("age_patterns", dataset="clients")
    if ages.empty:
        return None
    most, least = highest(ages, "rate_low"), lowest(ages, "rate_high")
    text = f"{percent(most.rate)} of the {count(most.row_count)} clients aged {most.age_band} subscribed, "
    return "Age with the highest rate", most.age_band, f"{text}but only {percent(least.rate)} aged {least.age_band}."


def _balance(tables: ReportTables) -> Row | None:
    rows = tables.rows("mapreduce_answers", question="balance_by_job", name="mean")
    if rows.empty:
        return None
    top, least = highest(rows, "streaming"), lowest(rows, "streaming")
    text = (
        f"The mean balance is {money(top.streaming, 'clients')} for the job “{top.key}” and lowest for “{least.key}”: "
        f"{money(least.streaming, 'clients')}."
    )
    return "Highest mean balance", sentence(top.key), text


def _volume(tables: ReportTables) -> Row | None:
    days = tables.rows("daily_volume")
    if days.empty:
        return None
    number, amount = days["transactions"].sum(), days["amount"].sum()
    mean = money(amount / max(number, 1), "transactions")
    text = f"{count(number)} transactions on {count(len(days))} days, {mean} on average."
    return "Transaction amount", money(amount, "transactions"), text


def _day(tables: ReportTables) -> Row | None:
    days = tables.rows("daily_volume")
    if days.empty:
        return None
    top, mean = highest(days, "transactions"), days["transactions"].mean()
    text = f"{count(top.transactions)} transactions, {top.transactions / mean:.1f} times the daily mean."
    return "Busiest day", f"{pd.Timestamp(top.transaction_date):%-d %b %Y}", text


def _forecast(tables: ReportTables) -> Row | None:
    decisions = tables.rows("forecast_decisions", series="amount")
    if decisions.empty:
        return None
    decision, days = records(decisions)[0], tables.rows("volume_forecast", series="amount", city="")
    if days.empty:
        return "Forecast: daily amount", "not available", str(decision.reason)
    value = f"about {money(days['mean'].mean(), 'transactions')}"
    text = f"Mean of the next {count(len(days))} days, forecast by {METHODS[decision.method]}."
    return "Forecast: daily amount", value, text


def _segments(tables: ReportTables) -> Row | None:
    """The segment with the most money relative to its size, or why there are no segments."""
    decisions, names = tables.rows("segment_decisions"), tables.rows("segment_names")
    if decisions.empty or (names.empty and not records(decisions)[0].reason):
        return None
    if names.empty:
        return "Customer segments", "none", str(records(decisions)[0].reason)
    top = highest(names.assign(weight=names["balance_share"] / names["share"]), "weight")
    text = (
        f"The segment “{top.name}” has {percent(top.share)} of customers and {percent(top.balance_share)} of balances."
    )
    return "Customer segments", count(len(names)), text


def _tiers(tables: ReportTables) -> Row | None:
    """The share of Champions, and the RFM tier with the largest value at stake."""
    rows = tables.rows("tier_profiles", scheme="rfm")
    if rows.empty:
        return None
    champions = records(rows[rows["tier"] == "Champions"])[0]
    text = (
        f"Champions are {percent(champions.share)} of customers and hold {percent(champions.balance_share)} of balances"
    )
    if rows["value_at_stake"].sum() > 0:
        top = highest(rows, "value_at_stake")
        stake = money(top.value_at_stake, "transactions")
        text += f". The largest value at stake is in “{top.tier}”: {stake}"
    return "Champions (RFM)", percent(champions.share), f"{text}."


def _city(tables: ReportTables) -> Row | None:
    cities = tables.rows("city_totals")
    if cities.empty:
        return None
    most, richest = lowest(cities, "rank_by_count"), lowest(cities, "rank_by_amount")
    other = "and" if most.city == richest.city else f"and {richest.city.title()} has"
    text = f"{most.city.title()} has the most transactions ({count(most.transactions)}) "
    text += f"{other} the largest total amount ({money(richest.amount, 'transactions')})."
    return "Busiest city", most.city.title(), text


def _topic(tables: ReportTables) -> Row | None:
    topics = tables.rows("note_topics")
    if topics.empty:
        return None
    top = highest(topics, "share")
    words = topic_words(topics, 5)[int(top.topic)]
    text = f"The largest topic covers {percent(top.share)} of the call notes. Its main words: {words}."
    return "Largest call topic", ", ".join(words.split(", ")[:2]), text


def _agreement(tables: ReportTables) -> Row | None:
    answers = tables.rows("mapreduce_answers")
    if answers.empty:
        return None
    agrees = answers.groupby(["question", "key"])["agrees"].all()
    return "MapReduce matches Spark", f"{int(agrees.sum())} of {len(agrees)}", agreement(answers)[2:] + "."


def _model(tables: ReportTables, use_case: str, label: str) -> Row | None:
    """The champion's ROC-AUC on clients outside its training data."""
    found = models(tables).get(use_case)
    if not found or not found["champion"]:
        return None
    metrics = found["random_cv"]
    low, high = metrics["roc_auc_ci"]
    name = found["champion"]["candidate"]
    text = f"ROC-AUC of {CANDIDATES[name]} on unseen clients (95 % interval {low:.3f} to {high:.3f})"
    if found["time_ordered"]:
        text += f"; {found['time_ordered']['roc_auc']:.3f} when trained on earlier and tested on later calls"
    return label, f"{metrics['roc_auc']:.3f}", f"{text}."


_MAKERS: tuple[tuple[str, Callable[[ReportTables], Row | None]], ...] = (
    ("clients", lambda tables: _rate(tables, "subscription_rates", "clients", "Subscription rate")),
    ("clients", lambda tables: _relevance(tables, "subscription_rates", "clients", "Top feature for subscription")),
    ("clients", lambda tables: _model(tables, "subscription", "Subscription model")),
    ("clients", _months),
    ("clients", _ages),
    ("clients", _balance),
    ("credit", lambda tables: _rate(tables, "default_rates", "credit", "Default rate")),
    ("credit", lambda tables: _relevance(tables, "default_rates", "credit", "Top feature for default")),
    ("credit", lambda tables: _model(tables, "default", "Default model")),
    ("transactions", _volume),
    ("transactions", _day),
    ("transactions", _forecast),
    ("transactions", _tiers),
    ("transactions", _segments),
    ("transactions", _city),
    ("call_notes", _topic),
    ("clients", _agreement),
)
