"""Find frequent words and topics in the call notes, the bank's unstructured data.

Reads: call_notes. Writes: note_terms, note_topics.
"""

from concurrent.futures import ThreadPoolExecutor

from pyspark.ml.clustering import LDA, LDAModel
from pyspark.ml.feature import CountVectorizerModel, RegexTokenizer, StopWordsRemover
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from jobs.core.job import Job
from jobs.core.tables import column_types

TERMS = 100
MIN_LETTERS = 3  # of a word
TOPICS = 5
TOPIC_TERMS = 10
VOCABULARY = 2_000
MIN_NOTES, MAX_SHARE = 2, 0.3  # words in fewer notes, or in a larger share of them, don't distinguish topics
TRAINING_NOTES = 1_000  # more notes don't improve the topics
FITS = 3  # about one fit in three merges two topics; the fit with the lowest perplexity doesn't
ITERATIONS = 20
BATCH = 0.5  # share of the notes in one iteration


def main(job: Job) -> None:
    """Publish terms and topics."""
    tokens = words(job.read("call_notes")).persist()
    job.publish("note_terms", note_terms(tokens))
    job.publish("note_topics", note_topics(tokens, job.settings.seed))
    tokens.unpersist()


def words(notes: DataFrame) -> DataFrame:
    """The words of each note: note_id, words ARRAY<STRING> in lower case, without stop words."""
    tokenizer = RegexTokenizer(inputCol="text", outputCol="tokens", pattern=r"[^\p{L}]+", minTokenLength=MIN_LETTERS)
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


def note_topics(tokens: DataFrame, seed: int) -> DataFrame:
    """The TOPICS topics of the notes with their top words: the columns of note_topics. No words give no rows."""
    train = tokens.orderBy(F.xxhash64("note_id", F.lit(seed))).limit(TRAINING_NOTES)
    vocabulary = distinctive_words(train)
    if not vocabulary:
        return empty_table(tokens.sparkSession, "note_topics")
    vectorizer = CountVectorizerModel.from_vocabulary(vocabulary, inputCol="words", outputCol="features")
    vectors = vectorizer.transform(train).persist()
    with ThreadPoolExecutor(FITS) as pool:  # each fit keeps one core busy
        fits = list(pool.map(lambda number: fit_topics(vectors, seed + number), range(FITS)))
    model = min(fits, key=lambda fit: fit.logPerplexity(vectors))
    vectors.unpersist()
    return topic_terms(model, vocabulary).join(topic_sizes(model, vectorizer.transform(tokens)), "id").drop("id")


def empty_table(spark: SparkSession, table: str) -> DataFrame:
    """No rows, with the columns of the table."""
    return spark.createDataFrame([], ", ".join(f"{name} {kind}" for name, kind in column_types(table).items()))


def distinctive_words(tokens: DataFrame) -> list[str]:
    """The VOCABULARY most frequent words in at least MIN_NOTES notes and at most the share MAX_SHARE of the notes."""
    per_note = tokens.select("note_id", F.explode(F.array_distinct("words")).alias("term"))
    total = tokens.agg(F.count(F.lit(1)).alias("total"))
    counted = per_note.groupBy("term").agg(F.count(F.lit(1)).alias("notes")).crossJoin(F.broadcast(total))
    distinctive = counted.where((F.col("notes") >= MIN_NOTES) & (F.col("notes") <= MAX_SHARE * F.col("total")))
    return [row["term"] for row in distinctive.orderBy(F.desc("notes"), "term").limit(VOCABULARY).collect()]


def fit_topics(vectors: DataFrame, seed: int) -> LDAModel:
    """Fit latent Dirichlet allocation with online variational Bayes (Hoffman, Blei and Bach 2010).

    Two settings find the topics of short notes in few iterations: a low learning offset gives early batches more
    weight, and a document concentration of 1 lets a note start with many topics.
    """
    lda = LDA(k=TOPICS, seed=seed, maxIter=ITERATIONS, optimizer="online", subsamplingRate=BATCH)
    lda = lda.setLearningOffset(4.0).setLearningDecay(0.6).setDocConcentration([1.0]).setTopicConcentration(0.2)
    return lda.fit(vectors)


def topic_terms(model: LDAModel, vocabulary: list[str]) -> DataFrame:
    """The TOPIC_TERMS words with the highest weight in each topic: id, rank, term, weight."""
    described = model.describeTopics(TOPIC_TERMS)
    pairs = described.select(F.col("topic").alias("id"), F.posexplode(F.arrays_zip("termIndices", "termWeights")))
    term = F.element_at(F.lit(vocabulary), F.col("col.termIndices") + 1)
    return pairs.select(
        "id", (F.col("pos") + 1).alias("rank"), term.alias("term"), F.col("col.termWeights").alias("weight")
    )


def topic_sizes(model: LDAModel, vectors: DataFrame) -> DataFrame:
    """Size of each topic: id, topic (1 has the most notes), notes (with this main topic), share (0 without notes)."""
    weights = vector_to_array(F.col("topicDistribution"))
    mixed = model.transform(vectors).select(weights.alias("weights")).where(F.array_max("weights") > 0)
    main = mixed.groupBy((F.array_position("weights", F.array_max("weights")) - 1).alias("id"))
    sizes = mixed.sparkSession.range(TOPICS).join(main.agg(F.count(F.lit(1)).alias("notes")), "id", "left").fillna(0)
    return sizes.select(
        "id",
        F.row_number().over(Window.orderBy(F.desc("notes"), "id")).alias("topic"),
        "notes",
        (F.col("notes") / F.sum("notes").over(Window.partitionBy())).alias("share"),
    )
