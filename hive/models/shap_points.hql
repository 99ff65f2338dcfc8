-- shap_points: one row per client and feature.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.shap_points (
  column_name  STRING COMMENT 'Feature',
  value        STRING COMMENT 'Its value for the client',
  level        DOUBLE COMMENT 'Rank of the value among the clients, 0 to 1; null for categories',
  contribution DOUBLE COMMENT 'SHAP value in log-odds: above 0 raises the probability'
)
COMMENT 'SHAP values of a sample of unseen clients'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/shap_points/empty';
