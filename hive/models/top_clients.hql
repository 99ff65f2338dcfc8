-- top_clients: ten rows per use case.
-- Writer: models.score. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.top_clients (
  client_id     BIGINT        COMMENT 'Client of the table clients or credit',
  probability   DOUBLE        COMMENT 'Probability of the outcome, 0 to 1',
  act           BOOLEAN       COMMENT 'See predictions',
  threshold     DOUBLE        COMMENT 'See predictions',
  reasons       ARRAY<STRING> COMMENT 'See predictions',
  model_version INT           COMMENT 'See predictions'
)
COMMENT 'The ten clients of each use case with the highest probabilities'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default')
STORED AS PARQUET
LOCATION '${lake}/tables/top_clients/empty';
