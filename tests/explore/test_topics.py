"""Words and topics of call notes."""

import pytest

from jobs.explore.topics import distinctive_words, note_terms, note_topics, words
from jobs.simulation.datasets import planted_effects, write

NOTES = "note_id STRING, text STRING"


def test_words_are_in_lower_case_without_stop_words_quotes_and_short_words(spark):
    notes = spark.createDataFrame([("N1", 'Lost the "Card"\nin a taxi, ok? Straße 7'), ("N2", None)], NOTES)

    rows = words(notes).orderBy("note_id").collect()

    assert [row["words"] for row in rows] == [["lost", "card", "taxi", "straße"], []]


def test_terms_count_notes_and_occurrences(spark):
    tokens = words(spark.createDataFrame([("N1", "fee fee card"), ("N2", "fee"), ("N3", "")], NOTES))

    terms = note_terms(tokens).orderBy("rank").collect()

    assert [tuple(row) for row in terms] == [
        ("fee", 1, 2, pytest.approx(2 / 3), 3),
        ("card", 2, 1, pytest.approx(1 / 3), 1),
    ]


def test_words_in_one_note_or_in_most_notes_are_not_distinctive(spark):
    texts = ["customer card", "customer card", "customer fee", *["customer"] * 7]
    tokens = words(spark.createDataFrame([(f"N{number}", text) for number, text in enumerate(texts)], NOTES))

    assert distinctive_words(tokens) == ["card"]


def test_no_notes_or_notes_without_words_give_no_topics(spark):
    empty, silent = spark.createDataFrame([], NOTES), spark.createDataFrame([("N1", None), ("N2", "...")], NOTES)

    for notes in (empty, silent):
        assert note_topics(words(notes), seed=1).collect() == []
        assert note_terms(words(notes)).collect() == []


def test_the_planted_topics_are_found_with_their_shares(spark, tmp_path):
    path = write("call_notes", tmp_path, 2_000, seed=7)
    notes = spark.read.csv(str(path), header=True, multiLine=True, escape='"')

    rows = note_topics(words(notes).persist(), seed=1).collect()

    found = {}
    for row in rows:
        found.setdefault(row["topic"], (row["share"], set()))[1].add(row["term"])
    assert len(rows) == 50
    for planted in planted_effects.TOPICS:
        shares = [share for share, terms in found.values() if set(planted.words) <= terms]
        assert shares == [pytest.approx(planted.share, abs=0.03)], planted.name
