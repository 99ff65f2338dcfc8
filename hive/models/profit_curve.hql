-- profit_curve: one row per evaluation, candidate and point of the curve.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.profit_curve (
  evaluation STRING COMMENT 'See model_metrics',
  candidate  STRING COMMENT 'See model_metrics',
  clients    BIGINT COMMENT 'Clients acted on: those with the highest probabilities',
  share      DOUBLE COMMENT 'Share of all clients, 0 to 1',
  positives  BIGINT COMMENT 'Clients acted on that have the outcome',
  threshold  DOUBLE COMMENT 'Lowest probability among the clients acted on',
  profit     DOUBLE COMMENT 'Gain times positives minus cost times clients, in the currency of the data'
)
COMMENT 'Profit of acting on the clients with the highest probabilities'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/profit_curve/empty';
