"""What the call notes are about."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.formatting import percent
from jobs.report.records import records
from jobs.report.theme import GREEN, bars, wrapped


def terms(note_terms: pd.DataFrame, shown: int = 15) -> go.Figure:
    """The words that occur in most notes."""
    rows = records(note_terms.sort_values("rank").head(shown))
    title = f"“{rows[0].term}” is in {percent(rows[0].share)} of the notes"
    shares = pd.Series([100 * row.share for row in rows], index=[row.term for row in rows])
    return bars(title, shares, [f"{share:.1f} %" for share in shares], "Share of notes with the word, %", GREEN)


def topics(note_topics: pd.DataFrame, words: int = 4) -> go.Figure:
    """Topics by their share of the notes, named by their heaviest words."""
    heaviest = topic_words(note_topics, words)
    rows = records(note_topics.drop_duplicates("topic").sort_values("share", ascending=False))
    title = f"The largest topic, {percent(rows[0].share)} of the notes: {heaviest[rows[0].topic]}"
    shares = pd.Series([100 * row.share for row in rows], index=wrapped(heaviest[row.topic] for row in rows))
    return bars(title, shares, [percent(share / 100) for share in shares], "Share of notes, %", GREEN)


def topic_words(note_topics: pd.DataFrame, words: int) -> dict[int, str]:
    """The heaviest words of each topic, in one line."""
    rows = note_topics[note_topics["rank"] <= words].sort_values(["topic", "rank"])
    return {int(str(topic)): ", ".join(group["term"]) for topic, group in rows.groupby("topic")}
