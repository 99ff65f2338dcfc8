"""The call notes are valid CSV, and their planted topics can be found."""

import re

import pandas as pd
import pytest

from jobs.simulation.datasets import planted_effects, write
from jobs.simulation.datasets.customer_population import customers_of, id_numbers

ROWS, SEED = 4_000, 7


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    return pd.read_csv(write("call_notes", tmp_path_factory.mktemp("data"), ROWS, SEED))


def test_notes_have_four_columns_and_the_requested_rows(notes):
    assert list(notes.columns) == ["note_id", "customer_id", "date", "text"]
    assert notes["note_id"].tolist() == [f"N{number}" for number in range(1, ROWS + 1)]


def test_some_texts_contain_line_breaks_or_quotes(notes):
    assert notes["text"].str.contains("\n").sum() == ROWS // planted_effects.LINE_BREAK_EVERY == 20
    assert notes["text"].str.contains('"a robbery"').any()


def test_a_topics_words_occur_only_in_its_notes(notes):
    topics = planted_effects.true_topic(notes["note_id"], SEED)
    for position, topic in enumerate(planted_effects.TOPICS):
        pattern = rf"\b(?:{'|'.join(map(re.escape, topic.words))})\b"
        found = notes["text"].str.contains(pattern, case=False)

        assert found[topics == position].all(), topic.name
        assert not found[topics != position].any(), topic.name


def test_topics_have_their_planted_shares(notes):
    shares = pd.Series(planted_effects.true_topic(notes["note_id"], SEED)).value_counts(normalize=True).sort_index()

    assert shares.tolist() == pytest.approx([topic.share for topic in planted_effects.TOPICS], abs=0.02)


def test_customers_of_notes_are_customers_of_the_transactions(notes, tmp_path):
    transactions = pd.read_csv(write("transactions", tmp_path, ROWS, SEED))

    assert notes["customer_id"].isin(transactions["CustomerID"]).mean() > 0.8
    assert notes["customer_id"].nunique() > 500


def test_customer_ids_can_be_converted_back_to_customer_numbers():
    numbers = pd.Series([0, 1, 8_999_999, 9_000_000, 12_345_678]).to_numpy()
    ids = [f"C{number}" for number in id_numbers(numbers)]

    assert customers_of(ids).tolist() == numbers.tolist()
    assert len(set(ids)) == 5
