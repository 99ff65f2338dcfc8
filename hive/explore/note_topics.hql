-- note_topics: one row per topic and its ten heaviest words: five topics by latent Dirichlet allocation, seeded.
-- Writer: explore.notes.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.note_topics (
  topic  INT    COMMENT 'Number of the topic from 1, in order of notes, the largest first',
  rank   INT    COMMENT '1 to 10, the heaviest word first',
  term   STRING COMMENT 'Word',
  weight DOUBLE COMMENT 'Probability of the word in the topic, 0 to 1',
  notes  BIGINT COMMENT 'Notes of which this is the main topic',
  share  DOUBLE COMMENT 'notes / notes with any word of the topics, 0 to 1'
)
COMMENT 'Topics of the call notes'
STORED AS PARQUET
LOCATION '${lake}/tables/note_topics/empty';
