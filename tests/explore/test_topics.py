"""Words and topics of call notes."""

import numpy as np
import pytest

from jobs.explore.topics import distinctive_words, fit_topics, mixtures, note_terms, note_topics, words
from jobs.simulation.datasets import planted_effects, write

NOTES = "note_id STRING, text STRING"


def test_words_are_in_lower_case_without_stop_words_quotes_and_short_words(spark):
    notes = spark.createDataFrame([("N1", 'Lost the "Card"\nin a taxi, ok? Straße 7'), ("N2", None)], NOTES)

    rows = words(notes).orderBy("note_id").collect()

    assert [row["words"] for row in rows] == [["lost", "card", "taxi", "straße"], []]


def test_words_of_any_script_stay_whole(spark):
    notes = spark.createDataFrame([("N1", "ऋण की किस्त, cafe\u0301 бюджет")], NOTES)

    (row,) = words(notes).collect()

    assert row["words"] == ["किस्त", "cafe\u0301", "бюджет"]


def test_terms_count_notes_and_occurrences(spark):
    tokens = words(spark.createDataFrame([("N1", "fee fee card"), ("N2", "fee"), ("N3", "")], NOTES))

    terms = note_terms(tokens).orderBy("rank").collect()

    assert [tuple(row) for row in terms] == [
        ("fee", 1, 2, pytest.approx(2 / 3), 3),
        ("card", 2, 1, pytest.approx(1 / 3), 1),
    ]


def test_words_in_one_note_or_in_most_notes_are_not_distinctive():
    texts = ["customer card", "customer card", "customer fee", *["customer"] * 7]

    assert distinctive_words([text.split() for text in texts]) == ["card"]


def test_no_notes_or_notes_without_words_give_no_topics(spark):
    empty, silent = spark.createDataFrame([], NOTES), spark.createDataFrame([("N1", None), ("N2", "...")], NOTES)

    for notes in (empty, silent):
        assert note_topics(words(notes), seed=1).empty
        assert note_terms(words(notes)).collect() == []


def test_a_note_is_a_sum_of_topics_without_negative_amounts():
    topics = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]])
    notes = np.array([[2.0, 3.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])

    # the second note would be 4/3 of the first topic minus 2/3 of the second
    np.testing.assert_allclose(mixtures(notes @ topics.T, topics), [[4, 2], [1, 0], [0, 0]], atol=1e-9)


def test_fewer_notes_than_topics_give_fewer_topics():
    found = fit_topics(np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 0.0]]), seed=1)

    assert found.shape == (2, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_the_planted_topics_are_found_with_their_shares(spark, tmp_path):
    path = write("call_notes", tmp_path, 2_000, seed=7)
    notes = spark.read.csv(str(path), header=True, multiLine=True, escape='"')

    rows = note_topics(words(notes).persist(), seed=1).to_dict("records")

    found = {}
    for row in rows:
        found.setdefault(row["topic"], (row["share"], set()))[1].add(row["term"])
    assert len(rows) == 50
    for planted in planted_effects.TOPICS:
        shares = [share for share, terms in found.values() if set(planted.words) <= terms]
        assert shares == [pytest.approx(planted.share, abs=0.03)], planted.name
