-- profit_curve: one row per candidate, evaluation and point of the curve.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.profit_curve (
  evaluation STRING COMMENT 'See model_metrics',
  candidate  STRING COMMENT 'See model_metrics',
  clients    BIGINT COMMENT 'Clients acted on: those with the highest scores',
  share      DOUBLE COMMENT 'The same as a share of all, 0 to 1',
  positives  BIGINT COMMENT 'Of them those with the outcome',
  threshold  DOUBLE COMMENT 'Score of the last of them',
  profit     DOUBLE COMMENT 'Gain times positives minus cost times clients, in the currency of the data'
)
COMMENT 'What acting on the clients with the highest scores brings'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/profit_curve/empty';
