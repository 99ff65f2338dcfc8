"""What the call notes are about."""

import pandas as pd
import plotly.graph_objects as go

from jobs.report.charts.house import GREEN, bars
from jobs.report.rows import records
from jobs.report.words import count, percent


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
    texts = [f"{percent(row.share)} ({count(row.notes)})" for row in rows]
    shares = pd.Series([100 * row.share for row in rows], index=[_two_lines(heaviest[row.topic]) for row in rows])
    drawn = bars(title, shares, texts, "Share of notes, % (in brackets: notes)", GREEN)
    return drawn.update_layout(height=110 + 46 * len(rows))


def topic_words(note_topics: pd.DataFrame, words: int) -> dict[int, str]:
    """The heaviest words of each topic, in one line."""
    rows = note_topics[note_topics["rank"] <= words].sort_values(["topic", "rank"])
    return {int(str(topic)): ", ".join(group["term"]) for topic, group in rows.groupby("topic")}


def _two_lines(text: str) -> str:
    words = text.split(", ")
    half = (len(words) + 1) // 2
    return ",<br>".join(filter(None, [", ".join(words[:half]), ", ".join(words[half:])]))
