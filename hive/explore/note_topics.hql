-- note_topics: one row per topic and top word; five topics with ten words each.
-- Writer: explore.topics. Non-negative matrix factorization of the word counts of 2,000 notes.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.note_topics (
  topic  INT    COMMENT 'Number of the topic from 1, by number of notes, largest first',
  rank   INT    COMMENT '1 to 10, by weight, largest first',
  term   STRING COMMENT 'Word',
  weight DOUBLE COMMENT 'Share of the word in the topic, 0 to 1',
  notes  BIGINT COMMENT 'Number of notes with this main topic',
  share  DOUBLE COMMENT 'notes / all notes with at least one word of the vocabulary, 0 to 1'
)
COMMENT 'Topics of the call notes'
STORED AS PARQUET
LOCATION '${lake}/tables/note_topics/empty';
