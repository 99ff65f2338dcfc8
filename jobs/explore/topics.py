"""Find frequent words and topics in the call notes, the bank's unstructured data.

Reads: call_notes. Writes: note_terms, note_topics.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.ml.feature import RegexTokenizer, StopWordsRemover
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from sklearn.decomposition import NMF

from jobs.core.job import Job
from jobs.core.pandas_to_spark import publish
from jobs.core.tables import columns
from jobs.explore.arrow_values import Floats

TERMS = 100
NO_WORD = r"[^\p{L}\p{M}]+"  # letters and combining marks of any script make words
MIN_LETTERS = 3  # of a word
TOPICS = 5
TOPIC_TERMS = 10
VOCABULARY = 2_000
MIN_NOTES, MAX_SHARE = 2, 0.3  # words in fewer notes, or in a larger share of them, don't distinguish topics
TRAINING_NOTES = 2_000  # more notes don't improve the topics
SWEEPS = 50  # iterations of least squares; more don't change a note's main topic


def main(job: Job) -> None:
    """Publish terms and topics."""
    tokens = words(job.read("call_notes")).persist()
    job.publish("note_terms", note_terms(tokens))
    publish(job, "note_topics", note_topics(tokens, job.settings.seed))
    tokens.unpersist()


def words(notes: DataFrame) -> DataFrame:
    """The words of each note: note_id, words ARRAY<STRING> in lower case, without stop words."""
    tokenizer = RegexTokenizer(inputCol="text", outputCol="tokens", pattern=NO_WORD, minTokenLength=MIN_LETTERS)
    remover = StopWordsRemover(inputCol="tokens", outputCol="words", locale="en_US")
    texts = notes.select("note_id", F.coalesce("text", F.lit("")).alias("text"))
    return remover.transform(tokenizer.transform(texts)).select("note_id", "words")


def note_terms(tokens: DataFrame) -> DataFrame:
    """The TERMS words that occur in the most notes: the columns of note_terms."""
    total = tokens.agg(F.count(F.lit(1)).alias("total"))
    per_note = tokens.select("note_id", F.explode("words").alias("term")).groupBy("note_id", "term").count()
    counted = per_note.groupBy("term").agg(F.count(F.lit(1)).alias("notes"), F.sum("count").alias("occurrences"))
    rank = F.row_number().over(Window.orderBy(F.desc("notes"), "term"))
    first = counted.withColumn("rank", rank).where(F.col("rank") <= TERMS)
    share = (F.col("notes") / F.col("total")).alias("share")
    return first.crossJoin(F.broadcast(total)).select("term", "rank", "notes", share, "occurrences")


def note_topics(tokens: DataFrame, seed: int) -> pd.DataFrame:
    """The TOPICS topics of the notes with their top words: the columns of note_topics. No words give no rows.

    The topics are a non-negative matrix factorization (Lee and Seung 1999): the notes' word counts are sums of topics,
    and a topic is a non-negative weight of each word.
    """
    sample = tokens.orderBy(F.xxhash64("note_id", F.lit(seed))).limit(TRAINING_NOTES)
    notes = [row["words"] for row in sample.select("words").collect()]
    vocabulary = distinctive_words(notes)
    if not vocabulary:
        return pd.DataFrame(columns=columns("note_topics"))
    topics = fit_topics(word_counts(notes, vocabulary), seed)
    counted = tokens.select("words").mapInArrow(main_topics(topics, vocabulary), "topic INT, notes BIGINT")
    sizes = np.zeros(len(topics), dtype=int)
    for row in counted.groupBy("topic").agg(F.sum("notes").alias("notes")).collect():
        sizes[row["topic"]] = row["notes"]
    return topic_rows(topics, vocabulary, sizes)


def distinctive_words(notes: Sequence[Sequence[str]]) -> list[str]:
    """The VOCABULARY most frequent words in at least MIN_NOTES notes and at most the share MAX_SHARE of the notes."""
    found = Counter(word for note in notes for word in set(note))
    distinctive = {word: count for word, count in found.items() if MIN_NOTES <= count <= MAX_SHARE * len(notes)}
    return sorted(distinctive, key=lambda word: (-distinctive[word], word))[:VOCABULARY]


def word_counts(notes: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> Floats:
    """How often each note has each word: one row per note, one column per word."""
    position = {word: index for index, word in enumerate(vocabulary)}
    counts = np.zeros((len(notes), len(vocabulary)))
    for row, note in enumerate(notes):
        for word in note:
            if word in position:
                counts[row, position[word]] += 1
    return counts


def fit_topics(counts: Floats, seed: int) -> Floats:
    """Factorize the counts; returns one row per topic with the weight of each word, which add up to 1.

    All notes get length 1, so long ones don't dominate.
    """
    lengths = np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)
    model = NMF(min(TOPICS, *counts.shape), init="nndsvda", random_state=seed).fit(counts / lengths)
    weights = model.components_ / np.maximum(model.components_.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    return np.asarray(weights)


def main_topics(
    topics: Floats, vocabulary: Sequence[str]
) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    """Count notes by their main topic, for `mapInArrow`: columns topic INT, from 0, and notes BIGINT."""
    known = pa.array(vocabulary)

    def count(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            lists = batch.column("words")
            indexes = pc.index_in(lists.flatten(), value_set=known)
            note = pc.list_parent_indices(lists).to_numpy()[indexes.is_valid().to_numpy(zero_copy_only=False)]
            weights = topics.T[indexes.drop_null().to_numpy()]
            similarity = np.column_stack([np.bincount(note, one, len(lists)) for one in weights.T]).astype(float)
            mixed = mixtures(similarity, topics)
            main = mixed.argmax(axis=1)[mixed.max(axis=1) > 0]
            notes = np.bincount(main, minlength=len(topics))
            yield pa.RecordBatch.from_pydict({"topic": np.arange(len(topics), dtype=np.int32), "notes": notes})

    return count


def mixtures(similarity: Floats, topics: Floats) -> Floats:
    """Each note as a non-negative sum of topics, by least squares (cyclic coordinate descent).

    Args:
        similarity: the notes' word counts times the topics, one row per note, one column per topic.
        topics: one row per topic with the weight of each word.

    Returns:
        The amount of each topic in each note, in the shape of `similarity`.

    """
    gram, mixed = topics @ topics.T, np.zeros_like(similarity)
    for _ in range(SWEEPS):
        for topic in range(len(topics)):
            step = (similarity[:, topic] - mixed @ gram[topic]) / max(gram[topic, topic], np.finfo(float).tiny)
            mixed[:, topic] = np.maximum(mixed[:, topic] + step, 0)
    return mixed


def topic_rows(topics: Floats, vocabulary: Sequence[str], sizes: "np.typing.NDArray[np.int64]") -> pd.DataFrame:
    """The TOPIC_TERMS heaviest words of each topic, largest topic first: the columns of note_topics.

    Args:
        topics: one row per topic with the weight of each word.
        vocabulary: the words.
        sizes: number of notes with each main topic.

    """
    return pd.DataFrame(
        {
            "topic": topic,
            "rank": rank,
            "term": vocabulary[word],
            "weight": topics[index, word],
            "notes": sizes[index],
            "share": sizes[index] / max(sizes.sum(), 1),
        }
        for topic, index in enumerate(np.argsort(-sizes, kind="stable"), 1)
        for rank, word in enumerate(np.argsort(-topics[index], kind="stable")[:TOPIC_TERMS], 1)
    )
