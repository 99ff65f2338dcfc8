-- predictions: one row per client.
-- Writer: models.score. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.predictions (
  client_id     BIGINT        COMMENT 'Client of the table clients or credit',
  probability   DOUBLE        COMMENT 'Probability of the outcome, 0 to 1',
  act           BOOLEAN       COMMENT 'True if probability >= threshold: call the client, or lower the limit',
  threshold     DOUBLE        COMMENT 'Probability from which acting brings the largest profit',
  reasons       ARRAY<STRING> COMMENT 'The three features that moved the XGBoost score most, the strongest first',
  model_version INT           COMMENT 'Version of the registered model'
)
COMMENT 'Probability, decision and reasons for every client, by the champion'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default')
STORED AS PARQUET
LOCATION '${lake}/tables/predictions/empty';
