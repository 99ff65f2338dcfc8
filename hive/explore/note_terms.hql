-- note_terms: one row per word of the call notes, the 100 that occur in most notes.
-- Writer: explore.notes.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.note_terms (
  term        STRING COMMENT 'Word in small letters, without English stop words and words of one or two letters',
  rank        INT    COMMENT '1 for the word in most notes; ties by the word',
  notes       BIGINT COMMENT 'Notes in which the word occurs',
  share       DOUBLE COMMENT 'notes / all notes, 0 to 1',
  occurrences BIGINT COMMENT 'Times that the word occurs'
)
COMMENT 'Words of the call notes'
STORED AS PARQUET
LOCATION '${lake}/tables/note_terms/empty';
