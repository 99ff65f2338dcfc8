-- note_terms: one row for each of the 100 words that occur in the most call notes.
-- Writer: explore.topics.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.note_terms (
  term        STRING COMMENT 'Word in lower case; English stop words and words of one or two letters are excluded',
  rank        INT    COMMENT '1 for the word in the most notes; ties by word',
  notes       BIGINT COMMENT 'Number of notes in which the word occurs',
  share       DOUBLE COMMENT 'notes / all notes, 0 to 1',
  occurrences BIGINT COMMENT 'Number of occurrences in all notes'
)
COMMENT 'Most frequent words of the call notes'
STORED AS PARQUET
LOCATION '${lake}/tables/note_terms/empty';
