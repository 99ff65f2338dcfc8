"""What agents wrote down: words and topics of the call notes."""

import pandas as pd

from jobs.report import charts
from jobs.report.charts.topic_charts import topic_words
from jobs.report.formatting import percent
from jobs.report.records import first_of_each
from jobs.report.report_tables import Facts
from jobs.report.sections.blocks import Block, Chart, Section, Table

LEAD = (
    "The call notes are free text, the bank's unstructured data. Topics are found by a statistical model (latent "
    "Dirichlet allocation) that sees only which words occur together; it gives no names, so the heaviest words "
    "stand for them."
)


def section(facts: Facts) -> Section:
    """Topics and frequent words."""
    topics, terms = facts.table("note_topics"), facts.table("note_terms")
    blocks: list[Block] = []
    if len(topics):
        blocks.append(Chart(charts.topics(topics), ["call_notes"], half=True))
    if len(terms):
        blocks.append(Chart(charts.terms(terms), ["call_notes"], half=True))
    if len(topics):
        blocks.append(_words(topics))
    return Section("notes", "What clients call about", [LEAD], blocks)


def _words(topics: pd.DataFrame) -> Table:
    heaviest = topic_words(topics, 10)
    main = first_of_each(topics, "topic")
    rows = [(row.topic, percent(row.share), row.notes, heaviest[row.topic]) for row in main]
    return Table("Topics and their heaviest words", ("Topic", "Share", "Notes", "Words"), rows, ["call_notes"])
