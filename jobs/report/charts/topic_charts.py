"""Frequent words and topics of the call notes."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import percent
from jobs.report.records import records
from jobs.report.theme import GREEN, bars, wrapped


def terms(note_terms: pd.DataFrame, shown: int = 15) -> go.Figure:
    """Draw the words that occur in the most notes."""
    rows = records(note_terms.sort_values("rank").head(shown))
    title = f"The most frequent word is “{rows[0].term}”, in {percent(rows[0].share)} of notes"
    shares = pd.Series([100 * row.share for row in rows], index=[row.term for row in rows])
    return bars(title, shares, [f"{share:.1f} %" for share in shares], "Notes with the word, %", GREEN)


def topics(note_topics: pd.DataFrame, words: int = 4) -> go.Figure:
    """Draw the topics by share of notes, labelled with their heaviest words."""
    heaviest = topic_words(note_topics, words)
    rows = records(note_topics.drop_duplicates("topic").sort_values("share", ascending=False))
    title = f"The largest topic covers {percent(rows[0].share)} of notes: {heaviest[rows[0].topic]}"
    shares = pd.Series([100 * row.share for row in rows], index=wrapped(heaviest[row.topic] for row in rows))
    return bars(title, shares, [percent(share / 100) for share in shares], "Share of notes, %", GREEN)


def topic_words(note_topics: pd.DataFrame, words: int) -> dict[int, str]:
    """Return the heaviest words of each topic, joined by commas."""
    rows = note_topics[note_topics["rank"] <= words].sort_values(["topic", "rank"])
    return {int(str(topic)): ", ".join(group["term"]) for topic, group in rows.groupby("topic")}
