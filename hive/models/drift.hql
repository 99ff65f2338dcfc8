-- drift: one row per column, for scores and for the outcome, a night.
-- Writer: models.drift. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.drift (
  measure       STRING  COMMENT 'feature or score: population stability index; label: change of the rate of the outcome',
  column_name   STRING  COMMENT 'Feature, probability or outcome',
  value         DOUBLE  COMMENT 'The index, or the change of the rate',
  level         DOUBLE  COMMENT 'Size from which it is a warning',
  warn          BOOLEAN COMMENT 'True if it reached the level',
  model_version INT     COMMENT 'Champion whose training data is the measure'
)
COMMENT 'How far the night’s data and scores are from the champion’s training data'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', run_date STRING COMMENT 'Date of the night, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/drift/empty';
