"""The five classic questions, answered by MapReduce and by Spark."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report import charts
from jobs.report.formatting import count
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section

QUESTIONS = ("balance_by_job", "housing_by_education", "contacts_by_month", "duration_by_poutcome", "balance_by_age")


def section(facts: Facts) -> Section:
    """A chart a question, with whether both engines agree and on how many keys."""
    answers = facts.table("mapreduce_answers")
    blocks: list[Block] = []
    for question in QUESTIONS:
        rows = facts.table("mapreduce_answers", question=question)
        if len(rows):
            blocks.append(Chart(_chart(question, rows), ["clients"], agreement(rows), question != "balance_by_age"))
    lead = [_in_words(answers)] if len(answers) else []
    return Section("mapreduce", "Five questions, asked twice", lead, blocks)


def agreement(rows: pd.DataFrame) -> str:
    """`MapReduce and Spark agree`, on how many groups and figures, or where they do not."""
    wrong = sorted(set(rows[~rows["agrees"].astype(bool)]["key"]))
    if wrong:
        return f"✗ MapReduce and Spark differ on {', '.join(wrong)}"
    groups = rows.drop_duplicates([name for name in ("question", "key") if name in rows])
    return f"✓ MapReduce and Spark agree on all {count(len(groups))} groups ({count(len(rows))} figures)"


def _in_words(answers: pd.DataFrame) -> str:
    return (
        "The same questions were put to a MapReduce program (mapper, combiner and reducer as Hadoop runs them) and to "
        f"a Spark query, which share no code for the arithmetic. {agreement(answers)[2:]}, to the last digit."
    )


def _chart(question: str, rows: pd.DataFrame) -> go.Figure:
    if question == "balance_by_job":
        return charts.group_means(rows, "Mean balance by job", "€")
    if question == "duration_by_poutcome":
        return charts.group_means(rows, "Mean call by last outcome", "s")
    if question == "housing_by_education":
        return charts.group_shares(rows)
    return charts.monthly_shares(rows) if question == "contacts_by_month" else charts.spread_of_ages(rows)
