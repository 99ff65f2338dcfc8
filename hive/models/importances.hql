-- importances: one row per input column or derived feature.
-- Writer: models.train. See docs/models.md.
CREATE EXTERNAL TABLE IF NOT EXISTS ${db}.importances (
  column_name    STRING COMMENT 'Column of the table, or derived feature',
  permutation    DOUBLE COMMENT 'Loss of ROC-AUC on unseen rows if the column is shuffled; null for derived features, which follow their columns',
  permutation_sd DOUBLE COMMENT 'Standard deviation over the repeats',
  mean_abs_shap  DOUBLE COMMENT 'Mean absolute SHAP value of the XGBoost model, log-odds; null for a column used only through derived features'
)
COMMENT 'Importance of each column for the challenger'
PARTITIONED BY (use_case STRING COMMENT 'subscription or default', version STRING COMMENT 'Version of the registered model')
STORED AS PARQUET
LOCATION '${lake}/tables/importances/empty';
