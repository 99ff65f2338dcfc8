-- drift: one row per feature, for the scores and for the outcome, per run date.
-- Writer: models.drift. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.drift (
  measure       STRING  COMMENT 'feature or score: population stability index (PSI); label: change of the outcome rate',
  column_name   STRING  COMMENT 'Name of the feature; probability for scores, outcome for the label',
  value         DOUBLE  COMMENT 'PSI, or change of the rate since training',
  level         DOUBLE  COMMENT 'Absolute value from which it is a warning',
  warn          BOOLEAN COMMENT 'True if the value reached the level',
  model_version INT     COMMENT 'Champion whose training data are the reference'
)
COMMENT 'Drift of the current data and scores from the training data of the champion'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', run_date STRING COMMENT 'Run date, YYYY-MM-DD')
STORED AS PARQUET
LOCATION '${lake}/tables/drift/empty';
