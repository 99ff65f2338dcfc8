-- calibration: one row per candidate, evaluation and tenth.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.calibration (
  evaluation    STRING COMMENT 'See model_metrics',
  candidate     STRING COMMENT 'See model_metrics',
  tenth         INT    COMMENT '1 for the lowest scores, 10 for the highest',
  predicted     DOUBLE COMMENT 'Mean probability, 0 to 1',
  observed      DOUBLE COMMENT 'Share with the outcome, 0 to 1',
  observed_low  DOUBLE COMMENT 'Lower end of its 95 % bootstrap interval',
  observed_high DOUBLE COMMENT 'Upper end of it',
  positives     BIGINT COMMENT 'Clients with the outcome',
  clients       BIGINT COMMENT 'Clients in the tenth'
)
COMMENT 'Predicted against observed rates in tenths of the clients by score'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/calibration/empty';
