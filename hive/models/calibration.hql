-- calibration: one row per evaluation, candidate and tenth of the clients.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.calibration (
  evaluation    STRING COMMENT 'See model_metrics',
  candidate     STRING COMMENT 'See model_metrics',
  tenth         INT    COMMENT '1 for the lowest probabilities, 10 for the highest',
  predicted     DOUBLE COMMENT 'Mean probability, 0 to 1',
  observed      DOUBLE COMMENT 'Share of clients with the outcome, 0 to 1',
  observed_low  DOUBLE COMMENT 'Lower end of its 95 % bootstrap interval',
  observed_high DOUBLE COMMENT 'Upper end of its 95 % bootstrap interval',
  positives     BIGINT COMMENT 'Clients with the outcome',
  clients       BIGINT COMMENT 'Clients in the tenth'
)
COMMENT 'Predicted and observed rates in tenths of the clients by rising probability'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/calibration/empty';
