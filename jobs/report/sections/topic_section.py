"""Topics and frequent words of the call notes."""

import pandas as pd

from jobs.report import charts
from jobs.report.charts.topic_charts import topic_words
from jobs.report.formatting import percent
from jobs.report.records import first_of_each
from jobs.report.report_tables import ReportTables
from jobs.report.sections.blocks import Block, Chart, Section, Table

LEAD = (
    "Call notes are the bank's unstructured data: free text written by agents. A topic model (non-negative "
    "matrix factorization) groups words that occur together. It gives topics no names, so their heaviest words stand "
    "for them."
)


def section(tables: ReportTables) -> Section:
    """Show topics and frequent words."""
    topics, terms = tables.rows("note_topics"), tables.rows("note_terms")
    blocks: list[Block] = []
    if len(topics):
        blocks.append(Chart(charts.topics(topics), ["call_notes"], half=True))
    if len(terms):
        blocks.append(Chart(charts.terms(terms), ["call_notes"], half=True))
    if len(topics):
        blocks.append(_words(topics))
    return Section("notes", "Call-note topics", [LEAD], blocks)


def _words(topics: pd.DataFrame) -> Table:
    heaviest = topic_words(topics, 10)
    main = first_of_each(topics, "topic")
    rows = [(row.topic, percent(row.share), row.notes, heaviest[row.topic]) for row in main]
    return Table("Topics with their heaviest words", ("Topic", "Share", "Notes", "Words"), rows, ["call_notes"])
