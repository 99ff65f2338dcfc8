"""Five classic questions answered by both MapReduce and Spark."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report import charts
from jobs.report.formatting import count
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section

QUESTIONS = ("balance_by_job", "housing_by_education", "contacts_by_month", "duration_by_poutcome", "balance_by_age")


def section(tables: ReportTables) -> Section:
    """Show a chart per question and whether both engines agree."""
    answers = tables.rows("mapreduce_answers")
    blocks: list[Block] = []
    for question in QUESTIONS:
        rows = tables.rows("mapreduce_answers", question=question)
        if len(rows):
            blocks.append(Chart(_chart(question, rows), ["clients"], agreement(rows), question != "balance_by_age"))
    lead = [_summary(answers)] if len(answers) else []
    return Section("mapreduce", "MapReduce and Spark compared", lead, blocks)


def agreement(rows: pd.DataFrame) -> str:
    """State whether MapReduce and Spark agree, and on how many groups and values; or name the groups that differ."""
    wrong = sorted(set(rows[~rows["agrees"].astype(bool)]["key"]))
    if wrong:
        return f"✗ MapReduce and Spark differ on {', '.join(wrong)}"
    groups = rows.drop_duplicates([name for name in ("question", "key") if name in rows])
    return f"✓ MapReduce and Spark agree on all {count(len(groups))} groups ({count(len(rows))} values)"


def _summary(answers: pd.DataFrame) -> str:
    return (
        "A Hadoop MapReduce program (mapper, combiner and reducer) and a Spark query answer the same questions and "
        f"share no arithmetic code. {agreement(answers)[2:]}, to the last digit."
    )


def _chart(question: str, rows: pd.DataFrame) -> go.Figure:
    if question == "balance_by_job":
        return charts.group_means(rows, "Mean balance by job", "€")
    if question == "duration_by_poutcome":
        return charts.group_means(rows, "Mean call duration by previous campaign outcome", "s")
    if question == "housing_by_education":
        return charts.group_shares(rows)
    return charts.monthly_shares(rows) if question == "contacts_by_month" else charts.balance_by_age(rows)
