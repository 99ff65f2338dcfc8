-- challengers: one row per use case.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.challengers (
  candidate     STRING        COMMENT 'logistic, forest, boosting, xgboost, or average of several',
  members       ARRAY<STRING> COMMENT 'Candidates whose probabilities are averaged; only one unless the candidate is average',
  version       INT           COMMENT 'Version of the registered model in MLflow',
  run_id        STRING        COMMENT 'MLflow run of the candidate, with model and scoring config',
  parent_run_id STRING        COMMENT 'MLflow run of the training run, with a child run for each candidate',
  row_count     BIGINT        COMMENT 'Rows used; one fold of them, the holdout, trained no model',
  threshold     DOUBLE        COMMENT 'Probability from which acting brings the largest profit, by scores of unseen clients',
  calibrated    BOOLEAN       COMMENT 'True if the log-odds are calibrated, because that significantly lowers the Brier score',
  checksum      STRING        COMMENT 'SHA-256 of the loaded file',
  trained_on    DATE          COMMENT 'Run date of the training',
  reason        STRING        COMMENT 'Why this candidate was selected'
)
COMMENT 'The newest challenger of each use case'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default')
STORED AS PARQUET
LOCATION '${lake}/tables/challengers/empty';
