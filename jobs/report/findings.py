"""The short list of findings: computed from the tables, each with the data set behind it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from jobs.report.charts.model_charts import CANDIDATES
from jobs.report.charts.topic_charts import topic_words
from jobs.report.formatting import OUTCOMES, category, column, count, money, month, percent, sentence, wilson
from jobs.report.records import highest, lowest, records
from jobs.report.report_tables import Facts
from jobs.report.results.model_results import models
from jobs.report.sections.forecast_section import in_words
from jobs.report.sections.mapreduce_section import agreement
from jobs.report.sections.outcome_section import overall, usable

Row = tuple[str, str, str]
"""Label, value, sentence."""


@dataclass(frozen=True)
class Finding:
    """One finding: a label, its figure, a sentence, and the data it comes from (`real` or `synthetic`)."""

    label: str
    value: str
    text: str
    dataset: str
    source: str


def findings(facts: Facts) -> list[Finding]:
    """All findings for which there is data, the most important first."""
    made = [(dataset, make(facts)) for dataset, make in _MAKERS]
    return [Finding(*row, dataset, facts.source(dataset)) for dataset, row in made if row]


def console_table(results: Mapping[str, Any]) -> str:
    """The findings of results.json as lines for a console: label, figure, whether real, data set."""
    rows = [(entry["label"], entry["value"], f"{entry['source']} {entry['dataset']}") for entry in results["findings"]]
    label, value = (max((len(row[place]) for row in rows), default=0) for place in (0, 1))
    return "\n".join(f"  {row[0]:<{label}}  {row[1]:>{value}}  {row[2]}" for row in rows)


def as_dicts(found: list[Finding]) -> list[dict[str, str]]:
    """For results.json."""
    return [asdict(finding) for finding in found]


def _rate(facts: Facts, table: str, dataset: str, label: str) -> Row | None:
    rates = facts.table(table)
    if rates.empty:
        return None
    positives, clients = overall(rates)
    low, high = wilson(positives, clients)
    text = f"{count(positives)} of {count(clients)} clients {OUTCOMES[dataset]}"
    text += f" (95 % interval {percent(low)} to {percent(high)})."
    return label, percent(positives / max(clients, 1)), text


def _relevance(facts: Facts, table: str, dataset: str, label: str) -> Row | None:
    """The most telling feature that is known beforehand, with its surest high rate."""
    features, rates = usable(facts.table("feature_relevance", dataset=dataset)), facts.table(table)
    if features.empty or rates.empty:
        return None
    feature = str(lowest(features, "rank").feature)
    top = highest(rates[rates["feature"] == feature], "rate_low")
    text = f"Of the {count(top.row_count)} clients with {column(feature)} “{category(dataset, feature, top.value)}” "
    return label, column(feature), f"{text}{percent(top.rate)} {OUTCOMES[dataset]}."


def _months(facts: Facts) -> Row | None:
    months = facts.table("month_patterns")
    if months.empty:
        return None
    busiest, best = highest(months, "contacts"), highest(months, "rate_low")
    text = (
        f"{month(busiest.month)} had the most calls ({count(busiest.contacts)}) and {percent(busiest.rate)} success; "
        f"{month(best.month)} reached {percent(best.rate)} with {count(best.contacts)}."
    )
    return "Month with the best rate", month(best.month), text


def _ages(facts: Facts) -> Row | None:
    ages = facts.table("age_patterns", dataset="clients")
    if ages.empty:
        return None
    most, least = highest(ages, "rate_low"), lowest(ages, "rate_high")
    text = (
        f"Of the {count(most.row_count)} clients aged {most.age_band} {percent(most.rate)} subscribed a term deposit, "
    )
    return "Age with the best rate", most.age_band, f"{text}of those aged {least.age_band} {percent(least.rate)}."


def _balance(facts: Facts) -> Row | None:
    rows = facts.table("mapreduce_answers", question="balance_by_job", name="mean")
    if rows.empty:
        return None
    top, least = highest(rows, "streaming"), lowest(rows, "streaming")
    text = f"Clients with the job “{top.key}” hold {money(top.streaming, 'clients')} on average, "
    return "Highest mean balance", sentence(top.key), f"{text}“{least.key}” least: {money(least.streaming, 'clients')}."


def _volume(facts: Facts) -> Row | None:
    days = facts.table("daily_volume")
    if days.empty:
        return None
    number, amount = days["transactions"].sum(), days["amount"].sum()
    mean = money(amount / max(number, 1), "transactions")
    text = f"{count(number)} transactions on {count(len(days))} days, {mean} on average."
    return "Money moved", money(amount, "transactions"), text


def _day(facts: Facts) -> Row | None:
    days = facts.table("daily_volume")
    if days.empty:
        return None
    top, mean = highest(days, "transactions"), days["transactions"].mean()
    text = f"{count(top.transactions)} transactions, {top.transactions / mean:.1f} times the mean of a day."
    return "Busiest day", f"{pd.Timestamp(top.transaction_date):%-d %b %Y}", text


def _ahead(facts: Facts) -> Row | None:
    decisions = facts.table("forecast_decisions", series="amount")
    if decisions.empty:
        return None
    decision, days = records(decisions)[0], facts.table("volume_forecast", series="amount")
    value = f"about {money(days['forecast'].mean(), 'transactions')}" if len(days) else "not forecast"
    return "Money on a coming day", value, in_words(facts, decision)


def _segments(facts: Facts) -> Row | None:
    """The segment that holds the most money beside its size, or why there is none."""
    decisions, names = facts.table("segment_decisions"), facts.table("segment_names")
    if decisions.empty or (names.empty and not records(decisions)[0].reason):
        return None
    if names.empty:
        return "Customer segments", "none", str(records(decisions)[0].reason)
    top = highest(names.assign(weight=names["balance_share"] / names["share"]), "weight")
    text = (
        f"“{top.name}” are {percent(top.share)} of the customers and hold {percent(top.balance_share)} of the balances."
    )
    return "Customer segments", count(len(names)), text


def _place(facts: Facts) -> Row | None:
    places = facts.table("place_totals")
    if places.empty:
        return None
    most, richest = lowest(places, "rank_by_count"), lowest(places, "rank_by_amount")
    other = "and" if most.place == richest.place else f"and {richest.place.title()}"
    text = f"{most.place.title()} has the most transactions ({count(most.transactions)}) "
    text += f"{other} the largest sum ({money(richest.amount, 'transactions')})."
    return "Busiest place", most.place.title(), text


def _topic(facts: Facts) -> Row | None:
    topics = facts.table("note_topics")
    if topics.empty:
        return None
    top = highest(topics, "share")
    words = topic_words(topics, 5)[int(top.topic)]
    text = f"The largest topic of the call notes ({percent(top.share)} of them) is about: {words}."
    return "Largest call topic", ", ".join(words.split(", ")[:2]), text


def _agreement(facts: Facts) -> Row | None:
    answers = facts.table("mapreduce_answers")
    if answers.empty:
        return None
    agrees = answers.groupby(["question", "key"])["agrees"].all()
    return "MapReduce = Spark", f"{int(agrees.sum())} of {len(agrees)}", agreement(answers)[2:] + "."


def _model(facts: Facts, use_case: str, label: str) -> Row | None:
    """How well the newest model tells who will, on clients it had not seen."""
    found = models(facts).get(use_case)
    if not found or not found["champion"]:
        return None
    figures = found["random_cv"]
    low, high = figures["roc_auc_ci"]
    name = found["champion"]["candidate"]
    text = f"ROC-AUC of {CANDIDATES[name]} on clients it had not seen (95 % interval {low:.3f} to {high:.3f})"
    if found["time_ordered"]:
        later = found["time_ordered"]["roc_auc"]
        text += f"; {later:.3f} when trained on the earlier and tested on the later calls"
    return label, f"{figures['roc_auc']:.3f}", f"{text}."


_MAKERS: tuple[tuple[str, Callable[[Facts], Row | None]], ...] = (
    ("clients", lambda facts: _rate(facts, "subscription_rates", "clients", "Subscription rate")),
    ("clients", lambda facts: _relevance(facts, "subscription_rates", "clients", "Tells most about subscription")),
    ("clients", lambda facts: _model(facts, "subscription", "Subscription model")),
    ("clients", _months),
    ("clients", _ages),
    ("clients", _balance),
    ("credit", lambda facts: _rate(facts, "default_rates", "credit", "Default rate")),
    ("credit", lambda facts: _relevance(facts, "default_rates", "credit", "Tells most about default")),
    ("credit", lambda facts: _model(facts, "default", "Default model")),
    ("transactions", _volume),
    ("transactions", _day),
    ("transactions", _ahead),
    ("transactions", _segments),
    ("transactions", _place),
    ("call_notes", _topic),
    ("clients", _agreement),
)
