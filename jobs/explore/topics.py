"""Find the words and topics of the call notes, the bank's unstructured data.

Reads: call_notes. Writes: note_terms, note_topics.
"""

from concurrent.futures import ThreadPoolExecutor

from pyspark.ml.clustering import LDA, LDAModel
from pyspark.ml.feature import CountVectorizerModel, RegexTokenizer, StopWordsRemover
from pyspark.ml.functions import vector_to_array
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.core.job import Job

TERMS = 100
SHORTEST = 3  # letters of a word
TOPICS = 5
TOPIC_TERMS = 10
VOCABULARY = 2_000
RARE, COMMON = 2, 0.3  # words in fewer notes, or in a larger share of them, tell no topic from another
TRAINED_ON = 1_000  # notes: with more the topics get no better
FITS = 3  # one in three merges two topics; the fit that the notes surprise least does not
ITERATIONS = 20
TOPIC_ROW = "topic INT, rank INT, term STRING, weight DOUBLE, notes BIGINT, share DOUBLE"
BATCH = 0.5  # share of the notes in one iteration


def main(job: Job) -> None:
    """Publish terms and topics."""
    tokens = words(job.read("call_notes")).persist()
    job.publish("note_terms", note_terms(tokens))
    job.publish("note_topics", note_topics(tokens, job.settings.seed))
    tokens.unpersist()


def words(notes: DataFrame) -> DataFrame:
    """The words of each note: note_id, words ARRAY<STRING>, in small letters, without stop words."""
    tokenizer = RegexTokenizer(inputCol="text", outputCol="tokens", pattern=r"[^\p{L}]+", minTokenLength=SHORTEST)
    remover = StopWordsRemover(inputCol="tokens", outputCol="words", locale="en_US")
    texts = notes.select("note_id", F.coalesce("text", F.lit("")).alias("text"))
    return remover.transform(tokenizer.transform(texts)).select("note_id", "words")


def note_terms(tokens: DataFrame) -> DataFrame:
    """The TERMS words that are in most notes: the columns of note_terms."""
    total = tokens.agg(F.count(F.lit(1)).alias("total"))
    per_note = tokens.select("note_id", F.explode("words").alias("term")).groupBy("note_id", "term").count()
    counted = per_note.groupBy("term").agg(F.count(F.lit(1)).alias("notes"), F.sum("count").alias("occurrences"))
    rank = F.row_number().over(Window.orderBy(F.desc("notes"), "term"))
    first = counted.withColumn("rank", rank).where(F.col("rank") <= TERMS)
    share = (F.col("notes") / F.col("total")).alias("share")
    return first.crossJoin(F.broadcast(total)).select("term", "rank", "notes", share, "occurrences")


def note_topics(tokens: DataFrame, seed: int) -> DataFrame:
    """The TOPICS topics of the notes, with their heaviest words: the columns of note_topics, no rows without words."""
    train = tokens.orderBy(F.xxhash64("note_id", F.lit(seed))).limit(TRAINED_ON)
    vocabulary = telling_words(train)
    if not vocabulary:
        return tokens.sparkSession.createDataFrame([], TOPIC_ROW)
    vectorizer = CountVectorizerModel.from_vocabulary(vocabulary, inputCol="words", outputCol="features")
    vectors = vectorizer.transform(train).persist()
    with ThreadPoolExecutor(FITS) as pool:  # each keeps one core busy
        fits = list(pool.map(lambda number: fit_topics(vectors, seed + number), range(FITS)))
    model = min(fits, key=lambda fit: fit.logPerplexity(vectors))
    vectors.unpersist()
    return topic_terms(model, vocabulary).join(topic_sizes(model, vectorizer.transform(tokens)), "id").drop("id")


def telling_words(tokens: DataFrame) -> list[str]:
    """The most frequent words that are in at least RARE notes and at most the share COMMON of them."""
    per_note = tokens.select("note_id", F.explode(F.array_distinct("words")).alias("term"))
    total = tokens.agg(F.count(F.lit(1)).alias("total"))
    counted = per_note.groupBy("term").agg(F.count(F.lit(1)).alias("notes")).crossJoin(F.broadcast(total))
    telling = counted.where((F.col("notes") >= RARE) & (F.col("notes") <= COMMON * F.col("total")))
    return [row["term"] for row in telling.orderBy(F.desc("notes"), "term").limit(VOCABULARY).collect()]


def fit_topics(vectors: DataFrame, seed: int) -> LDAModel:
    """Latent Dirichlet allocation, variational Bayes in batches (Hoffman, Blei and Bach 2010).

    Two settings find the topics of short notes in few iterations: early batches count much (offset), and a note
    may at first have many topics (document concentration 1).
    """
    lda = LDA(k=TOPICS, seed=seed, maxIter=ITERATIONS, optimizer="online", subsamplingRate=BATCH)
    lda = lda.setLearningOffset(4.0).setLearningDecay(0.6).setDocConcentration([1.0]).setTopicConcentration(0.2)
    return lda.fit(vectors)


def topic_terms(model: LDAModel, vocabulary: list[str]) -> DataFrame:
    """The heaviest words of each topic: id, rank, term, weight."""
    heaviest = model.describeTopics(TOPIC_TERMS)
    pairs = heaviest.select(F.col("topic").alias("id"), F.posexplode(F.arrays_zip("termIndices", "termWeights")))
    term = F.element_at(F.lit(vocabulary), F.col("col.termIndices") + 1)
    return pairs.select(
        "id", (F.col("pos") + 1).alias("rank"), term.alias("term"), F.col("col.termWeights").alias("weight")
    )


def topic_sizes(model: LDAModel, vectors: DataFrame) -> DataFrame:
    """The notes whose main topic it is: id, topic (1 for most notes), notes, share (0 for none)."""
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
